"""One's own sessions: where one is signed in, and ending that, one by one or all the others at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from workflow.storage.database import reading, writing
from workflow.storage.people.people import Person, SessionRow, hash_of

MARK = 16  # hex signs of a session's hash that tell it from one's others; they open nothing


def own_sessions(engine: Engine, email: str, at: datetime) -> Sequence[SessionRow]:
    """The sessions of the person with this address (as it is kept) that have not ended, the newest first."""
    query = select(SessionRow).join(Person, col(Person.id) == col(SessionRow.person_id))
    with reading(engine) as session:
        return session.scalars(
            query.where(col(Person.email) == email, col(SessionRow.ends_at) > at).order_by(
                col(SessionRow.started_at).desc()
            )
        ).all()


def end_own(engine: Engine, email: str, mark: str) -> None:
    """End the session whose hash begins with ``mark``, if it is this person's; nothing happens where it has ended."""
    with writing(engine) as session:
        for one in _of(session, email):
            if one.digest[:MARK] == mark:
                session.delete(one)


def end_others(engine: Engine, email: str, secret: str) -> None:
    """End every session of this person but the one with this ``secret``."""
    with writing(engine) as session:
        ended = [one.digest for one in _of(session, email) if one.digest != hash_of(secret)]
        session.execute(delete(SessionRow).where(col(SessionRow.digest).in_(ended)))


def _of(session: Session, email: str) -> Sequence[SessionRow]:
    query = select(SessionRow).join(Person, col(Person.id) == col(SessionRow.person_id))
    return session.scalars(query.where(col(Person.email) == email)).all()
