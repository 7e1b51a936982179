"""kill -9 at every step of a sending, in a real process: nothing lost, at most one copy, and never silently."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import ROOT
from tests.forked import NOWHERE, Forked
from tests.post import AT, LEASE, notices, owe
from tests.services.delivery import one_pass
from tests.smtp_server import DROP, ScriptedServer
from workflow.storage.database import connect

VICTIM = 2  # the second of three letters


def start(url: str, port: int, late: timedelta, step: str) -> Forked:
    said = [url, str(port), (AT + late).isoformat(), step, str(VICTIM)]
    return Forked(one_pass.main, said, dict(os.environ), ROOT, out=NOWHERE)


def check(url: str, server: ScriptedServer, in_doubt: bool, copies_on_the_wire: int) -> None:
    engine = connect(url)
    rows = notices(engine)
    engine.dispose()
    assert [row.state for row in rows] == ["accepted"] * 3, "nothing is lost"
    for row in rows:
        received = [letter.raw for letter in server.letters if letter.to == row.address]
        expected = copies_on_the_wire if row.id == VICTIM else 1
        assert len(received) == expected
        assert set(received) == {row.body}, "a copy is the same bytes, so it has the same Message-ID"
        assert row.uncertain is (in_doubt and row.id == VICTIM), (
            "no copy is silent, and nothing else is in doubt"
        )
        assert row.copies == int(row.uncertain)


STEPS = [
    ("rendered", False, 1),
    ("claimed", False, 1),
    ("talking", False, 1),
    ("intent", True, 1),  # DATA was never said, but nobody can know
    ("sent", True, 2),  # the 250 was heard and not recorded: the one extra copy
    ("recorded", False, 1),
]


@pytest.mark.fault("F2")
@pytest.mark.fault("F3")
@pytest.mark.fault("F6")
@pytest.mark.fault("F7")
@pytest.mark.slow
@pytest.mark.parametrize(("step", "in_doubt", "copies"), STEPS, ids=[step for step, *_ in STEPS])
def test_killed_at_a_step(database_url: str, step: str, in_doubt: bool, copies: int) -> None:
    engine = connect(database_url)
    assert owe(engine, 3)[1] == VICTIM
    engine.dispose()
    with ScriptedServer() as server:
        assert start(database_url, server.port, timedelta(), step).wait(60) == -signal.SIGKILL
        assert start(database_url, server.port, LEASE, "").wait(60) == 0
        check(database_url, server, in_doubt, copies)


@pytest.mark.fault("F4")
@pytest.mark.fault("F5")
@pytest.mark.slow
@pytest.mark.parametrize(("verb", "copies"), [("RCPT", 1), ("BODY", 1), ("DOT", 2)])
def test_killed_from_outside_while_the_server_listens(database_url: str, verb: str, copies: int) -> None:
    """In the middle of the letter, and after the dot with the 250 on its way."""
    engine = connect(database_url)
    owe(engine, 3)
    engine.dispose()
    seen, started = 0, threading.Event()
    sender: Forked

    def kill(_line: str) -> str | None:
        nonlocal seen
        seen += 1
        if seen != VICTIM:
            return None
        started.wait()
        sender.kill()
        return DROP

    with ScriptedServer({verb: kill}) as server:
        sender = start(database_url, server.port, timedelta(), "")
        started.set()
        assert sender.wait(60) == -signal.SIGKILL
        assert start(database_url, server.port, LEASE, "").wait(60) == 0
        check(database_url, server, verb != "RCPT", copies)


def killed_at_random(
    server: ScriptedServer, dice: random.Random, begin: Callable[[timedelta], Forked]
) -> int:
    """Kill what ``begin`` starts at random words of its conversation, each successor a lease later, and let the last
    one end; how many were killed."""
    sender: list[Forked] = []
    starting = threading.Lock()  # it may speak before this test knows which process it is
    verbs = ("EHLO", "MAIL", "RCPT", "DATA", "BODY", "DOT")
    kills = 4

    def kill(_line: str) -> str:
        with starting:
            sender[-1].kill()
        return DROP

    for number in range(kills):
        verb = dice.choice(verbs[1:] if number else verbs)
        server.script = {verb: [*[None] * dice.randrange(4 if verb != "EHLO" else 1), kill]}
        with starting:
            sender.append(begin(number * LEASE))
        assert sender[-1].wait(60) == -signal.SIGKILL
    server.script = {}
    assert begin(kills * LEASE).wait(60) == 0
    return kills


@pytest.mark.fault("F8")
@pytest.mark.slow
def test_killed_again_and_again_at_random_it_loses_nothing_and_no_copy_is_silent(database_url: str) -> None:
    engine, dice = connect(database_url), random.Random(20270301)
    owe(engine, 20)
    with ScriptedServer() as server:
        kills = killed_at_random(server, dice, lambda late: start(database_url, server.port, late, ""))
    rows = notices(engine)
    engine.dispose()
    assert {row.state for row in rows} == {"accepted"}
    for row in rows:
        received = [letter.raw for letter in server.letters if letter.to == row.address]
        assert set(received) == {row.body}
        assert len(received) == 1 or row.uncertain, "no copy is silent"
    assert len(server.letters) <= len(rows) + kills


@pytest.mark.fault("F11")
@pytest.mark.slow
@pytest.mark.parametrize(("verb", "copies"), [("RCPT", 1), ("DOT", 2)])
def test_paused_past_its_lease(database_url: str, verb: str, copies: int) -> None:
    """Before the intent the sleeper is fenced off and sends nothing; after it there is one flagged copy."""
    engine = connect(database_url)
    owe(engine, 3)
    engine.dispose()
    seen, started = 0, threading.Event()
    sleeper: Forked

    def pause(_line: str) -> None:
        nonlocal seen
        seen += 1
        if seen != VICTIM:
            return
        started.wait()
        sleeper.send_signal(signal.SIGSTOP)
        assert start(database_url, server.port, LEASE, "").wait(60) == 0
        sleeper.send_signal(signal.SIGCONT)

    with ScriptedServer({verb: pause}) as server:
        sleeper = start(database_url, server.port, timedelta(), "")
        started.set()
        assert sleeper.wait(60) == 0
        check(database_url, server, verb == "DOT", copies)


@pytest.mark.fault("F10")
@pytest.mark.slow
def test_three_workers_at_once_send_each_letter_once(database_url: str) -> None:
    engine = connect(database_url)
    owe(engine, 30)
    with ScriptedServer() as server:
        workers = [start(database_url, server.port, timedelta(), "") for _ in range(3)]
        assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    rows = notices(engine)
    engine.dispose()
    assert {(row.state, row.uncertain) for row in rows} == {("accepted", False)}
    assert sorted(letter.to for letter in server.letters) == sorted(row.address for row in rows)
