"""Tables that are set with spaces, as a PDF gives them when copied: a cell belongs to the heading it stands below, also
where others of its row are empty. Pure; a line keeps its place."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.tokens import MONTH

Span = tuple[int, int]  # where a heading or a cell begins and ends in its line
_MONTH = re.compile(rf"(?<!\S)(?:{MONTH})\.?(?!\S)", re.IGNORECASE)
_OF_A_MONTH = re.compile(rf"\s*(?:{MONTH})\.?(?:\s+20\d\d)?(?=\s|$)", re.IGNORECASE)
_APART = re.compile(r"\S+(?: \S+)*")
_OF_DAYS = re.compile(
    r"(?:\d{1,2}\.?(?:\+\d{1,2}\.?)*\*{0,3}(?:,|(?=\s|$))|[-–—](?=\s|$)|og\b|&)", re.IGNORECASE
)
_PART_OF_LABEL = re.compile(r"(?:&\s)?[A-ZÆØÅa-zæøåé][\w-]*(?:,?\s(?:og\s|&\s)?[\w-]+){0,5}(?:,|-|\sog|\s&)?")
_GOES_ON = re.compile(r"(?:,|-|\sog|\s&|\sfor)$")  # a label that its line breaks off
_ASKEW = 2  # between twice the middles of cells that stand below each other
_LEAST = 2  # columns beside that of the labels


def with_columns(lines: list[str]) -> list[str]:
    """The lines, with the cells of each such table apart by tabs: months above whose days the rows are, or bodies above
    the days of months. A table in which some cell stands below none or several of its headings stays as it is."""
    read = list(lines)
    for at, line in enumerate(lines):
        heads = _heads(line)
        below = _table(lines, at, heads) if heads else {}
        if len(below) >= _LEAST:
            cells = [line[: heads[0][0]].strip(), *(line[begin:end] for begin, end in heads)]
            read[at] = "\t".join(cells)
            read = [below.get(place, said) for place, said in enumerate(read)]
    return read


def _heads(line: str) -> list[Span]:
    """The headings of such a table's columns, without that of the labels; none where a line is not that."""
    if re.search(r"\d|\t|\||;", line):
        return []
    months = [found.span() for found in _MONTH.finditer(line)]
    if len(months) > _LEAST and not _MONTH.sub("", line[months[0][0] :]).strip():
        return months
    cells = [found.span() for found in _APART.finditer(line)]
    bodies = [span for span in cells if names_organ(line[slice(*span)])]
    return bodies if len(bodies) >= _LEAST and bodies in (cells, cells[1:]) else []


def _table(lines: list[str], at: int, heads: list[Span]) -> dict[int, str]:
    """The rows below a heading by their places, their cells apart by tabs; none where a cell is not plainly placed."""
    of_months = bool(_MONTH.fullmatch(lines[at][slice(*heads[0])]))
    found: dict[int, tuple[str, list[Span]]] = {}
    labels: dict[int, str] = {}
    rest: set[int] = set()  # lines that are but the end or the beginning of a label
    begun = ""  # of the label of the next row
    for place in range(at + 1, len(lines)):
        line = lines[place].rstrip()
        if not line:
            continue
        cells = _days(line, heads) if of_months else _behind_month(line)
        if cells is None:
            part = line.strip()
            above = max(found, default=None)
            if not of_months or not _PART_OF_LABEL.fullmatch(part) or begun:
                break
            if above is not None and (_GOES_ON.search(labels[above]) or part[0].islower() or part[0] == "&"):
                labels[above] = f"{labels[above]} {part}"
            elif _GOES_ON.search(part) and _is_row(lines, place + 1, heads):
                begun = f"{part} "
            else:
                break
            rest.add(place)
            continue
        if not cells:
            continue
        found[place] = line, cells
        labels[place], begun = begun + " ".join(line[: cells[0][0]].split()), ""
    columns = _columns([cells for _, cells in found.values()], heads)
    if len(columns) < len(found):
        return {}
    rows = dict.fromkeys(rest, "")
    for (place, (line, cells)), own in zip(found.items(), columns, strict=True):
        told = {column: line[slice(*cell)].strip() for column, cell in zip(own, cells, strict=True)}
        rows[place] = "\t".join([labels[place], *(told.get(column, "") for column in range(len(heads)))])
    return rows


def _is_row(lines: list[str], place: int, heads: list[Span]) -> bool:
    return place < len(lines) and bool(_days(lines[place].rstrip(), heads))


def _days(line: str, heads: list[Span]) -> list[Span] | None:
    """The cells at the end of a row that hold days or a dash; ``None`` of a line without them, or without a label."""
    cells: list[Span] = []
    for found in reversed(list(re.finditer(r"\S+", line))):
        if not _OF_DAYS.fullmatch(found[0]) or found.end() < heads[0][0]:
            break
        begin, end = found.span()
        joined = found[0].endswith((",", "og", "&")) or line[end:].lstrip().startswith(("og", "&"))
        cells = [(begin, cells[0][1]), *cells[1:]] if cells and joined else [(begin, end), *cells]
    return cells if cells and line[: cells[0][0]].strip() and len(cells) <= len(heads) else None


def _behind_month(line: str) -> list[Span] | None:
    """The cells of a row that begins with a month; ``None`` of any other line."""
    month = None if "\t" in line else _OF_A_MONTH.match(line)
    return [found.span() for found in _APART.finditer(line, month.end())] if month else None


def _columns(rows: list[list[Span]], heads: list[Span]) -> list[list[int]]:
    """The columns of each row's cells: every cell begins where its heading does, or ends there, or stands below one
    alone. None where it is not plain."""
    for side in (0, 1):
        places = {head[side]: column for column, head in enumerate(heads)}
        if all(cell[side] in places for cells in rows for cell in cells):
            return [[places[cell[side]] for cell in cells] for cells in rows]
    below = [
        [[at for at, head in enumerate(heads) if head[0] < cell[1] and cell[0] < head[1]] for cell in cells]
        for cells in rows
    ]
    if not all(len(at) == 1 for cells in below for at in cells):
        return []
    told = [[at[0] for at in cells] for cells in below]
    placed: dict[int, list[Span]] = {}
    for cells, own in zip(rows, told, strict=True):
        for cell, column in zip(cells, own, strict=True):
            placed.setdefault(column, []).append(cell)
    plain = all(cells == sorted(set(cells)) for cells in told) and all(map(_in_line, placed.values()))
    return told if plain else []


def _in_line(cells: list[Span]) -> bool:
    """Whether cells stand exactly below each other: by where they begin or end, or by their middle."""
    begins, ends, middles = {a for a, _ in cells}, {b for _, b in cells}, {a + b for a, b in cells}
    return len(begins) == 1 or len(ends) == 1 or max(middles) - min(middles) <= _ASKEW
