"""What importing a round did, as a sentence and as plain values."""

from __future__ import annotations

from typing import TypedDict

from workflow.rules.facts import Fact
from workflow.services.planning.owing import Owed
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass, field


class RoundFact(TypedDict):
    """A fact of the file; ``no`` is its number in the journal, 0 for one that was there already."""

    agreement: str
    no: int
    event: str
    on: str
    version: int | None
    council: str | None
    due: str | None
    source: str


class RoundJson(TypedDict):
    """An import as ``aftale import --json`` gives it."""

    dry_run: bool
    opened: list[str]
    recorded: list[RoundFact]
    already_there: list[RoundFact]
    unanswered: int


@dataclass(slots=True)
class RoundReport:
    """What an import did, or in a dry run would do: agreements opened, facts recorded, facts already there, how each
    agreement stands after it, the letters that follow, and how many of those about history wait for an answer."""

    opened: list[str] = field(default_factory=list)
    recorded: list[tuple[str, Fact]] = field(default_factory=list)
    already: list[tuple[str, Fact]] = field(default_factory=list)
    dry_run: bool = False
    asked: int = 0
    standings: dict[str, Standing] = field(default_factory=dict)
    letters: list[Owed] = field(default_factory=list)

    def summary(self) -> str:
        """``"2 agreements opened, 31 facts, 4 already there"``."""
        return (
            f"{len(self.opened)} agreements opened, {len(self.recorded)} facts"
            f"{f', {len(self.already)} already there' if self.already else ''}"
        )

    def as_json(self) -> RoundJson:
        """Plain values; a recorded fact carries its number in the journal, one already there has 0."""

        def told(found: list[tuple[str, Fact]]) -> list[RoundFact]:
            return [
                {
                    "agreement": key, "no": fact.no, "event": fact.event, "on": fact.on.isoformat(),
                    "version": fact.version, "council": fact.council,
                    "due": fact.due.isoformat() if fact.due else None, "source": fact.source,
                }
                for key, fact in found
            ]  # fmt: skip

        return {
            "dry_run": self.dry_run,
            "opened": self.opened,
            "recorded": told(self.recorded),
            "already_there": told(self.already),
            "unanswered": self.asked,
        }
