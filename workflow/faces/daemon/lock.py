"""One daemon a SQLite file: an advisory lock beside it, which the kernel frees however its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.errors import Conflict, Misconfigured


@contextmanager
def only_one(database: Path | None) -> Iterator[None]:
    """Hold the lock of this SQLite file; ``None`` (PostgreSQL, where many daemons may work) locks nothing.

    :class:`Conflict` names the process that holds it. The lock file is left lying: removing it would let a third
    daemon lock a new file while the second still waits for the old one.
    """
    if database is None:
        yield
        return
    path = database.with_name(database.name + ".lock")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError as error:
        raise Misconfigured(str(database), "there is no database here", "Run: aftale init") from error
    except OSError as error:
        cure = "The daemon must be able to write in the database's folder"
        raise Misconfigured(str(path), f"the lock cannot be made: {error.strerror}", cure) from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(file, 20).decode("ascii", "replace").strip()
            raise Conflict(
                f"another daemon (process {holder or 'unknown'}) works on {database}; stop it first, or let it be"
            ) from error
        os.truncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)
