"""Delivery with everything on beside a bare aiosmtplib loop, turn by turn to the same mail server in the same run."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import aiosmtplib
from sqlalchemy import Engine

from benchmarks.sink import sink
from tests.post import AT, INSTANCE, letters, notices, owe
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.rules.days import BusinessDays
from workflow.rules.hours import Hours
from workflow.services.delivery.sending import deliver
from workflow.services.delivery.writing import Writer

ROUNDS, LETTERS = 5, 100
SECRET = "5ec2e7" * 10


async def _bare(port: int, batch: list[tuple[str, bytes]]) -> None:
    """The least that hands letters over: one connection, one letter after the other, nothing remembered."""
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
    await client.connect()
    for to, raw in batch:
        await client.sendmail("retur@nord.example", [to], raw)
    await client.quit()


async def _everything(engine: Engine, port: int) -> None:
    """The daemon's pass: claim, intent and outcome durable for each letter."""
    done = await deliver(
        engine, letters(), Wire(SmtpTarget("127.0.0.1", port)), lambda: AT, "bench", instance=INSTANCE,
        stop=lambda: False, limit=LETTERS, per_minute=0, secret=SECRET,
    )  # fmt: skip
    assert done.accepted == LETTERS


async def _written(engine: Engine) -> None:
    hours = Hours(BusinessDays(()))
    await Writer(
        engine, letters(), INSTANCE, hours, lambda: AT, lambda: False, lambda _step, _one: None
    ).everything()


def compare(engine: Engine) -> dict[str, tuple[float, float]]:
    """Milliseconds a letter, median of :data:`ROUNDS`: what, (wall, CPU of this process)."""
    took: dict[str, list[tuple[float, float]]] = {}

    def timed(what: str, work: object) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        asyncio.run(work)  # type: ignore[arg-type]
        spent = (time.perf_counter() - wall, time.process_time() - cpu)
        took.setdefault(what, []).append((spent[0] / LETTERS * 1000, spent[1] / LETTERS * 1000))

    with sink() as server:
        for number in range(ROUNDS + 1):  # the first is not counted
            owe(engine, LETTERS, first=number * LETTERS + 1, statutory=True)
            timed("write", _written(engine))
            batch = [(row.address, row.body or b"") for row in notices(engine) if row.state == "ready"]
            timed("raw relay", _bare(server.port, batch))
            timed("hand over", _everything(engine, server.port))
    return {
        what: (median(wall for wall, _ in each[1:]), median(cpu for _, cpu in each[1:]))
        for what, each in took.items()
    }
