"""The daemon on one machine: passes on a clock, one page, and an orderly end.

APScheduler is only the clock; what is owed lies in the tables, so nothing is lost with it. The passes run beside
each other, each one at a time: *beat* (alive, and is the clock right?), *plan*, *deliver*, *bounces* (what came
back) and *tell* (the operator, by the second channel). A slow mail server holds up deliveries, and nothing else.

SIGTERM and SIGINT finish the letter in hand and exit 0. SIGHUP reads the rules and letters again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import DBAPIError

from workflow.errors import AftaleError, Conflict
from workflow.faces import clock as wall
from workflow.faces.daemon import greeting, systemd
from workflow.faces.daemon.outage import EVERY, Outage
from workflow.faces.daemon.passes import MOST_LETTERS, TickReport, deliver_pass, plan_pass
from workflow.faces.daemon.pulse import Pulse
from workflow.faces.daemon.upkeep import bounce_pass, tell_pass
from workflow.faces.daemon.workplace import Workplace, load_rulebook
from workflow.faces.web.opening import Opening
from workflow.faces.web.server import Page
from workflow.services.delivery.settling import PATIENTLY
from workflow.services.watch.heartbeat import beat, pass_failed, pass_works
from workflow.storage.troubles import said_by, trouble_of
from workflow.values import replace

DONE, FAILED = 0, 1
LOOK = "look"  # the id of the look at the database
BEAT_SECONDS = 60  # at most: /healthz calls five minutes without a beat ill
_log = logging.getLogger("aftale.daemon")


class Daemon:
    """One running daemon; everything in it lives in one event loop. ``lease`` is how long a letter in hand is its
    own. ``clocked`` are the passes that its clock begins, and ``host`` names the machine where there are many.
    ``foreseen`` are the errors that one line tells; of any other the log keeps the trace."""

    clocked: tuple[str, ...] = ("beat", "plan", "deliver", "bounces", "tell")
    foreseen: tuple[type[Exception], ...] = (AftaleError, DBAPIError, OSError)
    host = ""

    def __init__(
        self,
        place: Workplace,
        pulse: Pulse,
        on_step: Callable[[str, int], None],
        say: Callable[[str], None],
        lease: timedelta,
    ) -> None:
        self.place, self.pulse, self.on_step, self.say, self.lease = place, pulse, on_step, say, lease
        self.stopping = asyncio.Event()
        self.held = ""
        self.failed: set[str] = set()
        self.passes: dict[str, Callable[[], Awaitable[None]]] = {
            "beat": self.beat,
            "plan": self.plan,
            "deliver": self.deliver,
            "bounces": self.bounces,
            "tell": self.tell,
        }
        self.outage = Outage(lambda: self.place, pulse.clock, pulse.passed)
        self.at_work = {name: asyncio.Lock() for name in self.passes}

    async def run(self) -> int:
        """Start, work, drain; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        scheduler = self._scheduler()
        loop.add_signal_handler(signal.SIGHUP, lambda: scheduler.add_job(self.reload))
        settings = self.place.settings
        site = Opening(lambda: self.place, self.pulse.clock, self.settle, self.outage)
        await site.begin()
        page = Page(site, settings.host, settings.port)
        for line in (
            *greeting.lines(self.place, self.pulse.clock()), *greeting.first_hour(self.place, self.pulse.clock()),
        ):  # fmt: skip
            self.say(line)
        await asyncio.to_thread(pass_works, self.place.engine, "", self.pulse.clock())
        await self.begin()
        serving = asyncio.create_task(page.serve())
        self.pulse.watch(
            lambda name: _log.critical(
                "the pass %s stands still; ending this process", name, extra={"action": "pass.stuck"}
            )
        )
        scheduler.start()
        systemd.notify("READY=1")
        told_to_stop = asyncio.create_task(self.stopping.wait())
        opening = asyncio.create_task(site.in_time(self.stopping))
        await asyncio.wait({serving, told_to_stop}, return_when=asyncio.FIRST_COMPLETED)
        asked = self.stopping.is_set()
        self.stopping.set()
        systemd.notify("STOPPING=1")
        scheduler.pause()
        ending = "stopping; finishing what is in hand" if asked else "the page's server ended; stopping"
        _log.info(ending, extra={"action": "daemon.stopping"})
        await self.drain()
        scheduler.shutdown(wait=False)  # wait=True would cancel passes; none is left
        await page.stop(serving)
        await site.close()
        told_to_stop.cancel()
        self.pulse.stop()
        if not opening.cancel():
            opening.result()  # a site that cannot be built ends the daemon as it would have before its start
        self.say("stopped")
        return DONE if asked else FAILED

    async def begin(self) -> None:
        """What an engine needs before its first pass; here nothing."""

    async def drain(self) -> None:
        """Finish what is in hand; a pass that begins now finds that it is to stop."""
        for lock in self.at_work.values():
            async with lock:
                pass

    def every(self, name: str) -> float:
        """How many seconds lie between two passes of this name."""
        seconds = self.place.settings.tick_seconds
        return min(BEAT_SECONDS, seconds) if name == "beat" else seconds

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        # Jobs due together begin in the order of their ids; were it otherwise, a letter would go one tick later.
        for number, name in enumerate(self.clocked):
            scheduler.add_job(
                self.one_pass,
                "interval",
                args=[name],
                seconds=self.every(name),
                id=f"{number}-{name}",
                next_run_time=wall.now(),  # the scheduler's own clock, not the one the passes are given
            )
        scheduler.add_job(self.outage.look, "interval", seconds=EVERY, id=LOOK)
        scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        return scheduler

    async def one_pass(self, name: str) -> None:
        """Run one pass to its end, unless the daemon is stopping."""
        async with self.at_work[name]:
            if self.stopping.is_set():
                return
            self.pulse.moved(name)
            try:
                await self.passes[name]()
            finally:
                self.pulse.moved(name)
                if name not in self.clocked:
                    self.pulse.rests(name)
            if name in self.failed:
                await asyncio.to_thread(pass_works, self.place.engine, name, self.pulse.clock())
                self.failed.discard(name)  # only now: were the database busy, the alarm would stay for ever

    async def beat(self) -> None:
        """Leave a sign of life; hold planning and sending while the clock cannot be believed. Then take the keys of the
        moment, which somebody may have changed."""
        was, self.held = self.held, await asyncio.to_thread(self._beat)
        systemd.notify("WATCHDOG=1")
        if self.held and self.held != was:
            _log.error(self.held, extra={"action": "clock.held"})
        keys = (await asyncio.to_thread(self.place.with_keys)).keys
        self.place = replace(self.place, keys=keys)

    def _beat(self) -> str:
        jumped = self.pulse.jump()
        return beat(self.place.engine, self.pulse.clock(), jumped, self.host)

    async def plan(self) -> None:
        """Write down what is owed."""
        if await self._held():
            return
        at, report = self.pulse.clock(), TickReport("")
        await asyncio.to_thread(plan_pass, self.place, at, report)
        if report.planned or report.superseded:
            _log.info(
                "planned %d, replaced %d", len(report.planned), report.superseded, extra={"action": "planned"}
            )
        for text in report.alarms:
            _log.error(text, extra={"action": "planning.alarm"})

    async def deliver(self) -> None:
        """Hand over what is due, after the plan that is being made."""
        async with self.at_work["plan"]:
            pass
        if await self._held():
            return
        await self.letters("deliver", self.place)

    async def letters(
        self, name: str, place: Workplace, *, writes: bool = True, limit: int = MOST_LETTERS
    ) -> None:
        """Write what is owed and hand over what is due, or only one of these, in the pass ``name``."""
        report = TickReport("")

        def step(done: str, notice_id: int) -> None:
            self.pulse.moved(name)
            self.on_step(done, notice_id)

        await deliver_pass(
            place,
            self.pulse.clock,
            report,
            stop=lambda: self.stopping.is_set() or bool(self.held),
            writes=writes,
            limit=limit,
            lease=self.lease,
            pauses=PATIENTLY,
            on_step=step,
        )
        if report.sent or report.deferred:
            _log.info(
                "sent %d, not sent %d", len(report.sent), len(report.deferred), extra={"action": "delivered"}
            )

    async def bounces(self) -> None:
        """Take in the letters that came back."""
        await asyncio.to_thread(bounce_pass, self.place, self.pulse.clock())

    async def tell(self) -> None:
        """Tell the operator what is wrong, and once a week that nothing is."""
        await tell_pass(self.place, self.pulse.clock())

    async def _held(self) -> bool:
        """Whether the clock is not believed: by the last beat, or since, in which case the beat is told first."""
        async with self.at_work["beat"]:
            if not self.held and not self.pulse.believed():
                await self.beat()
            return bool(self.held)

    async def reload(self) -> None:
        """Read rules and letters again, say what differs, and go on with them; with the old ones if they are broken."""
        today = self.pulse.clock()
        try:
            rulebook = await asyncio.to_thread(load_rulebook, self.place.settings)
            place = await asyncio.to_thread(self.place.with_rules, rulebook)
            changes = await asyncio.to_thread(greeting.differences, self.place, place, today)
        except AftaleError as error:
            self.say(f"rules not reloaded, the running ones go on: {error}")
            return
        for line in changes:
            self.say(line)
        self.place = place

    def settle(self, place: Workplace) -> None:
        """Go on with the settings a person chose on the site; the passes take them from their next letter on."""
        self.place = place

    @staticmethod
    def _told_elsewhere(error: BaseException) -> bool:
        trouble = trouble_of(error)
        return isinstance(error, Conflict) or (trouble is not None and trouble.outage)

    def _failed(self, event: JobExecutionEvent) -> None:
        assert event.exception is not None
        self.pass_failed(event.job_id.partition("-")[2] or event.job_id, event.exception)  # "1-plan"

    def pass_failed(self, name: str, error: BaseException) -> None:
        """Raise the alarm of this pass; it is cleared when the pass next comes to its end. That somebody else wrote for
        a minute, or that the database is away, is told once the same pass has failed twice in a row; while the
        database cannot be used at all, :mod:`workflow.faces.daemon.outage` tells it and nothing else does."""
        said = said_by(error)
        if name == LOOK:
            _log.error(
                "the look at the database failed: %s", said, exc_info=error, extra={"action": "look.failed"}
            )
            return
        if name not in self.passes:  # a reload has an id of the scheduler's own
            _log.error("the rules were not reloaded: %s", said, extra={"action": "rules.refused"})
            return
        first = name not in self.failed
        self.failed.add(name)
        trace = None if isinstance(error, self.foreseen) else error
        try:
            with suppress(*self.foreseen):  # the database may be what failed
                if not (self._told_elsewhere(error) and (first or self.outage.trouble)):
                    pass_failed(self.place.engine, name, said, self.pulse.clock())
        finally:
            _log.error("the pass %s failed: %s", name, said, exc_info=trace, extra={"action": "pass.failed"})
