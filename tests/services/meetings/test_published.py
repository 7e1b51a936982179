"""Of the days that published lists tell, at least 99 of 100 are read right, and none is taken wrong without a mark."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.services.meetings.published import PUBLISHED
from tests.services.meetings.publishedfiles import Published
from tests.services.meetings.publishedfourth import FIFTH, FOURTH
from tests.services.meetings.publishedlast import LAST
from tests.services.meetings.publishedlater import LATER
from tests.services.meetings.publishedminutes import ASIDE, MINUTES, OTHERS
from tests.story.living import rules
from workflow.errors import Invalid
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed

ALL = (*PUBLISHED, *LATER, *LAST, *FOURTH, *FIFTH, *MINUTES, *ASIDE, *OTHERS)
Told = tuple[str, date, bool]  # whose meeting, when, and whether it is said not to be held


def organ(name: str) -> str:
    """A committee's name with or without its article and case: Økonomiudvalget, Økonomiudvalgets, Udvalg for."""
    return re.sub(r"(udvalg)(et|ets|s|smøde\w*)?($| for )", r"\1\3", name.casefold())


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


def lists(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((Path(__file__).parent / "blind" / name).read_text(encoding="utf-8"))["list"])


LISTS = lists("first.toml")
SECOND = lists("second.toml")
THIRD = lists("third.toml")


class Blind(NamedTuple):
    """What of one list was read: the meetings that are right by organ and day, with their times and, where a list says
    it, the day the agenda closes, and all proposed."""

    right: dict[tuple[str, date], str]
    closes: dict[tuple[str, date], date]
    doubtful: set[date]
    found: dict[tuple[str, date], Proposed]


def blind(one: dict[str, Any]) -> Blind:
    rows = [said.partition(" > ") for said in one["right"]]
    short = {"øu": "økonomiudvalg", "bsu": "børne- og skoleudvalg", "tmu": "teknik- og miljøudvalg"}
    right, closes = {}, {}
    for said, _, closed in rows:
        on, clock, *whose = said.split(" ", 2)
        name = organ(whose[0] if whose else "")
        key = short.get(name, name), date.fromisoformat(on)
        right[key] = clock.strip("-")
        if closed:
            closes[key] = date.fromisoformat(closed)
    try:
        read = read_file(rules(), one["file"], one["text"].encode(), body="0851", year=one.get("year"))
    except Invalid:
        read = []
    found = {(organ(each.organ), each.on): each for each in read if not each.gone}
    return Blind(right, closes, set(one.get("doubtful", ())), found)


@pytest.mark.parametrize("one", [*LISTS, *SECOND, *THIRD], ids=lambda one: one["name"])
def test_of_a_list_written_blind_nothing_is_taken_wrong_without_a_mark(one: dict[str, Any]) -> None:
    read = blind(one)
    silent = [key for key, each in read.found.items() if not each.doubt and key not in read.right]
    assert silent == []
    assert {on for _, on in read.found} >= read.doubtful - {
        on for _, on in read.right
    }  # asked about, not lost


def test_of_the_lists_written_blind_ninety_nine_of_a_hundred_days_are_right_with_their_times() -> None:
    read = [blind(one) for one in LISTS]
    days = sum(len(one.right) for one in read)
    right = sum(len(one.right.keys() & one.found.keys()) for one in read)
    timed = [
        (one.found[key].time, clock)
        for one in read
        for key, clock in one.right.items()
        if key in one.found and clock
    ]
    assert (len(LISTS), days) == (60, 720)
    assert right / days >= 0.99
    assert sum(said == clock for said, clock in timed) / len(timed) >= 0.98


def test_of_the_later_lists_written_blind_all_is_right_and_a_plain_list_needs_no_second_look() -> None:
    for one in (*SECOND, *THIRD):
        read = blind(one)
        assert read.right.keys() <= read.found.keys(), one["name"]
        for key, clock in read.right.items():
            assert read.found[key].time == clock or not clock, (one["name"], key)
        assert read.closes == {key: read.found[key].agenda_closes for key in read.closes}, one["name"]
        marked = {on for (_, on), each in read.found.items() if each.doubt}
        assert marked >= read.doubtful, one["name"]
        assert not (marked and one.get("plain")), one["name"]


def test_days_of_committees_without_a_name_are_asked_about_by_whose_they_are() -> None:
    text = "Byrådet: 25. januar 2027\nFagudvalgene: 11. januar og 8. februar 2027\n"
    read = read_file(rules(), "liste.txt", text.encode(), body="0851")
    assert {each.doubt for each in read if each.organ} == {"hvis møde er det?"}
