"""The files of ``calendars/`` that hold dates (closed days, elections, departures) as strict models."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.rules.days import ClosedDay
from workflow.rules.terms import ElectionRule, OfficePeriod, Seats, Term
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id, Ids, SourceEntry


class ClosedEntry(Entry):
    id: Id
    name: Line
    cite: Line
    checked_on: date
    month: int | None = None
    day: int | None = None
    easter: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _one_date(self) -> Self:
        fixed = self.month is not None or self.day is not None
        if fixed == (self.easter is not None):
            raise ValueError("give either month and day, or easter")
        if fixed:
            date(2023, self.month or 0, self.day or 0)  # ValueError, also for 29 February: it is not yearly
        return self

    def value(self) -> ClosedDay:
        return ClosedDay(**self.model_dump(exclude={"checked_on"}))


class ClosedFile(Entry):
    source: Annotated[tuple[SourceEntry, ...], Field(strict=False)]
    closed: Annotated[tuple[ClosedEntry, ...], Field(strict=False)]


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ElectionEntry(Entry):
    month: Annotated[int, Field(ge=1, le=12)]
    weekday: Literal[WEEKDAYS]  # type: ignore[valid-type]
    nth: Annotated[int, Field(ge=1, le=4)]
    years: Annotated[int, Field(ge=1, le=10)]
    begins_month: Annotated[int, Field(ge=1, le=12)]  # the term begins that day next after the election
    begins_day: Annotated[int, Field(ge=1, le=28)]
    cite: Line

    def value(self) -> ElectionRule:
        weekday, begins = WEEKDAYS.index(self.weekday), (self.begins_month, self.begins_day)
        return ElectionRule(self.month, weekday, self.nth, self.years, begins, self.cite)


class TermEntry(Entry):
    election_on: date
    starts_on: date
    ends_on: date
    cite: Line
    status: Literal["held", "scheduled", "computed"]
    checked_on: date


class OfficeEntry(Entry):
    region: Id
    term: Line
    starts_on: date
    ends_on: date
    cite: Line
    checked_on: date


class SeatsEntry(Entry):
    function: Literal["piu", "chair", "vice-chair", "cluster"]
    starts_on: date
    ends_on: date
    cite: Line
    continued: Line | None = None
    checked_on: date


class ElectionsFile(Entry):
    source: Annotated[tuple[SourceEntry, ...], Field(strict=False)]
    rule: ElectionEntry | None = None  # Denmark's where it is not given: the third Tuesday of November
    term: Annotated[tuple[TermEntry, ...], Field(strict=False, min_length=1)]
    office_period: Annotated[tuple[OfficeEntry, ...], Field(strict=False)] = ()
    seats: Annotated[tuple[SeatsEntry, ...], Field(strict=False)] = ()

    def value(self) -> tuple[Term, ...]:
        """The terms in order, each with the office periods that differ from it."""
        terms = []
        for entry in sorted(self.term, key=lambda term: term.starts_on):
            label = f"{entry.starts_on.year}-{entry.ends_on.year}"
            office = tuple(
                OfficePeriod(o.region, o.starts_on, o.ends_on, o.cite)
                for o in self.office_period
                if o.term == label
            )
            seats = tuple(
                Seats(s.function, s.starts_on, s.ends_on, s.cite, s.continued or "")
                for s in self.seats
                if entry.starts_on <= s.starts_on <= entry.ends_on
            )
            terms.append(Term(entry.election_on, entry.starts_on, entry.ends_on, entry.cite, office, seats))
        return tuple(terms)


class DeviationEntry(Entry):
    id: Id
    term: Line
    regions: Ids
    old_on: date
    new_on: date
    known_on: date
    certainty: Literal["certain", "inferred"]
    cite: Line
    source: Line
    note: str = ""
    checked_on: date


class DeviationsFile(Entry):
    source: Annotated[tuple[SourceEntry, ...], Field(strict=False)]
    deviation: Annotated[tuple[DeviationEntry, ...], Field(strict=False)] = ()
