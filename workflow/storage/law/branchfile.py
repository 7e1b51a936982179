"""``calendars/whatif.toml``, or a file of a user's own, as a strict model."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.ahead.branches import WHO, Branch, SupposedFact, SupposedMeeting
from workflow.rules.facts import EVENTS
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id

Day = Annotated[str, Field(pattern=r"^(today|by|dispatch|last|\d{4}-\d{2}-\d{2})([+-]\d{1,4})?$")]
Who = Annotated[str, Field(pattern=rf"^({'|'.join(WHO)}|\d{{4}}|[a-z]+)$")]
_HAPPENINGS = tuple(event for event in EVENTS if event not in ("opened", "correction"))
Happening = Literal[_HAPPENINGS]  # type: ignore[valid-type]


class FactEntry(Entry):
    event: Happening
    on: Day = "today"
    council: Who | None = None
    due: Day | None = None
    version: Literal["current", "next"] = "current"
    about: str = ""
    time: str = ""

    def value(self) -> SupposedFact:
        return SupposedFact(
            self.event, self.on, self.council or "", self.due or "", self.version, self.about, self.time
        )


class MeetingEntry(Entry):
    change: Literal["gone", "moved", "agenda", "added"]
    council: Who = "setting"
    organ: str = ""
    on: Day = "last"
    days: Annotated[int, Field(ge=-365, le=365)] = 0
    agenda: Day | None = None

    @model_validator(mode="after")
    def _says_how_far(self) -> Self:
        if self.change in ("moved", "agenda") and not self.days:
            raise ValueError(f"{self.change} needs days, e.g. days = 7")
        return self

    def value(self) -> SupposedMeeting:
        return SupposedMeeting(self.change, self.council, self.organ, self.on, self.days, self.agenda or "")


class BranchEntry(Entry):
    id: Id
    title: Line
    severity: Literal["mild", "middle", "severe"] = "middle"
    needs: Literal["", "sent", "submitted"] = ""
    merge: Id | None = None
    fact: Annotated[tuple[FactEntry, ...], Field(strict=False)] = ()
    meeting: Annotated[tuple[MeetingEntry, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _supposes_something(self) -> Self:
        if not (self.fact or self.meeting or self.merge):
            raise ValueError("it supposes nothing: give a fact, a meeting or a region to merge with")
        return self

    def value(self) -> Branch:
        return Branch(
            self.id, self.title, self.severity, self.needs, self.merge or "", tuple(one.value() for one in self.fact),
            tuple(one.value() for one in self.meeting),
        )  # fmt: skip


class BranchesFile(Entry):
    branch: Annotated[tuple[BranchEntry, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [entry.id for entry in self.branch]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two branches are called {', '.join(sorted(twice))}")
        return self

    def value(self) -> tuple[Branch, ...]:
        """The named branches in the file's order."""
        return tuple(entry.value() for entry in self.branch)
