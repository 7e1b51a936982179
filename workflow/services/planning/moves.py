"""What the letter that a date has moved is written from: the step that moved it, and the standing of that day."""

from __future__ import annotations

from workflow.mail.writing.factparts import MovedFacts
from workflow.rules.facts import Fact
from workflow.rules.timeline import MOVERS, Deadline
from workflow.services.planning.letterfacts import Telling
from workflow.services.planning.since import since
from workflow.storage.facts.projection import Standing


def by_authority(deadline: Deadline) -> bool:
    """Whether the authority moved the date, by a departure from it."""
    return any(step.kind == "moved" for step in deadline.why)


def mover(standing: Standing, deadline: Deadline) -> Fact | None:
    """The step that moved ``deadline`` to where it is; ``None`` where no step did, as when one was corrected."""
    learnt = [
        fact for fact in standing.facts if fact.known_on == deadline.changed_on and fact.event in MOVERS
    ]
    newest = max(learnt, key=lambda fact: fact.no, default=None)
    return newest if newest in standing.story.steps else None


def move_told(standing: Standing, deadline: Deadline) -> tuple[Standing, Telling]:
    """The standing that the letter is told from, and what it tells of the move: of the day of the step that moved the
    date, with what has happened since apart; of today where there is no such step, or that day knew another date."""
    fact = mover(standing, deadline)
    then = standing.told(fact) if fact else standing
    moved = then.deadline(deadline.id, deadline.subject)
    if fact is None or moved is None or moved.legal_on != deadline.legal_on:
        return standing, {"tell": deadline, "moved": _moved(standing, deadline)}
    return then, {
        "tell": moved,
        "moved": _moved(then, moved),
        "ahead": [deadline],
        "since": since(standing, fact),
        "over": moved.open and not deadline.open,
    }


def _moved(standing: Standing, deadline: Deadline) -> MovedFacts:
    """Where the date was and is, and who moved it: the authority, rules that were taken on, or what it counts from."""
    taken = [fact for fact in standing.story.named("rules-accepted") if fact.known_on == deadline.changed_on]
    sst = by_authority(deadline)
    cites = [step.cite for step in deadline.why if step.kind in ("moved", "start")]
    return {
        "from": deadline.previous_on.isoformat() if deadline.previous_on else None,
        "to": deadline.legal_on.isoformat() if deadline.legal_on else "",
        "on": deadline.changed_on.isoformat() if deadline.changed_on else "",
        "source": taken[-1].source if taken and not sst else cites[-1],
        "by": "sst" if sst else "rules" if taken else "",
        "met_on": deadline.met_on.isoformat() if deadline.met_on else None,
    }
