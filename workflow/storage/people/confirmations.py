"""What bodies were asked about their own mailboxes, and what they answered, until a secretariat takes it up.

A row is one question to one function of one body; a newer question replaces it. What is answered is a word, not yet a
mailbox: whoever holds the link may have written it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

STATES = ("asked", "reported", "taken", "turned-down", "replaced")
OPEN = ("asked", "reported")


class ContactConfirmation(SQLModel, table=True):
    """One question. ``answer`` is "keep" (the mailbox is right) or "other" (``email``, ``name`` and ``valid_from`` are
    the new one's), "" while there is none; ``by`` is the mailbox the link was sent to."""

    __tablename__ = "contact_confirmation"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="ck_confirmation_state"),
        Index("ix_contact_confirmation", "body", "function"),
    )
    id: int | None = Field(default=None, primary_key=True)
    body: str
    function: str
    asked_at: datetime
    asked_by: str
    state: str = "asked"
    answer: str = ""
    email: str = ""
    name: str = ""
    valid_from: date | None = None
    remark: str = Field(default="", sa_column=Column(Text, nullable=False))
    by: str = ""
    reported_at: datetime | None = None
    settled_by: str = ""
    settled_at: datetime | None = None
    settled_why: str = Field(default="", sa_column=Column(Text, nullable=False))


def open_of(session: Session, body: str, function: str) -> ContactConfirmation | None:
    """The question to this function that has not been settled or replaced."""
    query = select(ContactConfirmation).where(
        col(ContactConfirmation.body) == body, col(ContactConfirmation.function) == function,
        col(ContactConfirmation.state).in_(OPEN),
    )  # fmt: skip
    return session.scalars(query.order_by(col(ContactConfirmation.id).desc()).limit(1)).first()


def asked_after(session: Session, body: str, function: str, since: datetime) -> bool:
    """Whether this function was asked after that instant, and nobody has turned its answer down."""
    query = select(col(ContactConfirmation.id)).where(
        col(ContactConfirmation.body) == body, col(ContactConfirmation.function) == function,
        col(ContactConfirmation.asked_at) > since, col(ContactConfirmation.state).in_((*OPEN, "taken")),
    )  # fmt: skip
    return session.scalars(query.limit(1)).first() is not None


def waiting(session: Session) -> list[ContactConfirmation]:
    """What was answered and waits for a secretariat."""
    query = select(ContactConfirmation).where(col(ContactConfirmation.state) == "reported")
    return list(session.scalars(query))


def newest_of(session: Session, bodies: Collection[str]) -> list[ContactConfirmation]:
    """The last question to each function of these bodies, by body and function."""
    query = select(ContactConfirmation).where(col(ContactConfirmation.body).in_(bodies))
    found = session.scalars(query.order_by(col(ContactConfirmation.id)))
    newest = {(one.body, one.function): one for one in found}
    return [newest[key] for key in sorted(newest)]
