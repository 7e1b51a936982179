"""``calendars/letters.toml`` as strict models: which letters there are, what makes each owed, and whom it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.rules.ladder import APART, LetterRule
from workflow.rules.regime import Law
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import (
    TERM,
    Days,
    Events,
    Id,
    Ids,
    Lines,
    Recipient,
    TextEntry,
    said_of_any,
)
from workflow.values import replace


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
    generic: Literal["", "duty", "answer", "met"] = ""
    state: str = ""
    during: Lines = ()
    statutory: bool = False
    always: bool = False
    carries: Literal["", "text", "answer"] = ""
    next: str = ""
    next_to: dict[Literal["cluster", "piu", "council"], Line] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _owed_by_something(self) -> Self:
        if bool(self.deadline or self.generic in ("duty", "answer")) != bool(self.at):
            raise ValueError("deadline (or generic) and at belong together")
        if self.generic and (self.deadline or self.event or self.state):
            raise ValueError(
                "a generic letter follows what no other does: it names no deadline, event or state"
            )
        if not (self.deadline or self.event or self.state or self.generic):
            raise ValueError("nothing makes this letter owed: give deadline and at, event, state, or generic")
        if self.every and not self.at:
            raise ValueError("every repeats after the last of at, and there is no at")
        if list(self.at) != sorted(set(self.at)):
            raise ValueError("at must be ascending days, each once")
        if any(later - earlier < APART for earlier, later in pairwise(self.at)):
            raise ValueError("two of at are on days running, and nobody is reminded two days running")
        if self.deputy and self.deputy not in self.at:
            raise ValueError("deputy must be one of at")
        said_of_any(self.title.da, self.next, *self.next_to.values())
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


def spread(letters: Sequence[LetterRule], law: Law) -> tuple[LetterRule, ...]:
    """The letters with the deadlines each follows: those it names, those whose rule names it, and, where it is generic,
    those that neither a letter nor their rule has chosen one for. *answer* is for what the authority owes, *duty* for
    what the parties owe, *met* for both; a duty without a date has no ladder, and of what comes by the law itself
    (a *fact*) nobody is told."""
    named = {deadline for letter in letters for deadline in letter.deadline}
    rules = [rule for regime in law.regimes for rule in regime.deadlines]
    chosen = {rule.id: rule.letters for rule in rules if rule.letters is not None}
    owed = [rule for rule in rules if rule.duty != "fact"]
    free = {rule.id: rule.who == "sst" for rule in owed if rule.id not in {*named, *chosen}}
    dated = {rule.id for rule in rules if rule.due.anchor != "undated"}
    follows = {
        "duty": sorted(one for one, answer in free.items() if not answer and one in dated),
        "answer": sorted(one for one, answer in free.items() if answer and one in dated),
        "met": sorted(free),
    }
    return tuple(
        replace(
            letter,
            deadline=(
                *letter.deadline,
                *(
                    one
                    for one, names in sorted(chosen.items())
                    if letter.name in names and one not in letter.deadline
                ),
                *follows.get(letter.generic, ()),
            ),
        )
        for letter in letters
    )
