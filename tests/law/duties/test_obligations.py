"""Duties of docs/law.md, one by one: what is asked for, by which letter, and what ends the asking."""

from __future__ import annotations

from datetime import date

from tests.law.desk import LawDesk, rules
from workflow.faces.web.pages.words import sentence
from workflow.services.due.prompts import prompts
from workflow.services.planning.readiness import readiness


def names(desk: LawDesk, on: str) -> set[str]:
    return {one.letter.name for one in desk.letters(on)}


def prompted(desk: LawDesk, as_of: str) -> set[str]:
    return {prompt.id for prompt in prompts(desk.at(as_of=as_of), rules())}


def in_force(desk: LawDesk) -> None:
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")


def test_a_new_term_asks_for_new_committees_and_the_first_meeting_does_not_end_the_asking(
    desk: LawDesk,
) -> None:
    """O-01, O-03, O-04, O-06, O-07, O-09: no law gives a date, so nothing here can be overdue."""
    in_force(desk)
    assert "constitution" in names(desk, "2025-12-01")
    desk.tell("meeting-held", "2026-02-03", about="ssu")
    assert "constitution" in prompted(desk, "2026-02-04")


def test_drafting_is_asked_for_a_year_ahead_and_the_clusters_with_it(empty: LawDesk) -> None:
    """O-20, O-21."""
    empty.open(opened_on=date(2022, 3, 1))
    told = [one for one in empty.letters("2022-09-08") if one.letter.name == "drafting-start"]
    assert {one.recipient.partition("/")[2] for one in told} == {
        "secretariat-region", "secretariat-municipal", "cluster",
    }  # fmt: skip


def test_effective_date_and_annexes_are_asked_for_before_submission(desk: LawDesk) -> None:
    """O-32, O-33."""
    asked = {"effective-date", "annexes"}
    assert asked <= {one.need for one in readiness(desk.at(), rules())}
    desk.tell("effective", "2024-01-01")
    desk.tell("annex-added", "2023-11-01")
    assert not asked & {one.need for one in readiness(desk.at(), rules())}


def test_a_missing_receipt_is_chased_after_five_business_days(desk: LawDesk) -> None:
    """O-38."""
    desk.concludes("2023-12-15")
    desk.letters("2023-12-15")
    assert "receipt-missing" not in names(desk, "2023-12-21")
    assert "receipt-missing" in names(desk, "2023-12-22")
    desk.tell("received", "2023-12-18")
    assert "receipt" not in prompted(desk, "2024-01-05")


def test_the_authoritys_approval_doubt_and_questions_are_told(desk: LawDesk) -> None:
    """O-40, O-43, O-44."""
    desk.concludes("2023-12-15")
    desk.tell("received", "2023-12-22")
    for event, on in (("info-requested", "2024-01-08"), ("refusal-discussed", "2024-01-15")):
        desk.tell(event, on)
        assert event in names(desk, on)
    desk.tell("sst-approved", "2024-02-01")
    assert "sst-approved" in names(desk, "2024-02-01")


def test_past_its_agreed_end_an_agreement_holds_over_and_its_secretariat_is_told(desk: LawDesk) -> None:
    """O-52."""
    in_force(desk)
    desk.tell("nominal-end", "2023-12-15", due="2025-01-01")
    assert "hold-over" not in prompted(desk, "2024-12-31")
    assert "hold-over" in names(desk, "2025-01-02")
    assert desk.at(as_of="2025-01-02").course.period == "hold_over"
    assert sentence(desk.at(as_of="2025-01-02")).startswith("Gælder fortsat efter det aftalte udløb ")


def test_economic_agreements_and_new_acts_are_watched_each_june(desk: LawDesk) -> None:
    """O-65."""
    in_force(desk)
    assert "watch-agreements" not in names(desk, "2024-05-30")
    assert "watch-agreements" in names(desk, "2024-06-03")


def test_a_revision_is_told_to_those_who_must_be_heard_again(desk: LawDesk) -> None:
    """O-66, O-23: and it moves neither status."""
    in_force(desk)
    before = [desk.date("midterm-order"), desk.date("midterm-guidance")]
    desk.tell("sst-approved", "2024-02-01")
    desk.tell("revision-opened", "2025-02-03")
    desk.tell("effective", "2025-02-03", due=date(2025, 7, 1), version=2)
    told = [one.recipient for one in desk.letters("2025-02-03") if one.letter.name == "revision-opened"]
    assert "nordjylland/piu" in told
    assert [desk.date("midterm-order"), desk.date("midterm-guidance")] == before


def test_each_year_in_force_is_reviewed_revised_or_missed(desk: LawDesk) -> None:
    """O-56, O-66."""
    in_force(desk)
    desk.tell("annual-review-held", "2024-11-04")
    desk.tell("annual-review-held", "2026-03-02")
    assert desk.at(as_of="2024-11-03").course.reviews == {2024: "due"}
    assert desk.at(as_of="2024-12-31").course.reviews == {2024: "held"}
    assert desk.at(as_of="2026-03-01").course.reviews == {2024: "no_revision", 2025: "missed", 2026: "due"}
    desk.tell("sst-approved", "2024-02-01", version=1)
    desk.tell("revision-opened", "2026-03-02")
    assert desk.at(as_of="2026-03-02").course.reviews[2026] == "revision_needed"
    desk.tell("regime-confirmed", "2026-11-20", due="2026-01-01")
    assert desk.at(as_of="2026-11-20").course.reviews == {2024: "no_revision", 2025: "missed"}


def test_a_status_is_adopted_sent_published_and_shared(desk: LawDesk) -> None:
    """O-57, O-58, O-48, O-59, O-67."""
    in_force(desk)
    desk.tell("status-adopted", "2025-11-01", about="midterm")
    desk.tell("midterm-sent", "2025-12-10")
    assert {"share-results", "publish"} <= names(desk, "2025-12-10")
    assert desk.deadline("midterm-order").status == desk.deadline("midterm-guidance").status == "met"
    for party in desk.at().agreement.parties:
        desk.tell("published", "2025-12-15", council=party.code, about="midterm")
    assert desk.at(as_of="2025-12-16").course.midterm == "published"
    desk.tell("shared", "2026-01-10", about="midterm")
    assert desk.at().course.midterm == "shared"
