"""The days on which councils and their committees meet: published calendars, kept with their source.

They are no facts of an agreement: a calendar serves every agreement its council is party to, and a council's plan may
change any day. A meeting that falls away stays, marked with the day and why, so that nobody wonders where it went.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Index, UniqueConstraint, select, update
from sqlmodel import Field, Session, SQLModel, col

from workflow.storage.tables import AgreementRow


class Meeting(SQLModel, table=True):
    """One meeting of the council ``body`` (its code) or of its committee ``organ`` (its name; empty: the council
    itself). Days are Danish civil days. ``agenda_closes`` is the last day a case can come on the agenda, where that is
    published; ``read_on`` the day it was read in ``source``; ``gone_on`` the day it was learnt that it is not held.
    """

    __table_args__ = (UniqueConstraint("body", "organ", "on"), Index("ix_meeting_on", "on"))
    id: int | None = Field(default=None, primary_key=True)
    body: str
    organ: str = ""
    on: date
    agenda_closes: date | None = None
    time: str = ""
    source: str
    read_on: date
    by: str
    gone_on: date | None = None
    gone_why: str = ""


def of_bodies(session: Session, bodies: Collection[str], *, gone: bool = False) -> Sequence[Meeting]:
    """The meetings of these councils and their committees in order of days; with ``gone`` also those not held."""
    query = select(Meeting).where(col(Meeting.body).in_(bodies))
    if not gone:
        query = query.where(col(Meeting.gone_on).is_(None))
    return session.scalars(query.order_by(col(Meeting.body), col(Meeting.on), col(Meeting.organ))).all()


def wake(session: Session, regions: Collection[str]) -> None:
    """Let the planner look again at every agreement of these regions: a day they are planned from has changed."""
    session.execute(
        update(AgreementRow)
        .where(col(AgreementRow.region).in_(regions))
        .values(wake_on=date(1, 1, 1))
        .execution_options(synchronize_session=False)
    )
