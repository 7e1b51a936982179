"""The way of a fact and of a letter, walked through the running code: they enter the rooms that docs/architecture.md
lists, and no other. A room is a folder of the program."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from types import FrameType

import pytest
from sqlalchemy import Engine

from tests.conftest import ROOT
from tests.story.living import danish, opened_in_2022, rules
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.planning.reminders import plan

KEY, OPENED, HEARD, CLOSED = "nordjylland/2024-2027", date(2022, 11, 1), date(2023, 3, 1), date(2023, 4, 13)
PROGRAM = str(ROOT / "workflow") + "/"


def ways(walk: Callable[[], object]) -> set[tuple[str, ...]]:
    """The ways by which rooms are entered while ``walk`` runs: the room, the one that called it, the one that called
    that, and so on."""
    found: set[tuple[str, ...]] = set()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and room_of(frame):
            found.add(tuple(room for room, _ in groupby(filter(None, map(room_of, waiting(frame))))))

    sys.setprofile(look)
    try:
        walk()
    finally:
        sys.setprofile(None)
    return found


def waiting(frame: FrameType | None) -> Iterator[FrameType]:
    """A call and those that wait for it, the innermost first."""
    while frame:
        yield frame
        frame = frame.f_back


def room_of(frame: FrameType) -> str:
    """The room that a call is in, or nothing."""
    file = frame.f_code.co_filename
    return file.removeprefix(PROGRAM).rpartition("/")[0] if file.startswith(PROGRAM) else ""


def entered(walk: Callable[[], object]) -> set[str]:
    return {way[0] for way in ways(walk)}


def come_back_to(walk: Callable[[], object]) -> set[str]:
    """Rooms entered while they wait for the one that enters them; ``rules/anchors`` is a part of ``rules``."""
    whole = ([room.removesuffix("/anchors") for room in way] for way in ways(walk))
    rooms = ([room for room, _ in groupby(way)] for way in whole)
    return {" < ".join(way) for way in rooms if way[0] in way[1:]}


def listed(trip: str) -> set[str]:
    """The rooms that the architecture lists for one trip."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [line] = re.findall(rf"^Rooms of {trip}: (.+)$", text, re.MULTILINE)
    return {one.removeprefix("workflow/").rstrip("/") for one in re.findall(r"`([\w/]+)`", line)}


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with opened_in_2022(sqlite_url) as opened:
        yield opened


def hear(engine: Engine) -> object:
    fact = Fact(
        0, "consultation-opened", HEARD, source="prøve", by="prøve", due=date(2023, 4, 12), time="12:00"
    )
    return record(engine, rules(), KEY, fact, today=HEARD, at=danish(HEARD, 10))


def test_a_fact_enters_the_rooms_that_are_listed_and_no_other(engine: Engine) -> None:
    rules()
    assert entered(lambda: hear(engine)) == listed("a fact")


def test_a_letter_is_planned_in_the_rooms_that_are_listed_and_no_other(engine: Engine) -> None:
    hear(engine)
    planned = []
    rooms = entered(lambda: planned.extend(plan(engine, rules(), danish(CLOSED, 9)).planned))
    assert planned and rooms == listed("a planned letter")


def test_nobody_comes_back_to_a_room_that_waits_for_them(engine: Engine) -> None:
    assert come_back_to(lambda: hear(engine)) == set()
    assert come_back_to(lambda: plan(engine, rules(), danish(CLOSED, 9))) == set()


def test_no_trip_grows(engine: Engine) -> None:
    """Fewer is better."""
    assert (len(listed("a fact")), len(listed("a planned letter"))) <= (10, 10)
