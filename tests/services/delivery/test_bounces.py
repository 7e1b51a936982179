"""Letters that come back: matched by what only we can make, the duty owed again, and nothing else believed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import Engine, func, select, update

from tests.mail.returned import dsn, out_of_office
from tests.post import add_contact, notice, notices, open_alarms
from tests.services.delivery import returning
from tests.services.delivery.returning import NEXT_DAY, count, failed, pending, reckoned, take
from tests.services.lived import RETURN, SECRET, hand_over, happen, live
from tests.smtp_server import ScriptedServer
from workflow.mail.verp import token, verp
from workflow.rules.facts import Fact
from workflow.services.delivery.bounces import Taken
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import Bounce, Contact, Notice

engine = returning.engine


@pytest.mark.fault("F26")
@pytest.mark.parametrize("by", ["verp", "envid"])
def test_a_letter_that_failed_is_returned_and_written_to_the_next_contact(engine: Engine, by: str) -> None:
    sent = pending(engine)
    with writing(engine) as session:
        add_contact(session, "0851", "borgmester@aalborg.example", priority=2)
    signed = token(sent.message_id, SECRET)
    raw = (
        dsn(verp(RETURN, sent.message_id, SECRET), recipient=sent.address)
        if by == "verp"
        else dsn("postmaster@nord.example", recipient=sent.address, envid=signed)
    )
    taken = take(engine, raw)
    assert (taken.kind, taken.notice_id) == ("failed", sent.id)
    assert "returneret: 5.1.1" in taken.alarm
    assert "Adressen bruges ikke mere" in taken.alarm
    assert "Det skrives nu til borgmester@aalborg.example." in taken.alarm
    after = notice(engine, sent.id or 0)
    assert (after.state, after.body) == ("bounced", sent.body), "the bytes stay as proof"
    assert open_alarms(engine)[f"address:{sent.address}"] == "alarm"
    with ScriptedServer() as server:
        hand_over(engine, server, NEXT_DAY)
    [letter] = server.letters
    assert letter.to == "borgmester@aalborg.example"
    again = notices(engine)[-1]
    assert (again.state, again.key) == ("accepted", sent.key.replace("|-14d|", "|-14d~retur1|"))
    told = message_from_bytes(letter.raw)
    assert told["Message-ID"] == again.message_id != sent.message_id
    assert '"days_left": 13' in again.facts, "counted from the day it was written again"
    assert reckoned(engine, NEXT_DAY + timedelta(hours=1)) == []


@pytest.mark.fault("F26")
def test_without_another_contact_the_duty_stays_owed_and_the_reckoner_says_so(engine: Engine) -> None:
    sent = pending(engine)
    taken = take(engine, failed(sent))
    assert "ikke på vej til nogen. Tilføj en nu på siden Kontakter" in taken.alarm
    with ScriptedServer() as server:
        hand_over(engine, server, NEXT_DAY)
        assert server.letters == []
        again = notices(engine)[-1]
        assert again.state == "planned"
        assert open_alarms(engine)["contact:0851/council"] == "alarm"
        assert [f.kind for f in reckoned(engine, NEXT_DAY + timedelta(hours=1))] == ["waiting"]
        with writing(engine) as session:
            add_contact(session, "0851", "ny@aalborg.example")
        hand_over(engine, server, NEXT_DAY + timedelta(hours=1))
    assert [letter.to for letter in server.letters] == ["ny@aalborg.example"]


@pytest.mark.fault("F26")
def test_the_same_report_twice_counts_once(engine: Engine) -> None:
    raw = failed(pending(engine))
    before = count(engine, Notice)
    assert [take(engine, raw).kind for _ in range(3)] == ["failed", "duplicate", "duplicate"]
    assert (count(engine, Notice), count(engine, Bounce)) == (before + 1, 1)


@pytest.mark.fault("F26")
def test_a_delay_is_told_and_changes_nothing(engine: Engine) -> None:
    sent = pending(engine)
    raw = dsn(verp(RETURN, sent.message_id, SECRET), action="delayed", status="4.4.1", said="smtp; 451 later")
    assert take(engine, raw).kind == "delayed"
    assert notice(engine, sent.id or 0).state == "accepted"
    assert open_alarms(engine)[f"notice:{sent.id}:delayed"] == "warning"


@pytest.mark.fault("F26")
def test_a_late_bounce_of_a_duty_since_fulfilled_is_not_written_again(engine: Engine) -> None:
    sent = pending(engine)
    happen(engine, Fact(0, "council-approved", date(2023, 6, 1), council="0851", by="test"))
    taken = take(engine, failed(sent), datetime(2023, 6, 5, 9, tzinfo=UTC))
    assert "sendes ikke igen" in taken.alarm
    assert [n.state for n in notices(engine) if "~retur" in n.key] == ["superseded"]


@pytest.mark.fault("F26")
def test_a_letter_a_person_confirmed_stays_confirmed(engine: Engine) -> None:
    sent = pending(engine)
    with writing(engine) as session:
        session.execute(update(Notice).where(Notice.id == sent.id).values(state="confirmed"))  # type: ignore[arg-type]
    before = count(engine, Notice)
    take(engine, failed(sent))
    assert (notice(engine, sent.id or 0).state, count(engine, Notice)) == ("confirmed", before)


@pytest.mark.fault("F27")
@pytest.mark.parametrize(
    ("case", "kind"),
    [
        ("no token, the right Message-ID", "unmatched"),
        ("a token of another secret", "forged"),
        ("a token of a letter that does not exist", "unmatched"),
        ("the bare Message-ID in the address", "unmatched"),
        ("out of office at another address", "unmatched"),
        ("our own letter", "unmatched"),
        ("a thank-you to another address", "unmatched"),
    ],
)
def test_what_nobody_but_a_stranger_could_have_made_is_ignored(engine: Engine, case: str, kind: str) -> None:
    sent = pending(engine)
    ours, left = sent.message_id, sent.message_id[1:33]
    raw = {
        "no token, the right Message-ID": dsn("frist@nord.example", message_id=ours, recipient=sent.address),
        "a token of another secret": dsn(verp(RETURN, ours, "other"), message_id=ours),
        "a token of a letter that does not exist": dsn(verp(RETURN, "<" + "0" * 32 + "@x>", SECRET)),
        "the bare Message-ID in the address": dsn(f"retur+{left}@nord.example", message_id=ours),
        "out of office at another address": out_of_office("frist@nord.example"),
        "our own letter": sent.body or b"",
        "a thank-you to another address": b"From: a@b.dk\nTo: frist@nord.example\nSubject: tak\n\nTak",
    }[case]
    before = {n.id: n.state for n in notices(engine)}
    assert take(engine, raw) == Taken(kind)
    assert {n.id: n.state for n in notices(engine)} == before
    assert open_alarms(engine) == {}
    assert count(engine, Bounce) == 0
    with reading(engine) as session:
        assert session.scalar(select(func.count()).where(Contact.refused_at.is_not(None))) == 0  # type: ignore[union-attr]


@pytest.mark.fault("F27")
def test_without_verp_the_message_id_and_the_address_must_both_fit(engine: Engine) -> None:
    sent, plain = pending(engine), "retur@nord.example"
    wrong = dsn(plain, message_id=sent.message_id, recipient="anden@kommune.example")
    assert take(engine, wrong, bounce=plain).kind == "unmatched"
    right = dsn(plain, message_id=sent.message_id, recipient=sent.address.capitalize())
    assert take(engine, right, bounce=plain).kind == "failed"


def test_the_envelope_carries_the_signed_address_and_asks_for_reports(sqlite_url: str) -> None:
    live(sqlite_url)
    engine = connect(sqlite_url)
    with writing(engine) as session:
        session.execute(update(Notice).where(Notice.attempts == 1).values(state="ready"))  # type: ignore[arg-type]
    with ScriptedServer(offers=("8BITMIME", "DSN")) as server:
        hand_over(engine, server, NEXT_DAY, limit=1)
    sent = next(n for n in notices(engine) if n.attempts == 2)
    [mail] = [line for line in server.heard if line.upper().startswith("MAIL")]
    assert verp(RETURN, sent.message_id, SECRET) in mail
    assert f"ENVID={token(sent.message_id, SECRET)}" in mail
    [rcpt] = [line for line in server.heard if line.upper().startswith("RCPT")]
    assert "NOTIFY=FAILURE,DELAY" in rcpt
    engine.dispose()


@pytest.mark.fault("F27")
def test_nothing_is_ever_answered(engine: Engine) -> None:
    """F27: no mail leaves for anything that came back."""
    with ScriptedServer() as server:
        for raw in (out_of_office("retur@nord.example"), dsn("x@y.dk"), b"hej"):
            take(engine, raw)
        hand_over(engine, server, NEXT_DAY)
        assert server.heard == []
