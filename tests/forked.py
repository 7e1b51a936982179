"""Processes forked from a server that has the product imported: a start costs milliseconds, not a second.

Each is a process of its own like any other, with its own environment, folder, streams and exit code.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["tests.preloaded", "tests.torture.worker", "tests.faces.daemon.daemon_process"]
)
PATIENCE = 120  # seconds for one command
NOWHERE = Path(os.devnull)

Stream = Path | Connection


class Forked:
    """A program that is a function in this language: what :class:`subprocess.Popen` of its script would be.

    ``run(arguments)`` ends the process as ``sys.exit`` of what it returns would. Without ``out`` its words can be
    read from :attr:`stdout`, stderr among them.
    """

    def __init__(
        self,
        run: Callable[[list[str]], int | None],
        arguments: Sequence[str],
        env: dict[str, str],
        cwd: Path,
        *,
        into: Path = NOWHERE,
        out: Path | None = None,
        err: Path | None = None,
    ) -> None:
        hears, says = CONTEXT.Pipe(duplex=False)
        with hears, says:
            streams = (into, out or says, err)
            self._process = CONTEXT.Process(target=_become, args=(run, list(arguments), env, cwd, streams))
            self._process.start()
            self.stdout: TextIO = StringIO() if out else os.fdopen(os.dup(hears.fileno()), encoding="utf-8")
        self.pid = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Its exit code, the negative number of the signal that killed it, or ``None`` while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; :class:`AssertionError` if it has none after ``timeout`` seconds."""
        self._process.join(timeout)
        assert self.returncode is not None, f"process {self.pid} did not end within {timeout} s"
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> str:
        """What it still says, until it has ended; it may end ``timeout`` seconds after its last word."""
        with self.stdout:
            said = self.stdout.read()
        self.wait(timeout)
        return said


def aftale(arguments: Sequence[str], env: dict[str, str], cwd: Path, said: str) -> tuple[int, str, str]:
    """``aftale`` with these arguments and ``said`` to its stdin: its exit code, stdout and stderr."""
    with TemporaryDirectory(prefix="aftale-command-") as folder:
        into, out, err = (Path(folder) / name for name in ("in", "out", "err"))
        into.write_text(said, encoding="utf-8")
        process = Forked(command, arguments, env, cwd, into=into, out=out, err=err)
        try:
            code = process.wait(PATIENCE)
        finally:
            process.kill()
        return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


def command(arguments: list[str]) -> None:
    from workflow.__main__ import main

    sys.argv = ["aftale", *arguments]
    main()


def _become(
    run: Callable[[list[str]], int | None],
    arguments: list[str],
    env: dict[str, str],
    cwd: Path,
    streams: tuple[Stream, Stream, Stream | None],
) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    for number, stream in enumerate(streams):
        if isinstance(stream, Connection):
            os.dup2(stream.fileno(), number)
        elif stream is None:
            os.dup2(1, number)
        else:
            with stream.open("w" if number else "r") as file:
                os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout = os.fdopen(0, "r", encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8")
    sys.exit(run(arguments))
