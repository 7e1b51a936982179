"""Opening a database: one SQLite file, or PostgreSQL. Nothing here creates a file except :func:`create`.

SQLite runs with ``BEGIN IMMEDIATE`` for writers (a plain ``BEGIN`` loses updates), foreign keys on,
``synchronous=FULL`` and a rollback journal; a file that somebody put into WAL mode is refused by SQLite versions that
can corrupt it under two connections. On PostgreSQL writers lock the agreement row they change.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from workflow.errors import AftaleError, Conflict, Misconfigured, Unreachable
from workflow.language import SOURCE, phrase, speaking
from workflow.storage import alike, jobs, meta
from workflow.storage.migrations import HEAD, upgrade
from workflow.storage.wal import no_unsafe_wal

BUSY_SECONDS = 60
MOVED_CURE = "Name that one in AFTALE_DB; or see docs/operating.md, the way back: aftale move --back"
IDLE_SECONDS = 30  # a process that is paused in the middle of a write must not hold up the other hosts
SEEN = "seen"  # in the info of a session that only reads: what it need not read twice, since it has one view
Writable = Engine | Session  # a database, or the transaction that is open in it already
_OPEN: ContextVar[tuple[Engine, tuple[int, object], Session] | None] = ContextVar("open", default=None)


def sqlite_path(url: str) -> Path | None:
    """The file of a ``sqlite:///`` URL; ``None`` for another database. :class:`Misconfigured` for a bad URL."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured(
            "database URL", f"{url!r} is no URL", "Write sqlite:///path/to/file.db or postgresql://host/name"
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return None
    if backend != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise Misconfigured(
            "database URL",
            f"{url!r} cannot be used",
            "Write sqlite:///path/to/file.db or postgresql://host/name",
        )
    return Path(parsed.database)


def connect(url: str) -> Engine:
    """Open an existing database and check its schema. :class:`Misconfigured` says what is wrong and the cure;
    :class:`Unreachable` that its server does not answer."""
    path = sqlite_path(url)
    if path and not path.is_file():
        raise Misconfigured(str(path), "there is no database here", "Run: aftale init")
    engine = _engine(url, path)
    try:
        with engine.connect() as connection:
            found = _schema(connection)
            no_unsafe_wal(connection, path)
    except DBAPIError as error:
        engine.dispose()
        raise _unusable(path, error) from error
    except Misconfigured:
        engine.dispose()
        raise
    if found != HEAD:
        engine.dispose()
        where = _where(url, path)
        if found is None:
            raise Misconfigured(where, "this database holds no Aftalefrist schema", "Run: aftale init")
        if found > HEAD:
            raise _too_new(where, found)
        raise Misconfigured(where, f"its schema {found} is older than {HEAD}", "Run: aftale upgrade")
    return engine


def open_database(url: str) -> Engine:
    """An existing database as it is, whatever schema is in it; :class:`Unreachable` when it does not answer."""
    path = sqlite_path(url)
    engine = _engine(url, path)
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        raise _unusable(path, error) from error
    return engine


