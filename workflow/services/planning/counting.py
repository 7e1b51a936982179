"""Where a reminder stands on its ladder: the how many-th it is, whether it is the last, who gets it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from workflow.rules.ladder import Rung
from workflow.rules.story import step_name
from workflow.services.planning.letterfacts import Telling
from workflow.storage.facts.projection import Standing

TOLD = ("accepted", "confirmed", "bounced", "intent", "claimed", "carried", "told")


def placed(rung: Rung, told: Callable[[], Mapping[tuple[str, ...], int]], place: tuple[str, ...]) -> Telling:
    """``nth`` (how many were told before and this one; asked only when it is written), ``last`` and ``deputy`` (to the
    next mailbox of the function) of one reminder. ``place`` is its date (id, subject, revision), its letter and
    function: a date that was moved is counted anew."""
    letter = rung.letter
    return {
        "nth": lambda: told()[place] + 1,
        "last": rung.offset > 0 and not letter.every and rung.offset == letter.at[-1],
        "deputy": 0 < letter.deputy <= rung.offset,
    }


def timed(standing: Standing, rung: Rung, today: date) -> Telling:
    """``due_on``, the reminder's own day; ``owed_on``, the first day it could go: that, or the first business day from
    when what had fulfilled the duty by then was taken back; and whether it is ``late`` today."""
    rule, story = standing.agreement.regime.rule(rung.deadline.id), standing.story
    undone = [one for one in story.undone if one.on <= rung.due_on]
    met = {one.version for one in undone if rule and step_name(one) in rule.met_by}
    back = [one.on for one in story.named("withdrawn") if one.version in met]
    owed_on = max([rung.due_on, *map(standing.rules.days.on_or_after, back)])
    return {"due_on": rung.due_on, "owed_on": owed_on, "late": owed_on < today}


def times_told(known: Mapping[str, str]) -> Counter[tuple[str, ...]]:
    """How often each reminder has gone out, by its place; ``known`` maps keys of notices to states."""
    parted = (key.split("|") for key, state in known.items() if state in TOLD)
    return Counter(
        (parts[1], parts[2], parts[3], parts[4], parts[6])
        for parts in parted
        if len(parts) == 7 and parts[5][:1] in "+-"
    )
