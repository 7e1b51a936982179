"""What is kept of one fold for the next is what would be worked out anew, and there is never more of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlmodel import col

from tests.story.living import danish, rules
from tests.story.test_projection import COUNCILS, KEY, OPENED, TODAY, happenings
from workflow.rules.agreement import Agreement
from workflow.rules.anchors import revisions
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline, fold
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.planning.reminders import plan
from workflow.storage.database import connect, reading
from workflow.storage.facts import journal, projection
from workflow.storage.tables import DeadlineRow

OPENING = Fact(1, "opened", OPENED, source="Brev", by="test", known_on=OPENED)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


def agreement(as_of: date, label: str = "2024-2027") -> Agreement:
    book = rules()
    found = book.agreement("nordjylland", label, "2022-2025", as_of)
    return replace(found, regime=book.law.known(found.regime, as_of))


def forget() -> None:
    for kept in (revisions._walk, revisions._dates):
        kept.cache_clear()


def folded(facts: Sequence[Fact], as_of: date, ended: date | None = None) -> list[Deadline]:
    return fold(agreement(as_of), facts, rules().law, as_of, ended)


@st.composite
def journals(draw: st.DrawFn) -> list[tuple[list[Fact], date, date | None]]:
    """One journal after another: some facts more, some struck out, another that shares their beginning, on any day."""
    typed = [OPENING]
    for fact in draw(st.permutations(draw(happenings()))):
        typed.append(replace(fact, no=len(typed) + 1, known_on=fact.on))
        if draw(st.integers(0, 9)) == 0:
            struck = draw(st.integers(1, len(typed)))
            typed.append(Fact(len(typed) + 1, "correction", fact.on, corrects=struck, known_on=fact.on))
    asked = []
    for _ in range(draw(st.integers(2, 6))):
        upto = draw(st.integers(1, len(typed)))
        facts = typed[:upto]
        if draw(st.booleans()):
            facts = [*facts, Fact(upto + 1, "effective", OPENED, due=date(2024, 3, 1), known_on=OPENED)]
        ended = draw(st.sampled_from((None, None, date(2026, 3, 1))))
        asked.append((facts, OPENED + timedelta(days=draw(st.integers(0, 2200))), ended))
    return asked


@settings(max_examples=60, deadline=None)
@given(asked=journals())
def test_a_history_that_is_walked_on_is_the_one_walked_anew(
    asked: list[tuple[list[Fact], date, date | None]],
) -> None:
    forget()
    walked_on = [folded(*one) for one in (*asked, *reversed(asked))]
    for one, found in zip((*asked, *reversed(asked)), walked_on, strict=True):
        forget()
        assert found == folded(*one)


def test_what_is_kept_does_not_grow_with_the_years() -> None:
    forget()
    for number in range(revisions.MOST):
        for year in range(2023, 2030):
            as_of = date(year, 6, 1)
            fold(agreement(as_of, str(number)), [OPENING], rules().law, as_of)
    assert revisions._walk.cache_info().currsize == revisions.MOST
    assert revisions._dates.cache_info().currsize == revisions.MOST


def test_one_morning_is_folded_once_and_the_next_anew(engine: Engine) -> None:
    opened(engine)
    sent = Fact(0, "sent-for-approval", date(2023, 3, 1), version=1, source="Brev", by="test")
    done = record(engine, rules(), KEY, sent, today=sent.on, at=danish(sent.on, 7))
    plan(engine, rules(), danish(sent.on, 8))
    assert loaded(engine, sent.on) is loaded(engine, sent.on)
    assert loaded(engine, sent.on).deadlines is done.after.deadlines
    assert loaded(engine, sent.on + timedelta(days=1)) is not loaded(engine, sent.on)
    yes = Fact(0, "council-approved", sent.on, version=1, council=COUNCILS[0], source="Brev", by="test")
    record(engine, rules(), KEY, yes, today=sent.on, at=danish(sent.on, 9))
    assert len(loaded(engine, sent.on).facts) == 3
    for day in range(100):
        loaded(engine, TODAY + timedelta(days=day))
    assert projection._stood.cache_info().currsize == projection.MOST


def test_what_was_typed_in_on_another_day_is_another_fact_to_a_letter(engine: Engine) -> None:
    opened(engine)
    with reading(engine) as session:
        row = journal.find(session, KEY)
        late, same_day = (
            Fact(
                2, "drafting-opened", OPENED, version=1, by="test", known_on=OPENED, entered_on=OPENED + wait
            )
            for wait in (timedelta(days=40), timedelta())
        )
        assert late == same_day
        told = [projection.suppose(session, rules(), row, TODAY, [one]).facts[-1] for one in (late, same_day)]
    assert [one.entered_late for one in told] == [True, False]


def test_a_pass_that_changes_no_date_writes_no_row_of_them(engine: Engine) -> None:
    opened(engine)
    sent = Fact(0, "sent-for-approval", OPENED, version=1, source="Brev", by="test")
    record(engine, rules(), KEY, sent, today=OPENED, at=danish(OPENED, 7))
    before = rows(engine)
    written: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT INTO deadline", "UPDATE deadline", "DELETE FROM deadline")):
            written.append(statement)

    yes = Fact(0, "council-approved", OPENED, version=1, council=COUNCILS[0], source="Brev", by="test")
    record(engine, rules(), KEY, yes, today=OPENED, at=danish(OPENED, 7))
    plan(engine, rules(), danish(OPENED, 8))
    assert (rows(engine), written) == (before, [])


def opened(engine: Engine) -> None:
    open_agreement(
        engine, rules(), Fact(0, "opened", OPENED), region="nordjylland", term="2022-2025", label="2024-2027",
        at=danish(OPENED, 7),
    )  # fmt: skip


def loaded(engine: Engine, as_of: date) -> projection.Standing:
    with reading(engine) as session:
        return projection.load(session, rules(), journal.find(session, KEY), as_of)


def rows(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as session:
        found = session.scalars(select(DeadlineRow).order_by(col(DeadlineRow.id)))
        return [one.model_dump() for one in found]
