"""Tables in a published list: which column is which, and what a row proposes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from workflow.language import phrase
from workflow.services.meetings.naming import names_organ, organ, organs_in, whole_council, whose_all
from workflow.services.meetings.reading.columns import OF_A_DAY
from workflow.services.meetings.reading.lines.line import MONTH_ALONE
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.proposing import (
    AWAY,
    GONE,
    MOVED,
    NOT_A_MEETING,
    UNSURE,
    WHOSE,
    Proposed,
    meetings,
)
from workflow.services.meetings.reading.tokens import (
    clock_in,
    dates_in,
    months_in,
    without_readings,
    without_times,
    year_in,
)
from workflow.services.meetings.reading.turning import WHICH_YEAR, turning_back, weekday_doubt
from workflow.values import replace

_MEETING = re.compile(r"(?:ordinært |ekstraordinært )?møde(?:t|r)?|meeting", re.IGNORECASE)
_OF_MEETINGS = re.compile(r"(?:\w*møde|dato|dag|20\d\d)\w*", re.IGNORECASE)  # a row that need not say whose
_OF_DAYS = {"date", "agenda", "sent", "time"}
_CROSS = re.compile(
    r"[x✓✔●•*]|ja|(?:kl\.?\s*)?\d{1,2}(?:[.:]\d{2})?(?:\s*-\s*\d{1,2}(?:[.:]\d{2})?)?", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?:kl\.?\s*)?(\d{1,2})(?:[.:,](\d{2}))?(?:\s*[-–—]\s*\d{1,2}(?:[.:,]\d{2})?)?", re.IGNORECASE
)
_REMARK = re.compile(r"bemærk|note|kommentar|beskriv|status|type|andet|indhold|info", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(man|tirs|ons|tors|fre|lør|søn)(dag)?\.?$", re.IGNORECASE)


def row(page: Page, cells: list[str], *, apart: bool) -> Iterator[Proposed]:
    """What one row below a heading proposes; a month or year it names holds for the rows below it. ``apart``: its cells
    are told apart by a sign; where by spaces alone, an empty one is none, and only a full row is plain."""
    if len(cells) == len(page.columns) + 1 and months_in(cells[0]) and not dates_in(cells[0], 2000):
        page.columns = [("of-month", None), *page.columns]  # above the months the heading has no cell
    elif (
        len(cells) == len(page.columns) + 1
        and page.columns[0][0] == "month"
        and not re.search(r"\d", cells[0])
    ):
        page.columns = [("month", None), *page.columns]  # nor above those that meet
    elif (
        len(cells) == len(page.columns) + 1
        and {kind for kind, _ in page.columns} <= _OF_DAYS
        and not re.search(r"\d", cells[0])
    ):
        page.columns = [("skip" if _WEEKDAY.match(cells[0]) else "organ", None), *page.columns]
    month, closes, own, unsure = _said(page, cells)
    of_council = any(
        kind == "organ" and whole_council(cell) for (kind, _), cell in zip(page.columns, cells, strict=False)
    )
    name, clock = own or ("" if of_council else page.organ), _clock(page, cells)
    several = _several(page, cells)
    beside = _unexplained(page, cells)
    each = sum(kind in ("month", "of-organ", "year") for kind, _ in page.columns)
    if not apart and each > 1 and len(cells) != len(page.columns):
        unsure = unsure or WHOSE
    found = list(_days(page, cells, month, name, own))
    if not found and not apart and len(cells) != len(page.columns):  # one of its cells is empty, and which?
        days = (one for cell in cells for one in meetings(page, name, cell, dates_in(cell, page.year, month)))
        found = [replace(one, doubt=one.doubt or NOT_A_MEETING) for one in days]
    if len(found) == 1 and (weekday := _weekday_apart(page, cells)):
        found = [replace(one, doubt=one.doubt or weekday_doubt(one.on, weekday)) for one in found]
    for one in found:
        said = " | ".join(part for part in (one.said, beside) if part)
        kept = replace(one, agenda_closes=one.agenda_closes or closes, time=one.time or clock, said=said)
        for whose in several or [kept.organ]:
            yield replace(kept, organ=whose, doubt=kept.doubt or unsure or (WHOSE if several else ""))


def _several(page: Page, cells: list[str]) -> list[str]:
    """The bodies that the cell for whose meeting it is names, where it names more than one."""
    said = [cell for (kind, _), cell in zip(page.columns, cells, strict=False) if kind == "organ"]
    named = list(dict.fromkeys(who for cell in said for who in whose_all(cell)))
    return named if len(named) > 1 else []


def _unexplained(page: Page, cells: list[str]) -> str:
    """What stands in a row's cells whose column may say anything: remarks, kinds, states."""
    columns = [*page.columns, *[("", None)] * len(cells)]
    return " | ".join(
        cell
        for cell, (kind, value) in zip(cells, columns, strict=False)
        if cell and (kind in ("", "organ") or (kind == "month" and value is None))
    )


