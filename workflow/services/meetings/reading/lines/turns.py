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

_LEAST = 6  # days in turn with names
_AGAIN = 3  # times that a name stands there which does not say itself that it is a body's
_OF_A_DAY = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d|kl)\b", re.IGNORECASE)


def in_turn(lines: list[Line]) -> list[Line]:
    """The lines, with each day of such a list on one line with what stands below it, where the list begins with a day
    and ends with a name, and most of what stands there are names of bodies. Other lists stay as they are."""
    begin, end = _run(lines)
    if (end - begin) // 2 < _LEAST or _heads(lines, begin):
        return lines
    names = Counter(_name(lines[at][1]) for at in range(begin + 1, end, 2))
    bodies = {
        name
        for name, often in names.items()
        if is_organ(name) or _is_certain(name) or (may_be_body(name) and often >= _AGAIN)
    }
    if not any(map(names_organ, bodies)) or 2 * sum(names[name] for name in bodies) < sum(names.values()):
        return lines
    read = []
    for at in range(begin, end, 2):
        name = whose = _name(lines[at + 1][1])
        if name not in bodies:
            whose = lines[at + 1][1]
        elif not names_organ(name):
            whose = called_as(name, asked=not _is_certain(name))
        read.append((lines[at][0], f"{lines[at][1]} {whose}"))
    return [*lines[:begin], *read, *lines[end:]]


def _run(lines: list[Line]) -> tuple[int, int]:
    """Where the longest run of days with one line below each begins and ends. A day may stand above it, as in a letter;
    where one stands right behind it, the run has another order, and is none."""
    days = [_is_day(line) for _, line in lines]
    runs = [(0, 0)]
    for begin, is_day in enumerate(days):
        if not is_day or begin < runs[-1][1]:
            continue
        end = begin
        while end + 1 < len(lines) and days[end] and not dates_in(lines[end + 1][1], 2000):
            end += 2
        runs.append((begin, end))
    begin, end = max(runs, key=lambda run: run[1] - run[0])
    return (begin, end) if not any(days[end:]) else (0, 0)


def _is_certain(name: str) -> bool:
    return says_subjects(name) or says_body(name)


def _name(line: str) -> str:
    return name_in(line)[1] or line.strip(" :")


def _heads(lines: list[Line], begin: int) -> bool:
    """Whether the line above the first day is a name too: then each day may be of the one above it."""
    return begin > 0 and (
        is_organ(lines[begin - 1][1]) or lines[begin - 1][1] in {line for _, line in lines[begin:]}
    )


def _is_day(line: str) -> bool:
    """Whether a line is a day, perhaps with its time, and nothing else."""
    plain = without_times(line)
    return len(dates_in(line, 2000)) == 1 and not re.search(r"[^\W\d_]", _OF_A_DAY.sub(" ", plain))
