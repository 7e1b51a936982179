"""Days below the headings of weeks: "Uge 5 (29. januar - 2. februar)", and below it "Ons 31." or "Onsdag". Pure; a line
keeps its number."""

from __future__ import annotations

import re
from datetime import date, timedelta

from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in
from workflow.services.meetings.reading.turning import UNSURE, Turning, is_weekday, week_of

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
    week: list[date] = []
    own = unsure = False  # whether the text tells the year, and whether the week is another one perhaps
    turning = Turning(year or given or 0)
    for at, (number, line) in enumerate(lines):
        if at in heads:
            week, unsure = _week(heads[at], turning)
            own = bool(year or heads[at][2] or heads[at][5])
            read.append((number, f"Uge {heads[at][1]}"))
        else:
            read.append((number, _told(line, week, None if own else given, unsure=unsure) if week else line))
    return read


def _week(head: re.Match[str], turning: Turning) -> tuple[list[date], bool]:
    """The days of a heading's week, and whether to ask about them: its year is not plain, or it prints days that are
    not of that week. None of a heading without any year."""
    number, named = int(head[1]), int(head[2] or head[5] or 0)
    if named:
        turning.begin(named, number)
    if not turning.year:
        return [], False
    year = named or turning.take(number)
    said = dates_in(f"{head[3]} {head[4]}", 2000) if head[3] else []
    printed = {(one.on.month, one.on.day) for one in said if one.on}
    for other in (year, year + 1, year - 1) if printed and turning.unsure else ():
        if printed <= {(on.month, on.day) for on in week_of(other, number)[0]}:
            year = other
            turning.begin(year, number)
            break
    week, held = week_of(year, number)
    fits = printed <= {(on.month, on.day) for on in week}
    if not fits and (first := dates_in(f"{head[3]} {head[4]}", year)[0].on):
        week = [first + timedelta(days) for days in range(7)]  # what is printed says more than the number
    return week, turning.unsure or not held or not fits


def _told(line: str, week: list[date], given: int | None, *, unsure: bool) -> str:
    """A line that begins with a day of the week, with the day in full, but for the year where that is the one
    ``given``; any other as it is. A day that the week has not is asked about."""
    if found := _DAY.match(line):
        of_number = [on for on in week if on.day == int(found[2])]
        of_weekday = [on for on in week if found[1] and is_weekday(found[1], on)]
        fits = [on for on in of_number if not found[1] or on in of_weekday]
        if len(fits) != 1:
            if dates_in(line, week[0].year) or not (found[1] or found[0].endswith(".")):
                return line
            fits, unsure = (of_number or of_weekday or week)[:1], True
    elif (found := _WEEKDAY.match(line)) and not dates_in(line, week[0].year):
        fits = [on for on in week if is_weekday(found[1], on)]
    else:
        return line
    on = fits[0]
    said = f"{on.day}. {MONTHS[on.month - 1]}"
    said = f"{WEEKDAYS[on.weekday()]} den {said} {on.year}" if on.year != given else said
    return f"{said} {line[found.end() :].lstrip(' :,–-')}{UNSURE * unsure}"


def weekdays_of(cells: list[str]) -> dict[int, int]:
    """The weekday of each column where a row heads a calendar of weeks; empty where it does not."""
    said = {at: cell for at, cell in enumerate(cells) if at and _COLUMN.fullmatch(cell)}
    if len(said) < _COLUMNS or not re.fullmatch(r"uge(?:nr\.?|\s*nr\.?)?", cells[0], re.IGNORECASE):
        return {}
    return {at: _weekday(cell) for at, cell in said.items()}


def _weekday(cell: str) -> int:
    return next(at for at, name in enumerate(WEEKDAYS) if name[:2] == cell.casefold()[:2])
