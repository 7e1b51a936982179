"""Processes forked from a server that has the product imported: a start costs milliseconds, not a second.

Each is a process of its own like any other, with its own environment, folder, streams and exit code.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.preloaded", "tests.torture.worker"])
PATIENCE = 120  # seconds for one command


def run(arguments: Sequence[str], env: dict[str, str], cwd: Path, said: str) -> tuple[int, str, str]:
    """``aftale`` with these arguments and ``said`` to its stdin: its exit code, stdout and stderr."""
    with TemporaryDirectory(prefix="aftale-command-") as folder:
        into, out, err = (Path(folder) / name for name in ("in", "out", "err"))
        into.write_text(said, encoding="utf-8")
        process = CONTEXT.Process(target=_aftale, args=(list(arguments), env, cwd, (into, out, err)))
        process.start()
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise AssertionError(f"aftale {' '.join(arguments)} did not end within {PATIENCE} s")
        return process.exitcode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


def _aftale(arguments: list[str], env: dict[str, str], cwd: Path, streams: tuple[Path, Path, Path]) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    for number, (path, mode) in enumerate(zip(streams, "rww", strict=True)):
        with path.open(mode) as file:
            os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww")
    )
    sys.argv = ["aftale", *arguments]

    from workflow.__main__ import main

    main()
