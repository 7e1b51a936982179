"""Sending one letter over the real wire to a scripted server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.smtp_server import HASTY, ScriptedServer
from workflow.mail.answers import Answer
from workflow.mail.sending.smtp import SmtpTarget, Wire

RAW = "Subject: Frist\r\n\r\nKære råd\r\n.en linje med punktum\r\n".encode()
SENDER, TO = "retur@example.dk", "raad@kommune.example"


HURRY = dict.fromkeys(
    ("connect_timeout", "timeout", "after_dot_timeout"), HASTY
)  # where the server is silent


def aimed(server: ScriptedServer, **more: object) -> SmtpTarget:
    return SmtpTarget("127.0.0.1", server.port, hello="test.invalid", **more)  # type: ignore[arg-type]


def send(
    server: ScriptedServer,
    before: Callable[[], None] = lambda: None,
    *,
    at_once: bool = False,
    **more: object,
) -> Answer:
    async def once() -> Answer:
        wire = Wire(aimed(server, **more))
        answer = await wire.send(SENDER, TO, RAW, before, at_once=at_once)
        await wire.close()
        return answer

    return asyncio.run(once())
