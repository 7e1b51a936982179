"""What the attempts of the last minutes tell: how many letters go out, and whether the mail server can be reached.

Kept in the database rather than in memory, so that every worker and every restart sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import ABANDONED, JOURNAL, Attempt, Notice
from workflow.values import dataclass

_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]
_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_NEWEST = (
    select(_attempt.c.outcome, _attempt.c.verb, _attempt.c.ended_at)
    .where(_attempt.c.ended_at.is_not(None), _attempt.c.outcome != ABANDONED, _attempt.c.verb != JOURNAL)
    .order_by(_attempt.c.id.desc())
    .limit(bindparam("limit"))
)

_VERBS: BindParameter[str] = bindparam("verbs", expanding=True)
_ANSWERED = _attempt.c.outcome.not_in(("", ABANDONED)) & (_attempt.c.verb != JOURNAL)
_GOT_THROUGH = (
    select(func.max(_attempt.c.id))
    .where(_ANSWERED, _attempt.c.verb.not_in(_VERBS), _attempt.c.outcome != "channel_refused")
    .scalar_subquery()
)
_SINCE = (
    select(_attempt.c.started_at, _attempt.c.code, _attempt.c.text)
    .where(_attempt.c.id > func.coalesce(_GOT_THROUGH, 0), _ANSWERED)
    .order_by(_attempt.c.id)
)
_newest = _attempt.alias()
_FAILING = (
    select(
        _notice.c.id,
        _notice.c.recipient,
        _notice.c.address,
        _notice.c.answer,
        func.min(_attempt.c.started_at).label("since"),
    )
    .join(_attempt, _attempt.c.notice_id == _notice.c.id)
    .join(_newest, (_newest.c.notice_id == _notice.c.id) & (_newest.c.fence == _notice.c.fence))
    .where(
        _notice.c.state == "ready",
        _notice.c.outcome.in_(("deferred", "own_fault", "uncertain")),
        _newest.c.verb.not_in(_VERBS),
    )
    .group_by(_notice.c.id)
    .order_by(func.min(_attempt.c.started_at))
)

_NTH = select(_attempt.c.started_at).order_by(_attempt.c.id.desc()).offset(bindparam("before")).limit(1)


@dataclass(frozen=True, slots=True)
class Failing:
    """A letter that has been tried ``since`` and not been taken; ``answer`` is the last one."""

    id: int
    recipient: str
    address: str
    answer: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """One attempt that was answered with a refusal."""

    notice_id: int
    recipient: str
    address: str
    outcome: str
    code: int
    text: str


def refused_in_a_row(session: Session, since: datetime, most: int = 200) -> list[Refused]:
    """The newest refusals ``since`` then, back to the last letter that the mail server took; newest first."""
    rows = session.execute(
        select(
            _attempt.c.notice_id, _notice.c.recipient, _attempt.c.address, _attempt.c.outcome, _attempt.c.code,
            _attempt.c.text,
        )
        .join(_notice, _notice.c.id == _attempt.c.notice_id)
        .where(_attempt.c.ended_at > since, _attempt.c.verb != JOURNAL)
        .order_by(_attempt.c.ended_at.desc(), _attempt.c.id.desc())
        .limit(most)
    )  # fmt: skip
    found = [Refused(*row) for row in rows]
    until = next((number for number, one in enumerate(found) if one.outcome == "accepted"), len(found))
    return [one for one in found[:until] if one.code >= 500]


def others_got_through(session: Session, address: str) -> bool:
    """Whether the mail server has taken a letter since it first refused ``address``: then it is not the channel."""
    first = select(func.min(_attempt.c.id)).where(
        _attempt.c.address == address, _attempt.c.outcome.in_(("address_refused", "channel_refused"))
    )
    taken = select(_attempt.c.id).where(
        _attempt.c.outcome == "accepted", _attempt.c.id > first.scalar_subquery()
    )
    return session.execute(taken.where(_attempt.c.verb != JOURNAL).limit(1)).first() is not None


def doubts(session: Session, notice_id: int) -> int:
    """How many tries of this letter broke off where nobody knows what became of it, since a person last let it go."""
    query = (
        select(func.count())
        .select_from(_attempt.join(_notice, _attempt.c.notice_id == _notice.c.id))
        .where(
            _attempt.c.notice_id == notice_id,
            _attempt.c.outcome == "uncertain",
            _attempt.c.verb != "",  # not those of a worker that died: the next one need not
            _notice.c.released_at.is_(None) | (_attempt.c.started_at > _notice.c.released_at),
        )
    )
    return session.execute(query).scalar_one()


def refusals_of(session: Session, notice_id: int) -> list[tuple[str, str]]:
    """What was answered where this letter was refused, each once with the address it was given to."""
    refused = (_attempt.c.notice_id == notice_id) & (_attempt.c.code >= 500)
    query = select(_attempt.c.text, _attempt.c.address).where(refused).distinct()
    return [(text, address) for text, address in session.execute(query)]


def full_minute(session: Session, at: datetime, per_minute: int) -> bool:
    """Whether ``per_minute`` tries were begun in the minute before ``at``."""
    nth = session.execute(_NTH, {"before": per_minute - 1}).scalar_one_or_none()
    return nth is not None and nth > at - timedelta(minutes=1)


def left_in_minute(session: Session, at: datetime, per_minute: int) -> int:
    """How many tries may still be begun in the minute before ``at``."""
    newest = select(_attempt.c.started_at).order_by(_attempt.c.id.desc()).limit(per_minute).subquery()
    begun = select(func.count()).select_from(newest).where(newest.c.started_at > at - timedelta(minutes=1))
    return per_minute - session.execute(begun).scalar_one()


def in_doubt_since(session: Session, notice_id: int) -> datetime | None:
    """The first intent of which nobody knows what became; ``None`` when there is none."""
    query = (
        select(_attempt.c.intent_at)
        .where(
            _attempt.c.notice_id == notice_id,
            _attempt.c.outcome == "uncertain",
            _attempt.c.intent_at.is_not(None),
        )
        .order_by(_attempt.c.intent_at)
        .limit(1)
    )
    return session.scalars(query).first()


def under_way(session: Session, since: datetime) -> bool:
    """Whether a try begun after ``since`` has no answer yet."""
    unanswered = select(_attempt.c.id).where(_attempt.c.ended_at.is_(None), _attempt.c.started_at > since)
    return session.execute(unanswered.limit(1)).first() is not None


def last_attempts(session: Session, limit: int) -> list[tuple[str, str, datetime]]:
    """(outcome, verb, ended at) of the newest attempts that the mail server, or its silence, answered; newest first."""
    rows = session.execute(_NEWEST, {"limit": limit})
    return [(row.outcome, row.verb, row.ended_at) for row in rows]


def channel_down(session: Session, channel_verbs: Iterable[str]) -> tuple[datetime, str] | None:
    """When the first try began of those that, since the last one that got through, all failed on ``channel_verbs``,
    and what the newest was answered; ``None`` when the newest got through."""
    failed = session.execute(_SINCE, {"verbs": list(channel_verbs)}).all()
    if not failed:
        return None
    newest = failed[-1]
    return failed[0].started_at, f"{newest.code} {newest.text}".removeprefix("0 ")


def failing(session: Session, channel_verbs: Iterable[str]) -> list[Failing]:
    """The letters that wait to be tried again because of what was answered to themselves, the oldest first."""
    rows = session.execute(_FAILING, {"verbs": list(channel_verbs)})
    return [Failing(**row._mapping) for row in rows]
