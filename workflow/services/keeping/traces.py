"""Which letters were handed over, written outside the database too: one line a letter, in ``letters.log``.

A database put back from a copy has forgotten what it sent since. These lines have not, so a daemon that finds one newer
than its database sends nothing and asks (:mod:`workflow.services.keeping.restoring`).

    2027-03-01T08:00:11+00:00 <instance> <Message-ID> <sha256 of the bytes>
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.errors import Misconfigured
from workflow.services.keeping.heads import append
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.tables import Notice

WRITTEN = "letters_written"  # the newest acceptance that stands in the file


@dataclass(frozen=True, slots=True)
class Trace:
    """One letter that a mail server took over at the instant ``at`` (ISO, UTC)."""

    at: str
    instance: str
    message_id: str
    digest: str


def write_traces(engine: Engine, file: Path, instance: str) -> int:
    """Append the letters accepted since the last time; how many. :class:`Misconfigured` when the file cannot be
    written. A letter may stand twice after a kill in between, never be left out."""
    with reading(engine) as session:
        since = meta.get(session, WRITTEN) or ""
        query = (
            select(col(Notice.accepted_at), col(Notice.message_id), col(Notice.digest))
            .where(
                col(Notice.accepted_at).is_not(None),
                col(Notice.message_id) != "",
                col(Notice.carried_by).is_(None),
            )
            .order_by(col(Notice.accepted_at))
        )
        if since:
            query = query.where(col(Notice.accepted_at) > datetime.fromisoformat(since))
        found = session.execute(query).all()
    if not found:
        return 0
    lines = "".join(
        f"{at.astimezone(UTC).isoformat()} {instance} {number} {digest}\n" for at, number, digest in found
    )
    append(file, lines, "the letters sent")
    with writing(engine) as session:
        meta.put(session, WRITTEN, found[-1][0].astimezone(UTC).isoformat())
    return len(found)


def read_traces(file: Path, instance: str) -> list[Trace]:
    """What was written of this database, the oldest first; nothing where there is no file. A line that is none is
    passed over: the last one may be cut off by a full disk."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            str(file), f"the letters sent cannot be read: {error}", "Restore the file"
        ) from error
    found = [Trace(*parts) for line in lines if len(parts := line.split(" ")) == 4]
    return [trace for trace in found if trace.instance == instance]


def forgotten(engine: Engine, file: Path, instance: str) -> Trace | None:
    """The newest letter in the file, where the database knows nothing of having sent it: it is an older copy, put back
    by whatever means. Reads the end of the file and one row."""
    newest = next(iter(reversed(read_traces(file, instance))), None)
    if newest is None:
        return None
    with reading(engine) as session:
        known = session.scalar(
            select(col(Notice.id)).where(
                col(Notice.message_id) == newest.message_id, col(Notice.accepted_at).is_not(None)
            )
        )
        settled = meta.get(session, "traces_settled") or ""
    return None if known or newest.at <= settled else newest
