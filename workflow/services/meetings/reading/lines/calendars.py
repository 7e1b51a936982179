"""Calendars, written as lines that say of each day what it is: a row a week and a column a weekday, the months side by
side, or below each other with a line for every day. Pure; a line keeps its number."""

from __future__ import annotations

import re
from datetime import date

from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.naming import names_organ, organs_in
from workflow.services.meetings.reading.lines.grids import cells_of
from workflow.services.meetings.reading.lines.weeks import under_weeks, weekdays_of
from workflow.services.meetings.reading.proposing import AGENDA
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, month_of, year_in

Line = tuple[int, str]
_LEAST = 3  # months side by side that make a calendar
_EVERY_DAY = 20  # rows of one in which each day has a cell
_DAY = re.compile(rf"(?:(?:{DAY_NAME}|[mtofls][aioøe])\.?\s*)?(\d{{1,2}})\.?(?:\s+(\D.*))?", re.IGNORECASE)
_LETTERS = re.compile(rf"(?:{DAY_NAME}|[mtofls][aioøe]?)\.?", re.IGNORECASE)
_MONTH = re.compile(rf"({MONTH})\.?(?:\s+(20\d\d))?", re.IGNORECASE)
_WEEK = re.compile(r"(?:uge\s*)?(\d{1,2})\.?(?:\s*\(\D*|\s[^\d-]\D*)?", re.IGNORECASE)
_NOT_ABOUT = re.compile(
    r"gruppemøde|ferie|helligdag|påske|skærtors|langfre|pinse|himmelf|grundlov|nytår|\bjul|bededag|\bfri\b|lukk|"
    r"frist|deadline|udsend|høring|\d+\.\s*maj",
    re.IGNORECASE,
)
_LETTER = rf"(?:{DAY_NAME}|ma|ti|on|to|fr|lø|sø|[mtofls])\.?"
_DAY_ALONE = re.compile(
    rf"(?:{_LETTER}\s+)?(\d{{1,2}})\.?(?:\s+{_LETTER}(?=\s|$))?(?:\s+(.*))?", re.IGNORECASE
)


def with_days(lines: list[Line], year: int | None = None) -> list[Line]:
    """The lines, with every calendar in them written as lines that say what each day is. ``year`` is that of a
    calendar which names none; its days are written without it, so whoever gave it answers for it."""
    lines = under_weeks(lines, _year_of_all(lines), year)
    return _down(_of_days(_of_weeks(lines, year), year), year)


