"""``due`` of a deadline: exactly one way to find its date, and nothing that does not go with it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from workflow.errors import Invalid
from workflow.rules.facts import EVENTS
from workflow.rules.spans import Due, Span
from workflow.rules.story import ADOPTED
from workflow.storage.law.forms.entry import Entry

REPORTS = (
    "decision-reported",
    "decision-confirmed",
    "decision-returned",
    "contacts-asked",
)  # what a body is asked or says, before it is a fact
Event = Literal[(*EVENTS, *ADOPTED, *REPORTS)]  # type: ignore[valid-type]
Anchor = Literal[
    "submission-deadline", "submitted", "received", "effective", "nominal-end", "named", "fact", "undated"
]  # fmt: skip


class DueEntry(Entry):
    term_year: Annotated[int, Field(ge=1, le=4)] | None = None
    month: int | None = None
    day: int | None = None
    every: Literal["calendar-year"] | Annotated[int, Field(ge=1, le=12)] | None = None  # or every n-th year
    first: Annotated[int, Field(ge=2000, le=2100)] | Literal[0] = 0  # the first of those years
    on: date | None = None  # the day itself, where the law names it
    half: Literal[0, 1, 2] = 0  # the last day of the term's first or second half
    rounds: Annotated[
        tuple[Annotated[int, Field(ge=1, le=4)], ...], Field(strict=False)
    ] = ()  # years of the term
    latest: Annotated[tuple[DueEntry, ...], Field(strict=False)] = ()  # the later of these
    earliest: Annotated[tuple[DueEntry, ...], Field(strict=False)] = ()
    anchor: Anchor | None = Field(default=None, alias="from")
    add: str | None = None
    strict: bool = False
    event: Event | None = None
    since: date | None = None  # the fact counts from this day on, and to that one
    until: date | None = None

    @field_validator("add")
    @classmethod
    def _length(cls, add: str | None) -> str | None:
        try:
            Span.parse(add or "1 day").after(date(2000, 1, 1))
        except Invalid as error:
            raise ValueError(str(error)) from error
        return add

    @model_validator(mode="after")
    def _one_anchor(self) -> Self:
        ways = ("term_year", "every", "anchor", "on", "half", "rounds", "latest", "earliest")
        given = [way for way in ways if getattr(self, way)]
        if len(given) != 1:
            raise ValueError(
                "give exactly one of term_year, rounds, half, every, on, from, latest and earliest"
            )
        yearly = given[0] in ("term_year", "every", "rounds")
        if yearly:
            date(2023, self.month or 0, self.day or 0)  # ValueError for an impossible day
        dated = self.month is not None or self.day is not None
        if dated != yearly or (self.add and not self.anchor):
            raise ValueError("month and day go with term_year, rounds or every; add goes with from")
        if isinstance(self.every, int) != bool(self.first):
            raise ValueError("every = N and first, the first year, belong together")
        if (self.anchor == "fact") != bool(self.event):
            raise ValueError('from = "fact" and event belong together')
        if (self.since or self.until) and self.anchor != "fact":
            raise ValueError('since and until go with from = "fact"')
        if self.anchor == "undated" and (self.add or self.strict):
            raise ValueError("what has no date has nothing to count from")
        return self

    def value(self) -> Due:
        add = Span.parse(self.add) if self.add else None
        when = (self.term_year or 0, self.month or 0, self.day or 0)
        parts = tuple(part.value() for part in self.latest or self.earliest)
        years = self.every if isinstance(self.every, int) else 0
        named: dict[str, object] = {
            "day": self.on,
            "half-term": self.half,
            "round": self.rounds,
            "every": years,
        }
        named |= {"latest": self.latest, "earliest": self.earliest}
        anchor = next((name for name, given in named.items() if given), "term")
        anchor = self.anchor or ("calendar-year" if self.every == "calendar-year" else anchor)
        return Due(
            anchor, add, self.strict, *when, self.event or "", self.on, self.half, self.rounds, years, self.first,
            parts, self.since, self.until,
        )  # fmt: skip
