"""What others found on 28 November 2026: duties that nothing tracked, and faults that a desk
and a lawyer met (F1 and on). Each has a test with its steps and the right value."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.test_findings import TESTS
from workflow.errors import Conflict, Invalid
from workflow.services.due.tasks import unset

LAW_6 = {
    "PIU's seats in each cluster, and PLO's two": (
        "law/test_findings_of_others.py::test_new_clusters_are_asked_for_the_doctors_seats_too"
    ),
    "a magistrate's council decides itself who sits": (
        "law/duties/test_duties.py::test_councils_that_decide_themselves_who_sits_are_told_and_named"
    ),
    "each cluster elects its chairs and makes its rules": (
        "law/test_findings.py::test_new_committees_are_asked_for_seat_by_seat"
    ),
    "PIU elects its chair and makes its rules": (
        "law/duties/test_duties.py::test_the_first_meeting_sets_up_nothing_and_each_step_is_recorded_for_its_body"
    ),
    "PIU is heard on larger proposals, with a procedure after each yearly meeting": (
        "law/duties/test_duties.py::test_what_follows_an_event_is_asked_for_until_it_is_done"
    ),
    "the clusters invite PIU to a dialogue": (
        "law/duties/test_duties.py::test_each_cluster_has_its_dialogue_and_is_asked_for_it_itself"
    ),
    "the committee is heard on hospital, practice and psychiatry plans": (
        "law/duties/test_duties.py::test_the_practice_plan_has_its_four_weeks_and_a_plan_in_hearing_its_day"
    ),
    "municipalities and PLO take part in the practice plan": (
        "law/duties/test_duties.py::test_the_practice_plan_has_its_four_weeks_and_a_plan_in_hearing_its_day"
    ),
    "local agreements, the framework agreement and the clusters' funds have agreed days": (
        "law/duties/test_duties.py::test_an_agreed_date_stands_until_it_is_kept"
    ),
    "a sub-agreement takes a stand on eight points": (
        "law/duties/test_duties.py::test_an_annex_is_met_with_the_eight_points_of_a_co_operation_agreement"
    ),
    "a revised and an adjusted agreement have the dates the authority gives": (
        "law/duties/test_duties.py::test_dates_the_authority_gives_outside_a_refusal_are_deadlines"
    ),
    "committee and clusters exist by 1 July 2022": (
        "law/test_findings.py::test_no_cluster_is_written_to_before_there_was_one"
    ),
    "the best months to meet": (
        "law/duties/test_committees.py::test_the_political_level_reads_when_it_is_best_to_meet_and_nobody_else_does"
    ),
    "the next round is shortened to July 2027": (
        "law/test_open_readings.py::test_the_final_status_is_reminded_of_by_the_earlier_end_and_says_both"
    ),
    "actors know the parts that concern them": (
        "law/duties/test_duties.py::test_after_submission_communication_and_a_plan_are_asked_for_under_the_guidance_only"
    ),
}
FEATURES = {
    "F1": (
        "law/told/test_told_later.py::test_an_older_letter_names_its_own_version_and_tells_under_a_heading_what_came_since"
    ),
    "F1, every event": (
        "law/told/test_written_later.py::test_what_a_letter_says_of_an_event_does_not_depend_on_when_it_is_written"
    ),
    "F2": (
        "law/sets/test_law_with_memory.py::"
        "test_a_lost_regime_is_exit_78_by_name_in_every_command_and_never_another_law"
    ),
    "F3": (
        "law/sets/test_law_with_memory.py::"
        "test_a_text_with_other_dates_changes_nothing_in_nine_agreements_before_somebody_takes_it_on"
    ),
    "F3, the past": "law/sets/test_law_with_memory.py::test_the_past_stays_to_the_byte_under_three_later_releases",
    "F4": (
        "faces/web/papers/test_text_travels.py::"
        "test_letter_and_page_carry_the_file_and_what_changed_since_this_council_approved"
    ),
    "F4, the minutes": (
        "faces/web/papers/test_text_travels.py::test_a_decision_takes_the_place_of_a_day_that_waits_and_brings_its_minutes"
    ),
    "F5": "story/test_typed_in.py::test_a_round_typed_in_asks_first_and_loses_nothing_after_any_answer",
    "F6": "law/test_findings_of_others.py::test_no_door_moves_a_date_without_its_source_or_twice",
    "F6, the form": "faces/web/rounds/test_history_page.py::test_no_form_moves_a_date_without_its_source",
    "F7": (
        "law/test_dates.py::"
        "test_the_next_date_is_the_hearing_that_closes_and_not_the_law_s_date_half_a_year_later"
    ),
    "F8": "law/test_dates.py::test_a_revision_on_its_way_does_not_hide_that_the_text_before_it_binds",
    "F9": (
        "faces/web/rounds/test_front_truths.py::"
        "test_good_time_is_not_said_while_councils_or_prerequisites_are_missing"
    ),
    "F10": (
        "law/told/test_told_later.py::test_nobody_is_asked_to_publish_a_text_that_was_withdrawn_or_refused"
    ),
    "F11": "rules/test_ladder.py::test_nobody_is_reminded_two_days_running_and_every_ladder_ends",
    "F11, another person": (
        "services/lookahead/test_calling.py::test_each_silent_council_has_its_line_of_people_and_a_prepared_note"
    ),
    "F12": (
        "faces/web/letters/test_alarms_page.py::"
        "test_every_kind_says_what_it_means_and_what_to_do_without_a_command"
    ),
    "F12, the command": "faces/cli/test_outbox_cli.py::test_an_alarm_is_listed_and_ended_by_whoever_saw_to_it",
    "F13": "law/test_wrong_inputs.py::test_a_fact_that_cannot_be_right",
    "F13, a key misspelt": "law/test_wrong_inputs.py::test_a_calendar_that_cannot_be_right",
}
DESK = {
    "F1": (
        "faces/web/rounds/test_front_truths.py::"
        "test_a_secretariat_sees_its_own_letters_that_cannot_go_out_and_a_neighbour_does_not"
    ),
    "F1, sending is stopped": (
        "faces/web/rounds/test_front_truths.py::test_that_sending_is_stopped_is_said_to_everybody_who_relies_on_letters"
    ),
    "F2": (
        "faces/web/rounds/test_front_truths.py::"
        "test_a_letter_that_nobody_can_receive_says_so_in_preview_list_page_and_tables"
    ),
    "F8": (
        "faces/web/councils/test_reply_dates.py::"
        "test_frister_lists_the_day_among_the_law_s_and_says_that_it_was_agreed"
    ),
    "F8, the minimums": (
        "law/test_dates.py::"
        "test_the_year_s_minimums_are_dates_of_law_on_its_last_day_also_while_the_end_of_the_rules_is_in_doubt"
    ),
    "F9": (
        "law/duties/test_committees.py::"
        "test_a_meeting_recorded_once_counts_under_every_agreement_of_the_region"
    ),
    "F16": "law/test_commands.py::test_a_region_that_is_not_there_says_when_it_is",
}
LAW_2027 = {
    "F1": (
        "law/test_traps_from_21.py::"
        "test_trap_40_nobody_counts_down_to_a_date_that_is_gone_under_every_candidate"
    ),
    "F1, its kind": "law/duties/test_seldom.py::test_nothing_is_late_by_a_date_that_is_gone_under_either_end",
    "F1, the councils": (
        "law/duties/test_seldom.py::test_no_council_is_asked_for_an_answer_once_the_rules_are_gone_under_either_end"
    ),
    "F2": "contract/test_words.py::test_every_dated_duty_with_generic_letters_says_what_is_to_be_done",
    "F2, reckoned": "law/test_reckoned.py::test_a_duty_whose_letters_are_the_generic_ones_is_reckoned_too",
    "F3": (
        "law/sets/test_framework_from_outside.py::"
        "test_with_its_words_and_its_course_every_letter_names_the_framework_agreement"
    ),
    "F4": "law/ends/test_reform.py::test_a_local_health_plan_has_advice_before_and_is_sent_after_and_no_date",
    "F5": "law/duties/test_units.py::test_a_plan_of_a_municipality_is_its_own_councils",
    "F6": "rules/test_further_anchors.py::test_the_round_of_a_term_is_the_year_before_the_agreements_first",
    "F7": (
        "law/ends/test_reform.py::"
        "test_a_contract_takes_effect_and_ends_by_the_later_of_two_days_and_by_notice"
    ),
    "F8": (
        "law/ends/test_region_ends.py::test_a_region_to_come_says_from_when_it_is_and_which_dates_lie_before"
    ),
    "F9": "law/test_commands.py::test_regimes_tell_their_terms_dates_and_how_surely_they_end",
}
ALL = [
    (f"{name} {finding}", test)
    for name, found in (("law 6", LAW_6), ("features", FEATURES), ("desk", DESK), ("law-2027", LAW_2027))
    for finding, test in found.items()
]


@pytest.mark.parametrize(("finding", "test"), ALL, ids=[finding for finding, _ in ALL])
def test_each_finding_has_a_test_that_stands(finding: str, test: str) -> None:
    file, _, name = test.partition("::")
    assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_new_clusters_are_asked_for_the_doctors_seats_too(desk: LawDesk) -> None:
    """Patients' two seats and the doctors' two at each cluster's professional level."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    said = {rule.id: rule.next for rule, _ in unset(desk.at(as_of="2026-01-20"), rules(), day("2026-01-01"))}
    assert said["cluster-piu-seats"].endswith("tilbyder patientinddragelsesudvalget to faste pladser.")
    for level in ("political", "professional"):
        assert "to praktiserende læger" in said[f"cluster-{level}"]
        assert "Praktiserende Lægers Organisation udpege" in said[f"cluster-{level}"]


def test_no_door_moves_a_date_without_its_source_or_twice(desk: LawDesk) -> None:
    moved = {"due": day("2024-01-01")}
    assert "--source" in desk.refuses(Invalid, "deviation", "2023-06-28", source="", **moved)
    desk.tell("deviation", "2023-06-28", **moved)
    desk.refuses(Conflict, "deviation", "2023-06-28", **moved)
