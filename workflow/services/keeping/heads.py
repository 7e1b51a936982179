"""The newest digest of each journal, written outside the database too: one line an agreement a day.

Who can write in the database can make its chains whole again; they would also have to change this file, which ought to
be copied elsewhere (the weekly mail carries it as well).

    2027-03-01T08:00:00+00:00 nordjylland/2024-2027 17 <sha256>
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from workflow.errors import Misconfigured
from workflow.rules.days import danish_day
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal


@dataclass(frozen=True, slots=True)
class Head:
    """An agreement's journal at ``at``: how many facts, and the digest of the last."""

    at: str
    key: str
    count: int
    digest: str


def heads(engine: Engine, at: datetime) -> list[Head]:
    """The heads as they stand, of every agreement that has one."""
    stamp = at.astimezone(UTC).isoformat(timespec="seconds")
    with reading(engine) as session:
        return [Head(stamp, row.key, row.fact_count, row.head) for row in journal.all_agreements(session)]


def write_heads(engine: Engine, file: Path, at: datetime) -> bool:
    """Append today's heads to ``file`` once a Danish day; whether it was done. :class:`Misconfigured` when it cannot
    be written."""
    today = danish_day(at).isoformat()
    with reading(engine) as session:
        if (meta.get(session, "heads_on") or "") >= today:
            return False
    lines = "".join(f"{h.at} {h.key} {h.count} {h.digest}\n" for h in heads(engine, at))
    append(file, lines, "the heads")
    with writing(engine) as session:
        meta.put(session, "heads_on", today)
    return True


def append(file: Path, lines: str, what: str) -> None:
    """Append ``lines`` durably to a file that only its owner reads; :class:`Misconfigured` where it cannot be."""
    try:
        file.parent.mkdir(
            mode=0o700, parents=True, exist_ok=True
        )  # a host on PostgreSQL has had nothing to keep yet
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, lines.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Misconfigured(
            str(file), f"{what} cannot be written: {error.strerror}", "Let the daemon write"
        ) from error


def read_heads(file: Path) -> list[Head]:
    """What was written; nothing where the file does not exist. A line that is none is passed over: the last one may
    be cut off by a full disk."""
    try:
        lines: Iterable[str] = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(str(file), f"the heads cannot be read: {error}", "Restore the file") from error
    found = [line.split(" ") for line in lines]
    return [Head(f[0], f[1], int(f[2]), f[3]) for f in found if len(f) == 4 and f[2].isdigit()]
