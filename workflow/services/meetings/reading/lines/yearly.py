"""Calendars of a year that are set with spaces, as a PDF gives them when copied: months side by side, and below each a
row for every day ("29 Sø", "16 Ma ØU  8"). Pure; a line keeps its place."""

from __future__ import annotations

import re

from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH

_LEAST = 3  # months side by side
_MONTH = re.compile(rf"(?<!\S)(?:{MONTH})\.?(?: +20\d\d)?(?!\S)", re.IGNORECASE)
_LETTERS = rf"(?:{DAY_NAME}|ma|ti|on|to|fr|lø|sø|[mtofls])\.?"
_DAY = re.compile(
    rf"(?<!\S)(?:(?P<number>\d{{1,2}})\.? {{1,2}}(?P<said>{_LETTERS})"
    rf"|(?P<before>{_LETTERS}) {{1,2}}(?P<behind>\d{{1,2}})\.?)(?!\S)",
    re.IGNORECASE,
)
_WIDEST = 4  # signs between where a month's heading begins and its days do
_ROWS = 28  # at least, of such a calendar


def with_cells(lines: list[str]) -> list[str]:
    """The lines, with the cells of each such calendar apart by tabs: a day is of the month it stands below."""
    read = list(lines)
    for at, line in enumerate(lines):
        months = [found.span() for found in _MONTH.finditer(line)]
        if len(months) < _LEAST or "\t" in line or _MONTH.sub("", line).strip():
            continue
        rows = _rows(lines, at + 1, [begin for begin, _ in months])
        if rows:
            read[at] = "\t".join(line[begin:end] for begin, end in months)
            read = [rows.get(place, said) for place, said in enumerate(read)]
    return read


def _rows(lines: list[str], at: int, months: list[int]) -> dict[int, str]:
    """The rows from a place on, by their places; none where they are not the days of the months."""
    rows: dict[int, str] = {}
    number = 0
    for place in range(at, len(lines)):
        line = lines[place]
        if not line.strip():
            continue
        days = [day for day in _DAY.finditer(line) if int(day["number"] or day["behind"]) == number + 1]
        cells = _cells(line, days, months)
        if cells is None:
            break
        number += 1
        rows[place] = "\t".join(cells)
    return rows if number >= _ROWS else {}


def _cells(line: str, days: list[re.Match[str]], months: list[int]) -> list[str] | None:
    """The cells of a row below the months; ``None`` where one stands below none, or words before the first."""
    cells = [""] * len(months)
    if not days or line[: days[0].start()].strip():
        return None
    ends = [*(day.start() for day in days[1:]), len(line)]
    for day, end in zip(days, ends, strict=True):
        month = min(range(len(months)), key=lambda at: abs(months[at] - day.start()))
        if abs(months[month] - day.start()) > _WIDEST or cells[month]:
            return None
        words = " ".join(line[day.end() : end].split())
        cells[month] = f"{day['said'] or day['before']} {day['number'] or day['behind']} {words}".strip()
    return cells
