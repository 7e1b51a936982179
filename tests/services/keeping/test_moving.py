"""Moving a whole database, both ways between SQLite and PostgreSQL: everything, compared, or nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, func, insert, select, text, update
from sqlmodel import SQLModel

from tests.conftest import ROOT
from tests.post import AT, LEASE, notice, owe, ready
from workflow.errors import Conflict, Invalid, Misconfigured, NotPossible
from workflow.rules.facts import Fact
from workflow.services.delivery.handling import hold_everything, release_everything, why_stopped
from workflow.services.keeping.moving import Moved, back, move, stand_still
from workflow.services.keeping.verifying import verify
from workflow.services.watch.heartbeat import instance_of, open_alarms
from workflow.storage import meta
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal
from workflow.storage.letters import outbox
from workflow.storage.letters.alarms import raise_alarm
from workflow.storage.people.people import Person
from workflow.storage.tables import Bounce, Document, FactRow, Notice

TABLES = SQLModel.metadata.sorted_tables
AWKWARD = "Ærø Kommunes »råd«; 100 %\n\ttab"


@pytest.fixture
def source(database_url: str) -> Iterator[Engine]:
    """A database with something in every table of the delivery and the journal."""
    engine = connect(database_url)
    instance_of(engine)
    first, second = owe(engine, 2)
    ready(engine, 3, first=10)
    with writing(engine) as session:
        session.execute(
            insert(Document).values(digest="d" * 64, name="svar.pdf", content=bytes(range(256)), kept_at=AT)
        )
        agreement = journal.find(session, "nordjylland/2024-2027", lock=True)
        for number, on in enumerate(("2024-01-01", "2025-06-30"), start=1):
            fact = Fact(
                0,
                "effective",
                AT.date(),
                source=f"{AWKWARD} {on}",
                by="SSU",
                document="d" * 64 * (number == 1),
            )
            journal.append(session, agreement, fact, AT + timedelta(microseconds=number))
        claimed = outbox.claim(session, AT, "x", LEASE)
        assert claimed
        outbox.outcome(session, claimed, "uncertain", 0, AWKWARD, "DATA", AT, AT)
        session.execute(update(Notice).where(Notice.id == first).values(carried_by=second, state="carried"))
        session.execute(
            insert(Bounce).values(
                notice_id=second, digest="b", kind="failed", text="", raw=b"\x00\xff", arrived_at=AT
            )
        )
        raise_alarm(session, "one", "alarm", AWKWARD, AT)
        session.execute(
            insert(Person).values(email="a@b.example", name=AWKWARD, role="coordinator", added_at=AT)
        )
    yield engine
    engine.dispose()


@pytest.fixture
def target_url(source: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Of the other kind than the source; migrated on PostgreSQL, not there yet on SQLite."""
    if source.dialect.name == "sqlite":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'moved.db'}"


def content(engine: Engine, table: Table) -> list[tuple[object, ...]]:
    with reading(engine) as session:
        return sorted((tuple(row) for row in session.execute(select(table))), key=repr)


def moved(source: Engine, url: str) -> Moved:
    return move(source, url, "the new one", "drift", AT + LEASE)


def counted(url: str) -> int:
    engine = connect(url)
    with reading(engine) as session:
        rows = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES)
    engine.dispose()
    return rows


def test_every_row_arrives_to_the_byte_and_every_journal_has_the_same_head(
    source: Engine, target_url: str
) -> None:
    before = {table.name: content(source, table) for table in TABLES}
    name = instance_of(source)
    told = moved(source, target_url)
    target = connect(target_url)
    assert {table.name: content(target, table) for table in TABLES} == before
    assert told.rows == {name: len(rows) for name, rows in before.items()}
    assert verify(target, None) == (1, [])
    with reading(target) as session:
        row = journal.find(session, "nordjylland/2024-2027")
    assert told.heads == {"nordjylland/2024-2027": (2, row.head)}
    assert instance_of(target) == name
    target.dispose()


def test_the_tables_that_matter_were_not_empty(source: Engine) -> None:
    filled = {table.name for table in TABLES if content(source, table)}
    assert filled >= {
        "agreement",
        "fact",
        "document",
        "notice",
        "attempt",
        "bounce",
        "alarm",
        "contact",
        "meta",
    }


def test_afterwards_the_source_sends_nothing_and_says_where_everything_went(
    source: Engine, target_url: str
) -> None:
    moved(source, target_url)
    assert why_stopped(source) == "flyttet til the new one (drift)"
    assert "outbox:stopped" in {alarm.key for alarm in open_alarms(source)}
    target = connect(target_url)
    assert why_stopped(target) == ""
    assert "outbox:stopped" not in {alarm.key for alarm in open_alarms(target)}
    target.dispose()


def test_afterwards_nothing_is_written_at_the_source_and_everything_can_be_read(
    source: Engine, target_url: str
) -> None:
    moved(source, target_url)
    with pytest.raises(Misconfigured, match="everything in it was moved to the new one"):
        ready(source, 1, first=90)
    with pytest.raises(Misconfigured, match="aftale move --back"):
        release_everything(source, AT)
    assert verify(source, None) == (1, [])
    assert why_stopped(source)
    target = connect(target_url)
    assert ready(target, 1, first=90)
    target.dispose()


