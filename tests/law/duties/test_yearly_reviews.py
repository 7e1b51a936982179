"""The review of each year (BEK 1248/2022 § 22, stk. 1): for which year one counts, from when the next is listed, and
what the end of the rules makes of one whose day moves past it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import KEY, LawDesk, day
from tests.law.test_open_readings import sign
from workflow.errors import Invalid
from workflow.faces.cli import show
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated
from workflow.services.facts.remarking import remarks
from workflow.services.planning.marks import marks
from workflow.services.views.readings import silences
from workflow.storage.facts.projection import changes_on

REVIEW, HELD = "annual-review", "annual-review-held"


@pytest.fixture
def january(desk: LawDesk) -> LawDesk:
    """In force from 15 January 2024: a year counted from then ends on 14 January."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-10", due="2024-01-15")
    return desk


@pytest.fixture
def whole(desk: LawDesk) -> LawDesk:
    """In force from 1 January 2024: both readings of a year are the calendar's."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    return desk


def review(desk: LawDesk, year: int, on: str) -> Deadline:
    return desk.deadline(REVIEW, as_of=on, subject=str(year))


def years(desk: LawDesk, on: str) -> list[str]:
    return [one.subject for one in desk.at(as_of=on).deadlines if one.id == REVIEW]


def test_the_next_years_review_is_listed_once_the_day_of_the_year_before_has_passed(january: LawDesk) -> None:
    assert years(january, "2024-06-01") == ["2025"] == years(january, "2025-01-14")
    assert years(january, "2025-01-15") == ["2025", "2026"]
    coming = review(january, 2026, "2025-01-15")
    assert (coming.legal_on, coming.latest_on, coming.status) == (
        date(2026, 1, 14), date(2027, 1, 4), "upcoming",
    )  # fmt: skip
    assert date(2025, 1, 15) in changes_on(january.at(as_of="2025-01-14"), day("2025-01-14"))


def test_it_is_reminded_of_before_its_year_begins_and_so_is_its_dialogue(january: LawDesk) -> None:
    january.letters("2025-10-15")
    told = [one for one in january.letters("2025-10-16") if one.letter.name == REVIEW]
    assert {one.facts["deadline"]["subject"] for one in told if one.facts["deadline"]} == {"2026"}
    assert {one.rung for one in told} == {"-90d"}
    dialogues = [
        one.subject for one in dated(january.at(as_of="2025-12-01"), january.rulebook) if one.id == "task"
    ]
    assert any(one.startswith("cluster-dialogue:") and one.endswith("@2026") for one in dialogues)


def test_once_a_year_counted_from_the_entry_into_force_has_its_review_the_next_stands_beside_the_calendars(
    january: LawDesk,
) -> None:
    january.tell(HELD, "2025-11-03")
    assert years(january, "2025-12-01") == ["2025"]
    coming = review(january, 2026, "2026-01-02")
    assert (coming.legal_on, coming.latest_on, coming.latest_gone) == (
        date(2026, 12, 31), date(2027, 1, 14), True,
    )  # fmt: skip
    assert not [one for one in january.letters("2025-12-15") if one.letter.name == REVIEW]


@pytest.fixture
def february(desk: LawDesk) -> LawDesk:
    """In force from 1 February 2024: the first whole calendar year is 2025, the first year of its own ends 31 January
    2025."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-10", due="2024-02-01")
    return desk


def test_reviews_in_time_by_either_count_are_late_by_neither(february: LawDesk) -> None:
    for on in ("2024-11-28", "2025-11-27"):
        february.tell(HELD, on)
    told = [one.due_on for on in ("2024-12-02", "2024-12-30", "2025-01-30") for one in february.letters(on)
            if one.letter.name == REVIEW and one.due_on > date(2024, 11, 28)]  # fmt: skip
    assert told == []
    assert (review(february, 2025, "2026-01-02").status, review(february, 2025, "2026-01-02").met_on) == (
        "met", date(2025, 11, 27),
    )  # fmt: skip
    for on in ("2026-01-02", "2026-02-10"):
        coming = review(february, 2026, on)
        assert (coming.legal_on, coming.status) == (date(2026, 12, 31), "upcoming"), on
        assert "den ene læsning var" not in show.state(coming, day(on))


