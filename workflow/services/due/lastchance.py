"""The last agenda that a council can still reach: told to one that has decided nothing and told no day, where it closes
before the first reminder about its answer. House practice, never law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.ahead.roads import Road, roads
from workflow.services.due.handled import heard
from workflow.services.due.lanes import lane_of
from workflow.services.due.targets import held_to
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

TOO_LATE = timedelta(days=3)  # a reminder that comes fewer days before the agenda closes is of no use


@dataclass(frozen=True, slots=True)
class LastAgenda:
    """The road of the council with this ``code`` that can begin latest, and the Danish day its first agenda closes."""

    code: str
    road: Road
    closes: date


def last_reachable(standing: Standing, rulebook: Rulebook, code: str, by: date) -> Road | None:
    """The road to a decision by that day that can begin latest, of those that still can."""
    all_roads = roads(lane_of(standing, code, by, rulebook.gaps), by, rulebook.gaps.agenda)
    able = [road for road in all_roads if min(road.starts_on, road.council.on) >= standing.as_of]
    return max(able, key=lambda road: (road.starts_on, road.council.on), default=None)


def closes_on(road: Road) -> date | None:
    """The last day for the case, where the calendar says it: nothing that is only assumed is told to a council."""
    return road.first[1].agenda_closes


def last_agendas(standing: Standing, rulebook: Rulebook, told: dict[str, date]) -> Iterator[LastAgenda]:
    """One for each council that has neither decided nor ``told`` its day nor given a sign of life, whose last agenda
    by the day it is asked to answer closes before that day's first reminder reaches it."""
    current, limit = standing.course.current, held_to(standing)
    if current is None or limit is None or limit.legal_on is None:
        return
    by = min(current.reply_by or limit.legal_on, limit.legal_on)
    rungs = [at for letter in rulebook.letters if "council-reply" in letter.deadline for at in letter.at]
    reminded = current.reply_by + timedelta(days=min(rungs)) if current.reply_by and rungs else date.max
    alive = heard(standing.facts, current.number)
    for code in current.pending:
        if code in told or code in alive:
            continue
        road = last_reachable(standing, rulebook, code, by)
        closes = closes_on(road) if road else None
        if road and closes and standing.as_of <= closes - TOO_LATE < reminded:
            yield LastAgenda(code, road, closes)
