"""Random legal histories: the order of typing moves no date, and every date follows from its words.

Five hundred of them; ``make torture`` takes the first ten thousand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import holidays
import pytest
from dateutil.relativedelta import relativedelta

from tests.law.histories import History, history
from tests.story.living import rules
from workflow.lifecycle.following import follow, walk
from workflow.rules.timeline import Deadline, fold
from workflow.storage.facts.deadlinerows import step_json

pytestmark = [pytest.mark.torture, pytest.mark.xdist_group("histories")]  # each is lived once
HISTORIES, A_TEST = 10_000 if os.environ.get("AFTALE_TORTURE") == "1" else 500, 100
BATCHES = pytest.mark.parametrize(
    "batch", range(HISTORIES // A_TEST), ids=lambda batch: f"from {batch * A_TEST}"
)
LATE = date(2031, 12, 31)
MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
SPOKEN = re.compile(rf"(\d{{1,2}})\. ({'|'.join(MONTHS)}) (\d{{4}})")
DENMARK = holidays.country_holidays("DK", categories=("public",), years=range(2009, 2036))


Folded = list[tuple[date, list[Deadline]]]  # by the day on which was asked


@lru_cache(500)
def lived(seed: int) -> tuple[History, Folded]:
    told = history(seed)
    facts = told.numbered()
    return told, [(as_of, fold(told.agreement, facts, rules().law, as_of)) for as_of in asked_on(told)]


def seeds(batch: int) -> Iterator[tuple[int, History, Folded]]:
    return ((seed, *lived(seed)) for seed in range(batch * A_TEST, (batch + 1) * A_TEST))


def asked_on(told: History) -> list[date]:
    """Late, and on two days while it went on."""
    span = (told.today - told.opened_on).days
    return [LATE, *(told.opened_on + timedelta(days=told.dice.randint(0, span)) for _ in range(2))]


@BATCHES
def test_the_order_in_which_facts_are_typed_in_moves_nothing(batch: int) -> None:
    """All fields but those that tell how the date came to be known and by which line of the journal it was met: they
    follow the order of recording."""
    for seed, told, folded in seeds(batch):
        typed = told.shuffled()
        for as_of, as_it_happened in folded:
            one, two = (
                [replace(d, revision=0, previous_on=None, changed_on=None, met_no=None) for d in deadlines]
                for deadlines in (as_it_happened, fold(told.agreement, typed, rules().law, as_of))
            )
            assert one == two, f"history {seed} as of {as_of}"


@BATCHES
def test_every_date_can_be_worked_out_again_from_its_printed_explanation(batch: int) -> None:
    """By a second function that knows no rule, only what is printed: as in ``aftale explain --json``."""
    dated = 0
    for seed, _, folded in seeds(batch):
        for as_of, deadlines in folded:
            for deadline in deadlines:
                where = f"history {seed} as of {as_of}: {deadline.id} {deadline.subject}"
                legal_on, aim_on = worked_out([step_json(step) for step in deadline.why])
                assert (legal_on, aim_on) == (deadline.legal_on, deadline.aim_on), where
                assert_aim(deadline, where)
                dated += legal_on is not None
    assert dated > 5 * A_TEST


def worked_out(steps: Sequence[dict[str, str | None]]) -> tuple[date | None, date | None]:
    """The legal date and the day to aim at, from the steps' kinds, spans and Danish words alone."""
    on: date | None = None
    aim: date | None = None
    for step in steps:
        words = [date(int(y), MONTHS.index(m) + 1, int(d)) for d, m, y in SPOKEN.findall(step["text"] or "")]
        match step["kind"]:
            case "start" | "moved":
                on = aim = words[-1] if words[-1].isoformat() == step["on"] else words[0]
            case "add":
                assert on is not None and step["span"]
                count, unit = step["span"].split()
                on = aim = on + relativedelta(**{f"{unit}s": int(count)})  # type: ignore[arg-type]
                assert on in words
            case "strict":
                assert on is not None
                on = aim = on - timedelta(days=1)
                assert on in words
            case "aim":
                assert words[0] == on
                aim = words[-1]
            case kind:
                assert kind in ("note", "judged"), f"a step of an unknown kind {kind}"
                continue
        assert (aim if step["kind"] == "aim" else on) == date.fromisoformat(step["on"] or ""), step
    return on, aim


def assert_aim(deadline: Deadline, where: str) -> None:
    """The aim is a working day by an almanac of somebody else's, and the days between it and the date are not."""
    if deadline.legal_on is None or deadline.aim_on is None:
        return
    assert works(deadline.aim_on), where
    day = deadline.aim_on + timedelta(days=1)
    while day <= deadline.legal_on:
        assert not works(day), where
        day += timedelta(days=1)


def works(day: date) -> bool:
    closed = day in DENMARK and not (DENMARK[day] == "Store bededag" and day.year > 2023)
    return day.weekday() < 5 and not closed and (day.month, day.day) not in ((6, 5), (12, 24), (12, 31))


def test_the_histories_are_of_every_kind() -> None:
    """What was asked of them was asked of something: every regime, refusals, revisions, corrections, no answer."""
    regimes: set[str] = set()
    events: set[str] = set()
    moved = 0
    for told, folded in map(lived, range(HISTORIES)):
        regimes.add(told.agreement.regime.id)
        events |= {fact.event for fact in told.facts}
        moved += sum(deadline.revision > 1 for deadline in dict(folded)[LATE])
    assert regimes == set(rules().law.of_kind("health-agreement"))
    assert events >= {
        "sst-refused",
        "revision-opened",
        "correction",
        "deviation",
        "council-conditional",
        "final-sent",
    }
    assert moved > HISTORIES // 4


def test_whether_a_story_holds_is_asked_of_its_facts_and_not_of_thousands_of_years_to_come() -> None:
    for told in map(history, range(100)):
        if follow(told.agreement, told.numbered(), rules().law, LATE).reviews:
            assert walk(told.agreement, told.numbered(), rules().law).reviews == {}
            return
    raise AssertionError("no history came into force")
