"""Elections, terms and office periods (VALG § 6; law.md 4.1 and 4.5).

Elections fall on the third Tuesday of November every fourth year from 2009; the term runs from 1 January
after the election to 31 December of the next election year. A council's *office period* can differ from the
election term: Hovedstaden and Sjælland sit five years (to 31 December 2026), Østdanmark's first starts in 2027.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workflow.errors import NotFound


def election_day(year: int) -> date:
    """The third Tuesday of November (VALG § 6)."""
    first = date(year, 11, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7 + 14)


@dataclass(frozen=True, slots=True)
class OfficePeriod:
    """The days a regional council really sits within a term; both dates inclusive."""

    region: str
    starts_on: date
    ends_on: date
    cite: str


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of one function that end before their term does; both dates inclusive."""

    function: str
    starts_on: date
    ends_on: date
    cite: str


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
        """The term's ``number``-th calendar year: the second of 2022-2025 is 2023 (trap 5)."""
        return self.starts_on.year + number - 1

    def office_of(self, region: str) -> OfficePeriod | None:
        """The region's own office period where it differs from the term."""
        return next((period for period in self.office if period.region == region), None)

    def seats_end(self, function: str, region: str) -> list[date]:
        """The days in the term on which that function's seats end (law.md O-05, X-08)."""
        early = [one.ends_on for one in self.seats if one.function == function]
        return [*early, (self.office_of(region) or self).ends_on]


def find_term(terms: tuple[Term, ...], label: str) -> Term:
    """The term with this label; :class:`NotFound` lists the known ones."""
    for term in terms:
        if term.label == label:
            return term
    raise NotFound(f"valgperioden {label!r} kendes ikke; kendte: {', '.join(term.label for term in terms)}")
