"""When letters that a person let go will go, read off the letters themselves.

So what is promised is what the next passes will do: a reminder waits for the morning, nothing goes at night or while
sending is held. Read-only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.language import phrase
from workflow.rules.days import COPENHAGEN, danish_day, spoken
from workflow.rules.hours import not_at_night
from workflow.services.delivery.handling import why_stopped
from workflow.services.people.contacts.reach import unreachable
from workflow.storage.database import reading
from workflow.storage.letters.outbox import NOWHERE
from workflow.storage.tables import Notice

WAITS = ("planned", "ready", "carried")


def promised(engine: Engine, letters: Collection[int | str], at: datetime) -> str:
    """When these letters (numbers or keys) go, in Danish: ``"sendes ved næste gennemløb"``, or for more than one ``"3
    sendes ved næste gennemløb; 4 sendes tidligst mandag den 30. november 2026 kl. 8"``. ``""`` where none waits."""
    numbers = [one for one in letters if isinstance(one, int)]
    keys = [one for one in letters if isinstance(one, str)]
    which = (col(Notice.id).in_(numbers) | col(Notice.key).in_(keys)) & col(Notice.state).in_(WAITS)
    with reading(engine) as session:
        found = session.scalars(
            select(Notice).where(which).order_by(col(Notice.next_at), col(Notice.id))
        ).all()
    if not found:
        return ""
    lost = set(unreachable(engine, [one.recipient for one in found], danish_day(at)))
    soon = not_at_night(at)
    said = Counter(
        NOWHERE if one.body is None and one.recipient in lost else _goes(one, max(one.next_at, soon), at)
        for one in found
    )
    whole = "; ".join(how if len(found) == 1 else f"{count} {how}" for how, count in said.items())
    stopped = why_stopped(engine)
    return (
        phrase("%(whole)s; al afsendelse er standset: %(stopped)s", whole=whole, stopped=stopped)
        if stopped
        else whole
    )


def _goes(one: Notice, next_at: datetime, at: datetime) -> str:
    if next_at <= at:
        if one.body is None and not (one.statutory or one.alone):  # a mailbox gets one such mail a day
            return phrase(
                "sendes ved næste gennemløb, eller næste hverdag, hvis postkassen har fået dagens mail"
            )
        return phrase("sendes ved næste gennemløb")
    local = next_at.astimezone(COPENHAGEN)
    hour = f"{local.hour}.{local.minute:02}" if local.minute else str(local.hour)
    return f"sendes tidligst {spoken(local.date())} kl. {hour}"


def number_of(engine: Engine, key: str) -> int:
    """The number of the letter with this key; 0 while it is not written down."""
    with reading(engine) as session:
        return session.scalars(select(col(Notice.id)).where(col(Notice.key) == key)).first() or 0


def let_go(engine: Engine, agreement_id: int) -> list[int]:
    """The letters about an agreement that a person let go and that still wait to be sent, by number."""
    which = (col(Notice.agreement_id) == agreement_id, col(Notice.state).in_(WAITS))
    with reading(engine) as session:
        found = session.scalars(select(col(Notice.id)).where(*which, col(Notice.released_at).is_not(None)))
        return [one for one in found if one is not None]
