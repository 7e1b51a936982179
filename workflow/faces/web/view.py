"""Whether the daemon runs, as the page and the watchers say it."""

from __future__ import annotations

from datetime import datetime, timedelta

STALE = timedelta(minutes=5)


def fresh(ticked: datetime | None, at: datetime) -> bool:
    """Whether the daemon has ticked within five minutes, and by a clock that agrees with this one."""
    return ticked is not None and abs(at - ticked) <= STALE
