"""Which letters were handed over, written outside the database too: one line a letter, in ``letters.log``.

A database put back from a copy has forgotten what it sent since. These lines have not, so a daemon that finds one newer
than its database sends nothing and asks (:mod:`workflow.services.keeping.restoring`).

    2027-03-01T08:00:11+00:00 <instance> <Message-ID> <sha256 of the bytes>
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, takewhile
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlmodel import col

from workflow.errors import Misconfigured
from workflow.services.keeping.heads import append
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.tables import Notice
from workflow.values import dataclass

WRITTEN = "letters_written"  # the newest acceptance that stands in the file
LATEST = timedelta(hours=1)
"""An answer may be recorded so long after it came: a database is away, a host is slow."""
_BLOCK = 65536  # octets read at once from the end of the file


@dataclass(frozen=True, slots=True)
class Trace:
    """One letter that a mail server took over at the instant ``at`` (ISO, UTC)."""

    at: str
    instance: str
    message_id: str
    digest: str


def write_traces(engine: Engine, file: Path, instance: str) -> int:
    """Append the letters accepted that do not stand there yet; how many. :class:`Misconfigured` when the file cannot be
    written. One is left out only where it was recorded more than :data:`LATEST` after a later one had been written; it
    may stand twice after a kill in between."""
    with reading(engine) as session:
        since = meta.get(session, WRITTEN) or ""
        # it has an index, so a pass reads what is new
        shown = func.coalesce(col(Notice.accepted_at), col(Notice.next_at))
        query = (
            select(col(Notice.accepted_at), col(Notice.message_id), col(Notice.digest))
            .where(
                col(Notice.accepted_at).is_not(None),
                col(Notice.message_id) != "",
                col(Notice.carried_by).is_(None),
            )
            .order_by(shown)
        )
        if since:
            query = query.where(shown >= datetime.fromisoformat(since) - LATEST)
        found = session.execute(query).all()
    told = _told_since(file, instance, since)
    new = [
        Trace(at.astimezone(UTC).isoformat(), instance, *rest) for at, *rest in found if rest[0] not in told
    ]
    if not new:
        return 0
    lines = "".join(f"{one.at} {one.instance} {one.message_id} {one.digest}\n" for one in new)
    append(file, lines, "the letters sent")
    with writing(engine) as session:
        meta.put(session, WRITTEN, max(since, found[-1][0].astimezone(UTC).isoformat()))
    return len(new)


def _told_since(file: Path, instance: str, since: str) -> set[str]:
    """The Message-IDs of the lines that may tell of a letter accepted up to :data:`LATEST` before ``since``; twice as
    far back, since lines stand in the order they were written."""
    if not since:
        return set()
    first = (datetime.fromisoformat(since) - 2 * LATEST).isoformat()
    return {one.message_id for one in takewhile(lambda one: one.at >= first, newest_first(file, instance))}


def read_traces(file: Path, instance: str) -> list[Trace]:
    """What was written of this database, the oldest first; nothing where there is no file. A line that is none is
    passed over: the last one may be cut off by a full disk."""
    return list(newest_first(file, instance))[::-1]


def newest_first(file: Path, instance: str) -> Iterator[Trace]:
    """As :func:`read_traces`, from the end of the file, of which no more is read than is asked for."""
    for line in _lines_from_the_end(file):
        parts = line.decode("utf-8", "replace").split(" ")
        if len(parts) == 4 and parts[1] == instance:
            yield Trace(*parts)


def _lines_from_the_end(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as handle:
            left, begun = handle.seek(0, os.SEEK_END), b""
            while left:
                size = min(_BLOCK, left)
                left -= size
                handle.seek(left)
                begun, *whole = (handle.read(size) + begun).split(b"\n")
                yield from reversed(whole)
            yield begun
    except FileNotFoundError:
        return
    except OSError as error:
        raise Misconfigured(
            str(file), f"the letters sent cannot be read: {error}", "Restore the file"
        ) from error


def forgotten(engine: Engine, file: Path, instance: str) -> Trace | None:
    """The newest letter in the file, where the database knows nothing of having sent it: it is an older copy, put back
    by whatever means. Reads the end of the file and one row."""
    lines = newest_first(file, instance)
    last = next(lines, None)
    if last is None:
        return None
    since = (datetime.fromisoformat(last.at) - LATEST).isoformat()
    newest = max(chain([last], takewhile(lambda one: one.at >= since, lines)), key=lambda one: one.at)
    with reading(engine) as session:
        known = session.scalar(
            select(col(Notice.id)).where(
                col(Notice.message_id) == newest.message_id, col(Notice.accepted_at).is_not(None)
            )
        )
        settled = meta.get(session, "traces_settled") or ""
    return None if known or newest.at <= settled else newest
