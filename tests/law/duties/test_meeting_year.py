"""What "a year" is where a least number of meetings is asked for: two days, until somebody signs one (O-10 to O-13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as some

from tests.law.desk import LawDesk, day, rules
from tests.story.living import danish
from workflow.rules.spans import Span, next_by
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated
from workflow.services.due.quotas import Quota, quotas
from workflow.services.facts.readings import sign_reading
from workflow.services.views.readings import questions, silences
from workflow.services.watch.reckoning import reckon

YEAR = "om-aaret-moeder"


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """Nordjylland 2024-2027 in force. The patient committee met on 10 June 2024, the cooperation committee four times
    that year (the days of Syddanmark's)."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2028-01-01")
    for on in ("2024-02-28", "2024-05-31", "2024-09-11", "2024-11-27"):
        desk.tell("meeting-held", on, about="ssu")
    desk.tell("meeting-held", "2024-06-10", about="piu")
    return desk


def quota(desk: LawDesk, about: str, as_of: str) -> Quota:
    return next(q for q in quotas(desk.at(as_of=as_of), rules(), day(as_of).year) if q.about == about)


def row(desk: LawDesk, rule: str, subject: str, as_of: str) -> Deadline:
    found = dated(desk.at(as_of=as_of), rules())
    return next(one for one in found if (one.id, one.subject) == (rule, subject))


def sign(desk: LawDesk, reading: str, on: str) -> None:
    who = {"name": "Anna Jensen", "office": "Juridisk kontor", "ground": "Notat 4"}
    sign_reading(
        desk.engine, rules(), silence=YEAR, reading=reading, today=day(on), at=danish(day(on), 9), **who
    )


def test_the_earlier_of_the_two_days_is_reminded_of_and_missed_is_said_after_the_later(
    running: LawDesk,
) -> None:
    found = quota(running, "piu", "2025-05-02")
    assert (found.asked_by(day("2025-05-02")), found.late_after) == (date(2025, 6, 10), date(2025, 12, 31))
    assert found.state(day("2025-05-02")) == "at_risk"
    listed = row(running, "meetings", "piu@2025", "2025-05-02")
    assert (listed.legal_on, listed.latest_on) == (date(2025, 6, 10), date(2025, 12, 31))
    said = " ".join(step.text for step in listed.why)
    assert "Loven er tavs: Hvad er et år, når et udvalg skal holde et antal møder om året?" in said
    assert "onsdag den 31. december 2025" in said and "tirsdag den 10. juni 2025" in said
    assert [one.question for one in silences(running.at(as_of="2025-05-02"), rules(), listed)]
    past = quota(running, "piu", "2025-06-11")
    assert (past.asked_by(day("2025-06-11")), past.state(day("2025-06-11"))) == (
        date(2025, 12, 31),
        "at_risk",
    )
    assert past.state(day("2026-01-01")) == "missed"


def test_one_letter_shortly_before_the_earlier_day_says_both(running: LawDesk) -> None:
    told = [
        (on, one.facts["deadline"]["legal_on"], one.facts["deadline"]["latest_on"])
        for on in ("2025-01-02", "2025-04-01", "2025-05-12", "2025-06-02", "2025-06-12", "2025-07-01")
        for one in running.letters(on)
        if "piu@2025" in one.key and one.recipient.endswith("secretariat-region")
    ]
    assert told == [("2025-05-12", "2025-06-10", "2025-12-31")]
    assert not [
        f for f in reckon(running.engine, rules(), danish(day("2025-07-01"), 23)) if f.kind == "missing"
    ]
    late = [one for one in running.letters("2025-09-01") if "piu@2025" in one.key]
    assert {one.facts["deadline"]["legal_on"] for one in late} == {"2025-12-31"}


def test_a_planned_meeting_in_time_moves_the_earlier_day_on(running: LawDesk) -> None:
    """Four in 2024: by the running year the next is wanted a year after the first of the last four."""
    assert quota(running, "ssu", "2025-01-10").running_on == date(2025, 2, 28)
    running.tell("meeting-planned", "2025-01-13", due="2025-02-20", about="ssu")
    assert quota(running, "ssu", "2025-01-14").running_on == date(2025, 5, 31)
    assert row(running, "meetings", "ssu@2025", "2025-01-14").legal_on == date(2025, 5, 31)


def test_four_meetings_bunched_in_the_autumn_meet_the_calendar_year_and_not_the_running_one(
    running: LawDesk,
) -> None:
    for on in ("2025-10-01", "2025-10-15", "2025-11-03", "2025-11-20"):
        running.tell("meeting-planned", "2025-01-13", due=on, about="ssu")
    found = quota(running, "ssu", "2025-01-14")
    assert (found.planned, found.running_on, found.state(day("2025-01-14"))) == (
        4,
        date(2025, 2, 28),
        "at_risk",
    )
    assert quota(running, "ssu", "2025-09-12").state(day("2025-09-12")) == "ok"


@pytest.mark.parametrize(
    ("reading", "by", "state_after"),
    [("kalenderaaret", "2025-12-31", "at_risk"), ("loebende", "2025-06-10", "missed")],
)
def test_once_a_reading_is_signed_one_day_stands(
    running: LawDesk, reading: str, by: str, state_after: str
) -> None:
    sign(running, reading, "2025-03-03")
    found = quota(running, "piu", "2025-05-02")
    assert found.asked_by(day("2025-05-02")) == day(by)
    assert quota(running, "piu", "2025-06-11").state(day("2025-06-11")) == state_after
    listed = row(running, "meetings", "piu@2025", "2025-05-02")
    assert (str(listed.legal_on), listed.latest_on) == (by, None)
    assert any("Anna Jensen, Juridisk kontor" in step.text for step in listed.why)


def test_one_letter_tells_the_signed_reading_and_the_day_it_leaves(running: LawDesk) -> None:
    running.letters("2025-02-28")
    sign(running, "loebende", "2025-03-03")
    told = [one for one in running.letters("2025-03-04") if one.letter.name == "reading-signed"]
    assert {one.recipient.split("/")[1] for one in told} == {"secretariat-region", "secretariat-municipal"}
    dates = {one["legal_on"] for one in told[0].facts["event"]["reading"]["dates"]}
    assert "2025-06-10" in dates


def test_the_list_of_open_questions_shows_the_minimums_it_touches(running: LawDesk) -> None:
    [one] = [q for q in questions(rules(), [running.at(as_of="2025-05-02")]) if q.silence.id == YEAR]
    assert one.open
    assert ("meetings", "piu@2025") in {(deadline.id, deadline.subject) for _, deadline, _ in one.touched}


def test_the_count_begins_anew_with_the_term(running: LawDesk) -> None:
    """In a committee's first whole year both readings give 31 December."""
    for on in ("2025-02-20", "2025-05-20", "2025-09-10", "2025-11-20"):
        running.tell("meeting-held", on, about="ssu")
    assert quota(running, "ssu", "2026-01-10").reading is None


DAYS = some.lists(some.dates(date(2022, 1, 1), date(2025, 12, 31)), max_size=12)


@given(DAYS, some.integers(1, 4), some.dates(date(2022, 1, 1), date(2025, 12, 31)))
def test_the_day_is_the_first_on_which_the_twelve_months_behind_it_hold_too_few(
    meetings: list[date], minimum: int, today: date
) -> None:
    """Counted again a day at a time, with dateutil's years."""
    first, year = date(2022, 1, 1), relativedelta(years=1)

    def few(on: date) -> bool:
        return sum(day <= on < day + year for day in meetings) < minimum

    on = max(today, date(2022, 12, 31))
    assume(on == date(2022, 12, 31) or not few(on - timedelta(days=1)))
    while not few(on):
        on += timedelta(days=1)
    by, begins = next_by(meetings, minimum, first, today)
    assert (by, Span(1, "year").after(begins - timedelta(days=1))) == (on, on)
