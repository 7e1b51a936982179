"""A list of twice the length costs twice the work, counted in calls and not in time."""

from __future__ import annotations

import cProfile
import pstats
from datetime import date, timedelta

import pytest

from tests.story.living import rules
from workflow.services.meetings.reading.text import read_text

FIRST = date(2024, 1, 1)
LAYOUTS = {
    "a day and its time": "{on:%d.%m.%Y} kl. 17.00 Byrådet",
    "an exception": "Byrådet mødes {on:%d.%m.%Y}, dog kl. 16.00",
    "a dash": "Byrådet - {on:%d.%m.%Y}",
}


def calls(layout: str, lines: int) -> int:
    """How many calls the reading of so many lines makes."""
    text = "\n".join(layout.format(on=FIRST + timedelta(days=number)) for number in range(lines))
    profile = cProfile.Profile()
    found = profile.runcall(read_text, text, "0851", rules().days)
    assert len(found) == lines
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_list_of_four_times_the_length_costs_about_four_times_the_calls(layout: str) -> None:
    calls(layout, 20)  # what is made once is made here
    assert calls(layout, 320) < 5 * calls(layout, 80)
