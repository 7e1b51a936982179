"""A date with two readings: what it is by each, said alike by every door, before and after the end of the rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from icalendar import Calendar, Event

from tests.law.desk import KEY, LawDesk, day
from tests.law.test_open_readings import sign
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.faces.cli import show
from workflow.faces.cli.rounds.answers import _words
from workflow.faces.web.pages.rounds.timeline import entries
from workflow.rules.days import spoken
from workflow.rules.endings import coming_on
from workflow.services.desk.owed import owes
from workflow.services.due.dates import dated, explained, next_date
from workflow.services.views.calendars.feeds import write_feed
from workflow.services.views.lookback import listed_deadlines
from workflow.services.views.readings import questions

FINAL = "Slutstatus sendt til Sundhedsstyrelsen (vejledningen)"
BY_ONE = "ikke opfyldt i tide efter den ene læsning, bortfaldet efter den anden; reglerne er siden ophævet"
IN_DOUBT = (
    "ikke opfyldt i tide efter den ene læsning, hvis reglen gjaldt den dag, bortfaldet efter den anden; reglerne er "
    "siden ophævet"
)


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """Nordjylland 2024-2027: in force since 2024 and said to end with 2027, so that the final status is due on
    31 December 2026 if it ends in July 2027, and else after the rules are gone."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2028-01-01")
    desk.tell("midterm-sent", "2025-12-01")
    return desk


def said(desk: LawDesk, on: str) -> str:
    """What ``aftale status`` says of the agreement."""
    standing = desk.at(as_of=on)
    return "\n".join(line for line, _ in _words(standing, desk.rulebook))


@pytest.mark.parametrize(
    ("ends", "state"), [("", IN_DOUBT), ("2027-01-01", BY_ONE)], ids=["open", "confirmed"]
)
@pytest.mark.parametrize("on", ["2027-01-02", "2027-02-01", "2027-08-01"])
def test_a_final_status_that_was_due_before_the_rules_ended_by_one_reading_is_neither_lapsed_nor_broken_flat(
    running: LawDesk, ends: str, state: str, on: str
) -> None:
    """BEK 1248/2022 § 22, VEJ 9008/2024 afsnit 6: 31 December 2026 lies before the last day the rules can end on, and
    a breach before the end stays one; the other reading gives July 2027, when there is no such duty."""
    if ends:
        running.tell("regime-confirmed", "2026-11-21", due=ends)
    found = running.deadline("final-guidance", as_of=on)
    assert (found.legal_on, show.state(found)) == (date(2026, 12, 31), state)
    assert f"{state}: {FINAL}, torsdag den 31. december 2026" in said(running, on)
    [listed] = [
        one
        for one in listed_deadlines([running.at(as_of=on)], running.rulebook, found.status)
        if one.rule == "final-guidance"
    ]
    assert show.state(listed) == state
    assert any(state in step.text and "1. juli 2027" in step.text for step in found.why)


def test_confirmed_for_the_first_of_the_days_it_is_gone_by_both(running: LawDesk) -> None:
    running.tell("regime-confirmed", "2026-11-21", due="2026-01-01")
    assert show.state(running.deadline("final-guidance", as_of="2027-01-02")) == "bortfaldet"


def told_of_the_end(desk: LawDesk) -> list[str]:
    """The letters of the first working day after the end, once 1 January 2027 is confirmed."""
    desk.tell("regime-confirmed", "2026-11-21", due="2027-01-01")
    told = [one for one in desk.letters("2027-01-04") if one.letter.name == "regime-ended"]
    assert told
    return [
        rendered_text(write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""}).raw)
        for one in told
    ]


def test_the_letter_about_the_end_tells_the_duty_that_only_one_reading_leaves_unmet(running: LawDesk) -> None:
    for text in told_of_the_end(running):
        assert (
            f"{FINAL}, torsdag den 31. december 2026 (VEJ 9008/2024 afsnit 6): ikke opfyldt i tide efter den ene "
            "læsning. Loven er tavs; efter den anden var datoen torsdag den 1. juli 2027, og da er pligten bortfaldet."
        ) in text


def test_done_after_the_end_it_was_late_by_the_one_reading_and_no_duty_by_the_other(running: LawDesk) -> None:
    running.tell("regime-confirmed", "2026-11-20", due="2027-01-01")
    running.today = day("2027-02-01")
    running.tell("final-sent", "2027-01-20")
    found = running.deadline("final-guidance", as_of="2027-02-01")
    assert show.state(found) == "opfyldt for sent efter den ene læsning, bortfaldet efter den anden"


