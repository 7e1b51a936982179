"""*Kvittér*: a reader says that a reminder was received, and is left alone until the date.

The receipt stands on the letter as *confirmed*; the planner reads it there (:mod:`workflow.services.planning.owing`).
A date that moves is a new date, and is reminded of again. Statutory letters and reminders of what is overdue never
stop.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import Session, col

from workflow.errors import NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.writing.facts import PlannedFacts
from workflow.rules.days import danish_day, spoken
from workflow.storage.database import reading, writing
from workflow.storage.letters import outbox
from workflow.storage.letters.bundles import companions
from workflow.storage.tables import UNSENT, AgreementRow, Notice
from workflow.values import dataclass

UNDATED = timedelta(days=180)  # how long the link of a letter without a date holds
SORRY = phrase("Linket kan ikke bruges. Det er ikke herfra, eller brevet findes ikke længere.")


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder as its reader acknowledges it. ``done``: it was; ``region`` and ``recipient``: whose it is;
    ``ends_on``: the last Danish day of its link."""

    id: int
    agreement: str
    region: str
    letter: str
    recipient: str
    subject: str
    done: bool
    why: str
    ends_on: date


def reminder_of(engine: Engine, number: int | None, today: date) -> Reminder:
    """The reminder an acknowledging link names; :class:`NotFound` for a link that is not ours, :class:`NotPossible` for
    one that has ended by ``today`` (a Danish day), unless it was used: each date its mail reminds of is over. Reads
    only."""
    if number is None:
        raise NotFound(SORRY)
    found = reminder(engine, number)
    if found.ends_on < today and not found.done:
        raise NotPossible(
            phrase(
                "Linket gjaldt til %(day)s: Derefter er der ingen påmindelse at stoppe.", day=found.ends_on
            )
        )
    return found


def reminder(engine: Engine, number: int) -> Reminder:
    """The notice with this number as a reminder, told by the mail it went out in; :class:`NotFound` otherwise."""
    with reading(engine) as session:
        notice, mail = _found(session, number)
        row = session.get_one(AgreementRow, notice.agreement_id)
        told = [mail, *(session.get_one(Notice, one) for one in companions(session, mail.id or number))]
        ends_on = max((_ends_on(one) for one in told if stops(one)), default=_ends_on(notice))
        return Reminder(
            number, row.key, row.region, notice.letter, notice.recipient, mail.subject,
            mail.state == "confirmed", mail.why, ends_on,
        )  # fmt: skip


def acknowledge(engine: Engine, number: int, by: str, at: datetime) -> int:
    """Confirm the mail that told this reminder, and withdraw the unsent repeats of what it told; how many.

    Asked again it changes nothing. :class:`workflow.errors.NotPossible` for a mail that was never handed over, and for
    a letter that does not stop: one the law demands, or one about what is overdue. That it was read is no reason not to
    send it again when it comes back.
    """
    with writing(engine) as session:
        notice, mail = _found(session, number)
        if not stops(notice):
            raise NotPossible(
                phrase(
                    "Brevet kan ikke kvitteres væk: Enten kræver loven det, eller også er datoen passeret."
                )
            )
        if mail.state == "confirmed" or mail.id is None:
            return 0
        outbox.confirm(session, mail.id, f"{by}, {spoken(danish_day(at), False)}", at)
        told = [mail, *(session.get_one(Notice, one) for one in companions(session, mail.id))]
        return sum(_withdraw(session, notice) for notice in told if notice.deadline)


def stops(notice: Notice) -> bool:
    """Whether acknowledging it stops anything: a reminder before its date that no law demands."""
    return bool(notice.deadline) and notice.rung.startswith("-") and not notice.statutory


def _ends_on(notice: Notice) -> date:
    """The date the letter told, or half a year where it told none."""
    facts: PlannedFacts = json.loads(notice.facts)
    deadline = facts.get("deadline")
    told = deadline and deadline["legal_on"]
    return date.fromisoformat(told) if told else notice.due_on + UNDATED


def _found(session: Session, number: int) -> tuple[Notice, Notice]:
    """The notice, and the one whose mail told it: itself, or its carrier."""
    notice = session.get(Notice, number)
    if notice is None:
        raise NotFound(SORRY)
    return notice, session.get_one(Notice, notice.carried_by) if notice.carried_by else notice


def _withdraw(session: Session, notice: Notice) -> int:
    """Reminders before the same date to the same function that have not gone out."""
    names = ("agreement_id", "deadline", "subject_of", "revision", "letter", "recipient")
    same: Any = [col(getattr(Notice, name)) == getattr(notice, name) for name in names]
    done = session.execute(
        update(Notice)
        .where(*same, col(Notice.state).in_(UNSENT), col(Notice.rung).startswith("-"), ~col(Notice.statutory))
        .values(state="superseded", why=phrase("modtageren har kvitteret for en tidligere påmindelse"))
        .returning(col(Notice.id))
        .execution_options(synchronize_session=False)
    )
    return len(done.all())
