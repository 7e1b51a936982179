"""After a restore nothing goes twice: whatever was owed since the copy waits for a person's word (F36)."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.post import INSTANCE, owe
from tests.services.lived import hand_over, live, rules
from tests.smtp_server import ScriptedServer
from workflow.services.delivery.handling import release_everything
from workflow.services.keeping.moving import back, move
from workflow.services.keeping.restoring import notice_restored, reconcile
from workflow.services.keeping.traces import LATEST, newest_first, read_traces, write_traces
from workflow.services.planning.answering import Answer, answer
from workflow.services.planning.reminders import plan
from workflow.storage.copies.backup import bring_back, save
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import Alarm, Notice

THE_DAY = datetime(2023, 6, 29, 7, tzinfo=UTC)  # nine in Denmark, fifteen days after the councils' reply date
MORNINGS, MANY = 28, 44  # days since the copy, and the letters at least that went out on them
LATER = THE_DAY + timedelta(hours=1)


def sent_since(url: str, log: Path) -> int:
    """The mornings since the copy was taken, and their traces: how many mails the server got on the last one. A
    reminder of an earlier one is not owed beside its successor, so it waits for nobody's answer."""
    engine = connect(url)
    with ScriptedServer() as server:
        for days in range(MORNINGS, -1, -1):
            plan(engine, rules(), THE_DAY - timedelta(days=days))
            before = len(server.letters)
            hand_over(engine, server, THE_DAY - timedelta(days=days))
        count = len(server.letters) - before
    assert len(server.letters) >= MANY
    write_traces(engine, log, INSTANCE)
    engine.dispose()
    return count


@pytest.mark.fault("F36")
@pytest.mark.parametrize("how", ["restore", "cp", "postgresql", "move --back"])
def test_no_letter_sent_since_the_copy_goes_a_second_time(
    tmp_path: Path, lived_sqlite: Path, how: str, request: pytest.FixtureRequest
) -> None:
    place, copy, log = tmp_path / "aftale.db", tmp_path / "night.db", tmp_path / "letters.log"
    url = f"sqlite:///{place}"
    shutil.copy(lived_sqlite, place)
    shutil.copy(lived_sqlite, copy)
    if how == "postgresql":
        if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
            pytest.skip("PostgreSQL's client tools are not installed here")
        url = request.getfixturevalue("postgres_url")
        live(url)
        copy.unlink()
        save(url, copy)
        count = sent_since(url, log)
        empty = request.getfixturevalue("empty_postgres_url")
        bring_back(empty, copy)
        engine = connect(empty)
    elif how == "move --back":
        engine, elsewhere = connect(url), f"sqlite:///{tmp_path / 'new.db'}"
        move(engine, elsewhere, "new.db", "drift", THE_DAY - timedelta(days=MORNINGS + 1))
        count = sent_since(elsewhere, log)
        back(engine)
    else:
        count = sent_since(url, log)
        shutil.copy(copy, place)
        engine = connect(url)
    assert count and len(read_traces(log, INSTANCE)) >= MANY

    if how in ("restore", "postgresql"):
        traces = read_traces(log, INSTANCE)
        found = reconcile(engine, rules(), [], "drift", LATER, traces=traces, instance=INSTANCE)
        assert len(found.waiting) >= count and set(found.sent) <= {one["id"] for one in found.waiting}
        assert len(found.sent) >= count
    else:
        assert notice_restored(engine, rules(), log, [], LATER, INSTANCE)
        with reading(engine) as session:
            assert (
                "ældre kopi"
                in session.scalars(select(col(Alarm.text)).where(col(Alarm.key) == "outbox:restored")).one()
            )
        assert not notice_restored(engine, rules(), log, [], LATER, INSTANCE), "it is noticed once"
    release_everything(engine, LATER)
    with ScriptedServer() as server:
        for at in (LATER, LATER + timedelta(hours=3)):
            plan(engine, rules(), at)
            hand_over(engine, server, at)
        assert server.letters == []
    with reading(engine) as session:
        waiting = session.scalars(select(Notice).where(col(Notice.state) == "unanswered")).all()
        assert sum(one.uncertain for one in waiting) >= count
    answer(engine, rules(), Answer("told", "drift", "letters.log", date(2023, 6, 29)), at=LATER)
    with reading(engine) as session:
        assert session.scalars(select(Notice).where(col(Notice.state) == "unanswered")).all() == []
    engine.dispose()


