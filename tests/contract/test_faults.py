"""Every fault of delivery has a test that carries its number, and the page that says so is true."""

from __future__ import annotations

from pathlib import Path

from tests import faults


def test_the_page_of_the_faults_says_which_tests_inject_them() -> None:
    """If this fails: make faults"""
    assert faults.PAGE.read_text(encoding="utf-8") == faults.page()


def test_every_fault_of_delivery_storage_clock_rules_and_journal_is_injected_by_a_test() -> None:
    given = {f"F{number}" for number in range(1, 83)} - set(faults.NEVER_GIVEN)
    assert faults.FAULTS.keys() == given
    here = {f"F{number}" for number in range(1, 65)} | {f"F{number}" for number in (74, 75, *range(77, 83))}
    assert sorted((here & given) - faults.tests_by_fault().keys()) == []


def test_no_test_names_a_fault_that_is_not_in_the_table() -> None:
    assert faults.tests_by_fault().keys() <= faults.FAULTS.keys()


def test_marks_are_found_on_tests_and_on_their_cases(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(
        '@pytest.mark.fault("F1")\n@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.fault("F2"))])\n'
        "def test_a(x): ...\n@pytest.mark.slow\ndef test_b(): \"pytest.mark.fault('F3')\"\n",
        encoding="utf-8",
    )
    assert list(faults.marked(tmp_path)) == [("F1", "test_x.py", "test_a"), ("F2", "test_x.py", "test_a")]
