"""The days on which councils and their committees meet, read for whoever plans by them; their rows stand in
:mod:`workflow.storage.facts.meetings`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from workflow.storage.asking import ask, day
from workflow.values import dataclass

if TYPE_CHECKING:
    from workflow.storage.asking import View


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting as :class:`workflow.storage.facts.meetings.Meeting` keeps it; ``gone_on`` where it is not held, and
    that was known on the day asked about."""

    body: str
    organ: str
    on: date
    agenda_closes: date | None
    time: str
    source: str
    read_on: date
    gone_on: date | None = None
    gone_why: str = ""


def held(view: View, bodies: Collection[str], as_of: date) -> tuple[Held, ...]:
    """The meetings of these councils and their committees from the year before ``as_of`` on, in order of days, those
    not held too."""
    found = ask(
        view,
        'SELECT body, organ, "on", agenda_closes, time, source, read_on, gone_on, gone_why FROM meeting '
        'WHERE body IN :bodies AND "on" >= :since ORDER BY body, "on", organ',
        bodies=list(bodies), since=date(as_of.year - 1, 1, 1),
    )  # fmt: skip
    return tuple(
        Held(body, organ, on_, day(agenda), time, source, read_on, *_gone(day(gone), why, as_of))
        for body, organ, on, agenda, time, source, read, gone, why in found
        if (on_ := day(on)) and (read_on := day(read))
    )


def _gone(on: date | None, why: str, as_of: date) -> tuple[date | None, str]:
    return (on, why) if on and on <= as_of else (None, "")
