"""Recording a fact for a program that may ask twice: the key it chose and the answer are kept with the fact, in the
same transaction, for a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid
from workflow.language import phrase
from workflow.lifecycle.names import EVENTS
from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import Recorded, record_in
from workflow.services.facts.grounds import by_its_own_door
from workflow.storage.database import writing
from workflow.storage.facts import journal, past
from workflow.storage.facts.answered import AnsweredRequest
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Once:
    """A request that may come again: who asks, the key that names it, and everything it asks for."""

    asker: str
    key: str
    asked: str

    @property
    def name(self) -> str:
        """What the request is kept under (hex)."""
        return hashlib.sha256(f"{self.asker}\n{self.key}".encode()).hexdigest()

    @property
    def digest(self) -> str:
        """What it asks for (hex)."""
        return hashlib.sha256(self.asked.encode()).hexdigest()


def record_once(
    engine: Engine, rulebook: Rulebook, key: str, fact: Fact, once: Once, *, today: date, at: datetime,
    head: str | None = None, confirmed: bool = False,
) -> str:  # fmt: skip
    """Record ``fact`` on the agreement ``key`` unless ``once`` did so before; the answer as JSON, the same each time.
    Raises as :func:`do_once` and :func:`workflow.services.facts.agreements.record`."""

    def do(session: Session, row: AgreementRow) -> dict[str, object]:
        by_its_own_door(past.facts(session, row), fact)
        return receipt(record_in(session, rulebook, row, fact, today=today, at=at, confirmed=confirmed))

    return do_once(engine, key, once, do, at=at, head=head)


def do_once(
    engine: Engine, key: str, once: Once, do: Callable[[Session, AgreementRow], dict[str, object]], *, at: datetime,
    head: str | None = None,
) -> str:  # fmt: skip
    """``do`` in one transaction, with the agreement ``key`` locked, unless ``once`` did so before; what it answers, as
    JSON, the same each time.

    :class:`Invalid` where its key came with something else before; :class:`Conflict` where the same key is being
    answered this moment, or the journal has grown since ``head``, where that is given. A refusal is not kept.
    """
    try:
        with writing(engine) as session:
            row = journal.find(session, key, lock=True)
            session.execute(delete(AnsweredRequest).where(col(AnsweredRequest.ends_at) <= at))
            if known := session.get(AnsweredRequest, once.name):
                if known.asked != once.digest:
                    raise Invalid("Idempotency-Key: it came with another request before; choose a new one")
                return known.answer
            if head not in (None, row.head):
                raise Conflict(_overtaken(session, row))
            answer = json.dumps(do(session, row), ensure_ascii=False)
            session.add(AnsweredRequest(name=once.name, asked=once.digest, answer=answer, ends_at=at + KEPT))
            session.flush()
            return answer
    except IntegrityError as error:
        raise Conflict("Idempotency-Key: it is being answered this moment; ask again") from error


def _overtaken(session: Session, row: AgreementRow) -> str:
    """Who was first, with what and when."""
    newest = journal.rows(session, row)[-1]
    what, by = EVENTS.get(newest.event, newest.event), newest.by or "En anden"
    when = newest.recorded_at.astimezone(COPENHAGEN)
    return phrase(
        "%(by)s har registreret »%(what)s« %(date)s kl. %(hour)s.%(when)s, siden du så "
        "forhåndsvisningen. Intet er registreret nu; se forhåndsvisningen igen.",
        by=by,
        what=what,
        date=when.date(),
        hour=when.hour,
        when=format(when, "%M"),
    )


def receipt(done: Recorded) -> dict[str, object]:
    """What a fact changed, as plain values; dates are ISO."""
    before = {(d.id, d.subject): d.legal_on for d in done.before.deadlines}
    moved = [
        {
            "id": d.id, "subject": d.subject, "title": d.title,
            "earlier": _iso(before.get((d.id, d.subject))), "later": _iso(d.legal_on),
        }
        for d in done.after.deadlines
        if d.legal_on != before.get((d.id, d.subject))
    ]  # fmt: skip
    return {
        **done.after.agreement.named,
        "no": done.fact.no,
        "event": done.fact.event,
        "on": done.fact.on.isoformat(),
        "version": done.fact.version,
        "corrects": done.fact.corrects,
        "voids": [one.corrects for one in done.corrections],
        "moved": moved,
        "withdrawn": done.withdrawn,
        "unanswered": done.asked,
        "unworkable": done.still or None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
