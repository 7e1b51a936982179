"""Lines as they are read: what a copied page or a PDF broke apart, put together again, and short names spelt out."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import SHORT_NAMES, called_as, names_organ
from workflow.services.meetings.reading.lines.blocks import (
    one_a_block,
    with_deadlines,
    with_notes,
    without_link_lines,
    without_links,
)
from workflow.services.meetings.reading.lines.bodies import with_bodies
from workflow.services.meetings.reading.lines.calendars import with_days
from workflow.services.meetings.reading.lines.called import says_body
from workflow.services.meetings.reading.lines.grids import as_rows
from workflow.services.meetings.reading.lines.line import MONTH_ALONE, Line
from workflow.services.meetings.reading.lines.mails import newest, without_heads
from workflow.services.meetings.reading.lines.printed import one_below_the_other
from workflow.services.meetings.reading.lines.rewriting import rewritten
from workflow.services.meetings.reading.lines.spaced import with_columns
from workflow.services.meetings.reading.lines.stacked import one_a_cell, stacked
from workflow.services.meetings.reading.lines.turns import in_turn
from workflow.services.meetings.reading.lines.yearly import with_cells
from workflow.services.meetings.reading.lines.years import with_leading
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in

_COLUMN = re.compile(r"(dato|udvalg|organ|tid|tidspunkt|klokken|sted)[:.]?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}\.?")
_OPEN_END = re.compile(
    rf"\b(?:den|d\.|(?-i:[Kk]l\.?)|{DAY_NAME}|(?<=[,;] )(?:ma|ti|on|to|fr))\.?$|,\s*(?:{MONTH})\.?$",
    re.IGNORECASE,
)
_DAY_AT_END = re.compile(
    rf"(?:\bd(?:en|\.)|\w\s[-–]|,|\b(?:og|samt|20\d\d|{DAY_NAME})\.?)\s*\d{{1,2}}\.?$", re.IGNORECASE
)
_AND_DAY = re.compile(rf"(?:og|samt)\s+(?:(?:{DAY_NAME})\.?\s+)?(?:d(?:en|\.)\s*)?\d", re.IGNORECASE)
_AND_AT_END = re.compile(r"(?:\d|[a-zæøå]{3,}\.?)\s+(?:og|samt)$|(?:^|[.:;]\s+)I(?:\s+20\d\d)?$")
_IN_YEAR = re.compile(r"I\s+20\d\d:?\s+\D{0,12}\d")
_OF_A_BODY = re.compile(r"([^:\d]{3,60}):")
_YEAR_FIRST = re.compile(r"20\d\d(?:[,;]|\s+[–-])")
_MONTH_AT_END = re.compile(rf"\d\.?\s+(?:{MONTH})\.?$", re.IGNORECASE)
_BEGINS_WITH_MONTH = re.compile(rf"(?:{MONTH})\b(?!\s*:)", re.IGNORECASE)
_MEANING = re.compile(
    r"(?<![\w-])([A-ZÆØÅ]{2,5})\s*(?:=|:)\s*([^;=\n]+?)"
    r"(?=[;=\n]|$|,\s*[A-ZÆØÅ]{2,5}\s*(?:=|:)|\s{2,}[A-ZÆØÅ]{2,5}\s*(?:=|:)|,\s+(?![A-ZÆØÅ])|\.\s+[A-ZÆØÅ]{2,5}\s*(?:=|:))"
)
_OF_A_CALENDAR = re.compile(rf"{MONTH}|{DAY_NAME}", re.IGNORECASE)
_LEGEND = re.compile(  # a row of two cells, and perhaps one for the time
    r"\s*([A-ZÆØÅ]{2,5})\s*[\t|;]\s*([A-ZÆØÅ][^\t|;\d]+)(?:[\t|;]\s*kl\.?[\s\d.:]*)?[\t|;\s]*"
)
_UNTIL_TIME = re.compile(r",?\s+\(?(?:kl\b|\d)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"([A-ZÆØÅ][^\d,;()\n]{3,60}?)\s*\(([A-ZÆØÅ]{2,5})\)")
_IN_RUNNING_TEXT = re.compile(
    r"(?<![\w-])((?:\w+(?:-,|-)\s+(?:\w+-\s+)?(?:og|&)\s+)?\w*(?:udvalget(?:\s+for\s+[^\d,;()\n]{3,50}?)?|råd|rådet|bestyrelsen))"
    r"\s*\(([A-ZÆØÅ]{2,5})\)"
)
_SHORT_FIRST = re.compile(r"(?<![\w-])([A-ZÆØÅ]{2,5})\s*\(([A-ZÆØÅ][^\d;()\n]{3,60})\)")
_CELLS = re.compile(r"\t|\||;")
_OF_MONEY = re.compile(
    r"\b((?:budget|regnskab)\w*(?:\s+for)?)\s+20\d\d(?:\s*[-–]\s*(?:20)?\d\d)?", re.IGNORECASE
)
_DAY_ALONE = re.compile(
    r"(?:(?:ma|ti|on|to|fr)\w{0,5}\.?(?:dag)?\.?\s+(?:d(?:en|\.)\s*)?)\d{1,2}\.?", re.IGNORECASE
)
_NOBODY = re.compile(
    rf"(?:\b(?:{DAY_NAME})\.?\s+)?\b\d{{1,2}}[./]\d{{1,2}}\.?\s+[-–—]"
    rf"(?=\s*(?:$|[|;\t])|\s+(?:{DAY_NAME})\b|\s{{2,}}\d{{1,2}}[./])",
    re.IGNORECASE,
)
_NOBODY_THEN = "-"
_NUMERIC = re.compile(r"\d[./]\d")
_NOBODY_LAST = re.compile(r"\d\s+[-–—]\s*(?:$|[|;\t])")
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
_BELOW_A_TILE = 3  # lines: its title, its time, and then what is of no use
_WEEKS_BELOW = re.compile(r"(?:følgende uger:|\bugerne ((?:[\d\s,]|og)+))$", re.IGNORECASE)
_WEEK_ALONE = re.compile(r"(?:samt\s+)?uge(?:rne)?\s+((?:\d{1,2}|[\s,]|og)+)\.?", re.IGNORECASE)
_UNIT = re.compile(r"(?<![\w-])([A-ZÆØÅ]{2,5})(?![\w-])")


def lines_of(text: str, year: int | None = None) -> list[Line]:
    """The lines that say something, in the order in which they are to be read. ``year`` is that of a calendar which
    names none."""
    said = with_columns(with_cells(without_heads(_OF_MONEY.sub(r"\1", rewritten(text)).splitlines())))
    said = _spelt_out(with_notes(without_links(said)))
    kept = [(number, _bare(line)) for number, line in one_below_the_other([*enumerate(said, start=1)])]
    kept = with_bodies(in_turn([(number, line) for number, line in kept if line.strip()]))
    kept = one_a_block(with_deadlines(kept))
    kept = [(number, line) for number, line in one_a_cell(without_link_lines(kept)) if line != _NOBODY_THEN]
    kept = as_rows(kept)
    told = with_days(kept, year)
    kept = kept if told == kept else with_bodies(told)  # in a calendar's cell a name has no day beside it
    return newest(_in_order(stacked(_moves(_whole(_tiles(_unnumbered(_filled(kept))))))))


def _bare(line: str) -> str:
    """Without bullets; a tab at the beginning is an empty cell, and a dash alone is one in which nobody meets."""
    return _NOBODY_THEN if re.fullmatch(r"\s*[-–—]\s*", line) else line.strip(" *•-–·")


def _spelt_out(lines: list[str]) -> list[str]:
    """With each short name that the text explains ("KB = Kommunalbestyrelsen", "Økonomiudvalget (ØU)") in full and, in
    a calendar that has several behind its days and a dash at the end of a line, without the days that have only a dash
    behind them: nobody meets then ("man 11/1 –")."""
    meant = dict(SHORT_NAMES)
    told: set[int] = set()
    for at, line in enumerate(lines):
        legend = _LEGEND.findall(line) if _LEGEND.fullmatch(line) else _MEANING.findall(line)
        explained = [(short, _UNTIL_TIME.split(full)[0].strip(" .\t|")) for short, full in legend]
        of_organs = len(explained) > 1 and "=" in line and any(names_organ(full) for _, full in explained)
        for short, full in explained:
            if _OF_A_CALENDAR.fullmatch(short):
                continue
            if names_organ(full) and not dates_in(full, 2000):
                meant[short] = full
                told.add(at)
            elif _LEGEND.fullmatch(line) and says_body(full):
                meant[short] = called_as(full)
                told.add(at)
            elif of_organs and full and not dates_in(full, 2000):
                meant[short] = called_as(full)
        named = [*_IN_RUNNING_TEXT.findall(line), *_IN_BRACKETS.findall(line)]
        for full, short in named:
            if names_organ(full):
                meant[short] = full.strip()
                lines[at] = lines[at].replace(f"({short})", "")
        for short, full in _SHORT_FIRST.findall(line):
            if names_organ(full):
                meant[short] = full.strip()
                lines[at] = lines[at].replace(f"({full})", "")
    used = {
        short for line in lines if _NUMERIC.search(line) for short in _UNIT.findall(line) if short in meant
    }
    if len(used) > 1 and any(_NOBODY_LAST.search(line) for line in lines):
        lines = [_NOBODY.sub(" ", line) for line in lines]
    spelt = [_UNIT.sub(lambda found: meant.get(found[1], found[1]), line) for line in lines]
    return ["" if at in told and not re.search(r"\d", line) else line for at, line in enumerate(spelt)]


def _filled(lines: list[Line]) -> list[Line]:
    """With the organ of the row above where a row's first cell is empty: a cell that reaches over several rows."""
    found: list[Line] = []
    organ = ""
    for number, line in lines:
        first, *rest = _CELLS.split(line)
        if len(first.strip()) and rest:
            organ = first.strip() if names_organ(first) and dates_in(line, 2000) else ""
        elif not rest:
            organ = ""
        found.append((number, f"{organ}{line}" if organ and not first.strip() else line))
    return found


