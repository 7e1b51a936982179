"""A region that ends: its committees sit to its last day, and its letters go to the region that takes over (OVG)."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.recipients import expand
from workflow.services.views.bodies import to_come

KEY = "hovedstaden/2024-2027"


def owed(desk: LawDesk, on: str) -> list[Owed]:
    return [
        o
        for o in owed_now(rules(), desk.at(KEY, on), day(on), day(on), {})
        if o.letter.name == "rosters-expire"
    ]


@pytest.fixture
def ending(empty: LawDesk) -> LawDesk:
    empty.open("hovedstaden")
    empty.tell("effective", "2024-01-01", KEY)
    empty.concludes("2023-12-15", KEY)
    return empty


def test_seats_that_go_on_a_year_are_not_said_to_lapse_with_the_term(ending: LawDesk) -> None:
    """Trap 25, OVG § 105: Hovedstaden's seats last to 31 December 2026."""
    assert owed(ending, "2025-12-01") == []


def test_before_the_region_ends_it_and_its_successor_are_told(ending: LawDesk) -> None:
    told = owed(ending, "2026-12-01")
    assert {one.recipient for one in told} == {
        f"{region}/secretariat-{side}"
        for region in ("hovedstaden", "oestdanmark")
        for side in ("region", "municipal")
    }
    assert {(one.facts["event"]["on"], one.facts["event"]["about_name"]) for one in told} == {
        ("2026-12-31", "Region Østdanmark")
    }
    assert {tuple(one.facts["event"]["cite"]) for one in told} == {("OVG § 105",)}


def test_from_its_first_day_the_successor_gets_the_letters(ending: LawDesk) -> None:
    assert (
        expand(ending.at(KEY, "2026-12-31"), rules(), ("secretariat",))[0] == "hovedstaden/secretariat-region"
    )
    assert expand(ending.at(KEY, "2027-01-01"), rules(), ("secretariat",)) == [
        "oestdanmark/secretariat-region", "oestdanmark/secretariat-municipal",
    ]  # fmt: skip


def test_a_region_to_come_says_from_when_it_is_and_which_dates_lie_before(empty: LawDesk) -> None:
    """Østdanmark's rammeaftale is due on 1 December 2026, a month before the region is there."""
    key = empty.open(
        "oestdanmark",
        "2026-2029",
        "2027-2028",
        opened_on=day("2026-06-01"),
        regime="rammeaftale-bek-1561-2025",
    )
    assert to_come(empty.at(key, "2026-11-30")) == [
        "Region Østdanmark findes først fra fredag den 1. januar 2027 og overtager da fra Region Hovedstaden og "
        "Region Sjælland (OVG §§ 6-7); parterne er dens 47 råd",
        "Rammeaftalen indgået, tirsdag den 1. december 2026, ligger før den dag: afklar, hvem der skal gøre det",
    ]
    assert to_come(empty.at(key, "2027-01-01")) == []
