"""The chance that every council decides in time, from how councils decided before. Pure, and deliberately plain.

Each meeting at which a council can take the case up is one try. How often a try ended with a yes is counted: among all
councils, and for the council itself, whose own tries weigh more the more there are. Councils are taken to decide apart
from each other. Nothing is said on fewer than :data:`LEAST` decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import prod

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil
from workflow.ahead.roads import roads
from workflow.values import dataclass

LEAST = 20  # decisions; below, the figures would say more than anybody knows
OWN_WEIGHS = 4  # tries of its own that weigh as much as what all councils did
CALLS = 3


@dataclass(frozen=True, slots=True)
class Record:
    """What councils did before: ``yes`` are approvals, ``tries`` all meetings that took the case up (approvals,
    refusals, conditions, postponements), ``days`` from sending to each yes."""

    yes: int = 0
    tries: int = 0
    days: tuple[int, ...] = ()

    def rate(self) -> float:
        """The share of tries that ended with a yes; one try of each outcome is added, so nothing is ever certain."""
        return (self.yes + 1) / (self.tries + 2)


@dataclass(frozen=True, slots=True)
class CouncilChance:
    """One council: its chance to have said yes by the date, the meetings it can still use, and by how much the whole
    would rise if its yes were certain."""

    code: str
    name: str
    probability: float
    meetings: tuple[date, ...]
    decided_on: date | None
    raises: float = 0.0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Chance:
    """``probability`` is ``None`` where too little is known; ``missing`` are the councils without a calendar."""

    by: date
    decisions: int
    probability: float | None
    councils: tuple[CouncilChance, ...]
    missing: tuple[str, ...]
    sent: bool = True
    """Whether the text is with the councils; else it is taken to be sent on the day of the question."""

    @property
    def calls(self) -> list[CouncilChance]:
        """The councils whose certain yes would raise the whole most."""
        raising = [one for one in self.councils if one.raises > 0]
        return sorted(raising, key=lambda one: (-one.raises, one.code))[:CALLS]


def chance(found: BackwardPlan, everybody: Record, own: Mapping[str, Record], assumed: int) -> Chance:
    """The chance of a plan. ``own`` is each council's record by its code; ``assumed`` as in the plan."""
    missing = tuple(one.lane.name for one in found.unknown)
    if everybody.yes < LEAST or missing:
        return Chance(found.asked.by, everybody.yes, None, (), missing, found.asked.sent_on is not None)
    councils = [
        _one(found, one, everybody, own.get(one.lane.code, Record()), assumed) for one in found.councils
    ]
    whole = prod(one.probability for one in councils)
    raised = tuple(_raising(one, councils, whole) for one in councils)
    return Chance(found.asked.by, everybody.yes, whole, raised, (), found.asked.sent_on is not None)


def rate_of(everybody: Record, own: Record) -> float:
    """How often a try of this council ends with a yes: what all did, and what it did itself."""
    return (everybody.rate() * OWN_WEIGHS + own.yes) / (OWN_WEIGHS + own.tries)


def within(rate: float, meetings: int) -> float:
    """The chance of a yes at one of so many meetings."""
    return 1 - (1 - rate) ** meetings


def _one(
    found: BackwardPlan, one: PlannedCouncil, everybody: Record, own: Record, assumed: int
) -> CouncilChance:
    if one.decided_on:
        return CouncilChance(one.lane.code, one.lane.name, 1.0, (), one.decided_on, tries=own.tries)
    asked = found.asked
    ready_on = asked.sent_on or asked.as_of
    able = [
        road.council.on for road in roads(one.lane, asked.by, assumed)
        if road.starts_on >= ready_on and road.council.on >= asked.as_of
    ]  # fmt: skip
    if one.meets_on:  # the council has told its day: that, and what comes after it
        able = [on for on in sorted({*able, one.meets_on}) if one.meets_on <= on <= asked.by]
    share = within(rate_of(everybody, own), len(able))
    return CouncilChance(one.lane.code, one.lane.name, share, tuple(able), None, tries=own.tries)


def _raising(one: CouncilChance, councils: Sequence[CouncilChance], whole: float) -> CouncilChance:
    without = prod(other.probability for other in councils if other.code != one.code)
    return CouncilChance(
        one.code, one.name, one.probability, one.meetings, one.decided_on, without - whole, one.tries
    )