def _unnumbered(lines: list[Line]) -> list[Line]:
    """Without the numbers of a list, where its dated lines are numbered from one: "1) 12. januar"."""
    begun = {at: found for at, (_, line) in enumerate(lines) if (found := _NUMBERED.match(line))}
    points = {at: found for at, found in begun.items() if dates_in(lines[at][1][found.end() :], 2000)}
    if len(points) < 2 or [int(found[1]) for found in points.values()] != list(range(1, len(points) + 1)):
        return lines
    return [
        (number, line[points[at].end() :] if at in points else line)
        for at, (number, line) in enumerate(lines)
    ]


def _tiles(lines: list[Line]) -> list[Line]:
    """Where every number that stands alone has a month alone below it, the two are a day."""
    alone = [at for at, (_, line) in enumerate(lines) if _NUMBER.fullmatch(line)]
    months = {at for at, (_, line) in enumerate(lines) if MONTH_ALONE.fullmatch(line)}
    if not alone or {at + 1 for at in alone} != months:
        return lines
    joined = []
    for at, (number, line) in enumerate(lines):
        if at in months:
            continue
        joined.append((number, f"{line.rstrip('.')}. {lines[at + 1][1]}" if at in alone else line))
    return _with_titles(joined, {lines[at][0] for at in alone})


