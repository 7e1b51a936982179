"""The cases a jurist wrote beside the rules: all shipped ones are green, and a red one says which rule it met."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Aftale
from tests.story.living import rules
from workflow.errors import Misconfigured
from workflow.services.law.trying import case_files, try_file

FOLDER = Path(__file__).parents[3] / "calendars"
RED = """
regime = "bek-1248-2022"

[[case]]
name = "Indsendt 22.12.2023: svar senest 15.2.2024"
election = 2021-11-16
given = { submitted = 2023-12-22 }
then = { sst-decision = 2024-02-15 }
provision = "§ 21, stk. 3"
"""


@pytest.mark.parametrize("path", case_files(FOLDER), ids=lambda path: path.stem)
def test_the_shipped_cases_are_green(path: Path) -> None:
    assert [one.wrong for one in try_file(path, rules())] == [()] * len(try_file(path, rules()))


def test_every_shipped_regime_has_cases() -> None:
    assert {path.stem for path in case_files(FOLDER)} == {regime.id for regime in rules().law.regimes}


def test_a_red_case_exits_1_and_shows_the_rule_it_met_with_its_steps(aftale: Aftale, tmp_path: Path) -> None:
    """BEK 1248/2022 § 21, stk. 2: eight weeks, the day of receipt not counted, so 16 February."""
    (tmp_path / "red.toml").write_text(RED, encoding="utf-8")
    done = aftale("test", str(tmp_path / "red.toml"))
    assert done.code == 1
    assert "RED   bek-1248-2022: Indsendt 22.12.2023: svar senest 15.2.2024" in done.out
    assert "sst-decision: expected 2024-02-15, found 2024-02-16" in done.out
    assert "expected '§ 21, stk. 3', found BEK 1248/2022 § 21, stk. 2" in done.out
    assert "8 uger efter er fredag den 16. februar 2024" in done.out


@pytest.mark.parametrize(
    "before, after, said",
    [
        ('"bek-1248-2022"', '"bek-1"', "key regime: 'bek-1' is no regime"),
        ("2021-11-16", "2021-11-17", "no election on 2021-11-17"),
        ("2021-11-16", "2013-11-19", "does not govern the term 2014-2017"),
        ("submitted =", "submited =", "submited"),
    ],
)
def test_a_case_that_cannot_be_tried_says_what_is_wrong(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    (tmp_path / "cases.toml").write_text(RED.replace(before, after), encoding="utf-8")
    with pytest.raises(Misconfigured, match=said):
        try_file(tmp_path / "cases.toml", rules())
