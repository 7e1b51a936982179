"""What became of a letter is written down, also when the database is away just then.

Who has the mail server's answer in hand and cannot keep it makes a second copy: so it is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from workflow.errors import Conflict

BRIEFLY = (0.1, 0.5, 2.0, 5.0)  # seconds between tries
PATIENTLY = (*BRIEFLY, *[5.0] * 48)  # four minutes: systemd gives a daemon without its database five


async def settle(write: Callable[[], None], pauses: Sequence[float], stop: Callable[[], bool]) -> None:
    """Call ``write`` until the database takes it, at most once more than there are ``pauses`` (seconds); the last error
    is passed on. Who is asked to ``stop`` waits :data:`BRIEFLY` only."""
    for number, pause in enumerate(pauses):
        if number >= len(BRIEFLY) and stop():
            break
        try:
            write()
            return
        except (Conflict, DBAPIError):
            await asyncio.sleep(pause)
    write()
