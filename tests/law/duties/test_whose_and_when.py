"""A rule holds for the terms, regions and days its order gives it, and for no others; what has not begun is said by its
own course, and a region that ends is refused what is due after it, by name."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.law.desk import LawDesk, day, rules
from tests.law.ends.test_reform import CONTRACT, DIVISION, dates, opened
from tests.law.ends.test_rules_reached_back import OLD, old
from workflow.errors import NotPossible
from workflow.services.due.dates import beside, dated
from workflow.services.views.blocking import blockers
from workflow.services.views.bodies import of_its_region
from workflow.storage.database import reading
from workflow.storage.tables import AgreementRow

__all__ = ["old"]
COUNCIL, FRAME = "regionsraad-overgangsloven-2025", "rammeaftale-bek-1561-2025"


def listed(desk: LawDesk, key: str, on: str) -> dict[str, str]:
    """Every date of the list on a day, by its title."""
    return {one.title: str(one.legal_on) for one in dated(desk.at(key, on), rules())}


@pytest.mark.parametrize(
    ("concluded", "effect"), [("2026-04-01", "2027-01-01"), ("2026-04-02", "2027-07-01")]
)
def test_a_contract_of_before_april_2026_may_take_effect_at_new_year(
    empty: LawDesk, concluded: str, effect: str
) -> None:
    """BEK 1799/2025 § 1, stk. 1 and 2."""
    key = opened(empty, "aalborg", CONTRACT, "2026-01-20")
    empty.today = day("2026-12-02")
    empty.sends("2026-02-01", key, "2026-02-20")
    empty.tell("concluded", concluded, key)
    found = {name: on for name, (on, _) in dates(empty, key, "2026-12-02").items() if "ct-effect" in name}
    assert list(found.values()) == [effect]
    why = next(one for one in empty.at(key, "2026-12-02").deadlines if one.id in found)
    assert f"§ 1, stk. {2 if effect == '2027-01-01' else 1}" in why.cite[0]


def test_the_ministry_is_told_at_once_of_a_notice_and_of_a_contract_until_it_is(empty: LawDesk) -> None:
    """BEK 1799/2025 § 1, stk. 7 and 8: "snarest muligt", so not the day the notice takes effect."""
    key = opened(empty, "aalborg", CONTRACT, "2026-01-20")
    empty.today = day("2026-12-02")
    empty.sends("2026-02-01", key, "2026-02-20")
    empty.tell("concluded", "2026-03-15", key)
    of_contract, of_notice = "Ministeriet underrettes om kontrakten", "Ministeriet underrettes om opsigelsen"
    assert listed(empty, key, "2026-11-30").get(of_contract) == "2026-03-15"
    empty.tell("effective", "2026-11-30", key, due="2026-12-01")
    empty.tell("notice-given", "2026-12-01", key, due="2027-10-01")
    assert listed(empty, key, "2026-12-02").get(of_notice) == "2026-12-01"
    empty.tell("authority-told", "2026-12-02", key)
    assert not {of_contract, of_notice} & set(listed(empty, key, "2026-12-02"))


def test_no_length_runs_from_a_day_before_the_order_that_sets_it(empty: LawDesk) -> None:
    """BEK 1800/2025 is in force from 1 January 2027; and nothing says the parties disagree before they do."""
    key = opened(empty, "aalborg", DIVISION, "2026-11-28")
    empty.tell("notice-received", "2026-11-28", key, due="2027-09-30")
    standing = empty.at(key, "2026-11-29")
    assert [
        one.legal_on for one in standing.deadlines if one.legal_on and one.legal_on < date(2027, 1, 1)
    ] == []
    current = standing.course.current
    assert current is not None
    assert "enighed" not in standing.course.tables.version.states[current.state]


def test_a_transition_of_one_year_holds_for_its_own_term_alone(empty: LawDesk) -> None:
    """BEK 205/2011 § 13, stk. 3: the development strategy for 2012."""
    regime = "rammeaftale-bek-205-2011"
    key = empty.open("syddanmark", "2014-2017", "2016", opened_on=date(2014, 2, 3), regime=regime)
    found = {one.id: str(one.legal_on) for one in empty.at(key, "2014-03-01").deadlines if one.legal_on}
    assert found == {"strategy-2014": "2015-06-01", "steering-agreement": "2015-10-15"}
    key = empty.open("syddanmark", "2010-2013", "2012", opened_on=date(2011, 4, 4), regime=regime)
    found = {one.id: str(one.legal_on) for one in empty.at(key, "2011-05-01").deadlines if one.legal_on}
    assert found == {"strategy-2012": "2011-10-15", "steering-agreement": "2011-10-15"}


def test_a_name_of_a_year_that_an_earlier_term_concluded_is_given_no_date(empty: LawDesk) -> None:
    """The agreement of 2014 was concluded in 2013."""
    regime = "rammeaftale-bek-205-2011"
    key = empty.open("syddanmark", "2014-2017", "2014", opened_on=date(2014, 2, 3), regime=regime)
    found = empty.at(key, "2014-03-01").deadlines
    assert [one.legal_on for one in found if one.legal_on] == []
    said = " ".join(step.text for one in found for step in one.why)
    assert "den indgås i 2013, og det er ikke et år i valgperioden 2014-2017" in said


def test_a_later_order_asks_nothing_that_follows_from_what_lay_behind_it(old: LawDesk) -> None:
    """Concluded and in force in 2019: VEJ 9008/2024 afsnit 5.5 and 2.2.2 and the practice plan are not its."""
    for on in ("2024-02-10", "2024-06-01"):
        asked = {
            one.subject.partition(":")[0] for one in beside(old.at(OLD, on), rules()) if one.id == "task"
        }
        assert not asked & {"follow-up-plan", "dissemination", "practice-plan", "practice-plan-input"}
    assert not [
        title for title in listed(old, OLD, "2024-02-10") if "ormidling" in title or "raksisplan" in title
    ]


def test_each_region_holds_the_meeting_its_own_section_asks_for(empty: LawDesk) -> None:
    """OVG § 48 for the three that go on, §§ 97-98 for Østdanmark, which has no patient committee to end."""
    keys = [opened(empty, one, COUNCIL, label="2026-2029") for one in ("nordjylland", "oestdanmark")]
    north, east = ({d.id: d for d in empty.at(key, "2026-12-01").deadlines} for key in keys)
    assert north["rr-constitute"].cite == ("OVG § 48, stk. 1",)
    assert east["rr-constitute-east"].cite == ("OVG §§ 97-98",)
    assert "rr-piu-end" in north
    assert not {"rr-piu-end", "rr-constitute"} & set(east)
    assert "§ 97" not in " ".join(cite for one in north.values() for cite in one.cite)


def test_what_comes_by_itself_needs_nobody_to_do_it(empty: LawDesk) -> None:
    key = opened(empty, "oestdanmark", "oestdanmark-overgangsloven-2025")
    said = of_its_region(empty.at(key, "2026-12-01"))
    assert not [one for one in said if "nedlægges" in one]
    assert [one for one in said if "konstituerende møde" in one]


def test_a_term_that_has_begun_without_its_meeting_is_no_agreement(empty: LawDesk) -> None:
    key = opened(empty, "nordjylland", COUNCIL, label="2026-2029")
    empty.tell("effective", "2026-11-28", key, due="2027-01-01")
    (said,) = blockers(empty.at(key, "2027-01-10"))
    assert said.text == "det konstituerende møde er ikke registreret, og perioden begyndte 1. januar 2027"
    assert said.cite == "OVG § 48, stk. 1"


@pytest.mark.parametrize(
    "regime", ["sundhedsberedskabsplan-region-bek-150-2025", "naersundhedsplan-lov-1761-2025", COUNCIL]
)
def test_a_day_that_no_rule_asks_for_is_not_missing(empty: LawDesk, regime: str) -> None:
    local = {"municipality": rules().health_councils[0].id} if regime.startswith("naer") else {}
    region = rules().health_councils[0].region if local else "nordjylland"
    empty.open(region, "2026-2029", "2026-2029", opened_on=day("2026-11-28"), regime=regime, **local)
    with reading(empty.engine) as session:
        (key,) = [row.key for row in session.scalars(select(AgreementRow))]
    assert [one.text for one in blockers(empty.at(key, "2026-12-01")) if "ikrafttræd" in one.text] == []


def test_a_region_that_ends_is_refused_what_is_due_after_it_and_nothing_else(empty: LawDesk) -> None:
    """BEK 1561/2025 § 8: the framework agreement 2027-2028 is concluded by 1 December 2026."""
    on = day("2026-11-28")
    empty.open("hovedstaden", "2026-2029", "2027-2028", opened_on=on, regime=FRAME)
    for label, regime, said in (
        ("2027-2031", "bek-1248-2022", "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen, 1. juli 2027"),
        ("r", COUNCIL, "Årsregnskabet afgivet til revisionen, 30. april 2027"),
        ("p", "sundhedsberedskabsplan-region-bek-150-2025", "31. december 2029"),
    ):
        with pytest.raises(NotPossible) as caught:
            empty.open("hovedstaden", "2026-2029", label, opened_on=on, regime=regime)
        assert said in str(caught.value)
        assert "åbn runden for Region Østdanmark" in str(caught.value)