def test_held_in_its_own_year_and_not_in_the_calendars_it_is_late_by_one_count_only(
    february: LawDesk,
) -> None:
    """28 November 2024 lies in the first year of its own, 15 January 2026 in the second, neither in 2025."""
    february.tell(HELD, "2024-11-28")
    assert show.state(review(february, 2025, "2026-01-10"), day("2026-01-10")) == (
        "åben; efter den ene læsning var datoen 31. december 2025, efter den anden er den 2. februar 2026; det er ikke "
        "afklaret, om reglen gjaldt den dag"
    )
    assert not [
        one
        for one in february.letters("2026-01-10")
        if one.letter.name == REVIEW and one.rung.startswith("+")
    ]
    february.tell(HELD, "2026-01-15")
    old = review(february, 2025, "2026-02-10")
    assert show.state(old) == "opfyldt for sent efter den ene læsning, i tide efter den anden"
    assert review(february, 2026, "2026-02-10").status == "met"


def test_held_in_neither_it_is_late_by_both(february: LawDesk) -> None:
    february.tell(HELD, "2024-11-28")
    assert review(february, 2025, "2026-02-03").status == "overdue"


@pytest.mark.parametrize(("chosen", "state"), [("kalenderaaret", "overdue"), ("fra-ikrafttraeden", "met")])
def test_signed_one_count_alone_judges(february: LawDesk, chosen: str, state: str) -> None:
    february.tell(HELD, "2024-11-28")
    february.tell(HELD, "2026-01-15")
    sign(february, "om-aaret", chosen, on="2026-01-20")
    assert review(february, 2025, "2026-02-10").status == state


def test_where_the_two_years_are_one_no_year_is_listed_before_it_begins(whole: LawDesk) -> None:
    assert years(whole, "2024-12-31") == ["2024"]
    assert years(whole, "2025-01-01") == ["2024", "2025"]


def test_signed_to_be_counted_from_the_entry_into_force_a_year_is_met_by_a_review_of_that_year(
    january: LawDesk,
) -> None:
    january.tell(HELD, "2025-11-03")
    sign(january, "om-aaret", "fra-ikrafttraeden", on="2025-11-10")
    found = review(january, 2026, "2025-12-01")
    assert (found.legal_on, found.status, found.met_on) == (date(2026, 1, 14), "met", date(2025, 11, 3))
    assert review(january, 2025, "2025-12-01").status == "overdue"
    assert january.at(as_of="2026-01-10").course.reviews == {2025: "missed", 2026: "held"}


def test_a_review_counts_for_the_year_its_teller_names(whole: LawDesk) -> None:
    """31 December is a closed day: by analogy Thursday 2 January 2025 is in time, and nobody has signed either."""
    whole.tell(HELD, "2025-01-02", due="2024-12-31")
    old = review(whole, 2024, "2025-01-03")
    assert show.state(old) == "opfyldt for sent efter den ene læsning, i tide efter den anden"
    assert (old.met_on, review(whole, 2025, "2025-01-03").status) == (date(2025, 1, 2), "upcoming")
    assert whole.at(as_of="2025-01-03").course.reviews == {2024: "held", 2025: "due"}
    whole.tell(HELD, "2025-10-01")
    assert (review(whole, 2025, "2025-10-02").met_on, review(whole, 2024, "2025-10-02").met_on) == (
        date(2025, 10, 1), date(2025, 1, 2),
    )  # fmt: skip
    standing = whole.at(as_of="2025-10-02")
    assert {one.fact.on for one in marks(standing, whole.rulebook) if one.need == "cluster-dialogue"} == {
        date(2025, 1, 2), date(2025, 10, 1),
    }  # fmt: skip


def test_unsaid_and_unsigned_it_counts_for_the_year_of_its_day(whole: LawDesk) -> None:
    whole.tell(HELD, "2025-01-02")
    assert (review(whole, 2024, "2025-01-03").status, review(whole, 2025, "2025-01-03").status) == (
        "overdue", "met",
    )  # fmt: skip


def test_whoever_records_one_in_the_first_days_of_a_year_is_told_for_which_year_it_counts(
    whole: LawDesk,
) -> None:
    agreement = whole.at().agreement
    for on, due, told in (
        ("2025-01-02", None, True),
        ("2025-01-02", "2024-12-31", False),
        ("2025-01-08", None, False),
    ):
        fact = Fact(1, HELD, day(on), due=day(due) if due else None)
        said = " ".join(remarks(agreement, fact, day(on)))
        assert ("tæller for 2025" in said and "Er den for 2024" in said) == told, said


