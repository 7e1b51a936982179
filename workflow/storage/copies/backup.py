"""A copy of the database while it is in use, and back again; on PostgreSQL by its own tools (dumps.py).

A copy appears whole or not at all. What is restored is an older truth, so nothing may be sent from it before a person
has looked (services/keeping/restoring.py).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from workflow.errors import Conflict, Misconfigured
from workflow.storage.copies import dumps
from workflow.storage.database import connect, migrate, sqlite_path


def save(url: str, target: Path) -> int:
    """Copy the database at ``url`` to ``target``; its size in bytes. :class:`Misconfigured` where there is no database,
    or where the copy is not sound; :class:`Conflict` when ``target`` exists."""
    source = sqlite_path(url)
    connect(url).dispose()  # says what is wrong with the database, if anything is
    if target.exists():
        raise Conflict(f"{target} exists and is not overwritten; choose another name")
    half = target.with_name(target.name + ".half")
    try:
        _only_ours(half)
        if source is None:
            dumps.dump(url, half)
        else:
            _copy(source, half)
        half.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise Misconfigured(str(target), f"the copy failed: {error}", "Choose a place with room") from error
    finally:
        half.unlink(missing_ok=True)  # unless it became the copy
    return target.stat().st_size


def bring_back(url: str, source: Path) -> Path | None:
    """Put the copy ``source`` where the database at ``url`` lies; where the old file was moved to, if there was one.

    The copy is checked before anything is touched. Nobody may have the database open. On PostgreSQL the database must
    be empty (:class:`Conflict`), so that the old one stays as it is.
    """
    if not source.is_file():
        raise Misconfigured(str(source), "there is no such file", "Name a file made by aftale backup")
    target = sqlite_path(url)
    if target is None:
        try:
            dumps.undump(url, source)
            migrate(url)  # a copy may be older than the program
        except (OSError, DBAPIError) as error:
            raise Misconfigured(
                str(source), f"it cannot be restored: {error}", "Take another copy"
            ) from error
        return None
    half = target.with_name(target.name + ".half")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _only_ours(half)
        _copy(source, half)
    except (OSError, sqlite3.Error) as error:
        half.unlink(missing_ok=True)
        raise Misconfigured(str(source), f"it cannot be restored: {error}", "Take another copy") from error
    try:
        migrate(f"sqlite:///{half}")  # a copy may be older than the program
        connect(f"sqlite:///{half}").dispose()
    except (Misconfigured, sqlite3.Error, DBAPIError) as error:
        half.unlink()
        raise Misconfigured(str(source), f"it cannot be used: {error}", "Take another copy") from error
    return _exchange(half, target)


def _exchange(half: Path, target: Path) -> Path | None:
    """Put ``half`` in the place of ``target``; where the old file went."""
    old: Path | None = None
    if target.exists():
        old = next(
            p for n in range(1, 10_000) if not (p := target.with_name(f"{target.name}.before-{n}")).exists()
        )
        target.rename(old)
    # of the old file: it would be rolled back into the new one
    journal = target.with_name(target.name + "-journal")
    if journal.exists() and old is not None:
        journal.rename(old.with_name(old.name + "-journal"))
    half.rename(target)
    return old


def _only_ours(half: Path) -> None:
    """An empty file that no other account can read."""
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _copy(source: Path, target: Path) -> None:
    """Page by page under SQLite's own locks, then checked."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)
        (sound,) = written.execute("PRAGMA integrity_check(1)").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