def test_a_database_that_is_the_newest_there_is_is_not_taken_for_a_copy(
    tmp_path: Path, lived_sqlite: Path
) -> None:
    log = tmp_path / "letters.log"
    shutil.copy(lived_sqlite, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    assert not notice_restored(engine, rules(), log, [], THE_DAY, INSTANCE)
    assert write_traces(engine, log, INSTANCE) > 0 and write_traces(engine, log, INSTANCE) == 0
    log.write_text(log.read_text() + "2023-06-14T07:00:00+00:00 nord.ex")  # cut off by a full disk
    assert not notice_restored(engine, rules(), log, [], THE_DAY, INSTANCE)
    assert log.stat().st_mode & 0o077 == 0
    engine.dispose()


def accept(engine: Engine, first: int, at: datetime) -> None:
    """Two more letters were accepted at this instant; ``first`` is a number that no other of the kind has."""
    ids = owe(engine, 2, first=first)
    with writing(engine) as session:
        for one in session.scalars(select(Notice).where(col(Notice.id).in_(ids))):
            one.accepted_at, one.message_id = at, f"<{one.id}@nord.example>"


@pytest.mark.fault("F36")
def test_a_letter_that_was_recorded_late_or_at_the_same_instant_is_written_down_too(
    tmp_path: Path, lived_sqlite: Path
) -> None:
    log = tmp_path / "letters.log"
    shutil.copy(lived_sqlite, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    before = write_traces(engine, log, INSTANCE)
    for number, late in enumerate((timedelta(), timedelta(), timedelta(seconds=30), LATEST, timedelta())):
        accept(engine, 10 * number, THE_DAY - late)
        assert write_traces(engine, log, INSTANCE) == 2
        assert write_traces(engine, log, INSTANCE) == 0
    assert len({one.message_id for one in read_traces(log, INSTANCE)}) == before + 10
    engine.dispose()


@pytest.mark.fault("F36")
def test_a_line_that_a_full_disk_cut_off_takes_no_other_with_it(tmp_path: Path, lived_sqlite: Path) -> None:
    log = tmp_path / "letters.log"
    shutil.copy(lived_sqlite, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    before = write_traces(engine, log, INSTANCE)
    log.write_text(log.read_text() + f"{THE_DAY.isoformat()} {INSTANCE} <1@nord")
    accept(engine, 10, THE_DAY)
    assert write_traces(engine, log, INSTANCE) == 2
    assert len(read_traces(log, INSTANCE)) == before + 2
    engine.dispose()


def test_the_newest_letter_is_found_at_the_end_of_a_long_file(tmp_path: Path) -> None:
    log, told = tmp_path / "letters.log", [f"<{number:0>40}@nord.example>" for number in range(3000)]
    log.write_text("".join(f"{THE_DAY.isoformat()} {INSTANCE} {one} digest\n" for one in told))
    assert [one.message_id for one in newest_first(log, INSTANCE)] == told[::-1]
    assert read_traces(log, INSTANCE)[0].message_id == told[0]
    assert read_traces(log, "another") == read_traces(tmp_path / "none", INSTANCE) == []


@pytest.mark.fault("F36")
def test_a_copy_is_known_by_the_latest_letter_though_a_line_below_it_is_of_an_earlier_one(
    tmp_path: Path, lived_sqlite: Path
) -> None:
    log = tmp_path / "letters.log"
    shutil.copy(lived_sqlite, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    assert write_traces(engine, log, INSTANCE) > 1
    *_, last = read_traces(log, INSTANCE)
    late = f"{(THE_DAY - timedelta(minutes=30)).isoformat()} {INSTANCE} {last.message_id} {last.digest}"
    log.write_text(f"{log.read_text()}{THE_DAY.isoformat()} {INSTANCE} <gone@nord.example> digest\n{late}\n")
    assert notice_restored(engine, rules(), log, [], LATER, INSTANCE)
    engine.dispose()