def create(url: str) -> Engine:
    """Make the schema in a new database; refuses one that exists. The SQLite file appears whole or not at all."""
    path = sqlite_path(url)
    if path is None:
        engine = _engine(url, None)
        try:
            with engine.begin() as connection:
                if _schema(connection) is not None:
                    raise Misconfigured(
                        "database", "it already holds an Aftalefrist schema", "Choose another --db"
                    )
                upgrade(connection)
        except DBAPIError as error:
            raise _unusable(None, error) from error
        jobs.install(url)
        return engine
    if path.exists():
        raise Misconfigured(
            str(path), "this file exists and is not overwritten", "Move it away or choose another --db"
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # one that is there keeps its rights
    half = path.with_name(path.name + ".half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    making = _engine(f"sqlite:///{half}", half)
    with making.begin() as connection:
        upgrade(connection)
    making.dispose()
    half.rename(path)
    return connect(url)


def open_or_create(url: str) -> Engine:
    """Open the database at ``url``, after making its schema where it has none. :class:`Misconfigured` as the others."""
    path = sqlite_path(url)
    if path:
        return connect(url) if path.exists() else create(url)
    engine = _engine(url, None)
    try:
        with engine.connect() as connection:
            found = _schema(connection)
    except DBAPIError as error:
        raise _unusable(None, error) from error
    finally:
        engine.dispose()
    return create(url) if found is None else connect(url)


def migrate(url: str) -> str:
    """Bring an existing database to this program's schema in one transaction; the schema it had before.
    :class:`Misconfigured` where there is no database of ours, a newer one, or one whose tables then still differ from
    the models: nothing is changed."""
    from workflow.storage.shape import must_fit  # it knows every table, and all of them know this module

    path = sqlite_path(url)
    if path and not path.is_file():
        raise Misconfigured(str(path), "there is no database here", "Run: aftale init")
    engine = _engine(url, path, migrates=True)
    try:
        with engine.begin() as connection:
            found = _schema(connection)
            if found is None:
                raise Misconfigured(
                    str(path or "database"), "it holds no Aftalefrist schema", "Run: aftale init"
                )
            if found > HEAD:
                raise _too_new(_where(url, path), found)
            upgrade(connection)
            if path and (astray := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                cure = "Nothing was changed. Keep the file, restore a backup, and report this"
                raise Misconfigured(str(path), f"rows of {astray[0]} refer to rows that are not there", cure)
            must_fit(connection, _where(url, path))
    except DBAPIError as error:
        raise _unusable(path, error) from error
    finally:
        engine.dispose()
    if path is None:
        jobs.install(url)
    return found


@contextmanager
def writing(place: Writable, *, moved: bool = False) -> Iterator[Session]:
    """One write transaction, or the caller's: committed at the end, rolled back whole on any error. Never held while
    the world answers. :class:`Conflict` when the database stayed locked for a minute; :class:`Misconfigured` names the
    place when everything was moved to another database, unless ``moved`` says that this is about the move itself."""
    if isinstance(place, Session):
        yield place
        return
    with speaking(SOURCE), Session(place, expire_on_commit=False) as session:  # what is kept is Danish
        try:
            with session.begin():
                session.connection(
                    execution_options={"writing": True}
                )  # an engine with it costs more than BEGIN
                if not moved and (other := meta.moved(session)):
                    raise Misconfigured("database", f"everything in it was moved to {other}", MOVED_CURE)
                yield session
        except OperationalError as error:
            if "locked" in str(error.orig) or "deadlock" in str(error.orig):
                raise Conflict(phrase("databasen er optaget; intet er ændret; prøv igen")) from error
            raise


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, one consistent view. Within one of the same engine it is that one: on SQLite a second
    connection would wait for a writer that waits for the first."""
    here, outer = _here(), _OPEN.get()
    if outer is not None and outer[:2] == (engine, here):
        yield outer[2]
        return
    with Session(engine, expire_on_commit=False, info={SEEN: {}}) as session:
        _OPEN.set((engine, here, session))
        try:
            yield session
        finally:
            _OPEN.set(outer)


def _here() -> tuple[int, object]:
    """The thread and, where one runs, the task: only there may a session be used again."""
    try:
        return threading.get_ident(), asyncio.current_task()
    except RuntimeError:  # no event loop in this thread
        return threading.get_ident(), None


def _schema(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _where(url: str, path: Path | None) -> str:
    return str(path or make_url(url).render_as_string(hide_password=True))


def _too_new(where: str, found: str) -> Misconfigured:
    return Misconfigured(
        where, f"its schema {found} is newer than this program ({HEAD})", "Install the newer program"
    )


# What a server that answers says of a wrong setting; starting again does not mend it.
_WRONG = ("does not exist", "authentication failed", "pg_hba.conf", "permission denied")


def _unusable(path: Path | None, error: DBAPIError) -> AftaleError:
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    if path:
        return Misconfigured(
            str(path), f"this is not a usable database: {said}", "Restore a backup or run aftale init"
        )
    if isinstance(error, OperationalError) and not any(wrong in str(error.orig) for wrong in _WRONG):
        return Unreachable(f"database: {said}. Is the server running, and is this its address?")
    return Misconfigured("database", said, "Does the database exist (createdb), and may this role use it?")


def _engine(url: str, path: Path | None, *, migrates: bool = False) -> Engine:
    """``migrates``: foreign keys are off on SQLite, where a table is changed by making it anew and dropping the old
    one, which deletes or refuses what refers to it. Within a transaction they cannot be switched."""
    if path is None:
        engine = alike.engine(make_url(url), pool_pre_ping=True, connect_args={"connect_timeout": 10})

        @event.listens_for(engine, "begin")
        def _let_go(connection: Connection) -> None:
            if connection.get_execution_options().get("writing", False):
                connection.exec_driver_sql(
                    f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'"
                )

        return engine

    def open_file() -> sqlite3.Connection:
        # mode=rw: a missing file is an error, never a new empty database
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )

    # "sqlite://" names no file, so SQLAlchemy would take a pool for :memory: that lends one connection twice
    engine = alike.engine(make_url("sqlite://"), creator=open_file, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA foreign_keys={'OFF' if migrates else 'ON'}")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
