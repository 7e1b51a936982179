"""Many daemons on one PostgreSQL database: what they share, and what it costs when hosts and servers die."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.faces.daemon.fleet import Fleet, Tally, accepted, owe_letters, tally, until
from tests.post import AT, attempts, notices
from tests.reliability import keep, version
from tests.smtp_server import HANG, ScriptedServer
from workflow.faces.daemon.distributed import Distributed
from workflow.faces.daemon.pulse import Pulse
from workflow.faces.daemon.start import engine_of
from workflow.faces.daemon.workplace import open_workplace
from workflow.services.delivery.sending import LEASE, nothing
from workflow.settings import Settings
from workflow.storage.database import connect

pytestmark = [pytest.mark.timeout(1800), pytest.mark.xdist_group("fleet"), pytest.mark.slow]
NONE = Tally(0, 0, 0, 0, 0)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = connect(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def fleet(
    postgres_url: str, server: ScriptedServer, tmp_path: Path, clean_env: dict[str, str]
) -> Iterator[Fleet]:
    fleet = Fleet(postgres_url, server, tmp_path, clean_env)
    yield fleet
    fleet.end()
    print(fleet.logs())


@pytest.mark.torture
@pytest.mark.fault("F10")
def test_three_daemons_share_the_letters_and_send_each_once(
    fleet: Fleet, engine: Engine, torture: bool
) -> None:
    count = 5000 if torture else 150
    owe_letters(engine, count)
    arrived, all_there = itertools.count(1), threading.Event()

    def meet(_line: str) -> None:
        """Two quick hosts must not have sent everything before the third is up."""
        if next(arrived) == 3:
            all_there.set()
        all_there.wait(50)  # less than a daemon waits for an answer

    fleet.server.script["EHLO"] = meet
    for _ in range(3):
        fleet.start()
    until(lambda: accepted(engine) == count, "every letter is handed over")
    assert [fleet.stop(host) for host in list(fleet.hosts)] == [0, 0, 0]
    told = tally(engine, fleet.server)
    keep("workers", f"3 daemons, {version(engine)}", told.figures(count), long=torture)
    assert told == NONE
    with engine.connect() as connection:
        shares = connection.execute(
            text("SELECT count(*) FROM attempt GROUP BY split_part(owner, ' ', 1)")
        ).scalars()
        jobs = connection.execute(text("SELECT status FROM aftale_jobs.procrastinate_jobs")).scalars()
        left = set(jobs) - {"todo"}  # the wake-up of the tick after the last may wait
    assert len(list(shares)) == 3
    assert not left, "finished jobs are not kept"


@pytest.mark.torture
@pytest.mark.fault("F11")
def test_hosts_killed_and_paused_past_their_leases_lose_nothing_and_double_nothing_silently(
    fleet: Fleet, engine: Engine, torture: bool
) -> None:
    """Every so many letters a host, drawn by lot, is killed and replaced, or paused until its lease has ended."""
    count, blows = (2000, 60) if torture else (120, 6)
    seed = random.randrange(10**6)
    print("seed", seed)
    lots = random.Random(seed)
    owe_letters(engine, count)
    for _ in range(3):
        fleet.start(LEASE="4")
    waking: list[threading.Timer] = []
    for blow in range(1, blows + 1):
        fleet.has_sent(count * blow // (blows + 1))
        host = lots.choice(fleet.hosts)
        if blow % 3:
            fleet.stop(host, signal.SIGKILL)
            fleet.start(LEASE="4")
        else:
            host.send_signal(signal.SIGSTOP)
            timer = threading.Timer(5.5, host.send_signal, [signal.SIGCONT])
            waking.append(timer)
            timer.start()
    for timer in waking:
        timer.join()
    until(lambda: accepted(engine) == count, "every letter is handed over")
    assert [fleet.stop(host) for host in list(fleet.hosts)] == [0, 0, 0]
    told = tally(engine, fleet.server)
    paused = blows // 3
    done = {"kill -9": blows - paused, "paused past the lease": paused}
    keep(
        "workers",
        f"3 daemons killed and paused, {version(engine)}",
        told.figures(count, **done),
        long=torture,
    )
    assert (told.lost, told.silent, told.altered) == (0, 0, 0)
    assert told.extra <= told.flagged


@pytest.mark.fault("F11")
def test_the_letter_a_dead_host_had_in_hand_goes_out_from_another_within_seconds(
    fleet: Fleet, engine: Engine, server: ScriptedServer
) -> None:
    """Long before its lease of twenty minutes ends: it had said nothing to the mail server that could count."""
    server.script["RCPT"] = [HANG]
    owe_letters(engine, 1)
    hosts = [fleet.start(), fleet.start()]
    until(lambda: notices(engine)[0].state == "claimed", "one host has claimed the letter")
    until(lambda: "RCPT" in server.verbs(), "and is talking")
    owner = notices(engine)[0].owner
    [dead] = [host for host in hosts if f"-{host.pid}-" in owner]
    fleet.stop(dead, signal.SIGKILL)
    seconds = until(lambda: accepted(engine) == 1, "the other has sent it")
    print(f"taken over after {seconds:.1f} s")
    assert tally(engine, server) == NONE
    first, second = attempts(engine, 1)
    assert (first.owner, first.outcome, second.outcome) == (owner, "abandoned", "accepted")


def test_hosts_restarted_one_after_the_other_under_load_lose_nothing_and_double_nothing(
    fleet: Fleet, engine: Engine
) -> None:
    owe_letters(engine, 120)
    for _ in range(3):
        fleet.start()
    for blow, host in enumerate(list(fleet.hosts), start=1):
        fleet.has_sent(30 * blow)
        assert fleet.stop(host) == 0
        fleet.start()
    until(lambda: accepted(engine) == 120, "every letter is handed over")
    assert tally(engine, fleet.server) == NONE


def test_of_many_hosts_one_plans_in_each_tick(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(db=postgres_url, data_dir=tmp_path)

    async def both() -> list[tuple[str, str]]:
        with open_workplace(settings) as place:
            assert engine_of(place) is Distributed
            hosts = [Distributed(place, Pulse(lambda: AT), nothing, print, LEASE) for _ in range(2)]
            for host in hosts:
                await host.app.open_async()
            for host in (*hosts, *hosts):
                await host.share()
            for host in hosts:
                await host.app.close_async()
            with place.engine.connect() as connection:
                waiting = connection.execute(
                    text("SELECT task_name, queue_name FROM aftale_jobs.procrastinate_jobs ORDER BY 1")
                )
                return [tuple(row) for row in waiting]

    assert asyncio.run(both()) == [("plan", "passes"), ("tell", "passes")]
