"""An answer that comes after its attempt was ended: the worker had been given up, and still ran. The attempt then says
what was answered, and a second seal says that it says so since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.letters.prepared import closing
from workflow.storage.seals import seal
from workflow.storage.tables import Attempt, Notice

_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]
_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]

_ENDED = select(_attempt.c.notice_id, _attempt.c.fence).where(
    _attempt.c.notice_id.in_(bindparam("these", expanding=True)), _attempt.c.ended_at.is_not(None)
)


def close_late(session: Session, notice_id: int, fence: int, at: datetime, **values: Any) -> None:
    """Write the late answer on the attempt and seal it anew; where the letter counts as handed over by it, seal the
    letter and what it carries as well. The caller owns the transaction."""
    named = {f"new_{name}": value for name, value in values.items()}
    session.execute(closing(tuple(values), late=True), named | {"notice": notice_id, "held": fence})
    here = select(_attempt.c.id).where(_attempt.c.notice_id == notice_id, _attempt.c.fence == fence)
    seal(session, "late", session.scalars(here), at)
    if values["outcome"] == "accepted":
        mail = (_notice.c.id == notice_id) | (_notice.c.carried_by == notice_id)
        seal(session, "letter", session.scalars(select(_notice.c.id).where(mail)), at)


def ended(session: Session, notice_ids: list[int]) -> set[tuple[int, int]]:
    """Of these letters' attempts, (notice, fence) of those that were ended already."""
    return {(row.notice_id, row.fence) for row in session.execute(_ENDED, {"these": notice_ids})}
