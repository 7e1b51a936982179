"""The projection: deadline rows and the agreement's state, rebuilt from the facts in the transaction that changes them.

Nothing is true here that the journal does not say; a test throws all of it away, rebuilds it and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlmodel import Session, col

from workflow.rules.timeline import Deadline
from workflow.storage.facts import journal
from workflow.storage.facts.deadlinerows import as_row
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, DeadlineRow, FactRow


def begun(rulebook: Rulebook, as_of: date) -> ColumnElement[bool]:
    """Which agreements could be spoken of on ``as_of``: their term had been elected, or they had been opened."""
    elected = [term.label for term in rulebook.law.terms if term.election_on <= as_of]
    first = select(col(FactRow.no)).where(
        col(FactRow.agreement_id) == col(AgreementRow.id), col(FactRow.no) == 1
    )
    return or_(col(AgreementRow.term).in_(elected), first.where(col(FactRow.on) <= as_of).exists())


def store(
    session: Session, row: AgreementRow, standing: Standing, wake_on: date, dates: Sequence[Deadline]
) -> None:
    """Replace the agreement's rows of ``dates`` (the law's deadlines and what stands beside them) and its state,
    guarded by its stamp.

    ``wake_on`` is the first Danish day on which the planner must look again.
    """
    seen = row.stamp
    current = standing.course.current
    row.version = current.number if current else None
    row.version_state = standing.course.listed_state
    row.period_state = standing.course.period
    row.effective_on, row.concluded_on = standing.course.effective_on, standing.course.concluded_on
    row.wake_on, row.projected_on = wake_on, standing.as_of
    row.rules = standing.rules.digest
    journal.store_state(session, row, seen)
    session.execute(delete(DeadlineRow).where(col(DeadlineRow.agreement_id) == row.id))
    if dates:
        session.execute(insert(DeadlineRow), [as_row(row.id, deadline) for deadline in dates])
