"""The journal mailbox: a letter in doubt is looked for among the copies of what was sent before it goes again."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.post import AT, add_contact, attempts, notice, open_alarms, owe
from tests.services.conftest import Desk
from tests.smtp_server import DROP, ScriptedServer
from workflow.errors import Misconfigured
from workflow.mail.sending.maildir import count, kept
from workflow.storage.database import writing
from workflow.storage.tables import Contact, Notice

RELAYS = b"Return-Path: <x@nord.example>\nDelivered-To: journal@nord.example\nReceived: from a by b\n\twith ESMTP\n"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "journal" / part).mkdir(parents=True)
    return tmp_path / "journal"


def put(journal: Path, raw: bytes, at: datetime = AT, part: str = "new", name: str = "1.V1.relay") -> Path:
    """Store it as a mail server does: lines end with LF, the file is dated when it came."""
    path = journal / part / name
    path.write_bytes(raw.replace(b"\r\n", b"\n"))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def in_doubt(desk: Desk, server: ScriptedServer, journal: Path) -> tuple[int, bytes]:
    """A letter of which nobody knows whether it was taken: the line was lost after the final dot."""
    [one] = owe(desk.engine)
    server.script = {"DOT": [DROP]}
    assert desk.passes(server, journal=journal).uncertain == 1
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain) == ("ready", True)
    assert row.body is not None
    server.letters.clear()
    desk.later(minutes=1)
    return one, row.body


@pytest.mark.fault("F6")
def test_a_letter_found_in_the_journal_mailbox_is_accepted_and_no_second_copy_goes(
    desk: Desk, journal: Path
) -> None:
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, journal)
        put(journal, RELAYS + body, part="cur", name="1804150801.V1.relay:2,S")
        before = len(server.heard)
        assert desk.passes(server, journal=journal).accepted == 1
        assert len(server.heard) == before, "nothing was said to the mail server"
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, row.copies, row.accepted_at) == ("accepted", False, 0, desk.at)
    first, second = attempts(desk.engine, one)
    assert (first.outcome, second.outcome, second.verb, second.intent_at) == (
        "uncertain", "accepted", "JOURNAL", None,
    )  # fmt: skip
    for said in (row.answer, second.text):
        assert "cur/1804150801.V1.relay:2,S, lagt dér 2027-03-01 09:00:00 UTC" in said
        assert row.digest in said
    assert open_alarms(desk.engine) == {}


def test_what_a_mail_carries_is_accepted_with_it(desk: Desk, journal: Path) -> None:
    one, two = owe(desk.engine, 2)
    with writing(desk.engine) as session:
        session.execute(update(Contact).values(email="samme@kommune.example"))
    with ScriptedServer({"DOT": [DROP]}) as server:
        assert desk.passes(server, journal=journal).uncertain == 1
        rows = {row.state: row for row in (notice(desk.engine, one), notice(desk.engine, two))}
        carrier, carried = rows["ready"], rows["carried"]
        assert carried.uncertain
        put(journal, RELAYS + (carrier.body or b""))
        desk.later(minutes=1)
        assert desk.passes(server, journal=journal).accepted == 1
    for row in (notice(desk.engine, one), notice(desk.engine, two)):
        assert (row.state, row.uncertain) == ("accepted", False)


def resent(desk: Desk, server: ScriptedServer, journal: Path | None, one: int, body: bytes) -> None:
    """It goes again with the same bytes, flagged, as where there is no journal mailbox."""
    assert desk.passes(server, journal=journal).accepted == 1
    assert [letter.raw for letter in server.letters] == [body]
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, row.copies) == ("accepted", True, 1)


def test_a_letter_that_is_not_there_goes_again_flagged(desk: Desk, journal: Path) -> None:
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, journal)
        resent(desk, server, journal, one, body)


FORGED: list[tuple[str, Callable[[bytes], bytes]]] = [
    (
        "the Message-ID alone",
        lambda body: body.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + b"x" * len(body),
    ),
    ("one word more", lambda body: body + b"PS\r\n"),
    ("another recipient", lambda body: body.replace(b"To: ", b"To: x", 1)),
    ("quoted whole in another mail", lambda body: b"Subject: Fwd\r\n\r\n" + body),
    ("quoted under the same Message-ID", lambda body: _ids(body) + b"\r\n" + body),
    ("a second Message-ID above", lambda body: b"Message-ID: <other@x>\r\n" + body),
    ("glued to a header", lambda body: b"X-Note: " + body),
]


def _ids(body: bytes) -> bytes:
    return next(line for line in body.splitlines(keepends=True) if line.lower().startswith(b"message-id"))


@pytest.mark.fault("F6")
@pytest.mark.parametrize("forge", [forge for _, forge in FORGED], ids=[name for name, _ in FORGED])
def test_only_the_whole_letter_proves_it(desk: Desk, journal: Path, forge: Callable[[bytes], bytes]) -> None:
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, journal)
        assert forge(body) != body
        put(journal, forge(body))
        resent(desk, server, journal, one, body)


def test_nothing_is_looked_up_for_a_letter_that_is_not_in_doubt(desk: Desk, tmp_path: Path) -> None:
    owe(desk.engine)
    with ScriptedServer({"RCPT": ["451 4.7.1 later"]}) as server:
        desk.passes(server, journal=tmp_path / "missing")
        desk.later(minutes=1)
        assert desk.passes(server, journal=tmp_path / "missing").accepted == 1
    assert open_alarms(desk.engine) == {}


def test_a_mailbox_that_cannot_be_read_is_an_alarm_and_holds_no_letter(desk: Desk, tmp_path: Path) -> None:
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, tmp_path / "missing")
        resent(desk, server, tmp_path / "missing", one, body)
        assert open_alarms(desk.engine) == {"journal:unreadable": "alarm"}


def test_the_alarm_is_over_as_soon_as_the_mailbox_can_be_read(desk: Desk, journal: Path) -> None:
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, journal)
        server.script = {"DOT": [DROP]}
        assert "kan ikke læses" in desk.passes(server, journal=journal.with_name("missing")).alarms[0]
        desk.later(minutes=5)
        put(journal, RELAYS + body)
        assert desk.passes(server, journal=journal).accepted == 1
    row = notice(desk.engine, one)
    assert (row.uncertain, row.copies) == (True, 1), "one copy was found, another may exist"
    assert open_alarms(desk.engine) == {}


def test_a_copy_for_the_address_before_is_no_proof_for_the_next_one(desk: Desk, journal: Path) -> None:
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, journal)
        with writing(desk.engine) as session:
            add_contact(session, "0001", "sekretariat1@kommune.example", priority=2)
        server.script = {"RCPT": ["550 5.1.1 unknown"]}
        assert desk.passes(server, journal=journal, limit=1).refused == 1
        put(journal, RELAYS + body)
        assert desk.passes(server, journal=journal).accepted == 1
    assert [letter.to for letter in server.letters] == ["sekretariat1@kommune.example"]
    assert notice(desk.engine, one).address == "sekretariat1@kommune.example"


def test_what_is_found_says_nothing_of_the_road_to_the_mail_server(desk: Desk, journal: Path) -> None:
    """It neither clears the channel's alarm nor closes the breaker."""
    with ScriptedServer() as server:
        one, body = in_doubt(desk, server, journal)
        owe(desk.engine, 4, first=2)  # with the one that broke off that makes five
        server.script = {"EHLO": ["530 5.7.0 not now"] * 20}
        with writing(desk.engine) as session:
            session.get_one(Notice, one).next_at = desk.at + timedelta(seconds=30)
        desk.passes(server)
        assert open_alarms(desk.engine)["mail:fault"] == "alarm"
        put(journal, RELAYS + body)
        desk.later(minutes=5)
        knocked = server.connections
        assert desk.passes(server, journal=journal, limit=1).accepted == 1
        assert (server.connections, open_alarms(desk.engine)["mail:fault"]) == (knocked, "alarm")
        desk.passes(server, journal=journal)
        assert server.connections == knocked + 1, "still one probe, no more"


def test_only_files_of_the_right_age_and_size_are_opened(journal: Path) -> None:
    letter = b"Message-ID: <1@x>\r\n\r\nhej\r\n"
    put(journal, letter, AT.replace(hour=7), name="old")
    put(journal, b"X-Long: x\n" * 10_000 + letter, name="large")
    (journal / "new" / "folder").mkdir()
    os.utime(journal / "new" / "folder", (AT.timestamp(), AT.timestamp()))
    assert kept(journal, "<1@x>", letter, AT) is None
    assert count(journal) == 3
    path = put(journal, letter, AT.replace(hour=8, minute=30), part="cur")
    assert kept(journal, "<1@x>", letter, AT) == (path, AT.replace(hour=8, minute=30)), "clocks differ"


def test_no_maildir_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        kept(tmp_path, "<1@x>", b"x", AT)
    with pytest.raises(Misconfigured, match="cannot be read"):
        count(tmp_path)
