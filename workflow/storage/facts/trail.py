"""Who came in, was turned away, or took something away: one row each, kept for a year, in a hash chain.

What was done to people, mailboxes and settings is in the journal of acts, for good (``acts.py``). A
row is never changed. The oldest go when their year is over: ``meta`` keeps where the chain then begins and where it
ends, so that one taken out between is found, and an end cut off too.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, delete, select
from sqlmodel import Field, Session, SQLModel, col

from workflow.storage import meta
from workflow.storage.chain import EMPTY, broken, end, linked

HEAD, FROM = "trail", "trail_from"  # meta keys: "NUMBER DIGEST" of the last row, and of the last that is gone


class Seen(SQLModel, table=True):
    """One event. ``what`` is one of :data:`workflow.services.watch.trail.KINDS`; ``who`` is a mail address or a
    token's name, empty for a stranger, ``called`` what the site calls it; ``region`` bounds the visitor, if one does;
    ``client`` is the address it came from, ``about`` a path or what was named, ``status`` the answer's."""

    __tablename__ = "trail"
    __table_args__ = (UniqueConstraint("no"), Index("ix_trail_at", "at"), Index("ix_trail_who", "who"))
    id: int | None = Field(default=None, primary_key=True)
    no: int
    at: datetime
    what: str
    who: str = ""
    called: str = ""
    region: str = ""
    client: str = ""
    about: str = ""
    status: int = 0
    previous: str
    digest: str


def add_seen(session: Session, seen: Seen) -> Seen:
    """Add one row at the end of the chain, in the caller's transaction: its number and hashes are filled in."""
    number, previous = end(session, HEAD)
    seen.no, seen.previous = number + 1, previous
    seen.digest = digest(seen)
    session.add(seen)
    session.flush()
    meta.put(session, HEAD, f"{seen.no} {seen.digest}")
    return seen


def forget_before(session: Session, at: datetime) -> int:
    """Remove the rows from before ``at``, from the oldest on; how many."""
    last = session.scalars(
        select(Seen).where(col(Seen.at) < at).order_by(col(Seen.no).desc()).limit(1)
    ).first()
    if last is None:
        return 0
    begins = gone_before(session)
    meta.put(session, FROM, f"{last.no} {last.digest}")
    session.execute(delete(Seen).where(col(Seen.no) <= last.no))
    return last.no - begins


def gone_before(session: Session) -> int:
    """The number of the last row that went because its time was over; 0 while all are there."""
    return int((meta.get(session, FROM) or EMPTY).partition(" ")[0])


def digest(seen: Seen) -> str:
    """SHA-256 over the row's content and the digest before it."""
    names = ("no", "what", "who", "called", "region", "client", "about", "status")
    return linked(seen.previous, {name: getattr(seen, name) for name in names}, seen.at)


def broken_seen(session: Session) -> tuple[int, str] | None:
    """The number of the first bad row and what is wrong with it; ``None`` while the chain is whole."""
    rows = session.scalars(select(Seen).order_by(col(Seen.no)).execution_options(yield_per=1000))
    with closing(rows):
        links = ((seen, digest(seen)) for seen in rows)
        return broken(session, HEAD, links, "row", meta.get(session, FROM) or EMPTY)
