"""A "what if": facts and meetings that are supposed, said relative to an agreement's plan so that they fit any of them.

A day is ``today``, ``by`` (the date that holds), ``dispatch`` (the last day to send), ``last`` (the council's last
usable meeting) or an ISO date, each with days added or taken off: ``by-30``. A council is ``setting`` (it sets the
day), ``second`` (the next tightest), ``slack`` (the one with most time), ``regional``, ``pending`` (each that has not
decided), ``others`` (each of those but the setting one), ``all`` or a code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil
from workflow.errors import Invalid, NotPossible
from workflow.rules.days import BusinessDays
from workflow.values import dataclass

_DAY = re.compile(r"(today|by|dispatch|last|\d{4}-\d{2}-\d{2})([+-]\d{1,4})?")
MANY = ("pending", "others", "all")
WHO = ("setting", "second", "slack", "regional", *MANY)


@dataclass(frozen=True, slots=True)
class SupposedFact:
    """A fact as ``aftale record`` takes it, its days and councils said as above. ``version``: ``current``, ``next``."""

    event: str
    on: str = "today"
    council: str = ""
    due: str = ""
    version: str = "current"
    about: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class SupposedMeeting:
    """A change of a calendar: the meeting on ``on`` falls away (``gone``), is moved by ``days``, its agenda closes
    ``days`` earlier (``agenda``), or there is one more (``added``), its agenda closing on ``agenda``."""

    change: str
    council: str = "setting"
    organ: str = ""
    on: str = "last"
    days: int = 0
    agenda: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A named "what if". ``severity``: mild, middle or severe; ``needs``: ``sent`` or ``submitted``, what is supposed
    to have happened first where it has not; ``merge``: the region that the agreement's own is merged with,
    ``successor`` for the one that takes it over."""

    id: str
    title: str
    severity: str
    needs: str = ""
    merge: str = ""
    facts: tuple[SupposedFact, ...] = ()
    meetings: tuple[SupposedMeeting, ...] = ()


def day(said: str, found: BackwardPlan, council: PlannedCouncil | None = None) -> date:
    """The day that is meant; :class:`NotPossible` where this plan has no such day."""
    read = _DAY.fullmatch(said.strip())
    if read is None:
        raise Invalid(
            f"{said!r} er ingen dag; skriv today, by, dispatch, last eller 2027-06-16, evt. med +7 eller -7"
        )
    begin: date | None
    match read[1]:
        case "today":
            begin = found.asked.as_of
        case "by":
            begin = found.asked.by
        case "dispatch":
            begin = found.dispatch_by
        case "last":
            begin = council.road.council.on if council and council.road else None
        case iso:
            begin = date.fromisoformat(iso)
    if begin is None:
        raise NotPossible(f"planen har ingen dag »{read[1]}«: indlæs rådenes mødekalendere først")
    return begin + timedelta(days=int(read[2] or 0))


def sitting(
    said: str, found: BackwardPlan, days: BusinessDays, council: PlannedCouncil | None = None
) -> date:
    """:func:`day` as a day on which a council can sit or its agenda close: a day that was counted to and is closed is
    the nearest open one farther on, the way it was counted. A date that was said, and today, stay what they are."""
    counted = said.strip().startswith(("by", "dispatch", "last", "today+", "today-"))
    on = day(said, found, council)
    return open_day(on, days, back="+" not in said) if counted else on


def open_day(on: date, days: BusinessDays, *, back: bool) -> date:
    """``on``, or where it is closed the nearest open day before it (``back``) or after."""
    return days.on_or_before(on) if back else days.on_or_after(on)


def councils(said: str, found: BackwardPlan) -> Sequence[PlannedCouncil]:
    """The councils that are meant; :class:`NotPossible` where there is none."""
    waiting = [one for one in found.councils if one.decided_on is None]
    ordered = sorted(
        (one for one in waiting if one.road),
        key=lambda one: (one.road.starts_on if one.road else date.max, one.lane.code),
    )
    match said:
        case "setting":
            chosen = ordered[:1] or waiting[:1]
        case "second":
            chosen = ordered[1:2]
        case "slack":
            chosen = ordered[-1:]
        case "regional":
            chosen = list(found.councils[:1])
        case "pending":
            chosen = waiting
        case "others":
            setting = (ordered[:1] or waiting[:1])[:1]
            chosen = [one for one in waiting if one not in setting]
        case "all":
            chosen = list(found.councils)
        case code:
            chosen = [one for one in found.councils if one.lane.code == code]
    if not chosen:
        raise NotPossible(f"planen har intet råd »{said}« lige nu")
    return chosen
