"""What a council publishes about its meetings, read as a person reads it: headings, lists, tables and rules.

Nothing here is taken as certain: each day is a proposal with the line it was read in, and what is not plain carries a
mark that a person must clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.lifecycle.spoken import listed
from workflow.rules.days import BusinessDays
from workflow.services.meetings.naming import names_organ, organ
from workflow.services.meetings.proposing import MOVED, Page, Proposed, meetings
from workflow.services.meetings.recurring import days_of, excepts, recurs
from workflow.services.meetings.tabular import CELLS, heading, row, titled
from workflow.services.meetings.tokens import (
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
_COLUMN = re.compile(r"(dato|udvalg|organ|tid|tidspunkt|klokken|sted)[:.]?", re.IGNORECASE)


def read_text(text: str, body: str, days: BusinessDays, year: int | None = None) -> list[Proposed]:
    """The meetings the text tells of, in its order. ``year`` is that of days without one; else the text's own heading.
    :class:`Invalid` where a year is missing, with the line and what would work."""
    lines = text.replace("\u00a0", " ").splitlines()
    page = Page(days, body, year)
    if year is None:
        _find_year(page, lines)
    found: list[Proposed] = []
    for number, line in _in_order(
        [(number, line.strip(" \t*•-–·")) for number, line in enumerate(lines, start=1)]
    ):
        found += [replace(one, line=number) for one in _line(page, line, year is None)]
    if page.unread:
        raise Invalid(phrase("intet er indlæst: %(why)s", why=listed(page.unread[:5])))
    if not found:
        raise Invalid(
            phrase(
                "intet er indlæst: teksten nævner ingen mødedage; skriv dem som »onsdag den 16. juni 2027«"
            )
        )
    if page.excepting:
        doubt = phrase("»%(line)s«: gælder det også denne dag?", line=page.excepting)
        found = [replace(one, doubt=one.doubt or doubt) for one in found]
    return _settled(found)


def _in_order(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers. Where each day stands above its organ, as in a table that was
    copied with every cell on a line of its own, the organ comes first: else it would be taken for the next day's."""
    said = [(number, line) for number, line in lines if line and not _COLUMN.fullmatch(line)]
    turns = [
        (at, bool(dates_in(line, 2000)))
        for at, (_, line) in enumerate(said)
        if (names_organ(line) and len(line.split()) <= 8) is not bool(dates_in(line, 2000))
    ]  # fmt: skip
    days, organs = turns[::2], turns[1::2]
    if (
        len(days) != len(organs)
        or len(days) < 2
        or not all(on for _, on in days)
        or any(on for _, on in organs)
    ):
        return said
    for (day, _), (organ_at, _) in zip(days, organs, strict=True):
        said.insert(day, said.pop(organ_at))
    return said


def _find_year(page: Page, lines: list[str]) -> None:
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
        if before is None or one.gone or before.gone or (before.doubt and not one.doubt):
            kept[key] = one
    return sorted(kept.values(), key=lambda one: (one.on, one.organ))


def _line(page: Page, line: str, own_year: bool) -> Iterator[Proposed]:
    if page.by_rule and excepts(line) and not recurs(line):
        page.excepting = line[:60]
    if _BESIDE.search(line) and not names_organ(line.split(":", maxsplit=1)[0]) and not MOVED.search(line):
        return
    if own_year and (named := year_in(line)) and not dates_in(line, named):
        page.year, page.guessed = named, False
    months = months_in(line)
    cells = [cell.strip() for cell in CELLS.split(line)] if CELLS.search(line) else []
    if len(cells) >= 2 and heading(page, cells, months):
        return
    if page.columns and len(cells) >= 2:
        yield from row(page, cells)
        return
    if recurs(line):
        if page.year is None:
            page.unread.append(phrase("»%(line)s«: året mangler; sig det med --year", line=line[:60]))
            return
        page.by_rule = True
        name, _ = _own_organ(page, line)
        for on, doubt in days_of(line, page.year, page.days.why_closed):
            yield Proposed(page.body, name, on, time=clock_in(line), doubt=doubt)
        return
    name, rest = _own_organ(page, line)
    dated = dates_in(rest, page.year, page.month)
    if own_year and (named := year_in(line)) and not years_in(rest):
        dated = [replace(one, own_year=True) for one in dates_in(rest, named, page.month)]
    if not dated:
        _below(page, line, months)
        return
    yield from meetings(page, name, rest, dated, own=rest != line)


def _own_organ(page: Page, line: str) -> tuple[str, str]:
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


def _below(page: Page, line: str, months: list[int]) -> None:
    """A heading: what it says holds for the lines below."""
    if len(months) == 1 and len(without_times(line).split()) <= 3:
        page.month = months[0]
    elif names_organ(line) and len(line.split()) <= 8 and not line.endswith("."):
        page.organ, page.month, page.columns = organ(titled(line)), None, []
