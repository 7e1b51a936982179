"""The pass that seals what has become final since the last one: journal lines, attempts, letters handed over.

It runs after sending, so sending waits for no seal. What an older database holds is taken up by the first pass and
vouched for from that instant on; ``aftale verify`` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select
from sqlmodel import Session

from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.seals import KINDS, SINCE, Seal, columns_of, seal_rows

AT_ONCE = 200  # letters' bytes held in memory
MARGIN = 1000  # rows looked at again: PostgreSQL may show a lower number after a higher one
FOLLOWED = ("fact", "attempt")  # by their numbers; letters follow from their attempts
_AT_WRITING = (
    "confirmed",
    "return",
    "words",
    "emptied",
    "report",
    "settled",
)  # sealed by whoever writes them
_seal = Seal.__table__  # type: ignore[attr-defined]


def seal_new(engine: Engine, at: datetime) -> int:
    """Seal what is final and not sealed yet; how many. The first pass takes up everything that is there and writes from
    when on it is vouched for. Each transaction is short; killed in between, the next pass goes on."""
    with reading(engine) as session:
        since = meta.get(session, SINCE)
    done = sum(_follow(engine, kind, at, taken_up=since is None) for kind in FOLLOWED)
    if since is None:
        done += sum(_take_up(engine, kind, at) for kind in ("letter", *_AT_WRITING))
        with writing(engine) as session:
            meta.put_first(session, SINCE, at.astimezone(UTC).isoformat())
    return done


def _follow(engine: Engine, kind: str, at: datetime, *, taken_up: bool) -> int:
    table, mark, done = KINDS[kind].table, f"sealed_{kind}", 0
    final = table.c.ended_at.is_not(None) if kind == "attempt" else table.c.id.is_not(None)
    while True:
        with reading(engine) as session:
            above = table.c.id > int(meta.get(session, mark) or 0)
            due = session.execute(_unsealed(kind, above, final).limit(AT_ONCE)).all()
            top = session.scalar(select(func.max(table.c.id)).where(above)) or 0
            opened = session.scalar(select(func.min(table.c.id)).where(above, ~final))
        if not due:
            break
        with writing(engine) as session:
            done += seal_rows(session, kind, due, at, taken_up=taken_up)
            if kind == "attempt" and not taken_up:
                taken = [row.notice_id for row in due if row.outcome == "accepted"]
                done += seal_rows(session, "letter", _handed_over(session, taken), at)
            if len(due) < AT_ONCE and (reached := min(top, opened or top) - MARGIN) > 0:
                meta.put(session, mark, str(reached))
    return done


def _handed_over(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    """The letters with these numbers and those that went in the same mail, where they count as handed over."""
    table = KINDS["letter"].table
    mails = table.c.id.in_(ids) | table.c.carried_by.in_(ids)
    return session.execute(
        select(*columns_of("letter")).where(mails, table.c.accepted_at.is_not(None)).order_by(table.c.id)
    ).all()


def _take_up(engine: Engine, kind: str, at: datetime) -> int:
    table, done = KINDS[kind].table, 0
    final: ColumnElement[bool]
    match kind:
        case "letter":
            final = table.c.accepted_at.is_not(None)
        case "confirmed":
            final = table.c.state == "confirmed"
        case "settled":
            final = table.c.state != "reported"
        case "words" | "emptied":
            final = table.c.raw == b"" if kind == "emptied" else table.c.raw != b""
        case _:
            final = table.c.id.is_not(None)
    while True:
        with reading(engine) as session:
            due = session.execute(_unsealed(kind, final).limit(AT_ONCE)).all()
        if not due:
            return done
        with writing(engine) as session:
            done += seal_rows(session, kind, due, at, taken_up=True)


def _unsealed(kind: str, *which: ColumnElement[bool]) -> Any:
    table = KINDS[kind].table
    known = select(_seal.c.id).where(_seal.c.kind == kind, _seal.c.about == table.c.id)
    return select(*columns_of(kind)).where(*which, ~known.exists()).order_by(table.c.id)
