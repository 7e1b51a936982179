"""Tables whose cells do not say by themselves what they are, written as plain lines: headings in two rows, a chain of
committees with their deadlines. Pure; a line keeps its number."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import called_as, names_organ, organ, organs_in
from workflow.services.meetings.reading.columns import column_of
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.lines.weeks import weekdays_of
from workflow.services.meetings.reading.proposing import AWAY, GONE, MOVED, SHIFTED
from workflow.services.meetings.reading.tokens import dates_in

_AROUND = 2  # rows of headings at most
_HEADED = 3  # rows below the heading of a chain, of which one has days
_FOR_ALL = re.compile(r"(?<![\w-])(?:fag|stående |politiske )?udvalg(?:ene|enes|s)?\b", re.IGNORECASE)
_OF_ALL = re.compile(r"(?:de\s+)?(?:fag|stående |politiske )?udvalg(?:ene|et)?", re.IGNORECASE)


def as_rows(lines: list[Line]) -> list[Line]:
    """The lines, with one heading for each column of such a table, and a row for each body of a chain."""
    return _chains(_under_one_heading(lines))


def cells_of(line: str) -> list[str]:
    """The cells of a line that tells them apart by a sign; none of another."""
    return [cell.strip() for cell in re.split(r"\t|\||;", line)] if re.search(r"\t|\||;", line) else []


def _under_one_heading(lines: list[Line]) -> list[Line]:
    """Two rows of headings as one: "Fagudvalg" above "Børn og Undervisning" names a committee, "Byrådet" above "Frist"
    a deadline of it."""
    found: list[Line] = []
    skip = -1
    for at, (number, line) in enumerate(lines):
        if at == skip:
            continue
        below = lines[at + 1][1] if at + 1 < len(lines) else ""
        heads = _joined(cells_of(line), cells_of(below))
        if heads:
            skip = at + 1
        found.append((number, "\t".join(heads) if heads else line))
    return found


def _joined(above: list[str], below: list[str]) -> list[str]:
    """One heading for each column of two rows of headings; none where the rows are not that."""
    width = max(len(above), len(below))
    above, below = above + [""] * (width - len(above)), below + [""] * (width - len(below))
    if sum(map(bool, below)) < 2 or not any(above) or re.search(r"\d", "".join([*above, *below])):
        return []
    if not any(two and not one for one, two in zip(above, below, strict=True)):
        return []
    heads, over = [], ""
    for one, two in zip(above, below, strict=True):
        over = one or (over if two else "")
        if not two or not over:
            heads.append(two or over)
        elif _OF_ALL.fullmatch(over):
            heads.append(two if names_organ(two) else called_as(two))
        else:
            heads.append(
                f"{over}: {two}" if names_organ(over) else two if column_of(two)[0] else f"{over} {two}"
            )
    kinds = [column_of(head)[0] for head in heads]
    known = [kind for kind in kinds if kind not in ("", "skip")]
    return heads if len(known) >= 2 else []


def _chains(lines: list[Line]) -> list[Line]:
    """A row that holds several committees' days, each with its own deadline beside it, as one row for each."""
    found: list[Line] = []
    groups: list[tuple[str, int, int | None]] = []
    rest: list[int] = []
    of_weeks = False
    for at, (number, line) in enumerate(lines):
        cells = cells_of(line)
        of_weeks = bool(weekdays_of(cells)) or (of_weeks and len(cells) >= 2)
        if not of_weeks and _heads_days(cells, lines[at + 1 :]) and (read := _groups(cells)):
            groups, taken = read
            rest = [i for i in range(len(cells)) if i not in taken]
            found.append((number, "Udvalg\tMødedato\tDagsorden lukker\tBemærkning"))
            continue
        if groups and len(cells) >= 2 and dates_in(line, 2000):
            beside = " ".join(cells[i] for i in rest if i < len(cells) and re.search(r"[^\W\d_]", cells[i]))
            remarks = _remarks(beside, [whose for whose, _, _ in groups])
            for (whose, column, closes), remark in zip(groups, remarks, strict=True):
                day = cells[column] if column < len(cells) else ""
                until = cells[closes] if closes is not None and closes < len(cells) else ""
                if day:
                    found.append((number, f"{whose}\t{day}\t{until}\t{remark}"))
            continue
        if len(cells) >= 2:
            groups = []
        found.append((number, line))
    return found


def _heads_days(cells: list[str], below: list[Line]) -> bool:
    """Whether a row may head the chains below it: it has no day and no week's number, and rows of days follow."""
    rows = [line for _, line in below[:_HEADED] if len(cells_of(line)) >= 2]
    plain = len(cells) >= 4 and not re.search(r"\d", cells[0]) and not dates_in("\t".join(cells), 2000)
    return plain and any(dates_in(line, 2000) for line in rows)


def _remarks(beside: str, bodies: list[str]) -> list[str]:
    """What a chain's remark says of each of its bodies: all of the one it names; where it names none or several and
    calls off or moves a meeting, a question of each."""
    named = {who for _, who in organs_in(beside)}
    of = [organ(whose) in named for whose in bodies]
    if len(named) == 1 and any(of):
        return [beside if own else "" for own in of]
    unsure = any(word.search(beside) for word in (GONE, MOVED, AWAY, SHIFTED))
    return [f"{beside} (?)" if unsure else beside for _ in bodies]


def _groups(heads: list[str]) -> tuple[list[tuple[str, int, int | None]], set[int]] | None:
    """Of each committee of a chain its name, the column of its days and that of its deadlines, and every column that
    is understood; ``None`` for another heading."""
    kinds = [column_of(head)[0] for head in heads]
    owners = [head.partition(":")[0] for head in heads]
    groups: list[tuple[str, int, int | None]] = []
    taken: set[int] = set()
    closes: int | None = None
    of_all = False  # whether that deadline is of every committee up to the next one: "Frist fagudvalg"
    for at, kind in enumerate(kinds):
        own = owners[at] != heads[at] and names_organ(owners[at])
        below = column_of(heads[at].partition(":")[2].strip())[0] if own else ""
        if (below or kind) in ("agenda", "sent"):
            taken.add(at)
            closes = at if (below or kind) == "agenda" else closes
            of_all = bool(_FOR_ALL.search(heads[at]))
        elif (below or kind) == "skip":
            taken.add(at)
        elif (below or kind) in ("of-organ", "date", "organ") and (own or names_organ(heads[at])):
            groups.append((owners[at] if own else heads[at], at, closes))
            taken.add(at)
            closes = closes if of_all else None
    closing = [one for _, _, one in groups if one is not None]
    return (groups, taken) if len(groups) >= 2 and closing else None
