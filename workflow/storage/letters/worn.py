"""The mailboxes that one letter has given up: full or closed to us for so long that it takes the body's next mailbox.

Nothing is struck off: another letter may find the mailbox open again. A letter that came back is owed anew under a key
of its own, so what is asked about is the whole row of them, since a person last let it go.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import GIVEN_UP, Attempt, Bounce, Notice
from workflow.values import dataclass

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]
_bounce = SQLModel.metadata.tables[str(Bounce.__tablename__)]
REFUSALS = ("mailbox_full", "policy_refused")


@dataclass(frozen=True, slots=True)
class Tries:
    """How often one letter was turned away from one mailbox in a row, and since when; ``None`` where never."""

    count: int
    since: datetime | None


def returned_key(key: str) -> str:
    """The key of the notice that takes the place of one that came back: ``-30d`` becomes ``-30d~retur1``."""
    *before, rung, recipient = key.split("|")
    plain, _, times = rung.partition("~retur")
    return "|".join((*before, f"{plain}~retur{int(times or 0) + 1}", recipient))


def first_key(key: str) -> str:
    """The key of the notice that came back first: ``-30d~retur2`` becomes ``-30d``."""
    *before, rung, recipient = key.split("|")
    return "|".join((*before, rung.partition("~retur")[0], recipient))


def given_up(session: Session, notice_id: int) -> list[str]:
    """The addresses that this letter goes to no more."""
    ours = _row(session, notice_id)
    refused = select(_attempt.c.address).join(_notice, _attempt.c.notice_id == _notice.c.id)
    returned = select(_notice.c.address).join(_bounce, _bounce.c.notice_id == _notice.c.id)
    found = [
        *session.execute(
            refused.where(ours, _attempt.c.outcome == GIVEN_UP, _later(_attempt.c.started_at))
        ).scalars(),
        *session.execute(
            returned.where(ours, _bounce.c.kind == GIVEN_UP, _later(_bounce.c.arrived_at))
        ).scalars(),
    ]
    return list(dict.fromkeys(found))


def tries(session: Session, notice_id: int, address: str) -> Tries:
    """The tries that ``address`` turned away, at the door or as a return, since a person last let the letter go."""
    ours = _row(session, notice_id)
    refused = (
        select(_attempt.c.started_at)
        .join(_notice, _attempt.c.notice_id == _notice.c.id)
        .where(
            ours,
            _attempt.c.address == address,
            _attempt.c.outcome.in_(REFUSALS),
            _later(_attempt.c.started_at),
        )
    )
    returned = (
        select(_bounce.c.arrived_at)
        .join(_notice, _bounce.c.notice_id == _notice.c.id)
        .where(ours, _notice.c.address == address, _bounce.c.kind == "failed", _later(_bounce.c.arrived_at))
    )
    at = [one for query in (refused, returned) for one in session.execute(query).scalars() if one]
    return Tries(len(at), min(at, default=None))


def _row(session: Session, notice_id: int) -> ColumnElement[bool]:
    key = session.execute(select(_notice.c.key).where(_notice.c.id == notice_id)).scalar_one()
    keys, last = [first_key(key)], key
    while keys[-1] != last:
        keys.append(returned_key(keys[-1]))
    return _notice.c.key.in_(keys)


def _later(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    return _notice.c.released_at.is_(None) | (at > _notice.c.released_at)
