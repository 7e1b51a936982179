"""Tables to take away: CSV for any program (UTF-8 with BOM, semicolons) and Excel.

What people typed is data, never a formula: in CSV a cell that a spreadsheet would calculate gets an apostrophe before
it, in Excel every text is stored as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from workflow.errors import Invalid, NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.lists import horizon
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase, worded
from workflow.rules.days import COPENHAGEN, end_of
from workflow.services.lookahead.planning import maybe_plan
from workflow.services.views import exports, listing, lookback
from workflow.services.views.exports import Cell, Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_TABLE = phrase("Tabellen findes ikke, eller du har ikke adgang til den.")
MOST_ROWS = 50_000  # of a workbook, which is made in memory
_CALCULATED = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
Kind = Literal["csv", "xlsx"]
FILES = {  # a status in the name of the file it is saved as
    "upcoming": "kommende",
    "overdue": "overskredne",
    "passed": "passerede",
    "met": "opfyldte",
    "met_late": "opfyldte-for-sent",
    "lapsed": "bortfaldne",
    "undated": "uden-dato",
}
NARROW, BROAD = 9, 60  # columns of a sheet, in letters


def router(site: Site) -> APIRouter:
    """The routes of the exports."""
    routes = APIRouter()

    @routes.get("/eksport/{what}.{kind}")
    def all_of(
        what: str,
        kind: Kind,
        visit: Visit = site.visits(Action.EXPORT, back=True),
        region: str = "",
        status: str = "",
        dage: int | None = None,
    ) -> Response:
        if what not in ("frister", "breve"):
            raise NotFound(NO_TABLE)
        engine, regions = visit.place.engine, visit.within(Action.EXPORT, region)
        if status and (what == "breve" or status not in listing.STATUSES):
            some = ", ".join(listing.STATUSES)
            raise Invalid(phrase("kun frister har en status, og den er en af %(some)s", some=some))
        name = "-".join(filter(None, (region, what, FILES.get(status, ""))))
        if what == "breve":
            planned_by, lane = end_of(visit.as_of), visit.lane(Action.EXPORT)
            letters = listing.every_letter(engine, regions, lane=lane, until=planned_by, on=visit.today)
            return as_file(exports.LETTERS, exports.letter_rows(letters, visit.rulebook), name, kind)
        until = horizon(visit, dage)
        if visit.as_of == visit.today:
            listed = listing.every_deadline(engine, regions, status, until=until)
        else:
            listed = lookback.every_deadline(engine, visit.rulebook, regions, visit.as_of, status, until)
        return as_file(
            exports.DEADLINES, exports.listed_rows(listed, visit.rulebook, visit.as_of), name, kind
        )

    @routes.get("/aftaler/{region}/{label}/eksport/{what}.{kind}")
    def one(
        what: Literal["frister", "raad", "breve", "rundeplan"],
        kind: Kind,
        shown: Shown = showing(site, Action.EXPORT, back=True),
    ) -> Response:
        visit, row, standing = shown.visit, shown.row, shown.standing
        lane, name = visit.lane(Action.EXPORT), f"{row.region}-{row.label}-{what}"
        if what == "frister":
            return as_file(exports.DEADLINES, exports.deadline_rows(standing, standing.rules), name, kind)
        if what == "rundeplan":
            return as_file(exports.PLAN, exports.plan_rows(maybe_plan(standing), lane), name, kind)
        if what == "raad":
            return as_file(exports.COUNCILS, exports.council_rows(standing, lane), name, kind)
        letters = listing.every_letter(
            visit.place.engine,
            [row.region],
            agreement=row.id,
            lane=lane,
            until=end_of(visit.as_of),
            on=visit.today,
        )
        return as_file(exports.LETTERS, exports.letter_rows(letters, visit.rulebook), name, kind)

    return routes


def as_file(headings: Sequence[str], rows: Iterable[Row], name: str, kind: Kind) -> Response:
    """The table as a file to be saved, its headings in the asker's language: CSV line by line, however long; a
    workbook of at most :data:`MOST_ROWS`, else :class:`Invalid`."""
    headings = [worded(one) for one in headings]
    if kind == "csv":
        told = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return StreamingResponse(as_csv(headings, rows), media_type="text/csv; charset=utf-8", headers=told)
    kept = list(islice(rows, MOST_ROWS + 1))
    if len(kept) > MOST_ROWS:
        raise Invalid(
            phrase(
                "tabellen har over %(most)s rækker, og det er for mange til et regneark; hent den som CSV",
                most=MOST_ROWS,
            )
        )
    return download(as_xlsx(headings, kept), f"{name}.xlsx", XLSX)


def as_csv(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Lines of UTF-8 with a byte-order mark, semicolons, ISO dates and Danish time: what a Danish Excel opens as it
    is."""
    yield "\ufeff".encode()
    for row in chain([headings], rows):
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=";").writerow([_harmless(cell) for cell in row])
        yield line.getvalue().encode()


def _harmless(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _local(cell).isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.lstrip().startswith(_CALCULATED) else text


def _local(at: datetime) -> datetime:
    """An instant as a clock in Denmark shows it; a spreadsheet knows no zones."""
    return at.astimezone(COPENHAGEN).replace(tzinfo=None)


def as_xlsx(headings: Sequence[str], rows: Sequence[Row]) -> bytes:
    """A workbook with one sheet, its headings frozen and each a filter; written row by row."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Aftalefrist")
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings):
        widest = max((len(str(row[number] or "")) for row in rows), default=0)
        width = min(max(widest, len(heading) + 3, NARROW), BROAD)
        sheet.column_dimensions[get_column_letter(number + 1)].width = width + 1
    sheet.append(list(headings))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            if isinstance(value, datetime):
                cell.value, cell.number_format = _local(value), "d/m/yyyy hh:mm"
            elif isinstance(value, str):
                cell.value = value.translate(_ILLEGAL)[:32767]
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.value, cell.number_format = value, "d/m/yyyy"
            else:
                cell.value = value
            cells.append(cell)
        sheet.append(cells)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(rows) + 1}"
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()
