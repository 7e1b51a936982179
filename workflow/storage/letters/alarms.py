"""Alarms: what a person must see. Raised once while open, cleared when the cause is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.inserting import insert_once
from workflow.storage.tables import Alarm

_alarm = SQLModel.metadata.tables[str(Alarm.__tablename__)]
_CLEARED = (
    update(_alarm)
    .where(_alarm.c.cleared_at.is_(None), _alarm.c.key.startswith(bindparam("prefix"), escape="/"))
    .values(cleared_at=bindparam("at"))
    .returning(_alarm.c.text)
)
_OPEN = select(_alarm.c.id).where(_alarm.c.cleared_at.is_(None)).limit(1)
_LITERAL = str.maketrans({"/": "//", "%": "/%", "_": "/_"})


def raise_alarm(session: Session, key: str, level: str, text: str, at: datetime) -> bool:
    """Open the alarm ``key`` unless it is open already; true when it is new. ``text`` is Danish, for people."""
    statement = insert_once(session, _alarm, key=key, level=level, text=text, raised_at=at)
    new = session.execute(statement.returning(_alarm.c.id))
    return new.scalar_one_or_none() is not None


def any_open(session: Session) -> bool:
    """Whether any alarm is open at all."""
    return session.execute(_OPEN).first() is not None


def clear_alarms(session: Session, prefix: str, at: datetime) -> list[str]:
    """Close every open alarm whose key begins with ``prefix``; their texts."""
    closed = session.execute(_CLEARED, {"prefix": prefix.translate(_LITERAL), "at": at})
    return list(closed.scalars())
