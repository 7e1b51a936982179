"""Meetings that stood in a source when it was read last, and do not stand there now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine

from workflow.language import phrase
from workflow.services.meetings.naming import called_now, cut_off
from workflow.services.meetings.reading.proposing import Proposed
from workflow.storage.database import reading
from workflow.storage.facts.meetings import of_bodies


def dropped(engine: Engine, proposed: Sequence[Proposed], source: str, today: date) -> list[Proposed]:
    """The meetings from ``today`` on that were read in the same ``source`` and are not among ``proposed``, for each
    body and organ within the days that are. Each is proposed as not held, with a mark: only a person can tell."""
    days: dict[tuple[str, str], set[date]] = {}
    cut: dict[tuple[str, str], set[date]] = {}  # by what earlier versions left of the committee's name
    for one in proposed:
        days.setdefault((one.body, one.organ), set()).add(one.on)
        cut.setdefault((one.body, cut_off(one.organ)), set()).add(one.on)
    with reading(engine) as session:
        known = of_bodies(session, sorted({body for body, _ in days}))
        found = []
        for row in known:
            key = (row.body, called_now(row.organ))
            told = days.get(key) or cut.get(key)
            if told is None or row.source != source.strip() or row.on in told:
                continue
            if max(today, min(told)) <= row.on <= max(told):
                doubt = phrase("stod i samme kilde før, men gør det ikke nu: holdes mødet ikke?")
                found.append(
                    Proposed(row.body, row.organ, row.on, row.agenda_closes, row.time, doubt=doubt, gone=True)
                )
    return sorted(found, key=lambda one: (one.on, one.organ))
