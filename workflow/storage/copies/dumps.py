"""A copy of a PostgreSQL database by PostgreSQL's own tools, and back again into an empty one.

The password never stands on a command line, where every account of the machine could read it.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from workflow.errors import Conflict, Misconfigured
from workflow.storage.database import open_database

_PATIENCE = 6 * 3600  # seconds; a tool that hangs longer is stopped


def dump(url: str, target: Path) -> None:
    """Write the database at ``url`` to the file ``target``, which exists and is empty. :class:`OSError` with the
    tool's words when it fails."""
    with _conninfo(url) as conninfo:
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", f"--dbname={conninfo}"
        )  # fmt: skip


def undump(url: str, source: Path) -> None:
    """Put what :func:`dump` wrote into the empty database at ``url``, whole or not at all.

    :class:`Conflict` when anything is in it: the old database is kept for whoever must look at it.
    """
    engine = open_database(url)
    try:
        held = inspect(engine).get_table_names()
    finally:
        engine.dispose()
    if held:
        raise Conflict(
            f"{make_url(url).database} is not empty; restore into a new database: createdb NEW, then "
            "aftale restore PATH --db postgresql://HOST/NEW, and point AFTALE_DB at it"
        )
    with _conninfo(url) as conninfo:
        _run(
            "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
            f"--dbname={conninfo}", str(source),
        )  # fmt: skip


@contextmanager
def _conninfo(url: str) -> Iterator[str]:
    """``url`` as libpq reads it, its password in a file that only this account can open."""
    server = make_url(url).set(drivername="postgresql")
    password = str(server.password or "")
    if not password:
        yield server.render_as_string(hide_password=False)
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="aftale-") as kept:
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        kept.write(f"*:*:*:*:{escaped}\n")
        kept.flush()
        query = {**server.query, "passfile": kept.name}
        without = URL.create(
            "postgresql", server.username, None, server.host, server.port, server.database, query
        )
        yield without.render_as_string(hide_password=False)


def _run(tool: str, *arguments: str) -> None:
    try:
        done = subprocess.run(
            [tool, *arguments], check=False, capture_output=True, text=True, timeout=_PATIENCE
        )
    except FileNotFoundError as error:
        raise Misconfigured(
            tool, "it is not installed here", "Install PostgreSQL's client tools (postgresql-client)"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise OSError(f"{tool} did not end in {_PATIENCE // 3600} hours") from error
    if done.returncode:
        raise OSError(f"{tool}: {' '.join(done.stderr.split())[:500]}")
