"""The way of a fact and of a letter, walked through the running code: they enter the rooms that docs/architecture.md
lists, and no other. A room is a folder of the program."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
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


def entered(walk: Callable[[], object]) -> list[str]:
    """The rooms that are entered while ``walk`` runs, in the order of the first step into each."""
    rooms: dict[str, None] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(PROGRAM) and "/" in (room := file.removeprefix(PROGRAM)):
            rooms[room.rpartition("/")[0]] = None

    sys.setprofile(look)
    try:
        walk()
    finally:
        sys.setprofile(None)
    return list(rooms)


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
    assert set(entered(lambda: hear(engine))) == listed("a fact")


def test_a_letter_is_planned_in_the_rooms_that_are_listed_and_no_other(engine: Engine) -> None:
    hear(engine)
    planned = []
    rooms = entered(lambda: planned.extend(plan(engine, rules(), danish(CLOSED, 9)).planned))
    assert planned and set(rooms) == listed("a planned letter")


def test_no_trip_grows(engine: Engine) -> None:
    """Fewer is better: 10 for a fact and 12 for a letter is what we want."""
    assert (len(listed("a fact")), len(listed("a planned letter"))) <= (13, 14)
