"""The projection: deadline rows and the agreement's state, rebuilt from the facts in the transaction that changes them.

Nothing is true here that the journal does not say; a test throws all of it away, rebuilds it and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update
from sqlmodel import Session, SQLModel, col

from workflow.rules.timeline import Deadline
from workflow.storage.facts import journal
from workflow.storage.facts.deadlinerows import as_row
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, DeadlineRow, FactRow

_deadline = SQLModel.metadata.tables[str(DeadlineRow.__tablename__)]
_NAMES = [one.name for one in _deadline.c if one.name != "id"]
_VALUES = itemgetter(*_NAMES)
_STORED = (
    select(_deadline.c.id, *(_deadline.c[name] for name in _NAMES))
    .where(_deadline.c.agreement_id == bindparam("agreement"))
    .order_by(_deadline.c.id)
)
_NEW = insert(_deadline)
_THIS = _deadline.c.id == bindparam("this")
_GONE = delete(_deadline).where(_THIS)
_CHANGE = (
    update(_deadline)
    .where(_THIS)
    .values({one.name: bindparam(one.name) for one in _deadline.c if one.name not in ("id", "agreement_id")})
)


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
    _replace(session, [as_row(row.id, deadline) for deadline in dates], row.id)


def _replace(session: Session, dates: Sequence[dict[str, object]], agreement_id: int | None) -> None:
    """Let the agreement's rows be ``dates``, in the order of their numbers. What is so already is left alone: a row is
    written where it differs, and anew from the first on that is another duty's."""
    connection = session.connection()
    stored = connection.execute(_STORED, {"agreement": agreement_id}).all()
    same = 0
    for was, row in zip(stored, dates, strict=False):
        if (was.rule, was.subject) != (row["rule"], row["subject"]):
            break
        same += 1
    changed = [
        row | {"this": was.id}
        for was, row in zip(stored[:same], dates, strict=False)
        if was[1:] != _VALUES(row)
    ]
    if len(stored) > same:
        connection.execute(_GONE, [{"this": was.id} for was in stored[same:]])
    if changed:
        connection.execute(_CHANGE, changed)
    if len(dates) > same:
        connection.execute(_NEW, list(dates[same:]))
