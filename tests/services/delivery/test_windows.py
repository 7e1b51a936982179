"""Reminders that share their commits: none lost, no copy unflagged, at most a window of them; letters of law alone."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from tests.conftest import ROOT
from tests.forked import NOWHERE, Forked
from tests.post import AT, INSTANCE, LEASE, letters, notice, notices, open_alarms, owe
from tests.services.conftest import Desk
from tests.services.delivery.test_killed import killed_at_random
from tests.smtp_server import DROP, HANG, ScriptedServer
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.sending import deliver
from workflow.storage.database import connect, reading
from workflow.storage.tables import Attempt

WINDOW = 5


def one_pass(arguments: list[str]) -> None:
    """Deliver once in windows, and kill itself at a step."""
    url, port, at, die_at, die_for, clock = arguments

    def now() -> datetime:
        return datetime.fromisoformat(Path(clock).read_text() if clock else at)

    def on_step(step: str, notice_id: int) -> None:
        if step == die_at and notice_id == int(die_for):
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(
        deliver(
            connect(url), letters(), Wire(SmtpTarget("127.0.0.1", int(port))), now,
            f"pass-{os.getpid()}", instance=INSTANCE, stop=lambda: False, limit=100, per_minute=0, lease=LEASE,
            window=WINDOW, on_step=on_step,
        )
    )  # fmt: skip


def start(url: str, port: int, late: timedelta, step: str, victim: int, clock: Path | str = "") -> Forked:
    """A process that delivers once; its clock stands, or is read from the file ``clock``."""
    said = [url, str(port), (AT + late).isoformat(), step, str(victim), str(clock)]
    return Forked(one_pass, said, dict(os.environ), ROOT, out=NOWHERE)


def attempts(engine: Engine) -> list[Attempt]:
    with reading(engine) as session:
        return list(session.scalars(select(Attempt).order_by(Attempt.id)))  # type: ignore[arg-type]


def nothing_lost_and_no_copy_unflagged(url: str, server: ScriptedServer, kills: int) -> None:
    engine = connect(url)
    rows = notices(engine)
    engine.dispose()
    assert {row.state for row in rows} == {"accepted"}
    for row in rows:
        received = [letter.raw for letter in server.letters if letter.to == row.address]
        assert received and set(received) == {row.body}, "a copy is the same bytes"
        assert len(received) == 1 or row.uncertain, "no copy is silent"
        assert len(received) <= 1 + row.copies
    assert len(server.letters) <= len(rows) + kills * WINDOW
    assert sum(row.uncertain for row in rows) <= kills * WINDOW


def test_a_window_is_claimed_intended_and_recorded_together(desk: Desk) -> None:
    ids = owe(desk.engine, 12)
    commits = 0

    @event.listens_for(desk.engine, "commit")
    def _count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    with ScriptedServer() as server:
        desk.passes(server, limit=0)
        written, desk.steps[:] = commits, []
        assert desk.passes(server, window=WINDOW, writes=False).accepted == 12
    said = [
        [one for step, one in desk.steps if step == name]
        for name in ("claimed", "talking", "intent", "recorded")
    ]
    assert said == [ids] * 4
    assert [letter.to for letter in server.letters] == [
        f"raad{number}@kommune.example" for number in range(1, 13)
    ]
    assert commits - written <= 3 * 3 + 1, "three windows, and one look at nothing"
    assert server.connections == 1
    for one in attempts(desk.engine):
        assert (
            (one.outcome, one.code, one.verb) == ("accepted", 250, "DOT") and one.intent_at and one.ended_at
        )
    assert {(row.state, row.attempts, row.copies, row.owner) for row in notices(desk.engine)} == {
        ("accepted", 1, 0, "")
    }


def test_a_letter_of_law_goes_alone_and_none_due_later_goes_before_it(desk: Desk) -> None:
    first = owe(desk.engine, 3)
    [law] = owe(desk.engine, 1, first=4, statutory=True)
    last = owe(desk.engine, 3, first=5)
    with ScriptedServer() as server:
        assert desk.passes(server, window=WINDOW).accepted == 7
    order = [one for step, one in desk.steps if step == "talking"]
    assert order == [*first, law, *last]
    of_law = desk.steps.index(("claimed", law))
    assert desk.steps[of_law : of_law + 5] == [
        (step, law) for step in ("claimed", "talking", "intent", "sent", "recorded")
    ]
    assert desk.steps[of_law - 1][0] == "recorded"


def test_a_refused_address_in_the_middle_costs_the_others_nothing(desk: Desk) -> None:
    ids = owe(desk.engine, 5)
    with ScriptedServer({"RCPT": [None, None, "550 5.1.1 no such user"]}) as server:
        report = desk.passes(server, window=WINDOW)
    assert (report.accepted, report.refused) == (4, 1)
    assert [notice(desk.engine, one).state for one in ids] == [
        "accepted",
        "accepted",
        "refused",
        "accepted",
        "accepted",
    ]
    assert [row.attempts for row in notices(desk.engine)] == [1] * 5


@pytest.mark.parametrize("verb", ["DATA", "DOT"])
def test_a_line_that_breaks_puts_one_letter_in_doubt_and_gives_the_others_back(desk: Desk, verb: str) -> None:
    ids = owe(desk.engine, 5)
    with ScriptedServer({verb: [None, DROP]}) as server:
        report = desk.passes(server, window=WINDOW)
    assert (report.accepted, report.uncertain) == (4, 1)
    rows = [notice(desk.engine, one) for one in ids]
    assert [row.state for row in rows] == ["accepted", "ready", "accepted", "accepted", "accepted"]
    assert [row.uncertain for row in rows] == [False, True, False, False, False]
    assert [row.attempts for row in rows] == [1] * 5, "what was given back was not tried"
    assert [one.intent_at for one in attempts(desk.engine) if one.outcome == "abandoned"] == [None] * 3


def test_when_the_mail_server_is_away_nothing_of_the_window_is_in_doubt(desk: Desk) -> None:
    owe(desk.engine, 5)
    with ScriptedServer({"MAIL": [DROP] * 5}) as server:
        report = desk.passes(server, window=WINDOW)
    assert (report.accepted, report.deferred, report.uncertain) == (0, 5, 0)
    assert {(row.state, row.uncertain, row.copies) for row in notices(desk.engine)} == {("ready", False, 0)}


def test_alarms_end_when_a_letter_of_a_window_gets_through(desk: Desk) -> None:
    [one, *_] = owe(desk.engine, 4)
    with ScriptedServer({"DOT": ["452 4.2.2 mailbox full"]}) as server:
        desk.passes(server, window=WINDOW)
        assert "full:raad1@kommune.example" in open_alarms(desk.engine)
        owe(desk.engine, 3, first=5)
        desk.later(hours=30)
        assert desk.passes(server, window=WINDOW).accepted == 4
    assert notice(desk.engine, one).state == "accepted"
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F81")
@pytest.mark.slow
def test_a_letter_that_hangs_lets_the_others_of_its_window_go(desk: Desk) -> None:
    ids = owe(desk.engine, 4)
    with ScriptedServer({"DOT": [None, HANG]}) as server:
        report = desk.passes(server, patience=15, window=WINDOW)
    assert (report.accepted, report.uncertain) == (3, 1)
    assert [one for step, one in desk.steps if step == "recorded"][-1] == ids[1]


def test_no_more_are_claimed_than_the_minute_has_room_for(desk: Desk) -> None:
    owe(desk.engine, 12)
    with ScriptedServer() as server:
        assert desk.passes(server, window=WINDOW, per_minute=7).accepted == 7
        assert desk.passes(server, window=WINDOW, per_minute=7).accepted == 0
        desk.later(minutes=2)
        assert desk.passes(server, window=WINDOW, per_minute=7).accepted == 5


def test_at_most_the_limit_of_a_pass_is_claimed(desk: Desk) -> None:
    owe(desk.engine, 8)
    with ScriptedServer() as server:
        assert desk.passes(server, window=WINDOW, limit=7).accepted == 7
    assert len([one for step, one in desk.steps if step == "claimed"]) == 7


def test_told_to_stop_it_records_what_was_said_and_gives_the_rest_back(desk: Desk) -> None:
    owe(desk.engine, 5)
    heard: list[str] = []

    def dot(_line: str) -> None:
        heard.append("")

    with ScriptedServer({"DOT": dot}) as server:
        report = desk.passes(server, window=WINDOW, stop=lambda: len(heard) >= 2)
    assert report.accepted == 2
    rows = notices(desk.engine)
    assert [row.state for row in rows] == ["accepted", "accepted", "ready", "ready", "ready"]
    assert [(row.attempts, row.uncertain, row.owner) for row in rows[2:]] == [(0, False, "")] * 3


@pytest.mark.fault("F12")
def test_cancelled_in_the_middle_it_waits_for_the_answer_and_gives_the_rest_back(desk: Desk) -> None:
    owe(desk.engine, 5)
    going: list[asyncio.Task[object]] = []

    async def run(server: ScriptedServer) -> None:
        await desk.sends(server, limit=0)  # written
        loop = asyncio.get_running_loop()
        going.append(loop.create_task(desk.sends(server, window=WINDOW, writes=False)))
        seen = 0

        def dot(_line: str) -> None:
            nonlocal seen
            seen += 1
            if seen == 2:
                loop.call_soon_threadsafe(going[0].cancel)

        server.script = {"DOT": dot}
        with pytest.raises(asyncio.CancelledError):
            await going[0]

    with ScriptedServer() as server:
        asyncio.run(run(server))
    states = [row.state for row in notices(desk.engine)]
    assert states[:2] == ["accepted", "accepted"] and set(states[3:]) <= {"ready"}
    assert not any(row.uncertain for row in notices(desk.engine))
    assert len(server.letters) == states.count("accepted")


def test_one_that_was_taken_over_is_not_said(desk: Desk) -> None:
    ids = owe(desk.engine, 4)
    engine = desk.engine

    def on_step(step: str, one: int) -> None:
        if (step, one) == ("talking", ids[0]):
            with engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE notice SET fence = fence + 1 WHERE id = {ids[2]}")

    with ScriptedServer() as server:
        assert desk.passes(server, window=WINDOW, on_step=on_step).accepted == 3
    assert sorted(letter.to for letter in server.letters) == [f"raad{n}@kommune.example" for n in (1, 2, 4)]


@pytest.mark.fault("F3")
@pytest.mark.fault("F6")
@pytest.mark.slow
@pytest.mark.parametrize("step", ["claimed", "talking", "intent", "sent", "recorded"])
def test_killed_at_a_step_of_a_window(database_url: str, step: str) -> None:
    engine = connect(database_url)
    ids = owe(engine, 8)
    engine.dispose()
    with ScriptedServer() as server:
        assert start(database_url, server.port, timedelta(), step, ids[2]).wait(60) == -signal.SIGKILL
        assert start(database_url, server.port, LEASE, "", 0).wait(60) == 0
        nothing_lost_and_no_copy_unflagged(database_url, server, kills=1)


@pytest.mark.fault("F8")
@pytest.mark.slow
def test_killed_again_and_again_in_windows(database_url: str) -> None:
    engine, dice = connect(database_url), random.Random(20270302)
    owe(engine, 24)
    engine.dispose()
    with ScriptedServer() as server:
        kills = killed_at_random(server, dice, lambda late: start(database_url, server.port, late, "", 0))
        nothing_lost_and_no_copy_unflagged(database_url, server, kills)


@pytest.mark.fault("F11")
@pytest.mark.slow
@pytest.mark.parametrize(
    "offers", [("8BITMIME",), ("8BITMIME", "PIPELINING")], ids=["one by one", "together"]
)
@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_paused_past_its_lease_it_says_nothing_more(
    database_url: str, tmp_path: Path, verb: str, offers: tuple[str, ...]
) -> None:
    """By its own clock, once it wakes: out twice are those whose answer it had not recorded, and no later one."""
    engine = connect(database_url)
    owe(engine, 8)
    engine.dispose()
    clock = tmp_path / "clock"
    clock.write_text(AT.isoformat())
    seen, started = 0, threading.Event()
    sleeper: Forked

    def pause(_line: str) -> None:
        nonlocal seen
        seen += 1
        if seen != 2:
            return
        started.wait()
        sleeper.send_signal(signal.SIGSTOP)
        assert start(database_url, server.port, LEASE, "", 0).wait(60) == 0
        clock.write_text((AT + LEASE).isoformat())
        sleeper.send_signal(signal.SIGCONT)

    with ScriptedServer({verb: pause}, offers=offers) as server:
        sleeper = start(database_url, server.port, timedelta(), "", 0, clock)
        started.set()
        assert sleeper.wait(60) == 0
        nothing_lost_and_no_copy_unflagged(database_url, server, kills=1)
    assert len(server.letters) == 8 + (2 if verb == "DOT" else 1)


@pytest.mark.fault("F10")
@pytest.mark.slow
def test_three_workers_in_windows_send_each_letter_once(database_url: str) -> None:
    engine = connect(database_url)
    owe(engine, 40)
    with ScriptedServer() as server:
        workers = [start(database_url, server.port, timedelta(), "", 0) for _ in range(3)]
        assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    rows = notices(engine)
    engine.dispose()
    assert {(row.state, row.uncertain) for row in rows} == {("accepted", False)}
    assert sorted(letter.to for letter in server.letters) == sorted(row.address for row in rows)
