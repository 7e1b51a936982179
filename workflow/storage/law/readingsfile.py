"""``calendars/readings.toml`` as a strict model: the questions the law leaves open, each with its two readings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.rules.silence import AGREED_END, KINDS, Reading, Silence
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id, Lines


class ReadingEntry(Entry):
    id: Id
    said: Line
    cite: Line


class SilenceEntry(Entry):
    id: Id
    kind: Literal[KINDS]  # type: ignore[valid-type]
    question: Line
    terms: Lines = ()
    recorded: date | None = None
    instead: date | None = None
    checked_on: date
    reading: Annotated[tuple[ReadingEntry, ...], Field(strict=False, min_length=2, max_length=2)]

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if len({one.id for one in self.reading}) < len(self.reading):
            raise ValueError("two readings have the same id")
        if (self.kind == AGREED_END) != bool(self.recorded and self.instead):
            raise ValueError("recorded and instead go with the kind agreed-end, both of them")
        return self

    def value(self) -> Silence:
        first, second = (Reading(one.id, one.said, one.cite) for one in self.reading)
        return Silence(
            self.id, self.kind, self.question, (first, second), self.terms, self.recorded, self.instead
        )


class ReadingsFile(Entry):
    silence: Annotated[tuple[SilenceEntry, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [one.id for one in self.silence]
        if twice := [one for one in ids if ids.count(one) > 1]:
            raise ValueError(f"silence {twice[0]} stands twice")
        return self

    def value(self) -> tuple[Silence, ...]:
        """The questions in the order of the file."""
        return tuple(one.value() for one in self.silence)
