"""What comes back, and what a relay refuses, by the commands an operator runs; each in a process of its own."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Aftale
from tests.faces.cli.test_outbox_cli import data, lived
from tests.mail.returned import dsn
from tests.services.delivery.test_judgement import RETURNS
from tests.services.lived import RETURN, SECRET
from tests.smtp_server import ScriptedServer
from workflow.mail.verp import verp

FOLDER = Path(__file__).parents[2] / "mail" / "returns"
__all__ = ["data", "lived"]
SOME = ("b01-delivery-status-empty", "b06-own-spf-5.1.0", "b36-forwarded-elsewhere", "c06-a-person-answers")


def sent(data: Path) -> sqlite3.Row:
    with closing(sqlite3.connect(data / "aftale.db")) as opened:
        opened.row_factory = sqlite3.Row
        found: sqlite3.Row = opened.execute(
            "SELECT * FROM notice WHERE letter = 'council-pending' AND recipient = '0851/council'"
        ).fetchone()
    return found


def struck(aftale: Aftale) -> list[str]:
    contacts: list[dict[str, Any]] = aftale("contacts", "list", "--json", code=0).json()
    return [one["email"] for one in contacts if one["refused_at"]]


@pytest.mark.fault("F80")
def test_every_return_with_our_signature_is_told_shown_at_the_letter_and_judged(
    aftale: Aftale, data: Path, lived: Path
) -> None:
    letter = sent(data)
    to = verp(RETURN, letter["message_id"], SECRET)
    for (
        name
    ) in SOME:  # every mail is judged in tests/services/delivery/test_judgement.py; here it is the way in
        shutil.copy(lived, data / "aftale.db")
        raw = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
        for mark, value in (
            ("@@TO@@", to),
            ("@@ADDR@@", letter["address"]),
            ("@@MID@@", letter["message_id"]),
        ):
            raw = raw.replace(mark, value)
        kind, is_struck, _again, alarms = RETURNS[name]
        assert f"{kind}: brev {letter['id']}" in aftale("bounce", code=0, input=raw, AFTALE_BOUNCE=RETURN).err
        assert bool(struck(aftale)) == is_struck, name
        assert len(aftale("alarm", "list", "--json", code=0).json()) == alarms, name
        [shown] = aftale("notices", str(letter["id"]), "--json", code=0).json()["returned"]
        assert shown["kind"] == kind


def test_addresses_struck_off_by_mistake_are_all_restored_for_their_day_in_one_act(
    aftale: Aftale, data: Path
) -> None:
    letter = sent(data)
    gone = dsn(verp(RETURN, letter["message_id"], SECRET), recipient=letter["address"])
    aftale("bounce", code=0, input=gone.decode(), AFTALE_BOUNCE=RETURN)
    assert struck(aftale) == [letter["address"]]
    assert f"restore {letter['address']}" in aftale("alarm", "list", code=0).out.replace("\n", " ")
    assert "nævn adresser" in aftale("contacts", "restore", code=2).err
    assert (
        "ingen adresse blev afvist onsdag den 1. januar 2020"
        in aftale("contacts", "restore", "--on", "2020-01-01", code=3).err
    )
    with closing(sqlite3.connect(data / "aftale.db")) as opened, opened:
        opened.execute("UPDATE contact SET refused_at = '2027-03-01 22:59:59' WHERE refused_at IS NOT NULL")
    assert (
        f"bruges igen: {letter['address']}" in aftale("contacts", "restore", "--on", "2027-03-01", code=0).err
    )
    assert struck(aftale) == []
    assert aftale("alarm", "list", "--json", code=0).json() == []


@pytest.mark.fault("F77")
def test_a_relay_that_refuses_everybody_is_one_alarm_and_a_tick_after_the_cure_sends_all(
    aftale: Aftale, data: Path
) -> None:
    aftale("contacts", "list", code=0)
    with closing(sqlite3.connect(data / "aftale.db")) as opened, opened:
        opened.execute(
            "UPDATE notice SET state = 'ready', outcome = '', accepted_at = NULL WHERE body IS NOT NULL"
        )
        opened.execute("DELETE FROM attempt")
    with ScriptedServer({"RCPT": "550 relay not permitted"}) as server:
        relay = {
            "AFTALE_SMTP_HOST": "127.0.0.1",
            "AFTALE_SMTP_PORT": str(server.port),
            "AFTALE_SENDER": "frist@nord.example",
        }
        aftale("tick", "--at", "2023-05-31T12:00", **relay)
        [alarm] = aftale("alarm", "list", "--json", code=0).json()
        assert "550 relay not permitted" in alarm["text"]
        assert struck(aftale) == []
        server.script.clear()
        done = json.loads(aftale("tick", "--at", "2023-05-31T12:01", "--json", code=0, **relay).out)
    assert (done["waiting"], len(done["sent"]) > 20) == (0, True)
    with closing(sqlite3.connect(data / "aftale.db")) as opened:
        assert opened.execute("SELECT count(*) FROM notice WHERE state = 'ready'").fetchone() == (0,)
    assert aftale("alarm", "list", "--json", code=0).json() == []


def test_a_trial_mail_goes_by_the_letters_road_and_its_return_is_judged(
    aftale: Aftale, data: Path, tmp_path: Path
) -> None:
    maildir = tmp_path / "retur"
    for part in ("new", "cur", "tmp"):
        (maildir / part).mkdir(parents=True)

    def comes_back(line: str) -> None:
        to = line[line.index("<") + 1 : line.index(">")]
        (maildir / "cur" / "1:2,S").write_bytes(dsn(to, recipient="byraad@aalborg.example"))

    with ScriptedServer({"MAIL": [comes_back], "RCPT": [None, None, "550 relay not permitted"]}) as server:
        road = {"AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(server.port),
                "AFTALE_SENDER": "frist@nord.example", "AFTALE_BOUNCE": RETURN,
                "AFTALE_BOUNCE_MAILDIR": str(maildir)}  # fmt: skip
        back = aftale("contacts", "test", "byraad@aalborg.example", code=1, **road).err
        assert "er overgivet" in back and "den kom retur (failed gone): 5.1.1" in back
        assert "intet kom retur" in aftale("contacts", "test", "851", "--wait", "1", code=0, **road).err
        assert "ikke taget imod" in aftale("contacts", "test", "851", "--wait", "1", code=1, **road).err
    assert server.letters[0].to == "byraad@aalborg.example"
    assert b"Auto-Submitted: auto-generated" in server.letters[0].raw
    assert "hverken en adresse" in aftale("contacts", "test", "aalborg", code=2).err
