"""What stands on the ladder, and where a reminder stands on it: the how many-th it is, whether it is the last, who gets
it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from workflow.rules.facts import Fact
from workflow.rules.ladder import Rung, coming
from workflow.rules.obligation import DeadlineRule
from workflow.rules.story import step_name
from workflow.rules.timeline import Deadline
from workflow.services.due.ending import UNSETTLED, taken_back
from workflow.services.due.prompts import prompts
from workflow.services.planning.letterfacts import Telling
from workflow.services.planning.readiness import fit_to_send
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

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
    when what had fulfilled the duty by then was taken back or corrected; and whether it is ``late`` today."""
    rule, story = standing.agreement.regime.rule(rung.deadline.id), standing.story
    undone = [one for one in story.undone if one.on <= rung.due_on]
    met = {one.version for one in undone if rule and step_name(one) in rule.met_by}
    back = [one.on for one in story.named("withdrawn") if one.version in met]
    back += [fact.on for fact, wrong in taken_back(standing, today) if _stood(rung, rule, wrong)]
    owed_on = max([rung.due_on, *map(standing.rules.days.on_or_after, back)])
    return {"due_on": rung.due_on, "owed_on": owed_on, "late": owed_on < today}


def _stood(rung: Rung, rule: DeadlineRule | None, wrong: Fact) -> bool:
    """Whether ``wrong`` stood in the journal on the reminder's day as what had settled it."""
    settles = rung.deadline.id == UNSETTLED and wrong.event == "regime-confirmed"
    fulfils = rule is not None and step_name(wrong) in rule.met_by
    return (settles or fulfils) and (wrong.known_on or wrong.on) <= rung.due_on


def times_told(known: Mapping[str, str]) -> Counter[tuple[str, ...]]:
    """How often each reminder has gone out, by its place; ``known`` maps keys of notices to states."""
    parted = (key.split("|") for key, state in known.items() if state in TOLD)
    return Counter(
        (parts[1], parts[2], parts[3], parts[4], parts[6])
        for parts in parted
        if len(parts) == 7 and parts[5][:1] in "+-"
    )


def next_owed_on(rulebook: Rulebook, standing: Standing, after: date) -> date | None:
    """The first day after ``after`` on which a rung falls, as things stand; ``None`` when none is to come."""
    return min((rung.due_on for rung in to_come(rulebook, standing, after)), default=None)


def to_come(rulebook: Rulebook, standing: Standing, after: date) -> list[Rung]:
    """The rungs that fall after ``after``, as things stand."""
    return coming(
        ladder(standing, rulebook), rulebook.letters, rulebook.days, states(standing, rulebook), after
    )


def ladder(standing: Standing, rulebook: Rulebook) -> list[Deadline]:
    """What has rungs: the law's deadlines while the agreement is alive, and the prompts."""
    over = standing.course.period in ("ended", "rules_ended")
    return [*(() if over else standing.deadlines), *prompts(standing, rulebook)]


def states(standing: Standing, rulebook: Rulebook) -> frozenset[str]:
    """The state letters are chosen by: none while every council has approved a text that cannot be sent as it is."""
    current = standing.course.current
    if current and current.state == "fully_approved" and not fit_to_send(standing, rulebook):
        return frozenset()
    return frozenset({standing.course.text_state})
