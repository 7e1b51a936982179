"""What councils say they decided, until the secretariat has verified it or turned it down. Not yet facts.

A row is changed once, from *reported* to how it ended, by one guarded update; then it stands as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, CursorResult, Index, select, text, update
from sqlmodel import Field, Session, SQLModel, col

from workflow.storage.tables import AgreementRow

STATES = ("reported", "verified", "turned-down")


class ReportedDecision(SQLModel, table=True):
    """One council's word for its decision on one version. ``event`` is the fact it would be, ``on`` the day of the
    meeting, ``by`` the mailbox the link was sent to; ``settled_*`` tell who ended it and why, ``fact_no`` the fact
    that it became. ``document`` is the digest of the text that was shown, ``due`` the meeting to come, ``minutes`` the
    digest of the file that came along and ``minutes_name`` what the council calls it, ``takes_over`` who is written to
    from now on, in the council's words. A council has at most one open report of a version."""

    __tablename__ = "reported_decision"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="ck_reported_state"),
        Index("ux_reported_open", "agreement_id", "version", "council", unique=True,
              sqlite_where=text("state = 'reported'")),
        Index("ix_reported_state", "state", "reported_at"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    version: int
    council: str
    event: str
    on: date
    remark: str = ""
    by: str
    reported_at: datetime
    state: str = "reported"
    settled_by: str = ""
    settled_at: datetime | None = None
    settled_why: str = ""
    fact_no: int | None = None
    document: str = Field(default="", sa_column_kwargs={"server_default": ""})
    due: date | None = None
    minutes: str = Field(default="", sa_column_kwargs={"server_default": ""})
    minutes_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    takes_over: str = Field(default="", sa_column_kwargs={"server_default": ""})


def open_of(session: Session, agreement: AgreementRow) -> Sequence[ReportedDecision]:
    """What waits for the secretariat of one agreement, the oldest first."""
    query = select(ReportedDecision).where(
        col(ReportedDecision.agreement_id) == agreement.id, col(ReportedDecision.state) == "reported"
    )
    return session.scalars(query.order_by(col(ReportedDecision.id))).all()


def newest_of(
    session: Session, agreement: AgreementRow, council: str, version: int
) -> ReportedDecision | None:
    """The last report of one council on one version, open or settled."""
    query = select(ReportedDecision).where(
        col(ReportedDecision.agreement_id) == agreement.id,
        col(ReportedDecision.council) == council,
        col(ReportedDecision.version) == version,
    )
    return session.scalars(query.order_by(col(ReportedDecision.id).desc()).limit(1)).first()


def waiting(
    session: Session, regions: Collection[str], limit: int
) -> Sequence[tuple[ReportedDecision, AgreementRow]]:
    """What waits in ``regions``, the oldest first, at most ``limit``."""
    query = (
        select(ReportedDecision, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(ReportedDecision.agreement_id))
        .where(col(ReportedDecision.state) == "reported", col(AgreementRow.region).in_(regions))
        .order_by(col(ReportedDecision.reported_at), col(ReportedDecision.id))
        .limit(limit)
    )
    return [(report, agreement) for report, agreement in session.execute(query)]


def settle(
    session: Session,
    report: ReportedDecision,
    state: str,
    by: str,
    why: str,
    at: datetime,
    fact_no: int | None,
) -> bool:
    """End an open report; false when somebody else has."""
    done = session.execute(
        update(ReportedDecision)
        .where(col(ReportedDecision.id) == report.id, col(ReportedDecision.state) == "reported")
        .values(state=state, settled_by=by, settled_why=why, settled_at=at, fact_no=fact_no)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
