"""The tests of delivery notice mistakes: each seeded one makes the test that is named for it fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.mutants import MUTANTS, Mutant
from tests.mutation import EXPLAINED, ROOMS, mistakes

# they are tried once, together
pytestmark = [pytest.mark.xdist_group("mutants"), pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each mutant's test; under the empty name, what they all say of the code as it is."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("workflow", "tests", "templates", "calendars"):
        shutil.copytree(ROOT / name, folder / name)  # with what is compiled: it is as old as its source
    shutil.copy(ROOT / "pyproject.toml", folder)
    env = os.environ | {
        "PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(folder / "tests" / "mutating_process.py"), str(folder)],
        check=False, cwd=folder, env=env, capture_output=True, text=True, timeout=1400,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_the_tests_that_notice_mutants_pass_on_the_code_as_it_is(verdicts: dict[str, str]) -> None:
    assert verdicts[""] in ("passed", "skipped")


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.name for one in MUTANTS])
def test_a_mutant_is_noticed(mutant: Mutant, verdicts: dict[str, str]) -> None:
    if verdicts[mutant.name] == "skipped":
        pytest.skip(f"{mutant.killed_by} needs what is not here")
    assert verdicts[mutant.name] == "failed"


@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.name for one in MUTANTS])
def test_what_a_mutant_replaces_stands_once_in_the_code(mutant: Mutant) -> None:
    assert (ROOT / "workflow" / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1


def test_there_are_more_than_twenty_mutants_of_which_no_two_are_alike() -> None:
    assert len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS) > 20
    assert all(Path(one.killed_by.partition("::")[0]).name.startswith("test_") for one in MUTANTS)


def test_a_small_mistake_changes_one_place_within_a_function(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text(
        "LIMIT = 3\n\n\ndef late(days: int, of: int = 7) -> bool:\n    return days > 3 and not of\n"
    )
    found = {(one.before, one.after) for one in mistakes(file)}
    assert found == {
        ("return days > 3 and (not of)", "return None"), ("days > 3 and (not of)", "days > 3 or not of"),
        ("days > 3", "days >= 3"), ("3", "4"), ("not of", "of"),
    }  # fmt: skip
    for one in mistakes(file):
        compile(one.source, file, "exec")
        assert one.source.startswith("LIMIT = 3\n\n\ndef late(days: int, of: int = 7) -> bool:\n")


def test_every_mistake_that_is_explained_can_still_be_made() -> None:
    files = [
        file for patterns, _ in ROOMS.values() for one in patterns for file in (ROOT / "workflow").glob(one)
    ]
    made = [one for file in files for one in mistakes(file)]
    assert set(EXPLAINED) <= {said for one in made for said in (str(one), f"{one} in {one.text}")}
