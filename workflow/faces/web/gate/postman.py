"""Sends the mail with the link, beside the request: whoever asks must not learn from the wait whether it was sent.

Sign-in mails are no notices: nobody is owed one, and who misses it asks again. So they wait in no table, are tried
three times within the minute, and what fails is in the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import BoundedSemaphore, Event

from workflow.errors import DeliveryError
from workflow.faces.daemon.handing import BOUND, hand_over
from workflow.faces.daemon.workplace import Workplace
from workflow.mail.sending.channels import Telling

WAITING = 50  # mails; more are dropped, which the log tells
PAUSES = (5.0, 20.0)  # seconds between the tries
_log = logging.getLogger("aftale.web")


class Postman:
    """Two threads that hand mails over to the mail server of the letters, or to the local inbox."""

    def __init__(self, place: Callable[[], Workplace], clock: Callable[[], datetime]) -> None:
        self._place, self._clock = place, clock
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="sign-in")
        self._room = BoundedSemaphore(WAITING)
        self._closing = Event()

    def soon(self, write: Callable[[], tuple[str, Telling] | None]) -> None:
        """Call ``write`` in a thread, and send what it returns: to whom, and what; ``None`` is nothing to send."""
        if not self._room.acquire(blocking=False):
            _log.error(
                "a sign-in mail was dropped: %d wait already", WAITING, extra={"action": "sign-in.dropped"}
            )
            return
        self._pool.submit(self._do, write).add_done_callback(lambda _: self._room.release())

    def close(self) -> None:
        """Finish what is in hand, without further tries."""
        self._closing.set()
        self._pool.shutdown()

    def _do(self, write: Callable[[], tuple[str, Telling] | None]) -> None:
        try:
            mail = write()
        except Exception:
            _log.exception("a sign-in mail could not be written", extra={"action": "sign-in.unwritten"})
            raise
        if mail is None:
            return
        for pause in (*PAUSES, 0.0):
            try:
                asyncio.run(asyncio.wait_for(hand_over(self._place(), self._clock, *mail), BOUND))
                return
            except (OSError, ValueError, DeliveryError, TimeoutError) as error:
                _log.error("a sign-in mail was not taken: %s", error, extra={"action": "sign-in.not-taken"})
            if self._closing.wait(pause):
                return
