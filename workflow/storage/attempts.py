"""What the attempts of the last minutes tell: how fast we go, and whether the mail server can be reached.

Kept in the database rather than in memory, so that every worker and every restart sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import ABANDONED, Attempt

_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]


def full_minute(session: Session, at: datetime, per_minute: int) -> bool:
    """Whether ``per_minute`` tries were begun in the minute before ``at``."""
    nth = session.execute(
        select(_attempt.c.started_at).order_by(_attempt.c.id.desc()).offset(per_minute - 1).limit(1)
    ).scalar_one_or_none()
    return nth is not None and nth > at - timedelta(minutes=1)


def last_attempts(session: Session, limit: int) -> list[tuple[str, str, datetime]]:
    """(outcome, verb, ended at) of the newest answered attempts, newest first."""
    rows = session.execute(
        select(_attempt.c.outcome, _attempt.c.verb, _attempt.c.ended_at)
        .where(_attempt.c.ended_at.is_not(None), _attempt.c.outcome != ABANDONED)
        .order_by(_attempt.c.id.desc())
        .limit(limit)
    )
    return [(row.outcome, row.verb, row.ended_at) for row in rows]


def trying_since(session: Session, notice_id: int) -> datetime | None:
    """When the first try at this notice began."""
    first: datetime | None = session.execute(
        select(func.min(_attempt.c.started_at)).where(_attempt.c.notice_id == notice_id)
    ).scalar_one()
    return first


def channel_down_since(session: Session, channel_verbs: Iterable[str]) -> datetime | None:
    """When the first try began of those that, since the last one that got through, all failed on ``channel_verbs``."""
    got_through = (
        select(func.max(_attempt.c.id))
        .where(_attempt.c.outcome.not_in(("", ABANDONED)), _attempt.c.verb.not_in(list(channel_verbs)))
        .scalar_subquery()
    )
    first: datetime | None = session.execute(
        select(func.min(_attempt.c.started_at)).where(_attempt.c.id > func.coalesce(got_through, 0))
    ).scalar_one()
    return first
