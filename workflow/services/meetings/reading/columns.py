"""The columns of a table in a published list: what each is by its heading. Whether a day below is a meeting it never
says."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ, organ, whose_all
from workflow.services.meetings.reading.closing import says_which
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.proposing import AGENDA
from workflow.services.meetings.reading.residue import residue
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, months_in, without_times
from workflow.services.meetings.reading.vocabulary import OF_HEADINGS

OF_A_DAY = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d|og|kl)\b", re.IGNORECASE)
CELLS = re.compile(r"\t|\||;| {2,}")
_MONTHS_IN_HEADING = 6
_OF_DAYS = re.compile(r"møde|meeting", re.IGNORECASE)
_HEADINGS = (
    (
        "skip",
        r"(id|nr\.?|møde\s?nr\.?|uge(?:nr\.?)?|ugedag|kæde|slut\w*|end\b.*|hele dagen|påmindelse.*|vis tid som|privat|"
        r"\w*arrangør|organizer|sekretær|ansvarlig|kontakt\w*|sted|mødested|lokale|lokation|location|adresse|link|url|"
        r"oprettet.*|created.*|ændret.*|opdateret.*|kategori\w*|categories|all day event)",
    ),
    ("time", r"(tid|tidspunkt|kl\.?|klokken|klokkeslæt|mødetid\w*|starttid|start time|time)"),
    ("date", r"(start date|startdato|starttidspunkt|start|date)"),
    ("organ", r"(titel|emne|subject|meeting|navn|aktivitet)"),
    ("of-month", r"(måned|mdr\.?)"),
    ("organ", r"(udvalg|udvalgsnavn|organ|organnavn|møde|forum|hvem|råd|nævn|råd og nævn)"),
    ("date", r"(mødedato|dato|dag og dato|dag|mødedag)\w*(?: for \w*mød\w+)?"),
)


def cells_in(line: str) -> list[str]:
    """The cells of a table's row: apart by signs or, where there is none, by spaces. None of a plain line."""
    apart = re.split(r"\t|\||;", line)
    apart = apart if len(apart) > 1 else re.split(r" {2,}", line)
    return [cell.strip() for cell in apart] if len(apart) > 1 else []


def side_by_side(line: str) -> bool:
    """Whether several cells of a line are days and nothing else."""
    alone = [
        cell for cell in cells_in(line) if not re.search(r"[^\W\d_]", OF_A_DAY.sub(" ", without_times(cell)))
    ]
    return sum(bool(dates_in(cell, 2000)) for cell in alone) > 1


def heading(page: Page, cells: list[str], months: list[int]) -> bool:
    """Whether the row is a table's heading; then its columns are kept."""
    cells = [without_times(cell).strip(" ()") for cell in cells]
    if any(re.search(r"(?<!\d)\d{1,2}(?!\d)|^vælg\b|\[", cell, re.IGNORECASE) for cell in cells):
        return False  # a day, or a page's own fields: "Vælg udvalg: [Alle]"
    years = [int(cell) if re.fullmatch(r"20\d\d", cell) else None for cell in cells]
    if sum(bool(year) for year in years) == len([cell for cell in cells[1:] if cell]) >= 2 or (
        all(year or not cell for year, cell in zip(years, cells, strict=True)) and sum(map(bool, years)) >= 2
    ):
        page.columns = [("year", year) if year or not cells[0] else ("of-month", None) for year in years]
        return True
    alone = sum(bool(re.fullmatch(rf"(?:{MONTH})\.?", cell, re.IGNORECASE)) for cell in cells)
    if len(months) >= _MONTHS_IN_HEADING or 2 <= alone >= len(cells) - 2:
        page.columns = [_of_months(cell) for cell in cells]
        return True
    if len(cells) == 2 and any(re.fullmatch(r"20\d\d", cell) for cell in cells):
        return False  # "Byrådet	2027" is a heading of what stands below, not of columns
    columns = columns_of(cells)
    kinds = [kind for kind, _ in columns]
    if not {"date", "of-organ", "of-month"} & set(kinds) and not {"fra", "til"} <= set(kinds):
        return False
    if kinds.count("of-organ") >= 2 and kinds[0] == "" and "date" not in kinds:
        columns[0] = ("of-month", None)  # the first column, without a name, tells the month
    page.columns = columns
    return True


def kinds_of(cells: list[str]) -> list[str]:
    """What the columns with these headings are: "date" for the meeting's day, "agenda" for the day it closes."""
    return [kind for kind, _ in columns_of(cells)]


def columns_of(cells: list[str]) -> list[tuple[str, object]]:
    """What each column is, by the headings of all: "Møde" is the day where an agenda stands beside it and no day,
    and where "Udvalg" stands beside it, says whose, it alone."""
    columns = [column_of(cell) for cell in cells]
    kinds = {kind for kind, _ in columns}
    if (
        "organ" in kinds
        and {"agenda", "sent"} & kinds
        and not {"date", "of-organ", "of-month"} & kinds
        and not {"fra", "til"} <= kinds
    ):
        places = [at for at, (kind, _) in enumerate(columns) if kind == "organ"]
        days = [at for at in places if _OF_DAYS.fullmatch(cells[at])] if len(places) > 1 else places
        columns = [("date", None) if at in days else one for at, one in enumerate(columns)]
    return columns


def _of_months(cell: str) -> tuple[str, object]:
    """A column of a table whose columns are months: a month, the time of all the row's meetings, or what is beside."""
    month = next(iter(months_in(cell)), None)
    return ("time", None) if month is None and column_of(cell)[0] == "time" else ("month", month)


def column_of(cell: str) -> tuple[str, object]:
    """What a column is by its heading, and whose where that says it."""
    if AGENDA.search(cell) or says_which(cell):
        return (
            "sent"
            if re.search(r"udsend|materiale|nettet|offentlig|publicer", cell, re.IGNORECASE)
            else "agenda"
        ), None
    if re.fullmatch(r"(fra|til)", cell, re.IGNORECASE):
        return cell.casefold(), None
    for kind, words in _HEADINGS:
        if re.fullmatch(words, cell, re.IGNORECASE):
            return kind, None
    if not names_organ(cell) or [word for word in residue(cell) if word.casefold() not in OF_HEADINGS]:
        return "", cell  # "Temamøder for Byrådet" too
    several = whose_all(titled(cell))
    return "of-organ", tuple(several) if len(several) > 1 else organ(titled(cell))


def titled(line: str) -> str:
    """A heading without the words around the organ it names."""
    line = re.sub(
        r"(‹[^›]*›)|\b(mødeplan|mødekalender|møder|møde|mødedatoer|kalender|oversigt|datoer|i|20\d\d|"
        r"(?<!udvalg )(?<!udvalget )for)\b",
        lambda found: found[1] or " ",
        line,
        flags=re.IGNORECASE,
    )
    return " ".join(line.split()).strip(" :.-–")
