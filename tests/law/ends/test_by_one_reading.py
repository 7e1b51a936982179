"""A duty that by one reading of its day was due while the rules held, and by the other on a day they may not have seen:
whether the day itself is in time (VEJ 9008/2024 section 6) is a question of the day the rule sets."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import KEY, LawDesk, day
from tests.law.test_open_readings import sign
from tests.law.test_two_readings import lines
from workflow.faces.cli import show
from workflow.services.views.readings import silences

MIDTERM, FINAL = "midterm-guidance", "final-guidance"
IF_IT_HOLDS = "OVERSKREDET, hvis reglen stadig gælder"
BY_ONE = "ikke opfyldt i tide efter den ene læsning, bortfaldet efter den anden; reglerne er siden ophævet"
BREACHED = "ikke opfyldt i tide; reglerne er siden ophævet"


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """In force from 1 January 2024: the guidance's midterm day is 31 December 2025 or the 1st."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    return desk


def said(desk: LawDesk, rule: str, on: str) -> str:
    return show.state(desk.deadline(rule, as_of=on), day(on))


def test_before_its_day_and_between_the_two_it_is_told_by_both(running: LawDesk) -> None:
    assert said(running, MIDTERM, "2025-12-01") == "kommer; kan også læses som 2. januar 2026"
    assert said(running, MIDTERM, "2026-01-02").endswith(
        "efter den anden er den 2. januar 2026; det er ikke afklaret, om reglen gjaldt den dag"
    )


@pytest.mark.parametrize("signed", ["", "selve-dagen"])
def test_it_is_no_flat_breach_while_the_end_is_open(running: LawDesk, signed: str) -> None:
    if signed:
        sign(running, "selve-dagen", signed)
    assert said(running, MIDTERM, "2026-12-01") == IF_IT_HOLDS
    assert said(running, MIDTERM, "2027-01-05") == (
        "ikke opfyldt i tide, hvis reglen gjaldt den dag; reglerne er siden ophævet"
    )
    if not signed:
        why = [step.text for step in running.deadline(MIDTERM, as_of="2026-12-01").why]
        assert any(
            "efter den anden var den torsdag den 1. januar 2026, og om reglen gjaldt da" in one for one in why
        )


def test_signed_that_the_day_itself_is_late_it_is_a_flat_breach(running: LawDesk) -> None:
    sign(running, "selve-dagen", "dagen-foer")
    assert said(running, MIDTERM, "2026-12-01") == "OVERSKREDET"


@pytest.mark.parametrize(
    ("ends", "signed", "told"),
    [
        ("2026-01-01", "", BY_ONE),
        ("2026-01-01", "selve-dagen", "bortfaldet"),
        ("2026-01-01", "dagen-foer", BREACHED),
        ("2027-01-01", "", BREACHED),
    ],
)
def test_with_the_end_confirmed_it_is_told_by_the_readings_that_are_open(
    running: LawDesk, ends: str, signed: str, told: str
) -> None:
    running.tell("regime-confirmed", "2026-11-21", due=ends)
    if signed:
        sign(running, "selve-dagen", signed)
    assert said(running, MIDTERM, "2027-02-01") == told


def test_done_after_both_days_it_is_late_only_by_the_reading_that_left_it_owed(running: LawDesk) -> None:
    running.tell("midterm-sent", "2026-01-05")
    assert said(running, MIDTERM, "2026-11-21") == "opfyldt for sent, hvis reglen gjaldt den dag"
    running.tell("regime-confirmed", "2026-11-21", due="2026-01-01")
    assert said(running, MIDTERM, "2026-11-21") == (
        "opfyldt for sent efter den ene læsning, bortfaldet efter den anden"
    )


def test_the_final_status_says_of_the_new_years_day_what_it_says_of_july(running: LawDesk) -> None:
    running.tell("nominal-end", "2024-01-01", due="2027-07-01")
    found = running.deadline(FINAL, as_of="2026-12-01")
    assert (found.legal_on, found.latest_gone) == (date(2026, 12, 31), True)
    assert said(running, FINAL, "2026-12-01").endswith("og da er pligten bortfaldet")


def test_the_status_says_of_each_overdue_date_what_the_list_says(running: LawDesk) -> None:
    told = lines(running, KEY, day("2026-12-01"))
    assert next(one for one in told if "Midtvejsstatus sendt" in one).startswith(f"  {IF_IT_HOLDS}: ")


def test_the_reason_says_what_each_end_makes_of_it_by_either_reading(running: LawDesk) -> None:
    standing = running.at(KEY, "2026-12-01")
    found = standing.deadline(MIDTERM)
    assert found
    [ended] = [
        one for one in silences(standing, running.rulebook, found) if one.question == "Gælder reglen stadig?"
    ]
    assert [one.said.rpartition("; ")[2] for one in ended.readings[1:]] == [
        "pligten består efter den ene læsning af datoen, bortfaldet efter den anden", "pligten består",
    ]  # fmt: skip
