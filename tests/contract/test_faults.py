"""Every fault of delivery has a test that carries its number, and the page that says so is true."""

from __future__ import annotations

from pathlib import Path

from tests import faults


def test_the_page_of_the_faults_says_which_tests_inject_them() -> None:
    """If this fails: make faults"""
    assert faults.PAGE.read_text(encoding="utf-8") == faults.page()


def test_the_operators_table_is_made_of_the_faults_that_are_injected() -> None:
    """If this fails: make faults"""
    assert faults.OPERATING.read_text(encoding="utf-8") == faults.operating()


def test_what_an_operator_has_to_find_within_minutes_is_in_the_table_and_injected() -> None:
    """Relay, receiver, address, disk, database, clock, copy, schema, daemon, flood: each with what is seen and done."""
    wanted = (
        "F13", "F15", "F26", "F31", "F32", "F33", "F34", "F36", "F49", "F50", "F55", "F77", "F81", "F82", "F83",
        "F84", "F86", "F87", "F88",
    )  # fmt: skip
    for number in wanted:
        _, _, see, do = faults.FAULTS[number]
        assert see and do and faults.tests_by_fault()[number], number
    assert all(len(told) in (2, 4) for told in faults.FAULTS.values())


def test_every_fault_of_delivery_storage_clock_rules_and_journal_is_injected_by_a_test() -> None:
    given = {f"F{number}" for number in range(1, 89)} - set(faults.NEVER_GIVEN)
    assert faults.FAULTS.keys() == given
    here = {f"F{number}" for number in range(1, 65)} | {f"F{number}" for number in (74, 75, *range(77, 89))}
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
