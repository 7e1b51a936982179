"""The meetings that councils have told: one lane a council, in which :mod:`workflow.ahead` finds a road."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from workflow.ahead.backwards import Gaps
from workflow.ahead.roads import Committee, Lane, Sitting, stages
from workflow.language import phrase
from workflow.rules.agreement import Council
from workflow.services.meetings.naming import called_now
from workflow.storage.facts.meetingdays import Held
from workflow.storage.facts.projection import Standing


def lanes(standing: Standing, by: date, gaps: Gaps) -> list[Lane]:
    """One lane a council."""
    own = _own(standing)
    return [_lane(party, own[party.code], by, gaps) for party in standing.agreement.parties]


def untold(standing: Standing, by: date) -> list[Council]:
    """The councils whose calendar is not known: none of their meetings, held or not, is in the year of ``by``, nor for
    a date early in the year in the year before."""
    own = _own(standing)
    return [party for party in standing.agreement.parties if not _known(own[party.code], by)]


def _own(standing: Standing) -> dict[str, list[Held]]:
    """What each council has told, by its code."""
    own: dict[str, list[Held]] = {party.code: [] for party in standing.agreement.parties}
    for one in standing.meetings:
        if one.body in own:  # on another day there were other parties
            own[one.body].append(one)
    return own


def _known(own: Sequence[Held], by: date) -> bool:
    years = {by.year, by.year - 1} if by.month <= 2 else {by.year}
    return any(not one.organ and one.on.year in years for one in own)


def lane_of(standing: Standing, code: str, by: date, gaps: Gaps) -> Lane:
    """The lane of one council."""
    party = next(party for party in standing.agreement.parties if party.code == code)
    return _lane(party, [one for one in standing.meetings if one.body == code], by, gaps)


def _lane(party: Council, own: Sequence[Held], by: date, gaps: Gaps) -> Lane:
    held = [one for one in own if one.gone_on is None]
    names = sorted({called_now(one.organ) for one in held if one.organ})
    committees = [
        Committee(name, _sittings(m for m in held if called_now(m.organ) == name)) for name in names
    ]
    council = _sittings([m for m in held if not m.organ])
    return Lane(party.code, party.name, council, stages(committees, gaps.finance), _known(own, by))


def _sittings(meetings: Iterable[Held]) -> tuple[Sitting, ...]:
    return tuple(
        Sitting(
            m.on, m.agenda_closes, phrase("%(source)s, læst %(read_on)s", source=m.source, read_on=m.read_on)
        )
        for m in meetings
    )
