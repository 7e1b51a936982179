"""What was recorded can be neither changed, removed nor replaced by way of the database (F75)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.storage import old_schema
from tests.storage.test_opening import old_url
from workflow.storage.database import connect, migrate, reading, writing

__all__ = ["old_url"]

COLUMNS = 'agreement_id, no, event, "on", source, by, about, time, recorded_at, previous, digest'
OTHER = "agreement_id, no, 'withdrawn', \"on\", source, by, about, time, recorded_at, previous, digest"
BOTH = {
    "changed": "UPDATE fact SET source = 'x'",
    "removed": "DELETE FROM fact WHERE no = 1",
    "upserted": f"INSERT INTO fact ({COLUMNS}) SELECT {OTHER} FROM fact WHERE no = 1"
    " ON CONFLICT (agreement_id, no) DO UPDATE SET source = 'x'",
}
SQLITE = {
    "replaced": f"INSERT OR REPLACE INTO fact ({COLUMNS}) SELECT {OTHER} FROM fact WHERE no = 1",
    "replaced by its id": f"INSERT OR REPLACE INTO fact (id, {COLUMNS}) SELECT id, {OTHER.replace('no,', 'no + 100,')}"
    " FROM fact WHERE no = 1",
    "shortly": f"REPLACE INTO fact ({COLUMNS}) SELECT {OTHER} FROM fact WHERE no = 1",
    "emptied by an update": "UPDATE OR REPLACE fact SET no = 1 WHERE no = 2",
}
POSTGRES = {"emptied": "TRUNCATE fact CASCADE"}


def ways(engine: Engine) -> dict[str, str]:
    return BOTH | (POSTGRES if engine.dialect.name == "postgresql" else SQLITE)


def facts(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(text("SELECT * FROM fact ORDER BY id"))]


def refuses_them_all(engine: Engine, before: list[tuple[object, ...]]) -> None:
    for name, statement in ways(engine).items():
        with pytest.raises(DBAPIError, match="insert-only"), writing(engine) as session:
            session.execute(text(statement))
            pytest.fail(f"{name} went through")
    assert facts(engine) == before


@pytest.mark.fault("F75")
def test_a_fact_can_be_neither_changed_removed_nor_replaced(lived_url: str) -> None:
    engine = connect(lived_url)
    before = facts(engine)
    assert len(before) > 1
    refuses_them_all(engine, before)
    engine.dispose()


@pytest.mark.fault("F75")
def test_nor_in_a_database_that_an_older_program_made(old_url: str) -> None:
    migrate(old_url)
    engine = connect(old_url)
    recorded = f"INSERT INTO fact ({COLUMNS}) VALUES (1, :no, 'opened', :on, '', 'x', '', '', :at, '', :no)"
    with writing(engine) as session:
        for number in ("1", "2"):
            statement = recorded.replace(":no", number, 1).replace(":no", f"'{number}'")
            session.execute(text(statement), old_schema.STAMPS)
    before = facts(engine)
    refuses_them_all(engine, before)
    engine.dispose()
