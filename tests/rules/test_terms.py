"""Elections, terms and office periods (VALG § 6; OVG § 57)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.errors import Invalid, NotFound
from workflow.rules.facts import Fact
from workflow.rules.terms import ElectionRule, find_term
from workflow.storage.law.rulebook import load
from workflow.storage.places import find_folder

BOOK = load(find_folder("calendars"))
TERMS = BOOK.law.terms


@pytest.mark.parametrize(
    ("election", "label", "second", "regime"),
    [
        ("2009-11-17", "2010-2013", 2011, "bek-778-2009"),
        ("2013-11-19", "2014-2017", 2015, "bek-1569-2013"),
        ("2017-11-21", "2018-2021", 2019, "bek-679-2018"),
        ("2021-11-16", "2022-2025", 2023, "bek-1248-2022"),
        ("2025-11-18", "2026-2029", 2027, "bek-1248-2022"),
    ],
)
def test_the_term_decides_the_second_year_and_the_regime(
    election: str, label: str, second: int, regime: str
) -> None:
    term = find_term(TERMS, label)
    assert term.election_on == ElectionRule().day(int(election[:4])) == date.fromisoformat(election)
    assert term.calendar_year(2) == second
    assert BOOK.law.regime_of(term).id == regime


def test_past_the_last_rule_there_is_a_term_but_no_regime() -> None:
    with pytest.raises(Invalid, match="2030-2033"):
        BOOK.law.regime_of(find_term(TERMS, "2030-2033"))


@given(st.integers(1900, 2200))
def test_an_election_falls_on_the_third_tuesday_of_november(year: int) -> None:
    day = ElectionRule().day(year)
    assert (day.month, day.weekday()) == (11, 1)
    assert 15 <= day.day <= 21


def test_the_terms_follow_each_other_without_a_gap() -> None:
    ends = [term.ends_on + timedelta(days=1) for term in TERMS]
    assert [term.starts_on for term in TERMS[1:]] == ends[:-1]
    assert TERMS[0].label == "2010-2013"
    assert TERMS[-1].label == "2042-2045"


@pytest.mark.parametrize(
    ("region", "term", "starts", "ends", "cite"),
    [
        ("hovedstaden", "2022-2025", "2022-01-01", "2026-12-31", "OVG § 105"),
        ("sjaelland", "2022-2025", "2022-01-01", "2026-12-31", "OVG § 105"),
        ("oestdanmark", "2026-2029", "2027-01-01", "2029-12-31", "OVG § 57"),
    ],
)
def test_an_office_period_can_differ_from_the_term(
    region: str, term: str, starts: str, ends: str, cite: str
) -> None:
    office = find_term(TERMS, term).office_of(region)
    assert office
    assert (office.starts_on.isoformat(), office.ends_on.isoformat(), office.cite) == (starts, ends, cite)


def test_a_council_without_its_own_period_sits_the_term() -> None:
    assert find_term(TERMS, "2022-2025").office_of("nordjylland") is None


def test_an_unknown_term_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match="2022-2025"):
        find_term(TERMS, "2023-2026")


def test_a_fact_is_entered_late_from_the_day_after_it_happened() -> None:
    on = date(2026, 3, 6)
    fact = Fact(1, "received", on)
    days = (None, on, on + timedelta(days=1))
    assert [replace(fact, entered_on=day).entered_late for day in days] == [False, False, True]
