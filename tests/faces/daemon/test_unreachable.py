"""A database server that does not answer is no wrong setting: exit 5, and systemd starts the daemon again."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.conftest import ROOT, Aftale

COMMANDS = (
    ("status",), ("tick",), ("doctor",), ("reckon",), ("verify",), ("check",), ("outbox", "list"), ("backup", "copy"),
    ("upgrade",), ("init",), ("daemon",), ("restore", "copy"),
)  # fmt: skip


@pytest.fixture
def dead(tmp_path: Path) -> str:
    """A URL at a port where nobody listens."""
    (tmp_path / "copy").write_bytes(b"x")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    return f"postgresql://nobody:hemmelig@127.0.0.1:{port}/aftale"


@pytest.mark.fault("F31")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_server_that_does_not_answer_is_exit_5(
    aftale: Aftale, dead: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    words = [
        str(tmp_path / "copy") if word == "copy" and command[0] == "restore" else word for word in command
    ]
    ran = aftale(*words, "--db", dead, code=5)
    said = ran.out + ran.err
    assert "Is the server running" in said
    assert "hemmelig" not in said


def test_moving_to_or_from_a_silent_server_is_exit_5(aftale: Aftale, dead: str, sqlite_url: str) -> None:
    assert "Is the server running" in aftale("move", "--to", dead, "--db", sqlite_url, code=5).err
    assert "Is the server running" in aftale("move", "--to", sqlite_url, "--db", dead, code=5).err


def test_a_database_that_does_not_exist_on_a_server_that_answers_is_a_wrong_setting(
    aftale: Aftale, empty_postgres_url: str
) -> None:
    wrong = make_url(empty_postgres_url).set(database="aftale_there_is_none").render_as_string(False)
    assert "createdb" in aftale("status", "--db", wrong, code=78).err


def test_systemd_gives_up_only_on_what_starting_again_does_not_mend() -> None:
    unit = (ROOT / "deploy" / "aftale.service").read_text(encoding="utf-8")
    assert re.findall(r"^RestartPreventExitStatus=(.*)$", unit, re.MULTILINE) == ["78"]
    assert "Restart=on-failure" in unit
