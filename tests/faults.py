"""docs/faults.md: every fault, what is required, and the tests that inject it; and the operator's table in
docs/operating.md: what is seen of a fault and what is to be done. ``python -m tests.faults`` writes both."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

PAGE, OPERATING = ROOT / "docs" / "faults.md", ROOT / "docs" / "operating.md"
FAULTS: dict[str, list[str]] = tomllib.loads((ROOT / "tests" / "faults.toml").read_text(encoding="utf-8"))
NEVER_GIVEN = ("F29", "F38")
_HEAD = """# Faults, and the tests that inject them

Written by `make faults` from `tests/faults.toml` and the marks on the tests: do not edit it by hand. The tests run
against real databases, real sockets and real processes; a row without a test is not claimed.

"""
_BEGIN = "| fault | what you see | what you do |\n|---|---|---|"
_END = "<!-- the end of what `make faults` writes -->"


def marked(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(fault, file below ``folder``, test) of each mark ``@pytest.mark.fault(...)``, also on a case of a parametrized
    test."""
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for number in sorted({number for one in node.decorator_list for number in _numbers(one)}):
                    yield number, path.relative_to(folder).as_posix(), node.name


def _numbers(decorator: ast.expr) -> Iterator[str]:
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
            yield from (str(ast.literal_eval(argument)) for argument in node.args)


@cache
def tests_by_fault() -> dict[str, list[tuple[str, str]]]:
    found = defaultdict(list)
    for number, file, test in marked(ROOT / "tests"):
        found[number].append((file, test))
    return dict(found)


def page() -> str:
    """The whole page."""
    found = tests_by_fault()
    shown = [number for number in FAULTS if number in found]
    tests = {one for several in found.values() for one in several}
    lines = [f"{len(tests)} tests inject {len(shown)} of {len(FAULTS)} faults.", ""]
    lines += ["| # | Fault | Required | Tests |", "|---|---|---|---|"]
    for number, (fault, required, *_) in FAULTS.items():
        named = "<br>".join(f"[{_words(test)}](../tests/{file})" for file, test in found.get(number, []))
        lines.append(f"| {number} | {fault} | {required} | {named or '-'} |")
    return _HEAD + "\n".join(lines) + "\n"


def operating() -> str:
    """The operator's page with its table as the faults and their tests give it; a fault that no test injects is not in
    it."""
    before, found, rest = OPERATING.read_text(encoding="utf-8").partition(_BEGIN)
    _, ends, after = rest.partition(_END)
    assert found and ends, f"{OPERATING} has no table of faults"
    injected = tests_by_fault()
    rows = [
        f"| {fault} ({number}) | {seen[0]} | {seen[1]} |"
        for number, (fault, _, *seen) in FAULTS.items()
        if seen and number in injected
    ]
    return "\n".join([before + _BEGIN, *rows, _END]) + after


def _words(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    for path, text in ((PAGE, page()), (OPERATING, operating())):
        path.write_text(text, encoding="utf-8")
        sys.stderr.write(f"written: {path.relative_to(ROOT)}\n")