def test_a_review_of_a_year_to_come_is_refused(whole: LawDesk) -> None:
    said = whole.refuses(Invalid, HELD, "2025-12-20", due=day("2026-01-01"))
    assert "kan ikke være for 2026" in said


@pytest.mark.parametrize(
    ("held", "met"),
    [
        (["2025-01-02"], {2024: "2025-01-02"}),
        (["2025-01-02", "2025-10-01"], {2024: "2025-01-02", 2025: "2025-10-01"}),
        (["2025-01-03"], {2025: "2025-01-03"}),
        (["2024-11-01", "2025-01-02"], {2024: "2024-11-01", 2025: "2025-01-02"}),
    ],
    ids=["on the day it moves to", "and the new year's own", "a day later", "the old year had its own"],
)
def test_signed_to_move_what_is_held_by_the_day_it_moves_to_meets_the_year_that_is_over(
    whole: LawDesk, held: list[str], met: dict[int, str]
) -> None:
    for on in held:
        whole.tell(HELD, on)
    sign(whole, "lukkedag", "foerste-hverdag", on="2025-12-01")
    found = {
        year: one.met_on for year in (2024, 2025) if (one := review(whole, year, "2025-12-01")) and one.met_on
    }
    assert found == {year: day(on) for year, on in met.items()}
    assert all(review(whole, year, "2025-12-01").status == "met" for year in met)
    course = whole.at(as_of="2025-12-01").course
    assert {year for year, state in course.reviews.items() if state in ("held", "no_revision")} == set(met)


@pytest.mark.parametrize("ends", ["", "2027-01-01"], ids=["open", "confirmed"])
def test_a_signed_day_after_the_end_of_the_rules_does_not_extinguish_the_duty(
    whole: LawDesk, ends: str
) -> None:
    """31 December 2026 lies before the end, 4 January 2027 after it: what was owed when the rules ended stays owed."""
    if ends:
        whole.tell("regime-confirmed", "2026-11-21", due=ends)
    sign(whole, "lukkedag", "foerste-hverdag", on="2026-11-23")
    before = review(whole, 2026, "2026-12-01")
    assert (before.legal_on, before.status) == (date(2027, 1, 4), "upcoming")
    between = review(whole, 2026, "2027-01-02")
    assert between.status == "upcoming"
    assert any("giver tid til og med mandag den 4. januar 2027" in step.text for step in between.why)
    after = review(whole, 2026, "2027-01-05")
    assert show.state(after) == (
        "ikke opfyldt i tide; reglerne er siden ophævet"
        if ends
        else "ikke opfyldt i tide, hvis reglen gjaldt den dag; reglerne er siden ophævet"
    )
    whole.today = day("2027-01-05")
    whole.tell(HELD, "2027-01-04")
    assert (review(whole, 2026, "2027-01-05").status, KEY) == ("met", KEY)


def test_confirmed_for_the_first_of_the_days_it_is_gone_as_before(whole: LawDesk) -> None:
    whole.tell("regime-confirmed", "2026-11-21", due="2026-01-01")
    sign(whole, "lukkedag", "foerste-hverdag", on="2026-11-23")
    assert review(whole, 2026, "2026-12-01").status == "lapsed"
    assert review(whole, 2025, "2026-12-01").status == "breached"


def test_signed_to_move_past_the_end_the_reason_says_that_the_duty_stands_and_its_dialogue_is_asked_for(
    whole: LawDesk,
) -> None:
    sign(whole, "lukkedag", "foerste-hverdag", on="2026-11-23")
    standing = whole.at(as_of="2026-12-01")
    found = standing.deadline(REVIEW, "2026")
    assert found
    [said] = [
        one for one in silences(standing, whole.rulebook, found) if one.question == "Gælder reglen stadig?"
    ]
    assert [one.said.rpartition("; ")[2] for one in said.readings[1:]] == [
        "pligten er bortfaldet", "pligten består",
    ]  # fmt: skip
    tasks = [one for one in dated(standing, whole.rulebook) if one.subject.startswith("cluster-dialogue:")]
    assert {one.legal_on for one in tasks} == {date(2026, 12, 31)}
