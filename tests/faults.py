"""docs/faults.md: every fault, what is required, and the tests that inject it. ``python -m tests.faults`` writes it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "faults.md"
FAULTS: dict[str, tuple[str, str]] = tomllib.loads(
    (ROOT / "tests" / "faults.toml").read_text(encoding="utf-8")
)
NEVER_GIVEN = ("F29", "F38")
_HEAD = """# Faults, and the tests that inject them

Written by `make faults` from `tests/faults.toml` and the marks on the tests: do not edit it by hand. The tests run
against real databases, real sockets and real processes; a row without a test is not claimed.

"""


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
    for number, (fault, required) in FAULTS.items():
        named = "<br>".join(f"[{_words(test)}](../tests/{file})" for file, test in found.get(number, []))
        lines.append(f"| {number} | {fault} | {required} | {named or '-'} |")
    return _HEAD + "\n".join(lines) + "\n"


def _words(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stderr.write(f"written: {PAGE.relative_to(ROOT)}\n")
