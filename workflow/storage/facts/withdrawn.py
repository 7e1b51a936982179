"""Which links for answers were withdrawn before their time. A link is signed and not stored: it carries how often
those before it had been withdrawn, and holds until that happens once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, func, select
from sqlmodel import Field, Session, SQLModel, col

from workflow.storage.tables import AgreementRow


class WithdrawnLink(SQLModel, table=True):
    """The links of one council for one version, one for each of its mailboxes: who withdrew them, and why."""

    __tablename__ = "withdrawn_link"
    __table_args__ = (Index("ix_withdrawn_link", "agreement_id", "version", "council"),)
    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    version: int
    council: str
    by: str
    why: str
    withdrawn_at: datetime


def newest_of(session: Session, agreement: AgreementRow, council: str, version: int) -> WithdrawnLink | None:
    """The last withdrawal of this council's links for this version."""
    query = select(WithdrawnLink).where(
        col(WithdrawnLink.agreement_id) == agreement.id,
        col(WithdrawnLink.council) == council,
        col(WithdrawnLink.version) == version,
    )
    return session.scalars(query.order_by(col(WithdrawnLink.id).desc()).limit(1)).first()


def times(session: Session, agreement: AgreementRow, council: str, version: int) -> int:
    """How often this council's links for this version were withdrawn: the edition of those that hold."""
    query = select(func.count()).where(
        col(WithdrawnLink.agreement_id) == agreement.id,
        col(WithdrawnLink.council) == council,
        col(WithdrawnLink.version) == version,
    )
    return session.scalar(query) or 0


def withdraw(
    session: Session, agreement: AgreementRow, council: str, version: int, by: str, why: str, at: datetime
) -> WithdrawnLink:
    """Let no link hold that has been written until now."""
    done = WithdrawnLink(
        agreement_id=agreement.id or 0, version=version, council=council, by=by, why=why, withdrawn_at=at
    )
    session.add(done)
    session.flush()
    return done
