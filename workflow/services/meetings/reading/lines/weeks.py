"""Days below the headings of weeks: "Uge 5 (29. januar - 2. februar)", and below it "Ons 31." or "Onsdag". Pure; a line
keeps its number."""

from __future__ import annotations

import re
from datetime import date, timedelta

from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in

Line = tuple[int, str]
_HEAD = re.compile(
    r"uge\s*(\d{1,2})\b(?:[\s,]*(20\d\d))?[\s:,(–-]*"
    rf"(?:(\d{{1,2}}[./]?\s*(?:(?:{MONTH})\.?|\d{{1,2}}\.?)?)\s*(?:[-–—]|til)\s*(\d{{1,2}}[./]?\s*(?:(?:{MONTH})\.?|\d{{1,2}}\.?))"
    r"(?:[\s./-]*(20\d\d))?)?\s*\)?:?",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"(?:({DAY_NAME})(?:en)?\b\.?,?\s*)?(?:d(?:en|\.)\s*)?(\d{{1,2}})(?:\.(?!\d)|(?=[\s:,–-]|$))(?!\s*(?:{MONTH})\b)",
    re.IGNORECASE,
)
_COLUMN = re.compile(rf"(?:{DAY_NAME})(?:e)?\.?", re.IGNORECASE)
_COLUMNS = 3  # weekdays side by side that make a calendar
_WEEKDAY = re.compile(rf"({DAY_NAME})(?:en)?\b\.?(?=[\s:,–-])", re.IGNORECASE)


def under_weeks(lines: list[Line], year: int | None, given: int | None) -> list[Line]:
    """The lines, with each day below the heading of a week told with its month. ``year`` is the text's, ``given`` that
    of a text without one. The days of the heading itself are no meetings, and left out."""
    heads = {at: found for at, (_, line) in enumerate(lines) if (found := _HEAD.fullmatch(line))}
    if len(heads) < 2:
        return lines
    read: list[Line] = []
    monday: date | None = None
    own = False  # whether the text itself tells the year
    for at, (number, line) in enumerate(lines):
        if at in heads:
            monday, own = _monday(heads[at], year, given)
            read.append((number, f"Uge {heads[at][1]}"))
        else:
            read.append((number, _told(line, monday, own=own) if monday else line))
    return read


def _monday(head: re.Match[str], year: int | None, given: int | None) -> tuple[date | None, bool]:
    """The first day of a heading's week, and whether its year is the text's own; none where its days are others."""
    named = int(head[2] or head[5] or 0) or year
    try:
        monday = date.fromisocalendar(named or given or 0, int(head[1]), 1)
    except ValueError:
        return None, False
    first = dates_in(f"{head[3]} {head[4]}", monday.year)[:1] if head[3] else []
    if first and first[0].on and abs((first[0].on - monday).days) % 365 > 6:
        return None, False
    return monday, named is not None


def _told(line: str, monday: date, *, own: bool) -> str:
    """A line that begins with a day of the week from ``monday``, with the day in full; any other as it is."""
    week = [monday + timedelta(days) for days in range(7)]
    if found := _DAY.match(line):
        fits = [on for on in week if on.day == int(found[2]) and (not found[1] or _is(found[1], on))]
    elif (found := _WEEKDAY.match(line)) and not dates_in(line, monday.year):
        fits = [on for on in week if _is(found[1], on)]
    else:
        return line
    if len(fits) != 1:
        return line
    on = fits[0]
    said = f"{on.day}. {MONTHS[on.month - 1]}"
    said = f"{WEEKDAYS[on.weekday()]} den {said} {on.year}" if own else said
    return f"{said} {line[found.end() :].lstrip(' :,–-')}"


def _is(said: str, on: date) -> bool:
    return WEEKDAYS[on.weekday()].startswith(said.casefold()[:2])


def weekdays_of(cells: list[str]) -> dict[int, int]:
    """The weekday of each column where a row heads a calendar of weeks; empty where it does not."""
    said = {at: cell for at, cell in enumerate(cells) if at and _COLUMN.fullmatch(cell)}
    if len(said) < _COLUMNS or not re.fullmatch(r"uge(?:nr\.?|\s*nr\.?)?", cells[0], re.IGNORECASE):
        return {}
    return {at: _weekday(cell) for at, cell in said.items()}


def _weekday(cell: str) -> int:
    return next(at for at, name in enumerate(WEEKDAYS) if name[:2] == cell.casefold()[:2])
