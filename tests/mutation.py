"""Small mistakes put into the rules, the lifecycle, the judging of answers and the gate, one at a time: which of them
does a test notice? ``python -m tests.mutation [ROOM ...] [--sample N] [--seed S ...]``, or ``make mutants``.

First the tests of a room run once under coverage, which tells its coverage by branch and which tests reach which
line. Then a sample of the mistakes that can be made on those lines is tried: each in a process of its own, forked from
one that has imported the product, with the function's body exchanged (:mod:`tests.mutating_process`), against the tests
that reach its line, the quickest first. What no test notices is printed, and is to be killed by a test or explained in
EXPLAINED. :mod:`tests.mutants` has the mistakes of delivery that were thought of by hand.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutating_process import Bodies, Watcher, bodies, put

ROOT = Path(__file__).parent.parent
ROOMS = {  # room -> its files, and the tests that know it well
    "rules": (["rules/*.py", "rules/anchors/*.py"], ["tests/rules", "tests/law"]),
    "lifecycle": (["lifecycle/*.py"], ["tests/lifecycle", "tests/law"]),
    "answers": (["mail/answers.py"], ["tests/mail/test_answers.py"]),
    "gate": (
        ["faces/web/gate/*.py"],
        ["tests/faces/web/gate/test_gate.py", "tests/faces/web/gate/test_lockout.py",
         "tests/faces/web/gate/test_oidc.py", "tests/faces/web/gate/test_door.py",
         "tests/faces/web/gate/test_short_code.py", "tests/faces/web/people/test_trail.py"],
    ),
}  # fmt: skip
ENOUGH = 30.0  # seconds of tests tried for one mistake, the quickest of those that reach its line
PATIENCE = 120  # seconds for them; what takes longer has been noticed: the mistake runs in circles
SWAPPED: dict[type[Any], type[Any]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
# What no test can notice, since it changes nothing that anybody sees: "FILE: BEFORE -> AFTER" -> why;
# "... in LINE" where the same change stands elsewhere in the file.
EXPLAINED = {
    "mail/answers.py: 0 -> 1": "no number in the words: neither is a code of any kind",
    "lifecycle/steps.py: before.number > number -> before.number >= number": "a text with this number was met above",
    "lifecycle/guards.py: return None if case.silence_approves else Blocker(phrase('tavshed er ikke godkendelse'), "
    "cite, 'sst') -> return None": "the clock asks only where silence approves, and nobody else takes the step",
    "lifecycle/machine.py: False -> True": "the library's own jumps to a state have names that no course asks for",
    "rules/story.py: len(names) > 1 -> len(names) >= 1": "the steps of one name stand in their order already",
    "faces/web/gate/trail.py: 0 -> 1 in status = 0": "the status before an answer: each that is judged has its own",
    'faces/web/gate/trail.py: 0 -> 1 in more = Seen(no=0, at=at, what="left-out", about=str(left_out), previous="", '
    'digest="")': "the number of a row before it is written: writing it gives it its own",
    "faces/web/gate/provider.py: 0 -> 1 in if not self._lock.acquire(timeout=0 if self._found else PATIENCE):": "who "
    "finds another reading takes what was there a second later: the answer is the same",
    "faces/web/gate/cookies.py: 24 -> 25": "bytes of chance in a browser's secret: one more does no harm",
    "faces/web/gate/oidc.py: 32 -> 33": "bytes of chance in what goes out to the provider: one more does no harm",
    "faces/web/gate/trail.py: status < 400 -> status <= 400": "no route that the trail writes answers 400",
    "faces/web/gate/trail.py: self._read.move_to_end(key) -> pass": "which of 5000 readings is forgotten first",
    "faces/web/gate/trail.py: len(self._read) > MOST_KEPT -> len(self._read) >= MOST_KEPT": "5000 readings or one less",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One changed place: the file, its line, the line before and after, and the whole file with it."""

    path: Path
    line: int
    before: str
    after: str
    source: str

    @property
    def text(self) -> str:
        """The line as it was."""
        return self.path.read_text(encoding="utf-8").splitlines()[self.line - 1].strip()

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT / 'workflow')}: {self.before} -> {self.after}"


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """The ways in which this one node can be wrong."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield ast.Compare(node.left, [_swapped(op)], node.comparators)
        case ast.BoolOp() if type(node.op) in SWAPPED:
            yield ast.BoolOp(_swapped(node.op), node.values)
        case ast.BinOp(op=ast.Add() | ast.Sub()) if not _words(node.left) and not _words(node.right):
            yield ast.BinOp(node.left, _swapped(node.op), node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() as number):
            yield ast.Constant(number + 1)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()


def _swapped(op: ast.AST) -> Any:
    return SWAPPED[type(op)]()


def _words(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def mistakes(path: Path) -> Iterator[Mistake]:
    """Every mistake within the functions of a file; none in annotations, defaults and decorators."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    for function in (
        n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ):
        within: Iterator[Any] = (inner for statement in function.body for inner in _within(statement))
        for node in within:
            for new in changed(node):
                ast.copy_location(new, node)
                whole = _replaced(lines, node, ast.unparse(ast.fix_missing_locations(new)))
                yield Mistake(path, node.lineno, ast.unparse(node), ast.unparse(new), whole)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is in it; functions within are walked to by themselves."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name != "annotation":
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    yield from _within(one)


def _replaced(lines: list[str], node: ast.AST, new: str) -> str:
    """The file with another text in the node's place; columns are counted in bytes."""
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    head = lines[first].encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
    tail = lines[last].encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
    text = new if isinstance(node, ast.stmt) else f"({new})"
    return "".join([*lines[:first], head, text, tail, *lines[last + 1 :]])


