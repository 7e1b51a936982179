"""The patient committee of 2026 sits under an order of its own (BEK 1615/2025): what is asked and told of its seats."""

from __future__ import annotations

import pytest

from tests.law.desk import KEY, LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.services.due.prompts import prompts

OWN = "BEK 1615/2025 § 3, stk. 1"


@pytest.fixture
def in_force(desk: LawDesk) -> LawDesk:
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    return desk


def letter(desk: LawDesk, name: str, on: str) -> str:
    one = next(
        one
        for one in desk.letters(on)
        if one.letter.name == name and one.recipient == "nordjylland/secretariat-region"
    )
    return rendered_text(write(letters(), name, one.facts | {"ask": None, "link": ""}).raw)


def test_the_new_committees_of_2026_are_asked_for_without_the_patients(in_force: LawDesk) -> None:
    text = letter(in_force, "constitution", "2026-01-15")
    assert "Udvalg og sundhedsklynger for valgperioden 2026-2029" in text
    assert (
        "Pladserne i sundhedssamarbejdsudvalget og i sundhedsklyngerne følger valgperioden og skal besættes på ny for "
        "2026-2029." in text
    )
    assert (
        "Medlemmernes funktionsperiode ophører torsdag den 31. december 2026 (BEK 1615/2025 § 3, stk. 1). Medlemmer, "
        "der var udpeget før torsdag den 1. januar 2026, kan fortsætte (BEK 1615/2025 § 3, stk. 2)." in text
    )
    for own in ("§ 26, stk. 2", "§ 25, stk. 5", "§ 27, stk. 4"):
        assert f"BEK 1248/2022 {own}" not in text


def test_before_the_order_was_in_force_the_old_one_is_told_and_the_new_one_is_not(in_force: LawDesk) -> None:
    text = letter(in_force, "constitution", "2025-12-01")
    assert "BEK 1248/2022 § 26, stk. 2" in text and "BEK 1615/2025" not in text
    assert "Udvalg, sundhedsklynger og patientinddragelsesudvalg for valgperioden 2026-2029" in text


def test_that_the_patients_seats_end_with_2026_is_told_a_month_before_and_nothing_of_it_is_in_doubt(
    in_force: LawDesk,
) -> None:
    text = letter(in_force, "rosters-expire", "2026-12-01")
    assert (
        "Funktionsperioden for patientinddragelsesudvalgets medlemmer ophører torsdag den 31. december 2026."
        in text
    )
    assert OWN in text
    assert "kan være ophævet" not in text and "bortfaldet" not in text
    assert "Pladserne i sundhedssamarbejdsudvalget" not in text


@pytest.mark.parametrize("ended_on", ["2026-01-01", "2027-01-01"])
def test_it_is_told_whichever_end_of_the_other_rules_is_confirmed(in_force: LawDesk, ended_on: str) -> None:
    in_force.today = day("2026-11-23")
    in_force.tell("regime-confirmed", "2026-11-23", due=ended_on)
    found = [p for p in prompts(in_force.at(KEY, "2026-12-01"), rules()) if p.id == "rosters"]
    assert [(p.subject, str(p.legal_on), p.doubtful, p.cite) for p in found] == [
        ("piu", "2026-12-31", False, (OWN,))
    ]


@pytest.mark.parametrize("region", ["hovedstaden", "sjaelland"])
def test_in_a_region_that_ends_the_same_day_the_order_of_its_own_is_told_beside_the_regions_end(
    empty: LawDesk, region: str
) -> None:
    """BEK 1615/2025 § 3 ends the patients' seats; OVG § 105 the prolonged term of the council and its committees."""
    key = empty.open(region)
    empty.tell("effective", "2024-01-01", key)
    empty.concludes("2023-12-15", key)
    found = {p.subject: p for p in prompts(empty.at(key, "2026-12-01"), rules()) if p.id == "rosters"}
    assert {subject: (str(one.legal_on), one.cite, one.doubtful) for subject, one in found.items()} == {
        "piu": ("2026-12-31", (OWN,), False), "": ("2026-12-31", ("OVG § 105",), False),
    }  # fmt: skip
    said = found[""].why[0].text
    assert "Valgperioden slutter" not in said and "funktionsperiode er forlænget til og med" in said


def test_no_other_year_has_such_seats(in_force: LawDesk) -> None:
    for on in ("2023-12-01", "2024-12-02", "2025-12-01", "2027-12-01"):
        found = [p.subject for p in prompts(in_force.at(KEY, on), rules()) if p.id == "rosters"]
        assert "piu" not in found
