"""Forty places where the law or its dates mislead, one test each, and what the program can be seen to do about it.

The first twenty are here, the others in ``test_traps_from_21.py``.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.story.living import danish
from workflow.errors import Invalid, NotPossible
from workflow.services.due.quotas import quotas
from workflow.services.planning.owing import Owed
from workflow.services.planning.readiness import readiness
from workflow.services.views.status import status_json
from workflow.services.watch.reckoning import reckon

SOURCE = {"nominal_end_source": "aftalens afsnit 1"}
BEK1248 = next(regime for regime in rules().law.regimes if regime.id == "bek-1248-2022")


def names(found: list[Owed]) -> set[str]:
    return {one.letter.name for one in found}


def test_trap_01_two_midterm_formulas_stand_side_by_side_and_the_earlier_is_told(desk: LawDesk) -> None:
    """O-57, O-58: from submission by the order, from entry into force by the guidance."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    assert (desk.date("midterm-order"), desk.date("midterm-guidance")) == ("2025-12-15", "2025-12-31")
    told = [one for one in desk.letters("2025-11-20") if one.letter.name == "midterm-due"]
    assert {one.deadline.id for one in told if one.deadline} == {"midterm-order"}


def test_trap_02_two_final_formulas_half_a_year_apart(empty: LawDesk) -> None:
    """O-60, O-61."""
    empty.open(effective=day("2024-01-01"), nominal_end=day("2028-01-01"), **SOURCE)
    assert (empty.date("final-order"), empty.date("final-guidance")) == (
        "2027-06-30",
        "2026-12-31",
    )  # earlier end


def test_trap_03_an_agreement_has_no_end_until_one_is_named_with_its_source(desk: LawDesk) -> None:
    assert desk.deadline("final-order").status == "undated"
    assert [m.need for m in readiness(desk.at(), rules()) if m.warning] == ["nominal-end"]
    with pytest.raises(Invalid, match="nominal-end-source"):
        desk.open(label="x", nominal_end=day("2028-01-01"))


def test_trap_04_the_years_of_a_label_set_no_date(desk: LawDesk) -> None:
    other = desk.open(label="2099-2101")
    assert [d.legal_on for d in desk.at(other).deadlines] == [d.legal_on for d in desk.at().deadlines]


def test_trap_05_the_second_year_of_the_term_is_two_years_after_the_election(desk: LawDesk) -> None:
    """O-35: elected in November 2021, due in 2023."""
    assert desk.at().agreement.term.election_on == date(2021, 11, 16)
    assert desk.date("submission") == "2023-07-01"


def test_trap_06_a_weekend_moves_nothing_and_reminders_aim_before_it(desk: LawDesk) -> None:
    """O-35."""
    found = desk.deadline("submission", as_of="2023-07-01")
    assert (str(found.legal_on), str(found.aim_on), found.status) == ("2023-07-01", "2023-06-30", "upcoming")
    on = ("2023-07-03", "2023-07-04")  # by analogy the Monday is in time: overdue is said after it
    assert [desk.deadline("submission", as_of=one).status for one in on] == ["upcoming", "overdue"]


def test_trap_07_the_moved_date_may_be_a_holiday_and_the_first_day_in_force(desk: LawDesk) -> None:
    """O-36."""
    desk.tell("deviation", "2023-06-28", due="2024-01-01")
    desk.tell("effective", "2024-01-01")
    found = desk.deadline("submission", as_of="2023-07-01")
    assert (str(found.legal_on), str(found.aim_on)) == ("2024-01-01", "2023-12-29")
    desk.concludes("2024-01-01")
    assert desk.deadline("submission").status == "met"
    periods = [desk.at(as_of=on).course.period for on in ("2023-12-31", "2024-01-01")]
    assert periods == ["planned", "in_force"]


def test_trap_08_eight_weeks_run_from_receipt_and_the_day_itself_is_not_counted(desk: LawDesk) -> None:
    """O-39; until O-38 is recorded they run provisionally from the sending."""
    desk.concludes("2023-12-15")
    assert desk.date("sst-decision") == "2024-02-09"
    desk.tell("received", "2023-12-22")
    assert desk.date("sst-decision") == "2024-02-16"


def test_trap_09_silence_is_no_approval_and_a_question_stops_no_clock(desk: LawDesk) -> None:
    """O-39, O-40."""
    desk.concludes("2023-12-15")
    desk.tell("received", "2023-12-22")
    desk.tell("info-requested", "2024-01-10")
    assert desk.date("sst-decision") == "2024-02-16"
    late = desk.at(as_of="2024-02-17")
    assert late.course.current and late.course.current.state == "info_requested"
    assert late.deadline("sst-decision").status == "overdue"  # type: ignore[union-attr]


