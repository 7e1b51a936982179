"""``calendars/obligations.toml``: strict models, and the check that what is said to track a duty exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.errors import Misconfigured
from workflow.rules.facts import EVENTS
from workflow.rules.ladder import LetterRule
from workflow.rules.obligation import TRACKERS, Obligation, Obligations, Source
from workflow.rules.regime import Law
from workflow.storage.law.forms.entry import Entry
from workflow.storage.law.lawchecks import INTERNAL_DEADLINES
from workflow.storage.law.lawfiles import Lines, SourceEntry, TextEntry

Tracker = Annotated[str, Field(pattern=rf"^({'|'.join(TRACKERS)}) [a-z0-9][a-z0-9-]*$")]


class ObligationEntry(Entry):
    id: Annotated[
        str, Field(pattern=r"^(O-[0-9]{2,3}|R[0-9]{1,3})$")
    ]  # the number the reading of the law gave it
    text: TextEntry
    force: Literal["shall", "shall-guidance", "should", "may", "fact", "practice"]
    cite: Annotated[Lines, Field(min_length=1)]
    tracked_by: Annotated[tuple[Tracker, ...], Field(strict=False)] = ()
    partly: TextEntry | None = None  # what of a tracked duty is not tracked
    not_tracked: TextEntry | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if bool(self.tracked_by) == bool(self.not_tracked):
            raise ValueError("give either tracked_by or not_tracked with its reason")
        if self.partly and not self.tracked_by:
            raise ValueError("partly says what of a tracked duty is not tracked; give tracked_by too")
        return self

    def value(self) -> Obligation:
        pairs = [tracker.split(" ") for tracker in self.tracked_by]
        tracked_by = tuple((kind, name) for kind, name in pairs)
        return Obligation(
            self.id,
            self.text.value(),
            self.force,
            self.cite,
            tracked_by,
            self.not_tracked.value() if self.not_tracked else None,
            self.partly.value() if self.partly else None,
        )


class ObligationsFile(Entry):
    source: Annotated[tuple[SourceEntry, ...], Field(strict=False)]
    obligation: Annotated[tuple[ObligationEntry, ...], Field(strict=False)]

    def value(self) -> Obligations:
        sources = tuple(Source(**entry.model_dump(exclude={"in_force_on"})) for entry in self.source)
        return Obligations(sources, tuple(entry.value() for entry in self.obligation))


def check_obligations(where: str, file: ObligationsFile, law: Law, letters: Sequence[LetterRule]) -> None:
    """Every number stands once, what tracks it exists, and a deadline and the duties it names agree."""
    known: Mapping[str, set[str]] = {
        "deadline": {rule.id for regime in law.regimes for rule in regime.deadlines},
        "task": {task.id for regime in law.regimes for task in regime.tasks},
        "prompt": set(INTERNAL_DEADLINES),
        "quota": {quota.body for regime in law.regimes for quota in regime.quotas},
        "event": set(EVENTS),
        "letter": {letter.name for letter in letters},
    }
    listed = {entry.id: entry.tracked_by for entry in file.obligation}
    if len(listed) < len(file.obligation):
        twice = next(id for id in listed if sum(entry.id == id for entry in file.obligation) > 1)
        raise Misconfigured(where, f"obligation {twice} stands twice", "Each stands once, tracked or not")
    for number, tracked_by in listed.items():
        for tracker in tracked_by:
            kind, name = tracker.split(" ")
            if name not in known[kind]:
                problem = f'obligation "{number}", key tracked_by: there is no {kind} {name!r}'
                raise Misconfigured(where, problem, f"Known: {', '.join(sorted(known[kind]))}")
    for regime in law.regimes:
        for rule in regime.deadlines:
            for number in rule.obligations:
                if f"deadline {rule.id}" not in listed.get(number, ()):
                    problem = (
                        f'obligation "{number}", key tracked_by: by {regime.id} deadline {rule.id} tracks it'
                    )
                    raise Misconfigured(where, problem, f'Add "deadline {rule.id}", or correct the regime')
