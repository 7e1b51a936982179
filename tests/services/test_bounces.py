"""Letters that come back: matched by what only we can make, the duty owed again, and nothing else believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import Engine, func, select, update

from tests.mail.returned import dsn, in_words, out_of_office, wrapped
from tests.post import add_contact, notice, notices, open_alarms
from tests.services.lived import EVENING, RETURN, SECRET, hand_over, happen, live, rules
from tests.smtp_server import ScriptedServer
from workflow.mail.verp import token, verp
from workflow.rules.facts import Fact
from workflow.services import handling
from workflow.services.bounces import Taken, take_bounce
from workflow.services.heartbeat import beat
from workflow.services.proving import prove
from workflow.services.receipts import confirm
from workflow.services.reckoning import Finding, reckon
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import Alarm, Bounce, Contact, Notice

NEXT_DAY = EVENING + timedelta(hours=16)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    live(database_url)
    engine = connect(database_url)
    yield engine
    engine.dispose()


def take(engine: Engine, raw: bytes, at: datetime = NEXT_DAY, bounce: str = RETURN) -> Taken:
    return take_bounce(engine, rules(), raw, at, bounce=bounce, secret=SECRET)


def pending(engine: Engine) -> Notice:
    """A reminder to Aalborg that was handed over."""
    return next(n for n in notices(engine) if n.letter == "council-pending" and n.recipient == "0851/council")


def failed(sent: Notice, **more: str) -> bytes:
    """The report that a letter did not get through, with our own token."""
    return dsn(verp(RETURN, sent.message_id, SECRET), recipient=sent.address, **more)


def reckoned(engine: Engine, at: datetime) -> list[Finding]:
    beat(engine, at)
    return reckon(engine, rules(), at)


def struck_off(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Contact.email).where(Contact.refused_at.is_not(None))))  # type: ignore[union-attr, call-overload]


def count(engine: Engine, table: type) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


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
    assert open_alarms(engine)[f"notice:{sent.id}:bounced"] == "alarm"
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
    assert "ikke på vej til nogen. Tilføj en nu: aftale contacts import" in taken.alarm
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
        ("out of office", "auto-reply"),
        ("our own letter", "loop"),
        ("a thank-you", "other"),
    ],
)
def test_what_nobody_but_a_stranger_could_have_made_is_ignored(engine: Engine, case: str, kind: str) -> None:
    sent = pending(engine)
    ours, left = sent.message_id, sent.message_id[1:33]
    to = verp(RETURN, ours, SECRET)
    raw = {
        "no token, the right Message-ID": dsn("frist@nord.example", message_id=ours, recipient=sent.address),
        "a token of another secret": dsn(verp(RETURN, ours, "other"), message_id=ours),
        "a token of a letter that does not exist": dsn(verp(RETURN, "<" + "0" * 32 + "@x>", SECRET)),
        "the bare Message-ID in the address": dsn(f"retur+{left}@nord.example", message_id=ours),
        "out of office": out_of_office(to),
        "our own letter": sent.body or b"",
        "a thank-you": f"From: a@b.dk\nTo: {to}\nSubject: tak\n\nTak".encode(),
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
        session.execute(update(Notice).values(state="ready"))
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


@pytest.mark.fault("F26")
def test_the_envelope_id_is_believed_also_where_the_return_address_holds_no_token(engine: Engine) -> None:
    sent, plain = pending(engine), "retur@nord.example"
    forged = dsn(plain, recipient=sent.address, envid=token(sent.message_id, "other"))
    assert take(engine, forged, bounce=plain).notice_id is None
    ours = dsn(plain, recipient=sent.address, envid=token(sent.message_id, SECRET))
    assert take(engine, ours, bounce=plain) == Taken("failed", sent.id, alarm_of(engine, sent))


def alarm_of(engine: Engine, sent: Notice) -> str:
    with reading(engine) as session:
        return session.scalars(select(Alarm.text).where(Alarm.key == f"notice:{sent.id}:bounced")).one()  # type: ignore[call-overload, no-any-return]


@pytest.mark.fault("F26")
@pytest.mark.parametrize("form", ["in a gateway's mail", "in words"])
def test_a_bounce_of_another_form_is_not_dropped(engine: Engine, form: str) -> None:
    sent = pending(engine)
    to = verp(RETURN, sent.message_id, SECRET)
    if form == "in words":
        taken = take(engine, in_words(to))
        assert (taken.kind, taken.notice_id) == ("unread", sent.id)
        assert f"Læs den: aftale proof {sent.id}" in taken.alarm
        assert open_alarms(engine) == {f"notice:{sent.id}:unread": "alarm"}
        assert notice(engine, sent.id or 0).state == "accepted", "what nobody has read changes nothing"
        assert prove(engine, str(sent.id))["returneret-1.eml"] == in_words(to)
        assert take(engine, in_words(verp(RETURN, sent.message_id, "other"))).kind == "forged"
        confirm(engine, [str(sent.id)], "læst, den var til en anden", "anna", NEXT_DAY)
        assert open_alarms(engine) == {}, "a person has looked"
    else:
        assert take(engine, wrapped(failed(sent), to)).kind == "failed"
        assert notice(engine, sent.id or 0).state == "bounced"


@pytest.mark.fault("F26")
@pytest.mark.parametrize(
    ("status", "said"),
    [("5.2.2", "smtp; 550 5.2.2 mailbox full"), ("4.4.7", "smtp; 451 delivery time expired")],
)
def test_a_full_or_slow_mailbox_is_kept_and_written_to_again_hours_later(
    engine: Engine, status: str, said: str
) -> None:
    """Struck off is only what does not exist (delivery.md 4)."""
    sent = pending(engine)
    taken = take(engine, failed(sent, status=status, said=said))
    assert struck_off(engine) == []
    assert f"Det skrives igen om nogle timer til {sent.address}." in taken.alarm
    with ScriptedServer() as server:
        hand_over(engine, server, NEXT_DAY + timedelta(hours=3))
        assert server.letters == []
        hand_over(engine, server, NEXT_DAY + timedelta(hours=4, minutes=1))
    assert [letter.to for letter in server.letters] == [sent.address]


@pytest.mark.fault("F26")
def test_somebody_behind_a_shared_mailbox_who_is_gone_does_not_strike_it_off(engine: Engine) -> None:
    """Nobody knows whether others behind the mailbox got it, so a person decides; until then the duty is open."""
    sent = pending(engine)
    taken = take(engine, failed(sent, final="fratraadt@aalborg.example"))
    assert struck_off(engine) == []
    again = notices(engine)[-1]
    assert (again.state, "fratraadt@aalborg.example" in again.why) == ("held", True)
    assert f"aftale outbox release {again.id})" in taken.alarm
    assert [f.kind for f in reckoned(engine, NEXT_DAY + timedelta(hours=6))] == ["waiting"]
    handling.release(engine, [str(again.id)], NEXT_DAY)
    with ScriptedServer() as server:
        hand_over(engine, server, NEXT_DAY)
    assert [letter.to for letter in server.letters] == [sent.address]


@pytest.mark.fault("F26")
def test_the_alarm_names_the_other_mailbox_of_the_body_that_is_written_to(engine: Engine) -> None:
    with writing(engine) as session:
        add_contact(session, "0851", "sekretariat@aalborg.example", function="chair", priority=9)
    taken = take(engine, failed(pending(engine)))
    assert (
        "0851/council har ingen anden postkasse; det skrives nu til organets postkasse sekretariat@"
        in taken.alarm
    )


@pytest.mark.fault("F26")
def test_no_address_is_logged_as_information(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    sent = pending(engine)
    take(engine, failed(sent, said=f"smtp; 550 5.1.1 <{sent.address}> unknown"))
    informed = [one for one in caplog.records if one.levelname == "INFO" and one.name.startswith("aftale")]
    assert [one.__dict__["action"] for one in informed] == ["bounce.taken"]
    assert "@" not in informed[0].getMessage()


@pytest.mark.fault("F26")
def test_what_came_back_and_was_not_sent_again_is_counted_once(engine: Engine) -> None:
    take(engine, failed(pending(engine)))
    found = reckoned(engine, NEXT_DAY + timedelta(days=1))
    assert [(f.kind, f.key.split("|")[-2]) for f in found] == [("waiting", "-14d")]
