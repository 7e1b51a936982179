"""Facts about this database, one a key; which there are stands at :class:`workflow.storage.tables.Meta`."""

from __future__ import annotations

from sqlalchemy import CursorResult, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.inserting import insert_once
from workflow.storage.tables import Meta

_meta: Table = SQLModel.metadata.tables[str(Meta.__tablename__)]
# Made once: it is asked in every transaction, and building a statement costs three times what running it does.
_VALUE = select(_meta.c.value).where(_meta.c.key == bindparam("key"))


def get(session: Session, key: str) -> str | None:
    """The value of ``key``, or ``None`` where it was never written."""
    return session.execute(_VALUE, {"key": key}).scalar_one_or_none()


def moved(session: Session) -> str | None:
    """Where everything was moved to, or ``None``: asked in every transaction, so as briefly as can be."""
    return session.connection().exec_driver_sql("SELECT value FROM meta WHERE key = 'moved'").scalar()


def put(session: Session, key: str, value: str) -> None:
    """Write ``key``, whatever it was before."""
    changed = session.execute(update(_meta).where(_meta.c.key == key).values(value=value))
    assert isinstance(changed, CursorResult)
    if changed.rowcount == 0:
        put_first(session, key, value)


def put_first(session: Session, key: str, value: str) -> None:
    """Write ``key`` unless it is there: two daemons may start on one database at the same time."""
    session.execute(insert_once(session, _meta, key=key, value=value))


def drop(session: Session, key: str) -> None:
    """Let ``key`` be as if it was never written."""
    session.execute(delete(_meta).where(_meta.c.key == key))
