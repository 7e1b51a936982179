"""The date that a round is held to: by when its text must be sent."""

from __future__ import annotations

from datetime import date

from workflow.rules.timeline import Deadline
from workflow.storage.facts.projection import Standing

WITH_THE_COUNCILS = ("in_council_approval", "fully_approved")


def held_to(standing: Standing) -> Deadline | None:
    """The date that the councils are held to: :func:`target`, and while they have the text, :func:`agreed_target`."""
    current = standing.course.current
    asked = current is not None and current.state in WITH_THE_COUNCILS
    return agreed_target(standing) if asked else target(standing)


def target(standing: Standing) -> Deadline | None:
    """The date that holds: the earliest open day by which the text must be with the Authority."""
    sent = [d for d in standing.deadlines if d.open and _sends(standing, d)]
    return min(sent, key=lambda d: d.legal_on or date.max, default=None)


def agreed_target(standing: Standing) -> Deadline | None:
    """:func:`target`; where there is none, the date of a text not yet sent in whose rule has ended, though nobody has
    confirmed on which day: a round may be held to it by agreement, and the plan says so."""
    if (found := target(standing)) or standing.course.concluded:
        return found
    gone = [
        d
        for d in standing.deadlines
        if d.status == "lapsed" and d.doubtful and d.legal_on and _sends(standing, d)
    ]
    return min(gone, key=lambda d: d.legal_on or date.max, default=None)


def _sends(standing: Standing, deadline: Deadline) -> bool:
    rule = standing.agreement.regime.rule(deadline.id)
    return rule is not None and "submitted" in rule.met_by
