"""``calendars/rounds.toml`` as a strict model: rounds that were held and published, with what became of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflow.ahead.published import Late, Round
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id

Code = Annotated[str, Field(pattern=r"^\d{4}$")]


class LateEntry(Entry):
    council: Code
    told: date
    source: Line


class RoundEntry(Entry):
    id: Id
    title: Line
    region: Id
    sent_on: date | None = None
    by: date
    known_on: date
    everybody: bool = True
    source: Line
    inferred: Line
    late: Annotated[tuple[LateEntry, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _can_be_right(self) -> Self:
        if self.sent_on and self.sent_on >= self.by:
            raise ValueError("the text was sent on or after its date")
        if not (self.everybody or self.late):
            raise ValueError("the round tells of no council: say everybody = true or give a late one")
        if in_time := [one.council for one in self.late if one.told <= self.by]:
            raise ValueError(f"council {in_time[0]} is called late and told a day in time")
        return self

    def value(self) -> Round:
        late = tuple(Late(one.council, one.told, one.source) for one in self.late)
        return Round(
            self.id, self.title, self.region, self.sent_on, self.by, self.known_on, self.everybody, late, self.source,
            self.inferred,
        )  # fmt: skip


class RoundsFile(Entry):
    round: Annotated[tuple[RoundEntry, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [one.id for one in self.round]
        if twice := [one for one in ids if ids.count(one) > 1]:
            raise ValueError(f"round {twice[0]} stands twice")
        return self

    def value(self) -> tuple[Round, ...]:
        """The rounds in the order of the file."""
        return tuple(one.value() for one in self.round)