def _days(page: Page, cells: list[str], month: int | None, name: str, own: str) -> Iterator[Proposed]:
    """The days of a row's cells, each with whose it is."""
    crossed = _crossed(page, cells, month)
    turned = turning_back([int(str(value or 0)) if kind == "month" else 0 for kind, value in page.columns])
    unnamed = ""
    if page.columns[0][0] == "month" and page.columns[0][1] is None:
        name = organ(cells[0]) if names_organ(cells[0]) else name
        unnamed = "" if names_organ(cells[0]) or not cells[0] or _OF_MEETINGS.fullmatch(cells[0]) else WHOSE
    for index, ((kind, value), cell) in enumerate(zip(page.columns, cells, strict=False)):
        said = _with_weekday(cells, index)
        if kind == "month" and value:
            apart = re.sub(r"(?<=\d),(?=\d)", ", ", said)  # "3,24" are two days
            for one in meetings(page, name, apart, dates_in(apart, page.year, int(str(value)))):
                yield replace(one, doubt=one.doubt or unnamed or (WHICH_YEAR if index in turned else ""))
        elif kind in ("fra", "til"):
            for one in meetings(page, name, said, dates_in(said, page.year, month)):
                yield replace(one, gone=kind == "fra")
        elif kind == "year" and value:
            yield from meetings(page, name, said, dates_in(said, int(str(value)), month))
        elif kind == "of-organ" or (kind == "" and _unexplained_day(value, cell, month)):
            found = list(meetings(page, _bodies(value)[0], said, dates_in(said, page.year, month)))
            yield from _of_bodies(found, _bodies(value), known=bool(kind))
        elif kind == "date":
            rest = " ".join(c for c, (k, _) in zip(cells, page.columns, strict=False) if k in ("", "organ"))
            dated = dates_in(said, page.year, month)
            if dated and (AWAY.search(rest) or MOVED.search(rest)):  # "flyttet fra 23/6" beside the day
                kinds = ("",) if own else ("", "organ")  # whose it is, is known then
                beside = (c for c, (k, _) in zip(cells, page.columns, strict=False) if k in kinds)
                said = " ".join([said, *beside])
                dated = dates_in(said, page.year, month)
            for one in meetings(page, name, said, dated):
                for whose, doubt in crossed or [(own or one.organ, "")]:
                    own_one = replace(one, organ=whose, doubt=one.doubt or doubt)
                    yield _beside(own_one, rest, own)


def _weekday_apart(page: Page, cells: list[str]) -> str:
    """The one weekday that has a cell of its own in a row, but for that before the day of an agenda."""
    kinds = [*(kind for kind, _ in page.columns), *[""] * len(cells)]
    said = [
        cell
        for at, cell in enumerate(cells)
        if _WEEKDAY.match(cell) and kinds[at + 1] not in ("agenda", "sent")
    ]
    return said[0] if len(said) == 1 else ""


def _with_weekday(cells: list[str], index: int) -> str:
    """A cell with the weekday that has a cell of its own before it, or behind it where no other day comes next."""
    before, behind, then = (
        cells[at] if 0 <= at < len(cells) else "" for at in (index - 1, index + 1, index + 2)
    )
    if _WEEKDAY.match(before):
        return f"{before} {cells[index]}"
    alone = _WEEKDAY.match(behind) and not dates_in(then, 2000, 1)
    return f"{cells[index]} {behind}" if alone and re.search(r"\d", cells[index]) else cells[index]


def _bodies(value: object) -> list[str]:
    """Whose the days of a column are: several where its heading names them, and which of them is asked then."""
    return list(value) if isinstance(value, tuple) else [str(value)]


