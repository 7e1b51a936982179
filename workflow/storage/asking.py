"""One way to read, however the database is open: plain SQL over a session, or over the SQLite file alone.

A command that only asks opens the file itself: loading SQLAlchemy and the classes of the tables takes five times what
the answer does. Statements here are written once, in the SQL both databases know; what they give is the same rows.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.storage.migrations import HEAD
from workflow.values import dataclass

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, TextClause
    from sqlalchemy.orm import Session

BUSY_SECONDS = 60
SEEN = "seen"  # in the info of a view that only reads: what it need not read twice


@dataclass(frozen=True, slots=True)
class File:
    """A SQLite file with this program's schema, opened anew for each question."""

    path: Path


class Plain:
    """A file open for one question: one consistent view, nothing can be written. ``info`` is as a session's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.info: dict[Any, Any] = {SEEN: {}}

    def rows(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What the statement gives; values are named as in ``:name``."""
        return self._connection.execute(sql, values).fetchall()


if TYPE_CHECKING:
    View = Session | Plain


def ask(view: View, sql: str, **values: Any) -> list[Any]:
    """The rows of a statement with its values as ``:name``; a list stands for as many values (``IN :names``).

    Days and instants come as the driver has them: read them by :func:`day` and :func:`moment`. Of a session, what it
    has not written yet is written first.
    """
    for name, value in list(values.items()):
        if isinstance(value, list | tuple):
            each = {f"{name}_{index}": one for index, one in enumerate(value)} or {f"{name}_0": None}
            sql = _listed(sql, name, len(each))
            del values[name]
            values |= each
    if isinstance(view, Plain):
        return view.rows(sql, _told(values))
    connection = through(view)
    if connection.dialect.name == "sqlite":  # which knows a value by its name itself
        return list(connection.exec_driver_sql(sql, _told(values)).all())
    return list(connection.execute(_text(sql), values).all())


def through(session: Session) -> Connection:
    """The connection of a session that has written what it had not written yet: a statement of tables alone costs half
    as much through it."""
    if session.autoflush:
        session.flush()
    return session.connection()


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they lie in a SQLite file, where days are text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}


@lru_cache(maxsize=256)
def _listed(sql: str, name: str, count: int) -> str:
    return re.sub(rf":{name}\b", f"({', '.join(f':{name}_{index}' for index in range(count))})", sql)


@lru_cache(maxsize=256)
def _text(sql: str) -> TextClause:
    from sqlalchemy import text

    return text(sql)


def day(value: str | date | None) -> date | None:
    """A Danish civil day as either driver gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def moment(value: str | datetime) -> datetime:
    """An instant, aware UTC, as either driver gives it."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def plain_file(url: str) -> File | None:
    """The file of a ``sqlite:///`` URL where it can be asked by itself: it is there, in this program's schema, and not
    in WAL mode. ``None`` otherwise: :func:`workflow.storage.database.connect` then opens it or says what is wrong."""
    if not url.startswith("sqlite:///") or "?" in url or "%" in url:
        return None
    path = Path(url.removeprefix("sqlite:///"))
    if not path.is_file():
        return None
    try:
        with _open(path) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    except sqlite3.Error:
        return None
    return File(path) if found == [(HEAD,)] and mode != "wal" else None


@contextmanager
def looking(place: Engine | File) -> Iterator[View]:
    """One consistent view of a database, however it is open."""
    if isinstance(place, File):
        with _open(place.path) as connection:
            connection.execute("BEGIN")
            yield Plain(connection)
        return
    from workflow.storage.database import reading

    with reading(place) as session:
        yield session


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"{path.resolve().as_uri()}?mode=rw"  # a journal left by a crash must be rolled back
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only=ON")
        yield connection
    finally:
        connection.close()
