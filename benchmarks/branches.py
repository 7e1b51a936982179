"""What a branch costs: every named deviation tried on a region of 20 councils, beside the plan alone."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from statistics import median

from sqlalchemy import Engine

from tests.conftest import ROOT
from workflow.errors import NotPossible
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.lookahead.branching import branch_off
from workflow.services.lookahead.planning import plan_of
from workflow.services.meetings.keeping import import_meetings
from workflow.services.meetings.reading.proposing import Proposed
from workflow.storage.law.rulebook import load

KEY, AT, ON = "midtjylland/2024-2027", datetime(2022, 11, 1, 8, 0, tzinfo=UTC), date(2023, 3, 1)


def branches(engine: Engine) -> tuple[float, float, float]:
    """Milliseconds: the plan alone, a branch (the median of all that are possible), and the slowest branch."""
    rules = load(ROOT / "calendars")
    opened = Fact(0, "opened", AT.date(), source="bench", by="bench")
    open_agreement(engine, rules, opened, region="midtjylland", term="2022-2025", label="2024-2027", at=AT)
    days = [
        Proposed(party.code, "", on := date(2023, month, 1 + number), on - timedelta(12))
        for number, party in enumerate(rules.parties("midtjylland", ON)) for month in range(1, 13)
    ]  # fmt: skip
    import_meetings(engine, rules, days, source="bench", by="bench", at=AT)
    alone = [_took(lambda: plan_of(engine, rules, KEY, ON)) for _ in range(7)]
    tried = []
    for branch in rules.branches:
        begun = time.perf_counter()
        try:
            branch_off(engine, rules, KEY, branch, ON)
        except NotPossible:
            continue
        tried.append((time.perf_counter() - begun) * 1000)
    return median(alone), median(tried), max(tried)


def _took(what: object) -> float:
    begun = time.perf_counter()
    assert callable(what)
    what()
    return (time.perf_counter() - begun) * 1000
