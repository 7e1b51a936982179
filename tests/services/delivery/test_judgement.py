"""One judgement for what a mail server says at the door and for what comes back.

The mails in tests/mail/returns and the answers in tests/mail/cases were made after public reports; no real person or
mailbox is in them. ``@@TO@@`` stands for the letter's signed return address, ``@@ADDR@@`` for the mailbox it went to.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.mail.returned import dsn
from tests.post import add_contact, attempts, notice, notices, open_alarms, owe
from tests.services.conftest import Desk
from tests.services.delivery import returning
from tests.services.delivery.returning import NEXT_DAY, failed, pending, struck_off, take
from tests.services.lived import RETURN, SECRET, hand_over
from tests.smtp_server import DROP, ScriptedServer
from workflow.mail.answers import CLASSES, classify
from workflow.mail.returns.reports import read
from workflow.mail.verp import verp
from workflow.services.delivery import handling
from workflow.storage.database import reading, writing
from workflow.storage.letters.worn import first_key
from workflow.storage.tables import Bounce, Contact, Notice

engine_lived = returning.engine
FOLDER = Path(__file__).parents[2] / "mail"
ANSWERS = [
    tuple(line.split("\t")) for line in (FOLDER / "cases" / "answers.tsv").read_text().splitlines()[1:]
]
NOBODY: list[str] = []

# what is kept of it, whether the mailbox is struck off, whether the letter is owed again, and how many alarms
RETURNS = {
    "b01-delivery-status-empty": ("failed", True, True, 1),
    "b03-one-field-group": ("failed", True, True, 1),
    "b05-postfix-pipe-null-sender": ("failed", True, True, 1),
    "b06-own-spf-5.1.0": ("failed", False, True, 1),
    "b08-rate-5.2.1": ("failed", False, True, 1),
    "b09-full-under-5.1.1": ("failed", False, True, 1),
    "b11-too-many-5.1.1": ("failed", False, True, 1),
    "b13-virus-550": ("failed", False, True, 1),
    "b14-mimecast-envelope": ("failed", False, True, 1),
    "b16-m365-unknown-5.4.1": ("failed", True, True, 1),
    "b17-group-5.7.133": ("failed", False, True, 1),
    "b18-null-mx-5.1.10": ("failed", True, True, 1),
    "b21-autoreply-mailbox-closed": ("closed", False, False, 1),
    "b30-out-of-office": ("auto-reply", False, False, 0),
    "b31-read-receipt": ("receipt", False, False, 0),
    "b33-delayed-warning": ("delayed", False, False, 1),
    "b36-forwarded-elsewhere": ("failed", False, True, 1),
    "b38-mailbox-full": ("failed", False, True, 1),
    "c01-exim-unroutable": ("failed", True, True, 1),
    "c02-exchange-html": ("failed", True, True, 1),
    "c03-expired-after-days": ("failed", False, True, 1),
    "c04-dmarc-as-5.1.1": ("failed", False, True, 1),
    "c05-blocklist-in-words": ("failed", False, True, 1),
    "c06-a-person-answers": ("answer", False, False, 1),
    "c07-nothing-but-a-subject": ("unread", False, False, 1),
    "c08-danish-words": ("failed", True, True, 1),
    "c09-full-in-words": ("failed", False, True, 1),
    "c10-still-trying": ("delayed", False, False, 1),
    "c11-suspended": ("failed", True, True, 1),
    "c12-token-only-in-the-copy": ("failed", True, True, 1),
    "c13-our-dns-as-mailbox-unavailable": ("failed", False, True, 1),
    "c14-a-filter-asks-who-writes": ("challenge", False, False, 1),
    "c15-a-person-passes-a-report-on": ("answer", False, False, 1),
    "c16-a-person-called-postmaster": ("answer", False, False, 1),
    "c17-our-own-address-is-unknown": ("failed", False, True, 1),
    "c18-closed-telephones": ("auto-reply", False, False, 0),
    "c19-german-out-of-office": ("auto-reply", False, False, 0),
    "c20-a-person-under-a-servers-subject": ("answer", False, False, 1),
    "c21-mailbox-closed-with-telephone": ("closed", False, False, 1),
    "c22-danish-words-quoted-printable": ("failed", True, True, 1),
    "c23-exim-still-trying": ("delayed", False, False, 1),
}


def returned(name: str, sent: Notice) -> bytes:
    raw = (FOLDER / "returns" / f"{name}.eml").read_bytes()
    to = verp(RETURN, sent.message_id, SECRET)
    for mark, value in (("@@TO@@", to), ("@@ADDR@@", sent.address), ("@@MID@@", sent.message_id)):
        raw = raw.replace(mark.encode(), value.encode())
    return raw


@pytest.mark.parametrize(("code", "text", "right"), ANSWERS, ids=[" ".join(one[:2])[:60] for one in ANSWERS])
def test_an_answer_means_the_same_at_the_door_and_in_a_report(code: str, text: str, right: str) -> None:
    assert right in CLASSES
    assert classify(int(code), text, False, "RCPT").about == right or int(code) in (452, 530)
    assert read(dsn("x@y.dk", status="5.0.0", said=f"smtp; {code} {text}"), RETURN).about == right


@pytest.mark.fault("F80")
def test_every_mail_that_was_kept_has_a_right_value() -> None:
    assert sorted(RETURNS) == sorted(path.stem for path in (FOLDER / "returns").glob("*.eml"))


@pytest.mark.fault("F80")
@pytest.mark.parametrize("name", RETURNS)
def test_a_return_with_our_signature_is_read_or_kept_for_a_person(engine_lived: Engine, name: str) -> None:
    sent, right = pending(engine_lived), RETURNS[name]
    before = len(notices(engine_lived))
    taken = take(engine_lived, returned(name, sent))
    assert (taken.kind, taken.notice_id) == (right[0], sent.id)
    again = len(notices(engine_lived)) - before
    assert (taken.kind, bool(struck_off(engine_lived)), bool(again), len(open_alarms(engine_lived))) == right
    with reading(engine_lived) as session:
        [kept] = session.scalars(select(Bounce))
    assert (kept.notice_id, kept.kind, kept.raw) == (sent.id, right[0], returned(name, sent))
    assert take(engine_lived, returned(name, sent)).kind == "duplicate"


@pytest.mark.fault("F79")
def test_a_mail_nested_three_thousand_deep_is_kept_at_its_letter(engine_lived: Engine) -> None:
    sent = pending(engine_lived)
    deep = f"Return-Path: <>\nTo: {verp(RETURN, sent.message_id, SECRET)}\nMIME-Version: 1.0\n".encode()
    deep += b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number) for number in range(3000)
    )
    assert (taken := take(engine_lived, deep)).kind in ("unread", "answer")
    assert taken.notice_id == sent.id


def test_a_dead_mailbox_is_one_alarm_for_all_the_letters_that_come_back_from_it(engine_lived: Engine) -> None:
    sent = pending(engine_lived)
    take(engine_lived, returned("b16-m365-unknown-5.4.1", sent))
    other = next(n for n in notices(engine_lived) if n.address == sent.address and n.state == "accepted")
    take(engine_lived, returned("b16-m365-unknown-5.4.1", other))
    assert open_alarms(engine_lived) == {f"address:{sent.address}": "alarm"}


@pytest.mark.fault("F26")
def test_a_full_mailbox_is_asked_five_times_in_three_days_and_then_the_next_one_is_written_to(
    engine_lived: Engine,
) -> None:
    sent, at = pending(engine_lived), NEXT_DAY
    with writing(engine_lived) as session:
        add_contact(session, "0851", "borgmester@aalborg.example", priority=2)
    to = [sent.address]
    with ScriptedServer() as server:
        for _ in range(5):
            last = next(
                n for n in notices(engine_lived) if first_key(n.key) == sent.key and n.state == "accepted"
            )
            take(engine_lived, failed(last, status="5.2.2", said="smtp; 552 5.2.2 mailbox full"), at)
            heard = len(server.letters)
            while len(server.letters) == heard:
                at += timedelta(hours=4)
                hand_over(engine_lived, server, at, quiet=range(0))
            to.append(server.letters[-1].to)
    assert to == [sent.address] * 5 + ["borgmester@aalborg.example"]
    assert at - NEXT_DAY <= timedelta(days=4), "a reminder waits for the day's mail besides"
    assert struck_off(engine_lived) == NOBODY
    assert [key for key in open_alarms(engine_lived) if key.startswith("full:")] == []
    assert open_alarms(engine_lived)[f"address:{sent.address}:given-up"] == "alarm"


@pytest.mark.fault("F77")
@pytest.mark.parametrize(
    "said",
    ["550 relay not permitted", "550 go away", "550 5.1.1 User unknown", "554 5.7.1 client host blocked"],
)
def test_a_relay_that_refuses_everybody_strikes_nobody_off_and_is_one_alarm(desk: Desk, said: str) -> None:
    owe(desk.engine, 63)
    with ScriptedServer({"RCPT": said}) as server:
        report = desk.passes(server)
        assert report.accepted == 0
        assert server.verbs().count("RCPT") <= 3
        assert len(report.alarms) == 1
        assert len(open_alarms(desk.engine)) == 1
        assert all(key.startswith("channel:") for key in open_alarms(desk.engine))
        assert refused(desk.engine) == NOBODY
        server.script.clear()
        desk.later(minutes=5)
        assert desk.passes(server).accepted == 63
    assert sorted(letter.to for letter in server.letters) == sorted(n.address for n in notices(desk.engine))
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F15")
def test_5_4_1_leads_to_the_second_mailbox_within_three_tries_and_is_one_alarm(desk: Desk) -> None:
    owe(desk.engine, 5)
    with writing(desk.engine) as session:
        add_contact(session, "0001", "anden@kommune.example", priority=2)

    def answer(line: str) -> str | None:
        return (
            "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)" if "raad1@" in line else None
        )

    with ScriptedServer({"RCPT": answer}) as server:
        for _ in range(3):
            desk.passes(server)
            desk.later(minutes=5)
        assert sum("raad1@" in line for line in server.heard if line.startswith("RCPT")) <= 3
    to = {letter.to for letter in server.letters}
    assert to == {"anden@kommune.example", *(f"raad{number}@kommune.example" for number in range(2, 6))}
    assert len(open_alarms(desk.engine)) == 1


@pytest.mark.fault("F77")
def test_a_sender_that_is_refused_rests_the_channel_at_the_first_letter(desk: Desk) -> None:
    owe(desk.engine, 9)
    with ScriptedServer({"MAIL": "550 5.7.1 sender refused"}) as server:
        assert desk.passes(server).deferred == 1
        assert desk.passes(server).deferred == 0
        assert open_alarms(desk.engine) == {"channel:sender": "alarm"}
        server.script.clear()
        desk.later(minutes=5)
        assert desk.passes(server).accepted == 9
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F77")
def test_three_dead_mailboxes_in_a_row_are_struck_off_once_others_have_got_through(desk: Desk) -> None:
    owe(desk.engine, 6)
    dead = {f"raad{number}@kommune.example" for number in (1, 2, 3)}

    def answer(line: str) -> str | None:
        return "550 5.1.1 User unknown" if any(one in line for one in dead) else None

    with ScriptedServer({"RCPT": answer}) as server:
        desk.passes(server)
        assert refused(desk.engine) == NOBODY
        for _ in range(3):
            desk.later(minutes=5)
            desk.passes(server)
    assert set(refused(desk.engine)) == dead
    assert {letter.to for letter in server.letters} == {
        f"raad{number}@kommune.example" for number in (4, 5, 6)
    }


def test_one_recipient_who_blocks_our_sender_stops_nobody_else_and_is_asked_a_bounded_time(
    desk: Desk,
) -> None:
    [one, *_] = owe(desk.engine, 4)
    with writing(desk.engine) as session:
        add_contact(session, "0001", "andet@nabo.example", priority=2)

    def answer(line: str) -> str | None:
        return "550 Sender verify failed" if "raad1@" in line else None

    with ScriptedServer({"RCPT": answer}) as server:
        for _ in range(30):
            desk.passes(server, quiet=range(0))
            desk.later(hours=4)
    assert notice(desk.engine, one).address == "andet@nabo.example"
    assert len(server.letters) == 4
    assert len([a for a in attempts(desk.engine, one) if a.address == "raad1@kommune.example"]) <= 20
    assert refused(desk.engine) == NOBODY


def test_no_such_user_said_of_an_address_we_did_not_write_to_strikes_nobody_off(desk: Desk) -> None:
    [one, *_] = owe(desk.engine, 3)

    def answer(line: str) -> str | None:
        return "550 5.1.1 <frist@nord.example>: User unknown" if "raad1@" in line else None

    with ScriptedServer({"RCPT": answer}) as server:
        assert desk.passes(server).accepted == 2
        assert refused(desk.engine) == NOBODY
        [key] = open_alarms(desk.engine)
        assert key.startswith("refusal:unknown:")
        server.script.clear()
        desk.later(hours=5)
        assert desk.passes(server, quiet=range(0)).accepted == 1
    assert notice(desk.engine, one).address == "raad1@kommune.example"
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F26")
def test_a_full_mailbox_at_the_door_with_no_other_waits_for_a_person(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"RCPT": "552 5.2.2 over quota"}) as server:
        for _ in range(60):
            desk.passes(server, quiet=range(0))
            desk.later(hours=4)
        assert len(attempts(desk.engine, one)) == 5
        assert refused(desk.engine) == NOBODY
        assert set(open_alarms(desk.engine)) >= {
            "contact:0001/council",
            "address:raad1@kommune.example:given-up",
        }
        server.script.clear()
        handling.retry(desk.engine, [str(one)], desk.at)
        assert desk.passes(server, quiet=range(0)).accepted == 1


@pytest.mark.fault("F78")
def test_a_letter_in_doubt_five_times_asks_a_person(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"DOT": DROP}) as server:
        for _ in range(100):
            desk.passes(server)
            desk.later(minutes=37)
        assert len(server.letters) == 5
        row = notice(desk.engine, one)
        assert (row.state, row.uncertain) == ("held", True)
        assert open_alarms(desk.engine)[f"notice:{one}:doubt"] == "person"
        server.script.clear()
        handling.release(desk.engine, [str(one)], desk.at)
        assert desk.passes(server).accepted == 1
    assert len({letter.raw for letter in server.letters}) == 1


def refused(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return sorted(session.scalars(select(Contact.email).where(Contact.refused_at.is_not(None))))  # type: ignore[union-attr, call-overload]
