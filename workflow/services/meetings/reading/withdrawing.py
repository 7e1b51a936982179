"""Lines that call off or move a meeting without its day: "Martsmødet er aflyst", "Mødet i februar er flyttet til den
17. februar". Each day they may mean carries a mark. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from workflow.language import phrase
from workflow.services.meetings.naming import organs_in
from workflow.services.meetings.reading.page import Withdrawn
from workflow.services.meetings.reading.proposing import AWAY, GONE, MOVED, SHIFTED, Proposed
from workflow.services.meetings.reading.tokens import MONTH, dates_in, months_in, weeks_in
from workflow.values import replace

_NOT_HELD = re.compile(
    r"\b(?:ikke|ingen|intet|uden)\s+(?:noget\s+|et\s+|ordinært?\s+)?(?:\w+)?møder?\b", re.IGNORECASE
)
_WORDS = (GONE, MOVED, AWAY, SHIFTED, _NOT_HELD)
_THE_MEETING = re.compile(r"møde(?:t|rne)?\b", re.IGNORECASE)
_NOT_ONE = re.compile(  # what tells of no one meeting where it names no month
    r"\b(?:kan|kunne|hvis|såfremt|forbehold\w*|aflysning\w*|\w*ferien?|uge\w*|mødefri\w*|følgende|disse|ingen)\b|:\s*$",
    re.IGNORECASE,
)
_MONTH_MEETING = re.compile(rf"\b({MONTH})(?=s?møde)", re.IGNORECASE)


_LEGEND = re.compile(r"=\s*(?:ingen|intet)\s+\w*møder?\W*$", re.IGNORECASE)  # of the dash in a table's cells
_SEVERAL = re.compile(r"\b(?:flere|nogle|de fleste|alle|samtlige|en del)\s+af\b.*møder", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[a-zæøå]{3})\.\s+(?=[A-ZÆØÅ])")
_NEAR = timedelta(days=31)  # from the day a meeting is moved to, to its own


def withdrawn(line: str, organ: str, year: int | None) -> Withdrawn | None:
    """What the line calls off or moves without its day; ``None`` where it does not. ``organ``: the heading's."""
    if not any(word.search(line) for word in _WORDS) or _LEGEND.match(line):
        return None
    named = frozenset(who for _, who in organs_in(line)) or frozenset({organ})
    dated = dates_in(line, year or 2000)
    rest = line
    for one in reversed(dated):
        rest = f"{rest[: one.at - len(one.said)]} {rest[one.at :]}"
    months = frozenset(months_in(_MONTH_MEETING.sub(r"\1 ", rest)))
    moved = any(word.search(line) for word in (MOVED, AWAY, SHIFTED))
    if not dated:
        weeks = frozenset() if months else weeks_in(line)
        if not (months or weeks) and (_NOT_ONE.search(line) or not _THE_MEETING.search(_of_one(line))):
            return None
        return Withdrawn(line, named, months, weeks)
    if len(dated) > 1 or not moved:
        own = months if _THE_MEETING.search(rest) and len(dated) == 1 else None
        return Withdrawn(line, named, own) if own else None
    to = MOVED.search(line)
    if months:
        return Withdrawn(line, named, months)
    return Withdrawn(line, named, months, near=dated[0].on) if to and to.start() < dated[0].at else None


def _of_one(line: str) -> str:
    """A line without the sentences that move several meetings, where no other sentence of it moves one."""
    told = [one for one in _SENTENCE.split(line) if any(word.search(one) for word in _WORDS)]
    return "" if all(_SEVERAL.search(one) for one in told) else line


def _means(said: Withdrawn, one: Proposed) -> bool:
    """Whether it may be said of this meeting."""
    if one.organ not in said.organs or one.said == said.line:
        return False
    if said.months or said.weeks:
        return one.on.month in said.months or one.on.isocalendar().week in said.weeks
    return said.near is None or abs(one.on - said.near) <= _NEAR


def with_withdrawn(found: Sequence[Proposed], said: Sequence[Withdrawn]) -> list[Proposed]:
    """The meetings, with a mark on each that may be called off or moved by what is ``said``."""
    return [
        replace(one, doubt=one.doubt or phrase("»%(line)s«: gælder det også denne dag?", line=by.line[:60]))
        if not one.gone and (by := next((each for each in said if _means(each, one)), None))
        else one
        for one in found
    ]
