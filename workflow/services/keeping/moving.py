"""Move everything to another, empty database: copied, read back and compared, in one transaction at the target.

What is copied follows from the tables themselves, so a new table comes along. The source stays where it is and sends
nothing more: two databases that both send would tell every council twice. Nor is anything written there again, since
nobody would look for it, until a person says that it is the one after all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Table, bindparam, delete, func, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col

from workflow.errors import Conflict, Misconfigured, NotPossible
from workflow.services.delivery.handling import stop_sending
from workflow.storage import jobs, meta
from workflow.storage.database import open_or_create, sqlite_path, writing
from workflow.storage.facts import journal
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.shape import engine_must_fit, every_table
from workflow.storage.tables import Meta, Notice
from workflow.values import dataclass

AT_ONCE = 500  # rows an insert
_TABLES = every_table()
_META = SQLModel.metadata.tables[str(Meta.__tablename__)]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied and compared: rows by table, and each journal's count and newest digest by agreement."""

    rows: dict[str, int]
    heads: dict[str, tuple[int, str]]


def move(source: Engine, target_url: str, shown: str, by: str, at: datetime) -> Moved:
    """Copy the whole of ``source`` to the empty database at ``target_url``, whose schema is made if it has none.

    All or nothing. :class:`NotPossible` when a journal is broken; :class:`Conflict` while daemons share ``source``, a
    letter is on its way, or the target holds anything; :class:`Misconfigured` when the target cannot take it. ``shown``
    is the target's URL without its password: with ``by`` it stands in the reason for which ``source`` is held from the
    aware instant ``at``, and every later :func:`workflow.storage.database.writing` there is refused with it.
    """
    if jobs.live_workers(source):
        raise Conflict("daemons are at work on this database: stop every one, wait 15 seconds, and repeat")
    engine_must_fit(source, "the database")
    with _target(target_url) as target:
        engine_must_fit(target, shown)
        held_before: list[str] = []
        try:
            with writing(target) as new:
                _patient(new)
                _refuse_if_filled(new, shown)
                with writing(source) as old:
                    _know_every_table(old)
                    stand_still(old)
                    _refuse_if_sending(old, at)
                    heads = _whole(old)
                    new.execute(delete(_META))  # what aftale init wrote there
                    rows = {table.name: _copy(table, old, new) for table in _TABLES}
                    _compare(old, new, heads)
                    _set_sequences(new)
                    held = meta.get(old, "held") or ""
                    stop_sending(old, f"flyttet til {shown} ({by})", at)
                    meta.put(old, "moved", shown)
                held_before.append(held)  # the source first: should we die here, neither database sends
        except DBAPIError as error:
            if held_before:
                _undo(source, held_before[0], at)
            said = str(error.orig).strip().splitlines()[0]
            raise Misconfigured(
                shown, f"it did not take everything: {said}", "Nothing was moved; mend it and repeat"
            ) from error
    return Moved(rows, heads)


def back(source: Engine) -> str:
    """Let ``source`` be written in again after a move; where it had been moved to. Sending stays held until somebody
    releases it. :class:`NotPossible` when nothing was moved from here."""
    with writing(source, moved=True) as session:
        if not (place := meta.get(session, "moved")):
            raise NotPossible("nothing was moved from this database, so there is nothing to come back from")
        meta.drop(session, "moved")
    return place


@contextmanager
def _target(url: str) -> Iterator[Engine]:
    path = sqlite_path(url)
    ours = path is not None and not path.exists()
    engine = open_or_create(url)
    try:
        yield engine
    except BaseException:
        engine.dispose()
        if path is not None and ours:
            path.unlink(missing_ok=True)
        raise
    engine.dispose()


def _patient(session: Session) -> None:
    """Let this transaction rest while the other database works."""
    if _postgresql(session):
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def stand_still(source: Session) -> None:
    """Nobody else writes in ``source`` until this transaction ends, and then finds out what it did."""
    _patient(source)
    if _postgresql(source):
        # first: whoever writes has read there that nothing was moved, and is waited for; who comes later waits for us
        source.execute(text(f'LOCK TABLE "{_META.name}" IN ACCESS EXCLUSIVE MODE'))
        names = ", ".join(f'"{table.name}"' for table in _TABLES)
        source.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _know_every_table(source: Session) -> None:
    found = set(inspect(source.connection()).get_table_names()) - {"alembic_version"}
    if strange := found - {table.name for table in _TABLES}:
        raise Misconfigured(
            ", ".join(sorted(strange)), "the program does not know this table, and it would stay behind",
            "Drop it, or move it to another schema",
        )  # fmt: skip


