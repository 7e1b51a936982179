"""Whether the clock can be believed and whether the passes still move."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from workflow.services.watch.heartbeat import BEYOND_BELIEF, MOST

STALLED = 70  # the exit code of a daemon that ended itself because a pass stood still (EX_SOFTWARE)
PATIENCE = 900.0  # seconds; longer than the 600 a mail server may take after the final dot


def passed() -> float:
    """Seconds that really went by, those in which the machine slept too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Pulse:
    """Two measures against ``passed`` (seconds): how far the wall clock jumped, and when each pass last moved."""

    def __init__(
        self, clock: Callable[[], datetime], patience: float = PATIENCE, passed: Callable[[], float] = passed
    ) -> None:
        self.clock, self.patience, self.passed = clock, patience, passed
        self._seen = (clock(), passed())
        self._moved: dict[str, float] = {}
        self._stopped = threading.Event()

    def jump(self) -> timedelta:
        """How much more the wall clock moved since the last look than the time that went by.

        A jump within a day is told once. A greater one makes every deadline wrong: it is told at every look until
        the clock is back, or a person starts the daemon anew.
        """
        jumped = self._jumped()
        if abs(jumped) < BEYOND_BELIEF:
            self._seen = (self.clock(), self.passed())
        return jumped

    def believed(self) -> bool:
        """Whether the clock has not jumped since the last look."""
        return abs(self._jumped()) <= MOST

    def _jumped(self) -> timedelta:
        before, then = self._seen
        return (self.clock() - before) - timedelta(seconds=self.passed() - then)

    def moved(self, name: str) -> None:
        """The pass ``name`` began, made a step or ended."""
        self._moved[name] = self.passed()

    def rests(self, name: str) -> None:
        """The pass ``name`` ended and need not come again here: another host may have it next."""
        self._moved.pop(name, None)

    def stalled(self) -> str:
        """The pass that has not moved for ``patience`` seconds, or ``""``."""
        now = self.passed()
        return next((name for name, at in list(self._moved.items()) if now - at > self.patience), "")

    def watch(self, alarm: Callable[[str], None]) -> None:
        """End the process when a pass stands still. A thread, since a loop that hangs cannot notice itself.

        Every letter is safe: whatever was in hand is freed when its lease ends, and flagged if it may have gone.
        """

        def look() -> None:
            while not self._stopped.wait(min(5.0, self.patience)):
                if name := self.stalled():
                    alarm(name)
                    os._exit(STALLED)

        threading.Thread(target=look, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()
