"""Elections, terms and office periods (VALG § 6; OVG §§ 57 and 105).

Elections fall on the third Tuesday of November every fourth year from 2009; the term runs from 1 January
after the election to 31 December of the next election year. A council's *office period* can differ from the
election term: Hovedstaden and Sjælland sit five years (to 31 December 2026), Østdanmark's first starts in 2027.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class ElectionRule:
    """When a country votes: on the ``nth`` of a ``weekday`` (0: Monday) in ``month``, every ``years`` years; the term
    begins ``begins`` (month, day) next after. Denmark's is the third Tuesday of November (VALG § 6)."""

    month: int = 11
    weekday: int = 1
    nth: int = 3
    years: int = 4
    begins: tuple[int, int] = (1, 1)
    cite: str = "VALG § 6"

    @property
    def said(self) -> str:
        """``"the third Tuesday of November"``."""
        nth = ("first", "second", "third", "fourth")[self.nth - 1]
        return f"the {nth} {calendar.day_name[self.weekday]} of {calendar.month_name[self.month]}"

    def day(self, year: int) -> date:
        """The day they vote in a year of elections."""
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))

    def term(self, election_on: date) -> tuple[date, date]:
        """The first and the last day of the term of that election; both inclusive."""
        first = date(election_on.year, *self.begins)
        first = first if first > election_on else date(first.year + 1, *self.begins)
        return first, date(first.year + self.years, *self.begins) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficePeriod:
    """The days a regional council really sits within a term; both dates inclusive."""

    region: str
    starts_on: date
    ends_on: date
    cite: str


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of one function that end before their term does; both dates inclusive. ``continued``: the provision by
    which who sat before may go on, empty where there is none."""

    function: str
    starts_on: date
    ends_on: date
    cite: str
    continued: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One election term (valgperiode); ``starts_on`` and ``ends_on`` are inclusive."""

    election_on: date
    starts_on: date
    ends_on: date
    cite: str
    office: tuple[OfficePeriod, ...] = ()
    seats: tuple[Seats, ...] = ()

    @property
    def label(self) -> str:
        """``"2022-2025"``."""
        return f"{self.starts_on.year}-{self.ends_on.year}"

    def calendar_year(self, number: int) -> int:
        """The term's ``number``-th calendar year: the second of 2022-2025 is 2023."""
        return self.starts_on.year + number - 1

    def office_of(self, region: str) -> OfficePeriod | None:
        """The region's own office period where it differs from the term."""
        return next((period for period in self.office if period.region == region), None)

    def seats_end(self, function: str, region: str) -> list[date]:
        """The days in the term on which that function's seats end (O-05; OVG § 105)."""
        early = [one.ends_on for one in self.seats if one.function == function]
        return [*early, (self.office_of(region) or self).ends_on]


def find_term(terms: tuple[Term, ...], label: str) -> Term:
    """The term with this label; :class:`NotFound` lists the known ones."""
    for term in terms:
        if term.label == label:
            return term
    raise NotFound(
        phrase(
            "valgperioden %(label)s kendes ikke; kendte: %(names)s",
            label=repr(label),
            names=", ".join(term.label for term in terms),
        )
    )
