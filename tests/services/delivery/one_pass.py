"""One delivery pass in a process of its own, which kills itself at a step: ``main([URL, PORT, AT, STEP, ID])``."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime

from tests.post import INSTANCE, LEASE, letters
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.sending import deliver
from workflow.storage.database import connect


def main(arguments: list[str]) -> None:
    """Deliver once, as fast as it goes."""
    url, port, at, die_at, die_for = arguments

    def on_step(step: str, notice_id: int) -> None:
        if step == die_at and notice_id == int(die_for):
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(
        deliver(
            connect(url), letters(), Wire(SmtpTarget("127.0.0.1", int(port))), lambda: datetime.fromisoformat(at),
            f"pass-{os.getpid()}", instance=INSTANCE, stop=lambda: False, limit=100, per_minute=0, lease=LEASE,
            on_step=on_step,
        )
    )  # fmt: skip
