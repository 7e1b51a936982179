"""A notice as it is planned: what is known of it before it is written, as plain values. A pass makes hundreds, and an
object of the table costs more than working out what the letter says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.asking import through
from workflow.storage.tables import Notice
from workflow.values import dataclass

_NEW = insert(SQLModel.metadata.tables[str(Notice.__tablename__)])


@dataclass(slots=True)
class Planned:
    """The columns of :class:`workflow.storage.tables.Notice` that planning sets; the others are as in a new row."""

    agreement_id: int
    key: str
    recipient: str
    rung: str
    letter: str
    statutory: bool
    deadline: str
    subject_of: str
    revision: int
    state: str
    late: bool
    due_on: date
    planned_at: datetime
    next_at: datetime
    rules: str
    facts: str
    why: str = ""

    def row(self) -> dict[str, object]:
        """Every column of the row but its number."""
        return _BLANK | {name: getattr(self, name) for name in _SET}


_SET = [one.name for one in fields(Planned)]
_BLANK: dict[str, object] = {
    name: field.default for name, field in Notice.model_fields.items() if name not in ("id", *_SET)
}


def write_down(session: Session, new: Sequence[Planned]) -> None:
    """Write new notices down, in the caller's transaction."""
    through(session).execute(_NEW, [one.row() for one in new])
