"""The sheets of a workbook: one list, or one for each committee, year or half-year. None is read in part in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.services.meetings.naming import SHORT_NAMES, called_as, names_organ
from workflow.services.meetings.reading.lines.called import (
    is_organ,
    may_be_body,
    name_in,
    says_body,
    says_subjects,
)
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.settling import told_twice
from workflow.services.meetings.sheets import Row, known_heading, may_hold_days, xlsx_rows, xlsx_sheets

_BESIDE = re.compile(
    r".*(?:ferie|fridag|helligdag|lukkedag|vejledning|kontakt|noter?\b|forklaring).*", re.IGNORECASE
)
_PERIOD = re.compile(r"(?:.*\b)?20\d\d\b.*|.*(?:halvår|kvartal|forår|efterår).*", re.IGNORECASE)
_SHORT = re.compile(r"[A-ZÆØÅ]{2,5}")
Read = Callable[[Sequence[Row]], list[Proposed]]


def read_workbook(content: bytes, read: Read) -> list[Proposed]:
    """The meetings of a workbook, its sheets read by ``read``: of the one that may hold days, or of each where all say
    whose they are or of which period, by their names or above their days; a sheet of holidays is left out then.
    :class:`Invalid` names the sheet that cannot be read, or all where which is meant only a person knows."""
    sheets = xlsx_sheets(content)
    full = [(title, rows) for title, rows in sheets if rows and may_hold_days(rows)]
    lists = [(title, rows) for title, rows in full if names_organ(title) or not _BESIDE.fullmatch(title)]
    own = any(known_heading(rows) for _, rows in lists)  # written for this program: then it is one list
    legend = [row for title, rows in sheets if not may_hold_days(rows) for _, row in rows if _explains(row)]
    alike = len({_heading(rows) for _, rows in lists}) == 1
    heads = [_head(title, rows, legend, alike=alike) for title, rows in lists]
    if len(lists) < 2 or own or None in heads:
        only = lists[0][1] if len(lists) == 1 else xlsx_rows(content, may_hold_days)
        return read(only if own else _with(legend, only))
    found: dict[tuple[str, str, date], Proposed] = {}
    for (title, rows), head in zip(lists, heads, strict=True):
        try:
            sheet = read([(0, [head]), *_with(legend, rows)])  # the rows keep their numbers
        except Invalid as error:
            raise Invalid(phrase("arket »%(title)s«: %(why)s", title=title, why=error.args[0])) from error
        for one in sheet:
            key = (one.body, one.organ, one.on)
            found[key] = told_twice(found[key], one) if key in found else one
    return sorted(found.values(), key=lambda one: (one.on, one.organ))


def _head(title: str, rows: Sequence[Row], legend: Sequence[Sequence[object]], *, alike: bool) -> str | None:
    """What heads a sheet's days: its name, where that says whose or when they are; nothing where its own rows say it;
    ``None`` where nobody does. ``alike``: all sheets have the same columns, so a short name is a body's."""
    own, name = name_in(title)
    if names_organ(title) or _PERIOD.fullmatch(title):
        return title
    if title in SHORT_NAMES or any(str(row[0]).strip() == title for row in legend):
        return title
    if any(_is_body(cell) for _, row in rows for cell in row if isinstance(cell, str)):
        return ""
    if says_body(name) or says_subjects(name):
        return called_as(name)
    return called_as(title) if alike and (_SHORT.fullmatch(title) or may_be_body(own)) else None


def _is_body(cell: str) -> bool:
    """Whether a cell names a body and nothing else but its list."""
    own, name = name_in(cell)
    return is_organ(own) or says_body(name)


def _heading(rows: Sequence[Row]) -> tuple[str, ...]:
    """The first row of several words and no number, as of the headings of columns; none where none is."""
    for _, row in rows:
        cells = tuple(str(cell).strip() for cell in row if cell not in (None, ""))
        if len(cells) > 1 and not any(re.search(r"\d", cell) for cell in cells):
            return cells
    return ()


def _explains(row: Sequence[object]) -> bool:
    """Whether a row of a sheet without days spells a short name out: "TMU", "Teknik- og Miljøudvalget"."""
    cells = [str(cell) for cell in row if cell not in (None, "")]
    return len(cells) == 2 and bool(_SHORT.fullmatch(cells[0])) and names_organ(cells[1])


def _with(legend: Sequence[Sequence[object]], rows: Sequence[Row]) -> list[Row]:
    """The rows, and below them those that spell their short names out."""
    last = max((number for number, _ in rows), default=0)
    return [*rows, *enumerate(legend, start=last + 1)]
