"""Who reads while somebody writes: on SQLite a writer that is about to commit lets no new reader in."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from sqlalchemy import Executable, literal_column, select, text

from workflow.storage.database import connect, create, reading, writing

COUNT = text("SELECT count(*) FROM meta")


def test_a_reading_within_a_reading_does_not_wait_for_a_writer_that_waits_for_the_first(
    tmp_path: Path,
) -> None:
    engine = create(f"sqlite:///{tmp_path / 'aftale.db'}")
    written = threading.Event()

    def write() -> None:
        with writing(engine) as session:
            session.execute(text("INSERT INTO meta (key, value) VALUES ('one', '1')"))
        written.set()

    with reading(engine) as outer:
        before = outer.scalar(COUNT)
        writer = threading.Thread(target=write)
        writer.start()
        while _others_may_begin(tmp_path):
            pass  # until the writer waits for this reader
        with reading(engine) as inner:
            assert inner.scalar(COUNT) == before
        assert not written.is_set()
    writer.join()
    with reading(engine) as after:
        assert after.scalar(COUNT) == before + 1
    engine.dispose()


def _others_may_begin(folder: Path) -> bool:
    """Whether somebody who comes now would be let in to read."""
    with closing(sqlite3.connect(folder / "aftale.db", timeout=0)) as another:
        try:
            another.execute(str(COUNT))
        except sqlite3.OperationalError:
            return False
    return True


def test_another_thread_reads_in_a_session_of_its_own(tmp_path: Path) -> None:
    engine = create(f"sqlite:///{tmp_path / 'aftale.db'}")
    sessions = []

    def read() -> None:
        with reading(engine) as session:
            sessions.append(session)

    with reading(engine) as outer:
        other = threading.Thread(target=read)
        other.start()
        other.join()
        read()
    assert sessions[0] is not outer and sessions[1] is outer
    engine.dispose()


def test_a_statement_is_compiled_once_for_all_databases_of_a_kind(database_url: str) -> None:
    def how(statement: Executable) -> str:
        engine = connect(database_url)
        with engine.connect() as connection:
            found = connection.execute(statement)
        engine.dispose()
        return str(found.context.cache_hit)

    statement = select(1, literal_column("'told nowhere else'"))
    assert [how(statement), how(statement)] == ["CacheStats.CACHE_MISS", "CacheStats.CACHE_HIT"]
