"""How the law counts a length of time, and from which anchor (:class:`Due`).

Months and years are clamped to the end of a shorter month and are never chained: 31 August minus six
months is the last day of February, and adding two years to 29 February gives 28 February. Ends are
*exclusive* (the first day after), which is what makes "half a year before expiry" come out right at month
ends (an exclusive end 1 July 2027 gives 31 December 2026, not 30 December).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from workflow.errors import Invalid
from workflow.language import noted, phrase
from workflow.values import dataclass

_UNITS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}
_DANISH = {
    "day": (noted("1 dag"), noted("%(number)d dage")),
    "week": (noted("1 uge"), noted("%(number)d uger")),
    "month": (noted("1 måned"), noted("%(number)d måneder")),
    "year": (noted("1 år"), noted("%(number)d år")),
}
_LENGTH = re.compile(r"(-?\d{1,4}) (day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Span:
    """A signed length in the unit the law uses, e.g. ``Span(8, "week")``."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``"8 weeks"``, ``"-6 months"``, ``"2 years"``, ``"1 day"``; :class:`Invalid` otherwise."""
        match = _LENGTH.fullmatch(text)
        if not match:
            raise Invalid(f"{text!r} is not a length of time; write for instance '8 weeks' or '-6 months'")
        return cls(int(match[1]), match[2])

    def after(self, day: date) -> date:
        """The day this far from ``day``; :class:`Invalid` where no calendar reaches."""
        months, days = _UNITS[self.unit]
        try:
            return add_months(day, months * self.count) + timedelta(days=days * self.count)
        except (OverflowError, ValueError) as error:
            raise Invalid(f"{self} from {day} lies outside the calendar") from error

    @property
    def spoken(self) -> str:
        """In Danish, without its sign: ``"8 uger"``."""
        number = abs(self.count)
        return phrase(_DANISH[self.unit][number != 1], number=number)


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months, clamped to the end of a shorter month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


ANCHORS = (
    "term",  # a month and day in the term's n-th calendar year
    "submission-deadline",  # the submission date in force (BEK 1569)
    "submitted",  # the first submission
    "received",  # SST's receipt; provisionally the day of sending
    "effective",  # the agreement's entry into force
    "nominal-end",  # the first day after the agreed end
    "named",  # the date SST's refusal names
    "calendar-year",  # a month and day of every year in force
    "fact",  # the day a fact sets, or a length from it; one for each such fact
    "day",  # a day the law itself names
    "half-term",  # the last day of a term's first or second half
    "round",  # a month and day of one of several years of the term: of the year before the agreement's first
    "every",  # a month and day of every n-th year
    "latest",  # the later of several dates
    "earliest",  # the earlier of several dates
    "undated",  # a duty for which the law sets no date; none is ever computed
)


@dataclass(frozen=True, slots=True)
class Due:
    """How a date is found: an anchor, a length from it, and whether the sum itself is too late.

    ``strict``: the last day is the day *before* the sum ("two years in", "half a year before expiry"). ``since`` and
    ``until``: of a ``fact``, the first and the last day on which it counts.
    """

    anchor: str
    add: Span | None = None
    strict: bool = False
    term_year: int = 0
    month: int = 0
    day: int = 0
    event: str = ""
    on: date | None = None
    half: int = 0
    rounds: tuple[int, ...] = ()
    years: int = 0
    first: int = 0
    parts: tuple[Due, ...] = ()
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.anchor not in ANCHORS:
            raise Invalid(f"anchor {self.anchor!r} is unknown; one of {', '.join(ANCHORS)}")
        if self.anchor in ("term", "calendar-year", "round", "every"):
            date(2023, self.month, self.day)  # ValueError for an impossible day


def next_by(meetings: Iterable[date], minimum: int, first: date, today: date) -> tuple[date, date]:
    """The last day for the next meeting, where a least number "a year" means that any twelve months from ``first`` on
    hold ``minimum`` of them (Danish civil dates). ``meetings`` are those held and those planned. The day of the first
    gap still ahead of ``today``, else that after the last of them, which may lie behind: too few were held already; and
    the first of the twelve months that end with it."""
    return _next_by(tuple(sorted(day for day in meetings if day >= first)), minimum, first, today)


@lru_cache(maxsize=1024)
def _next_by(days: tuple[date, ...], minimum: int, first: date, today: date) -> tuple[date, date]:
    for place, following in enumerate([*days, None]):
        back = days[place - minimum] if place >= minimum else first - timedelta(days=1)
        by = Span(1, "year").after(back)
        if following is None or today <= by < following:
            return by, back + timedelta(days=1)
    raise AssertionError("the last place has none following")