def _with_titles(lines: list[Line], tiles: set[int]) -> list[Line]:
    """Each day of a tile with the title and the time that stand below it, where every tile has a title."""
    found: list[Line] = []
    below = _BELOW_A_TILE
    for number, line in lines:
        below = 0 if number in tiles else below + 1
        if 0 < below < _BELOW_A_TILE and not dates_in(line, 2000):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line}")
        else:
            found.append((number, line))
    return found


def _whole(lines: list[Line]) -> list[Line]:
    """With the lines joined that end in the middle of a day: "Onsdag den 31." above "marts kl. 17"."""
    joined: list[Line] = []
    headed = False  # by a month: then a day without one is whole
    last = 0
    for number, line in lines:
        before = joined[-1][1] if joined else ""
        open_day = _DAY_AT_END.search(before) and _BEGINS_WITH_MONTH.match(line) and not headed
        headed = headed or bool(MONTH_ALONE.fullmatch(line) and not open_day)
        goes_on = _continues(before, line, adjacent=bool(joined) and number == last + 1)
        last = number
        in_row = re.search(r"\t|\|", before)  # which ends with its line
        of_year = _MONTH_AT_END.search(before) and not in_row and _YEAR_FIRST.match(line)
        in_table = _CELLS.search(before) and _CELLS.search(line)  # "Dato | Udvalg | Kl." ends with a heading
        if (weeks := _WEEKS_BELOW.search(before)) and (more := _WEEK_ALONE.fullmatch(line)):
            joined[-1] = (joined[-1][0], f"{before[: weeks.start()]}ugerne {weeks[1] or ''} {more[1]},")
        elif (
            (open_day and not (in_row or in_table))
            or goes_on
            or of_year
            or (_OPEN_END.search(before) and line[:1].isdigit() and not in_table)
        ):
            joined[-1] = (joined[-1][0], f"{before} {line}")
        else:
            joined.append((number, line))
    return [(number, with_leading(line)) for number, line in joined]


