"""Tables whose cells do not say by themselves what they are, written as plain lines: headings in two rows, a chain of
committees with their deadlines, a calendar of weeks or of every day of the months. Pure; a line keeps its number."""

from __future__ import annotations

import re
from datetime import date

from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.naming import called_as, names_organ, organ, organs_in
from workflow.services.meetings.reading.lines.weeks import under_weeks
from workflow.services.meetings.reading.proposing import AGENDA, AWAY, GONE, MOVED, SHIFTED
from workflow.services.meetings.reading.tabular import column_of
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, month_of, year_in

Line = tuple[int, str]
_AROUND = 2  # rows of headings at most
_LEAST = 3  # months or weekdays side by side that make a calendar
_HEADED = 3  # rows below the heading of a chain, of which one has days
_EVERY_DAY = 20  # rows of one in which each day has a cell
_DAY = re.compile(rf"(?:(?:{DAY_NAME}|[mtofls][aioøe])\.?\s*)?(\d{{1,2}})\.?(?:\s+(\D.*))?", re.IGNORECASE)
_LETTERS = re.compile(rf"(?:{DAY_NAME}|[mtofls][aioøe]?)\.?", re.IGNORECASE)
_MONTH = re.compile(rf"({MONTH})\.?(?:\s+(20\d\d))?", re.IGNORECASE)
_WEEKDAY = re.compile(rf"(?:{DAY_NAME})(?:e)?\.?", re.IGNORECASE)
_WEEK = re.compile(r"(?:uge\s*)?(\d{1,2})\.?(?:\s*\(\D*|\s[^\d-]\D*)?", re.IGNORECASE)
_NOT_ABOUT = re.compile(
    r"gruppemøde|ferie|helligdag|påske|skærtors|langfre|pinse|himmelf|grundlov|nytår|\bjul|bededag|\bfri\b|lukk|"
    r"frist|deadline|udsend|høring|\d+\.\s*maj",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"(?:de\s+)?(?:fag|stående |politiske )?udvalg(?:ene|et)?", re.IGNORECASE)


def as_lines(lines: list[Line], year: int | None = None) -> list[Line]:
    """The lines, with every such table in them written as lines that say what each day is. ``year`` is that of a
    calendar which names none; its days are written without it, so whoever gave it answers for it."""
    lines = under_weeks(_under_one_heading(lines), _year_of_all(lines), year)
    return _of_days(_of_weeks(_chains(lines), year), year)


def _cells(line: str) -> list[str]:
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
        heads = _joined(_cells(line), _cells(below))
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
        cells = _cells(line)
        of_weeks = bool(_weekdays(cells)) or (of_weeks and len(cells) >= 2)
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
    rows = [line for _, line in below[:_HEADED] if len(_cells(line)) >= 2]
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
    for at, kind in enumerate(kinds):
        own = owners[at] != heads[at] and names_organ(owners[at])
        below = column_of(heads[at].partition(":")[2].strip())[0] if own else ""
        if (below or kind) in ("agenda", "sent"):
            taken.add(at)
            closes = at if (below or kind) == "agenda" else closes
        elif (below or kind) == "skip":
            taken.add(at)
        elif (below or kind) in ("of-organ", "date", "organ") and (own or names_organ(heads[at])):
            groups.append((owners[at] if own else heads[at], at, closes))
            taken.add(at)
            closes = None
    closing = [one for _, _, one in groups if one is not None]
    return (groups, taken) if len(groups) >= 2 and closing else None


