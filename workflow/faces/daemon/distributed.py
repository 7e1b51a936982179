"""The daemon on PostgreSQL: any number of hosts, sharing the passes through procrastinate.

Each host's own clock beats, reads its maildir and looks every few seconds: it offers the next *plan* and *tell*, of
which the database takes one a tick, and takes over what a silent host had begun. Whoever plans also writes the letters
and then wakes every host to *deliver*. procrastinate shares and wakes; who may send which letter is decided by the
lease and fence of the letter itself, so a job that is lost, or done twice, costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, __version__
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, ProcrastinateException
from procrastinate.jobs import Job, Status

from workflow.faces.daemon.embedded import Daemon
from workflow.services.views.overview import count_waiting
from workflow.storage.database import writing
from workflow.storage.jobs import OPTIONS, SILENT_SECONDS, conninfo
from workflow.storage.letters.takeover import free_claims, owner_in
from workflow.values import replace

LOOK_SECONDS = 3.0  # with SILENT_SECONDS: what a dead host had begun goes on elsewhere within 15 seconds
WAKE_SECONDS = 2.0  # between two looks whether letters are ready while more are written
SHARES = 8  # hosts that are woken to deliver; more would wait for the mail server
QUEUES = {"passes": 2, "letters": 1}  # how many jobs of each a daemon does at once: one letter at a time
QUEUE_OF = {"plan": "passes", "tell": "passes", "deliver": "letters"}
AWAY = (ProcrastinateException, psycopg.Error)  # the database, or the way to it
_log = logging.getLogger("aftale.daemon")


class Distributed(Daemon):
    """One of many daemons on one database. A host whose clock is not believed takes no jobs."""

    clocked = ("beat", "share", "bounces")
    foreseen = (*Daemon.foreseen, *AWAY)
    host = socket.gethostname()

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.passes["share"] = self.share
        self.at_work["share"] = asyncio.Lock()
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what fails is said here, in one line
        url = conninfo(self.place.settings.db)
        self.app = App(
            connector=PsycopgConnector(
                conninfo=url, kwargs={"options": OPTIONS}, min_size=1, max_size=4, timeout=5.0
            )
        )
        for name, queue in QUEUE_OF.items():
            self.app.task(name=name, queue=queue, pass_context=True)(self._job)
        self.job_id = 0
        self.working: asyncio.Task[None] | None = None

    def every(self, name: str) -> float:
        """As the embedded daemon, and a look at the others every few seconds."""
        return min(LOOK_SECONDS, super().every(name)) if name == "share" else super().every(name)

    async def begin(self) -> None:
        """Join the others."""
        await self.app.open_async()
        asyncio.get_running_loop().set_exception_handler(_say_shortly)
        self.say(f"sharing   with every daemon on this database (procrastinate {__version__})")
        self.working = asyncio.create_task(self.work())
        self.working.add_done_callback(
            lambda _: self.stopping.set()
        )  # a daemon that takes no jobs must not live on

    async def drain(self) -> None:
        """Finish the jobs in hand, then what else is; the others go on with the rest."""
        if self.working:
            await self.working
        await super().drain()
        with suppress(*AWAY):
            await self.app.close_async()

    async def work(self) -> None:
        """Take jobs until told to stop; begin anew when the database went away, pause while the clock is wrong."""
        while not self.stopping.is_set():
            if not self.held:
                await self._take_jobs()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), 1.0)

    async def _take_jobs(self) -> None:
        workers = [
            asyncio.create_task(
                self.app.run_worker_async(
                    queues=[queue],
                    concurrency=jobs,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=LOOK_SECONDS,
                    stalled_worker_timeout=SILENT_SECONDS,
                )
            )
            for queue, jobs in QUEUES.items()
        ]
        while not (self.stopping.is_set() or self.held or any(worker.done() for worker in workers)):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), 0.5)
        lost = not (self.stopping.is_set() or self.held)
        for worker in workers:
            worker.cancel()  # it fetches no more, and ends when its jobs in hand have
        ends = await asyncio.gather(*workers, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, AWAY):
                raise end
        if lost:
            _log.warning(
                "no longer with the other daemons: the database went away; trying again",
                extra={"action": "fleet.away"},
            )

    async def _job(self, context: JobContext, timestamp: int = 0) -> None:
        name, job_id = context.job.task_name, context.job.id or 0
        if name == "deliver":
            self.job_id = job_id
        try:
            await self.one_pass(name)
        except Exception as error:
            await asyncio.to_thread(self.pass_failed, name, error)
            raise

    async def share(self) -> None:
        """Offer the passes of this tick, once for all hosts, and take over what a silent host had begun."""
        if self.held:
            return
        seconds = self.place.settings.tick_seconds
        tick = int(self.pulse.clock().timestamp() // seconds * seconds)
        for name in ("plan", "tell"):
            job = self.app.configure_task(
                name, lock=name, queueing_lock=name, task_kwargs={"timestamp": tick}
            ).job
            with suppress(AlreadyEnqueued):
                await self.app.job_manager.defer_periodic_job(job=job, periodic_id=name, defer_timestamp=tick)
        for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            await self._take_over(job)

    async def _take_over(self, job: Job) -> None:
        assert job.id is not None
        freed = await asyncio.to_thread(self._free, job.id)
        try:
            await self.app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
        except ConnectorException:
            return  # another host was first, or its worker was only slow
        _log.warning(
            "a host fell silent during %s; it goes on elsewhere, with %d letters it had in hand",
            job.task_name,
            freed,
            extra={"action": "fleet.taken-over"},
        )
        again = self.app.configure_task(
            job.task_name, lock=job.lock, queueing_lock=job.queueing_lock, task_kwargs=job.task_kwargs
        )
        with suppress(AlreadyEnqueued):
            await again.defer_async()

    def _free(self, job_id: int) -> int:
        with writing(self.place.engine) as session:
            return free_claims(session, job_id, self.pulse.clock())

    async def plan(self) -> None:
        """Plan and write for all hosts, and wake as many as there are letters."""
        await super().plan()
        if await self._held():
            return
        writing = asyncio.create_task(self.letters("plan", self.place, limit=0))
        try:
            while not writing.done():  # the first letters go while the rest is written
                await asyncio.wait({writing}, timeout=WAKE_SECONDS)
                await self._wake()
        finally:
            if not writing.done():
                writing.cancel()
                await asyncio.wait({writing})
        writing.result()

    async def _wake(self) -> None:
        due = await asyncio.to_thread(count_waiting, self.place.engine, self.pulse.clock())
        for share in range(min(due, SHARES)):
            with suppress(AlreadyEnqueued):
                await self.app.configure_task("deliver", queueing_lock=f"deliver {share}").defer_async()

    async def deliver(self) -> None:
        """Hand over this host's share of what is due: one letter after the other, until there is none."""
        if not await self._held():
            place = replace(self.place, owner=owner_in(self.place.owner, self.job_id))
            await self.letters("deliver", place, writes=False)


def _say_shortly(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job that another host took over cannot be ended here any more; procrastinate would leave a long trace of it."""
    if isinstance(context.get("exception"), AWAY):
        _log.warning(
            "a job could not be ended: the database was away, or another host took it over",
            extra={"action": "fleet.job-lost"},
        )
    else:
        loop.default_exception_handler(context)
