"""Tables of which every cell stands on a line of its own, as a PDF or a page gives them when copied. Pure."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.closing import LONGEST
from workflow.services.meetings.reading.columns import kinds_of
from workflow.services.meetings.reading.lines.line import MONTH_ALONE, Line
from workflow.services.meetings.reading.proposing import AGENDA
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, without_times

_OF_DAYS = ("date", "agenda", "sent")  # columns that hold days
_SIGNS_OF = {**dict.fromkeys(_OF_DAYS, "D"), "time": "T?", "organ": "N"}  # what stands in a column; see _sign
_OF_A_DAY = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d|kl)\b", re.IGNORECASE)
_NO_HEADING = re.compile(r"[\d.,:;|\t]")
_WORDS, _OF_AGENDA = 4, 8  # at most, in the heading of a column
_MOST_BODIES = 15  # columns of a table of months
_OF_MONTHS = re.compile(r"måned(?:er)?|mdr\.?|dato", re.IGNORECASE)
_OF_A_MONTH = re.compile(
    r"(?:[-–—.]|ingen(?: møder?)?|\d{1,2}\.?)(?:[\s,.&*/]*(?:og\s+)?(?:\d{1,2}\.?|\(.*\)))*[\s*]*",
    re.IGNORECASE,
)
_COLUMNS = 8  # at most, of a table whose headings stand below each other


def one_a_cell(lines: list[Line]) -> list[Line]:
    """With the rows of a table of months side by side, whose headings ("Måned", then a body each) and cells stand below
    each other; on each page anew where it goes on."""
    read: list[Line] = []
    at = 0
    while at < len(lines):
        heads = _bodies(lines[at:])
        if not heads:
            read.append(lines[at])
            at += 1
            continue
        rows, behind = _months(lines, at + len(heads), len(heads))
        read += [(lines[at][0], "\t".join(heads)), *rows]
        for at in range(
            behind, len(lines) + 1
        ):  # a row that has other cells: whose its days are is not plain
            if at == len(lines) or not (MONTH_ALONE.fullmatch(lines[at][1]) or _holds_days(lines[at][1])):
                break
            read.append(
                (lines[at][0], f"{lines[at][1]} (?)" if re.search(r"\d", lines[at][1]) else lines[at][1])
            )
    return read


def _bodies(lines: list[Line]) -> list[str]:
    """The headings of such a table where the lines begin with it, else none."""
    heads: list[str] = []
    for _, line in lines[: _MOST_BODIES + 1]:
        if heads and MONTH_ALONE.fullmatch(line):
            return heads if sum(names_organ(head) for head in heads[1:]) == len(heads) - 1 >= 2 else []
        if _NO_HEADING.search(line.replace(",", "")) or (not heads and not _OF_MONTHS.fullmatch(line)):
            return []
        heads.append(line)
    return []


def _months(lines: list[Line], at: int, width: int) -> tuple[list[Line], int]:
    """The rows of such a table from a place on, and the place behind them."""
    rows: list[Line] = []
    while at + width <= len(lines) and MONTH_ALONE.fullmatch(lines[at][1]):
        cells = [line for _, line in lines[at + 1 : at + width]]
        if not all(map(_holds_days, cells)):
            break
        rows.append((lines[at][0], "\t".join([lines[at][1], *cells])))
        at += width
    return rows, at


def _holds_days(cell: str) -> bool:
    """Whether a cell below a body is days of a month, or says that there is none."""
    return bool(_OF_A_MONTH.fullmatch(cell)) or _sign(cell, 1) == "D"


def stacked(lines: list[Line]) -> list[Line]:
    """With each record of a table side by side, whose headings and cells stand below each other: "Mødedato", "Frist for
    punkter", "Dagsorden udsendes", and then their days in turn. Days that are not as many as the headings get a
    question mark, since which is which is not plain."""
    read: list[Line] = []
    at, heads = _stacked_heading(lines)
    while heads:
        rows, lines = _table(lines, at, heads)
        read += rows
        at, heads = _stacked_heading(lines)
    return [*read, *lines]


def _table(lines: list[Line], at: int, heads: list[str]) -> tuple[list[Line], list[Line]]:
    """The lines to the end of the table whose headings begin at a place, side by side, and those below it."""
    kinds, rest = kinds_of(heads), lines[at + len(heads) :]
    end, again = _stacked_heading(rest)
    end = end if again else len(rest)
    if "organ" not in kinds:  # then one that stands alone heads another list
        end = next((place for place in range(end) if _sign(rest[place][1]) == "N"), end)
    rest, below = rest[:end], rest[end:]
    signs = [_sign(line) for _, line in rest]
    records: dict[int, int] = {}  # where one begins, and how many lines it has
    blocks: list[list[int]] = []  # the places between two empty lines
    for place, (number, _) in enumerate(rest):
        if not place or number != rest[place - 1][0] + 1:
            blocks.append([])
        blocks[-1].append(place)
    pattern = re.compile("".join(_SIGNS_OF.get(kind, "O?") for kind in kinds))
    unsure, several = set[int](), False
    for block in blocks:
        said = "".join(signs[place] for place in block)
        found = [(block[one.start()], one.end() - one.start()) for one in pattern.finditer(said)]
        fits = [_closes_before(_record(kinds, rest[at : at + many], signs[at:]), kinds) for at, many in found]
        if found and not any(fits):  # a plain list below such words
            continue
        if "D" in pattern.sub("", said) or not all(fits):
            unsure |= {place for place in block if signs[place] == "D"}
            several = several or "DD" in said
        else:
            records |= dict(found)
    if not records and not several:
        return [*lines[: at + len(heads)], *rest], below
    rows: list[Line] = [*lines[:at], (lines[at][0], "\t".join(heads))]
    place = 0
    while place < len(rest):
        number, line = rest[place]
        if place in unsure:
            line = "\t".join(f"{line} (?)" if kind == "date" else "" for kind in kinds)
        elif place in records:
            line = _record(kinds, rest[place : place + records[place]], signs[place:])
        rows.append((number, line))
        place += records.get(place, 1)
    return rows, below


def _record(kinds: list[str], cells: list[Line], signs: list[str]) -> str:
    """The row of a record's cells, empty where it has none for a column that need not say anything."""
    row, left = [], [line for _, line in cells]
    for kind in kinds:
        fits = left and re.fullmatch(_SIGNS_OF.get(kind, "O?"), signs[len(cells) - len(left)])
        row.append(left.pop(0) if fits else "")
    return "\t".join(row)


