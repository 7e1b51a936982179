"""A database that cannot be used is refused with its cure, and never replaced by an empty one (F33 to F35, F9)."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import ROOT, Aftale
from tests.forked import Forked
from tests.post import notices, owe
from tests.services.conftest import Desk
from tests.smtp_server import ScriptedServer
from tests.storage import old_schema
from workflow.errors import Misconfigured
from workflow.storage.database import connect, migrate, reading
from workflow.storage.migrations import HEAD
from workflow.storage.wal import wal_is_safe


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that an older program left, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "old.db"
        path.touch()
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("empty_postgres_url")
    old_schema.make_old(url)
    return url


@pytest.mark.fault("F33")
def test_a_database_that_is_missing_is_never_made_by_looking(aftale: Aftale, tmp_path: Path) -> None:
    for command in (("status",), ("tick",), ("daemon",), ("doctor",), ("reckon",), ("upgrade",)):
        refused = aftale(*command, code=78)
        assert "aftale init" in refused.err + refused.out
    assert list(tmp_path.rglob("*.db")) == []


@pytest.mark.fault("F33")
@pytest.mark.parametrize("spoiled", ["rubbish", "empty", "half"])
def test_a_database_that_is_spoiled_is_refused_and_left_as_it_is(
    sqlite_url: str, tmp_path: Path, spoiled: str
) -> None:
    path = tmp_path / "aftale.db"
    whole = path.read_bytes()
    content = {"rubbish": b"\xff" * 9000, "empty": b"", "half": whole[: len(whole) // 3]}[spoiled]
    path.write_bytes(content)
    with pytest.raises(Misconfigured) as refused:
        connect(sqlite_url)
    assert refused.value.cure in ("Restore a backup or run aftale init", "Run: aftale init")
    assert path.read_bytes() == content


@pytest.mark.fault("F33")
def test_a_page_spoiled_in_the_middle_stops_the_pass_and_invents_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    engine = connect(sqlite_url)
    owe(engine, 200)
    engine.dispose()
    path = tmp_path / "aftale.db"
    with closing(sqlite3.connect(path)) as opened:
        (page,) = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'notice'").fetchone()
        (size,) = opened.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)
    desk = Desk(connect(sqlite_url))
    with ScriptedServer() as server, pytest.raises(DBAPIError, match="malformed"):
        desk.passes(server)
    desk.engine.dispose()
    assert server.heard == []
    assert path.read_bytes() == content, "nothing is written over what could perhaps be saved"


@pytest.mark.fault("F33")
def test_a_file_in_wal_mode_is_refused_where_this_sqlite_can_spoil_it_and_the_cure_works(
    sqlite_url: str, tmp_path: Path
) -> None:
    def becomes(mode: str) -> None:
        with closing(sqlite3.connect(tmp_path / "aftale.db")) as opened:
            opened.execute(f"PRAGMA journal_mode={mode}")

    becomes("WAL")
    if not wal_is_safe(sqlite3.sqlite_version_info):
        with pytest.raises(Misconfigured, match="WAL mode") as refused:
            connect(sqlite_url)
        assert "PRAGMA journal_mode=DELETE" in refused.value.cure
        becomes("DELETE")
    connect(sqlite_url).dispose()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.45.9", False),
        ("3.50.6", False),
        ("3.50.7", True),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.52.0", True),
    ],
)
def test_wal_is_safe_from_these_versions_on(version: str, safe: bool) -> None:
    major, minor, patch = map(int, version.split("."))
    assert wal_is_safe((major, minor, patch, "final", 0)) is safe


@pytest.mark.fault("F34")
def test_an_upgrade_that_would_leave_a_row_referring_to_nothing_is_refused_whole(tmp_path: Path) -> None:
    """Foreign keys are off while tables are made anew, so they are checked before the commit."""
    path = tmp_path / "old.db"
    path.touch()
    old_schema.make_old(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("DELETE FROM notice")
    before = old_schema.schema_of(f"sqlite:///{path}")
    with pytest.raises(Misconfigured, match="rows of attempt refer to rows that are not there"):
        migrate(f"sqlite:///{path}")
    assert old_schema.schema_of(f"sqlite:///{path}") == before


@pytest.mark.fault("F34")
def test_an_older_schema_is_refused_and_upgraded_with_all_that_is_in_it(old_url: str, aftale: Aftale) -> None:
    with pytest.raises(Misconfigured, match=rf"schema 0003 is older than {HEAD}") as refused:
        connect(old_url)
    assert refused.value.cure == "Run: aftale upgrade"
    aftale("upgrade", "--db", old_url, code=0)
    whole(old_url)


@pytest.mark.fault("F35")
def test_a_newer_schema_is_refused_and_left_as_it_is(database_url: str, aftale: Aftale) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Misconfigured, match="9999 is newer than this program") as refused:
        connect(database_url)
    assert "Install the newer program" in refused.value.cure
    for command in ("upgrade", "tick", "status"):
        assert "newer" in aftale(command, "--db", database_url, code=78).err
    assert old_schema.schema_of(database_url)[0] == "9999"


@pytest.mark.fault("F9")
@pytest.mark.torture
@pytest.mark.slow
def test_killed_before_any_statement_of_a_migration_the_schema_is_the_old_one_whole(
    old_url: str, torture: bool
) -> None:
    """At the commit and before every eighth statement, the first among them; with ``make torture`` before each."""
    said, columns = old_schema.schema_of(old_url)
    stride = 1 if torture else 8
    process = Forked(old_schema.main, [old_url, str(stride)], dict(os.environ), ROOT)
    *killed, last = process.communicate(timeout=60).splitlines()
    assert set(killed) == {f"killed {-signal.SIGKILL} {said} {len(columns)}"}
    assert len(killed) > 8, "before many statements, and at the commit"
    assert last.startswith(f"done 0 {HEAD} ")
    assert migrate(old_url) == HEAD, "a second upgrade has nothing to do"
    whole(old_url)


def whole(url: str) -> None:
    """The new schema, and the row of the old one with what refers to it."""
    engine = connect(url)
    [kept] = notices(engine)
    assert (kept.state, kept.answer, kept.carried_by) == ("accepted", "250 ok", None)
    with reading(engine) as session:
        assert session.execute(text("SELECT count(*) FROM attempt WHERE notice_id = 1")).scalar() == 1
    engine.dispose()