def _of_bodies(found: list[Proposed], bodies: list[str], *, known: bool) -> Iterator[Proposed]:
    """The days of a column for each of its bodies; a mark where it has several, or its heading is not ``known``."""
    doubt = "" if known and len(bodies) == 1 else WHOSE
    for one in found:
        for whose in bodies if one.organ == bodies[0] else [one.organ]:
            yield replace(one, organ=whose, doubt=one.doubt or doubt)


def _unexplained_day(heading: object, cell: str, month: int | None) -> bool:
    """Whether a cell is a day whose column says nothing that is known, and is no remark."""
    if not heading or _REMARK.search(str(heading)):
        return False
    plain = OF_A_DAY.sub(" ", without_times(cell))
    return bool(dates_in(cell, 2000, month)) and not re.search(r"[^\W\d_]", plain)


def _crossed(page: Page, cells: list[str], month: int | None) -> list[tuple[str, str]]:
    """Whose day a row is where each body has a column, and a mark below it says that it meets: organs with their doubt;
    empty where the bodies' columns hold days themselves."""
    beside = [
        (whose, cell)
        for (kind, value), cell in zip(page.columns, [*cells, *[""] * len(page.columns)], strict=False)
        if kind == "of-organ"
        for whose in _bodies(value)
    ]
    if not beside or any(
        dates_in(cell, page.year, month) for _, cell in beside if not _CROSS.fullmatch(cell)
    ):
        return []
    said = [(whose, "" if _CROSS.fullmatch(cell) else WHOSE) for whose, cell in beside if cell.strip(" -–")]
    return said or [(whose, WHOSE) for whose, _ in beside]


def _clock(page: Page, cells: list[str]) -> str:
    """When a row's meeting begins: from the column of times, or a cell that is nothing but a time."""
    for (kind, value), cell in zip(page.columns, cells, strict=False):
        if kind in ("agenda", "sent", "skip", "of-organ") or (kind == "month" and value):
            continue
        found = _CLOCK.fullmatch(cell.strip()) if kind == "time" or re.search(r"[.:,]\d\d|kl", cell) else None
        if found and int(found[1]) < 24 and (kind == "time" or not dates_in(cell, 2000, 1)):
            return f"{int(found[1]):02}:{found[2] or '00'}"
        if kind in ("time", "organ", "", "month") and (said := clock_in(cell)):
            return said
    return ""


def _said(page: Page, cells: list[str]) -> tuple[int | None, date | None, str, str]:
    """What a row says of its meetings: the month, the day the agenda closes, the organ ("": none), and a mark where the
    cell that should name the organ names another thing."""
    month, closes, own, unsure = page.month, None, "", ""
    alone = [cell for cell in cells if cell]
    if len(alone) == 1 and MONTH_ALONE.fullmatch(alone[0]):  # above the rows of its days
        month = page.month = months_in(alone[0])[0]
        if named := year_in(alone[0]):
            page.year, page.guessed = named, False
    for (kind, _), cell in zip(page.columns, cells, strict=False):
        said = without_times(cell).strip(" ()-–:")
        if kind == "organ" and said:
            own = organ(said)
            if not (names_organ(said) or _MEETING.fullmatch(said)):
                own, unsure = "", phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=said[:60])
        elif kind == "of-month" or (kind == "date" and MONTH_ALONE.fullmatch(cell)):
            month = page.month = next(iter(months_in(cell)), page.month)
            if named := year_in(cell):
                page.year, page.guessed = named, False
        elif kind == "agenda" and (read := dates_in(cell, page.year, month)):
            closes = read[0].on
    return month, closes, own, unsure


def _beside(one: Proposed, rest: str, own: str) -> Proposed:
    """A meeting with what the other cells of its row say: ``own`` is the cell that is known to name its organ."""
    named = [] if own else list(dict.fromkeys(who for _, who in organs_in(rest)))
    unsure = UNSURE.search(without_readings(f"{rest} {own}"))
    doubt = one.doubt or (WHOSE if len(named) > 1 else "")
    doubt = doubt or (
        phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=unsure[0]) if unsure else ""
    )
    gone = one.gone or bool(GONE.search(rest))
    said = named[0] if named else one.organ
    return replace(one, organ=said, time=one.time or clock_in(rest), gone=gone, doubt=doubt)
