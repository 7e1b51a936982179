"""The letters that wait, not for their own sake: the mail server would have nobody's, or somebody's rules are against
them. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import Notice

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]


def waits_for_channel(session: Session) -> bool:
    """Whether a letter waits because the mail server would not have us."""
    waiting = (_notice.c.state == "ready") & (_notice.c.outcome == "channel_refused")
    return session.execute(select(_notice.c.id).where(waiting).limit(1)).first() is not None


def wait_for_channel(session: Session, ids: Collection[int], next_at: datetime) -> None:
    """Let these, whose refusal turned out to be the channel's, wait for it too."""
    blamed = _notice.c.id.in_(ids) & (_notice.c.state == "ready") & (_notice.c.outcome != "")
    session.execute(update(_notice).where(blamed).values(outcome="channel_refused", next_at=next_at))


def waited_for_channel(session: Session, at: datetime) -> None:
    """Let every letter go ``at`` once that waited for the channel, now that it is open again."""
    waiting = (_notice.c.state == "ready") & (_notice.c.next_at > at)
    for_channel = _notice.c.outcome.in_(("channel_refused", "own_fault"))
    session.execute(update(_notice).where(waiting & for_channel).values(next_at=at))


def refused_by_policy(session: Session) -> list[tuple[str, str]]:
    """The last answers of the letters that wait because somebody's rules are against them, each once with the address
    it was given to."""
    waiting = (_notice.c.state == "ready") & (_notice.c.outcome == "policy_refused")
    query = select(_notice.c.answer, _notice.c.address).where(waiting).distinct()
    return [(text, address) for text, address in session.execute(query)]
