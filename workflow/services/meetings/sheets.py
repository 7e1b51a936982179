"""Meeting days in a table with a heading: CSV (``body;organ;date;agenda_closes``) or the one sheet of a workbook.

Every mistake is told at once, with its line and what would work. Headings may be Danish, days Danish or ISO.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.lifecycle.spoken import below
from workflow.services.meetings.naming import Names, organ, whose_all
from workflow.services.meetings.reading.lines.called import says_body
from workflow.services.meetings.reading.proposing import GONE, WHOSE, Proposed
from workflow.services.meetings.reading.residue import residue
from workflow.services.meetings.reading.settling import told_twice
from workflow.services.meetings.reading.tokens import clock_in, dates_in, months_in
from workflow.services.meetings.reading.turning import weekday_doubt
from workflow.values import replace

COLUMNS = {
    "body": ("body", "råd", "kommune", "council", "kode", "hvem"),
    "organ": ("organ", "udvalg", "committee"),
    "date": ("date", "dato", "mødedato", "møde", "dag", "on"),
    "agenda_closes": ("agenda_closes", "dagsorden lukker", "dagsorden", "dagsordensfrist", "frist", "agenda"),
    "time": ("time", "tid", "klokkeslæt", "kl"),
}
SHOWN = 20
_WEEKDAY = re.compile(r"(?:man|tirs|ons|tors|fre|lør|søn)dag", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME_GOES_ON = re.compile(r"(\sog|\s&|\w[,-])\s*[\n\r]+\s*|\s*[\n\r]+\s*(?=og\s)")
HEADING = "body;organ;date;agenda_closes"
MOST_UNPACKED = 50_000_000  # bytes of everything in a workbook; one of 2 MB holds less
Row = tuple[int, Sequence[object]]


def csv_rows(text: str) -> list[Row]:
    """The numbered rows of a CSV text, separated as its first line is, without the empty ones."""
    first = text.partition("\n")[0]
    separator = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Invalid(
            phrase(
                "linje %(line)s: %(why)s; anførselstegn skal lukkes, og inde i teksten fordobles",
                line=reader.line_num,
                why=str(error),
            )
        ) from error


def xlsx_rows(content: bytes, counts: Callable[[Sequence[Row]], bool]) -> list[Row]:
    """The numbered rows of a workbook's one sheet that is not hidden and ``counts``: a note beside it does not. Where
    none does, the one with anything in it. :class:`Invalid` for what is no workbook, and for one with several: which
    is meant, only a person knows."""
    full = [(title, rows) for title, rows in xlsx_sheets(content) if rows]
    full = [(title, rows) for title, rows in full if counts(rows)] or full
    if len(full) > 1:
        titles = ", ".join(f"»{title}«" for title, _rows in full)
        raise Invalid(
            phrase(
                "der er noget på flere ark: %(titles)s; lad ét stå, og skjul eller slet de andre",
                titles=titles,
            )
        )
    return full[0][1] if full else []


def may_hold_days(rows: Sequence[Row]) -> bool:
    """Whether a table may hold meetings: it has the known heading, a day or the name of a month."""
    cells = [cell for _number, row in rows for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str)]
    return (
        known_heading(rows) is not None
        or any(isinstance(cell, date) for cell in cells)
        or any(months_in(text) or dates_in(text, None) for text in texts)
    )


def xlsx_sheets(content: bytes, most: int = 30) -> list[tuple[str, list[Row]]]:
    """A workbook's first sheets that are not hidden, at most so many, each by its name with its numbered rows, without
    the empty ones; :class:`Invalid` for what is no workbook."""
    from zipfile import BadZipFile, ZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            size = sum(one.file_size for one in packed.infolist())
        if size > MOST_UNPACKED:
            raise Invalid(
                phrase(
                    "regnearket fylder mere end %(most)s MB, når det pakkes ud; gem kun det ark, der skal læses",
                    most=MOST_UNPACKED // 10**6,
                )
            )
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Invalid(phrase("filen er ikke et regneark; gem den som .xlsx eller som CSV")) from error
    found: list[tuple[str, list[Row]]] = []
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in seen[:most]:
        rows = [(number, list(row)) for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)]
        found.append(
            (
                sheet.title,
                [(number, row) for number, row in rows if any(cell not in (None, "") for cell in row)],
            )
        )
    book.close()
    return found


def struck_rows(content: bytes, title: str) -> frozenset[int]:
    """The rows of a workbook's sheet in which a cell with something in it is crossed out."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    found = frozenset(
        number
        for number, row in enumerate(book[title].iter_rows(), start=1)
        if any(cell.value not in (None, "") and cell.font and cell.font.strike for cell in row)
    )
    book.close()
    return found


def as_text(rows: Sequence[Row]) -> str:
    """A table without the known heading, as the text reader takes it: a line a row, cells apart by tabs."""
    lines: dict[int, str] = {number: _as_line([as_text_cell(cell) for cell in row]) for number, row in rows}
    return "\n".join(
        lines.get(number, "") for number in range(min(lines, default=1), max(lines, default=0) + 1)
    )


def _as_line(cells: Sequence[str]) -> str:
    """A row as a line; one of a single cell that is no month's row heads what is below it."""
    alone = cells and cells[0].strip() and not any(cells[1:]) and not months_in(cells[0][:12])
    return cells[0] if alone else "\t".join(cells)


