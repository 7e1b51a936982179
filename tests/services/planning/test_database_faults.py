"""The database locked, gone for a moment, or out of room: it waits or refuses whole, and the key sees to the rest."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from tests.conftest import ROOT
from tests.forked import Forked
from tests.post import LEASE, attempts, notice, notices, owe
from tests.services.conftest import Desk
from tests.services.delivery.test_killed import start
from tests.services.lived import EVENING, rules
from tests.services.planning import planning_process
from tests.smtp_server import ScriptedServer
from workflow.errors import Conflict
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.planning.reminders import plan
from workflow.storage.database import connect, writing

LOCK = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "LOCK TABLE notice IN ACCESS EXCLUSIVE MODE"}


@contextmanager
def locked(url: str) -> Iterator[Callable[[], None]]:
    """Another program holds the database; call what this gives to let it go."""
    engine = connect(url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(LOCK["postgresql"]))
        else:
            connection.execution_options(writing=True).execute(text("SELECT 1"))
        yield connection.rollback
    engine.dispose()


def in_a_hurry(url: str) -> Engine:
    """An engine that waits for a lock for a moment only."""
    engine = connect(url)
    wait = "PRAGMA busy_timeout=100" if engine.dialect.name == "sqlite" else "SET lock_timeout='100ms'"

    @event.listens_for(engine, "checkout")
    def _hurry(connection: object, *_: object) -> None:
        connection.cursor().execute(wait)  # type: ignore[attr-defined]

    return engine


def opened(url: str) -> set[int | None]:
    """An agreement opened on the second day of the year: the letters that its opening asks about, none of a plan's."""
    engine = connect(url)
    on = EVENING.replace(month=1, day=2, hour=8)
    fact = Fact(0, "opened", on.date(), by="test")
    open_agreement(engine, rules(), fact, region="nordjylland", term="2022-2025", label="2024-2027", at=on)
    asked = {row.id for row in notices(engine)}
    engine.dispose()
    return asked


@pytest.mark.fault("F1")
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_round_the_commit_of_a_plan_each_notice_is_planned_once(database_url: str, when: str) -> None:
    asked = opened(database_url)
    command = [sys.executable, str(planning_process.__file__), database_url, EVENING.isoformat()]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    killed = subprocess.run([*command, when], check=False, cwd=ROOT, env=env, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    engine = connect(database_url)
    left = [row.key for row in notices(engine) if row.id not in asked]
    assert bool(left) == (when == "after")
    planned = plan(engine, rules(), EVENING).planned
    assert bool(planned) == (when == "before")
    keys = [row.key for row in notices(engine)]
    assert len(keys) == len(set(keys)) == len(asked) + len(left) + len(planned)
    assert {row.state for row in notices(engine) if row.id not in asked} == {"planned"}
    engine.dispose()


@pytest.mark.fault("F30")
def test_a_locked_database_is_waited_for_and_nothing_is_doubled(desk: Desk, database_url: str) -> None:
    ids = owe(desk.engine, 2)
    with locked(database_url) as let_go, ScriptedServer() as server:
        threading.Timer(0.5, let_go).start()
        assert desk.passes(server).accepted == 2
    assert [notice(desk.engine, one).attempts for one in ids] == [1, 1]
    assert len(server.letters) == 2


@pytest.mark.fault("F30")
def test_a_database_that_stays_locked_refuses_the_whole_transaction(sqlite_url: str) -> None:
    engine = in_a_hurry(sqlite_url)
    with locked(sqlite_url), pytest.raises(Conflict, match="intet er ændret"):
        owe(engine, 2)
    assert notices(engine) == []
    engine.dispose()


@pytest.mark.fault("F30")
def test_a_lock_at_the_intent_gives_the_letter_back_unsent(database_url: str) -> None:
    desk = Desk(in_a_hurry(database_url))
    [one] = owe(desk.engine)
    stack = []

    def lock(_line: str) -> None:
        if not stack:
            holding = locked(database_url)
            stack.append((holding, holding.__enter__()))
            threading.Timer(1, stack[0][1]).start()

    with ScriptedServer({"RCPT": lock}) as server:
        with suppress(
            Conflict, DBAPIError
        ):  # the pass may end; the letter is given back when the lock is gone
            desk.passes(server)
        stack[0][0].__exit__(None, None, None)
        desk.at += LEASE
        desk.passes(server)
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, len(server.letters)) == ("accepted", False, 1)
    assert attempts(desk.engine, one)[0].outcome == "abandoned"
    desk.engine.dispose()


