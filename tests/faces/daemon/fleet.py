"""Daemons in processes of their own on one PostgreSQL database, each a host of its own, and letters for them."""

from __future__ import annotations

import itertools
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, update

from tests.conftest import ROOT
from tests.faces.daemon import daemon_process
from tests.forked import Forked
from tests.post import AT, owe
from tests.smtp_server import ScriptedServer
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.law.rulebook import load
from workflow.storage.tables import AgreementRow, Notice

PATIENCE = 900.0  # seconds until a test gives up; none is measured by it


def owe_letters(engine: Engine, count: int) -> None:
    """Plan ``count`` letters, each to a mailbox of its own, which the planner leaves alone."""
    owe(engine, count, statutory=True)
    with writing(engine) as session:
        meta.put(session, "rules", load(ROOT / "calendars").digest)
        session.execute(update(AgreementRow).values(wake_on=date(9999, 1, 1)))


def until(true: Callable[[], bool], what: str) -> float:
    """Wait for it; how many seconds it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < PATIENCE, f"waited in vain: {what}"
        threading.Event().wait(0.1)
    return time.monotonic() - begun


@dataclass
class Fleet:
    """``start()`` adds a host; its clock is that of all the others. ``server`` takes their letters."""

    url: str
    server: ScriptedServer
    folder: Path
    env: dict[str, str]
    hosts: list[Forked] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def now(self) -> datetime:
        return AT + timedelta(seconds=time.monotonic() - self.begun)

    def start(self, **env: str) -> Forked:
        folder = self.folder / f"host{next(self.numbers)}"
        folder.mkdir()
        more = {
            "AFTALE_DB": self.url, "AFTALE_LINK_SECRET": "every host of one database has it",
            "AFTALE_DATA_DIR": str(folder), "AFTALE_PORT": str(free_port()),
            "AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(self.server.port),
            "AFTALE_SENDER": "frist@nord.example", "AFTALE_TICK_SECONDS": "1", "AFTALE_LOG_FORMAT": "text",
            "NO_LIMIT": "1",
        }  # fmt: skip
        env = self.env | more | env
        host = Forked(daemon_process.main, [self.now().isoformat()], env, folder, out=folder / "log")
        self.hosts.append(host)
        return host

    def has_sent(self, count: int) -> None:
        """Wait until the mail server has taken so many."""
        until(lambda: len(self.server.letters) >= count, f"{count} letters")

    def stop(self, host: Forked, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after this signal."""
        host.send_signal(number)
        code = host.wait(60)
        self.hosts.remove(host)
        return code

    def end(self) -> None:
        for host in self.hosts:
            host.kill()
            host.wait()

    def logs(self) -> str:
        """What every host said, for the one who reads a failed test."""
        return "\n".join(
            line
            for path in sorted(self.folder.glob("host*/log"))
            for line in [str(path), *path.read_text(errors="replace").splitlines()[-40:]]
            if not line.startswith("step ")
        )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def accepted(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).where(Notice.state == "accepted")) or 0  # type: ignore[arg-type]


@dataclass(frozen=True)
class Tally:
    """What became of the letters: ``silent`` are doubled and not flagged, ``altered`` differ between copies."""

    lost: int
    extra: int
    silent: int
    altered: int
    flagged: int

    def figures(self, notices: int, **more: int) -> dict[str, int]:
        """As the page of the figures names them; ``more`` says what was done to the hosts."""
        return {
            "notices": notices, "kill -9": 0, "paused past the lease": 0, "database killed": 0, **more,
            "lost": self.lost, "extra copies": self.extra, "silent copies": self.silent,
            "copies that differ": self.altered,
        }  # fmt: skip


def tally(engine: Engine, server: ScriptedServer) -> Tally:
    with reading(engine) as session:
        rows = list(session.scalars(select(Notice)))
    copies = Counter(letter.to for letter in server.letters)
    bytes_of: dict[str, set[bytes]] = {}
    for letter in list(server.letters):
        bytes_of.setdefault(letter.to, set()).add(letter.raw)
    return Tally(
        lost=sum(row.state != "accepted" or copies[row.address] == 0 for row in rows),
        extra=sum(count - 1 for count in copies.values()),
        silent=sum(copies[row.address] > 1 and not row.uncertain for row in rows),
        altered=sum(bytes_of.get(row.address, set()) != {row.body} for row in rows),
        flagged=sum(row.uncertain for row in rows),
    )
