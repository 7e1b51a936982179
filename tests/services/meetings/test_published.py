"""Of the days that published lists tell, at least 99 of 100 are read right, and none is taken wrong without a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pytest

from tests.services.meetings.published import PUBLISHED
from tests.services.meetings.publishedfiles import Published
from tests.services.meetings.publishedfourth import FIFTH, FOURTH
from tests.services.meetings.publishedlast import LAST
from tests.services.meetings.publishedlater import LATER
from tests.story.living import rules
from workflow.errors import Invalid
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.proposing import Proposed

ALL = (*PUBLISHED, *LATER, *LAST, *FOURTH, *FIFTH)
Told = tuple[str, date, bool]  # whose meeting, when, and whether it is said not to be held


def organ(name: str) -> str:
    """A committee's name with or without its article and case: Økonomiudvalget, Økonomiudvalgets."""
    return re.sub(r"(udvalg)(et|ets|s|smøde\w*)?$", r"\1", name.casefold())


def truth(one: Published) -> set[Told]:
    found = set()
    for name, days in one.truth.items():
        for said in days.split():
            day, month, *year = map(int, said.strip("-").split("/"))
            found.add((organ(name), date(year[0] if year else 2027, month, day), said.startswith("-")))
    return found


def read(one: Published) -> dict[Told, Proposed]:
    try:
        proposed = read_file(rules(), one.file, one.content, body="0851")
    except Invalid:
        return {}
    return {(organ(each.organ), each.on, each.gone): each for each in proposed}


def told(some: Iterable[Told]) -> list[str]:
    return sorted(f"{'-' * gone}{on} {name}".strip() for name, on, gone in some)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_nothing_is_taken_wrong_without_a_mark(one: Published) -> None:
    silent = [key for key, each in read(one).items() if not each.doubt and key not in truth(one)]
    assert told(silent) == []


def test_ninety_nine_of_a_hundred_days_are_read_right_and_most_need_no_second_look() -> None:
    assert len(ALL) >= 105
    days = right = plain = 0
    for one in ALL:
        wanted, found = truth(one), read(one)
        days += len(wanted)
        right += len(wanted & found.keys())
        plain += sum(not found[key].doubt for key in wanted & found.keys())
    assert days > 630
    assert right / days >= 0.99, f"{right} of {days}"
    assert plain / days >= 0.95, f"{plain} of {days} without a mark"
