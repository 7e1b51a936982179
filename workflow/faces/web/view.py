"""Whether the daemon runs, as the page and the watchers say it, and what every answer tells the browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from workflow.services.watch.heartbeat import last_tick

STALE = timedelta(minutes=5)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}


def fresh(ticked: datetime | None, at: datetime) -> bool:
    """Whether the daemon has ticked within five minutes, and by a clock that agrees with this one."""
    return ticked is not None and abs(at - ticked) <= STALE


def health(engine: Engine, at: datetime) -> tuple[int, dict[str, str | None]]:
    """What ``/healthz`` says: its status, and when the daemon last ticked."""
    ticked = last_tick(engine)
    well = fresh(ticked, at)
    said = {
        "status": "ok" if well else "stale",
        "last_tick": ticked.astimezone(UTC).isoformat() if ticked else None,
    }
    return 200 if well else 503, said
