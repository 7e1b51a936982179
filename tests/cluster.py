"""A PostgreSQL server of the test's own, on a socket in a folder of its own, which can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest


def installed() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` lie, if they do."""
    found = shutil.which("pg_ctl")
    places = (
        [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    )
    whole = [place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()]
    return whole[0] if whole else None


def programs() -> Path:
    """The same; skips when they are not installed."""
    if place := installed():
        return place
    pytest.skip("no PostgreSQL server programs (initdb, pg_ctl) to make a server of the test's own")


def _as_server(*command: str) -> subprocess.CompletedProcess[str]:
    """PostgreSQL does not run as root; then it runs as the account that Debian made for it."""
    user = "postgres" if os.geteuid() == 0 else None
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, cwd="/", user=user, group=user,
        extra_groups=[] if user else None, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )  # fmt: skip


@dataclass(frozen=True)
class Cluster:
    """``url`` names its only database; whoever may open the socket, or reach ``port`` from this machine, is let in."""

    programs: Path
    folder: Path
    port: int = 0  # of 127.0.0.1; 0: it listens on its socket alone
    options: str = ""

    @property
    def url(self) -> str:
        if self.port:
            return f"postgresql://aftale@127.0.0.1:{self.port}/postgres"
        return f"postgresql:///postgres?host={self.folder}&user=aftale"

    def start(self) -> None:
        """Start it, also right after it was killed: what it left behind must be gone first."""
        for _ in range(20):
            log = str(self.folder / "log")
            where = f"127.0.0.1 -c port={self.port}" if self.port else ""
            options = f"-c listen_addresses={where} -c unix_socket_directories={self.folder} {self.options}"
            done = _as_server(
                str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), "-l", log, "-o", options, "-w",
                "start",
            )  # fmt: skip
            if done.returncode == 0:
                return
        raise AssertionError(done.stdout + done.stderr + (self.folder / "log").read_text())

    def kill(self) -> None:
        """Kill the server's first process; the others find that out and end."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)

    @contextmanager
    def ended_with_us(self) -> Iterator[None]:
        """Have it stopped and taken away also when this very process is killed: a shell waits for our pipe to close."""
        end = 'read -r _; "$1" -D "$2/data" -m immediate stop; rm -rf "$2"'
        command = ("sh", "-c", end, "sh", str(self.programs / "pg_ctl"), str(self.folder))
        user = "postgres" if os.geteuid() == 0 else None
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
            start_new_session=True, user=user, group=user, extra_groups=[] if user else None,
        ):  # fmt: skip
            yield

    def stop(self) -> None:
        _as_server(
            str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop"
        )


@contextmanager
def cluster(port: int = 0, options: str = "") -> Iterator[Cluster]:
    """A running server; it and its folder are gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="aftale-pg-"))  # short: a socket's path may be 107 long
    made = Cluster(programs(), folder, port, options)
    try:
        if os.geteuid() == 0:
            shutil.chown(made.folder, "postgres", "postgres")
        made.folder.chmod(0o755)
        data = str(made.folder / "data")
        done = _as_server(
            str(made.programs / "initdb"), "-D", data, "-U", "aftale", "--auth=trust", "-E", "UTF8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        made.start()
        with made.ended_with_us(), psycopg.connect(made.url) as connection:
            connection.execute("SELECT 1")
            connection.close()
            yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)
