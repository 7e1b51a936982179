"""Lists written by people who had never seen the reader: nearly every day is found, what is not understood is asked."""

from __future__ import annotations

import io
import tomllib
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.services.meetings.publishedfiles import ics
from tests.story.living import rules
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed

Told = dict[
    tuple[str, date], date | None
]  # the meetings by committee and day, with the day the agenda closes


def lists(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((Path(__file__).parent / "blind" / name).read_text(encoding="utf-8"))["list"])


SETS = {  # how many lists and days are in each, and how many days may carry a mark
    "fourth": (40, 950, 0.05),
    "fifth": (30, 885, 0.05),
    "seventh": (25, 985, 0.05),
    "eighth": (30, 1222, 0.05),
    "ninth": (20, 901, 0.05),
    "tenth": (25, 1305, 0.05),
    "eleventh": (25, 1817, 0.05),
    "twelfth": (29, 1669, 0.05),
    "thirteenth": (30, 934, 0.05),
    "fourteenth": (30, 1191, 0.05),
    "fifteenth": (29, 1026, 0.07),
}
LISTS = {name: lists(f"{name}.toml") for name in SETS}
# a set is read by one process
OF_ONE_PROCESS = {name: pytest.mark.xdist_group(f"blind-{name}") for name in SETS}
LATER = [
    pytest.param(name, at, id=one["name"], marks=OF_ONE_PROCESS[name])
    for name in SETS
    for at, one in enumerate(LISTS[name])
]


def day(said: str) -> date:
    on, month, *year = map(int, said.split("/"))
    return date(year[0] if year else 2027, month, on)


def right(one: dict[str, Any]) -> Told:
    found: Told = {}
    for name, days in one["right"].items():
        for said in days.split():
            on, _, closes = said.partition(">")
            found[name, day(on)] = day(closes) if closes else None
    return found


def cell(said: object) -> object:
    """A cell as a workbook holds it: a day is an instant there."""
    return (
        datetime.combine(said, time())
        if isinstance(said, date) and not isinstance(said, datetime)
        else said or None
    )


def workbook(sheets: list[tuple[str, list[list[object]]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append([cell(said) for said in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def content(one: dict[str, Any]) -> bytes:
    if "sheets" in one:
        return workbook(one["sheets"])
    if "events" in one:
        named = f"PRODID:-//Kommune//Kalender//DA\r\nX-WR-CALNAME:{one.get('calendar', '')}".encode()
        return ics("", one["events"], {}).content.replace(b"PRODID:-//Kommune//Kalender//DA", named)
    return str(one["text"]).encode(one.get("encoding", "utf-8"))


def read(one: dict[str, Any]) -> list[Proposed]:
    return read_file(rules(), one["file"], content(one), body="0851", year=one.get("year"))


@cache
def read_once(name: str, at: int) -> list[Proposed]:
    return read(LISTS[name][at])


@pytest.mark.parametrize(("name", "at"), LATER)
def test_of_a_list_nothing_is_taken_wrong_without_a_mark(name: str, at: int) -> None:
    one = LISTS[name][at]
    found, wanted = read_once(name, at), right(one)
    silent = [
        each for each in found if not each.doubt and not each.gone and (each.organ, each.on) not in wanted
    ]
    assert silent == []
    unmarked = {each.on for each in found if not each.doubt}
    assert not unmarked & set(one.get("doubtful", ()))


@pytest.mark.parametrize("name", [pytest.param(name, marks=OF_ONE_PROCESS[name]) for name in SETS])
def test_ninety_nine_of_a_hundred_days_are_found_and_few_need_a_second_look(name: str) -> None:
    some, (lists_in_it, days_in_it, most_marked) = LISTS[name], SETS[name]
    days = found_right = closings = closed_right = marked = 0
    for at, one in enumerate(some):
        wanted = right(one)
        found = {(each.organ, each.on): each for each in read_once(name, at) if not each.gone}
        days += len(wanted)
        found_right += len(wanted.keys() & found.keys())
        marked += sum(bool(found[key].doubt) for key in wanted.keys() & found.keys())
        closings += sum(closes is not None for closes in wanted.values())
        closed_right += sum(
            key in found and found[key].agenda_closes == closes for key, closes in wanted.items() if closes
        )
        no_closing = {key for key, closes in wanted.items() if closes is None and key in found}
        assert not {key for key in no_closing if found[key].agenda_closes}, one["name"]
    assert (len(some), days) == (lists_in_it, days_in_it)
    assert found_right / days >= 0.99, f"{found_right} of {days}"
    assert closed_right / closings >= 0.99, f"{closed_right} of {closings}"
    assert marked / days <= most_marked, f"{marked} of {days} with a mark"
