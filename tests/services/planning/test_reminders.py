"""The planning pass: owed once, found by an index, and only as much as is owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlmodel import col

from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.planning.owing import Owed
from workflow.services.planning.reminders import plan
from workflow.storage.database import reading, writing
from workflow.storage.law import rulebook as rulebooks
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.places import find_folder
from workflow.storage.tables import AgreementRow, Notice

NOW = datetime(2023, 1, 2, 9, tzinfo=UTC)
MARCH = datetime(2023, 3, 2, 9, tzinfo=UTC)  # 120 days before the aim
COUNTDOWN = (
    "submission-countdown",
    "submission-overdue",
    "deadline-moved",
)  # of the many letters, those asked here


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return rulebooks.load(find_folder("calendars"))


def _open(
    engine: Engine,
    rulebook: Rulebook,
    label: str = "2024-2027",
    term: str = "2022-2025",
    at: datetime = NOW,
) -> str:
    opening = Fact(0, "opened", date(2022, 3, 1), by="test")
    open_agreement(engine, rulebook, opening, region="nordjylland", term=term, label=label, at=at)
    return f"nordjylland/{label}"


def _notices(engine: Engine) -> list[Notice]:
    with reading(engine) as session:
        found = select(Notice).where(col(Notice.letter).in_(COUNTDOWN)).order_by(col(Notice.id))
        return list(session.scalars(found))


def _plan(engine: Engine, rulebook: Rulebook, at: datetime, dry_run: bool = False) -> list[Owed]:
    return [n for n in plan(engine, rulebook, at, dry_run=dry_run).planned if n.letter.name in COUNTDOWN]


def test_a_reminder_is_owed_from_eight_in_the_morning_danish_time(engine: Engine, rulebook: Rulebook) -> None:
    _open(engine, rulebook)
    due = datetime(2023, 3, 31, tzinfo=UTC)  # 90 days before the aim, Friday 30 June, is Saturday 1 April
    assert [n.rung for n in _plan(engine, rulebook, due.replace(hour=5, minute=59))] == ["-120d"] * 3
    assert [n.rung for n in _plan(engine, rulebook, due.replace(hour=6))] == ["-90d"] * 3


def test_planning_again_adds_nothing(engine: Engine, rulebook: Rulebook) -> None:
    _open(engine, rulebook)
    asked = _notices(engine)  # the rung before the day of entry waits for an answer
    assert {(n.rung, n.state) for n in asked} == {("-180d", "unanswered")}
    first = _plan(engine, rulebook, MARCH)
    assert [n.rung for n in first] == ["-120d"] * 3
    for minutes in (0, 1, 60, 600):
        assert not plan(engine, rulebook, MARCH + timedelta(minutes=minutes)).planned
    assert len(_notices(engine)) == len(asked) + 3


def test_a_dry_run_lists_and_writes_nothing(engine: Engine, rulebook: Rulebook) -> None:
    _open(engine, rulebook)
    asked = _notices(engine)
    assert len(_plan(engine, rulebook, MARCH, dry_run=True)) == 3
    assert _notices(engine) == asked


@pytest.mark.fault("F54")
def test_of_the_rungs_missed_only_the_most_urgent_is_written_and_says_it_is_late(
    engine: Engine, rulebook: Rulebook
) -> None:
    """After an outage one reminder goes, not all that fell in it."""
    _open(engine, rulebook)
    late = _plan(engine, rulebook, datetime(2023, 6, 25, 9, tzinfo=UTC))
    assert {(n.rung, n.late) for n in late} == {("-7d", True)}


@pytest.mark.fault("F54")
def test_a_letter_of_law_is_not_dropped_for_a_more_urgent_one(engine: Engine, rulebook: Rulebook) -> None:
    """After an outage reminders are drawn together; what the law asks is not."""
    key, on = _open(engine, rulebook), date(2023, 2, 1)
    sent = Fact(0, "sent-for-approval", on, due=date(2023, 5, 1), by="test")
    record(engine, rulebook, key, sent, today=on, at=NOW)
    for council in rulebook.parties("nordjylland", on):
        yes = Fact(0, "council-approved", date(2023, 5, 1), council=council.code, by="test")
        record(engine, rulebook, key, yes, today=date(2023, 5, 1), at=NOW)
    for event, due in (("annex-added", None), ("effective", date(2024, 1, 1))):
        record(engine, rulebook, key, Fact(0, event, on, due=due, by="test"), today=on, at=NOW)
    late = plan(engine, rulebook, datetime(2023, 7, 4, 9, tzinfo=UTC)).planned  # nobody ran since May
    assert {"+0d"} < {n.rung for n in late if n.letter.name == "ready-to-submit"}
    assert {n.rung for n in late if n.letter.name == "submission-overdue"} == {"+1d"}
    assert not [n for n in late if n.letter.name == "submission-countdown"]


@pytest.mark.fault("F56")
def test_a_moved_date_replaces_what_was_unsent_and_is_told_to_everybody_once(
    engine: Engine, rulebook: Rulebook
) -> None:
    """BEK 1248/2022 § 21, stk. 5."""
    key = _open(engine, rulebook)
    at = datetime(2023, 6, 1, 9, tzinfo=UTC)
    plan(engine, rulebook, at)
    moved = Fact(0, "deviation", date(2023, 6, 2), due=date(2024, 1, 1), source="KL", by="test")
    record(engine, rulebook, key, moved, today=date(2023, 6, 2), at=at + timedelta(days=1))
    assert {n.state for n in _notices(engine)} == {"superseded"}
    told = _plan(engine, rulebook, at + timedelta(days=1))
    assert {n.letter.name for n in told} == {"deadline-moved"}
    assert len(told) == 14  # twelve councils and the two mailboxes of the joint secretariat
    for day in range(2, 30):
        assert not [
            n for n in _plan(engine, rulebook, at + timedelta(days=day)) if n.letter.name == "deadline-moved"
        ]


@pytest.mark.fault("F56")
def test_a_date_moved_there_and_back_is_told_again(engine: Engine, rulebook: Rulebook) -> None:
    """The letter's key carries the revision, and not the date alone."""
    key = _open(engine, rulebook)
    told = []
    for day, due in ((2, date(2024, 1, 1)), (12, date(2023, 9, 1)), (22, date(2024, 1, 1))):
        on = date(2023, 3, day)
        at = datetime(2023, 3, day, 9, tzinfo=UTC)
        record(
            engine, rulebook, key, Fact(0, "deviation", on, due=due, source="SST", by="t"), today=on, at=at
        )
        told.append(len([n for n in _plan(engine, rulebook, at) if n.letter.name == "deadline-moved"]))
    assert told == [14, 14, 14]


