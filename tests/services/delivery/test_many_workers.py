"""What must hold over all hosts together: the rate, the single probe, and what a silent worker held."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert

from tests.post import AT, INSTANCE, LEASE, attempts, letters, notice, notices, ready
from tests.smtp_server import ScriptedServer
from workflow.errors import Conflict
from workflow.mail.sending.retry import Breaker
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.sending import deliver
from workflow.storage.database import writing
from workflow.storage.letters import outbox
from workflow.storage.letters.takeover import free_claims, owner_in
from workflow.storage.tables import Attempt

WORKERS = 6


def all_at_once(engine: Engine, port: int, **more: int) -> None:
    """Every worker makes one pass at the same instant, which stands still."""
    together = threading.Barrier(WORKERS)

    def one(number: int) -> None:
        together.wait()
        wire = Wire(SmtpTarget("127.0.0.1", port))
        asyncio.run(
            deliver(
                engine, letters(), wire, lambda: AT, f"host{number}", instance=INSTANCE, stop=lambda: False, limit=100,
                writes=False, **more,
            )
        )  # fmt: skip

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, range(WORKERS)))


def test_together_they_keep_to_one_letter_a_minute(engine: Engine) -> None:
    ready(engine, 40)
    with ScriptedServer() as server:
        all_at_once(engine, server.port, per_minute=1)
        assert len(server.letters) == 1
    assert sum(one.state == "accepted" for one in notices(engine)) == 1


def test_while_the_channel_rests_one_of_them_probes(engine: Engine) -> None:
    """The others wait for its answer, and go on when it is good."""
    ids = ready(engine, 20)
    failed = AT - Breaker.PROBE_EVERY - timedelta(seconds=1)
    values = {"owner": "x", "address": "", "started_at": failed, "ended_at": failed, "outcome": "deferred"}
    with writing(engine) as session:
        for number in range(Breaker.TRIP):
            row = {"notice_id": ids[number], "fence": 0, "verb": "CONNECT", "code": 0, "text": ""}
            session.execute(insert(Attempt).values(values | row))
    probing = threading.Event()
    at_once = [0, 0]  # conversations under way, and the most of them before the first answer
    lock = threading.Lock()

    def answers(_line: str) -> None:
        with lock:
            at_once[0] += 1
            if not probing.is_set():
                at_once[1] = max(at_once)
        probing.wait(1.0)  # time enough for the others to try
        probing.set()

    with ScriptedServer({"MAIL": answers}) as server:
        all_at_once(engine, server.port, per_minute=0)
    assert at_once[1] == 1


def test_what_a_silent_worker_had_claimed_goes_on_and_it_says_nothing_when_it_wakes(engine: Engine) -> None:
    [one] = ready(engine, 1)
    with writing(engine) as session:
        claimed = outbox.claim(session, AT, owner_in("host-1", 17), LEASE)
        assert claimed
    with writing(engine) as session:
        assert free_claims(session, 7, AT) == 0, "job 7 is not job 17"
        assert free_claims(session, 17, AT) == 1
    assert (notice(engine, one).state, notice(engine, one).owner) == ("ready", "")
    assert attempts(engine, one)[0].outcome == "abandoned"
    with pytest.raises(Conflict, match="taken over"), writing(engine) as session:
        outbox.intent(session, claimed, AT, LEASE)


def test_a_letter_past_its_intent_is_left_to_its_lease(engine: Engine) -> None:
    """The mail server may still be answering a worker that is only slow: taking it over would make a copy."""
    [one] = ready(engine, 1)
    with writing(engine) as session:
        claimed = outbox.claim(session, AT, owner_in("host-1", 17), LEASE)
        assert claimed
        outbox.intent(session, claimed, AT, LEASE)
    with writing(engine) as session:
        assert free_claims(session, 17, AT) == 0
    assert notice(engine, one).state == "intent"
