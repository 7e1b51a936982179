"""Whose mailbox a notice goes to. A notice is owed to a function of a body; the address is looked up when it is
rendered, so that a changed mailbox is no second duty."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.tables import Contact

_contact = SQLModel.metadata.tables[str(Contact.__tablename__)]


def live_contact(
    session: Session, body: str, function: str, on: date, own: bool = False
) -> tuple[str, str] | None:
    """Name and address valid ``on`` that Danish day and not refused: the function's own mailboxes by priority, then
    any other mailbox of the same body (not with ``own``). ``None`` when there is none; ``valid_to`` is its last day."""
    own_first = case((_contact.c.function == function, 0), else_=1)
    found = session.execute(
        select(_contact.c.name, _contact.c.email)
        .where(*_live(body, on), *([_contact.c.function == function] if own else []))
        .order_by(own_first, _contact.c.priority, _contact.c.id)
        .limit(1)
    ).first()
    return (found.name, found.email) if found else None


def mailboxes(session: Session, body: str, on: date) -> list[str]:
    """Every address of a body that is valid ``on`` that Danish day and not refused."""
    found = session.execute(select(_contact.c.email).where(*_live(body, on)).order_by(_contact.c.id))
    return list(found.scalars())


def _live(body: str, on: date) -> list[ColumnElement[bool]]:
    return [
        _contact.c.body == body,
        _contact.c.refused_at.is_(None),
        or_(_contact.c.valid_from.is_(None), _contact.c.valid_from <= on),
        or_(_contact.c.valid_to.is_(None), _contact.c.valid_to >= on),
    ]


def refuse_address(session: Session, email: str, at: datetime) -> bool:
    """Strike ``email`` off, wherever it stands: the mail server refused it for good. A person may lift it again. False
    when it was struck off already."""
    struck = session.execute(
        update(_contact)
        .where(_contact.c.email == email, _contact.c.refused_at.is_(None))
        .values(refused_at=at)
        .returning(_contact.c.id)
    )
    return struck.first() is not None
