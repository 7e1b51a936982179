"""Calendars, written as lines that say of each day what it is: a row a week and a column a weekday, the months side by
side, or below each other with a line for every day. Pure; a line keeps its number."""

from __future__ import annotations

import re
from datetime import date

from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.naming import names_organ, organs_in
from workflow.services.meetings.reading.beside import OF_ANOTHER_YEAR
from workflow.services.meetings.reading.lines.grids import cells_of
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.lines.weeks import under_weeks, weekdays_of
from workflow.services.meetings.reading.proposing import AGENDA
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, month_of, year_in
from workflow.services.meetings.reading.turning import UNSURE, Turning, agree, week_of

_LEAST = 3  # months side by side that make a calendar
_EVERY_DAY = 20  # rows of one in which each day has a cell
_DAY = re.compile(
    rf"(?:({DAY_NAME}|[mtofls](?:[aionrøe]|(?=\s)))\.?\s*)?(\d{{1,2}})\.?"
    rf"(?:\s+((?:{DAY_NAME}|ma|ti|on|to|fr|lø|sø|[mtofls])\.?)(?=\s|$))?(?:\s+(.*))?",
    re.IGNORECASE,
)
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
    rf"(?:({_LETTER})\s+)?(\d{{1,2}})\.?(?:\s+({_LETTER})(?=\s|$))?(?:\s+(.*))?", re.IGNORECASE
)


def with_days(lines: list[Line], year: int | None = None) -> list[Line]:
    """The lines, with every calendar in them written as lines that say what each day is. ``year`` is that of a
    calendar which names none; its days are written without it, so whoever gave it answers for it."""
    lines = under_weeks(lines, _year_of_all(lines), year)
    return _down(_of_days(_numbered(_of_weeks(lines, year)), year), year)


def _numbered(lines: list[Line]) -> list[Line]:
    """With the number of each day in every month's cell, where it stands in a column of its own before the months."""
    found = list(lines)
    for at, (_, line) in enumerate(lines):
        months = {place for place, cell in enumerate(cells_of(line)) if _MONTH.fullmatch(cell)}
        rows: list[Line] = []
        for number, below in lines[at + 1 :] if len(months) >= _LEAST and 0 not in months else ():
            cells = cells_of(below)
            if not cells or cells[0].rstrip(".") != str(len(rows) + 1):
                break
            wide = [*cells, *[""] * max(0, max(months) + 1 - len(cells))]
            told = [f"{cells[0]} {cell}" if place in months else cell for place, cell in enumerate(wide)]
            rows.append((number, "\t".join(["", *told[1:]])))
        if len(rows) >= _EVERY_DAY:
            found[at + 1 : at + 1 + len(rows)] = rows
    return found


