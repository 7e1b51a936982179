"""``aftale daemon``: which engine runs follows from the database, and nothing else does.

One SQLite file has one daemon (:mod:`embedded <workflow.faces.daemon.embedded>`). On PostgreSQL any number of daemons
on any number of hosts share the work (:mod:`distributed <workflow.faces.daemon.distributed>`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from workflow.faces import clock as wall
from workflow.faces.daemon import logs
from workflow.faces.daemon.embedded import Daemon
from workflow.faces.daemon.lock import only_one
from workflow.faces.daemon.pulse import PATIENCE, Pulse, passed
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.services.delivery.sending import LEASE, nothing
from workflow.settings import Settings
from workflow.storage import jobs
from workflow.storage.database import sqlite_path


def run_daemon(
    settings: Settings,
    *,
    on_step: Callable[[str, int], None] = nothing,
    clock: Callable[[], datetime] = wall.now,
    passed: Callable[[], float] = passed,
    lease: timedelta = LEASE,
    say: Callable[[str], None] = lambda line: print(line, flush=True),
) -> int:
    """Run until SIGTERM or SIGINT (0) or until the page's server dies (1); a pass that stands still for
    ``PATIENCE`` seconds ends the process with 70.

    :class:`workflow.errors.Conflict` when another daemon holds the SQLite file, :class:`Misconfigured` when
    something it needs is missing. ``clock`` is aware; ``on_step`` is told each step of each letter; ``passed`` gives
    the seconds that really went by; ``lease`` is how long a letter in hand is left to whoever claimed it.
    """
    logs.set_up(settings.log_format)
    with only_one(sqlite_path(settings.db)), open_workplace(settings, clock=clock) as place:
        kind = engine_of(place)
        daemon = kind(place, Pulse(clock, PATIENCE + settings.tick_seconds, passed), on_step, say, lease)
        return asyncio.run(daemon.run())


def engine_of(place: Workplace) -> type[Daemon]:
    """The engine that fits the database; :class:`Misconfigured` when PostgreSQL's needs something."""
    if sqlite_path(place.settings.db):
        return Daemon
    jobs.require(place.engine)
    from workflow.faces.daemon.distributed import Distributed

    return Distributed
