"""What a council publishes about its meetings, read as a person reads it: headings, lists, tables and rules.

Nothing here is taken as certain: each day is a proposal with the line it was read in, and what is not plain carries a
mark that a person must clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from workflow.errors import Invalid
from workflow.rules.days import BusinessDays
from workflow.services.meetings.naming import names_organ, organ
from workflow.services.meetings.recurring import days_of, excepts, recurs
from workflow.services.meetings.tokens import (
    Dated,
    clock_in,
    dates_in,
    months_in,
    without_times,
    year_in,
    years_in,
)

_BESIDE = re.compile(
    r"\b(opdateret|ændret den|senest ændret|telefon|tlf|cvr|vedtaget|godkendt|offentliggjort|udskrevet|"
    r"ferie\w*|helligdag\w*|copyright|sagsnr|dok\.?nr|journalnr|borgermøde\w*|side \d+ af)\b", re.IGNORECASE,
)  # fmt: skip
_GONE = re.compile(r"\b(aflys\w*|udgår|udgået|bortfald\w*)\b", re.IGNORECASE)
_MOVED = re.compile(r"\b(flyt\w*|rykke[tr]?|ændret)\b.*?\b(til)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(evt\.?|eventuel\w*|reserve\w*|forbehold|seminar\w*|temamøde\w*|studietur\w*|konstituerende|foreløbig\w*|"
    r"budget\w*|forventet|forventes|eller)\b|\?", re.IGNORECASE,
)  # fmt: skip
_AGENDA = re.compile(
    r"\b(dagsorden\w*|\w*frist\w*|deadline\w*|lukke\w*|indlever\w*|udsend\w*|materiale\w*)\b", re.IGNORECASE
)
_CELLS = re.compile(r"\t|\||;| {2,}")
_MONTHS_IN_HEADING = 6


@dataclass(frozen=True, slots=True)
class Proposed:
    """A meeting day as it was read in ``line`` (from 1). ``doubt``: why a person must look, in Danish; ``gone``: the
    meeting is said not to be held. Days are Danish civil days."""

    body: str
    organ: str
    on: date
    agenda_closes: date | None = None
    time: str = ""
    line: int = 0
    doubt: str = ""
    gone: bool = False


@dataclass(slots=True)
class _Page:
    """What the headings above say."""

    days: BusinessDays
    body: str
    year: int | None
    organ: str = ""
    month: int | None = None
    columns: list[tuple[str, object]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    by_rule: bool = False
    guessed: bool = False
    excepting: str = ""


def read_text(text: str, body: str, days: BusinessDays, year: int | None = None) -> list[Proposed]:
    """The meetings the text tells of, in its order. ``year`` is that of days without one; else the text's own heading.
    :class:`Invalid` where a year is missing, with the line and what would work."""
    lines = text.replace("\u00a0", " ").splitlines()
    page = _Page(days, body, year)
    if year is None:
        _find_year(page, lines)
    found: list[Proposed] = []
    for number, line in enumerate(lines, start=1):
        if plain := line.strip(" \t*•-–·"):
            found += [replace(one, line=number) for one in _line(page, plain, year is None)]
    if page.unread:
        raise Invalid("intet er indlæst: " + "; ".join(page.unread[:5]))
    if not found:
        raise Invalid(
            "intet er indlæst: teksten nævner ingen mødedage; skriv dem som »onsdag den 16. juni 2027«"
        )
    if page.excepting:
        doubt = f"»{page.excepting}«: gælder det også denne dag?"
        found = [replace(one, doubt=one.doubt or doubt) for one in found]
    return _settled(found)


def _find_year(page: _Page, lines: list[str]) -> None:
    """The one year of the headings; else the one year named with a day, which is then only guessed for other lines."""
    own = [line for line in lines if not _BESIDE.search(line)]
    heading = "\n".join(line for line in own if not dates_in(line, 2000) or recurs(line))
    page.year = year_in(heading)
    if page.year is None and not years_in(heading):
        page.year, page.guessed = year_in("\n".join(own)), True


def _settled(found: list[Proposed]) -> list[Proposed]:
    """Each meeting once: what is said to be gone or moved later in the text holds."""
    kept: dict[tuple[str, str, date], Proposed] = {}
    for one in found:
        key = (one.body, one.organ, one.on)
        before = kept.get(key)
        if before is None or one.gone or (before.gone and not one.gone):
            kept[key] = one
    return sorted(kept.values(), key=lambda one: (one.on, one.organ))


def _line(page: _Page, line: str, own_year: bool) -> Iterator[Proposed]:
    if page.by_rule and excepts(line) and not recurs(line):
        page.excepting = line[:60]
    if _BESIDE.search(line) and not names_organ(line.split(":", maxsplit=1)[0]) and not _MOVED.search(line):
        return
    if own_year and (heading := year_in(line)) and not dates_in(line, heading):
        page.year, page.guessed = heading, False
    months = months_in(line)
    cells = [cell.strip() for cell in _CELLS.split(line)] if _CELLS.search(line) else []
    if len(cells) >= 2 and _heading(page, cells, months):
        return
    if page.columns and len(cells) >= 2:
        yield from _row(page, cells)
        return
    if recurs(line):
        if page.year is None:
            page.unread.append(f"»{line[:60]}«: året mangler; sig det med --year")
            return
        page.by_rule = True
        name, rule = _own_organ(page, line)
        for on, doubt in days_of(rule, page.year, page.days.why_closed):
            yield Proposed(page.body, name, on, time=clock_in(line), doubt=doubt)
        return
    name, rest = _own_organ(page, line)
    dated = dates_in(rest, page.year, page.month)
    if own_year and (named := year_in(line)) and not years_in(rest):
        dated = [replace(one, own_year=True) for one in dates_in(rest, named, page.month)]
    if not dated:
        _below(page, line, months)
        return
    yield from _meetings(page, name, rest, dated)


def _own_organ(page: _Page, line: str) -> tuple[str, str]:
    """The organ a line begins with, and the rest; else that of the heading above."""
    before, colon, after = line.partition(":")
    before = re.sub(r"\b20\d\d\b", " ", before)
    if colon and names_organ(before) and not dates_in(before, 2000) and len(before) < 60:
        return organ(before), after
    first = re.match(
        r"([^\d,]*?)(?=\s+(?:man|tirs|ons|tors|fre)dag|\s+den\b|\s+d\.|\s+kl\b|\s+\d)", line, re.IGNORECASE
    )
    if first and first[1].strip() and names_organ(first[1]) and len(first[1].split()) <= 10:
        return organ(first[1]), line[first.end() :]
    return page.organ, line


def _below(page: _Page, line: str, months: list[int]) -> None:
    """A heading: what it says holds for the lines below."""
    if len(months) == 1 and len(without_times(line).split()) <= 3:
        page.month = months[0]
    elif names_organ(line) and len(line.split()) <= 8 and not line.endswith("."):
        page.organ, page.month, page.columns = organ(_titled(line)), None, []


def _titled(line: str) -> str:
    line = re.sub(
        r"\b(mødeplan|mødekalender|møder|møde|mødedatoer|kalender|oversigt|datoer|for|i|20\d\d)\b",
        " ",
        line,
        flags=re.IGNORECASE,
    )
    return " ".join(line.split()).strip(" :.-–")


def _meetings(page: _Page, name: str, text: str, dated: list[Dated]) -> Iterator[Proposed]:
    for one in dated:
        if one.on is None:
            cure = "; sig det med --year" if "året" in one.doubt else ""
            page.unread.append(f"»{text.strip()[:60]}«: {one.doubt}{cure}")
            return
    days = [one for one in dated if one.on]
    moved = _MOVED.search(text)
    if moved and len(days) == 2:
        yield _proposed(page, name, text, days[0], gone=True)
        yield _proposed(page, name, text, days[1])
        return
    agenda = _AGENDA.search(text)
    if agenda:
        starts = [
            one for one in days if text.find(one.said.strip().split()[0], max(agenda.start() - 40, 0)) >= 0
        ]
        if len(days) == 2 and starts:
            meeting, closes = sorted(days, key=lambda one: one.on or date.max, reverse=True)
            yield _proposed(page, name, text, meeting, closes=closes.on)
            return
        for one in days:
            yield _proposed(
                page, name, text, one, doubt="linjen nævner dagsorden eller frist: er det en mødedag?"
            )
        return
    gone = bool(_GONE.search(text))
    for one in days:
        several = gone and len(days) > 1
        doubt = "hvilken af dagene er aflyst?" if several else ""
        yield _proposed(page, name, text, one, gone=gone and not several, doubt=doubt)


def _proposed(
    page: _Page,
    name: str,
    text: str,
    one: Dated,
    *,
    closes: date | None = None,
    gone: bool = False,
    doubt: str = "",
) -> Proposed:
    assert one.on is not None
    unsure = _UNSURE.search(text)
    closed = page.days.why_closed(one.on) if one.on.weekday() < 5 else None
    if page.guessed and not one.own_year:
        doubt = doubt or "året er taget fra en anden linje"
    doubt = doubt or one.doubt or (f"dagen er lukket: {closed[0]}" if closed else "")
    doubt = doubt or (f"»{unsure[0]}«: er det et møde, hvor der besluttes?" if unsure else "")
    return Proposed(page.body, name, one.on, closes, clock_in(text), doubt=doubt, gone=gone)


def _heading(page: _Page, cells: list[str], months: list[int]) -> bool:
    """Whether the row is a table's heading; then its columns are kept."""
    if any(re.search(r"(?<!\d)\d{1,2}(?!\d)", cell) for cell in cells):
        return False
    if len(months) >= _MONTHS_IN_HEADING:
        page.columns = [("month", next(iter(months_in(cell)), None)) for cell in cells]
        return True
    columns: list[tuple[str, object]] = []
    for cell in cells:
        if _AGENDA.search(cell):
            columns.append(("agenda", None))
        elif re.fullmatch(r"(måned|mdr\.?)", cell, re.IGNORECASE):
            columns.append(("of-month", None))
        elif re.fullmatch(r"(udvalg|organ|møde|forum|hvem)", cell, re.IGNORECASE):
            columns.append(("organ", None))
        elif re.fullmatch(r"(mødedato|dato|dag og dato|dag|mødedag)\w*", cell, re.IGNORECASE):
            columns.append(("date", None))
        elif names_organ(cell):
            columns.append(("of-organ", organ(_titled(cell))))
        else:
            columns.append(("", None))
    kinds = [kind for kind, _ in columns]
    if not {"date", "of-organ", "of-month"} & set(kinds):
        if "agenda" not in kinds or "organ" not in kinds:
            return False
        columns = [("date", None) if kind == "organ" else (kind, value) for kind, value in columns]
    page.columns = columns
    return True


