"""What a planning pass costs when nothing is due, by the number of agreements; and when one fact was recorded."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from statistics import median

from sqlalchemy import Engine, insert, update
from sqlmodel import col

from tests.conftest import ROOT
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.planning.reminders import plan
from workflow.storage.database import writing
from workflow.storage.law.rulebook import load
from workflow.storage.tables import AgreementRow

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SIZES = (1, 100, 10_000)
ROUNDS = 7


def passes(engine: Engine) -> list[tuple[int, float, float]]:
    """(agreements, milliseconds of an idle pass, milliseconds of a pass with one agreement to look at)."""
    rules = load(ROOT / "calendars")
    opened = Fact(0, "opened", date(2023, 1, 2), source="bench", by="bench")
    open_agreement(
        engine, rules, opened, region="nordjylland", term="2022-2025", label="2024-2027", at=AT,
        effective=date(2024, 1, 1),
    )  # fmt: skip
    plan(engine, rules, AT)
    known, found = 1, []
    for size in SIZES:
        with writing(engine) as session:
            session.execute(
                insert(AgreementRow),
                [
                    {
                        "region": "nordjylland", "label": f"bench-{number}", "term": "2022-2025",
                        "regime": "bek-1248-2022", "wake_on": date(2099, 1, 1), "projected_on": AT.date(),
                    }
                    for number in range(known, size)
                ],
            ) if size > known else None  # fmt: skip
        known = size
        idle = [_timed(lambda: plan(engine, rules, AT)) for _ in range(ROUNDS)]
        awake = []
        for _ in range(ROUNDS):
            with writing(engine) as session:
                session.execute(
                    update(AgreementRow).where(col(AgreementRow.id) == 1).values(wake_on=date(1, 1, 1))
                )
            awake.append(_timed(lambda: plan(engine, rules, AT)))
        found.append((size, median(idle), median(awake)))
    return found


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return (time.perf_counter() - begun) * 1000
