"""A contacts file as offices save it, as numbered rows of text: CSV in whatever encoding and with whatever separator a
Danish Excel writes, or the workbook itself; perhaps with a title above the heading."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from workflow.services.meetings.sheets import as_text_cell, struck_rows, xlsx_sheets
from workflow.services.people.contacts.contactheading import COLUMNS, NEEDED, REMARK, columns, fits
from workflow.services.people.contacts.contactwords import Said, Unreadable, say
from workflow.storage.filereading import read_file, text_of
from workflow.values import dataclass, replace

MOST_BYTES = 2_000_000  # of a file on the command line; the site takes as much
TITLES = 20  # rows that may stand above the heading
_SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs"}
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """The heading, the rows below it that are not empty, each with its line; where it is a ``workbook`` cells have
    names. ``read`` tells how the file was taken."""

    heading: list[str]
    rows: list[tuple[int, list[str]]]
    read: tuple[Said, ...] = ()
    workbook: bool = False
    struck: frozenset[int] = frozenset()  # lines that are crossed out


def read_table(source: Path | str | bytes) -> Table:
    """The table in a file (``Path``, or what it holds: ``bytes``) or in CSV text (``str``); :class:`Unreadable` for
    what is none."""
    if isinstance(source, str):
        return _from_text(source.removeprefix("\ufeff"), ())
    content, name = (source, "the file") if isinstance(source, bytes) else (_content(source), str(source))
    if content.startswith(_OLD_WORKBOOK):
        raise Unreadable(say("{source}: an Excel 97 workbook; save it as .xlsx or as CSV", source=name))
    if content.startswith(_WORKBOOK):
        return _from_workbook(content)
    try:
        text, encoding = text_of(content)
    except ValueError as error:
        raise Unreadable(
            say("{source}: {why}; give a CSV or Excel file that can be read", source=name, why=error)
        ) from error
    return _from_text(text, () if encoding == "UTF-8" else (say("{encoding}", encoding=encoding),))


def _from_workbook(content: bytes) -> Table:
    """The one sheet with the heading: a workbook may begin with one that says how it is filled in. Of two with
    contacts nobody knows which is meant."""
    sheets = [
        (title, [(number, [as_text_cell(cell) for cell in row]) for number, row in rows])
        for title, rows in xlsx_sheets(content)
    ]
    headed = [one for one in sheets if _heading_at(one[1]) is not None]
    full = [one for one in headed if len(one[1]) > (_heading_at(one[1]) or 0) + 1]
    if len(full) > 1:
        named = ", ".join(repr(title) for title, _rows in full)
        raise Unreadable(
            say(
                "the sheets {titles} all hold contacts; leave one and hide or delete the others", titles=named
            )
        )
    title, rows = next(iter(full or headed), sheets[0])
    first = title == sheets[0][0]
    told = (
        say("the first visible sheet of the workbook") if first else say("the sheet {title!r}", title=title)
    )
    return replace(_below_heading(rows, (told,), workbook=True), struck=struck_rows(content, title))


def _content(source: Path) -> bytes:
    try:
        return read_file(source, MOST_BYTES)
    except OSError as error:
        why = error.strerror or str(error)
        raise Unreadable(
            say("{source}: {why}; give a CSV or Excel file that can be read", source=source, why=why)
        ) from error


def _from_text(text: str, read: tuple[Said, ...]) -> Table:
    told = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if told:
        text = text[told.end() :]
    failed: Unreadable | None = None
    tables = []
    for separator in dict.fromkeys((told[1] if told else ";", *_SEPARATORS)):
        try:
            tables.append((separator, _rows(text, separator)))
        except Unreadable as error:
            failed = failed or error
    best = next((one for one in tables if _heading_at(one[1]) is not None), None)
    if best is None:
        if failed:
            raise failed
        first = text.partition("\n")[0]
        best = max(tables, key=lambda one: first.count(one[0]))
    separator, rows = best
    by = _SEPARATORS.get(separator, repr(separator))
    if separator not in ",;":
        read = (*read, say("separated by {by}", by=by))
    return _below_heading(rows, read, workbook=False)


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found, at = [], 1
    try:
        for row in reader:
            found.append((at, row))
            at = reader.line_num + 1  # a cell may hold line breaks: a row is named by its first line
    except csv.Error as error:
        raise Unreadable(
            say("line {line}: {why}; quotes must be closed and doubled inside", line=at, why=error)
        ) from error
    return found


def _heading_at(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    for index, (_number, row) in enumerate(rows[:TITLES]):
        if set(NEEDED) <= set(columns(row)):
            return index
    return None


def _below_heading(rows: list[tuple[int, list[str]]], read: tuple[Said, ...], *, workbook: bool) -> Table:
    at = _heading_at(rows) or 0
    number, cells = rows[at] if rows else (1, [])
    heading = columns(cells)
    if not fits(heading):
        said = ", ".join(cell.strip() for cell in cells if cell.strip())
        raise Unreadable(
            say(
                "line {line}: the heading is {heading}; it must be {columns} (only {needed} are compulsory, each once)",
                line=number, heading=said or "missing", columns=",".join(COLUMNS),
                needed=", ".join(NEEDED),
            )
        )  # fmt: skip
    below = [(line, _fitted(row, len(heading), workbook)) for line, row in rows[at + 1 :]]
    if at:
        read = (*read, say("heading on line {line}", line=number))
    if REMARK in heading:
        left = ", ".join(cell.strip() for cell, name in zip(cells, heading, strict=False) if name == REMARK)
        read = (*read, say("not kept: the column {left}", left=left))
    return Table(
        heading, [(line, row) for line, row in below if any(cell.strip() for cell in row)], read, workbook
    )


def _fitted(row: list[str], width: int, workbook: bool) -> list[str]:
    """Without the empty cells Excel adds at the end; in a workbook also with those it leaves out."""
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row + [""] * (width - len(row)) if workbook else row
