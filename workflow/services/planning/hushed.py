"""Reminders that are not written though their day has come: a more urgent one is, or their reader has acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflow.rules.ladder import Rung
from workflow.services.planning.recipients import expand
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


def outrun(standing: Standing, rulebook: Rulebook, rung: Rung, recipient: str, rungs: Sequence[Rung]) -> bool:
    """Whether a more urgent reminder of the same date is owed to the same function: after downtime one is enough."""
    if rung.letter.statutory:
        return False
    later = (r for r in rungs if r.deadline is rung.deadline and r.due_on > rung.due_on)
    return any(recipient in expand(standing, rulebook, r.letter.to, r.deadline) for r in later)


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
