"""One APScheduler job for each reminder, in its SQL job store; a job sends and commits, on one of ten threads."""

import smtplib
import time
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.peers import given

recorded = given.sent


def _scheduler(folder: Path) -> BackgroundScheduler:
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")
    return BackgroundScheduler(jobstores={"default": store}, timezone=UTC)


def prepare(folder: Path, letters: int) -> None:
    given.lay_out(folder, letters)
    scheduler, now = _scheduler(folder), datetime.now(UTC)
    scheduler.start(paused=True)
    for one in given.due(given.database(folder)):
        scheduler.add_job(
            remind, "date", run_date=now, args=[folder, one.id, one.address, one.council], misfire_grace_time=None,
        )  # fmt: skip
    scheduler.shutdown()


_port = 0


def remind(folder: Path, number: int, address: str, council: str) -> None:
    with smtplib.SMTP("127.0.0.1", _port) as server:
        server.send_message(given.message(folder, given.Reminder(number, address, council)))
        given.database(folder).execute("UPDATE due SET state = 'sent' WHERE id = ?", (number,))


def send(folder: Path, port: int, letters: int) -> None:
    global _port  # noqa: PLW0603  a job is stored with plain arguments, and the server's port is of today
    _port = port
    scheduler = _scheduler(folder)
    ended: list[object] = []
    scheduler.add_listener(ended.append, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    scheduler.start()
    while len(ended) < letters or scheduler.get_jobs():
        time.sleep(0.05)
    # not shut down: its thread would look for work once more in stores that are closed, and say so at length
