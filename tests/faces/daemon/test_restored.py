"""A backup put back, on PostgreSQL and by other means: nothing is sent before a person has compared (F36)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import Aftale
from tests.post import notices, owe
from tests.services.lived import KEY, live
from workflow.storage.database import connect, open_database, writing

needs_tools = pytest.mark.skipif(
    shutil.which("pg_dump") is None or shutil.which("pg_restore") is None,
    reason="PostgreSQL's client tools are not installed here",
)


def ready(url: str) -> None:
    engine = connect(url)
    with writing(engine) as session:
        session.execute(
            text("UPDATE notice SET state = 'ready', next_at = '2023-05-31 07:00:00+00' WHERE id = 4")
        )
    engine.dispose()


@needs_tools
@pytest.mark.fault("F36")
def test_on_postgresql_a_copy_goes_into_an_empty_database_and_sends_nothing_before_it_is_compared(
    aftale: Aftale, postgres_url: str, empty_postgres_url: str, tmp_path: Path
) -> None:
    live(postgres_url)
    ready(postgres_url)
    copy = tmp_path / "copy.dump"
    assert "sikkerhedskopi" in aftale("backup", str(copy), "--db", postgres_url, code=0).err
    assert copy.stat().st_mode & 0o077 == 0
    assert aftale("backup", str(copy), "--db", postgres_url, code=4).out == ""
    (tmp_path / "data").mkdir()

    full = aftale("restore", str(copy), "--db", postgres_url, code=4)
    assert "is not empty" in full.err
    assert "createdb" in full.err

    ran = aftale("restore", str(copy), "--by", "drift", "--db", empty_postgres_url, code=0)
    assert "usikker  4  " in ran.out
    before, after = connect(postgres_url), connect(empty_postgres_url)
    mine = {"state", "why", "uncertain", "owner", "lease_until"}  # what the restoring says of a letter
    kept, copied = ([row.model_dump(exclude=mine) for row in notices(one)] for one in (before, after))
    assert copied[: len(kept)] == kept
    assert aftale("verify", KEY, "--db", empty_postgres_url, code=0).out == ""
    with pytest.raises(DBAPIError, match="insert-only"), writing(after) as session:
        session.execute(text("UPDATE fact SET source = 'x'"))
    assert owe(after, 1), "the numbers go on after the highest"
    before.dispose()
    after.dispose()

    tick = ("tick", "--at", "2023-05-31T12:00", "--db", empty_postgres_url)
    assert "sent 0" in aftale(*tick, code=0).out
    aftale("outbox", "release", "--all", "--db", empty_postgres_url, code=0)
    assert "sent 0, not sent 0" in aftale(*tick, code=0).out
    aftale("history", "send", "4", "--db", empty_postgres_url, code=0)
    listed = aftale("notices", "--json", "--db", empty_postgres_url, code=0).json()
    assert {one["id"]: one["state"] for one in listed}[4] == "ready"


@needs_tools
@pytest.mark.fault("F36")
def test_what_is_no_copy_leaves_the_empty_database_empty(
    aftale: Aftale, empty_postgres_url: str, tmp_path: Path
) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"PGDMP rubbish")
    (tmp_path / "data").mkdir()
    assert "pg_restore" in aftale("restore", str(rubbish), "--db", empty_postgres_url, code=78).err
    engine = open_database(empty_postgres_url)
    with engine.connect() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar()
            == 0
        )
    engine.dispose()


@pytest.mark.fault("F36")
def test_the_tools_of_postgresql_are_named_where_they_are_missing(
    aftale: Aftale, postgres_url: str, tmp_path: Path
) -> None:
    missing = aftale("backup", str(tmp_path / "x"), "--db", postgres_url, code=78, PATH="/nowhere")
    assert "pg_dump" in missing.err
    assert "postgresql-client" in missing.err
    assert list(tmp_path.glob("x*")) == []


@pytest.mark.fault("F36")
def test_a_database_put_back_by_other_means_is_held_and_compared_too(
    aftale: Aftale, database_url: str, tmp_path: Path
) -> None:
    live(database_url)
    ready(database_url)
    (tmp_path / "data").mkdir()
    ran = aftale("restore", "--adopt", "--by", "drift", "--db", database_url, code=0)
    assert "usikker  4  " in ran.out
    listed = aftale("outbox", "list", "--json", "--db", database_url, code=0).json()
    assert "genskabt" in listed["stopped"]
    assert "--adopt" in aftale("restore", "--db", database_url, code=2).err
