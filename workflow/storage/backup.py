"""A copy of the database while it is in use, and back again. SQLite only: PostgreSQL has tools of its own.

A copy appears whole or not at all. What is restored is an older truth, so nothing may be sent from it before a person
has looked (services/restoring.py).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from workflow.errors import Conflict, Misconfigured
from workflow.storage.database import connect, migrate, sqlite_path


def save(url: str, target: Path) -> int:
    """Copy the database at ``url`` to ``target``; its size in bytes. :class:`Misconfigured` on PostgreSQL, where there
    is no database, or where the copy is not sound; :class:`Conflict` when ``target`` exists."""
    source = _file(url, "pg_dump --format=custom --file=PATH DATABASE")
    connect(url).dispose()  # says what is wrong with the database, if anything is
    if target.exists():
        raise Conflict(f"{target} exists and is not overwritten; choose another name")
    half = target.with_name(target.name + ".half")
    try:
        half.unlink(missing_ok=True)
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(source, half)
        half.rename(target)
    except (OSError, sqlite3.Error) as error:
        half.unlink(missing_ok=True)
        raise Misconfigured(str(target), f"the copy failed: {error}", "Choose a place with room") from error
    return target.stat().st_size


def bring_back(url: str, source: Path) -> Path | None:
    """Put the copy ``source`` where the database at ``url`` lies; where the old file was moved to, if there was one.
    The copy is checked before anything is touched. Nobody may have the database open."""
    target = _file(
        url, "pg_restore --clean --dbname=DATABASE PATH, then aftale outbox hold --all --why restored"
    )
    if not source.is_file():
        raise Misconfigured(str(source), "there is no such file", "Name a file made by aftale backup")
    half = target.with_name(target.name + ".half")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
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
    old: Path | None = None
    if target.exists():
        old = next(
            p for n in range(1, 10_000) if not (p := target.with_name(f"{target.name}.before-{n}")).exists()
        )
        target.rename(old)
    journal = target.with_name(
        target.name + "-journal"
    )  # of the old file: it would be rolled back into the new one
    if journal.exists() and old is not None:
        journal.rename(old.with_name(old.name + "-journal"))
    half.rename(target)
    return old


def _file(url: str, other: str) -> Path:
    path = sqlite_path(url)
    if path is None:
        raise Misconfigured("database", "this works on SQLite only", f"On PostgreSQL: {other}")
    return path


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