def test_trap_10_in_force_does_not_wait_for_approval_nor_end_with_a_refusal(desk: LawDesk) -> None:
    """O-51, O-45."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    assert desk.at(as_of="2024-01-01").course.period == "in_force"
    desk.tell("sst-refused", "2024-02-01", due="2024-06-01")
    course = desk.at(as_of="2024-02-02").course
    assert (course.period, course.versions[0].state) == ("in_force", "sst_refused")


def test_trap_11_eleven_of_twelve_is_no_agreement(desk: LawDesk) -> None:
    """O-25, O-30, O-31."""
    desk.tell("sent-for-approval", "2023-10-02")
    for party in desk.at().agreement.parties[:-1]:
        desk.tell("council-approved", "2023-11-27", council=party.code)
    said = desk.refuses(NotPossible, "submitted", "2023-12-15")
    assert "Hjørring Kommune" in said
    assert "SUL § 205, stk. 1" in said


def test_trap_12_an_approval_belongs_to_one_text(desk: LawDesk) -> None:
    desk.tell("sent-for-approval", "2023-10-02", file=b"%PDF version 1")
    for party in desk.at().agreement.parties:
        desk.tell("council-approved", "2023-11-27", council=party.code)
    said = desk.refuses(NotPossible, "submitted", "2023-12-15", file=b"%PDF version 1, edited")
    assert "en ændret tekst er en ny version" in said
    desk.tell("sent-for-approval", "2023-12-01", version=2)
    assert set(desk.at().course.versions[0].decisions.values()) == {"reset"}
    assert len(desk.at().course.versions[1].missing) == 12


def test_trap_13_a_yes_on_conditions_and_a_postponement_do_not_count(desk: LawDesk) -> None:
    """O-31; a yes with remarks counts."""
    desk.tell("sent-for-approval", "2023-10-02")
    for event, code in (
        ("council-conditional", "0851"),
        ("council-postponed", "0860"),
        ("council-remarks", "0810"),
    ):
        desk.tell(event, "2023-11-27", council=code)
    current = desk.at().course.versions[0]
    assert {"Aalborg Kommune", "Hjørring Kommune"} <= set(current.missing)
    assert "Brønderslev Kommune" not in current.missing
    assert current.state == "blocked"


def test_trap_14_the_region_submits_and_both_are_reminded(desk: LawDesk) -> None:
    """O-35, O-66: a revision is sent by the committee, by the order's wording."""
    assert desk.deadline("submission").who == "regional-council"
    told = [one.recipient for one in desk.letters("2023-06-01") if one.letter.name == "submission-countdown"]
    assert told == ["nordjylland/secretariat-region", "nordjylland/secretariat-municipal", "1081/council"]
    revision = next(letter for letter in rules().letters if letter.name == "revision-opened")
    assert "secretariat" in revision.to


def test_trap_15_after_a_refusal_every_council_approves_again_before_the_named_date(desk: LawDesk) -> None:
    """O-45, O-46."""
    desk.concludes("2023-12-15")
    desk.tell("sst-refused", "2024-02-01", due="2024-06-01")
    assert desk.date("resubmission") == "2024-06-01"
    desk.tell("sent-for-approval", "2024-03-01", version=2)
    assert "Region Nordjylland" in desk.refuses(NotPossible, "submitted", "2024-05-01", version=2)


def test_trap_16_a_late_submission_is_marked_and_not_blocked(desk: LawDesk) -> None:
    """O-37."""
    desk.concludes("2023-12-15")
    assert desk.deadline("submission").status == "met_late"
    assert status_json(desk.at(), desk.rulebook)["version"]["late"] is True
    assert desk.at().course.concluded


def test_trap_17_a_late_deviation_withdraws_what_was_planned_once_and_moves_one_date_only(
    desk: LawDesk,
) -> None:
    """O-36."""
    desk.today = date(2023, 6, 28)
    assert names(desk.letters("2023-06-26", handed_over=False)) >= {"submission-countdown"}
    done = desk.tell("deviation", "2023-06-28", due="2024-01-01")
    assert done.withdrawn >= 3
    moved = [
        d.id for d in done.after.deadlines if d.legal_on != done.before.deadline(d.id, d.subject).legal_on
    ]  # type: ignore[union-attr]
    assert moved == ["submission"]
    assert "deadline-moved" in names(desk.letters("2023-06-28"))
    assert "deadline-moved" not in names(desk.letters("2023-06-29"))


def test_trap_17_a_date_that_is_near_when_it_becomes_known_is_announced_and_not_reminded_of_late(
    desk: LawDesk,
) -> None:
    """O-36. The reminders that would have fallen 30 and 14 days before the new date fell before anybody knew it."""
    desk.today = date(2023, 6, 28)
    desk.letters("2023-06-26")
    desk.tell("deviation", "2023-06-28", due="2023-07-10")
    told = names(desk.letters("2023-06-28"))
    assert "deadline-moved" in told and "submission-countdown" not in told
    assert [one.rung for one in desk.letters("2023-07-03") if one.letter.name == "submission-countdown"] == [
        "-7d"
    ] * 3


