"""Try mutants on a copy: ``mutating_process.py FOLDER`` prints what became of the test that each of them must fail.

Each mutant has a process of its own, forked from this one. Where it changes nothing but functions that nobody runs at
import, the copy in FOLDER is imported once, and in the fork those functions get the mutated body; any other is imported
mutated, by a fork of the time when only the libraries were there. All those tests run on the copy as it is, too.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType

import aiosmtplib  # noqa: F401  imported here once for all
import css_inline  # noqa: F401
import hypothesis  # noqa: F401
import icalendar  # noqa: F401
import jinja2  # noqa: F401
import psycopg  # noqa: F401
import pydantic  # noqa: F401
import pytest
import sqlmodel  # noqa: F401

from tests.mutants import MUTANTS, Mutant

VERDICTS = {
    20: "passed",
    21: "failed",
    22: "skipped",
}  # the exit code of a child; any other means that it broke
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout", "--timeout=240", "--tb=line"]


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


class Rounds:
    """Collects the tests once, and runs each mutant's in a fork of that moment once ``begin`` has put the mutant."""

    def __init__(self, mutants: dict[str, tuple[str, Callable[[], None]]]) -> None:
        self.mutants, self.found = mutants, dict[str, str]()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        imported()
        for name, (node, begin) in self.mutants.items():
            if (child := os.fork()) == 0:
                watcher = Watcher()
                session.config.pluginmanager.register(watcher)
                own = [one for one in session.items if node in (one.nodeid, one.nodeid.partition("[")[0])]
                try:
                    begin()
                    for item, following in zip(own, [*own[1:], None], strict=True):
                        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                finally:
                    os._exit(next((code for code, said in VERDICTS.items() if said == watcher.verdict), 1))
            self.found[name] = VERDICTS.get(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "broken")
        return True


OPTIMIZED = 1  # CO_OPTIMIZED: a function, not the body of a class
Bodies = dict[str, CodeType]  # qualified name of a function -> what it does


def verdict(folder: Path, *nodes: str, begin: Callable[[], None] = lambda: None) -> str:
    """What these tests say, run in ``folder`` by a child of this process that first does ``begin``."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        watcher = Watcher()
        os.chdir(folder)
        os.dup2(2, 1)
        sys.dont_write_bytecode = (
            True  # of a mutant: the next one's file may be as old to the second, and as long
        )
        begin()
        pytest.main([*OPTIONS, *nodes], plugins=[watcher])
        os._exit(next((code for code, said in VERDICTS.items() if said == watcher.verdict), 1))
    return VERDICTS.get(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "broken")


def bodies(code: CodeType) -> tuple[object, Bodies]:
    """What a module or class does when it is imported, and its functions by their qualified names."""
    own: list[object] = [code.co_code, code.co_names]
    functions: Bodies = {}
    for const in code.co_consts:
        if not isinstance(const, CodeType):
            own.append(const)
        elif const.co_flags & OPTIMIZED:
            own.append((const.co_qualname, const.co_freevars))
            functions[const.co_qualname] = const
        else:
            inner, more = bodies(const)
            own.append(inner)
            functions |= more
    return own, functions


def changed(path: Path, mutant: Mutant) -> Bodies | None:
    """The functions that do something else in the mutant; ``None`` where it changes more than them."""
    sound = path.read_text(encoding="utf-8")
    assert sound.count(mutant.old) == 1, f"{mutant.file} no longer holds what {mutant.name!r} replaces"
    before, whole = bodies(compile(sound, path, "exec"))
    after, other = bodies(compile(sound.replace(mutant.old, mutant.new), path, "exec"))
    return {name: code for name, code in other.items() if code != whole[name]} if before == after else None


def run_at_import() -> set[tuple[str, str]]:
    """File and name of every function that the copy has run when it is imported: what it made then is there to stay."""
    hears, says = os.pipe()
    if os.fork() == 0:
        ran: set[tuple[str, str]] = set()
        sys.setprofile(lambda frame, *_: ran.add((frame.f_code.co_filename, frame.f_code.co_qualname)))
        import_module("tests.preloaded")
        sys.setprofile(None)
        with os.fdopen(says, "w") as file:
            json.dump(list(ran), file)
        os._exit(0)
    os.close(says)
    with os.fdopen(hears) as file:
        found = json.load(file)
    os.wait()
    return {(path, name) for path, name in found}


@cache
def imported() -> list[FunctionType]:
    gc.unfreeze()  # what was there when the tests were collected is not looked through otherwise
    return [one for one in gc.get_objects() if isinstance(one, FunctionType)]


def put(path: Path, new: Bodies) -> None:
    """Let the imported functions of this file do what ``new`` says."""
    left = set(new)
    for one in imported():
        name = one.__code__.co_qualname
        if one.__code__.co_filename == str(path) and name in new:
            one.__code__ = new[name]
            left.discard(name)
    assert not left, f"{path} has no function {left}"


def main() -> None:
    folder = Path(sys.argv[1])
    found: dict[str, str] = {}
    rest: list[tuple[Mutant, Path, Bodies]] = []
    ran = run_at_import()
    for mutant in MUTANTS:
        path = folder / "workflow" / mutant.file
        new = changed(path, mutant)
        if new is not None and not any((str(path), name) in ran for name in new):
            rest.append((mutant, path, new))
            continue
        sound = path.read_text(encoding="utf-8")
        path.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
        found[mutant.name] = verdict(folder, mutant.killed_by)
        path.write_text(sound, encoding="utf-8")
    import_module("tests.preloaded")
    found[""] = verdict(folder, *dict.fromkeys(one.killed_by for one in MUTANTS))
    rounds = Rounds({one.name: (one.killed_by, partial(put, path, new)) for one, path, new in rest})
    os.chdir(folder)
    said = os.dup(1)
    os.dup2(2, 1)
    pytest.main([*OPTIONS, *dict.fromkeys(one.killed_by for one, _, _ in rest)], plugins=[rounds])
    os.dup2(said, 1)
    print(json.dumps(found | rounds.found))


if __name__ == "__main__":
    main()
