"""Days without a year in a list over two: "Mødeplan august 2026 til juni 2027". A weekday has its day in one of them
alone, and a period tells of each month in which it is. Pure; a line keeps its number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from workflow.rules.days import MONTHS
from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.lines.line import MONTH_ALONE, Line
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, Dated, dates_in, month_of, year_in

_PERIOD = re.compile(
    rf"\b({MONTH})\.?\s+(20\d\d)\s*(?:-|–|—|til(?: og med)?|t\.o\.m\.)\s*(?:d(?:en|\.)\s*)?(?:\d{{1,2}}\.?\s+)?"
    rf"({MONTH})\.?\s+(20\d\d)\b",
    re.IGNORECASE,
)
_ITS_DAY = rf"(?:(?:{DAY_NAME})\.?\s+)?(?:d(?:en|\.)\s*)?\d"
_LEADING = re.compile(  # "I 2027 28. januar, 25. februar", "2027: 28. januar"
    rf"(?:(?:^|\bi\s+(?:året\s+)?)(20\d\d)\b(?=\s*:|\s+{_ITS_DAY})|(?<=[.:;,(–-]\s)(20\d\d)(?=\s*:\s*{_ITS_DAY}))",
    re.IGNORECASE,
)
_ENOUGH = 6  # days with a weekday that must agree on the years of their months


def with_years(lines: list[Line], years: set[int]) -> tuple[list[Line], set[int]]:
    """The lines, with the year behind each day whose weekday or period tells in which of ``years`` it is, and the
    numbers of those where a person must look: the days do not go once from the one year's months to the other's. What
    stands below a heading with its own year is left to that."""
    told = [_days(line, years, month) for line, month in _under_months(lines)]
    headed = next(
        (at for at, (_, line) in enumerate(lines) if year_in(line) and not dates_in(line, 2000)), len(lines)
    )
    told = [days if at < headed else [] for at, days in enumerate(told)]
    period = _period(lines)
    of_month = period or _in_turn(lines, told)
    read: list[Line] = []
    unsure: set[int] = set()
    for (number, line), days in zip(lines, told, strict=True):
        whole, last = line, len(line) + 1
        for said in reversed(days):
            own, one = _proven(said), next(iter(said.values()))
            month = on.month if (on := own or one.on) else 0
            year = of_month.get(month) or (own.year if own else None)
            if year is None or one.at == last:  # "16. og 30. september" have one month
                continue
            last = one.at
            if not of_month:
                unsure.add(number)
            before, behind = whole[: one.at], whole[one.at :]
            in_full = f" {year}" if dates_in(before, year) else f" {MONTHS[month - 1]} {year}"
            whole = f"{before}{in_full}{behind}"
        read.append((number, whole))
    return read, unsure


def with_leading(line: str) -> str:
    """A line on which several years each stand before their days ("I 2026 24. september. I 2027 28. januar"), with its
    year behind each of those days; with a question mark where one stands so behind days of which it may be too."""
    heads = [(int(found[1] or found[2]), *found.span()) for found in _LEADING.finditer(line)]
    if heads and dates_in(line[: heads[0][1]], None):
        return f"{line[: heads[0][1]]}(?) {line[heads[0][1] :]}"
    if len(heads) < 2 or len(heads) != len(re.findall(r"\b20\d\d\b", line)):
        return line
    whole, at = "", 0
    for (year, _, begin), end in zip(heads, [*(start for _, start, _ in heads[1:]), len(line)], strict=True):
        for one in dates_in(line[begin:end], year):
            if (place := begin + one.at) > at:  # "16. og 30. september" have one month
                whole, at = f"{whole}{line[at:place].rstrip('.')} {year}", place
    return whole + line[at:]


def _under_months(lines: list[Line]) -> list[tuple[str, int | None]]:
    """Each line with the month of the heading above it."""
    found: list[tuple[str, int | None]] = []
    month: int | None = None
    for _, line in lines:
        if headed := MONTH_ALONE.fullmatch(line.strip()):
            month = month_of(headed[1])
        found.append((line, month))
    return found


def _days(line: str, years: set[int], month: int | None) -> list[Mapping[int, Dated]]:
    """Each day of a line that tells no year, as it is in each of ``years``."""
    read = {year: dates_in(line, year, month) for year in sorted(years)}
    return [
        dict(zip(read, same, strict=True))
        for same in zip(*read.values(), strict=True)
        if not any(one.own_year for one in same)
    ]


def _proven(said: Mapping[int, Dated]) -> date | None:
    """The day in the one year in which it has the weekday that is said."""
    fits = [one.on for one in said.values() if one.on and one.proven]
    return fits[0] if len(fits) == 1 else None


def _period(lines: list[Line]) -> dict[int, int]:
    """The year of each month, where a line tells one period of less than a year; else none."""
    told = {found.groups() for _, line in lines for found in _PERIOD.finditer(line)}
    if len(told) != 1:
        return {}
    first, begins, last, ends = told.pop()
    begin, end = month_of(first), month_of(last)
    if int(ends) != int(begins) + 1 or end >= begin:
        return {}
    return {
        month: int(begins if month >= begin else ends) for month in range(1, 13) if not end < month < begin
    }


def _in_turn(lines: list[Line], told: list[list[Mapping[int, Dated]]]) -> dict[int, int]:
    """The year of each month, where enough days agree that one year's months come after all of the other's, and the
    list goes from the one to the other once for each body."""
    of_month: dict[int, int] = {}
    count, last = 0, 0
    for (_, line), days in zip(lines, told, strict=True):
        if not days and names_organ(line):
            last = 0
        for on in filter(None, map(_proven, days)):
            if on.year < last or of_month.setdefault(on.month, on.year) != on.year:
                return {}
            count, last = count + 1, on.year
    years = sorted(set(of_month.values()))
    if count < _ENOUGH or len(years) != 2 or years[1] != years[0] + 1:
        return {}
    begin = min(month for month, year in of_month.items() if year == years[0])
    end = max(month for month, year in of_month.items() if year == years[1])
    return of_month if end < begin else {}
