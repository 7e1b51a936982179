"""On which day a reminder falls, worked out a second time: nothing is shared with the planner's ladder.
:mod:`workflow.services.watch.expecting` says of what.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from workflow.rules.days import BusinessDays
from workflow.rules.facts import live
from workflow.services.planning.readiness import fit_to_send
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

QUIET_WEEKS = (28, 29, 30)  # of July: only statutory letters


class Reminding(Protocol):
    """What of a letter its days are told from."""

    @property
    def at(self) -> tuple[int, ...]: ...
    @property
    def every(self) -> int: ...
    @property
    def stale(self) -> int: ...
    @property
    def statutory(self) -> bool: ...
    @property
    def during(self) -> tuple[str, ...]: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Dated:
    """A dated duty that letters follow."""

    id: str
    subject: str
    legal_on: date
    aim_on: date
    revision: int
    since: date | None
    late_after: date


def earliest(dates: Iterable[Dated], rules: tuple[str, ...]) -> list[Dated]:
    """Of two formulas for one duty the earlier (O-57 to O-61), a subject at a time."""
    first: dict[str, Dated] = {}
    for dated in sorted(dates, key=lambda d: (d.legal_on, d.id)):
        if dated.id in rules:
            first.setdefault(dated.subject, dated)
    return list(first.values())


def newest_rung(letter: Reminding, dated: Dated, days: BusinessDays, by: date) -> tuple[int, date] | None:
    """The latest rung that has come ``by`` that day, and its day."""
    offsets, every = list(letter.at), letter.every
    while every and dated.late_after + timedelta(days=offsets[-1]) <= by:
        offsets.append(max(offsets[-1], 0) + every)
    found: tuple[int, date] | None = None
    for offset, day in _never_running([(one, _day_of(letter, one, dated, days)) for one in offsets]):
        if day <= by and (dated.since is None or day >= dated.since) and (not found or day >= found[1]):
            found = (offset, day)
    return None if found and letter.stale and (by - found[1]).days > letter.stale else found


def _never_running(rungs: list[tuple[int, date]]) -> list[tuple[int, date]]:
    """Of two reminders on one day or on two days running the later one alone."""
    later = [day for _, day in rungs[1:]]
    return [
        rung
        for rung, after in zip(rungs, [*later, None], strict=True)
        if not after or after > rung[1] + timedelta(days=1)
    ]


def _day_of(letter: Reminding, offset: int, dated: Dated, days: BusinessDays) -> date:
    """The day of one rung: a business day, and outside July's quiet weeks where it is not statutory."""
    if offset > 0:
        day = dated.late_after + timedelta(days=offset)
        while not letter.statutory and day.isocalendar().week in QUIET_WEEKS:
            day += timedelta(days=1)
        while days.why_closed(day):
            day += timedelta(days=1)
        return day
    day = dated.aim_on + timedelta(days=offset)
    while not letter.statutory and day.isocalendar().week in QUIET_WEEKS:
        day -= timedelta(days=1)
    return back_to_work(day, days)


def back_to_work(day: date, days: BusinessDays) -> date:
    while days.why_closed(day):
        day -= timedelta(days=1)
    return day


def not_yet(standing: Standing, rulebook: Rulebook, letter: Reminding, due_on: date) -> bool:
    """Whether the text came into the state that a reminder is for only after the reminder's day, so that the letter
    about the state has told it."""
    current = standing.course.current
    if current is None or not letter.during or due_on >= standing.as_of:
        return False
    facts = live(standing.facts, standing.as_of)
    opens = {"in_consultation": "consultation-opened", "info_requested": "info-requested"}
    events = {opens.get(state) for state in letter.during}
    entered = [one.on for one in facts if one.event in events and one.version in (None, current.number)]
    if letter.state and current.decided_on:
        entered = [*current.decided_on.values()]
        until = [one for one in standing.story.steps if one.on <= due_on]
        if max(entered) <= due_on and not fit_to_send(standing.told(until[-1]), rulebook):
            return True
    return bool(entered) and max(entered) > due_on
