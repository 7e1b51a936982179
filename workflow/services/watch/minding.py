"""A person has seen to it: alarms that no later event ends, such as a refused address or a letter that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.storage.database import writing
from workflow.storage.tables import Alarm

A_PERSONS = (
    "address:",
    "full:",
    "letter:",
    "notice:",
    "refusal:",
    "return:",
)  # keys; every other alarm ends with its cause


def end_alarms(engine: Engine, numbers: Sequence[int], why: str, by: str, at: datetime) -> int:
    """End these open alarms ``at`` that aware instant; how many. ``why`` tells what was done and stays on the alarm.

    All or none: :class:`NotFound` for a number that is no open alarm, :class:`NotPossible` for one that ends with its
    cause, :class:`Invalid` without ``why`` or numbers. What goes on failing is raised again, and told again.
    """
    if not why.strip() or not numbers:
        raise Invalid(
            phrase("nævn alarmerne ved nummer, og skriv, hvad der er gjort: --why TEKST; det står på alarmen")
        )
    with writing(engine) as session:
        chosen = dict.fromkeys(numbers)
        for number in chosen:
            query = select(Alarm).where(col(Alarm.id) == number, col(Alarm.cleared_at).is_(None))
            alarm = session.scalars(query.with_for_update()).first()
            if alarm is None:
                raise NotFound(
                    phrase("der er ingen åben alarm nr. %(number)s (aftale alarm list)", number=number)
                )
            if not alarm.key.startswith(A_PERSONS):
                raise NotPossible(
                    phrase(
                        "alarm nr. %(number)s slutter af sig selv, når årsagen er væk: %(text)s",
                        number=number,
                        text=alarm.text,
                    )
                )
            alarm.cleared_at, alarm.text = (
                at,
                phrase("%(text)s Afsluttet af %(by)s: %(why)s", text=alarm.text, by=by, why=why.strip()),
            )
    return len(chosen)
