"""Trial mails: one a row, written before it goes and closed by what the mail server said and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Index, Text, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col


class TrialMail(SQLModel, table=True):
    """One trial mail to one address. ``kind``, ``code`` and ``text`` are the mail server's answer as an attempt's
    (:class:`workflow.mail.answers.Answer`; "" until there is one); ``returned_*`` what came back."""

    __tablename__ = "trial_mail"
    __table_args__ = (Index("ix_trial_mail_email", "email"), Index("ix_trial_mail_message_id", "message_id"))
    id: int | None = Field(default=None, primary_key=True)
    email: str
    message_id: str
    by: str
    sent_at: datetime
    kind: str = ""
    code: int = 0
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    returned_at: datetime | None = None
    returned_kind: str = ""
    returned_text: str = Field(default="", sa_column=Column(Text, nullable=False))


def newest_to(session: Session, email: str) -> TrialMail | None:
    """The last trial mail to this address."""
    query = select(TrialMail).where(col(TrialMail.email) == email).order_by(col(TrialMail.id).desc())
    return session.scalars(query.limit(1)).first()


def by_message_id(session: Session, begins: Sequence[str]) -> TrialMail | None:
    """The trial mail whose Message-ID begins with one of these."""
    for left in begins:
        query = select(TrialMail).where(col(TrialMail.message_id).startswith(f"<{left}", autoescape=True))
        if found := session.scalars(query.limit(1)).first():
            return found
    return None
