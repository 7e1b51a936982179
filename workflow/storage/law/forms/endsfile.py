"""``[ends]`` of a regime's file: when its rules may end, how sure that is, and what speaks for which day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflow.rules.endings import Ending, Evidence
from workflow.storage.law.forms.entry import Entry, Line

Dates = Annotated[tuple[date, ...], Field(strict=False, min_length=1)]


class EvidenceEntry(Entry):
    said: Line
    cite: Line
    points_to: date | None = None  # the candidate it speaks for; neither where it is left out
    weight: Line


class EndsEntry(Entry):
    candidates: Dates
    known_on: date
    certainty: Line
    cite: Line
    note: str = ""
    confirmed_on: date | None = None
    checked_on: date
    evidence: Annotated[tuple[EvidenceEntry, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _two_days_at_most(self) -> Self:
        if len(set(self.candidates)) > 2:
            raise ValueError("at most two candidates: the earliest and the latest; all between is in doubt")
        for one in self.evidence:
            if one.points_to and one.points_to not in self.candidates:
                raise ValueError(f"evidence points to {one.points_to}, which is no candidate")
        return self

    def value(self) -> Ending:
        fields = self.model_dump(exclude={"checked_on", "evidence"})
        said = tuple(Evidence(e.said, e.cite, e.points_to, e.weight) for e in self.evidence)
        return Ending(**fields, evidence=said)

    @model_validator(mode="after")
    def _confirmed_with_its_day(self) -> Self:
        if self.certainty.split(":")[0] in ("bekræftet", "confirmed") and not self.confirmed_on:
            raise ValueError(
                "certainty says the end is confirmed: give confirmed_on, the first day without the rules"
            )
        return self
