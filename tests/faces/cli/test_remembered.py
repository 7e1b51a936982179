"""A question takes the settings as they were found right last, while nothing they come from has changed."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Aftale
from workflow.faces.cli import quick


@pytest.fixture
def data(tmp_path: Path, clean_env: dict[str, str], demo_template: Path) -> Path:
    folder = Path(clean_env["AFTALE_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(demo_template, folder / "aftale.db")
    return folder


def remembered(data: Path) -> list[Path]:
    return sorted((data / "cache").glob("settings-*"))


def test_they_are_remembered_and_hold_no_secret(aftale: Aftale, data: Path) -> None:
    first = aftale("status", code=0, AFTALE_SMTP_PASSWORD="hemmelig")
    (kept,) = remembered(data)
    assert aftale("status", code=0, AFTALE_SMTP_PASSWORD="en anden").out == first.out
    assert remembered(data) == [kept]
    assert b"hemmelig" not in kept.read_bytes() and kept.stat().st_mode & 0o777 == 0o600
    assert sorted(json.loads(kept.read_bytes()[32:])) == ["calendars", "data_dir", "db"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AFTALE_PORT", "no port", "AFTALE_PORT"),
        ("AFTALE_PROT", "8025", "there is no such setting"),
        ("AFTALE_DB", "mysql://x/y", "AFTALE_DB"),
        ("AFTALE_CALENDARS", "/not/there", "/not/there"),
    ],
)
def test_a_wrong_setting_is_refused_though_right_ones_were_remembered(
    aftale: Aftale, data: Path, name: str, value: str, said: str
) -> None:
    aftale("status", code=0)
    ran = aftale("status", code=78, **{name: value})
    assert said in ran.err


def test_a_changed_file_is_read_again(aftale: Aftale, data: Path, clean_env: dict[str, str]) -> None:
    toml = Path(clean_env["HOME"]) / ".config" / "aftalefrist" / "aftale.toml"
    toml.parent.mkdir(parents=True)
    toml.write_text("port = 8026\n")
    aftale("deadlines", code=0)
    toml.write_text("prot = 8026\n")
    assert "there is no setting 'prot'" in aftale("deadlines", code=78).err
    toml.write_text(f'db = "sqlite:///{data / "other.db"}"\n')
    assert "there is no database here" in aftale("deadlines", code=78).err


def test_what_the_set_up_page_wrote_wrongly_is_refused(aftale: Aftale, data: Path) -> None:
    aftale("status", code=0)
    (data / "settings.toml").write_text("nonsense")
    assert "settings.toml" in aftale("status", code=78).err


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["--help"], ["status", "--help"], ["status", "a/b", "c"], ["why", "a/b"], ["status", "--watch"],
        ["status", ""], ["deadlines", "--as-of"], ["deadlines", "--as-of", "--json"],
        ["deadlines", "--as-of=2026-01-01"], ["record"], ["-q", "status"], ["status", "-v"], ["statsu"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_whatever_is_not_a_plain_question_is_left_to_typer(arguments: list[str]) -> None:
    assert not quick.answered(arguments)


@pytest.mark.parametrize(
    "asked",
    [
        ["status"], ["status", "--json"], ["status", "nordjylland/2024-2027"], ["deadlines", "--as-of", "1. juli 2025"],
        ["why", "nordjylland/2024-2027", "midterm-order", "--json"], ["why", "nordjylland/2024-2027", "none"],
        ["status", "none/none"], ["status", "none"], ["deadlines", "--as-of", "tomorrow"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_plain_question_is_answered_as_typer_would(aftale: Aftale, data: Path, asked: list[str]) -> None:
    plain = aftale(*asked)
    assert aftale(*asked) == plain
    # an option in another form is read by typer
    wordy = aftale(*asked[:1], f"--db=sqlite:///{data / 'aftale.db'}", *asked[1:])
    assert (wordy.code, wordy.out, wordy.err) == (plain.code, plain.out, plain.err)


def test_a_folder_that_others_may_write_in_is_not_believed(aftale: Aftale, data: Path) -> None:
    aftale("status", code=0)
    (kept,) = remembered(data)
    told = json.dumps({"data_dir": str(data), "db": "sqlite:////dev/null", "calendars": ""})
    kept.write_bytes(sha256(told.encode()).digest() + told.encode())
    (data / "cache").chmod(0o777)
    aftale("status", code=0)
