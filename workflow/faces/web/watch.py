"""What machines ask the daemon: ``/healthz`` (does it run?), ``/readyz`` (may it be given work?) and ``/metrics``
(Prometheus)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError

from workflow.faces.daemon.outage import Outage
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.pace import client_of
from workflow.faces.web.view import fresh, health
from workflow.mail.sending.target import loopback
from workflow.services.delivery.handling import why_stopped
from workflow.services.views.overview import count_states, count_waiting
from workflow.services.watch.heartbeat import last_tick, open_alarms
from workflow.storage.tables import NOTICE_STATES

_PASSED_ON = (
    "x-forwarded-for",
    "x-real-ip",
    "forwarded",
    "via",
)  # what a proxy adds, and Prometheus does not
# Why it is held may be a person's words, and whoever reaches the port reads this.
HELD = "al afsendelse er standset; aftale outbox list siger hvorfor"


def add_watch(
    app: FastAPI, place: Callable[[], Workplace], clock: Callable[[], datetime], outage: Outage | None = None
) -> None:
    """Add them to ``app``; ``outage`` knows whether the database can be used. Numbers are read from it at each
    scrape, so that every daemon says the same."""
    registry = CollectorRegistry()
    registry.register(_Numbers(place, clock, outage))

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        status, said = health(place().engine, clock())
        return JSONResponse(said, status)

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        passed = any(name in request.headers for name in _PASSED_ON)
        if not place().settings.metrics_open and (passed or not loopback(client_of(request))):
            raise HTTPException(404)  # who else may count our letters is the operator's to say
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        if outage and outage.trouble:  # what is read may still lie in a cache
            return JSONResponse({"ready": False, "why": outage.trouble}, 503)
        try:
            ticked, stopped = last_tick(place().engine), why_stopped(place().engine)
            clocks = [alarm.text for alarm in open_alarms(place().engine) if alarm.key.startswith("clock")]
        except DBAPIError:
            return JSONResponse({"ready": False, "why": "databasen svarer ikke"}, 503)
        if not fresh(ticked, clock()):
            # a clock that is not believed leaves no stamp, though the daemon lives
            why = " ".join(clocks) or "dæmonen giver ikke livstegn"
            return JSONResponse({"ready": False, "why": why}, 503)
        return JSONResponse({"ready": True, "why": HELD if stopped else ""})


class _Numbers(Collector):
    def __init__(
        self, place: Callable[[], Workplace], clock: Callable[[], datetime], outage: Outage | None
    ) -> None:
        self._place, self._clock, self._outage = place, clock, outage

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the registry need not ask the database when it is made."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Gauges by state and level, and when the daemon last ticked (seconds since 1970). Of a database that cannot be
        used that alone is told."""
        trouble = bool(self._outage and self._outage.trouble)
        said = "0 while the database cannot be used"
        yield GaugeMetricFamily("aftale_database_usable", said, float(not trouble))
        if trouble:
            return
        engine, at = self._place().engine, self._clock()
        states, alarms, ticked = count_states(engine), open_alarms(engine), last_tick(engine)
        notices = GaugeMetricFamily("aftale_notices", "Letters by state", labels=["state"])
        for state in NOTICE_STATES:
            notices.add_metric([state], states.get(state, 0))
        open_ones = GaugeMetricFamily("aftale_alarms_open", "Open alarms by level", labels=["level"])
        for level in ("warning", "alarm", "person"):
            open_ones.add_metric([level], sum(alarm.level == level for alarm in alarms))
        yield notices
        yield open_ones
        yield GaugeMetricFamily(
            "aftale_letters_due", "Letters due and not handed over", count_waiting(engine, at)
        )
        yield GaugeMetricFamily(
            "aftale_sending_held", "1 while nothing is sent", float(bool(why_stopped(engine)))
        )
        if ticked:
            said = "When a daemon last ticked, in seconds since 1970"
            yield GaugeMetricFamily("aftale_last_tick_timestamp_seconds", said, ticked.timestamp())