@pytest.mark.parametrize("ends", ["", "2027-01-01"], ids=["open", "confirmed"])
def test_a_second_date_that_lies_after_the_end_is_said_to_be_no_duty_by_every_door(
    running: LawDesk, ends: str
) -> None:
    if ends:
        running.tell("regime-confirmed", "2026-11-21", due=ends)
    other = "kan også læses som 1. juli 2027, og da er pligten bortfaldet"
    standing = running.at(as_of="2026-12-01")
    [listed] = [
        one
        for one in listed_deadlines([standing], running.rulebook, "upcoming")
        if one.rule == "final-guidance"
    ]
    for found in (running.deadline("final-guidance", as_of="2026-12-01"), listed):
        assert show.state(found).endswith(other)
    [two] = [line for line in said(running, "2026-12-01").splitlines() if "to datoer" in line]
    assert other in two and FINAL in two
    assert "pligten bortfaldet" in event(running, "2026-12-01", FINAL)["DESCRIPTION"]


def event(desk: LawDesk, on: str, title: str) -> Event:
    """The entry of the feed with this in its title."""
    everything = {"name": "Alt", "region": "", "body": "", "mine": False}
    feed = write_feed(desk.engine, desk.rulebook, everything, today=day(on), instance="test")
    [found] = [one for one in Calendar.from_ical(feed).walk("VEVENT") if title in one["SUMMARY"]]
    return found


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ("2026-01-02", "for sent efter den ene læsning, i tide efter den anden"),
        ("2026-01-05", "for sent, hvis reglen gjaldt den dag"),
    ],
)
def test_a_midterm_between_two_readings_is_not_called_late_flat_by_any_door(
    desk: LawDesk, sent: str, state: str
) -> None:
    """VEJ 9008/2024 afsnit 6: whether the day itself is in time the law does not say; by analogy a closed day is no
    last day either, which gives 2 January 2026; the rules may have ended the day before."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("midterm-sent", sent)
    title = "Midtvejsstatus sendt til Sundhedsstyrelsen (vejledningen)"
    assert f"  {state}: {title}" in said(desk, "2026-11-21")
    standing = desk.at(as_of="2026-11-21")
    assert event(desk, "2026-11-21", title)["SUMMARY"].startswith(f"Opfyldt {state}: {title}")
    [drawn] = [one for one in entries(standing) if one.rule == "midterm-guidance"]
    assert drawn.state == f"opfyldt {state}"


OLD = "nordjylland/2019-2023"


@pytest.fixture
def old(empty: LawDesk) -> LawDesk:
    """Nordjylland 2019-2023 under BEK 679/2018: in force since 1 July 2019, no review ever held."""
    empty.open("nordjylland", "2018-2021", "2019-2023", effective=day("2019-07-01"))
    empty.sends("2019-02-01", OLD, yes_on="2019-06-20")
    empty.tell("submitted", "2019-06-26", OLD)
    empty.tell("sst-approved", "2019-08-20", OLD)
    return empty


def test_the_next_date_is_always_one_that_is_still_to_come(old: LawDesk, running: LawDesk) -> None:
    for ahead in range(0, 2900, 29):
        on = day("2019-01-10") + timedelta(days=ahead)
        for key in (OLD, KEY) if on >= day("2022-10-03") else (OLD,):
            standing = old.at(key, on)
            found = next_date(standing, standing.rules)
            assert found is None or (coming_on(found, on) or date.min) >= on, f"{key} {on}"
            [*told] = [line for line in lines(old, key, on) if "næste:" in line]
            assert not any(" siden" in line for line in told), f"{key} {on}"


def lines(desk: LawDesk, key: str, on: date) -> list[str]:
    """What ``aftale status`` says of one agreement, line by line."""
    return [line for line, _ in _words(desk.at(key, on), desk.rulebook)]


def test_between_its_two_readings_a_date_is_said_to_be_there(running: LawDesk) -> None:
    """The annual review of 2026: 31 December by the calendar, by analogy the first working day after."""
    review = running.at(as_of="2027-01-02").deadline("annual-review", "2026")
    assert review
    both = (
        "efter den ene læsning var datoen 31. december 2026, efter den anden er den 4. januar 2027; det er ikke "
        "afklaret, om reglen gjaldt den dag"
    )
    assert show.state(review, day("2027-01-02")) == f"åben; {both}"
    [told] = [line for line in lines(running, KEY, day("2027-01-02")) if "næste:" in line]
    assert told.endswith(f"Årlig gennemgang af sundhedsaftalen, mandag den 4. januar 2027, om 2 dage; {both}")


def test_what_is_owed_between_its_two_readings_is_not_late(desk: LawDesk) -> None:
    """SST's eight weeks end on Saturday 12 August 2023; by analogy the Monday is in time."""
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("received", "2023-06-17")
    for on, late in (("2023-08-13", False), ("2023-08-15", True)):
        [one] = [
            o for o in owes([desk.at(as_of=on)]) if o.by and o.what.startswith("Sundhedsstyrelsens svar på")
        ]
        assert (one.late, str(one.by)) == (late, "2023-08-12" if late else "2023-08-14")


