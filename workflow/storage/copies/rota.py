"""Copies of the database in one folder, named by the instant they were made, of which so many are kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from workflow.errors import Misconfigured
from workflow.storage.copies.backup import save
from workflow.values import dataclass

_NAMED = re.compile(r"aftale-\d{8}T\d{6}Z\.copy")


@dataclass(frozen=True, slots=True)
class Kept:
    """The copy that was made, its size in bytes, and the older ones that went."""

    path: Path
    size: int
    removed: tuple[Path, ...]


def save_into(url: str, folder: Path, at: datetime, keep: int) -> Kept:
    """Copy the database into ``folder`` and remove the oldest copies above ``keep`` (1 or more); whatever else lies
    there is left alone. :class:`Misconfigured` where the folder cannot be used, and as :func:`save`; nothing goes
    before the new copy lies there whole."""
    if not folder.is_dir():
        raise Misconfigured(str(folder), "there is no such folder", "Make it, for the account of the service")
    path = folder / f"aftale-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.copy"
    size = save(url, path)
    copies = sorted(one for one in folder.iterdir() if _NAMED.fullmatch(one.name))
    removed = tuple(one for one in copies[:-keep] if one != path)
    for one in removed:
        one.unlink()
    return Kept(path, size, removed)