def test_history_typed_in_afterwards_is_not_announced(engine: Engine, rulebook: Rulebook) -> None:
    key = _open(engine, rulebook)
    fact = Fact(0, "deviation", date(2023, 5, 10), due=date(2024, 1, 1), source="KL", by="test")
    record(engine, rulebook, key, fact, today=date(2026, 11, 22), at=NOW)
    later = _plan(engine, rulebook, datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert "deadline-moved" not in {n.letter.name for n in later}


def test_no_reminder_falls_on_a_closed_day(engine: Engine, rulebook: Rulebook) -> None:
    at = datetime(2022, 12, 1, 9, tzinfo=UTC)
    _open(engine, rulebook, at=at)
    days = rulebook.law.business_days(("grundlovsdag", "juleaftensdag", "nytaarsaften"))
    while at.date() < date(2024, 3, 1):
        plan(engine, rulebook, at)
        at += timedelta(days=1)
    found = _notices(engine)
    assert len({n.key for n in found}) == len(found) > 40
    assert not [n.due_on for n in found if days.why_closed(n.due_on)]
    assert not [n for n in found if n.late]


@pytest.mark.parametrize("stored", [10, 2000])
def test_the_due_query_asks_one_index_however_many_dates_lie_ahead(
    engine: Engine, rulebook: Rulebook, stored: int
) -> None:
    """Work that is owed is found by what is overdue, through an index."""
    _open(engine, rulebook)
    plan(engine, rulebook, NOW)
    ahead = {
        "term": "2022-2025",
        "regime": "bek-1248-2022",
        "version_state": "draft",
        "period_state": "planned",
    }
    with writing(engine) as session:
        session.add_all(
            AgreementRow(
                region="midtjylland",
                label=str(n),
                wake_on=date(2030, 1, 1),
                projected_on=date(2022, 1, 1),
                **ahead,
            )
            for n in range(stored)
        )
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # a table this small would be read whole
            said = "EXPLAIN"
        else:
            said = "EXPLAIN QUERY PLAN"
        query = select(col(AgreementRow.id)).where(col(AgreementRow.wake_on) <= date(2023, 1, 3))
        compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
        explained = " ".join(str(row) for row in connection.execute(text(f"{said} {compiled}")))
    assert "ix_agreement_wake_on" in explained
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(AgreementRow)) == stored + 1
    assert not _plan(engine, rulebook, NOW + timedelta(days=1))