PRACTICE = "Påmindelserne følger den tidligste dato"


@pytest.mark.parametrize("on", ["2026-12-01", "2022-10-08", "2023-09-01"])
def test_every_date_that_an_explanation_names_last_is_one_that_a_step_before_it_gave(
    old: LawDesk, running: LawDesk, on: str
) -> None:
    """From several questions at once comes a day that no single one gives: a step says how."""
    seen = 0
    for key in (OLD, KEY) if on >= "2022-10-03" else (OLD,):
        standing = old.at(key, on)
        for found in dated(standing, standing.rules):
            if found.latest_on and found.open:
                seen += 1
                before = " ".join(step.text for step in found.why if PRACTICE not in step.text)
                said = full_day(found.latest_on)
                assert said in before, f"{key} {found.id}:{found.subject} {said}: {before}"
    assert seen


def full_day(on: date) -> str:
    """``"1. juli 2027"``."""
    return spoken(on, False)


def test_a_running_year_of_meetings_says_the_day_it_is_counted_from(running: LawDesk) -> None:
    found = explained(running.at(as_of="2023-09-01"), running.rulebook, "meetings", "political@2023")
    assert found
    assert any(
        step.text
        == "Et løbende år regnet fra torsdag den 8. september 2022 ender torsdag den 7. september 2023"
        for step in found.why
    )


@pytest.fixture
def departed(desk: LawDesk) -> LawDesk:
    """Submitted ten days late, and SST moves the date afterwards."""
    desk.today = day("2023-07-21")
    desk.sends("2023-04-03", yes_on="2023-06-20")
    desk.tell("submitted", "2023-07-10")
    desk.tell("deviation", "2023-07-20", due="2024-01-01")
    return desk


def test_a_departure_after_a_late_submission_is_an_open_question_by_every_door(departed: LawDesk) -> None:
    """BEK 1248/2022 § 21, stk. 5 does not say whether it works backwards."""
    on = "2023-07-21"
    [told] = [line for line in lines(departed, KEY, day(on)) if "Indsendelse af sundhedsaftalen" in line]
    assert told.strip() == (
        "for sent efter den ene læsning, i tide efter den anden: Indsendelse af sundhedsaftalen til "
        "Sundhedsstyrelsen, mandag den 10. juli 2023; fristen var lørdag den 1. juli 2023, siden flyttet til mandag "
        "den 1. januar 2024 (BEK 1248/2022 § 21, stk. 1)"
    )
    found = departed.deadline("submission", as_of=on)
    assert show.state(found) == "opfyldt for sent efter den ene læsning, i tide efter den anden"
    steps = [step.text for step in found.why]
    assert any("så det var for sent efter den ene læsning" in text for text in steps)
    assert any("Virker en fravigelse" in text for text in steps)
    touched = {
        one.silence.id: [d.id for _, d, _ in one.shown if d.id == "submission"]
        for one in questions(departed.rulebook, [departed.at(as_of=on)])
        if one.open
    }
    assert touched["fravigelse-bagefter"] == ["submission"]
    assert not touched.get("lukkedag")  # of 1 or 3 July: it was late by both


def test_whoever_signed_that_a_departure_works_backwards_is_named_where_the_date_is_explained(
    departed: LawDesk,
) -> None:
    departed.today = day("2023-07-24")
    sign(departed, "fravigelse-bagefter", "tilbage", on="2023-07-22")
    found = departed.deadline("submission", as_of="2023-07-24")
    assert found.status == "met"
    assert any(
        "Anna Jensen" in step.text and "bedømmes efter den nye frist" in step.text for step in found.why
    )


def test_a_midterm_that_only_one_reading_calls_late_leaves_its_question_open(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("annual-review-held", "2026-02-01")
    desk.tell("midterm-sent", "2026-01-02")
    [one] = [q for q in questions(desk.rulebook, [desk.at()]) if q.silence.id == "lukkedag"]
    assert one.open and "midterm-guidance" in {d.id for _, d, _ in one.shown}


def test_the_unsigned_question_of_the_end_is_open_after_the_rules_are_gone(running: LawDesk) -> None:
    found = questions(running.rulebook, [running.at(as_of="2027-01-02")])
    [one] = [q for q in found if q.silence.id == "udloeb-2024-2027"]
    assert one.open and "final-guidance" in {d.id for _, d, _ in one.shown}
