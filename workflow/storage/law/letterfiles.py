"""``calendars/letters.toml`` as strict models: which letters there are, what makes each owed, and whom it goes to."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.rules.ladder import APART, LetterRule
from workflow.storage.law.lawfiles import (
    TERM,
    Days,
    Entry,
    Events,
    Id,
    Ids,
    Line,
    Lines,
    Recipient,
    TextEntry,
)


class LetterEntry(Entry):
    name: Id
    code: Annotated[str, Field(pattern=r"^N-\d\d$")]
    title: TextEntry
    to: Annotated[tuple[Recipient, ...], Field(strict=False, min_length=1)]
    deadline: Ids = ()
    at: Days = ()
    every: Annotated[int, Field(ge=0, le=TERM)] = 0
    stale: Annotated[int, Field(ge=0, le=TERM)] = 0
    deputy: Annotated[int, Field(ge=0, le=TERM)] = 0
    event: Events = ()
    state: str = ""
    during: Lines = ()
    statutory: bool = False
    next: str = ""
    next_to: dict[Literal["cluster", "piu", "council"], Line] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _owed_by_something(self) -> Self:
        if bool(self.deadline) != bool(self.at):
            raise ValueError("deadline and at belong together")
        if not (self.deadline or self.event or self.state):
            raise ValueError("nothing makes this letter owed: give deadline and at, event, or state")
        if self.every and not self.at:
            raise ValueError("every repeats after the last of at, and there is no at")
        if list(self.at) != sorted(set(self.at)):
            raise ValueError("at must be ascending days, each once")
        if any(later - earlier < APART for earlier, later in pairwise(self.at)):
            raise ValueError("two of at are on days running, and nobody is reminded two days running")
        if self.deputy and self.deputy not in self.at:
            raise ValueError("deputy must be one of at")
        if self.statutory == bool(self.next):
            raise ValueError(
                "a letter that can wait says what to do next; a statutory one stands in no digest"
            )
        return self

    def value(self) -> LetterRule:
        fields = self.model_dump(exclude={"title", "next_to"})
        return LetterRule(title=self.title.value(), next_to=tuple(self.next_to.items()), **fields)


class LettersFile(Entry):
    also_closed: Ids = ()
    letter: Annotated[tuple[LetterEntry, ...], Field(strict=False)]
