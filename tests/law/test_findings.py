"""What a region's lawyer found on 28 November 2026 (F0 to F27, and a table of the two ends), each with the right
value: here, or in the test that is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.ends.test_zones import CELLS, FIRST, LAST
from workflow.services.due.tasks import unset
from workflow.services.planning.readiness import readiness
from workflow.services.planning.recipients import expand

TESTS = Path(__file__).resolve().parents[1]
ENDS = [None, FIRST, LAST]
COLUMNS = pytest.mark.parametrize("column", range(3), ids=["unconfirmed", "2026-01-01", "2027-01-01"])
PROVED = {
    "F0": "law/told/test_told_later.py::test_a_timely_resubmission_is_judged_by_the_date_the_refusal_named",
    "F0, a revision": "law/told/test_told_later.py::test_a_revision_inside_the_period_has_no_date_and_is_not_late",
    "F0, an older version": (
        "law/told/test_told_later.py::test_an_older_letter_names_its_own_version_and_tells_under_a_heading_what_came_since"
    ),
    "F1": "story/test_end_of_the_rules.py::test_no_letter_follows_a_date_that_is_gone_under_every_candidate",
    "F2": "law/test_open_readings.py::test_the_final_status_is_reminded_of_by_the_earlier_end_and_says_both",
    "F2, in the letter": (
        "law/test_open_readings.py::"
        "test_the_letter_about_the_final_status_says_both_ends_and_runs_no_sentences_together"
    ),
    "F2, on the page": "faces/web/rounds/test_agreement_page.py::test_an_agreement_says_both_days_on_which_it_may_end",
    "F3": "law/ends/test_law_ended.py::test_a_duty_that_was_late_when_the_rules_ended_stays_unmet_and_says_so",
    "F4": (
        "law/ends/test_zones.py::"
        "test_the_period_says_that_its_rules_ended_and_on_which_day_never_that_the_agreement_lapsed"
    ),
    "F5": "law/told/test_told_later.py::test_a_withdrawn_submission_fulfils_nothing",
    "F6": "law/told/test_told_later.py::test_a_succeeded_agreement_owes_no_more_reviews_and_its_final_status_is_dated",
    "F7": "law/ends/test_region_ends.py::test_from_its_first_day_the_successor_gets_the_letters",
    "F7, before": "law/ends/test_region_ends.py::test_before_the_region_ends_it_and_its_successor_are_told",
    "F7, a region to come": (
        "law/ends/test_region_ends.py::test_the_committees_of_a_region_to_come_owe_no_meetings_before_its_first_day"
    ),
    "F7, its own seats": "law/ends/test_region_ends.py::test_that_seats_end_with_the_region_is_in_no_doubt",
    "F8": "law/told/test_told_later.py::test_a_status_is_prepared_when_adopted_and_sent_when_sent",
    "F9": "law/duties/test_committees.py::test_the_older_orders_have_their_minimum_too",
    "F10": (
        "law/ends/test_zones.py::"
        "test_the_meetings_of_2026_are_asked_for_while_they_may_be_owed_and_the_patients_always"
    ),
    "F11": "law/duties/test_committees.py::test_the_patient_committee_has_three_duties_apart",
    "F11, in the list": (
        "law/test_dates.py::test_the_patients_own_meeting_and_the_invitation_to_them_are_two_dates"
    ),
    "F12": "law/told/test_law_before_its_day.py::test_no_letter_of_a_round_cites_an_instrument_before_its_day",
    "F13": (
        "law/told/test_told_later.py::"
        "test_what_happened_though_a_rule_forbids_it_is_recorded_once_confirmed_and_stays_marked"
    ),
    "F14": "law/duties/test_committees.py::test_clusters_are_asked_for_their_own_part_of_the_review",
    "F15": "law/test_findings.py::test_the_days_mail_keeps_day_and_provision_of_what_lapses",
    "F16": "law/ends/test_confirming.py::test_of_two_administrators_one_confirms_and_the_other_confirms_again",
    "F16, later": "law/ends/test_confirming.py::test_an_agreement_opened_later_knows_the_end",
    "F17": "law/duties/test_duties.py::test_dates_the_authority_gives_outside_a_refusal_are_deadlines",
    "F18": "law/duties/test_duties.py::test_a_review_keeps_what_it_found_and_a_needed_revision_is_asked_for",
    "F19": "law/duties/test_committees.py::test_a_meeting_recorded_once_counts_under_every_agreement_of_the_region",
    "F20": "law/duties/test_committees.py::test_everybody_who_must_be_heard_is_reminded_of_the_hearing",
    "F21": "law/test_findings.py::test_new_committees_are_asked_for_seat_by_seat",
    "F22": "law/test_findings.py::test_no_cluster_is_written_to_before_there_was_one",
    "F23": "law/test_findings.py::test_an_approval_without_evidence_is_missed_until_it_is_brought",
    "F24": "rules/test_ladder.py::test_nobody_is_reminded_two_days_running_and_every_ladder_ends",
    "F25": "law/test_traps_from_21.py::test_trap_40_nobody_counts_down_to_a_date_that_is_gone_under_every_candidate",
    "F25, a text on its way": (
        "law/ends/test_law_ended.py::test_no_council_is_asked_to_approve_a_text_under_rules_that_have_ended"
    ),
    "F26": (
        "law/told/test_law_before_its_day.py::"
        "test_an_act_is_cited_in_the_consolidation_of_the_day_or_said_not_to_be_looked_up"
    ),
    "F27": "law/ends/test_zones.py::test_an_agreement_in_force_without_an_end_is_asked_for_it_once",
}  # fmt: skip


@pytest.mark.parametrize("finding", PROVED)
def test_each_finding_has_a_test_that_stands(finding: str) -> None:
    file, _, name = PROVED[finding].partition("::")
    assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8")


def in_force(desk: LawDesk, region: str) -> str:
    key = desk.open(region)
    desk.concludes("2023-12-15", key)
    desk.tell("effective", "2024-01-01", key)
    desk.tell("nominal-end", "2024-01-01", key, due="2028-01-01")
    return key


@COLUMNS
@pytest.mark.parametrize("region", ["syddanmark", "midtjylland", "hovedstaden", "sjaelland"])
def test_table_8_of_each_region_cell_by_cell(empty: LawDesk, region: str, column: int) -> None:
    key = in_force(empty, region)
    if end := ENDS[column]:
        empty.tell("regime-confirmed", "2026-11-21", key, due=str(end))
    for duty, on, as_of, statuses in CELLS:
        rule, _, subject = duty.partition(":")
        found = empty.at(key, as_of).deadline(rule, subject)
        assert found
        assert (str(found.legal_on), found.status + "?" * found.doubtful) == (on, statuses[column]), duty


@COLUMNS
@pytest.mark.parametrize("region", ["hovedstaden", "sjaelland"])
def test_table_8_no_mail_goes_to_a_region_that_is_gone(empty: LawDesk, region: str, column: int) -> None:
    key = in_force(empty, region)
    if end := ENDS[column]:
        empty.tell("regime-confirmed", "2026-11-21", key, due=str(end))
    empty.letters("2026-12-01")
    for on in ("2027-01-04", "2027-02-01", "2027-04-01"):
        assert not [one.key for one in empty.letters(on) if one.recipient.startswith(f"{region}/")], on
    assert (
        expand(empty.at(key, "2027-01-01"), rules(), ("secretariat",))[0] == "oestdanmark/secretariat-region"
    )


@COLUMNS
def test_table_8_the_round_of_oestdanmark_and_of_a_fresh_database(empty: LawDesk, column: int) -> None:
    """1 July 2027 is owed under no end; the agreement of a database that knows an end already knows it too."""
    if end := ENDS[column]:
        before = in_force(empty, "nordjylland")
        empty.tell("regime-confirmed", "2026-11-21", before, due=str(end))
    for region in ("oestdanmark", "nordjylland"):
        key = empty.open(region, "2026-2029", "2027-2031", opened_on=day("2026-11-21"))
        found = empty.deadline("submission", key)
        assert (str(found.legal_on), found.status, found.doubtful) == ("2027-07-01", "lapsed", column == 0)
        said = " ".join(step.text for step in found.why)
        assert ("under begge mulige datoer" in said) is (column == 0)
        told = [one for on in ("2027-01-04", "2027-04-05", "2027-07-02") for one in empty.letters(on)]
        assert not [one.key for one in told if "submission" in one.key]
    east = empty.deadline("submission", "oestdanmark/2027-2031")
    assert any(step.cite == "OVG § 57" for step in east.why)


def test_the_days_mail_keeps_day_and_provision_of_what_lapses(desk: LawDesk) -> None:
    """F15: seats and lists lapse on 31 December by § 16(3) and its like."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    [first, *_] = [one for one in desk.letters("2025-12-01") if one.letter.name == "rosters-expire"]
    assert first.facts["event"]["on"] == "2025-12-31"
    assert first.facts["event"]["cite"] == ["BEK 1248/2022 § 16, stk. 3"]


