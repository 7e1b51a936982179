"""docs/lifecycle.md and docs/law.md are made from what runs, and stay true."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Aftale
from tests.law.desk import ROOT, rules
from workflow.lifecycle import diagram
from workflow.lifecycle.machine import Table
from workflow.services.views import lawdoc

TESTS = lawdoc.tests_naming(ROOT / "tests" / "law")
COURSES = rules().courses
TABLES = [(course.id, table) for course in COURSES for table in diagram.drawn(course)]
NAMES = [f"{course} {table.name}" for course, table in TABLES]


def test_the_machines_are_drawn_as_they_run() -> None:
    """If this fails: aftale diagram --out docs/lifecycle.md"""
    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == diagram.document(COURSES)


def test_the_page_of_the_law_says_what_the_calendars_say() -> None:
    """If this fails: aftale lawdoc --out docs/law.md"""
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == lawdoc.document(rules(), TESTS)


@pytest.mark.parametrize("table", [table for _, table in TABLES], ids=NAMES)
def test_every_arrow_and_every_state_of_a_drawing_is_in_the_table_and_the_other_way_round(
    table: Table,
) -> None:
    drawn = diagram.mermaid(table)
    arrows = set(re.findall(r"^ +(\w+) --> (\w+) : ([\w-]+)", drawn, re.MULTILINE))
    assert arrows == {(source, step.target, step.event) for step in table.steps for source in step.sources}
    assert dict(re.findall(r'state "(.+)" as (\w+)', drawn)) == {
        name: state for state, name in table.states.items()
    }
    assert f"[*] --> {table.initial}" in drawn


@pytest.mark.parametrize("table", [table for _, table in TABLES], ids=NAMES)
def test_an_end_and_only_an_end_says_that_nothing_leads_out_of_it(table: Table) -> None:
    for state in table.rule.states:
        assert state.otherwise.startswith(
            ("nobody", "no receipt", "a council", "SST", "it is not concluded")
        ), state.id
        assert (state.leaves == "nothing") == (not table.possible(state.id)) == state.final, state.id


def test_every_obligation_stands_once_tracked_or_with_its_reason() -> None:
    listed = rules().obligations.listed
    assert [one.id for one in listed] == [
        *(f"O-{number:02}" for number in (*range(1, 29), *range(30, 68), *range(70, 77))),
        *(f"R{number}" for number in range(1, 32)),  # what the reform of 2026 and 2027 brings
    ]
    assert all(bool(one.tracked_by) != bool(one.not_tracked) for one in listed)


def test_every_tracked_obligation_is_named_by_a_test() -> None:
    tracked = {one.id for one in rules().obligations.listed if one.tracked_by}
    assert sorted(tracked - TESTS.keys()) == []


def test_the_uncertainty_of_the_reform_stands_on_the_page_until_it_is_settled() -> None:
    page = lawdoc.document(rules(), TESTS)
    assert "ends on 2026-01-01 or 2027-01-01: Lov 719/2025 § 24 could not be read" in page
    assert "not legal advice" in page


def test_both_pages_are_written_by_a_command_and_to_a_file_or_to_stdout(aftale: Aftale) -> None:
    assert aftale("diagram", code=0).out == diagram.document(COURSES)
    done = aftale("lawdoc", "--out", "law.md", code=0)
    assert (done.out, done.err) == ("", "skrevet: law.md\n")
    assert (aftale.cwd / "law.md").read_text(encoding="utf-8") == lawdoc.document(rules(), TESTS)
    assert "--out missing/law.md" in aftale("lawdoc", "--out", "missing/law.md", code=2).err
