"""What is history and not news: a letter whose day had passed before the journal held what it tells.

Such a letter is planned like any other and then waits, in a state of its own, until a person has said whether it was
told by hand, is to be sent now, or is left out (:mod:`workflow.services.planning.answering`). It is the day of the
entry that counts, never the age of what happened.
"""

from __future__ import annotations

from datetime import date, timedelta

from workflow.lifecycle.course import COUNCIL_EVENTS
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline
from workflow.storage.facts.projection import UNWORKABLE, Standing

NEWS_DAYS = 92
"""So long after it could first be told may a letter still be planned by a program that was down meanwhile."""
_COUNTED = ("submitted", "received", "info-requested", "info-supplied")
"""What an authority's last day is counted from."""


def without_late(standing: Standing, day: date) -> Standing | None:
    """The agreement as it would stand without what was typed in after ``day`` about days gone by: what is owed then too
    does not come from history. ``standing`` itself where there is nothing such; ``None`` before it was opened here."""
    entered = [fact for fact in standing.facts if (fact.entered_on or day) <= day]
    after = [fact for fact in standing.facts if (fact.entered_on or day) > day]
    if not entered:
        return None
    if not any(fact.entered_late for fact in after):
        return standing
    news = sorted([*entered, *(fact for fact in after if not fact.entered_late)], key=lambda fact: fact.no)
    for facts in (news, entered):  # what came after may not hold without the history
        try:
            return standing.with_only(facts)
        except UNWORKABLE:
            continue
    return None


def state_of_the_past(standing: Standing, state: str, reached_on: date) -> bool:
    """Whether the version reached its state by what was typed in afterwards."""
    then = without_late(standing, reached_on)
    current = then.course.current if then else None
    return current is None or current.state != state or max(current.decided_on.values()) != reached_on


def silence_of_the_past(standing: Standing, silence: Fact) -> bool:
    """Whether the text counts as approved by what was typed in after the authority's last day."""
    then = without_late(standing, silence.on)
    return then is None or then.story.silence(silence.version) != silence


def silence_heard_on(standing: Standing, silence: Fact) -> date:
    """The first day on which it could be told that the text counts as approved: the day after the authority's last, or
    that on which the last of what it is counted from was entered."""
    numbered = {fact.no: fact for fact in standing.facts}
    said = [f for f in standing.facts if f.event in _COUNTED and f.version == silence.version]
    said += [
        f
        for f in standing.facts
        if (gone := numbered.get(f.corrects or 0)) and gone.version == silence.version
    ]
    return max([silence.on + timedelta(days=1), *(f.heard_on for f in said)])


def move_of_the_past(standing: Standing, deadline: Deadline) -> bool:
    """Whether the date was moved by what was typed in afterwards."""
    then = without_late(standing, deadline.changed_on or standing.as_of)
    before = then.deadline(deadline.id, deadline.subject) if then else None
    return before is None or (before.legal_on, before.revision) != (deadline.legal_on, deadline.revision)


def decided_heard_on(standing: Standing, version: int, reached_on: date) -> date:
    """The first day on which it could be told that the councils' decisions had brought the version where it is."""
    said = [f.heard_on for f in standing.facts if f.version == version and f.event in COUNCIL_EVENTS]
    return max([reached_on, *said])


def moved_heard_on(standing: Standing, changed_on: date) -> date:
    """The first day on which it could be told that a date had moved on the day ``changed_on``."""
    return max((fact.heard_on for fact in standing.facts if fact.known_on == changed_on), default=changed_on)
