"""One turn of one sender: laid out, sent by a whole process whose CPU, memory and time are counted, and checked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg

from benchmarks.sink import Sink

LIMIT = 300  # seconds that a step may take


@dataclass(frozen=True)
class Sender:
    """A row of the table. ``module`` is its file in this room, ``command`` what is measured where that is no ``send``
    of its own; ``postgres``: whether it works on the server, in a database made for the turn."""

    name: str
    module: str
    command: tuple[str, ...] = ()
    postgres: bool = False


@dataclass(frozen=True)
class Turn:
    """What one turn took: seconds by the clock from the start of the process to its end, seconds from the first
    connection to the last letter, CPU seconds of the process and its children (user and system, start included), and
    the memory (MB) of the largest of them."""

    letters: int
    wall: float
    steady: float
    cpu: float
    memory: float

    @property
    def rate(self) -> float:
        """Durable letters a second, the whole run."""
        return self.letters / self.wall

    @property
    def steady_rate(self) -> float:
        """Letters a second while it sends."""
        return self.letters / self.steady

    @property
    def cpu_of_thousand(self) -> float:
        """CPU seconds for 1,000 letters."""
        return self.cpu / self.letters * 1000


def turn(sender: Sender, sink: Sink, letters: int, server: str) -> Turn:
    """Send so many letters once. ``RuntimeError`` where a letter is missing, came twice or is not down as sent."""
    with (
        TemporaryDirectory(prefix="aftale-peers-") as place,
        _database(server if sender.postgres else "") as url,
    ):
        folder = Path(place)
        step = [sys.executable, "-m", "benchmarks.peers.one", sender.module]
        more = [place, str(sink.port), str(letters)]
        known = {
            name: value for name, value in os.environ.items() if not name.startswith(("AFTALE_", "PYTHON"))
        }
        known |= {"BENCH_POSTGRES": url}
        subprocess.run([*step, "prepare", *more], check=True, env=known, timeout=LIMIT)
        sink.counted()
        if sender.command:
            from benchmarks.peers.house import environment

            measured = run(sender.command, known | environment(folder, sink.port, url))
        else:
            measured = run([*step, "send", *more], known)
        counted = sink.counted()
        told = subprocess.run(
            [*step, "recorded", *more], check=True, env=known, capture_output=True, text=True, timeout=LIMIT
        )
        found = (counted.letters, len(counted.ids), len(counted.recipients), int(told.stdout))
        if found != (letters,) * 4:
            raise RuntimeError(
                f"{sender.name}: of {letters} letters the server took {found[0]}, {found[1]} of them different, for "
                f"{found[2]} recipients, and {found[3]} are down as sent"
            )
        wall, cpu, memory = measured
        return Turn(letters, wall, counted.last - counted.first, cpu, memory)


def run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float, float]:
    """Seconds by the clock, CPU seconds, and MB of memory of a whole process. ``RuntimeError`` where it fails."""
    launch = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]
    told = subprocess.run(
        [*launch, *command], check=True, env=environment, stdout=subprocess.PIPE, timeout=LIMIT
    )
    wall, cpu, memory, code = (float(one) for one in told.stdout.split())
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code:.0f}")
    return wall, cpu, memory / 1024


@contextmanager
def _database(server: str) -> Iterator[str]:
    """A new database on the PostgreSQL at this URL, for as long as the block lasts; none where no server is named."""
    if not server:
        yield ""
        return
    name = f"aftale_peers_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