def _row(page: _Page, cells: list[str]) -> Iterator[Proposed]:
    name, month, closes, own = page.organ, page.month, None, ""
    for (kind, _), cell in zip(page.columns, cells, strict=False):
        if kind == "organ" and cell:
            own = name = organ(cell)
        elif kind == "of-month":
            month = next(iter(months_in(cell)), None)
            if named := year_in(cell):
                page.year, page.guessed = named, False
        elif kind == "agenda" and (read := dates_in(cell, page.year, month)):
            closes = read[0].on
    if page.columns[0][0] == "month" and page.columns[0][1] is None and names_organ(cells[0]):
        name = organ(cells[0])
    weekday = re.compile(r"^(man|tirs|ons|tors|fre|lør|søn)(dag)?\.?$", re.IGNORECASE)
    for index, ((kind, value), cell) in enumerate(zip(page.columns, cells, strict=False)):
        said = f"{cells[index - 1]} {cell}" if index and weekday.match(cells[index - 1]) else cell
        if kind == "month" and value:
            yield from _meetings(page, name, said, dates_in(said, page.year, int(str(value))))
        elif kind == "of-organ":
            yield from _meetings(page, str(value), said, dates_in(said, page.year, month))
        elif kind == "date":
            rest = " ".join(c for c, (k, _) in zip(cells, page.columns, strict=False) if k == "")
            for one in _meetings(page, name, said, dates_in(said, page.year, month)):
                gone, unsure = bool(_GONE.search(rest)), _UNSURE.search(f"{rest} {own}")
                doubt = one.doubt or (f"»{unsure[0]}«: er det et møde, hvor der besluttes?" if unsure else "")
                yield replace(
                    one,
                    agenda_closes=closes,
                    time=one.time or clock_in(rest),
                    gone=one.gone or gone,
                    doubt=doubt,
                )
