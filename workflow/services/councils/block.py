"""A block pasted from a spreadsheet, or the sheet itself: a line for each council, its meeting day, what it decided.

Names come in any spelling, days in any Danish form. What cannot be read is told by its line and never guessed: a day
without a year is read only below a heading that names one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from workflow.errors import Invalid
from workflow.language import in_every_language, phrase, said_by
from workflow.mail.writing.words import clean
from workflow.rules.agreement import Agreement
from workflow.rules.days import WEEKDAYS, spoken
from workflow.services.councils.cells import STANDS, cell_day, decision_in, says_nothing
from workflow.services.meetings.naming import Names
from workflow.services.meetings.reading.tokens import clock_in, year_in
from workflow.services.meetings.sheets import Row, as_text_cell, csv_rows, may_hold_days, xlsx_rows
from workflow.storage.filereading import text_of
from workflow.values import dataclass, field, replace

MOST_LINES, SHOWN = 500, 80
COLUMNS = {
    "council": (
        "kode",
        "råd",
        "kommune",
        "kommuner",
        "hvem",
        "council",
        "code",
        "body",
        "kommunalbestyrelse",
        "byråd",
    ),
    "version": ("version", "udgave"),
    "event": ("beslutning", "svar", "afgørelse", "resultat", "decision"),
    "meets_on": (
        "møde",
        "mødedag",
        "mødedato",
        "dato",
        "dag",
        phrase("mødet er den"),
        "rådsmøde",
        "byrådsmøde",
        "date",
    ),
    "on": (
        "besluttet",
        phrase("besluttet den"),
        "beslutningsdato",
        phrase("godkendt den"),
        "afgjort",
        "behandlet",
    ),
    "source": ("grundlag", "kilde", "kilder", "hvor", "protokol", "referat", "source"),
}
_DATE_BEGINS = re.compile(
    r"(?:(?:man|tirs|ons|tors|fre|lør|søn)(?:dag)?\w*\.?\s+)?(?:den\s+|d\.\s*)?(?:\d{4}-\d|\d{1,2}\s?[./-]\s?\w|\d{1,2}\s+[a-z])",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"(?:{'|'.join(day[:3] for day in WEEKDAYS)})\w*\.?", re.IGNORECASE)


# the headings of the sheet that is fetched here, which come back in the language of whoever fetched it
_FETCHED = {
    "council": ("Kode", "Råd"), "version": ("Version",), "event": ("Beslutning",), "meets_on": ("Møde",),
    "on": ("Besluttet",), "source": ("Grundlag",),
}  # fmt: skip


def columns_known() -> dict[str, frozenset[str]]:
    """What each column may be called, in small letters."""
    return {
        column: frozenset(words).union(*(in_every_language(one) for one in _FETCHED[column]))
        for column, words in COLUMNS.items()
    }


@dataclass(frozen=True, slots=True)
class Said:
    """What line ``line`` (from 1) says of one council, as text for the cells of its row; ``None``: it says nothing of
    that."""

    line: int
    code: str
    meets_on: str | None = None
    event: str | None = None
    on: str | None = None
    source: str | None = None


@dataclass(slots=True)
class Block:
    """What could be read, a line a council, and for each other line what it says and why it cannot be taken."""

    said: list[Said] = field(default_factory=list)
    unread: list[tuple[int, str, str]] = field(default_factory=list)


def read_block(text: str, agreement: Agreement, names: Names, version: int) -> Block:
    """The lines of a pasted text."""
    found = text.replace("\N{NO-BREAK SPACE}", " ").replace("\r\n", "\n").replace("\r", "\n")
    separator = "\t" if "\t" in found else ";" if ";" in found else ""
    if separator:
        reader = csv.reader(io.StringIO(found, newline=""), delimiter=separator)
        rows = [(number, row) for number, row in enumerate(reader, 1)]
    else:
        rows = [(number, _apart(line)) for number, line in enumerate(found.split("\n"), 1)]
    return _read(rows, agreement, names, version)


def read_sheet(name: str, content: bytes, agreement: Agreement, names: Names, version: int) -> Block:
    """The rows of a file: a workbook's one sheet, or CSV as it was exported here; :class:`Invalid` for another."""
    if name.casefold().endswith((".xlsx", ".xlsm")) or content.startswith(b"PK"):
        rows: Sequence[Row] = xlsx_rows(
            content, lambda rows: may_hold_days(rows) or _names_council(rows, names)
        )
    else:
        try:
            text, _encoding = text_of(content)
        except ValueError as error:
            raise Invalid(phrase("filen er ikke et regneark; gem den som .xlsx eller som CSV")) from error
        rows = csv_rows(text)
    return _read([(no, [as_text_cell(cell) for cell in row]) for no, row in rows], agreement, names, version)


def _names_council(rows: Sequence[Row], names: Names) -> bool:
    """Whether a table says anything of a council: a heading of this form, or a cell that is a council's name."""
    texts = [[clean(as_text_cell(cell)) for cell in row] for _number, row in rows]
    return any(_heading(cells) or any(names.code_of(cell) for cell in cells if cell) for cells in texts)


