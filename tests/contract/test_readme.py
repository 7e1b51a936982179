"""The README's tour is lived: each ``$ aftale ...`` in its console blocks is run, and what stands below it is checked.

In the expected text a line ``...`` stands for any number of lines, and ``…`` for anything within one line. Lines
that set up the machine (git, cd, make) are not run here; the make targets they name must exist.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = ROOT / "README.md"
SETTING_UP = ("git", "cd", "make")


@dataclass(frozen=True)
class Step:
    """One command of the tour and the text that the README shows below it."""

    line: int
    command: str
    expected: str


def tour(text: str) -> Iterator[Step]:
    for block in re.finditer(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        above = text[: block.start(1)].count("\n")
        for step in re.finditer(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block[1], re.MULTILINE):
            yield Step(above + block[1][: step.start()].count("\n") + 1, step[1], step[2])


def pattern(expected: str) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*"
        if line.strip() == "..."
        else ".*".join(map(re.escape, line.rstrip().split("…"))) + r"[ ]*\n"
        for line in expected.splitlines()
    ]
    return re.compile("".join(lines))


def steps_of_the_readme() -> list[Step]:
    steps = list(tour(README.read_text(encoding="utf-8"))) if README.exists() else []
    if not steps:
        pytest.skip("README.md has no console block yet")
    return steps


def test_the_five_minute_tour_does_what_the_readme_says(tmp_path: Path, clean_env: dict[str, str]) -> None:
    steps = [step for step in steps_of_the_readme() if not step.command.startswith(SETTING_UP)]
    assert [step for step in steps if not step.command.startswith("aftale ")] == []
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "aftale").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m workflow "$@"\n', encoding="utf-8"
    )
    (bin_folder / "aftale").chmod(0o755)
    env = clean_env | {"PATH": f"{bin_folder}{os.pathsep}{clean_env['PATH']}"}
    for step in steps:
        done = subprocess.run(
            ["/bin/sh", "-c", step.command],
            check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=tmp_path, env=env, timeout=120,
        )  # fmt: skip
        told = f"README.md:{step.line}: $ {step.command}\n{done.stdout}(exit {done.returncode})"
        assert pattern(step.expected).fullmatch(done.stdout), told


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for step in steps_of_the_readme() for word in re.findall(r"\bmake ([a-z]+)", step.command)}
    assert named <= targets


def test_the_reader_of_the_tour_finds_commands_continuations_and_their_output() -> None:
    text = "x\n```console\n$ one \\\n  more\nout\n$ two\n```\n```sh\n$ no\n```\n"
    assert list(tour(text)) == [Step(3, "one \\\n  more", "out\n"), Step(6, "two", "")]


@pytest.mark.parametrize(
    ("expected", "printed", "fits"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("on … at …\n", "on monday at 8\n", True),
        ("on … at 8\n", "on monday\nat 8\n", False),
        ("", "something\n", False),
        ("1.5\n", "125\n", False),
    ],
)
def test_expected_text_is_compared_to_the_letter_except_where_it_says_otherwise(
    expected: str, printed: str, fits: bool
) -> None:
    assert bool(pattern(expected).fullmatch(printed)) is fits
