"""More reminders at once than anybody would expect wait for a person.

What one planning pass wrote down has one ``planned_at``: after downtime, or under rules that are wrong, that is many
letters at once. Statutory letters are never held back, and what a person let go is not held again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, update
from sqlmodel import Session, col

from workflow.language import phrase
from workflow.services.delivery.raising import tell
from workflow.storage.tables import Notice

ALARM = "outbox:held"


def hold_flood(session: Session, at: datetime, most: int, told: list[str]) -> None:
    """Hold the reminders of every planning pass that wrote more than ``most``; the text of a new alarm is added to
    ``told``, in Danish."""
    waiting: ColumnElement[bool] = (
        col(Notice.state).in_(("planned", "ready"))
        & (col(Notice.attempts) == 0)
        & (col(Notice.statutory) == false())
        & col(Notice.released_at).is_(None)
    )
    many = select(col(Notice.planned_at)).where(waiting).group_by(col(Notice.planned_at))
    passes = session.scalars(many.having(func.count() > most)).all()
    if not passes:
        return
    why = phrase("flere end %(most)s påmindelser på én gang", most=most)
    held = session.execute(
        update(Notice)
        .where(waiting, col(Notice.planned_at).in_(passes))
        .values(state="held", why=why)
        .returning(col(Notice.id))
    ).all()
    text = phrase(
        "%(count)s påmindelser skulle sendes på én gang og er tilbageholdt. Se dem igennem: "
        "aftale outbox list; send dem: aftale outbox release --all. Lovpligtige breve sendes "
        "fortsat.",
        count=len(held),
    )
    tell(session, (ALARM, "alarm", text), at, told)