def test_the_way_back_opens_the_source_and_leaves_sending_held(source: Engine, target_url: str) -> None:
    with pytest.raises(NotPossible, match="nothing was moved"):
        back(source)
    moved(source, target_url)
    assert back(source) == "the new one"
    assert ready(source, 1, first=90)
    assert why_stopped(source) == "flyttet til the new one (drift)"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_writer_that_comes_while_it_moves_waits_and_is_then_refused(source: Engine) -> None:
    refused: list[str] = []

    def write() -> None:
        with pytest.raises(Misconfigured) as refusal:
            ready(source, 1, first=90)
        refused.append(str(refusal.value))

    writer = threading.Thread(target=write)
    with writing(source) as session:
        stand_still(session)
        writer.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'meta'::regclass")
        until = time.monotonic() + 120  # seconds until it gives up; nothing is measured by it
        while not session.scalar(waiting):
            assert time.monotonic() < until
        meta.put(session, "moved", "the new one")
    writer.join()
    assert "moved to the new one" in refused[0]


def test_what_was_held_stays_held_in_the_new_one_too(source: Engine, target_url: str) -> None:
    hold_everything(source, "vi venter", "drift", AT)
    moved(source, target_url)
    target = connect(target_url)
    assert why_stopped(target) == "vi venter (drift)"
    target.dispose()


def test_the_new_one_counts_on_from_the_highest_number(source: Engine, target_url: str) -> None:
    moved(source, target_url)
    target = connect(target_url)
    with reading(target) as session:
        highest = session.scalar(select(func.max(Notice.id)))
    assert highest
    assert ready(target, 1, first=90) == [highest + 1]
    target.dispose()


def test_a_target_that_holds_anything_is_refused(source: Engine, target_url: str) -> None:
    moved(source, target_url)
    before = counted(target_url)
    with pytest.raises(Conflict, match=r"not empty \(.*1 in agreement"):
        moved(source, target_url)
    assert counted(target_url) == before


def test_the_database_itself_is_no_target(source: Engine, database_url: str) -> None:
    with pytest.raises((Conflict, Invalid), match="not empty"):
        moved(source, database_url)
    assert why_stopped(source) == ""


def test_an_edited_journal_is_not_moved(source: Engine, target_url: str) -> None:
    with writing(source) as session:
        if source.dialect.name == "sqlite":
            kept = session.execute(
                text("SELECT sql FROM sqlite_master WHERE name = 'fact_no_update'")
            ).scalar_one()
            session.execute(text("DROP TRIGGER fact_no_update"))
        else:
            kept = "ALTER TABLE fact ENABLE TRIGGER USER"
            session.execute(text("ALTER TABLE fact DISABLE TRIGGER USER"))
        session.execute(update(FactRow).where(FactRow.no == 1).values(source="noget andet"))
        session.execute(text(kept))  # whoever edits puts back what would show it
    with pytest.raises(NotPossible, match="fact 1 was changed"):
        moved(source, target_url)
    assert why_stopped(source) == ""


def test_a_table_that_would_stay_behind_is_named(source: Engine, target_url: str) -> None:
    with writing(source) as session:
        session.execute(text("CREATE TABLE notes (id INTEGER)"))
    with pytest.raises(Misconfigured, match="notes: the program does not know"):
        moved(source, target_url)
    assert why_stopped(source) == ""


def test_while_a_letter_is_on_its_way_nothing_moves(source: Engine, target_url: str) -> None:
    with writing(source) as session:
        assert outbox.claim(session, AT + LEASE, "somebody", LEASE)
    with pytest.raises(Conflict, match="on its way until"):
        moved(source, target_url)
    assert why_stopped(source) == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_target_that_changes_what_it_is_given_is_found_out_and_left_empty(
    source: Engine, postgres_url: str
) -> None:
    target = connect(postgres_url)
    with writing(target) as session:
        session.execute(
            text(
                "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN NEW.name = upper(NEW.name); RETURN NEW; END$$"
            )
        )
        session.execute(
            text("CREATE TRIGGER shouting BEFORE INSERT ON contact FOR EACH ROW EXECUTE FUNCTION shout()")
        )
    with pytest.raises(Misconfigured, match="contact: read back"):
        moved(source, postgres_url)
    assert (counted(postgres_url), why_stopped(source)) == (0, "")
    target.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_target_that_cannot_hold_a_row_gets_none(source: Engine, target_url: str) -> None:
    with writing(source) as session:
        session.execute(update(Notice).values(answer="a\x00b"))  # PostgreSQL's text holds no NUL
    with pytest.raises(Misconfigured, match="did not take everything"):
        moved(source, target_url)
    assert (counted(target_url), why_stopped(source)) == (0, "")


def test_a_file_that_could_not_be_filled_is_not_left_lying(sqlite_url: str, tmp_path: Path) -> None:
    engine = connect(sqlite_url)
    [one] = ready(engine, 1)
    with writing(engine) as session:
        outbox.claim(session, AT, "somebody", LEASE)
    new = tmp_path / "new.db"
    with pytest.raises(Conflict):
        move(engine, f"sqlite:///{new}", "new.db", "drift", AT)
    assert not new.exists()
    assert notice(engine, one).state == "claimed"
    engine.dispose()


def test_every_table_comes_along_whatever_a_process_has_loaded(sqlite_template: Path) -> None:
    """A process that loads little else knows as many tables as a new database has."""
    told = "import workflow.services.keeping.moving as m; print(*sorted(one.name for one in m._TABLES))"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, cwd=ROOT)
    with sqlite3.connect(sqlite_template) as connection:
        there = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    names = {name for (name,) in there if not name.startswith("sqlite_")} - {"alembic_version"}
    assert set(done.stdout.split()) == names
