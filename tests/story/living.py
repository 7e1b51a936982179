"""Living a round morning by morning, as the daemon does: at eight o'clock Danish time it plans, and posts.

Facts are recorded at seven on the day they happened. Nothing is patched; time is the argument it always is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update
from sqlmodel import col

from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import Fact
from workflow.rules.story import in_order
from workflow.services.facts.agreements import Recorded, open_agreement, record, record_in
from workflow.services.planning.owing import owed_now
from workflow.services.planning.reminders import plan
from workflow.services.rounds.roundfile import AgreementEntry, read_round
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.law.rulebook import Rulebook, load
from workflow.storage.tables import Notice

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def opened_in_2022(url: str) -> Iterator[Engine]:
    """A database with an agreement of Nordjylland opened on 1 November 2022, and nothing else."""
    engine = connect(url)
    fact = Fact(0, "opened", date(2022, 11, 1), source="prøve", by="prøve")
    open_agreement(
        engine,
        rules(),
        fact,
        region="nordjylland",
        term="2022-2025",
        label="2024-2027",
        at=danish(fact.on, 9),
    )
    yield engine
    engine.dispose()


@cache
def rules() -> Rulebook:
    """The real calendars."""
    return load(ROOT / "calendars")


def danish(day: date, hour: int) -> datetime:
    """An instant by the clock on a Danish wall."""
    return datetime.combine(day, time(hour), COPENHAGEN)


@dataclass(frozen=True)
class Story:
    """A round: the agreement, what happened day by day, and the days it is lived from and to."""

    entry: AgreementEntry
    first: date
    last: date

    @classmethod
    def read(cls, name: str, first: date, last: date) -> Story:
        (entry,) = read_round(ROOT / "tests" / "story" / "rounds" / f"{name}.toml")
        return cls(entry, first, last)

    @property
    def key(self) -> str:
        return self.entry.key

    def mornings(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def facts(self) -> list[Fact]:
        """One fact a council, in the order things happened."""
        found: list[Fact] = []
        for told in self.entry.fact:
            assert told.councils != "all"
            for council in told.councils or (told.council,):
                found.append(
                    Fact(
                        len(found) + 1,
                        told.event,
                        told.on,
                        told.version,
                        council,
                        told.due,
                        told.source,
                        "test",
                    )
                )
        return in_order(found)

    def open(self, engine: Engine) -> None:
        entry = self.entry
        open_agreement(
            engine, rules(), Fact(0, "opened", self.first, source=entry.source, by="test"),
            region=entry.region, term=entry.term, label=entry.label, at=danish(self.first, 7),
            effective=entry.effective, nominal_end=entry.nominal_end, nominal_end_source=entry.nominal_end_source,
            regime=entry.regime,
        )  # fmt: skip

    def happen(self, engine: Engine, today: date) -> list[Fact]:
        """Record what happened today; the facts as numbered in the journal."""
        happened = [fact for fact in self.facts() if fact.on == today]
        return [
            record(engine, rules(), self.key, fact, today=today, at=danish(today, 7)).fact
            for fact in happened
        ]


def inside(
    engine: Engine, rulebook: Rulebook, key: str, fact: Fact, *, today: date, at: datetime, **more: Any
) -> Recorded:
    """Record as the acts do that have a door of their own (the end of the rules): on one agreement."""
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        return record_in(session, rulebook, row, fact, today=today, at=at, **more)


def post(engine: Engine) -> None:
    """What is planned is handed over at once: the planner must know what has gone out."""
    with writing(engine) as session:
        session.execute(update(Notice).where(col(Notice.state) == "planned").values(state="accepted"))


def live(engine: Engine, story: Story, asleep: frozenset[date] = frozenset()) -> None:
    """Live the whole story; on the days ``asleep`` the daemon is down while life goes on."""
    story.open(engine)
    for today in story.mornings():
        story.happen(engine, today)
        if today not in asleep and plan(engine, rules(), danish(today, 8)).planned:
            post(engine)


def notices(engine: Engine) -> list[Notice]:
    """Every notice in the order they were planned."""
    with reading(engine) as session:
        return list(session.scalars(select(Notice).order_by(col(Notice.id))))


def told_keys(engine: Engine) -> set[str]:
    """The keys of every notice there is."""
    with reading(engine) as session:
        return set(session.scalars(select(col(Notice.key))))


def owed_keys(engine: Engine, story: Story, today: date) -> set[str]:
    """What the law's fold says is owed this morning, asked without the database's index of when to look."""
    with reading(engine) as session:
        row = journal.find(session, story.key)
        standing = projection.load(session, rules(), row, today)
    return {owed.key for owed in owed_now(rules(), standing, today, today, {})}


def morning_of(notice: Notice) -> date:
    return notice.planned_at.astimezone(COPENHAGEN).date()


def ledger(engine: Engine) -> str:
    """The letters as a person would list them: the morning, which letter about which date, and to whom."""
    lines: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for notice in notices(engine):
        about = notice.key.split("|")
        of = f"{about[1]}{'/' + about[2] if about[2] else ''} {about[3]}".strip() if notice.deadline else ""
        late = f" LATE, due {notice.due_on}" if notice.late else ""
        gone = "" if notice.state == "accepted" else f" ({notice.state}: {notice.why})"
        line = (str(morning_of(notice)), f"{notice.letter} {notice.rung}", of, late + gone)
        lines[line].append(notice.recipient)
    return "\n".join(
        f"{day}  {letter}{f'  [{of}]' if of else ''}{tail}\n            {' '.join(to)}"
        for (day, letter, of, tail), to in lines.items()
    )