@pytest.mark.parametrize(("submitted_on", "status"), [("2023-06-12", "met"), ("2023-07-03", "met_late")])
def test_trap_17_a_deviation_decided_after_the_submission_is_told_to_all_parties_and_asks_for_nothing(
    desk: LawDesk, submitted_on: str, status: str
) -> None:
    """O-36, N-13. Who was told of it is told when it turns out that it never was."""
    desk.sends("2023-03-01", yes_on="2023-05-01")
    desk.tell("submitted", submitted_on)
    desk.letters("2023-07-10")
    desk.today = date(2023, 7, 11)
    numbered = desk.tell("deviation", "2023-07-11", due="2024-01-01").fact.no
    assert desk.deadline("submission", as_of="2023-07-11").status == status
    parties = {f"{party.code}/council" for party in desk.at().agreement.parties}
    everybody = parties | {"nordjylland/secretariat-region", "nordjylland/secretariat-municipal"}
    missing = [f for f in reckon(desk.engine, rules(), danish(desk.today, 23)) if f.kind == "missing"]
    assert {f.key.split("|")[-1] for f in missing if "|deadline-moved|" in f.key} == everybody
    told = [one for one in desk.letters("2023-07-11") if one.letter.name == "deadline-moved"]
    assert {one.recipient for one in told} == everybody
    assert {one.facts["moved"]["met_on"] for one in told} == {submitted_on}
    assert "deadline-moved" not in names(desk.letters("2023-07-12"))
    desk.today = date(2023, 7, 13)
    desk.tell("correction", "2023-07-13", corrects=numbered)
    missing = [f for f in reckon(desk.engine, rules(), danish(desk.today, 23)) if f.kind == "missing"]
    assert {f.key.split("|")[-1] for f in missing if "|deadline-moved|" in f.key} == everybody
    back = [one for one in desk.letters("2023-07-13") if one.letter.name == "deadline-moved"]
    assert {(one.facts["moved"]["to"], one.facts["moved"]["by"]) for one in back} == {("2023-07-01", "")}
    assert {one.recipient for one in back} == everybody
    assert not [f for f in reckon(desk.engine, rules(), danish(desk.today, 23)) if f.kind == "missing"]


def test_trap_18_the_rules_are_chosen_by_the_agreement_and_never_by_today(empty: LawDesk) -> None:
    key = empty.open("syddanmark", "2018-2021", "2019-2023")
    for as_of in ("2019-01-01", "2026-11-21"):
        assert empty.at(key, as_of).agreement.regime.id == "bek-679-2018"
        assert empty.deadline("submission", key, as_of).cite[0].startswith("BEK 679/2018")
    reaching = {regime.id: [r.regime for r in regime.reaches_back] for regime in rules().law.regimes}
    assert {name for name, back in reaching.items() if back} == {"bek-1248-2022"}


def test_trap_19_guidance_of_2024_binds_nothing_that_fell_due_before_it(empty: LawDesk) -> None:
    key = empty.open("syddanmark", "2018-2021", "2019-2023", effective=day("2019-07-01"), nominal_end=day("2023-07-01"),
                     **SOURCE)  # fmt: skip
    assert empty.deadline("final-guidance", key).cite == ("VEJ 9504/2018",)
    rule = BEK1248.rule("final-guidance")
    assert rule and rule.applies_from == date(2024, 1, 12)
    late = empty.open("sjaelland", "2018-2021", "2019-2023", effective=day("2021-12-01"))
    assert empty.date("midterm-guidance", late) == "2023-11-30"
    assert empty.deadline("midterm-guidance", late).cite == ("VEJ 9504/2018",)


def test_trap_19_guidance_is_cited_from_the_day_it_took_effect(empty: LawDesk) -> None:
    key = empty.open(effective=day("2024-01-01"), **SOURCE)
    order = ("BEK 1248/2022 § 21, stk. 1", "SUL § 205, stk. 3")
    assert empty.deadline("submission", key, "2024-01-11").cite == order
    assert empty.deadline("submission", key, "2024-01-12").cite == (*order, "VEJ 9008/2024 afsnit 3.6 og 5.1")
    assert empty.at(key, "2024-01-11").deadline("midterm-guidance") is None
    assert empty.deadline("midterm-guidance", key, "2024-01-12").legal_on == date(2025, 12, 31)


def test_an_order_that_did_not_exist_yet_replaces_nothing(empty: LawDesk) -> None:
    key = empty.open("syddanmark", "2018-2021", "2019-2023", effective=day("2019-07-01"), nominal_end=day("2023-07-01"),
                     **SOURCE)  # fmt: skip
    before, after = (
        empty.deadline("final-order", key, "2022-09-07"),
        empty.deadline("final-order", key, "2022-09-08"),
    )
    assert before.cite != after.cite
    assert not any("1248/2022" in cite for cite in before.cite)


def test_trap_20_a_year_is_the_calendar_year(desk: LawDesk) -> None:
    """O-10, O-56: one meeting in December counts for that year, and the review is due on its last day."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    desk.tell("meeting-held", "2024-12-31", about="ssu")
    held = {year: quotas(desk.at(as_of="2025-06-01"), rules(), year)[0].held for year in (2024, 2025)}
    assert held == {2024: 1, 2025: 0}
    assert str(desk.deadline("annual-review", subject="2025").legal_on) == "2025-12-31"
