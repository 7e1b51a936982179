"""Lists in which days and names stand below each other in turn, a line each: which of the two comes first is told by
the whole list, and a name that comes again and again in the names' place is a body's. Pure; a line keeps its number."""

from __future__ import annotations

import re
from collections import Counter

from workflow.services.meetings.naming import called_as, names_organ
from workflow.services.meetings.reading.lines.called import (
    is_organ,
    may_be_body,
    name_in,
    says_body,
    says_subjects,
)
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, without_times
from workflow.services.meetings.reading.turning import UNSURE

_LEAST = 6  # days in turn with names
_PAIR, _MOST = 2, 4  # lines to a day: its time, its name, its place
_AGAIN = 3  # times that a name stands there which does not say itself that it is a body's
_OF_A_DAY = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d|kl)\b", re.IGNORECASE)


def in_turn(lines: list[Line]) -> list[Line]:
    """The lines, with each day of such a list on one line with what stands below it, where the list begins with a day
    and ends with a name, and most of what stands in one place are names of bodies. A list of which both ends are names
    may go either way, and its days are asked about. Other lists stay as they are."""
    begin, end, each = _run(lines)
    if (end - begin) // each < _LEAST:
        return lines
    records = [lines[at : at + each] for at in range(begin, end, each)]
    for place in range(1, each):
        names = Counter(_name(record[place][1]) for record in records)
        bodies = {name for name, often in names.items() if _is_body(name, often)}
        if any(map(names_organ, bodies)) and 2 * sum(names[name] for name in bodies) >= len(records):
            break
    else:
        return lines
    above = _name(lines[begin - 1][1]) if begin else ""
    if above in bodies or is_organ(above):
        if _name(records[-1][place][1]) not in bodies:
            return lines  # each name stands above its day
        return [
            (number, f"{line}{UNSURE}" if begin <= at < end and _is_day(line) else line)
            for at, (number, line) in enumerate(lines)
        ]
    return [*lines[:begin], *(_joined(record, place, bodies) for record in records), *lines[end:]]


def _joined(record: list[Line], place: int, bodies: set[str]) -> Line:
    """A day with what stands below it, its body right behind it."""
    name = whose = _name(record[place][1])
    if name not in bodies:
        whose = record[place][1]
    elif not names_organ(name):
        whose = called_as(name, asked=not _is_certain(name))
    others = [f"({line})" for at, (_, line) in enumerate(record) if at not in (0, place)]
    return record[0][0], " ".join([record[0][1], whose, *others])


def _run(lines: list[Line]) -> tuple[int, int, int]:
    """Where the longest run of days with as many lines below each begins and ends, and how many lines there are to a
    day. Another day may stand above it, as in a letter; where one stands behind it, the run is none, and where empty
    lines part it, each part tells by itself what is of one day (:mod:`blocks`)."""
    days = [_is_day(line) for _, line in lines]
    other = [is_day or bool(dates_in(line, 2000)) for is_day, (_, line) in zip(days, lines, strict=True)]
    best = (0, 0, 1)
    for each in range(_PAIR, _MOST + 1):
        begin = 0
        while begin < len(lines):
            end = begin
            while (
                days[end : end + 1] == [True]
                and end + each <= len(lines)
                and not any(other[end + 1 : end + each])
            ):
                end += each
            best = max(best, (begin, end, each), key=lambda run: (run[1] - run[0]) // run[2])
            begin = max(end, begin + 1)
    begin, end, each = best
    in_parts = each > _PAIR and lines[max(end, 1) - 1][0] - lines[begin][0] >= end - begin
    return (0, 0, 1) if any(days[end:]) or in_parts else best


def _is_body(name: str, often: int) -> bool:
    return is_organ(name) or _is_certain(name) or (may_be_body(name) and often >= _AGAIN)


def _is_certain(name: str) -> bool:
    return says_subjects(name) or says_body(name)


def _name(line: str) -> str:
    return name_in(line)[1] or line.strip(" :")


def _is_day(line: str) -> bool:
    """Whether a line is a day, perhaps with its time, and nothing else."""
    plain = without_times(line)
    return len(dates_in(line, 2000)) == 1 and not re.search(r"[^\W\d_]", _OF_A_DAY.sub(" ", plain))
