"""A file that somebody put into WAL mode, which SQLite could spoil until it was mended."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from workflow.errors import Misconfigured

WAL_MENDED = (
    (3, 44, 6),
    (3, 50, 7),
    (3, 51, 3),
)  # the oldest of each branch; before it two connections can spoil a file


def wal_is_safe(version: tuple[Any, ...]) -> bool:
    """Whether this version of SQLite keeps a WAL file whole under two connections."""
    return version >= WAL_MENDED[-1] or any(version[:2] == one[:2] and version >= one for one in WAL_MENDED)


def no_unsafe_wal(connection: Connection, path: Path | None) -> None:
    """Somebody may have put the file into WAL mode, which stays with the file."""
    if path is None or wal_is_safe(sqlite3.sqlite_version_info):
        return
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal":
        said = f"it is in WAL mode, which SQLite {sqlite3.sqlite_version} can corrupt"
        cure = f"Stop the daemon, then: sqlite3 {path} 'PRAGMA journal_mode=DELETE'"
        raise Misconfigured(str(path), said, cure)
