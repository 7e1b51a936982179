"""Lists that are printed in several columns: months side by side, and below each its own lines ("4. Byrådet"). Pure; a
line keeps its number, and stands below its month."""

from __future__ import annotations

import re

from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.tokens import MONTH
from workflow.services.meetings.reading.turning import UNSURE

_MONTH = re.compile(rf"(?<!\S)(?:{MONTH})\.?(?: 20\d\d)?(?!\S)", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[^\W\d]{1,7}\.?\s+)?\d{1,2}[.:]?\s+[^\W\d]")
_LEAST = 2  # months side by side, and lines of days below them
_ROWS = 2


def one_below_the_other(lines: list[Line]) -> list[Line]:
    """The lines, with the columns of each such block below each other: the first month with all its lines, then the
    next. A block in which words stand across a column's beginning stays as it is, and its days are asked about."""
    read: list[Line] = []
    at = 0
    while at < len(lines):
        begins = _months(lines[at][1])
        end = at + 1
        while begins and end < len(lines) and lines[end][1].strip() and not _months(lines[end][1]):
            end += 1
        block = lines[at:end]
        parted = [(number, _parts(line, begins)) for number, line in block] if begins else []
        while len(parted) > _ROWS and not parted[-1][1]:  # a sentence right below the block
            parted.pop()
            end -= 1
        block = lines[at:end]
        if begins and all(parts for _, parts in parted) and _holds_days([parts for _, parts in parted]):
            for column in range(len(begins)):
                read += [(number, parts[column]) for number, parts in parted if parts[column].strip()]
        elif begins:  # whose month a day is of is not plain
            read += [(number, f"{line}{UNSURE}" if _ITEM.match(line) else line) for number, line in block]
        else:
            read += block
        at = end
    return read


def _months(line: str) -> list[int]:
    """Where the months begin that stand side by side; none of a line that says more."""
    found = [] if re.search(r"\t|\||;", line) else list(_MONTH.finditer(line))
    return [one.start() for one in found] if len(found) >= _LEAST and not _MONTH.sub("", line).strip() else []


def _parts(line: str, begins: list[int]) -> list[str]:
    """What of a line stands in each column; none where a word stands across the beginning of one."""
    if "\t" in line or any(line[at - 2 : at].strip() and line[at : at + 2].strip() for at in begins[1:]):
        return []
    ends = [*begins[1:], len(line)]
    return [line[begin:end] for begin, end in zip([0, *begins[1:]], ends, strict=True)]


def _holds_days(rows: list[list[str]]) -> bool:
    """Whether what stands below the months are days of them with words: in every column at least some."""
    counts = [sum(bool(_ITEM.match(row[column])) for row in rows[1:]) for column in range(len(rows[0]))]
    return max(counts) >= _ROWS