def _closes_before(row: str, kinds: list[str]) -> bool:
    """Whether every other day of the row may be one on which the agenda of its meeting closes or is sent."""
    said = [dates_in(cell, 2000) for cell in row.split("\t")]
    days = [
        (kind, one[0].on)
        for kind, one in zip(kinds, said, strict=True)
        if kind in _OF_DAYS and one and one[0].on
    ]
    meeting = next((on for kind, on in days if kind == "date"), None)
    return meeting is not None and all((meeting - on).days % 366 <= LONGEST.days for _, on in days if on)


def _sign(line: str, month: int | None = None) -> str:
    """D: a day and nothing else, T: a time and nothing else, N: an organ, O: anything else."""
    plain = without_times(line)
    if dates_in(line, 2000, month) and not re.search(r"[^\W\d_]", _OF_A_DAY.sub(" ", plain)):
        return "D"
    if line.strip() and not plain.strip(" .-–"):
        return "T"
    return "N" if names_organ(line) and not dates_in(line, 2000) else "O"


def _stacked_heading(lines: list[Line]) -> tuple[int, list[str]]:
    """Where headings of columns stand below each other, two or more of days, and which they are; none where none do."""
    for at in range(len(lines)):
        heads: list[str] = []
        for number, line in lines[at : at + _COLUMNS]:
            most = _OF_AGENDA if AGENDA.search(line) else _WORDS
            if number != lines[at][0] + len(heads) or len(line.split()) > most or _NO_HEADING.search(line):
                break
            heads.append(line)
        while heads and kinds_of(heads)[-1] == "of-organ":  # that of the first record
            heads.pop()
        kinds = kinds_of(heads)
        if (
            kinds[:1] not in ([], [""], ["of-organ"])
            and "date" in kinds
            and sum(kind in _OF_DAYS for kind in kinds) > 1
        ):
            return at, heads
    return 0, []
