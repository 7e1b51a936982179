"""What proves, under one chain of hashes: each row a seal over one thing as it stood when it was final.

A letter that was handed over with its bytes, an attempt, a return, a report and how it was settled, that a letter was
confirmed, and each journal line. What is final is sealed once, so what is changed afterwards no
longer fits its seal, and nothing that looks later takes the change for its own. Rare things are sealed in the
transaction that writes them (:func:`seal`), letters and attempts by the pass after sending (:func:`seal_rows`), so
that sending waits for neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Index, Table, UniqueConstraint, event, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from workflow.storage import meta
from workflow.storage.chain import broken, end, linked
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.tables import Attempt, Bounce, FactRow, Notice
from workflow.values import dataclass

HEAD = "seals"  # the meta key: "NUMBER DIGEST"
SINCE = "sealed_from"  # the meta key: the instant from which what is there is vouched for
_PENDING = "seals"


class Seal(SQLModel, table=True):
    """``sum`` is the SHA-256 (hex) over one thing of a ``kind``: the row ``about`` of its table. ``taken_up``: it was
    there before anything was sealed, and is vouched for from ``at`` on. Insert-only."""

    __table_args__ = (
        UniqueConstraint("no"),
        UniqueConstraint("kind", "about"),
        Index("ix_seal_about", "about"),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: int
    kind: str
    about: int
    sum: str
    taken_up: bool = False
    at: datetime
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Which columns of which table are under a seal, and what it is called. The ``since`` came later: they count only
    where they hold something, so that older seals fit."""

    table: Table
    names: tuple[str, ...]
    said: str
    since: tuple[str, ...] = ()


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


_TRIED = (
    "notice_id", "fence", "owner", "address", "started_at", "intent_at", "ended_at", "outcome", "verb", "code", "text",
)  # fmt: skip
_LETTER = (
    "key", "agreement_id", "letter", "deadline", "subject_of", "revision", "rung", "recipient", "statutory", "due_on",
    "facts", "address", "message_id", "subject", "body", "digest", "template", "rules", "accepted_at", "carried_by",
)  # fmt: skip
REMOVED = "removed"
SINCE_KINDS = {
    "attempt": ("late", "untold"),
    "late": ("untold",),
    "words": ("emptied",),
    "letter": (REMOVED,),
}
"""By kind, the later seals over the same thing: where one is there it counts, and the earlier fits no more."""
KINDS: dict[str, Kind] = {
    "fact": Kind(_table(FactRow), ("digest",), "journal line"),
    "letter": Kind(_table(Notice), _LETTER, "letter"),
    REMOVED: Kind(_table(Notice), _LETTER, "what was left of letter"),
    "attempt": Kind(_table(Attempt), _TRIED, "attempt"),
    "late": Kind(_table(Attempt), _TRIED, "attempt"),
    "untold": Kind(_table(Attempt), _TRIED, "what was left of attempt"),
    "confirmed": Kind(_table(Notice), ("why",), "confirmation of letter"),
    "return": Kind(_table(Bounce), ("notice_id", "digest", "kind", "status", "arrived_at"), "return"),
    "words": Kind(_table(Bounce), ("address", "text", "raw"), "words of return"),
    "emptied": Kind(_table(Bounce), ("digest",), "emptying of return"),
    "report": Kind(
        _table(ReportedDecision),
        (
            "agreement_id", "version", "council", "event", "on", "remark", "by", "reported_at", "document", "due",
            "minutes", "takes_over",
        ),
        "report",
        ("minutes_name",),
    ),
    "settled": Kind(
        _table(ReportedDecision),
        ("state", "settled_by", "settled_at", "settled_why", "fact_no"),
        "settling of report",
    ),
}  # fmt: skip
_seal = _table(Seal)


def sum_of(kind: str, row: Any) -> str:
    """SHA-256 over the columns of that kind as this row (by attribute) has them."""
    content = [_plain(getattr(row, name)) for name in KINDS[kind].names]
    content += [f"{name}={said}" for name in KINDS[kind].since if (said := _plain(getattr(row, name)))]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def removed_on(session: Session, notice_id: int | None) -> datetime | None:
    """When a letter's bytes were removed since their time was over; ``None`` where they were not."""
    found: datetime | None = session.scalar(
        select(_seal.c.at).where(_seal.c.kind == REMOVED, _seal.c.about == notice_id)
    )
    return found


def seal(session: Session, kind: str, ids: Iterable[int | None], at: datetime) -> None:
    """Seal these rows as they stand when the caller's transaction is committed; one that is sealed stays so. The row
    that keeps the head is locked last of all, so that nobody waits for anything while holding it."""
    if _PENDING not in session.info:
        session.info[_PENDING] = []
        event.listen(session, "before_commit", _seal_pending, once=True)
    session.info[_PENDING] += [(kind, one, at) for one in ids if one is not None]


def _seal_pending(session: Session) -> None:
    session.flush()
    for kind, one, at in session.info.pop(_PENDING):
        table = KINDS[kind].table
        rows = session.execute(select(*columns_of(kind)).where(table.c.id == one)).all()
        seal_rows(session, kind, rows, at)


def columns_of(kind: str) -> list[Any]:
    """The row's number and the columns that are sealed."""
    table = KINDS[kind].table
    return [table.c.id, *(table.c[name] for name in (*KINDS[kind].names, *KINDS[kind].since))]


def seal_rows(
    session: Session, kind: str, rows: Sequence[Any], at: datetime, *, taken_up: bool = False
) -> int:
    """Seal these rows (``id`` and the columns of their kind) in the caller's transaction, those that are not sealed
    yet; how many."""
    if not rows:
        return 0
    number, before = end(session, HEAD)
    same = select(_seal.c.about).where(_seal.c.kind == kind, _seal.c.about.in_([row.id for row in rows]))
    known = set(session.scalars(same))
    made: list[dict[str, Any]] = []
    for row in rows:
        if row.id in known or (kind == "letter" and row.accepted_at is None):  # not handed over yet
            continue
        values: dict[str, Any] = {
            "no": number + len(made) + 1, "kind": kind, "about": row.id, "sum": sum_of(kind, row),
            "taken_up": taken_up, "at": at, "previous": before,
        }  # fmt: skip
        before = values["digest"] = _chained(values)
        made.append(values)
    if made:
        session.execute(_seal.insert(), made)
        meta.put(session, HEAD, f"{made[-1]['no']} {before}")
    return len(made)


def _chained(values: Any) -> str:
    names = ("no", "kind", "about", "sum", "taken_up")
    return linked(values["previous"], {name: values[name] for name in names}, values["at"])


def broken_seal(session: Session) -> tuple[int, str] | None:
    """The number of the first bad seal and what is wrong with it; ``None`` while the chain is whole."""
    found = session.execute(select(_seal).order_by(_seal.c.no), execution_options={"yield_per": 1000})
    with closing(found):
        return broken(session, HEAD, ((row, _chained(row._mapping)) for row in found), "seal")
