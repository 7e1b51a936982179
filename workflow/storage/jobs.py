"""procrastinate's tables, in a schema of their own in our PostgreSQL database: who shall do the next pass.

They hold wake-ups and nothing that is owed, so those of another version of procrastinate are thrown away and made anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import LiteralString

from sqlalchemy import Engine, make_url, text

from workflow.errors import Misconfigured

SCHEMA: LiteralString = "aftale_jobs"
OPTIONS = f"-c search_path={SCHEMA}"  # libpq's, for a connection that shall find them
SILENT_SECONDS = 10.0  # a worker that gave no sign of life for so long is taken for dead
_MADE: LiteralString = "SELECT obj_description(to_regnamespace('aftale_jobs'), 'pg_namespace')"


def conninfo(url: str) -> str:
    """What psycopg connects by, of a ``postgresql://`` or ``postgresql+psycopg://`` URL."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def install(url: str) -> None:
    """Make the tables, or make them anew when procrastinate's have changed; whole or not at all.

    Nothing where they are right, or where procrastinate is not installed. No daemon may be running.
    """
    try:
        from procrastinate.schema import SchemaManager
    except ImportError:
        return
    import psycopg  # slow to import, and nothing on SQLite needs it

    try:
        with psycopg.connect(conninfo(url)) as connection:
            row = connection.execute(_MADE).fetchone()
            if row and row[0] == newest():
                return
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
            connection.execute(f"SET LOCAL search_path = {SCHEMA}")
            connection.execute(SchemaManager.get_schema())
            comment = psycopg.sql.SQL("COMMENT ON SCHEMA {} IS {}")
            connection.execute(comment.format(psycopg.sql.Identifier(SCHEMA), newest()))
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        raise Misconfigured(
            f"schema {SCHEMA}",
            f"it cannot be made: {said}",
            "Let this role create schemas, then: aftale upgrade",
        ) from error


def newest() -> str:
    """The version of the tables that the installed procrastinate wants."""
    from procrastinate.schema import SchemaManager

    return max(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def require(engine: Engine) -> None:
    """:class:`Misconfigured` with the cure unless procrastinate and its tables are there, in the same version."""
    try:
        wanted = newest()
    except ImportError as error:
        raise Misconfigured(
            "procrastinate",
            "a daemon on PostgreSQL needs it, and it is not installed",
            "Run: pip install 'aftalefrist[postgres]', then: aftale upgrade",
        ) from error
    with engine.connect() as connection:
        made = connection.execute(text(_MADE)).scalar()
    if made != wanted:
        problem = f"made by {made}, and the program wants {wanted}" if made else "it is not there"
        raise Misconfigured(f"schema {SCHEMA}", problem, "Stop every daemon, then: aftale upgrade")


def live_workers(engine: Engine) -> int:
    """How many workers gave a sign of life within :data:`SILENT_SECONDS`; 0 where there are no such tables."""
    if engine.dialect.name != "postgresql":
        return 0
    with engine.connect() as connection:
        if not connection.execute(text(_MADE)).scalar():
            return 0
        query = (
            f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers "
            "WHERE last_heartbeat > now() - :silent * interval '1s'"
        )
        return int(connection.execute(text(query), {"silent": SILENT_SECONDS}).scalar_one())