def _of_weeks(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar with a row a week and a column a weekday, whose cells say who meets."""
    own = _year_of_all(lines)
    year = own or given
    found: list[Line] = []
    columns: dict[int, int] = {}
    for number, line in lines:
        cells = cells_of(line)
        if heads := weekdays_of(cells):
            columns = heads
            continue
        week = _WEEK.fullmatch(cells[0]) if columns and cells else None
        if not week or not year:
            found.append((number, line))
            continue
        for at, weekday in columns.items():
            cell = cells[at] if at < len(cells) else ""
            try:
                on = date.fromisocalendar(year, int(week[1]), weekday + 1)
            except ValueError:
                continue
            found += [(number, said) for said in _told(on, _with_own_day(on, cell), own=bool(own))]
    return found


def _with_own_day(on: date, cell: str) -> str:
    """A calendar's cell that tells a day too, without the cell's own; of another, which is no deadline, it is asked."""
    dated = dates_in(cell, on.year, on.month)
    for one in reversed(dated):
        if one.on == on:
            cell = f"{cell[: one.at - len(one.said)]} {cell[one.at :]}"
    if any(one.on != on for one in dated) and not AGENDA.search(cell):
        cell = f"{cell} (?)"
    return cell


def _of_days(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar in which every day of the months that stand side by side has a cell."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        cells = cells_of(lines[at][1])
        months = {place: read for place, cell in enumerate(cells) if (read := _MONTH.fullmatch(cell))}
        rows = _every_day(lines[at + 1 :], list(months)) if len(months) >= _LEAST else 0
        if not rows:
            found.append(lines[at])
            at += 1
            continue
        year = _year(lines)
        for number, line in lines[at + 1 : at + 1 + rows]:
            row = cells_of(line)
            for place, named in months.items():
                end = min((other for other in months if other > place), default=max(len(cells), len(row)))
                day, behind = _day(row, place)
                own = int(named[2]) if named[2] else year
                if day and (own or given):
                    words = " ".join(part for part in (day[2] or "", *row[behind:end]) if part)
                    try:
                        on = date(own or given or 0, month_of(named[1]), int(day[1]))
                    except ValueError:
                        continue
                    found += [(number, said) for said in _told(on, words, own=bool(own))]
        at += 1 + rows
    return found


def _every_day(rows: list[Line], places: list[int]) -> int:
    """How many rows below a heading hold the days of months, one day a row; 0 where they do not."""
    count = 0
    for _, line in rows:
        cells = cells_of(line)
        days = {int(day[1]) for at in places if (day := _day(cells, at)[0])}
        if days != {count + 1}:
            break
        count += 1
    return count if count >= _EVERY_DAY else 0


def _day(row: list[str], at: int) -> tuple[re.Match[str] | None, int]:
    """The day in a calendar's column, which may have one beside it for the weekday, and the place behind it."""
    at += 1 if at < len(row) and _LETTERS.fullmatch(row[at]) else 0
    behind = at + 2 if at + 1 < len(row) and _LETTERS.fullmatch(row[at + 1]) else at + 1
    return (_DAY.fullmatch(row[at]) if at < len(row) else None), behind


def _down(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar of months below each other, in which every day has a line: "M 10  2  ØU" is a Monday of week 2."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        named = _MONTH.fullmatch(lines[at][1])
        own = (int(named[2]) if named[2] else _year(lines)) if named else None
        rows = _one_by_one(lines[at + 1 :]) if named and (own or given) else []
        found += [] if rows else [lines[at]]
        for (number, _), (day, words) in zip(lines[at + 1 :], rows, strict=False):
            try:
                on = date(own or given or 0, month_of(named[1] if named else ""), day)
            except ValueError:
                continue
            week = rf"(?:uge\s*)?{on.isocalendar().week}"
            said = re.sub(rf"^{week}(?=\s|$)|(?:^|\s){week}$", "", words, count=1, flags=re.IGNORECASE)
            found += [(number, line) for line in _told(on, said.strip(), own=bool(own))]
        at += 1 + len(rows)
    return found


def _one_by_one(lines: list[Line]) -> list[tuple[int, str]]:
    """The days of a month and what is beside them, where the lines begin with every day of one; else none."""
    days: list[tuple[int, str]] = []
    for _, line in lines:
        found = _DAY_ALONE.fullmatch(" ".join(line.split()))
        if not found or int(found[1]) != len(days) + 1:
            break
        days.append((int(found[1]), found[2] or ""))
    return days if len(days) >= _EVERY_DAY else []


def _told(on: date, cell: str, *, own: bool) -> list[str]:
    """What a calendar's cell tells, a line for each that meets, with the year where it is the calendar's ``own``;
    holidays and deadlines, which name no committee as the one that meets, are left out."""
    cell = cell.strip(" -–")
    if not re.search(r"[^\W_]", cell) or (_NOT_ABOUT.search(cell) and not names_organ(cell)):
        return []
    apart = [part.strip() for part in re.split(r"[/+]", cell)]
    kept = [part for part in apart if names_organ(part) or not _NOT_ABOUT.search(part)]
    cell = " / ".join(kept) if len(kept) < len(apart) else cell
    parts = [part.strip() for part in re.split(r"[/+,]", cell) if part.strip()]
    several = len(parts) > 1 and all(names_organ(part) and len(organs_in(part)) == 1 for part in parts)
    day = f"{on.day}. {MONTHS[on.month - 1]}"
    day = f"{WEEKDAYS[on.weekday()]} den {day} {on.year}" if own else day
    return [f"{day} {part}" for part in (parts if several else [cell])]


def _year(lines: list[Line]) -> int | None:
    return year_in("\n".join(line for _, line in lines if not dates_in(line, 2000)))


def _year_of_all(lines: list[Line]) -> int | None:
    return _year(lines) or year_in("\n".join(line for _, line in lines))