def _refuse_if_filled(target: Session, shown: str) -> None:
    filled = [
        f"{count} in {table.name}"
        for table in _TABLES
        if table is not _META and (count := target.scalar(select(func.count()).select_from(table)))
    ]
    if filled:
        raise Conflict(f"{shown} is not empty ({', '.join(filled)}); nothing was moved; name an empty one")


def _refuse_if_sending(source: Session, at: datetime) -> None:
    on_its_way = select(col(Notice.id), col(Notice.lease_until)).where(
        col(Notice.state).in_(("claimed", "intent")), col(Notice.lease_until) > at
    )
    if found := source.execute(on_its_way.limit(1)).first():
        until = found.lease_until.astimezone(UTC)
        raise Conflict(
            f"notice {found.id} may be on its way until {until:%H:%M} UTC; let the daemon finish it, or wait"
        )


def _whole(session: Session) -> dict[str, tuple[int, str]]:
    heads = {}
    for row in journal.all_agreements(session):
        name = row.key
        if broken := journal.verify(session, row):
            raise NotPossible(
                f"the journal of {name} is broken, and is not moved so: {broken} (aftale verify)"
            )
        heads[name] = (row.fact_count, row.head)
    return heads


def _copy(table: Table, old: Session, new: Session) -> int:
    own = [
        column.name for column in table.columns for key in column.foreign_keys if key.column.table is table
    ]
    referring: list[dict[str, Any]] = []
    count = 0
    for rows in _read(table, old):
        for row in rows:
            if any(row[name] is not None for name in own):  # what it refers to may not be there yet
                referring.append(
                    {f"its_{name}": row[name] for name in (*own, *table.primary_key.columns.keys())}
                )
                row.update(dict.fromkeys(own))
        new.execute(insert(table), rows)
        count += len(rows)
    if referring:
        this = [column == bindparam(f"its_{column.name}") for column in table.primary_key]
        values: dict[str, Any] = {name: bindparam(f"its_{name}") for name in own}
        new.connection().execute(update(table).where(*this).values(values), referring)
    return count


def _read(table: Table, session: Session) -> Iterator[list[dict[str, Any]]]:
    found = session.execute(select(table), execution_options={"yield_per": AT_ONCE})
    for part in found.partitions():
        yield [dict(row._mapping) for row in part]


def _compare(old: Session, new: Session, heads: dict[str, tuple[int, str]]) -> None:
    """Read everything back: the same rows to the byte, the same journals."""
    differ = [table.name for table in _TABLES if _fingerprint(table, old) != _fingerprint(table, new)]
    if not differ and _whole(new) != heads:
        differ = ["journal"]
    if differ:
        raise Misconfigured(
            ", ".join(differ), "read back from the target it is not what was written", "Nothing was moved"
        )


def _fingerprint(table: Table, session: Session) -> int:
    """The same for the same rows in whatever order: two databases sort text differently."""
    return sum(
        int.from_bytes(hashlib.sha256(repr([_plain(value) for value in row.values()]).encode()).digest())
        for rows in _read(table, session)
        for row in rows
    )


def _plain(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _set_sequences(target: Session) -> None:
    if not _postgresql(target):
        return  # SQLite counts from the highest
    for table in _TABLES:
        column = table.autoincrement_column
        if column is not None and (highest := target.scalar(select(func.max(column)))):
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            target.execute(select(func.setval(sequence, highest)))


def _undo(source: Engine, held_before: str, at: datetime) -> None:
    with writing(source, moved=True) as session:
        meta.drop(session, "moved")
        clear_alarms(session, "outbox:stopped", at)
        if held_before:
            stop_sending(session, held_before, at)
        else:
            meta.drop(session, "held")


def _postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
