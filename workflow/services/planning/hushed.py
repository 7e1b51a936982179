"""Reminders that are not written though their day has come: a more urgent one is, or their reader has acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflow.rules.ladder import Rung
from workflow.services.planning.readiness import fit_to_send
from workflow.services.planning.recipients import expand
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


def outrun(standing: Standing, rulebook: Rulebook, rung: Rung, recipient: str, rungs: Sequence[Rung]) -> bool:
    """Whether a more urgent reminder of the same date is owed to the same function: after downtime one is enough."""
    if rung.letter.statutory:
        return False
    later = (r for r in rungs if r.deadline is rung.deadline and r.due_on > rung.due_on)
    return any(recipient in expand(standing, rulebook, r.letter.to, r.deadline) for r in later)


_TOLD_BY = {"in_consultation": "consultation-opened", "info_requested": "info-requested"}
"""States that a letter of their own tells, by the step that brings them about."""


def before_its_state(standing: Standing, rulebook: Rulebook, rung: Rung) -> bool:
    """Whether the reminder's day came before there was anything to be reminded of: the text was not in the state it is
    for. It was never owed then, and a letter of its own has told the state since."""
    current, due_on = standing.course.current, rung.due_on
    if current is None or due_on >= standing.as_of:
        return False
    by = [_TOLD_BY[state] for state in rung.letter.during if state in _TOLD_BY]
    began = [f.on for f in standing.story.steps if f.event in by and f.version in (None, current.number)]
    if "fully_approved" in rung.letter.during and rung.letter.state and current.decided_on:
        began = [max(current.decided_on.values())]
        then = [fact for fact in standing.story.steps if fact.on <= due_on]
        if began[0] <= due_on and not fit_to_send(standing.told(then[-1]), rulebook):
            return True
    return bool(began) and max(began) > due_on


def quiet(standing: Standing, rung: Rung, recipient: str, known: Mapping[str, str]) -> bool:
    """Whether the function has acknowledged an earlier reminder of this very date. It silences those before the date,
    never the overdue and never the statutory ones."""
    if rung.letter.statutory or rung.offset >= 0:
        return False
    deadline = rung.deadline
    about = f"{deadline.id}|{deadline.subject}|r{deadline.revision}@{deadline.legal_on}"
    stem, end = f"{standing.agreement.key}|{about}|{rung.letter.name}|", f"|{recipient}"
    own = f"{stem}{rung.name}{end}"
    return known.get(own, "superseded") == "superseded" and any(
        state == "confirmed" and key.startswith(stem) and key.endswith(end) for key, state in known.items()
    )
