"""Twenty rounds cut off on random days and typed in as a file: nobody is written to about what lies behind, and after
each kind of answer the second reckoner misses nothing."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.story.living import danish, rules
from tests.story.rehearsing import ROUND, stage
from workflow.mail.sending.sink import Sink
from workflow.rules.hours import Hours
from workflow.services.delivery.sending import deliver
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.answering import Answer, answer, count_unanswered
from workflow.services.planning.reminders import plan
from workflow.services.rounds.demo import demo_contacts
from workflow.services.rounds.importing import import_round
from workflow.services.rounds.rehearsal import INSTANCE
from workflow.services.rounds.roundfile import AgreementEntry, FactEntry, read_round
from workflow.services.watch.reckoning import reckon
from workflow.storage import meta
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import Notice

ENTRIES = read_round(ROUND)
ANSWERS = ("told", "send", "drop")


@pytest.fixture(scope="module")
def mailboxes(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = tmp_path_factory.mktemp("typed") / "aftale.db"
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    import_contacts(engine, rules(), demo_contacts(rules()))
    engine.dispose()
    return path


@pytest.fixture
def engine(mailboxes: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(mailboxes, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    yield engine
    engine.dispose()


def as_toml(entry: AgreementEntry, cut: date) -> str:
    """The round as a secretariat's file would tell it on the day ``cut``."""

    def pair(name: str, value: object) -> str:
        if isinstance(value, date | int):
            return f"{name} = {value}"
        return f"{name} = {value!r}" if isinstance(value, list) else f'{name} = "{value}"'

    def table(one: AgreementEntry | FactEntry) -> list[str]:
        said = one.model_dump(exclude={"fact"}, exclude_defaults=True)
        return [pair(name, value) for name, value in said.items()]

    lines = ["[[agreement]]", *table(entry)]
    for fact in entry.fact:
        if fact.on <= cut:
            lines += ["[[agreement.fact]]", *table(fact)]
    return "\n".join(lines) + "\n"


def mailed(engine: Engine, at: datetime) -> list[date]:
    """One pass of the daemon's; the days of the letters it sent."""
    plan(engine, rules(), at)
    sink = Sink()
    asyncio.run(
        deliver(
            engine, stage().letters, sink, lambda: at, "test", instance=INSTANCE, stop=lambda: False, limit=10_000,
            per_minute=0, hours=Hours(rules().days, 8),
        )
    )  # fmt: skip
    with reading(engine) as session:
        return list(session.scalars(select(col(Notice.due_on)).where(col(Notice.accepted_at) == at)))


def missing(engine: Engine, at: datetime) -> list[str]:
    with writing(engine) as session:
        meta.put(session, "last_tick", at.isoformat())
    return [finding.said for finding in reckon(engine, rules(), at) if finding.kind != "waiting"]


@pytest.mark.parametrize("seed", range(20))
def test_a_round_typed_in_asks_first_and_loses_nothing_after_any_answer(
    engine: Engine, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    entry = chance.choice(ENTRIES) if seed % 4 == 0 else min(ENTRIES, key=lambda entry: len(entry.fact))
    days = sorted(fact.on for fact in entry.fact)
    cut = days[0] + timedelta(days=chance.randrange((days[-1] - days[0]).days))
    today = cut + timedelta(days=chance.randrange(1, 40))
    path = tmp_path / "runde.toml"
    path.write_text(as_toml(entry, cut), encoding="utf-8")
    report = import_round(engine, rules(), path, today=today, at=danish(today, 8), by="test")
    assert report.asked == count_unanswered(engine).get(entry.key, 0)
    assert [on for on in mailed(engine, danish(today, 9)) if on < today] == []
    assert missing(engine, danish(today, 16)) == []

    how = ANSWERS[seed % 3]
    said = Answer(how, "Kirsten", "" if how == "send" else "Sag 1", today if how == "told" else None)
    if report.asked:
        assert (
            answer(engine, rules(), said, agreement=entry.key, at=danish(today, 16)).letters == report.asked
        )
    sent = mailed(engine, danish(today, 17))
    assert how == "send" or [on for on in sent if on < today] == []
    assert count_unanswered(engine) == {}
    assert missing(engine, danish(today + timedelta(days=1), 7)) == []
