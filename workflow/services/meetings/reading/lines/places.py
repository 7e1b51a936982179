"""The places of a list in which the name of a body may stand: above days, beside a day on its line, at the head of a
column of days, in the column of bodies. Pure."""

from __future__ import annotations

import re
from collections import Counter

from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.columns import cells_in, column_of
from workflow.services.meetings.reading.lines.called import (
    SUBJECTS,
    is_organ,
    name_in,
    says_body,
    says_subjects,
)
from workflow.services.meetings.reading.lines.line import MONTH_ALONE, Line
from workflow.services.meetings.reading.tokens import DAY_NAME, dates_in, month_of, months_in, without_times
from workflow.values import dataclass

SAID = "said"
"""Of a place: the column's heading says that bodies stand below it."""
_BETWEEN = 5  # lines between a heading and its first day
_LIKE = 2  # of these, where no certain heading has as many
_LEAST = 3  # rows of days below a heading's cell
_MONTHS = 2  # side by side, and more, make a table of months
_OF_BODIES = re.compile(
    r"(?:udvalg(?:et)?|udvalgsnavn|organ(?:navn)?|forum|råd|nævn|råd og nævn|råd/udvalg|udvalg/råd|hvem|"
    r"udvalg og råd|råd og udvalg)\W*",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_DAY_BEGUN = re.compile(  # "onsdag den", ", Ma"
    rf"\W*(?:(?:\b(?:{DAY_NAME})(?:en)?|(?<=\W)(?:ma|ti|on|to|fr))\.?\s*)?(?:\b(?:den|d\.|i)\s*)?$",
    re.IGNORECASE,
)
_BEHIND_DAY = re.compile(rf"\W*(?:(?:kl|{DAY_NAME})\b\W*)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Words that stand where a body may: in the line ``at``, as they are written there and as a name, of how many
    days, and ``like`` which others: only those can tell what it is."""

    at: int
    own: str
    name: str
    days: int
    like: object


def _under_months(lines: list[Line]) -> list[int | None]:
    """The month above each line."""
    found: list[int | None] = []
    month: int | None = None
    for _, line in lines:
        if headed := MONTH_ALONE.fullmatch(line.strip()):
            month = month_of(headed[1])
        found.append(month)
    return found


def _dated(line: str, month: int | None) -> bool:
    return bool(
        dates_in(line, 2000)
        or (month and re.match(r"\D{0,12}\d{1,2}\.", line) and dates_in(line, 2000, month))
    )


def headings(lines: list[Line]) -> list[Place]:
    """What stands alone above days, and how many of these."""
    months = _under_months(lines)
    dated = [_dated(line, month) for (_, line), month in zip(lines, months, strict=True)]
    names = [
        ("", "")
        if has or cells_in(line) or line.endswith(".") or MONTH_ALONE.fullmatch(line)
        else _above_days(line)
        for (_, line), has in zip(lines, dated, strict=True)
    ]
    kept = [bool(name) for _, name in names]
    found: list[Place] = []
    shapes: Counter[int] = Counter()
    told: list[tuple[int, int, int]] = []
    for at, is_name in enumerate(kept):
        if not is_name:
            continue
        end = next((other for other in range(at + 1, len(lines)) if kept[other]), len(lines))
        first = next((other for other in range(at + 1, end) if dated[other]), None)
        if first is None or first - at - 1 > _BETWEEN:
            continue
        days = sum(
            len(dates_in(lines[other][1], 2000, months[other])) for other in range(first, end) if dated[other]
        )
        told.append((at, first - at - 1, days))
        if names_organ(names[at][1]):
            shapes[first - at - 1] += 1
    for at, between, days in told:
        own, name = names[at]
        like = (
            "heading" if between <= _LIKE or between in shapes or names_organ(name) or says_body(name) else at
        )
        found.append(Place(at, own, name, days, like))
    return found


def _above_days(line: str) -> tuple[str, str]:
    """What may be a name in a line that may head days: as it stands there, and as it is kept."""
    own, name = name_in(line)
    if names_organ(name) or says_body(name) or says_subjects(name):
        return own, name
    plain = line.strip(" :")
    return (plain, plain) if SUBJECTS.fullmatch(plain) else ("", "")


def beside_days(lines: list[Line]) -> list[Place]:
    """What stands on a line before its days, or behind them."""
    found: list[Place] = []
    for at, ((_, line), month) in enumerate(zip(lines, _under_months(lines), strict=True)):
        dated = [] if re.search(r"\t|\||;", line) else dates_in(line, 2000) or dates_in(line, 2000, month)
        if not dated:
            continue
        begin = re.search(r"\d", line)
        before = line[: begin.start()] if begin else ""
        before = _DAY_BEGUN.sub("", before)
        behind = without_times(line)[dated[-1].at :]
        if skipped := _BEHIND_DAY.match(behind):
            behind = behind[skipped.end() :]
        for said, like in ((before, "before"), (behind, "behind")):
            for own, name in map(name_in, _parts(said)):
                if own and own in line and (is_organ(own) or says_body(name) or says_subjects(name)):
                    found.append(Place(at, own, name, len(dated), like))
                    break
    return found


def _parts(said: str) -> list[str]:
    """The words beside a day, and what of them stands before a place or a remark."""
    parts = [said, *(re.split(sign, said, maxsplit=1)[0] for sign in (r"\s[-–]\s", r"\(", r":", r" {2,}"))]
    return [*parts, said.rpartition(",")[0]] if said.strip() else []


def _tables(lines: list[Line]) -> list[tuple[list[str], list[tuple[int, list[str]]]]]:
    """Each run of rows with cells: the cells of its heading (none where it has none) and its rows of days by their
    places."""
    found: list[tuple[list[str], list[tuple[int, list[str]]]]] = []
    is_open = False
    for at, (_, line) in enumerate(lines):
        cells = cells_in(line)
        if len(cells) < 2:
            is_open = is_open and not line.strip()
            continue
        if not re.search(r"\d", "".join(map(without_times, cells))):
            found.append((cells, []))
        elif not is_open:
            found.append(([], []))
        is_open = True
        if re.search(r"\d", line):
            found[-1][1].append((at, cells))
    return found


def in_columns(lines: list[Line]) -> list[Place]:
    """What stands in the cells of a column, where its heading says that bodies do, or some do."""
    found: list[Place] = []
    for number, (heads, rows) in enumerate(_tables(lines)):
        for column in range(max((len(cells) for _, cells in rows), default=0)):
            head = heads[column] if column < len(heads) else ""
            said_so = bool(_OF_BODIES.fullmatch(head))
            if head and not said_so and column_of(head)[0] not in ("organ", ""):
                continue
            for at, cells in rows:
                cell = cells[column] if column < len(cells) else ""
                own, name = name_in(cell) if not re.search(r"\d", without_times(cell)) else ("", "")
                apart = bool(re.search(r"\t|\||;", lines[at][1])) or len(cells) == len(heads)
                if own and apart:
                    days = max(1, len(_DAYS.findall(" ".join(map(without_times, cells)))) // 2)
                    like = (number, column, SAID if said_so else "")
                    found.append(Place(at, own, name, days if _of_months(heads) else 1, like))
    return found


def _of_months(heads: list[str]) -> bool:
    return sum(bool(months_in(head)) for head in heads) > _MONTHS


def heads_of_columns(lines: list[Line]) -> list[Place]:
    """What heads columns of days."""
    found: list[Place] = []
    for at, (_, line) in enumerate(lines):
        heads = cells_in(line)
        words = [head for head in heads if not re.fullmatch(r"20\d\d", head)]
        if len(heads) <= _MONTHS or re.search(r"\d", "".join(map(without_times, words))):
            continue
        rows: list[list[str]] = []
        for _, below in lines[at + 1 :]:
            cells = cells_in(below)
            if len(cells) < 2 or (rows and not re.search(r"\d", below)):
                break
            rows.append(cells)
        for column, head in enumerate(heads):
            own, name = name_in(head)
            cells = [row[column] for row in rows if column < len(row)]
            days = sum(_holds_days(cell) for cell in cells)
            other = any(
                re.search(r"[^\W\d_]{3}", cell) and not _holds_days(cell) and not _no_day(cell)
                for cell in cells
            )
            if own and days >= _LEAST and not other and column_of(head)[0] in ("", "of-organ"):
                found.append(Place(at, own, name, days, (at, "head")))
    return found


def _no_day(cell: str) -> bool:
    return not without_times(cell).strip() or bool(
        re.fullmatch(r"\W*(?:ingen|intet)\b.*", cell, re.IGNORECASE)
    )


def _holds_days(cell: str) -> bool:
    """Whether a cell is days, alone or in a month, and says little else."""
    return bool(_DAYS.search(without_times(cell))) and bool(dates_in(cell, 2000, 1))
