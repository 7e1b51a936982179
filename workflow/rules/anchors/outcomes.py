"""What the end of its rules makes of one duty, met or unmet, by each day it may have been due. Pure."""

from __future__ import annotations

from datetime import date

from workflow.language import full, noted, phrase
from workflow.rules.endings import (
    BREACHED_BY_ONE_IN_DOUBT_SAID,
    BREACHED_BY_ONE_SAID,
    BREACHED_IN_DOUBT_SAID,
    BREACHED_SAID,
    DOUBT,
    ENDED,
    GONE,
    SURE,
    Ending,
    repealed,
)
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the end of its rules makes of an unfulfilled duty: its status ("": the calendar decides), whether which day
    they ended is still open for it, and the sentence and day of the explanation."""

    status: str = ""
    doubtful: bool = False
    said: str = ""
    on: date | None = None


def outcome(
    ends: Ending | None, on: date, binding: bool, as_of: date, latest: date, other_on: date | None = None,
    moved: bool = False,
) -> Outcome:  # fmt: skip
    """What is left on ``as_of`` of a duty due ``on`` that nobody has met. ``binding``: it can be overdue, after
    ``latest``. ``other_on``: another day it may have been due, by which its rules were gone, or may have been.
    ``moved``: ``on`` is the day the rule sets, and a signed reading gives until ``latest``: a duty that arose while
    the rules held is not extinguished by that."""
    if ends is None:
        return Outcome()
    zone = ends.zone(on)
    if zone == GONE:
        said = phrase(
            "%(repealed)s. Pligten er bortfaldet under begge mulige datoer", repealed=repealed(ends, as_of)
        )
        return Outcome("lapsed", True, said, ends.gone_on)
    if zone == ENDED:
        said = phrase(
            "Reglen er ophævet fra %(day)s; pligten er bortfaldet, ikke overskredet", day=ends.gone_on
        )
        return Outcome("lapsed", False, said, ends.gone_on)
    gone_by = other_on if other_on and ends.lapsed(other_on) else None
    by_one = by_one_in_doubt(ends, on, other_on) and as_of > on
    if as_of >= ends.gone_on:
        zone = DOUBT if by_one else zone
        return _after_the_end(ends, zone, binding, latest if latest >= as_of else None, gone_by, moved)
    if by_one and other_on:
        return Outcome("", True, _by_one(ends, other_on, as_of), min(ends.candidates))
    if zone == DOUBT:
        return Outcome("", True, unsettled(ends, as_of), min(ends.candidates))
    return Outcome()


def unsettled(ends: Ending, as_of: date) -> str:
    """What an end that nobody has confirmed means for a date under its rules, in Danish."""
    return phrase("%(repealed)s; om fristen gælder, er ikke afklaret", repealed=repealed(ends, as_of))


def by_one_in_doubt(ends: Ending, on: date, other_on: date | None) -> bool:
    """Whether the rules held ``on`` the one day a duty may have been due, and may have been gone by the other."""
    return other_on is not None and ends.zone(on) == SURE and ends.zone(other_on) == DOUBT


def _by_one(ends: Ending, other_on: date, as_of: date) -> str:
    return phrase(
        "%(repealed)s. Efter den ene læsning lå fristen før den dag; efter den anden var den %(day)s, og om reglen "
        "gjaldt da, er ikke afklaret",
        repealed=repealed(ends, as_of),
        day=full(other_on),
    )


def _after_the_end(
    ends: Ending, zone: str, owed: bool, until: date | None, other_on: date | None, moved: bool
) -> Outcome:
    """``until``: the last day on which what was owed can still be called in time, where that is to come. By
    ``other_on`` it was not owed at all: a breach by one reading is neither none nor one by both."""
    gone = (
        phrase("Reglen er ophævet fra %(day)s", day=ends.gone_on)
        if ends.confirmed_on
        else phrase("Reglen er ophævet pr. %(days)s", days=ends.days_said)
    )
    if not owed:
        said = phrase("%(ended)s; pligten er bortfaldet", ended=gone)
        return Outcome("lapsed", False, said, ends.gone_on)
    if other_on:
        said = phrase(
            "%(ended)s. Efter den ene læsning lå fristen før den dag; efter den anden var den %(day)s, og da er "
            "pligten bortfaldet: %(rest)s",
            ended=gone,
            day=full(other_on),
            rest=BREACHED_BY_ONE_IN_DOUBT_SAID if zone == DOUBT else BREACHED_BY_ONE_SAID,
        )
        return Outcome("breached", zone == DOUBT, said, ends.gone_on)
    if until:
        said = phrase(
            noted(
                "%(ended)s. Pligten er fra før den dag, og den underskrevne læsning giver tid til og med %(day)s"
            )
            if moved
            else noted("%(ended)s. Fristen lå før den dag, men kan også læses som %(day)s"),
            ended=gone,
            day=full(until),
        )
        return Outcome("", zone == DOUBT, said, ends.gone_on)
    if zone == DOUBT:
        return Outcome(
            "breached",
            True,
            phrase("%(ended)s; %(rest)s", ended=gone, rest=BREACHED_IN_DOUBT_SAID),
            ends.gone_on,
        )
    said = phrase("%(ended)s. Fristen lå før den dag: %(rest)s", ended=gone, rest=BREACHED_SAID)
    return Outcome("breached", False, said, ends.gone_on)


def when_met(
    ends: Ending | None, on: date, met_on: date, as_of: date, latest: date, other_on: date | None = None
) -> Outcome:
    """What the end of its rules makes of a duty due ``on`` and fulfilled ``met_on``: nothing was late for a day that
    the rules did not live to see, and where that is open it is said. ``latest``, ``other_on``: as
    :func:`outcome`."""
    zone = ends.zone(on) if ends and met_on > on else SURE
    if ends and other_on and met_on > latest and by_one_in_doubt(ends, on, other_on):
        return Outcome("", True, _by_one(ends, other_on, as_of), min(ends.candidates))
    if ends is None or zone == SURE:
        return Outcome()
    if zone == DOUBT:
        said = phrase("%(may)s; om den gjaldt den dag, er ikke afklaret", may=repealed(ends, as_of))
        return Outcome("", True, said, min(ends.candidates))
    gone = (
        phrase("Reglen er ophævet pr. %(days)s", days=ends.days_said)
        if zone == GONE
        else phrase("Reglen er ophævet fra %(day)s", day=ends.gone_on)
    )
    said = phrase("%(ended)s. Pligten var bortfaldet den dag, så intet er sket for sent", ended=gone)
    return Outcome("met", False, said, ends.gone_on)
