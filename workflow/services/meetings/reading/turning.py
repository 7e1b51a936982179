"""The years of weeks or months that stand in turn below one year: the list may go on into the next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from workflow.language import phrase
from workflow.rules.days import WEEKDAYS
from workflow.values import dataclass

_ENGLISH = {"mo": 0, "tu": 1, "we": 2, "th": 3, "sa": 5, "su": 6}
_BACK = 6  # months, at least, that a list goes back where it may have come to the next year
_LAST_WEEK = 53
WHICH_YEAR = phrase("hvilket år?")
UNSURE = " (?)"
"""The sign behind a day about which a person is asked."""


@dataclass(slots=True)
class Turning:
    """The year of each number that is taken in turn. One below the first is of the next year; then, and where one is
    below the last alone, as in the list of another body, it is ``unsure`` from there on."""

    year: int
    first: int = 0
    last: int = 0
    unsure: bool = False

    def take(self, number: int) -> int:
        """The year of the next ``number``."""
        if number == _LAST_WEEK and not self.first and not week_of(self.year, number)[1]:
            return self.year - 1  # of which the year's first days are
        if number < self.last:
            self.unsure = True
            if number < self.first:
                self.year, self.first = self.year + 1, number
        self.first, self.last = self.first or number, number
        return self.year

    def begin(self, year: int, number: int) -> None:
        """Go on from a ``number`` whose year is said."""
        self.year, self.first, self.last, self.unsure = year, number, number, False


def turning_back(months: Sequence[int]) -> set[int]:
    """The places of the months, in the order in which a list tells them below one year, that may be of the next: they
    go back from the end of the year to before its first. A 0 is none."""
    found: set[int] = set()
    first = last = 0
    for place, month in enumerate(months):
        if month and month < first and (found or last - month >= _BACK):
            found.add(place)
        elif month:
            first, last = first or month, month
    return found


def is_weekday(said: str, on: date) -> bool:
    """Whether a weekday or the letters that begin it may be those of a day."""
    short = said.casefold().rstrip(".")[:2]
    return WEEKDAYS[on.weekday()].startswith(short) or _ENGLISH.get(short) == on.weekday()


def weekday_doubt(on: date, said: str) -> str:
    """The mark of a day beside which a weekday is said that it has not; none where it has."""
    return "" if is_weekday(said, on) else phrase(
        "%(day)s er en %(weekday)s, ikke en %(said)s",
        day=on, weekday=WEEKDAYS[on.weekday()], said=said.casefold(),
    )  # fmt: skip


def week_of(year: int, week: int) -> tuple[list[date], bool]:
    """The days of a week, and whether the year has it: the one behind its last is told too, and asked about."""
    held = 0 < week <= date(year, 12, 28).isocalendar().week
    monday = date.fromisocalendar(year, 1, 1) + timedelta(weeks=max(week, 1) - 1)
    return [monday + timedelta(days) for days in range(7)], held


def agree(days: Iterable[tuple[str, date]]) -> bool | None:
    """Whether all weekdays that are said may be those of their days; none where none is said."""
    told = [is_weekday(said, on) for said, on in days if said]
    return all(told) if told else None
