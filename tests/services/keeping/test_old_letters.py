"""Letters whose time is over lose their bytes and addresses; that they were sent is proved and told as before."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, or_, select, text, update
from sqlmodel import col

from tests.services.keeping import test_sealing
from tests.services.keeping.test_sealing import HOUR
from tests.services.lived import rules
from workflow.errors import NotPossible
from workflow.services.hands import steering
from workflow.services.keeping.oldletters import ON_THEIR_WAY, OPEN
from workflow.services.keeping.proved import prove_all
from workflow.services.keeping.proving import prove
from workflow.services.keeping.retention import Periods, forget_due, kept_said
from workflow.services.views.letters import letter_json, read_letter
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading, writing
from workflow.storage.tables import AgreementRow, Attempt, Notice

LATER = datetime(2030, 12, 31, 6, tzinfo=HOUR.tzinfo)  # 1826 days after the last one of the term 2022-2025


engine = test_sealing.engine


def no_duty_is_open(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("UPDATE deadline SET status = 'met' WHERE status IN ('upcoming', 'overdue')"))


def removed(engine: Engine, at: datetime = LATER) -> int:
    return forget_due(engine, Periods(), at).get("letters", 0)


def sent(engine: Engine) -> list[Notice]:
    with reading(engine) as session:
        found = session.scalars(
            select(Notice).where(col(Notice.accepted_at).is_not(None)).order_by(col(Notice.id))
        )
        return list(found)


def test_nothing_goes_before_its_time_or_while_a_duty_is_open(engine: Engine) -> None:
    with reading(engine) as session:
        rows = session.execute(text("SELECT status FROM deadline")).scalars().all()
    assert set(rows) & set(OPEN)
    assert removed(engine) == 0
    no_duty_is_open(engine)
    assert removed(engine, LATER - timedelta(days=1)) == 0
    assert all(one.body for one in sent(engine) if one.carried_by is None)


def test_what_proves_that_it_was_sent_stays_and_every_reader_is_told(engine: Engine, tmp_path: Path) -> None:
    no_duty_is_open(engine)
    before = sent(engine)
    findings = [(one.kind, one.key) for one in reckon(engine, rules(), HOUR)]
    assert removed(engine) >= len([one for one in before if one.carried_by is None]) > 3
    assert removed(engine, LATER + timedelta(days=1)) == 0, "once"
    for old, new in zip(before, sent(engine), strict=True):
        assert not new.body and not new.address
        for name in ("key", "recipient", "message_id", "digest", "subject", "state", "accepted_at", "due_on"):
            assert getattr(new, name) == getattr(old, name), name
    with reading(engine) as session:
        tried = session.scalars(select(Attempt).where(col(Attempt.outcome) == "accepted")).all()
    assert tried and not any(one.address or one.text for one in tried) and all(one.code for one in tried)
    assert prove_all(engine).broken == []
    assert [(one.kind, one.key) for one in reckon(engine, rules(), HOUR)] == findings
    letter = next(one for one in before if one.carried_by is None)
    shown = read_letter(engine, letter.id or 0)
    assert shown.removed_on == LATER.date() and shown.sent is None and shown.mail_bytes is None
    assert letter_json(engine, str(letter.id))["removed_on"] == "2030-12-31"
    files = prove(engine, str(letter.id))
    assert "brev.eml" not in files
    said = files["README.txt"].decode()
    assert (
        "fjernet den 2030-12-31 efter fristen" in said and letter.digest in said and "adresse fjernet" in said
    )
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    checked = subprocess.run(
        [sys.executable, "kontroller.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout.strip()) == (0, "alt passer")


@pytest.mark.parametrize("change", [{"subject": "x"}, {"body": b"x"}, {"accepted_at": HOUR}])
def test_what_is_left_is_sealed_too(engine: Engine, change: dict[str, object]) -> None:
    no_duty_is_open(engine)
    assert removed(engine)
    number = next(one.id for one in sent(engine) if one.carried_by is None)
    with writing(engine) as session:
        session.execute(update(Notice).where(col(Notice.id) == number).values(**change))
    assert any(f"what was left of letter {number} was changed" in bad.why for bad in prove_all(engine).broken)


def test_a_letter_that_was_tampered_with_stays_and_is_still_named(engine: Engine) -> None:
    no_duty_is_open(engine)
    number = next(one.id for one in sent(engine) if one.carried_by is None)
    with writing(engine) as session:
        session.execute(text(f"UPDATE notice SET subject = 'x' WHERE id = {number}"))
    assert removed(engine)
    assert next(one.body for one in sent(engine) if one.id == number)
    assert any(f"letter {number} was changed" in bad.why for bad in prove_all(engine).broken)


def test_a_mail_that_tells_of_an_agreement_whose_time_is_not_over_waits_for_it(engine: Engine) -> None:
    no_duty_is_open(engine)
    carrier = next(one for one in sent(engine) if one.carried_by is None)
    with writing(engine) as session:
        old = session.scalars(select(AgreementRow)).one()
        values = {**old.model_dump(exclude={"id"}), "label": "2028-2031", "term": "2026-2029"}
        other = session.execute(
            insert(AgreementRow).values(**values).returning(col(AgreementRow.id))
        ).scalar_one()
        row = {**carrier.model_dump(exclude={"id"}), "key": "another", "agreement_id": other, "body": None}
        session.execute(insert(Notice).values(**row | {"carried_by": carrier.id}))
        held = or_(func.length(col(Notice.body)) > 0, col(Notice.address) != "", col(Notice.answer) != "")
        here = (col(Notice.agreement_id) == old.id, col(Notice.state).not_in(ON_THEIR_WAY))
        most = session.scalar(select(func.count()).where(held, *here))
    assert removed(engine) == (most or 0) - 1
    assert next(one.body for one in sent(engine) if one.id == carrier.id)


def test_a_cancelled_letter_whose_text_is_gone_is_not_sent_empty(engine: Engine) -> None:
    no_duty_is_open(engine)
    number = next(one.id for one in sent(engine) if one.carried_by is None)
    with writing(engine) as session:
        session.execute(
            update(Notice).where(col(Notice.id) == number).values(state="cancelled", accepted_at=None)
        )
    assert removed(engine)
    with pytest.raises(NotPossible, match="ikke længere aktuelt"):
        steering.revive(engine, rules(), str(number), "Kirsten", LATER)


def test_readers_of_the_notice_are_told_of_the_period() -> None:
    said = dict(kept_said(Periods(letters=400)))
    assert "400 dage" in said["Brevenes tekst og de adresser, de gik til"]