def _apart(line: str) -> list[str]:
    """A line without separators: the name, and the rest from where a day begins."""
    if len(cells := re.split(r"\s*\|\s*| {2,}", line.strip())) > 1:
        return cells
    begins = _DATE_BEGINS.search(line)
    if begins and begins.start():
        return [line[: begins.start()].strip(" ,:–-"), line[begins.start() :].strip(" ,.")]
    return [line.strip()]


def _read(rows: Sequence[tuple[int, list[str]]], agreement: Agreement, names: Names, version: int) -> Block:
    block, columns, year = Block(), dict[str, int](), None
    for number, raw in rows:
        cells = [clean(cell) for cell in raw]
        if not any(cells):
            continue
        if len(block.said) + len(block.unread) >= MOST_LINES:
            block.unread.append(
                (number, "…", phrase("højst %(most_lines)s linjer ad gangen", most_lines=MOST_LINES))
            )
            break
        if not block.said and (heading := _heading(cells)):
            columns = heading
            continue
        text = " ".join(cell for cell in cells if cell)
        try:
            one = _by_column(cells, columns, names, year) if columns else _by_content(cells, names, year)
            if one is None:
                year = year_in(text)
                continue
            _of_this(one, cells, columns, agreement, names, version)
            _add(block, replace(one, line=number))
        except Invalid as error:
            block.unread.append((number, text[:SHOWN], said_by(error)))
    return block


def _heading(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which, where the line is a heading; empty otherwise."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = cell.casefold().rstrip(":.")
        for column, words in columns_known().items():
            if name in words and column not in found:
                found[column] = index
    return found if "council" in found and len(found) > 1 else {}


def _by_column(cells: Sequence[str], columns: dict[str, int], names: Names, year: int | None) -> Said:
    told = {name: cells[index] if index < len(cells) else "" for name, index in columns.items()}
    code = names.find(told.get("council", "")).code
    event = decision_in(told["event"]) if "event" in told else None
    return Said(
        0, code, _day(told.get("meets_on"), year), None if event == STANDS else event,
        _day(told.get("on"), year), told.get("source"),
    )  # fmt: skip


def _by_content(cells: Sequence[str], names: Names, year: int | None) -> Said | None:
    """A line below no heading: which cell names the council, which are days, which the decision. ``None`` for a line
    that is a heading of its own ("Mødeplan 2027")."""
    rest = [cell for cell in cells if cell]
    if len(rest) == 1 and year_in(rest[0]) and not _DATE_BEGINS.search(rest[0]):
        return None
    code, lost = "", ""
    for cell in rest:
        try:
            code = names.find(cell).code
        except Invalid as error:
            lost = lost or str(error)
            continue
        rest.remove(cell)
        break
    if not code:
        raise Invalid(lost)
    days: list[str] = []
    event = None
    for cell in rest:
        if (found := decision_in(cell, strict=False)) is not None:
            event = found
        elif cell_day(cell, year) or _DATE_BEGINS.match(cell):
            days.append(_day(cell, year) or "")
        elif not (_WEEKDAY.fullmatch(cell) or clock_in(cell) or says_nothing(cell)):
            raise Invalid(
                phrase(
                    "»%(one)s« kan ikke læses; skriv en overskrift over kolonnerne, fx Råd og Mødedag",
                    one=cell[:SHOWN],
                )
            )
    if not days and event is None:
        raise Invalid(phrase("linjen har ingen dag; skriv den som 16. juni 2027"))
    if len(days) > (2 if event else 1):
        raise Invalid(phrase("linjen har flere dage; skriv en overskrift over kolonnerne, fx Råd og Mødedag"))
    if not event:
        return Said(0, code, days[0] if days else None, event)
    return Said(0, code, days[0] if len(days) == 2 else None, event, days[-1] if days else None)


def _day(cell: str | None, year: int | None) -> str | None:
    """A day's cell, said in full where it can be read, else as it was: its own cell then says what is wrong."""
    if cell is None or not cell.strip():
        return cell and ""
    found = cell_day(cell, year)
    return spoken(found, False) if found else cell


def _of_this(
    one: Said, cells: Sequence[str], columns: dict[str, int], agreement: Agreement, names: Names, version: int
) -> None:
    """:class:`Invalid` for a line about another agreement's council or another text."""
    if agreement.council(one.code) is None:
        raise Invalid(phrase("%(name)s er ikke part i aftalen", name=names.name(one.code)))
    told = cells[columns["version"]] if "version" in columns and columns["version"] < len(cells) else ""
    if told and told != str(version):
        raise Invalid(
            phrase(
                "linjen er om version %(one)s, og her registreres version %(version)s",
                one=told[:20],
                version=version,
            )
        )


def _add(block: Block, one: Said) -> None:
    same = next((other for other in block.said if other.code == one.code), None)
    if same is None:
        block.said.append(one)
    elif replace(same, line=one.line) != one:
        raise Invalid(
            phrase("rådet står også i linje %(line)s med noget andet; slet den ene linje", line=same.line)
        )
