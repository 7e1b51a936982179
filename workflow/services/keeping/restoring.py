"""After a backup was restored: sending is held, and a person is shown what the older database does not know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import col

from workflow.services.delivery.handling import hold_everything, list_open
from workflow.services.keeping.heads import Head
from workflow.services.keeping.verifying import Broken, verify
from workflow.storage.database import reading
from workflow.storage.tables import FactRow, Notice

UNSENT = ("planned", "ready", "claimed", "intent", "refused")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the restored database says, against what may have happened since. ``newest_at`` is its last stamp; the
    letters in ``waiting`` would be sent again on release, though some may have gone out before the loss; ``lost`` are
    journals of which a later head was written down."""

    newest_at: datetime | None
    waiting: list[dict[str, Any]] = field(default_factory=list)
    lost: list[Broken] = field(default_factory=list)


def reconcile(engine: Engine, logged: Iterable[Head], by: str, at: datetime) -> Comparison:
    """Hold all sending at ``at`` and compare; ``logged`` are the heads kept outside the database."""
    hold_everything(engine, "databasen er genskabt fra en sikkerhedskopi og skal ses efter", by, at)
    return compare(engine, logged)


def compare(engine: Engine, logged: Iterable[Head]) -> Comparison:
    """The comparison alone; changes nothing."""
    with reading(engine) as session:
        stamps = [
            session.scalar(select(func.max(column)))
            for column in (col(FactRow.recorded_at), col(Notice.planned_at), col(Notice.accepted_at))
        ]
    newest = [_aware(stamp) for stamp in stamps if stamp]
    waiting = [notice for notice in list_open(engine) if notice["state"] in UNSENT]
    return Comparison(max(newest, default=None), waiting, verify(engine, None, logged)[1])


def _aware(stamp: datetime) -> datetime:
    """SQLite's max() of a column loses its zone on the way."""
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
