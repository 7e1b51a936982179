"""What a letter that was never sent leaves behind goes in its time, too: the address it was refused at, and the words
of the mail server."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select, text, update
from sqlmodel import col

from tests.post import attempts, notice, owe
from tests.services.keeping import test_sealing
from tests.services.keeping.test_old_letters import LATER, no_duty_is_open, removed, sent
from tests.services.keeping.test_sealing import HOUR
from tests.services.lived import hand_over, rules
from tests.smtp_server import ScriptedServer
from workflow.services.delivery.handling import cancel
from workflow.services.keeping.proved import prove_all
from workflow.services.keeping.proving import prove
from workflow.services.keeping.sealing import seal_new
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading, writing
from workflow.storage.tables import Attempt, Bounce, Notice

GONE = "550 5.1.1 <raad1@kommune.example> unknown"


engine = test_sealing.engine


def refused(engine: Engine) -> int:
    """The number of a letter that its only mailbox refused and that a person then cancelled; every duty is over."""
    [number] = owe(engine, due_at=HOUR)
    with ScriptedServer({"RCPT": lambda line: GONE if "raad1@" in line else None}) as server:
        hand_over(engine, server, HOUR)
    [tried] = attempts(engine, number)
    assert tried.address == notice(engine, number).address == "raad1@kommune.example"
    assert notice(engine, number).body is None and notice(engine, number).digest
    cancel(engine, [str(number)], "ringet i stedet", "Kirsten", HOUR + timedelta(hours=1))
    seal_new(engine, HOUR + timedelta(hours=1))
    no_duty_is_open(engine)
    return number


def test_the_address_a_letter_was_refused_at_goes_with_the_server_s_words(engine: Engine) -> None:
    number = refused(engine)
    findings = [(one.kind, one.key) for one in reckon(engine, rules(), HOUR)]
    assert removed(engine)
    left, [tried] = notice(engine, number), attempts(engine, number)
    assert (left.address, left.answer, tried.address, tried.text) == ("", "", "", "")
    assert (tried.code, tried.outcome, left.why, bool(left.digest)) == (
        550, "address_refused", "ringet i stedet (Kirsten)", True,
    )  # fmt: skip
    assert prove_all(engine).broken == []
    assert [(one.kind, one.key) for one in reckon(engine, rules(), HOUR)] == findings
    assert removed(engine, LATER + timedelta(days=1)) == 0, "once"
    with writing(engine) as session:
        session.execute(update(Notice).where(col(Notice.id) == number).values(address="x@kommune.example"))
    assert any(f"what was left of letter {number} was changed" in bad.why for bad in prove_all(engine).broken)
    assert removed(engine, LATER + timedelta(days=2)) == 0 and notice(engine, number).address


def test_no_word_and_no_address_of_a_mail_server_is_left_of_an_old_letter(engine: Engine) -> None:
    refused(engine)
    assert removed(engine)
    with reading(engine) as session:
        letters = session.scalars(select(Notice)).all()
        tries, returns = session.scalars(select(Attempt)).all(), session.scalars(select(Bounce)).all()
    over = {one.id for one in letters if one.state not in ("planned", "refused")}
    assert {one.state for one in letters} >= {"accepted", "bounced", "cancelled", "confirmed"}
    assert not any(one.address or one.answer for one in letters if one.id in over)
    assert not any(one.why for one in letters if one.state == "bounced")
    assert not any(one.address or one.text for one in tries if one.notice_id in over)
    assert returns and not any(one.address or one.text for one in returns)
    assert prove_all(engine).broken == []


def test_the_words_that_an_earlier_pass_left_go_with_the_next(engine: Engine) -> None:
    no_duty_is_open(engine)
    assert removed(engine)
    [number, *_] = [one.id for one in sent(engine)]
    with writing(engine) as session:
        session.execute(update(Notice).where(col(Notice.id) == number).values(answer="250 ok anne@k.example"))
    assert removed(engine, LATER + timedelta(days=1)) == 1
    assert notice(engine, number or 0).answer == "" and prove_all(engine).broken == []


def test_an_attempt_that_was_tampered_with_stays_and_is_not_counted_each_night(engine: Engine) -> None:
    number = refused(engine)
    with writing(engine) as session:
        session.execute(text(f"UPDATE attempt SET text = '250 ok' WHERE notice_id = {number}"))
    assert removed(engine)
    assert removed(engine, LATER + timedelta(days=1)) == 0
    assert attempts(engine, number)[0].address and not notice(engine, number).address
    assert any("attempt" in bad.why for bad in prove_all(engine).broken)


def test_the_proof_of_a_letter_that_was_never_sent_does_not_say_that_it_was(engine: Engine) -> None:
    number = refused(engine)
    assert removed(engine)
    said = prove(engine, str(number))["README.txt"].decode()
    assert "Brevet blev aldrig overgivet til en mailserver" in said and "adresse fjernet" in said
    assert "sendte" not in said and "som det blev sendt" not in said


def test_the_proof_lists_the_files_that_it_has(engine: Engine) -> None:
    no_duty_is_open(engine)
    number = next(one.id for one in sent(engine) if one.state == "bounced")
    before = prove(engine, str(number))
    assert "\n  brev.eml  " in before["README.txt"].decode() and before["returneret-1.eml"]
    assert removed(engine)
    files = prove(engine, str(number))
    said = files["README.txt"].decode()
    listed = said.partition("\nFilerne\n")[2].partition("\nSådan")[0]
    assert "brev.eml" not in listed and ".eml" not in "".join(files) and "sha256sum brev.eml" not in said
    assert "mailserverens egne ord" not in said and "ord er fjernet" in listed
    assert "hoering.json" not in listed
