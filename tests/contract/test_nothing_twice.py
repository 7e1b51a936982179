"""No six lines of the program or its tests stand twice to the letter without a reason; what nobody uses is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from tests import unused
from tests.conftest import ROOT

SHARED = 6
THIN = re.compile(r"[\W_]*|import .*|from .* import .*|#.*|\w+,")  # says nothing by itself
# Two places that stand twice, and why.
COMMANDS = "typer reads a command's words from its own signature"
REASONS = {
    (f"workflow/faces/cli/{one}.py",) * 2: COMMANDS
    for one in ("law/acts", "people/contacts", "people/people")
} | {
    ("workflow/mail/writing/letters.py",) * 2: "one function in the language of the reader, one around it",
    ("workflow/services/hands/steering.py",) * 2: "two acts on a letter that take the same",
    (
        "workflow/rules/days.py",
        "workflow/storage/law/datefiles.py",
    ): "a day, and the line of a file that says it",
    ("workflow/rules/timeline.py", "workflow/services/views/listing.py"): "a date, and its row in a list",
}


def lines(path: Path) -> list[str]:
    """What a file says, line by line without indentation; nothing of what is thin."""
    told = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in told if not THIN.fullmatch(line)]


def twice(files: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Two files (or one, twice) and the first line of a run of SHARED lines that both have."""
    runs: dict[tuple[str, ...], list[tuple[Path, int]]] = defaultdict(list)
    for path in files:
        told = lines(path)
        for at in range(len(told) - SHARED + 1):
            runs[tuple(told[at : at + SHARED])].append((path, at))
    for run, places in runs.items():
        for (one, first), (other, second) in combinations(places, 2):
            if one != other or abs(first - second) >= SHARED:
                yield str(one.relative_to(ROOT)), str(other.relative_to(ROOT)), run[0]


def test_no_six_lines_stand_twice_without_a_reason() -> None:
    code = sorted((ROOT / "workflow").rglob("*.py")) + sorted((ROOT / "tests").rglob("*.py"))
    found = list(twice(path for path in code if path.parent.name != "versions"))
    assert sorted(one for one in found if one[:2] not in REASONS) == []
    assert {one[:2] for one in found} == set(REASONS), "a reason for what no longer stands twice"


def test_six_lines_that_stand_twice_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.contract.test_nothing_twice.ROOT", tmp_path)
    told = "".join(f"value = work_out({number})\n\n" for number in range(SHARED))
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text(told)
    other.write_text("import re\n" + told.replace("value", "    value"))
    assert list(twice([one, other])) == [("one.py", "other.py", "value = work_out(0)")]
    other.write_text(told.replace("(3)", "(30)"))
    assert list(twice([one, other])) == []


def test_nothing_is_unused() -> None:
    assert unused.unused() == []
