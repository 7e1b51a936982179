"""A region that ends: its committees sit to its last day, and its letters go to the region that takes over (OVG)."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.story.living import danish
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.recipients import expand
from workflow.services.views.bodies import to_come
from workflow.services.watch.reckoning import reckon

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


def test_what_was_told_to_a_region_is_told_to_its_successor_no_second_time(empty: LawDesk) -> None:
    """A hearing from before the region ended to after: the successor's bodies take over, and nothing is called late."""
    empty.today = day("2027-03-01")
    key = empty.open("hovedstaden", "2022-2025", "2024-2027", opened_on=day("2022-10-03"))
    empty.tell("goals-set", "2026-11-02", key, about="1")
    empty.tell("consultation-opened", "2026-12-01", key, due="2027-01-20", time="12:00")
    told = {one.recipient for one in empty.letters("2026-12-01") if one.letter.name == "consultation-opened"}
    assert {"1084/council", "hovedstaden/piu", "hovedstaden/secretariat-region"} <= told
    assert [one.key for one in empty.letters("2027-01-04") if "consultation-opened" in one.key] == []
    closing = {
        one.recipient for one in empty.letters("2027-01-06") if one.letter.name == "consultation-closing"
    }
    assert {
        "oestdanmark/council",
        "oestdanmark/piu",
        "oestdanmark/secretariat-region",
        "0101/council",
    } <= closing
    assert not [one for one in closing if one.startswith(("1084/", "hovedstaden/"))]
    evening = danish(day("2027-01-06"), 23)
    assert [
        one for one in reckon(empty.engine, rules(), evening) if one.kind in ("missing", "unreckonable")
    ] == []


def test_the_regional_council_of_the_successor_is_written_to_by_its_own_name(ending: LawDesk) -> None:
    facts = letter_facts(ending.at(KEY, "2027-01-06"), rules(), "oestdanmark/council", day("2027-01-06"))
    assert (facts["recipient"]["name"], facts["recipient"]["regional"]) == ("Region Østdanmark", True)
