"""The stored projection is what the journal says, whatever happened, in whatever order it was typed in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from tests.story.living import danish, rules
from workflow.errors import Refused
from workflow.rules.facts import Fact
from workflow.rules.story import in_order
from workflow.rules.timeline import Deadline, fold
from workflow.services.due.dates import dated
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.planning.reminders import plan
from workflow.storage.database import connect, reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.deadlinerows import as_row
from workflow.storage.tables import DeadlineRow

KEY = "nordjylland/2024-2027"
OPENED, TODAY = date(2022, 10, 3), date(2026, 11, 21)
COUNCILS = [party.code for party in rules().parties("nordjylland", OPENED)]
FEW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAYS = st.integers(0, 1200).map(lambda n: OPENED + timedelta(days=n))


@st.composite
def happenings(draw: st.DrawFn) -> list[Fact]:
    """A course of events, much of it legal: a round's skeleton with its days, some things done twice or not."""
    day = draw(DAYS)
    facts = []

    def then(event: str, gap: int, **more: object) -> None:
        nonlocal day
        day += timedelta(days=draw(st.integers(0, gap)))
        facts.append(Fact(0, event, day, source="Brev", by="test", **more))  # type: ignore[arg-type]

    if draw(st.booleans()):
        then("deviation", 60, due=date(2024, 1, 1))
    for version in range(1, draw(st.integers(1, 3)) + 1):
        then("sent-for-approval", 60, version=version)
        for code in draw(st.permutations(COUNCILS))[: draw(st.sampled_from((2, 12, 12, 12)))]:
            then("council-approved", 5, version=version, council=code)
        then("submitted", 20, version=version)
        if draw(st.booleans()):
            then("received", 10, version=version)
        if draw(st.booleans()):
            then("sst-refused", 60, version=version, due=day + timedelta(days=150))
        else:
            then("sst-approved", 60, version=version)
    if draw(st.booleans()):
        then("effective", 30, due=day + timedelta(days=draw(st.integers(-60, 60))))
    if draw(st.booleans()):
        then("nominal-end", 30, due=date(2028, 1, 1))
        day += timedelta(days=1)  # of two learnt on one day the later typed holds, so they are kept apart
        then("nominal-end", 300, due=date(2027, 7, 1))
    for event in draw(
        st.lists(st.sampled_from(("midterm-sent", "annual-review-held", "final-sent")), max_size=4)
    ):
        then(event, 300)
    return facts


def _as_stored(deadlines: Sequence[Deadline], agreement_id: int | None) -> list[dict[str, object]]:
    return [as_row(agreement_id, deadline) for deadline in deadlines]


def _stored(session: Session, agreement_id: int | None) -> list[dict[str, object]]:
    rows = session.scalars(
        select(DeadlineRow).where(col(DeadlineRow.agreement_id) == agreement_id).order_by(col(DeadlineRow.id))
    )
    return [row.model_dump(exclude={"id"}) for row in rows]


@FEW
@given(facts=happenings(), voided=st.lists(st.integers(2, 40), max_size=2))
def test_the_stored_projection_equals_one_rebuilt_from_the_journal(
    sqlite_template: Path, facts: list[Fact], voided: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "aftale.db")
        engine = connect(f"sqlite:///{folder}/aftale.db")
        open_agreement(
            engine, rules(), Fact(0, "opened", OPENED), region="nordjylland", term="2022-2025", label="2024-2027",
            at=danish(OPENED, 9),
        )  # fmt: skip
        corrections = [Fact(0, "correction", TODAY, source="Fejl", by="test", corrects=no) for no in voided]
        for fact in [*facts, *corrections]:
            try:
                record(engine, rules(), KEY, fact, today=TODAY, at=danish(TODAY, 9))
            except Refused:
                continue  # a history is what was accepted; what is refused is the subject of test_refusals.py
        later = TODAY + timedelta(days=400)
        plan(engine, rules(), danish(later, 9))  # the calendar alone moves the projection too
        with reading(engine) as session:
            row = journal.find(session, KEY)
            rebuilt = projection.stand(rules(), row, journal.facts(session, row), row.projected_on)
            assert _stored(session, row.id) == _as_stored(dated(rebuilt, rules()), row.id)
            current = rebuilt.course.current
            assert row.version_state == (current.state if current else "draft")
            assert row.version == (current.number if current else None)
            assert row.period_state == rebuilt.course.period
            assert row.projected_on == later
            assert journal.verify(session, row) is None
            for kept in _stored(session, row.id):
                assert json.loads(str(kept["why"])), "every date explains itself"
        engine.dispose()


@settings(max_examples=60)
@given(facts=happenings(), dice=st.randoms(use_true_random=False))
def test_facts_typed_in_any_order_give_the_same_deadlines(facts: list[Fact], dice: object) -> None:
    """Facts are ordered by when they happened, so the order of typing moves no date and no status."""
    agreement = rules().agreement("nordjylland", "2024-2027", "2022-2025", OPENED)
    opened = Fact(1, "opened", OPENED)
    as_it_happened = _numbered([opened, *in_order(facts)])
    shuffled = list(facts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    typed = _numbered([opened, *shuffled])
    by_day = [_told(fold(agreement, found, rules().law, TODAY)) for found in (as_it_happened, typed)]
    assert by_day[0] == by_day[1]


def _numbered(facts: Sequence[Fact]) -> list[Fact]:
    return [
        Fact(no, f.event, f.on, f.version, f.council, f.due, f.source, f.by, f.corrects, f.on)
        for no, f in enumerate(facts, 1)
    ]


def _told(deadlines: Sequence[Deadline]) -> list[tuple[object, ...]]:
    return [(d.id, d.subject, d.legal_on, d.aim_on, d.original_on, d.met_on, d.status) for d in deadlines]
