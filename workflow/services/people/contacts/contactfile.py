"""A contacts file as offices save it, as numbered rows of text: CSV in whatever encoding and with whatever separator a
Danish Excel writes, or the workbook itself; perhaps with a title above the heading."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workflow.services.meetings.sheets import as_text_cell, xlsx_sheets
from workflow.services.people.contacts.contactwords import Said, Unreadable, say
from workflow.storage.filereading import read_file

COLUMNS = ("body", "function", "name", "email", "priority", "valid_from", "valid_to", "language")
NEEDED = ("body", "function", "email")
NAMES = {
    "organ": "body", "kommune": "body", "råd": "body", "kode": "body", "funktion": "function", "rolle": "function",
    "navn": "name", "kontakt": "name", "kontaktperson": "name", "email": "email",
    "e-mail": "email", "mail": "email", "e-mailadresse": "email", "mailadresse": "email", "postkasse": "email",
    "adresse": "email", "prioritet": "priority", "nr": "priority", "nr.": "priority", "gælder fra": "valid_from",
    "gyldig fra": "valid_from", "fra": "valid_from", "gælder til": "valid_to", "gyldig til": "valid_to",
    "til": "valid_to", "sprog": "language",
}  # fmt: skip
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
    text, encoding = _decoded(content)
    return _from_text(text, () if encoding == "UTF-8" else (say("{encoding}", encoding=encoding),))


def _from_workbook(content: bytes) -> Table:
    """The first sheet with the heading: a workbook may begin with one that says how it is filled in."""
    sheets = [
        (title, [(number, [as_text_cell(cell) for cell in row]) for number, row in rows])
        for title, rows in xlsx_sheets(content)
    ]
    title, rows = next((one for one in sheets if _heading_at(one[1]) is not None), sheets[0])
    first = title == sheets[0][0]
    told = say("the first sheet of the workbook") if first else say("the sheet {title!r}", title=title)
    return _below_heading(rows, (told,), workbook=True)


def _content(source: Path) -> bytes:
    try:
        return read_file(source, MOST_BYTES)
    except OSError as error:
        why = error.strerror or str(error)
        raise Unreadable(
            say("{source}: {why}; give a CSV or Excel file that can be read", source=source, why=why)
        ) from error


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), "UTF-16" if encoding == "utf-16" else "UTF-8"
    if content[1:200:2].count(0) > len(content[:200]) // 4:
        return content.decode("utf-16-le", "replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


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
        if set(NEEDED) <= {_column(cell) for cell in row}:
            return index
    return None


def _below_heading(rows: list[tuple[int, list[str]]], read: tuple[Said, ...], *, workbook: bool) -> Table:
    at = _heading_at(rows) or 0
    number, cells = rows[at] if rows else (1, [])
    heading = [_column(cell) for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    missing = [name for name in NEEDED if name not in heading]
    strange = [name for name in heading if name not in COLUMNS]
    if missing or strange or len(set(heading)) != len(heading):
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
    return Table(
        heading, [(line, row) for line, row in below if any(cell.strip() for cell in row)], read, workbook
    )


def _fitted(row: list[str], width: int, workbook: bool) -> list[str]:
    """Without the empty cells Excel adds at the end; in a workbook also with those it leaves out."""
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row + [""] * (width - len(row)) if workbook else row


def _column(cell: str) -> str:
    name = " ".join(cell.strip().lower().split()).rstrip(":")
    return NAMES.get(name, name)