def known_heading(rows: Sequence[Row]) -> dict[str, int] | None:
    """Which column is which, where the first row is the heading of this form; ``None`` for another table."""
    found: dict[str, int] = {}
    for index, cell in enumerate(rows[0][1] if rows else ()):
        name = as_text_cell(cell).strip().casefold().rstrip(":.")
        for column, words in COLUMNS.items():
            if name in words:
                found.setdefault(column, index)
    if "body" in found and any(
        says_body(as_text_cell(row[found["body"]])) for _, row in rows[1:2] if len(row) > found["body"]
    ):
        return None  # "Råd" stands above councils for the elderly
    return found if "date" in found and "body" in found else None


def read_rows(rows: Sequence[Row], columns: dict[str, int], names: Names, year: int | None) -> list[Proposed]:
    """The meetings below a known heading; :class:`Invalid` names every row that is wrong."""
    mistakes: list[str] = []
    seen: dict[tuple[str, str, date], Proposed] = {}
    for number, row in rows[1:]:
        cells = {name: row[index] if index < len(row) else None for name, index in columns.items()}
        beside = " | ".join(
            text
            for index, cell in enumerate(row)
            if index not in columns.values() and (text := as_text_cell(cell))
        )
        try:
            one = _with_remarks(_meeting(number, cells, names, year), beside)
            same = seen.get(key := (one.body, one.organ, one.on))
            if same and same.agenda_closes != one.agenda_closes:
                raise Invalid(
                    phrase(
                        "mødet står også i linje %(line)s med en anden dagsordensfrist; slet den ene linje",
                        line=same.line,
                    )
                )
            seen[key] = told_twice(same, one) if same else one
        except Invalid as error:
            mistakes.append(phrase("linje %(number)s: %(why)s", number=number, why=error.args[0]))
    if mistakes:
        more = [phrase("... og %(count)s mere", count=len(mistakes) - SHOWN)] if len(mistakes) > SHOWN else []
        raise Invalid(phrase("intet er indlæst:\n%(told)s", told=below([*mistakes[:SHOWN], *more])))
    if not seen:
        raise Invalid(phrase("intet er indlæst: der står intet møde under overskriften"))
    return list(seen.values())


def _meeting(number: int, cells: dict[str, object], names: Names, year: int | None) -> Proposed:
    council = names.find(as_text_cell(cells.get("body")))
    on, doubt = _day(cells.get("date"), "date", year)
    if on is None:
        raise Invalid(phrase("dagen mangler; skriv den som 2027-06-16"))
    closes, _ = _day(cells.get("agenda_closes"), "agenda_closes", year)  # no weekday is strange for that
    if closes and closes > on:
        raise Invalid(
            phrase(
                "dagsordenen lukker %(closes)s, efter mødet %(day)s; byt om på de to", closes=closes, day=on
            )
        )
    clock = cells.get("time") or cells.get("date")
    said = (
        clock.strftime("%H:%M")
        if isinstance(clock, datetime) and clock.hour
        else clock_in(as_text_cell(clock))
    )
    whose = as_text_cell(cells.get("organ"))
    doubt = doubt or (WHOSE if len(whose_all(whose)) > 1 else "")
    return Proposed(council.code, organ(whose), on, closes, said, number, doubt)


def _with_remarks(one: Proposed, beside: str) -> Proposed:
    """A meeting with what stands in its row below headings that are not of this form: a remark may take it out."""
    gone = bool(GONE.search(beside))
    left = residue(beside, gone=gone)
    doubt = phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=" ".join(left[:4])) if left else ""
    for cell in beside.split(" | "):
        doubt = weekday_doubt(one.on, cell) if not doubt and _WEEKDAY.fullmatch(cell) else doubt
    return replace(one, gone=gone, doubt=one.doubt or doubt, said=beside)


def _day(cell: object, column: str, year: int | None) -> tuple[date | None, str]:
    """The day a cell names, and its mark; no day for an empty cell."""
    if isinstance(cell, datetime):
        return cell.date(), ""
    if isinstance(cell, date):
        return cell, ""
    text = as_text_cell(cell).strip()
    if not text:
        return None, ""
    if _ISO.fullmatch(text):  # said in full: nothing to doubt
        try:
            return date.fromisoformat(text), ""
        except ValueError as error:
            raise Invalid(
                phrase(
                    "%(column)s: %(said)s er ingen dag; skriv den som 2027-06-16",
                    column=column,
                    said=repr(text),
                )
            ) from error
    read = dates_in(text, year)
    if len(read) != 1:
        raise Invalid(
            phrase(
                "%(column)s: %(said)s er ikke én dag; skriv den som 2027-06-16",
                column=column,
                said=repr(text),
            )
        )
    if read[0].on is None:
        raise Invalid(
            phrase(
                "%(column)s: %(said)s: %(doubt)s; skriv dagen som 2027-06-16, eller sig året med --year",
                column=column,
                said=repr(text),
                doubt=read[0].doubt,
            )
        )
    return read[0].on, read[0].doubt


def as_text_cell(cell: object) -> str:
    """A cell as text on one line: days in ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = _NAME_GOES_ON.sub(r"\1 ", str(cell).strip())
    return re.sub(r"\s*[\n\r]+\s*", ", ", text)