def _of_weeks(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar with a row a week and a column a weekday, whose cells say who meets."""
    own = _year_of_all(lines)
    year = own or given
    found: list[Line] = []
    columns: dict[int, int] = {}
    for number, line in lines:
        cells = _cells(line)
        if heads := _weekdays(cells):
            columns = heads
            continue
        week = _WEEK.fullmatch(cells[0]) if columns and cells else None
        if not week or not year:
            found.append((number, line))
            continue
        for at, weekday in columns.items():
            cell = cells[at] if at < len(cells) else ""
            try:
                on = date.fromisocalendar(year, int(week[1]), weekday + 1)
            except ValueError:
                continue
            found += [(number, said) for said in _told(on, _with_own_day(on, cell), own=bool(own))]
    return found


def _weekdays(cells: list[str]) -> dict[int, int]:
    """The weekday of each column where a row heads a calendar of weeks; empty where it does not."""
    said = {at: cell for at, cell in enumerate(cells) if at and _WEEKDAY.fullmatch(cell)}
    if len(said) < _LEAST or not re.fullmatch(r"uge(?:nr\.?|\s*nr\.?)?", cells[0], re.IGNORECASE):
        return {}
    return {at: _weekday(cell) for at, cell in said.items()}


def _with_own_day(on: date, cell: str) -> str:
    """A calendar's cell that tells a day too, without the cell's own; of another, which is no deadline, it is asked."""
    dated = dates_in(cell, on.year, on.month)
    for one in reversed(dated):
        if one.on == on:
            cell = f"{cell[: one.at - len(one.said)]} {cell[one.at :]}"
    if any(one.on != on for one in dated) and not AGENDA.search(cell):
        cell = f"{cell} (?)"
    return cell


def _of_days(lines: list[Line], given: int | None) -> list[Line]:
    """A calendar in which every day of the months that stand side by side has a cell."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        cells = _cells(lines[at][1])
        months = {place: read for place, cell in enumerate(cells) if (read := _MONTH.fullmatch(cell))}
        rows = _every_day(lines[at + 1 :], list(months)) if len(months) >= _LEAST else 0
        if not rows:
            found.append(lines[at])
            at += 1
            continue
        year = _year(lines)
        for number, line in lines[at + 1 : at + 1 + rows]:
            row = _cells(line)
            for place, named in months.items():
                end = min((other for other in months if other > place), default=max(len(cells), len(row)))
                day, behind = _day(row, place)
                own = int(named[2]) if named[2] else year
                if day and (own or given):
                    words = " ".join(part for part in (day[2] or "", *row[behind:end]) if part)
                    try:
                        on = date(own or given or 0, month_of(named[1]), int(day[1]))
                    except ValueError:
                        continue
                    found += [(number, said) for said in _told(on, words, own=bool(own))]
        at += 1 + rows
    return found


def _every_day(rows: list[Line], places: list[int]) -> int:
    """How many rows below a heading hold the days of months, one day a row; 0 where they do not."""
    count = 0
    for _, line in rows:
        cells = _cells(line)
        days = {int(day[1]) for at in places if (day := _day(cells, at)[0])}
        if days != {count + 1}:
            break
        count += 1
    return count if count >= _EVERY_DAY else 0


def _day(row: list[str], at: int) -> tuple[re.Match[str] | None, int]:
    """The day in a calendar's column, which may have one beside it for the weekday, and the place behind it."""
    at += 1 if at < len(row) and _LETTERS.fullmatch(row[at]) else 0
    behind = at + 2 if at + 1 < len(row) and _LETTERS.fullmatch(row[at + 1]) else at + 1
    return (_DAY.fullmatch(row[at]) if at < len(row) else None), behind


def _told(on: date, cell: str, *, own: bool) -> list[str]:
    """What a calendar's cell tells, a line for each that meets, with the year where it is the calendar's ``own``;
    holidays and deadlines, which name no committee as the one that meets, are left out."""
    cell = cell.strip(" -–")
    if not re.search(r"[^\W_]", cell) or (_NOT_ABOUT.search(cell) and not names_organ(cell)):
        return []
    apart = [part.strip() for part in re.split(r"[/+]", cell)]
    kept = [part for part in apart if names_organ(part) or not _NOT_ABOUT.search(part)]
    cell = " / ".join(kept) if len(kept) < len(apart) else cell
    parts = [part.strip() for part in re.split(r"[/+,]", cell)]
    several = len(parts) > 1 and all(names_organ(part) and len(organs_in(part)) == 1 for part in parts)
    day = f"{on.day}. {MONTHS[on.month - 1]}"
    day = f"{WEEKDAYS[on.weekday()]} den {day} {on.year}" if own else day
    return [f"{day} {part}" for part in (parts if several else [cell])]


def _year(lines: list[Line]) -> int | None:
    return year_in("\n".join(line for _, line in lines if not dates_in(line, 2000)))


def _year_of_all(lines: list[Line]) -> int | None:
    return _year(lines) or year_in("\n".join(line for _, line in lines))


def _weekday(cell: str) -> int:
    return next(at for at, name in enumerate(WEEKDAYS) if name[:2] == cell.casefold()[:2])
