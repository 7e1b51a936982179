"""What lists, letters, pages and feeds say of a year's meetings and duties when the year, or the rules, have ended."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import KEY, LawDesk, day
from tests.law.test_two_readings import event, lines, told_of_the_end
from workflow.faces.cli import show
from workflow.rules.timeline import Deadline
from workflow.services.desk.owed import owes
from workflow.services.due.dates import dated
from workflow.services.planning.readiness import readiness
from workflow.services.views.board import board, overdue

SSU = "Årets møder i sundhedssamarbejdsudvalget: 0 af mindst 4 holdt"


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """In force since 2024; no committee ever met."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    return desk


def meetings(desk: LawDesk, subject: str, on: str) -> Deadline:
    [found] = [
        one
        for one in dated(desk.at(as_of=on), desk.rulebook)
        if (one.id, one.subject) == ("meetings", subject)
    ]
    return found


def test_meetings_that_a_year_in_force_fell_short_of_are_still_listed_the_year_after(
    running: LawDesk,
) -> None:
    found = meetings(running, "ssu@2024", "2025-01-05")
    assert (found.legal_on, found.status, found.title) == (date(2024, 12, 31), "passed", SSU)
    assert not [one for one in owes([running.at(as_of="2025-01-05")]) if one.what == SSU and one.late]


@pytest.mark.parametrize("ends", ["", "2027-01-01"], ids=["open", "confirmed"])
def test_meetings_that_the_last_year_of_the_rules_fell_short_of_stay_unmet(
    running: LawDesk, ends: str
) -> None:
    """The patient committee's meeting of 2026 rests on BEK 1615/2025, which has not ended."""
    if ends:
        running.tell("regime-confirmed", "2026-11-21", due=ends)
    found = meetings(running, "ssu@2026", "2027-01-05")
    assert show.state(found) == (
        "ikke opfyldt i tide; reglerne er siden ophævet"
        if ends
        else "ikke opfyldt i tide, hvis reglen gjaldt den dag; reglerne er siden ophævet"
    )
    assert meetings(running, "piu@2026", "2027-01-05").status == "passed"


def test_the_letter_about_the_end_lists_the_meetings_that_were_not_held(running: LawDesk) -> None:
    for text in told_of_the_end(running):
        assert (
            f"{SSU} (ssu@2026), torsdag den 31. december 2026 (BEK 1248/2022 § 16, stk. 2): ikke opfyldt"
            in text
        )


def test_meetings_by_a_running_year_that_has_passed_are_listed_with_both_days(desk: LawDesk) -> None:
    """Nothing held since the committees began on 8 September 2022: by the running year the day was 7 September 2023."""
    desk.concludes("2023-12-15")
    found = meetings(desk, "political@2023", "2023-10-16")
    assert (found.legal_on, found.latest_on) == (date(2023, 9, 7), date(2023, 12, 31))
    assert show.state(found, day("2023-10-16")) == (
        "åben; efter den ene læsning var datoen 7. september 2023, efter den anden er den 31. december 2023"
    )


def test_a_feed_says_of_meetings_what_it_says_of_other_duties(running: LawDesk) -> None:
    told = str(event(running, "2026-11-21", SSU)["DESCRIPTION"])
    assert "Reglen kan være ophævet; det er ikke afklaret, om fristen stadig gælder." in told
    assert "Hjemmel: BEK 1248/2022 § 16, stk. 2." in told
    running.tell("annual-review-held", "2024-06-01")
    missed = event(running, "2026-11-21", "Overskredet: Årlig gennemgang")
    assert missed["DTSTART"].dt == date(2025, 12, 31)


def test_the_front_page_calls_nothing_overdue_that_its_cards_call_unmet_under_rules_that_ended(
    running: LawDesk,
) -> None:
    """The daemon worked the rows out in November; the page is of 2 January."""
    assert "annual-review" in {one.rule for one in overdue(running.engine, None, 12)}
    places = board(running.engine, running.rulebook, ["nordjylland"], day("2027-01-02"))
    assert not overdue(running.engine, None, 12, places)
    before = board(running.engine, running.rulebook, ["nordjylland"], day("2026-11-22"))
    assert overdue(running.engine, None, 12, before)


def test_an_agreement_that_was_sent_is_not_said_to_need_no_sending(running: LawDesk) -> None:
    [one] = readiness(running.at(as_of="2027-01-02"), running.rulebook)
    assert one.text == "reglerne er ophævet fra senest 1. januar 2027; slutstatus skal ikke længere sendes"
    assert not any("intet skal indsendes" in line for line in lines(running, KEY, day("2027-01-02")))
