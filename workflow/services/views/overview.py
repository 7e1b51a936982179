"""What the status page and a tick's report tell of letters. Read-only; instants are aware UTC."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import defer
from sqlmodel import col

from workflow.storage.database import reading
from workflow.storage.letters.outbox import word
from workflow.storage.tables import AgreementRow, Notice

WAITING = ("planned", "ready", "claimed", "intent", "refused")
STOPPED = ("quarantined", "held", "refused")
_LARGE: tuple[Any, ...] = (Notice.body, Notice.facts)


class TriedNotice(TypedDict):
    """A notice as a tick's report tells it."""

    key: str
    agreement: str
    unit: str
    letter: str
    deadline: str | None
    rung: str
    recipient: str
    due_on: str
    late: bool
    address: str
    subject: str
    message_id: str
    state: str
    state_text: str
    uncertain: bool
    attempts: int
    answer: str
    at: str


def tried_notices(engine: Engine, ids: Collection[int]) -> list[TriedNotice]:
    """These notices and what they carry, as they stand now, in the order they were planned."""
    tried = col(Notice.id).in_(ids) | col(Notice.carried_by).in_(ids)
    query = select(Notice, AgreementRow).join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
    query = query.options(*(defer(column) for column in _LARGE))  # kilobytes a letter, and not told here
    with reading(engine) as session:
        found = session.execute(query.where(tried).order_by(col(Notice.id)))
        return [_notice(notice, agreement) for notice, agreement in found]


def count_waiting(engine: Engine, at: datetime) -> int:
    """How many letters are due by ``at`` and not yet handed over."""
    due = (col(Notice.state).in_(WAITING), col(Notice.next_at) <= at)
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Notice).where(*due)) or 0


def count_states(engine: Engine) -> dict[str, int]:
    """How many letters stand in each state."""
    with reading(engine) as session:
        rows = session.execute(select(col(Notice.state), func.count()).group_by(col(Notice.state)))
        return {str(state): int(count) for state, count in rows}


def next_letter_at(engine: Engine) -> datetime | None:
    """When the next letter that is written down already may go out."""
    waiting = col(Notice.state).in_(("planned", "ready"))
    with reading(engine) as session:
        first: datetime | None = session.scalar(select(func.min(col(Notice.next_at))).where(waiting))
        return first


def _notice(notice: Notice, agreement: AgreementRow) -> TriedNotice:
    return {
        "key": notice.key,
        "agreement": agreement.key,
        "unit": agreement.unit or agreement.region,
        "letter": notice.letter,
        "deadline": notice.deadline or None,
        "rung": notice.rung,
        "recipient": notice.recipient,
        "due_on": notice.due_on.isoformat(),
        "late": notice.late,
        "address": notice.address,
        "subject": notice.subject,
        "message_id": notice.message_id,
        "state": notice.state,
        "state_text": word(notice.state, notice.outcome, notice.uncertain),
        "uncertain": notice.uncertain,
        "attempts": notice.attempts,
        "answer": notice.answer,
        "at": (notice.accepted_at or notice.planned_at).isoformat(),
    }