def test_new_committees_are_asked_for_seat_by_seat(desk: LawDesk) -> None:
    """F21: the patient committee's two seats, the chairs of each cluster, and the rules of each body."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    of_all = {"committee-constituted", "committee-chair", "committee-rules", "cluster-political-chairs",
              "cluster-professional-chairs", "cluster-rules", "cluster-piu-seats"}  # fmt: skip
    before = {
        rule.id: names for rule, names in unset(desk.at(as_of="2025-12-31"), rules(), day("2026-01-01"))
    }
    assert of_all | {"piu-chair", "piu-rules"} <= {*before}
    missing = {rule.id: names for rule, names in unset(desk.at(), rules(), day("2026-01-01"))}
    assert of_all <= {*missing}
    assert not {"piu-chair", "piu-rules"} & {
        *missing
    }  # in 2026 the patients sit by BEK 1615/2025, which asks for neither
    assert missing["cluster-piu-seats"] == ["Klynge NORD", "Klynge MIDT", "Klynge SYD", "Klynge VEST"]


def test_no_cluster_is_written_to_before_there_was_one(empty: LawDesk) -> None:
    """F22: under the coordination committees there were no clusters."""
    key = empty.open("nordjylland", "2018-2021", "2019-2023", opened_on=day("2018-10-01"))
    assert expand(empty.at(key, "2021-10-01"), rules(), ("clusters",)) == []
    assert expand(empty.at(key, "2022-07-01"), rules(), ("clusters",)) != []


def test_an_approval_without_evidence_is_missed_until_it_is_brought(desk: LawDesk) -> None:
    """F23: the mayor's telephone call is no copy of the minutes."""
    desk.tell("sent-for-approval", "2023-10-02")
    desk.tell("council-approved", "2023-11-27", council="0851", source="")
    [lacks] = [one for one in readiness(desk.at(), rules()) if one.need == "evidence"]
    assert lacks.warning and lacks.text.startswith("Aalborg Kommune: intet viser beslutningen")
    desk.tell("evidence", "2023-11-28", council="0851", source="Protokol af 27. november 2023, punkt 4")
    assert "evidence" not in [one.need for one in readiness(desk.at(), rules())]
