"""Delivery with everything on beside a bare aiosmtplib loop, turn by turn to the same mail server in the same run.

The mail server is the cheapest that speaks the protocol, in a process of its own, so that what is compared is us.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import median

import aiosmtplib
from sqlalchemy import Engine

from tests.post import AT, INSTANCE, letters, notices, owe
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.rules.days import BusinessDays
from workflow.rules.hours import Hours
from workflow.services.delivery.sending import deliver
from workflow.services.delivery.writing import Writer

ROUNDS, LETTERS = 5, 100
SECRET = "5ec2e7" * 10


class _Sink(asyncio.Protocol):
    """Says yes to everything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.rest, self.in_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while True:
            line, found, rest = self.rest.partition(b"\r\n.\r\n" if self.in_letter else b"\r\n")
            if not found:
                return
            verb = b"" if self.in_letter else line[:4].upper()
            self.rest, self.in_letter = rest, verb == b"DATA"
            said = {b"DATA": b"354 go\r\n", b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}
            self.transport.write(said.get(verb, b"250 ok\r\n"))


def _serve(said: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", 0)
        said.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def sink() -> Iterator[int]:
    """The port of the mail server."""
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=_serve, args=(its,))
    process.start()
    yield mine.recv()
    process.kill()
    process.join()


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

    with sink() as port:
        for number in range(ROUNDS + 1):  # the first is not counted
            owe(engine, LETTERS, first=number * LETTERS + 1, statutory=True)
            timed("write", _written(engine))
            batch = [(row.address, row.body or b"") for row in notices(engine) if row.state == "ready"]
            timed("raw relay", _bare(port, batch))
            timed("hand over", _everything(engine, port))
    return {
        what: (median(wall for wall, _ in each[1:]), median(cpu for _, cpu in each[1:]))
        for what, each in took.items()
    }
