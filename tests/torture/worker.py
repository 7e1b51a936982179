"""What runs in a process of its own and is killed: the delivery pass, and the mail server it talks to.

It is forked (:mod:`tests.forked`) with everything imported and the letters compiled, so that the kills fall on the
work instead of on imports.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.post import INSTANCE, LEASE, letters
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.recording import Report
from workflow.services.delivery.sending import deliver
from workflow.storage.database import connect

STEPS = ("rendered", "claimed", "talking", "intent", "sent", "recorded")  # of a letter that meets no trouble
SECRET = "5ec2e7" * 10
LETTERS = letters("retur+{notice}@nord.example")


def live(url: str, port: int, at: datetime, said: Connection) -> None:
    """Deliver until nothing is due; the clock starts ``at`` and runs. One byte is said at each step of a letter."""
    begun = time.monotonic()

    def clock() -> datetime:
        return at + timedelta(seconds=time.monotonic() - begun)

    while one_pass(url, port, clock, lambda _step, _one: os.write(said.fileno(), b".")) != Report():
        pass


def die(url: str, port: int, at: datetime, die_at: str, die_for: int) -> None:
    """One pass that kills itself when the letter ``die_for`` comes to the step ``die_at``."""

    def on_step(step: str, notice_id: int) -> None:
        if (step, notice_id) == (die_at, die_for):
            os.kill(os.getpid(), signal.SIGKILL)

    one_pass(url, port, lambda: at, on_step)


def one_pass(
    url: str,
    port: int,
    clock: Callable[[], datetime],
    on_step: Callable[[str, int], object] = print,
    journal: Path | None = None,
) -> Report:
    """The product's own pass of delivery, as fast as it goes, by day and night."""

    def step(name: str, one: int) -> None:
        on_step(name, one)

    engine = connect(url)
    try:
        return asyncio.run(
            deliver(
                engine, LETTERS, Wire(SmtpTarget("127.0.0.1", port)), clock, f"worker-{os.getpid()}",
                instance=INSTANCE, stop=lambda: False, limit=100_000, per_minute=0, lease=LEASE, secret=SECRET,
                journal=journal, quiet=range(0), jitter=lambda: 0.0,
                on_step=step,
            )
        )  # fmt: skip
    finally:
        engine.dispose()


class _Takes:
    """Writes down each letter before it answers 250."""

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger.open("a", encoding="ascii", buffering=1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        message_id = BytesHeaderParser().parsebytes(raw[:4000])["Message-ID"]
        self.ledger.write(f"{envelope.rcpt_tos[0]} {message_id} {hashlib.sha256(raw).hexdigest()}\n")
        return "250 2.0.0 taken"


def take_letters(ledger: Path, said: Connection) -> None:
    """A mail server that takes every letter and notes ``address id sha256`` in ``ledger``; says its port first."""

    async def serve() -> None:
        handler = _Takes(ledger)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(handler, hostname="localhost", loop=loop), "127.0.0.1", 0
        )
        said.send(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    asyncio.run(serve())
