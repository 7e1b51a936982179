"""A database for a rehearsal: a SQLite file that is thrown away, empty or filled from the real one, only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, event, insert, select, text
from sqlmodel import Session, SQLModel

from workflow.storage.database import create, reading, writing
from workflow.storage.shape import every_table
from workflow.storage.tables import AgreementRow

_METADATA = SQLModel.metadata
_agreement = _METADATA.tables[str(AgreementRow.__tablename__)]
_MOST = 500  # rows an insert


@contextmanager
def throwaway(source: Engine | None = None, region: str | None = None) -> Iterator[Engine]:
    """An engine on a new file, gone when the block ends. With ``source`` everything in it is copied, or only what
    concerns the agreements of ``region``."""
    with TemporaryDirectory(prefix="aftale-") as folder:
        engine = create(f"sqlite:///{Path(folder) / 'proeve.db'}")
        event.listen(engine, "connect", _careless)
        engine.dispose()  # so that the connection of create() is opened anew
        try:
            if source is not None:
                with reading(source) as old, writing(engine) as new:
                    _copy(old, new, region)
            yield engine
        finally:
            engine.dispose()


def _careless(connection: Any, _record: object) -> None:
    """Nothing here need outlive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=MEMORY")
    connection.execute("PRAGMA cache_size=-32000")


def _copy(old: Session, new: Session, region: str | None) -> None:
    new.execute(text("PRAGMA defer_foreign_keys=ON"))  # a notice may be carried by one with a higher number
    kept: dict[str, set[int]] = {}
    for table in every_table():
        query = select(table).order_by(*table.primary_key)
        if region and table is _agreement:
            query = query.where(table.c.region == region)
        for key in table.foreign_keys:
            name = key.column.table.name
            if name in kept and name != table.name and key.column.name == "id":
                query = query.where(key.parent.in_(kept[name]))
        rows = [dict(row._mapping) for row in old.execute(query)]
        if region and table.name in ("agreement", "notice"):
            kept[table.name] = {row["id"] for row in rows}
        for row in rows:
            if region and row.get("carried_by") and row["carried_by"] not in kept["notice"]:
                row |= {"carried_by": None, "state": "planned" if row["state"] == "carried" else row["state"]}
        for start in range(0, len(rows), _MOST):
            new.execute(insert(table), rows[start : start + _MOST])
