"""A desk: one worker delivering from a real database with a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.post import AT, INSTANCE, letters
from tests.smtp_server import ScriptedServer
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.recording import Report
from workflow.services.delivery.sending import deliver
from workflow.storage.database import connect


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@dataclass
class Desk:
    """A worker with a clock of its own."""

    engine: Engine
    at: datetime = AT
    steps: list[tuple[str, int]] = field(default_factory=list)

    async def sends(self, server: ScriptedServer, patience: float = 30, **more: Any) -> Report:
        options: dict[str, Any] = {
            "instance": INSTANCE, "stop": lambda: False, "limit": 100, "per_minute": 0, "jitter": lambda: 0.0,
            "on_step": lambda step, one: self.steps.append((step, one)),
        }  # fmt: skip
        target = SmtpTarget(
            "127.0.0.1", server.port, timeout=patience, connect_timeout=patience, after_dot_timeout=patience
        )
        return await deliver(
            self.engine, letters("retur+{notice}@nord.example"), Wire(target), lambda: self.at, "desk",
            **(options | more),
        )  # fmt: skip

    def passes(self, server: ScriptedServer, **more: Any) -> Report:
        return asyncio.run(self.sends(server, **more))

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)