def _of_weeks(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar with a row a week and a column a weekday, whose cells say who meets."""
    own = _year_of_all(lines)
    year = own or given
    turning = Turning(year or 0)
    found: list[Line] = []
    columns: dict[int, int] = {}
    for number, line in lines:
        cells = cells_of(line)
        if heads := weekdays_of(cells):
            columns, turning = heads, Turning(year or 0)
            continue
        week = _WEEK.fullmatch(cells[0]) if columns and cells else None
        if not week or not year:
            found.append((number, line))
            continue
        if not any(cells[1:]):
            continue
        days, held = week_of(turning.take(int(week[1])), int(week[1]))
        unsure = turning.unsure or not held
        for at, weekday in columns.items():
            on = days[weekday]
            said = _with_own_day(on, cells[at] if at < len(cells) else "")
            is_own = bool(own) or on.year != year  # the first week of a year begins in the one before
            found += [(number, told) for told in _told(on, said, own=is_own, unsure=unsure)]
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
        rest = lines[at + 1 : at + 1 + rows]
        table = [cells_of(line) for _, line in rest]
        said = {place: [_day(row, place) for row in table] for place in months}
        years = _years(
            Turning(_year(lines) or given or 0),
            [(named, _letters(days)) for named, days in zip(months.values(), said.values(), strict=True)],
        )
        for (number, _), row in zip(rest, table, strict=True):
            for place, (year, unsure) in zip(months, years, strict=True):
                end = min((other for other in months if other > place), default=max(len(cells), len(row)))
                day, behind, _ = _day(row, place)
                on = _on(year, months[place], int(day[2])) if day else None
                if day and on:
                    words = " ".join(part for part in (day[4] or "", *row[behind:end]) if part)
                    words = _without_week(words, on)
                    own = bool(months[place][2] or _year(lines)) or year != given
                    found += [(number, told) for told in _told(on, words, own=own, unsure=unsure)]
        at += 1 + rows
    return found


def _years(
    turning: Turning, months: list[tuple[re.Match[str], list[tuple[str, int]]]]
) -> list[tuple[int, bool]]:
    """The year of each of the months in turn, and whether to ask about its days: by the weekdays that stand beside them
    it is another one, or nothing proves that the list went on into the next year."""
    found: list[tuple[int, bool]] = []
    for named, days in months:
        month = month_of(named[1])
        if named[2]:
            turning.begin(int(named[2]), month)
        elif turning.year:
            turning.take(month)
        told = ((said, _on(turning.year, named, day)) for said, day in days)
        fits = agree((said, on) for said, on in told if on)
        if fits and turning.unsure:
            turning.begin(turning.year, month)
        found.append((turning.year, turning.unsure or fits is False))
    return found


def _on(year: int, month: re.Match[str], day: int) -> date | None:
    """The day of a month; none where the year is not known or the month has no such day."""
    try:
        return date(year, month_of(month[1]), day)
    except ValueError:
        return None


def _every_day(rows: list[Line], places: list[int]) -> int:
    """How many rows below a heading hold the days of months, one day a row; 0 where they do not."""
    count = 0
    for _, line in rows:
        cells = cells_of(line)
        days = {int(day[2]) for at in places if (day := _day(cells, at)[0])}
        if days != {count + 1}:
            break
        count += 1
    return count if count >= _EVERY_DAY else 0


def _day(row: list[str], at: int) -> tuple[re.Match[str] | None, int, str]:
    """The day in a calendar's column, which may have one beside it for the weekday, the place behind it, and the
    weekday that is said."""
    before = row[at] if at < len(row) and _LETTERS.fullmatch(row[at]) else ""
    at += 1 if before else 0
    after = row[at + 1] if at + 1 < len(row) and _LETTERS.fullmatch(row[at + 1]) else ""
    day = _DAY.fullmatch(row[at]) if at < len(row) else None
    return day, at + 2 if after else at + 1, before or (day[1] or day[3] or "" if day else "") or after


def _letters(rows: list[tuple[re.Match[str] | None, int, str]]) -> list[tuple[str, int]]:
    """The weekdays that stand beside the days of a calendar's column."""
    return [(said, int(day[2])) for day, _, said in rows if day]


def _down(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar of months below each other, in which every day has a line: "M 10  2  ØU" is a Monday of week 2."""
    found: list[Line] = []
    year = _year(lines) or given
    turning = Turning(year or 0)
    at = 0
    while at < len(lines):
        named = _MONTH.fullmatch(lines[at][1])
        rows = _one_by_one(lines[at + 1 :]) if named and (year or named[2]) else []
        found += [] if rows else [lines[at]]
        if named and rows:
            (of, unsure), *_ = _years(turning, [(named, [(said, day) for day, said, _ in rows])])
            own = bool(_year(lines) or named[2]) or of != given
            for (number, _), (day, _, words) in zip(lines[at + 1 :], rows, strict=False):
                if on := _on(of, named, day):
                    said = _without_week(words, on)
                    found += [(number, line) for line in _told(on, said, own=own, unsure=unsure)]
        at += 1 + len(rows)
    return found


def _without_week(words: str, on: date) -> str:
    """What stands beside a day, without the number of its week."""
    week = rf"(?:uge\s*)?{on.isocalendar().week}"
    return re.sub(rf"^{week}(?=\s|$)|(?:^|\s){week}$", "", words, count=1, flags=re.IGNORECASE).strip()


def _one_by_one(lines: list[Line]) -> list[tuple[int, str, str]]:
    """The days of a month, their weekdays and what is beside them, where the lines begin with every day of one; else
    none."""
    days: list[tuple[int, str, str]] = []
    for _, line in lines:
        found = _DAY_ALONE.fullmatch(" ".join(line.split()))
        if not found or int(found[2]) != len(days) + 1:
            break
        days.append((int(found[2]), found[1] or found[3] or "", found[4] or ""))
    return days if len(days) >= _EVERY_DAY else []


def _told(on: date, cell: str, *, own: bool, unsure: bool) -> list[str]:
    """What a calendar's cell tells, a line for each that meets, with the year where it is the calendar's ``own``, and
    the sign that asks where the day is ``unsure``; holidays and deadlines, which name no committee as the one that
    meets, are left out."""
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
    return [f"{day} {part}{UNSURE * unsure}" for part in (parts if several else [cell])]


def _year(lines: list[Line]) -> int | None:
    own = (
        line
        for _, line in lines
        if "20" in line and not (dates_in(line, 2000) or OF_ANOTHER_YEAR.search(line))
    )
    return year_in("\n".join(own))


def _year_of_all(lines: list[Line]) -> int | None:
    return _year(lines) or year_in("\n".join(line for _, line in lines if not OF_ANOTHER_YEAR.search(line)))
