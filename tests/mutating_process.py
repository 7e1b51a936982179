"""Try mutants on a copy: ``mutating_process.py FOLDER`` prints what became of the test that each of them must fail.

The libraries are imported once; each mutant then has a process of its own, forked from this one, that imports the
mutated copy in FOLDER and runs its test. First all those tests run on the copy as it is.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import aiosmtplib  # noqa: F401  imported here once for all
import css_inline  # noqa: F401
import hypothesis  # noqa: F401
import icalendar  # noqa: F401
import jinja2  # noqa: F401
import psycopg  # noqa: F401
import pydantic  # noqa: F401
import pytest
import sqlmodel  # noqa: F401

from tests.mutants import MUTANTS

VERDICTS = {
    20: "passed",
    21: "failed",
    22: "skipped",
}  # the exit code of a child; any other means that it broke


class Watcher:
    """The worst that a test itself said; what breaks before the test is no verdict."""

    verdict = "broken"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        if report.failed:
            self.verdict = "failed" if report.when == "call" else "broken"
        elif self.verdict != "failed":
            self.verdict = report.outcome


def verdict(folder: Path, *nodes: str) -> str:
    """What these tests say, run in ``folder`` by a child of this process."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        watcher = Watcher()
        os.chdir(folder)
        os.dup2(2, 1)
        options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout", "--timeout=240", "--tb=line"]
        pytest.main([*options, *nodes], plugins=[watcher])
        os._exit(next((code for code, said in VERDICTS.items() if said == watcher.verdict), 1))
    return VERDICTS.get(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "broken")


def main() -> None:
    folder = Path(sys.argv[1])
    found = {"": verdict(folder, *dict.fromkeys(one.killed_by for one in MUTANTS))}
    for mutant in MUTANTS:
        path = folder / "workflow" / mutant.file
        sound = path.read_text(encoding="utf-8")
        assert sound.count(mutant.old) == 1, f"{mutant.file} no longer holds what {mutant.name!r} replaces"
        path.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
        found[mutant.name] = verdict(folder, mutant.killed_by)
        path.write_text(sound, encoding="utf-8")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
