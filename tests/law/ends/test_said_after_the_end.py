"""What lists, letters, pages and feeds say of a year's meetings and duties when the year, or the rules, have ended."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import KEY, LawDesk, day
from tests.law.test_two_readings import event, lines, told_of_the_end
from workflow.faces.cli import show
from workflow.faces.cli.law.law import _say_readiness
from workflow.rules.timeline import Deadline
from workflow.services.desk.owed import owes
from workflow.services.due.dates import dated
from workflow.services.planning.readiness import readiness
from workflow.services.views.board import board, overdue
from workflow.services.views.status import readiness_json

SSU = "Årets møder i sundhedssamarbejdsudvalget: 0 af mindst 4 holdt"
OF_2024, OF_2026 = (SSU.replace("Årets møder", f"Møder i {year}") for year in (2024, 2026))


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
    assert (found.legal_on, found.status, found.title) == (date(2024, 12, 31), "passed", OF_2024)
    assert not [one for one in owes([running.at(as_of="2025-01-05")]) if one.what == OF_2024 and one.late]


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
        assert f"{OF_2026}, torsdag den 31. december 2026 (BEK 1248/2022 § 16, stk. 2): ikke opfyldt" in text
        assert "@2026" not in text


def test_meetings_that_were_not_held_are_told_through_the_agreement_in_force_alone(running: LawDesk) -> None:
    """The committee falls short once, however many rounds its region has under way when the rules end."""
    running.today = day("2026-11-21")
    coming = running.open(term="2026-2029", label="2027-2031", opened_on=day("2026-02-02"))
    running.sends("2026-09-01", coming, "2026-10-01")
    for key in (KEY, coming):
        running.tell("regime-confirmed", "2026-11-21", key, due="2027-01-01")
    told = {
        one.key.split("|")[0]: one
        for one in running.letters("2027-01-04")
        if one.letter.name == "regime-ended"
    }
    titles = {key: [left["title"] for left in one.facts["regime"]["breached"]] for key, one in told.items()}
    assert OF_2026 in titles[KEY]
    assert not [title for title in titles[coming] if title.startswith("Møder i")]
    listed = {
        key: [one.subject for one in dated(running.at(key, "2027-01-05"), running.rulebook)] for key in told
    }
    assert "ssu@2026" in listed[KEY] and "ssu@2026" not in listed[coming]


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


@pytest.mark.parametrize("ends", ["", "2027-01-01", "2026-01-01"])
def test_whether_a_report_that_fell_due_under_the_rules_is_still_owed_is_said_to_be_open(
    running: LawDesk, capsys: pytest.CaptureFixture[str], ends: str
) -> None:
    """No text read says that a repeal undoes a breach (E4, F3): neither that the report must be sent nor that not."""
    if ends:
        running.tell("regime-confirmed", "2026-11-21", due=ends)
    on = "2027-01-10"
    found = [one.text for one in readiness(running.at(as_of=on), running.rulebook)]
    unmet = [text for text in found if text.startswith("Midtvejsstatus sendt til Sundhedsstyrelsen (")]
    assert unmet and all(text.endswith("Om pligten stadig består, er ikke afklaret") for text in unmet)
    assert not [
        text for text in found if "skal ikke længere sendes" in text or "intet skal indsendes" in text
    ]
    standing = running.at(as_of=on)
    _say_readiness(
        dict(readiness_json(standing, standing.rules)) | {"marks": []}, standing.agreement.regime.words, str
    )
    said = capsys.readouterr().out
    assert "det er ikke afklaret, om noget stadig skal sendes" in said
    assert "ikke længere pligt" not in said and "intet skal" not in said


def test_an_agreement_that_was_sent_is_not_said_to_need_no_sending(running: LawDesk) -> None:
    running.tell("midterm-sent", "2025-12-01")
    [one] = readiness(running.at(as_of="2027-01-02"), running.rulebook)
    assert one.text == "reglerne er ophævet senest fra 1. januar 2027; slutstatus skal ikke længere sendes"
    assert not any("intet skal indsendes" in line for line in lines(running, KEY, day("2027-01-02")))
