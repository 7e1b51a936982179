"""The days on which councils and their committees meet, read for whoever plans by them; their rows stand in
:mod:`workflow.storage.facts.meetings`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.storage.asking import ask, day

if TYPE_CHECKING:
    from workflow.storage.asking import View


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting as :class:`workflow.storage.facts.meetings.Meeting` keeps it; ``gone_on`` where it is not held."""

    body: str
    organ: str
    on: date
    agenda_closes: date | None
    time: str
    source: str
    read_on: date
    gone_on: date | None = None
    gone_why: str = ""


def held(view: View, bodies: Collection[str]) -> list[Held]:
    """Every meeting of these councils and their committees in order of days, those not held too."""
    found = ask(
        view,
        'SELECT body, organ, "on", agenda_closes, time, source, read_on, gone_on, gone_why FROM meeting '
        'WHERE body IN :bodies ORDER BY body, "on", organ',
        bodies=list(bodies),
    )
    return [
        Held(body, organ, on_, day(agenda), time, source, read_on, day(gone), why)
        for body, organ, on, agenda, time, source, read, gone, why in found
        if (on_ := day(on)) and (read_on := day(read))
    ]