class Reached:
    """Which tests reach which line, and how long each takes: a plugin of the run under coverage."""

    def __init__(self, measuring: coverage.Coverage) -> None:
        self.measuring, self.took = measuring, dict[str, float]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measuring.switch_context(item.nodeid)
        began = time.process_time()  # however much else the machine does
        result = yield
        self.took[item.nodeid] = time.process_time() - began
        return result


def measured(
    files: list[Path], suites: list[str], folder: Path
) -> tuple[dict[str, dict[int, list[str]]], float]:
    """File -> line -> the tests that reach it, the quickest first; and the coverage by branch in percent."""
    kept = folder / "reached.json"
    if _child(lambda: _measure(files, suites, folder, kept), 3600) != 0:
        raise SystemExit(f"the tests do not pass as they are: {' '.join(suites)}")
    told = json.loads(kept.read_text())
    return {file: {int(n): tests for n, tests in by.items()} for file, by in told["lines"].items()}, told[
        "branch"
    ]


def _measure(files: list[Path], suites: list[str], folder: Path, kept: Path) -> int:
    measuring = coverage.Coverage(
        data_file=str(folder / "data"), branch=True, include=[str(one) for one in files]
    )
    plugin = Reached(measuring)
    measuring.start()
    code = int(pytest.main([*OPTIONS, "-m", "not torture and not slow", *suites], plugins=[plugin]))
    measuring.stop()
    data = measuring.get_data()
    lines = {
        file: {line: _quickest(tests, plugin.took) for line, tests in data.contexts_by_lineno(file).items()}
        for file in data.measured_files()
    }
    measuring.json_report(outfile=str(folder / "report.json"))
    told = json.loads((folder / "report.json").read_text())["totals"]
    branch = 100 * told["covered_branches"] / max(told["num_branches"], 1)
    kept.write_text(json.dumps({"lines": lines, "branch": branch}))
    return code


def _quickest(tests: list[str], took: dict[str, float]) -> list[str]:
    """As many of these tests as take ENOUGH together, the quickest first; one case of each before a second of any."""
    known = sorted((one for one in tests if one in took), key=lambda one: took[one])
    before = Counter[str]()
    turns: dict[str, int] = {}
    for one in known:
        turns[one] = before[one.partition("[")[0]]
        before[one.partition("[")[0]] += 1
    ordered = sorted(known, key=lambda one: turns[one])
    so_far = accumulate(took[one] for one in ordered)
    return [one for one, spent in zip(ordered, so_far, strict=True) if spent <= ENOUGH] or ordered[:1]


OPTIONS = [
    "-q",
    "-x",
    "-p",
    "no:cacheprovider",
    "-p",
    "xdist.plugin",
    "-p",
    "pytest_timeout",
    "--timeout=240",
    "--tb=no",
]


def _child(do: Callable[[], int], patience: float) -> int | None:
    """Do it in a child of this process: its exit code, ``None`` where it took too long."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        sys.dont_write_bytecode = True
        code = 70
        try:
            code = do()
        finally:
            os._exit(code)
    until = time.monotonic() + patience
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def noticed(mistake: Mistake, tests: list[str]) -> bool | None:
    """Whether one of the tests fails with it; ``None`` where it changes nothing but what was run at import."""
    before, whole = bodies(compile(mistake.path.read_text(encoding="utf-8"), mistake.path, "exec"))
    after, other = bodies(compile(mistake.source, mistake.path, "exec"))
    new: Bodies = {name: code for name, code in other.items() if code != whole.get(name)}
    if before != after or not new:
        return None

    def attempt() -> int:
        put(mistake.path, new)
        watcher = Watcher()
        pytest.main([*OPTIONS, *tests], plugins=[watcher])
        return 0 if watcher.verdict in ("passed", "skipped") else 1

    return _child(attempt, PATIENCE) != 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Which small mistakes do the tests notice?")
    parser.add_argument("rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--sample", type=int, default=40, help="mistakes tried in each room")
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one sample each")
    asked = parser.parse_args()
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = (
        "1"  # the libraries are imported before pytest could rewrite them
    )
    import_module("tests.preloaded")
    left: list[str] = []
    for room in asked.rooms:
        patterns, suites = ROOMS[room]
        files = sorted(path for pattern in patterns for path in (ROOT / "workflow").glob(pattern))
        with tempfile.TemporaryDirectory() as folder:
            reached, branch = measured(files, suites, Path(folder))
        every = [one for path in files for one in mistakes(path)]
        met: dict[Mistake, list[str]] = defaultdict(list)
        for one in every:
            met[one] = reached.get(str(one.path), {}).get(one.line, [])
        possible = [one for one in every if met[one]]
        count: Counter[str] = Counter()
        size = min(asked.sample, len(possible))
        samples = [random.Random(seed).sample(possible, size) for seed in asked.seed]
        for one in dict.fromkeys(one for sample in samples for one in sample):
            verdict = noticed(one, met[one])
            said = "explained" if {str(one), f"{one} in {one.text}"} & EXPLAINED.keys() else "survived"
            said = said if verdict is False else "killed" if verdict else "same"
            count[said] += 1
            if said == "survived":
                left.append(str(one))
                print(
                    f"  survived: {one.path.relative_to(ROOT)}:{one.line}: {one.before} -> {one.after}",
                    flush=True,
                )
        print(
            f"{room}: {branch:.1f} % by branch; {len(possible)} of {len(every)} mistakes are on lines that these tests"
            f" reach; of {count.total() - count['same']} tried {count['killed']} killed, {count['explained']}"
            f" explained, {count['survived']} survived",
            flush=True,
        )
    sys.exit(bool(left))


if __name__ == "__main__":
    main()
