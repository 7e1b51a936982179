"""kill -9 at random instants, by the hundred. Nothing lost, at most one extra copy a kill, and none silent.

One letter in five is a reminder, the others are statutory; each has a mailbox of its own, so each is a mail.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from tests.forked import CONTEXT
from tests.post import AT, LEASE, notices, owe
from tests.reliability import keep, version
from tests.torture.worker import STEPS, live, take_letters
from workflow.storage.database import connect, reading
from workflow.storage.tables import Notice

pytestmark = [pytest.mark.torture, pytest.mark.slow, pytest.mark.timeout(7200)]
A_LETTER = 0.02  # seconds; the kill falls anywhere in about so much after the step it waited for


@contextmanager
def mail_server(ledger: Path) -> Iterator[int]:
    """The port of a mail server in a process of its own."""
    mine, its = CONTEXT.Pipe()
    process = CONTEXT.Process(target=take_letters, args=(ledger, its))
    process.start()
    its.close()
    yield mine.recv()
    mine.close()
    process.kill()
    process.join()
    process.close()


def life(url: str, port: int, number: int, steps: int, then: float) -> int | None:
    """Let a worker live for ``steps`` steps and ``then`` seconds; its exit code, 0 where its work was done before."""
    hears, says = CONTEXT.Pipe(duplex=False)
    # two leases on: what the life before held is free, however long that life was
    process = CONTEXT.Process(target=live, args=(url, port, AT + 2 * number * LEASE, says))
    process.start()
    says.close()
    while steps > 0 and (heard := os.read(hears.fileno(), min(steps, 4096))):
        steps -= len(heard)
    if steps == 0:
        time.sleep(then)  # the random instant itself; nothing waits for anything here
        process.kill()
    process.join()
    code = process.exitcode
    hears.close()
    process.close()
    return code


def left(engine: Engine) -> int:
    """At least how many steps are still to come: a letter that is written has one fewer."""
    with reading(engine) as session:
        many = func.count().label("many")
        query = select(col(Notice.state), many).where(col(Notice.state) != "accepted")
        states = {row.state: row.many for row in session.execute(query.group_by(col(Notice.state)))}
    return sum(states.values()) * (len(STEPS) - 1) + states.get("planned", 0)


def instants(engine: Engine, seed: int, count: int, kills: int) -> Iterator[tuple[int, float]]:
    """How long each life is: so many steps and seconds, drawn from the work that is left when it begins, since some
    more is done before each kill falls (a batch of letters is written at once, and the killer may be slow). A fifth of
    all the work is kept for after the last kill."""
    chance, kept_back = random.Random(seed), count * len(STEPS) // 5
    for to_come in range(kills, 0, -1):
        nearest = 1 - chance.random() ** (
            1 / to_come
        )  # the first of so many points spread evenly over 0 to 1
        yield 1 + int(max(0, left(engine) - kept_back) * nearest), chance.uniform(0, A_LETTER)
    yield 10**9, 0.0


@pytest.mark.fault("F8")
def test_random_kills_lose_nothing_and_no_copy_is_silent(
    database_url: str, tmp_path: Path, torture: bool
) -> None:
    count, kills = (10_000, 200) if torture else (200, 20)
    seed = int(os.environ.get("AFTALE_SEED", random.randrange(10**6)))
    print(f"seed {seed}: run it again with AFTALE_SEED={seed}")
    engine = connect(database_url)
    owe(engine, count * 4 // 5, statutory=True)
    owe(engine, count // 5, first=count * 4 // 5 + 1)
    ledger = tmp_path / "ledger"
    begun = time.monotonic()
    with mail_server(ledger) as port:
        lives = [
            life(database_url, port, number, steps, then)
            for number, (steps, then) in enumerate(instants(engine, seed, count, kills))
        ]
    took = time.monotonic() - begun
    rows = notices(engine)
    database = version(engine)
    engine.dispose()

    taken: dict[str, list[tuple[str, str]]] = {row.address: [] for row in rows}
    for line in ledger.read_text(encoding="ascii").splitlines():
        address, message_id, digest = line.split()
        taken[address].append((message_id, digest))
    lost = [row.key for row in rows if not taken[row.address]]
    copied = [row for row in rows if len(taken[row.address]) > 1]
    extra = sum(len(taken[row.address]) - 1 for row in copied)
    silent = [row.key for row in copied if not row.uncertain]
    differ = [row.key for row in rows if set(taken[row.address]) - {(row.message_id, row.digest)}]
    print(f"{database}: {count} letters, {len(lives) - 1} kills, {extra} extra copies, {took:.0f} s")
    assert lives == [-signal.SIGKILL] * kills + [0]
    assert {row.state for row in rows} == {"accepted"}
    assert len({row.message_id for row in rows}) == count
    assert not lost
    assert extra <= kills
    assert not silent
    assert not differ
    assert all(len(taken[row.address]) - 1 <= row.copies for row in copied)
    keep(
        "kills",
        database,
        {
            "notices": count,
            "kill -9": kills,
            "lost": len(lost),
            "extra copies": extra,
            "flagged *usikker*": sum(row.uncertain for row in rows),
            "silent copies": len(silent),
            "copies that differ": len(differ),
        },
        long=torture,
    )
