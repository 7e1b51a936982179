"""One council's road to a decision: its committees one after the other, then the council, each with an agenda.

All days are Danish civil days. Nothing is known here of agreements or law: a road is a choice of meetings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from workflow.values import dataclass

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting of a council or committee. ``agenda_closes``: the last day a case can come on its agenda, where that
    is known."""

    on: date
    agenda_closes: date | None = None
    source: str = ""

    def closes(self, assumed: int) -> date:
        """The last day for a case, ``assumed`` days before the meeting where nobody has said."""
        return self.agenda_closes or self.on - assumed * DAY


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee the case passes before the council decides."""

    name: str
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One council with its meetings. ``stages``: the committees before it, the first first; those of one stage treat
    the case side by side. ``known``: somebody has told when the council meets; without it nothing can be said."""

    code: str
    name: str
    sittings: tuple[Sitting, ...] = ()
    stages: tuple[tuple[Committee, ...], ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class Road:
    """A way to the council's meeting ``council``: the meeting chosen in each committee, and ``starts_on``, the last day
    on which the case can be handed to the council for it."""

    council: Sitting
    committees: tuple[tuple[str, Sitting], ...]
    starts_on: date

    @property
    def first(self) -> tuple[str, Sitting]:
        """The meeting whose agenda closes first, with its committee ("": the council itself)."""
        return self.committees[0] if self.committees else ("", self.council)


def road_to(lane: Lane, meeting: Sitting, assumed: int) -> Road | None:
    """The road to ``meeting`` that can begin latest; ``None`` where a committee has no meeting in time for it.

    A committee must meet before the next agenda closes (before the next meeting, where that day is not known).
    """
    chosen: list[tuple[str, Sitting]] = []
    limit = meeting.agenda_closes or meeting.on - DAY
    starts_on = meeting.closes(assumed)
    for number in reversed(range(len(lane.stages))):
        picked = []
        for committee in lane.stages[number]:
            in_time = [one for one in committee.sittings if one.on <= limit]
            if not in_time:
                return None
            # A day that nobody has told binds no committee before this one; it only says when to hand the case in.
            days = assumed if number == 0 else 1
            latest = max((one.closes(days), one.on, index) for index, one in enumerate(in_time))
            picked.append((committee.name, in_time[latest[2]]))
        picked.sort(key=lambda pair: pair[1].closes(assumed))
        chosen = [*picked, *chosen]
        limit = min(one.agenda_closes or one.on - DAY for _, one in picked)
        starts_on = picked[0][1].closes(assumed)
    return Road(meeting, tuple(chosen), starts_on)


def roads(lane: Lane, by: date, assumed: int) -> list[Road]:
    """Every road to a meeting held on ``by`` or earlier, in order of meetings."""
    found = (
        road_to(lane, one, assumed) for one in sorted(lane.sittings, key=lambda one: one.on) if one.on <= by
    )
    return [road for road in found if road]


def last_road(lane: Lane, by: date, assumed: int) -> Road | None:
    """The road that can begin latest and still decides by ``by``."""
    return max(roads(lane, by, assumed), key=lambda road: (road.starts_on, road.council.on), default=None)


def first_road(lane: Lane, ready_on: date, assumed: int) -> Road | None:
    """The road that decides first when the case is there on ``ready_on``."""
    begun = [road for road in roads(lane, date.max, assumed) if road.starts_on >= ready_on]
    return min(begun, key=lambda road: (road.council.on, road.starts_on), default=None)


def stages(committees: Iterable[Committee], finance: Sequence[str]) -> tuple[tuple[Committee, ...], ...]:
    """The usual order: the committees side by side, then the finance committee (one whose name holds a word of
    ``finance``), and the council last."""
    early: list[Committee] = []
    late: list[Committee] = []
    for committee in sorted(committees, key=lambda one: one.name):
        (late if any(word in committee.name.casefold() for word in finance) else early).append(committee)
    return tuple(tuple(stage) for stage in (early, late) if stage)
