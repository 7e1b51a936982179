"""One mail that tells several notices: the *carrier* has the bytes, the others are *carried* by it.

What becomes of the carrier becomes of them in the same transaction. Before anything was said to the mail server the
bundle can be taken apart again; from the intent on it stays together. The caller owns the transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    bindparam,
    false,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import Attempt, Contact, Notice

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]
_contact = SQLModel.metadata.tables[str(Contact.__tablename__)]
_UNWRITTEN = {
    "state": "planned", "body": None, "address": "", "message_id": "", "subject": "", "digest": "", "template": "",
}  # fmt: skip
_MAILBOX = select(_contact.c.id).where(_contact.c.email == bindparam("address")).with_for_update()
_ON_ITS_WAY = _notice.c.state.in_(("ready", "claimed", "intent"))
_HAD = _notice.c.accepted_at >= bindparam("day_began", type_=_notice.c.accepted_at.type)
_TAKEN = (
    select(_notice.c.id)
    .where(
        _notice.c.address == bindparam("address"),
        _notice.c.statutory == false(),
        _notice.c.carried_by.is_(None),
        or_(_ON_ITS_WAY, _HAD),
    )
    .limit(1)
)
# Two questions, and the words of each leave one index to be used: else all letters of before would be looked at.
_OF_ITS_OWN = (_notice.c.statutory == false()) & (func.coalesce(_notice.c.carried_by, 0) == 0)
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_TAKEN_OF = union_all(
    select(_notice.c.address).where(_ON_ITS_WAY, _OF_ITS_OWN, _notice.c.address.concat("").in_(_THESE)),
    select(_notice.c.address).where(_notice.c.address.in_(_THESE), _HAD, _OF_ITS_OWN),
)
_AT_ONCE = 500  # a statement holds so many values and more


def taken(session: Session, address: str, day_began: datetime) -> bool:
    """Whether ``address`` has had its reminder mail since ``day_began``, or has one on its way.

    On PostgreSQL this locks the mailbox until the transaction ends, so that two workers cannot both find it free.
    """
    if session.get_bind().dialect.name != "sqlite":  # where one writer holds the whole file
        session.execute(_MAILBOX, {"address": address})
    return session.execute(_TAKEN, {"address": address, "day_began": day_began}).first() is not None


def taken_of(session: Session, addresses: Sequence[str], day_began: datetime) -> set[str]:
    """Those of the ``addresses`` that are :func:`taken`, as it is now: nothing is locked."""
    found: set[str] = set()
    for first in range(0, len(addresses), _AT_ONCE):
        these = {"these": addresses[first : first + _AT_ONCE], "day_began": day_began}
        found.update(session.execute(_TAKEN_OF, these).scalars())
    return found


def twin(session: Session, notice_id: int, address: str, desk: str) -> int | None:
    """The letter of the same agreement, kind and occasion that waits for ``address`` under another function of the
    same ``desk`` ("secretariat-"); ``None`` where there is none."""
    own = _notice.alias("own")
    same = (
        getattr(_notice.c, name) == getattr(own.c, name)
        for name in ("agreement_id", "letter", "rung", "deadline", "subject_of")
    )
    found = session.execute(
        select(_notice.c.id)
        .join(own, own.c.id == notice_id)
        .where(*same, _notice.c.id != notice_id, _notice.c.address == address, _notice.c.state == "ready")
        .where(_notice.c.recipient.contains(f"/{desk}"), _notice.c.carried_by.is_(None))
        .limit(1)
    )
    return found.scalar()


def postpone(session: Session, ids: Collection[int], until: datetime) -> None:
    """Let these wait ``until`` then; one that is not waiting to be written is left alone."""
    waiting = _notice.c.id.in_(ids) & _notice.c.state.in_(("planned", "refused"))
    session.execute(update(_notice).where(waiting).values(next_at=until))


def carry(session: Session, carrier: int, ids: Collection[int]) -> bool:
    """Let ``carrier`` carry these; false when one of them is no longer waiting, and then the caller rolls back."""
    if not ids:
        return True
    waiting = _notice.c.id.in_(ids) & _notice.c.state.in_(("planned", "refused"))
    return _count(session, waiting, state="carried", carried_by=carrier, why="") == len(ids)


def follow(session: Session, carrier: int, kind: str, values: dict[str, Any]) -> None:
    """Let what ``carrier`` carries share the outcome just recorded on it (``values`` of its own guarded update)."""
    carried = (_notice.c.carried_by == carrier) & (_notice.c.state == "carried")
    shared = {
        name: values[name] for name in ("outcome", "answer", "accepted_at", "next_at") if name in values
    }
    if kind == "accepted":
        uncertain = (
            select(_notice.c.uncertain).where(_notice.c.id == carrier).correlate(None).scalar_subquery()
        )
        _count(session, carried, state="accepted", uncertain=uncertain, **shared)
    elif values.get("state") == "refused":  # each is written again, for whatever mailbox is next
        _count(session, carried, state="refused", carried_by=None, **shared)
    elif kind == "uncertain":
        _count(session, carried, uncertain=True, **shared)
    else:
        _count(session, carried, **shared)


def take_apart(session: Session, notice_id: int) -> bool:
    """Let a notice, whether it carries or is carried, stand alone and unwritten again, and its companions too.

    False, and nothing changed, when it shares no mail, or when that is on its way or was ever said to a mail server:
    such bytes are never written anew under their Message-ID.
    """
    carrier = (
        session.execute(select(_notice.c.carried_by).where(_notice.c.id == notice_id)).scalar_one()
        or notice_id
    )
    if not companions(session, carrier):
        return False
    said = select(_attempt.c.id).where(_attempt.c.notice_id == carrier, _attempt.c.intent_at.is_not(None))
    unsaid = _notice.c.state.in_(("ready", "held")) & ~said.exists()
    if not _count(session, (_notice.c.id == carrier) & unsaid, **_UNWRITTEN):
        return False
    put_down(session, carrier)
    return True


def write_again(session: Session, ids: Collection[int]) -> None:
    """Let these be written anew, to whatever mailbox is now the first, unless that one was already spoken to."""
    for one in ids:
        unwrite(session, one)


def unwrite(session: Session, one: int) -> bool:
    """Let a finished letter be written anew; false, and nothing changed, where its mailbox was already spoken to."""
    unsaid = ~select(_attempt.c.id).where(
        _attempt.c.notice_id == _notice.c.id,
        _attempt.c.address == _notice.c.address,
        _attempt.c.intent_at.is_not(None),
    ).exists()  # fmt: skip
    if not _count(session, (_notice.c.id == one) & (_notice.c.state == "ready") & unsaid, **_UNWRITTEN):
        return False
    put_down(session, one)
    return True


def put_down(session: Session, carrier: int) -> None:
    """Let what ``carrier`` still carries be written again, now that its mail goes no more."""
    carried = (_notice.c.carried_by == carrier) & (_notice.c.state == "carried")
    _count(session, carried, state="planned", carried_by=None)


def companions(session: Session, notice_id: int) -> list[int]:
    """The notices this one carries, or carried until it was handed over."""
    return list(session.execute(select(_notice.c.id).where(_notice.c.carried_by == notice_id)).scalars())


def _count(session: Session, which: ColumnElement[bool], **values: Any) -> int:
    result = session.execute(update(_notice).where(which).values(**values))
    assert isinstance(result, CursorResult)
    return result.rowcount
