"""What people did to things that belong to no agreement: mailboxes, people, settings. Insert-only, one hash chain.

An agreement has its own journal (``journal.py``); this one is of the whole installation. Its newest
digest and its length stand in ``meta``, so that an end cut off is found too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from workflow.storage import meta
from workflow.storage.chain import broken, end, linked

HEAD = "acts"  # the meta key: "NUMBER DIGEST"


class Act(SQLModel, table=True):
    """One act: in which ``room`` ("contact", "sender", ...), on what (``about``), ``what`` was done, and by whom.
    ``said`` is a JSON object of what was before and after. Insert-only."""

    __table_args__ = (UniqueConstraint("no"), Index("ix_act_about", "room", "about"))
    id: int | None = Field(default=None, primary_key=True)
    no: int
    room: str
    about: str
    what: str
    said: str = Field(sa_column=Column(Text, nullable=False))
    by: str
    at: datetime
    previous: str
    digest: str

    @property
    def told(self) -> dict[str, object]:
        """``said``, read."""
        found: dict[str, object] = json.loads(self.said)
        return found


def record_act(
    session: Session, room: str, about: str, what: str, said: Mapping[str, object], by: str, at: datetime
) -> Act:
    """Add one act at the end of the chain, in the caller's transaction; ``at`` is aware. One writer at a time: the row
    that keeps the head is locked until that transaction ends."""
    number, previous = end(session, HEAD)
    told = json.dumps(dict(said), ensure_ascii=False, sort_keys=True, default=str)
    act = Act(
        no=number + 1, room=room, about=about, what=what, said=told, by=by, at=at, previous=previous, digest=""
    )  # fmt: skip
    act.digest = digest(act)
    session.add(act)
    session.flush()
    meta.put(session, HEAD, f"{act.no} {act.digest}")
    return act


def acts_of(session: Session, room: str, about: Sequence[str] | None = None, limit: int = 50) -> list[Act]:
    """The last ``limit`` acts in a room, or of these things in it; the newest first."""
    query = select(Act).where(col(Act.room) == room)
    if about is not None:
        query = query.where(col(Act.about).in_(about))
    return list(session.scalars(query.order_by(col(Act.no).desc()).limit(limit)))


def digest(act: Act) -> str:
    """SHA-256 over the act's content and the digest before it."""
    names = ("no", "room", "about", "what", "said", "by")
    return linked(act.previous, {name: getattr(act, name) for name in names}, act.at)


def broken_act(session: Session) -> tuple[int, str] | None:
    """The number of the first bad act and what is wrong with it; ``None`` while the chain is whole."""
    acts = session.scalars(select(Act).order_by(col(Act.no)))
    return broken(session, HEAD, ((act, digest(act)) for act in acts), "act")
