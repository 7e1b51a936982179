"""A daemon whose clock starts where the test says and then runs; it may kill itself, or hang, at a step.

``main([INSTANT])`` with ``STEP_KILL`` or ``STEP_HANG`` in the environment naming a step, ``LEASE`` in seconds, and
``NO_LIMIT`` to send as fast as it goes, ``FILES`` for how many it may hold open. For a daemon that hangs, more time
goes by at once than it has patience.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from datetime import datetime, timedelta

from workflow.faces.daemon.pulse import PATIENCE
from workflow.faces.daemon.start import run_daemon
from workflow.services.delivery.sending import LEASE
from workflow.settings import load


def main(arguments: list[str]) -> int:
    """Run it to its end; its exit code."""
    begun, start, skipped = time.monotonic(), datetime.fromisoformat(arguments[0]), 0.0
    kill, hang = os.environ.pop("STEP_KILL", ""), os.environ.pop("STEP_HANG", "")
    lease = timedelta(seconds=float(os.environ.pop("LEASE", LEASE.total_seconds())))
    if files := int(os.environ.pop("FILES", "0")):
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    unlimited = {"per_minute": 0} if os.environ.pop("NO_LIMIT", "") else {}

    def passed() -> float:
        return time.monotonic() - begun + skipped

    def on_step(name: str, notice_id: int) -> None:
        nonlocal skipped
        print("step", name, notice_id, flush=True)
        if name == kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == hang:
            skipped = PATIENCE + 60
            threading.Event().wait()

    return run_daemon(
        load().model_copy(update=unlimited),
        on_step=on_step,
        clock=lambda: start + timedelta(seconds=passed()),
        passed=passed,
        lease=lease,
    )
