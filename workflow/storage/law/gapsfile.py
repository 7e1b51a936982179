"""``calendars/roundplan.toml`` as a strict model: how long each step of a round needs before the next."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from workflow.ahead.backwards import Gap, Gaps
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id, Lines

Days = Annotated[int, Field(ge=0, le=730)]


class GapEntry(Entry):
    id: Id
    title: Line
    least: Days
    comfortable: Days
    agreed: Line  # by whom; it is no provision

    @model_validator(mode="after")
    def _least_first(self) -> Self:
        if self.comfortable < self.least:
            raise ValueError("comfortable is shorter than least")
        return self

    def value(self) -> Gap:
        return Gap(self.id, self.title, self.least, self.comfortable, self.agreed)


class GapsFile(Entry):
    agenda: Days
    tight: Days
    finance: Lines
    submission: GapEntry
    decisions: GapEntry
    dispatch: GapEntry
    step: Annotated[tuple[GapEntry, ...], Field(strict=False)]

    def value(self) -> Gaps:
        """The gaps as the plan takes them."""
        return Gaps(
            self.submission.value(), self.decisions.value(), self.dispatch.value(),
            tuple(entry.value() for entry in self.step), self.agenda, self.tight, self.finance,
        )  # fmt: skip
