"""Danish civil days: which are closed, by which law, how a date is said aloud, and what people write for one.

The legal date of a duty is never moved for a weekend: no such rule exists in the orders.
Reminders *aim* at the last business day on or before it, and that is all this calendar is used for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from workflow import language
from workflow.language import noted
from workflow.values import dataclass

MONTHS, WEEKDAYS, spoken = language.MONTHS, language.WEEKDAYS, language.spoken  # Danish
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
# A day as people in Denmark write it: ISO, or the day first. A Danish Excel turns 2029-12-31 into 31-12-2029.
FORMS = "2029-12-31, 31-12-2029, 31.12.2029, 31/12/2029 or 31. december 2029"
_MIDNIGHT = r"(?:[T ]00[:.]00(?:[:.]00(?:\.0+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_MIDNIGHT}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s?([-./])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}){_MIDNIGHT}")
_WORDS = re.compile(r"(?:den )?(\d{1,2})\.? ([a-zæøå]{3,9})\.?,? (\d{4})", re.IGNORECASE)


def danish_day(at: datetime) -> date:
    """The civil date in Denmark at an aware instant (never today in UTC)."""
    return at.astimezone(COPENHAGEN).date()


def end_of(day: date) -> datetime:
    """The instant at which the Danish day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), COPENHAGEN).astimezone(UTC)


def said_day(text: str) -> date:
    """The day ``text`` names; a year of four figures leaves one reading. ``ValueError`` says what is wrong."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if found := _ISO.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(plain):
        return date(int(found[4]), int(found[3]), int(found[1]))
    if found := _WORDS.fullmatch(plain):
        months = [number for number, name in enumerate(MONTHS, 1) if name.startswith(found[2].lower())]
        if len(months) == 1:
            return date(int(found[3]), months[0], int(found[1]))
    raise ValueError("not in that form")


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous computus)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day0 = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day0 + 1)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """One yearly closed day: a fixed month and day, or a number of days from Easter Sunday.

    ``optional`` days (5 June, 24 and 31 December) are closed only for a rule that names their ``id``.
    ``first_year`` and ``last_year`` are inclusive; ``None`` is open.
    """

    id: str
    name: str
    cite: str
    month: int | None = None
    day: int | None = None
    easter: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    optional: bool = False

    def falls_on(self, year: int) -> date | None:
        """The date in ``year``, or ``None`` where the day was not closed that year."""
        if (self.first_year and year < self.first_year) or (self.last_year and year > self.last_year):
            return None
        if self.easter is not None:
            return easter_sunday(year) + timedelta(days=self.easter)
        return date(year, self.month or 1, self.day or 1)


class BusinessDays:
    """The business-day calendar of one rule: weekends, the closed days, and the options the rule names."""

    def __init__(self, closed: Iterable[ClosedDay], options: Iterable[str] = ()) -> None:
        wanted = frozenset(options)
        chosen = (day for day in closed if not day.optional or day.id in wanted)
        # Of two on one date (anden pinsedag on 5 June 2017) the public holiday, coming last, gives the reason.
        self._days = tuple(sorted(chosen, key=lambda day: not day.optional))

    @cached_property
    def _years(self) -> dict[int, dict[date, ClosedDay]]:
        return {}

    def _closed_in(self, year: int) -> dict[date, ClosedDay]:
        if year not in self._years:
            found = ((day.falls_on(year), day) for day in self._days)
            self._years[year] = {on: day for on, day in found if on}
        return self._years[year]

    def why_closed(self, day: date) -> tuple[str, str] | None:
        """``(Danish reason, citation)`` where ``day`` is closed, else ``None``."""
        if closed := self._closed_in(day.year).get(day):
            return closed.name, closed.cite
        return (noted("en weekenddag"), "") if day.weekday() >= 5 else None

    def on_or_before(self, day: date) -> date:
        """The last business day not later than ``day``."""
        while self.why_closed(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """The first business day not earlier than ``day``."""
        while self.why_closed(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, count: int) -> date:
        """The ``count``-th business day after ``day``."""
        for _ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day
