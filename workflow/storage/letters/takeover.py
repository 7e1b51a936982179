"""What a worker held when it fell silent: free at once what it had said nothing about yet.

A letter past its intent stays until its lease ends: the mail server may still be answering a worker that is only slow.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import ABANDONED, Attempt, Notice

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]


def owner_in(owner: str, job_id: int) -> str:
    """The name under which a process claims letters while it does this job."""
    return f"{owner} job {job_id}"


def free_claims(session: Session, job_id: int, at: datetime) -> int:
    """Let every letter go that was claimed in this job and had no intent yet; how many. Should its worker live on, it
    finds the claim gone and says nothing. The caller owns the transaction."""
    in_job = owner_in("", job_id)
    held = (_notice.c.state == "claimed") & _notice.c.owner.endswith(in_job)
    freed = session.execute(
        update(_notice).where(held).values(state="ready", owner="", lease_until=None).returning(_notice.c.id)
    ).all()
    for (notice_id,) in freed:
        session.execute(
            update(_attempt)
            .where(
                _attempt.c.notice_id == notice_id,
                _attempt.c.owner.endswith(in_job),
                _attempt.c.ended_at.is_(None),
            )
            .values(ended_at=at, outcome=ABANDONED)
        )
    return len(freed)


def one_at_a_time(session: Session, what: str) -> None:
    """Let no other transaction of any host do ``what`` until this one ends. SQLite has one writer as it is."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))