@pytest.mark.fault("F30")
def test_a_lock_at_the_answer_is_waited_for_since_the_letter_is_gone(database_url: str) -> None:
    desk = Desk(in_a_hurry(database_url))
    [one] = owe(desk.engine)
    holding = locked(database_url)

    def lock(_line: str) -> None:
        threading.Timer(0.4, holding.__enter__()).start()

    with ScriptedServer({"DOT": [lock]}) as server:
        assert desk.passes(server).accepted == 1
        holding.__exit__(None, None, None)
        assert desk.passes(server).accepted == 0
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, len(server.letters)) == ("accepted", False, 1)
    desk.engine.dispose()


def cut_all(url: str) -> None:
    """Every other connection to this database ends, as when its server is restarted."""
    engine = connect(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


@pytest.mark.fault("F31")
def test_postgresql_restarted_while_the_server_answers_costs_no_copy(postgres_url: str) -> None:
    desk = Desk(connect(postgres_url))
    ids = owe(desk.engine, 3)
    with ScriptedServer({"DOT": [lambda _line: cut_all(postgres_url)]}) as server:
        assert desk.passes(server).accepted == 3
    assert len(server.letters) == 3
    assert not any(notice(desk.engine, one).uncertain for one in ids)
    desk.engine.dispose()


@pytest.mark.fault("F31")
def test_postgresql_restarted_in_the_middle_of_a_commit_is_tried_again_by_key(postgres_url: str) -> None:
    opened(postgres_url)
    engine = connect(postgres_url)
    armed = [True]

    @event.listens_for(engine, "commit")
    def _cut(_connection: object) -> None:
        if armed and armed.pop():
            cut_all(postgres_url)

    with pytest.raises(Exception, match=r"terminat|closed"):
        plan(engine, rules(), EVENING)
    assert not armed
    assert plan(engine, rules(), EVENING).planned
    assert plan(engine, rules(), EVENING).planned == []
    keys = [row.key for row in notices(engine)]
    assert len(keys) == len(set(keys)) > 0
    engine.dispose()


def room(process: subprocess.Popen[bytes], size: int) -> None:
    """The most that ``process`` may write in one file: beyond it every write fails, as on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.fault("F32")
@pytest.mark.parametrize(
    ("verb", "lasts", "letters"),
    [("MAIL", True, 1), ("DOT", True, 2), ("DOT", False, 1)],
    ids=["before the intent", "after the dot", "for a moment after the dot"],
)
def test_a_full_disk_loses_no_letter_and_doubles_none_in_silence(
    sqlite_url: str, verb: str, lasts: bool, letters: int
) -> None:
    engine = connect(sqlite_url)
    [one] = owe(engine)
    sender: Forked
    full, started = [], threading.Event()

    def fill(_line: str) -> None:
        if not full:
            full.append(True)
            started.wait()
            room(sender, 1)
            if not lasts:
                threading.Timer(0.3, room, (sender, resource.RLIM_INFINITY)).start()

    with ScriptedServer({verb: fill}) as server:
        sender = start(sqlite_url, server.port, timedelta(), "")
        started.set()
        assert (sender.wait(60) == 0) is not lasts
        assert start(sqlite_url, server.port, LEASE, "").wait(60) == 0
    row = notice(engine, one)
    assert (row.state, row.uncertain, len(server.letters)) == ("accepted", letters == 2, letters)
    assert {letter.raw for letter in server.letters} == {row.body}
    engine.dispose()


@pytest.mark.fault("F32")
def test_a_full_disk_refuses_a_plan_whole_and_the_next_pass_writes_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    asked = opened(sqlite_url)
    engine = connect(sqlite_url)
    pages = (tmp_path / "aftale.db").stat().st_size // 4096
    with engine.connect() as connection:  # this file may not grow
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
    with pytest.raises(Exception, match="full"), writing(engine) as session:
        session.execute(text("INSERT INTO meta VALUES ('x', 'y')"))
        session.execute(text("INSERT INTO meta VALUES ('big', hex(zeroblob(100000)))"))
    with pytest.raises(Exception, match="full"):
        plan(engine, rules(), EVENING)
    assert {row.id for row in notices(engine)} == asked
    engine.dispose()
    engine = connect(sqlite_url)
    assert plan(engine, rules(), EVENING).planned
    assert {row.state for row in notices(engine) if row.id not in asked} == {"planned"}
    engine.dispose()