def _continues(before: str, line: str, *, adjacent: bool) -> bool:
    """Whether a line goes on with the days of the one before it, which breaks off at a comma, an "og" or behind a year
    that stands before its days, or with the next year of the body that one begins with."""
    if not dates_in(line, 2000):
        return False
    if before.endswith(",") and line[:1].isdigit() and dates_in(before, 2000):
        return True
    if _CELLS.search(before) or _CELLS.search(line):
        return False
    if _AND_AT_END.search(before) and line[:1].isdigit():
        return True
    if not adjacent or not dates_in(before, 2000):
        return False
    named = _OF_A_BODY.match(before)
    return bool(_AND_DAY.match(line) or (_IN_YEAR.match(line) and named and names_organ(named[1])))


def _moves(lines: list[Line]) -> list[Line]:
    """With the rows of a table of moved meetings whose cells stand below each other put side by side."""
    words = [line.casefold() for _, line in lines]
    at = next(
        (at for at in range(len(words) - 1) if words[at].endswith("fra") and words[at + 1] == "til"), None
    )
    if at is None:
        return lines
    rows, rest = [], lines[at + 2 :]
    while len(rest) >= 3 and names_organ(rest[0][1]) and all(dates_in(line, 2000) for _, line in rest[1:3]):
        rows.append((rest[0][0], "\t".join(line for _, line in rest[:3])))
        rest = rest[3:]
    return [*lines[:at], (lines[at][0], "Udvalg\tFra\tTil"), *rows, *rest] if rows else lines


def _in_order(lines: list[Line]) -> list[Line]:
    """Where each day stands above its organ, as in a table that was copied with every cell on a line of its own, the
    organ comes first: else it would be taken for the next day's. A day without its month, which a heading tells, is put
    on one line with its organ, since an organ alone would end the heading."""
    said = [(number, line) for number, line in lines if not _COLUMN.fullmatch(line)]
    turns = [
        (at, _tells_day(line))
        for at, (_, line) in enumerate(said)
        if (names_organ(line) and len(line.split()) <= 8) is not _tells_day(line)
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
        number, line = said[day]
        if dates_in(line, 2000):
            said.insert(day, said.pop(organ_at))
        else:
            said[day], said[organ_at] = (number, f"{line} {said[organ_at][1]}"), (number, "")
    return [(number, line) for number, line in said if line]


def _tells_day(line: str) -> bool:
    return bool(dates_in(line, 2000) or _DAY_ALONE.fullmatch(line))
