"""Between two readings of one date: nothing is called late before the later has passed, and every letter, subject and
calendar file says the same of it."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes

import pytest
from icalendar import Calendar

from tests.law.desk import LawDesk, day
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters


@pytest.mark.parametrize("ends", ["", "2027-01-01"], ids=["unconfirmed", "confirmed"])
def test_what_can_still_be_in_time_when_the_rules_end_is_called_late_only_after_the_later_day(
    desk: LawDesk, ends: str
) -> None:
    """31 December 2026 is a closed day: by analogy 4 January 2027 is in time, and the page promises that nothing is
    said to be late before it has passed. The duty's own day came while the rules held, so it is unmet from then on."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("midterm-sent", "2025-12-01")
    desk.tell("annual-review-held", "2025-06-01")
    if ends:
        desk.tell("regime-confirmed", "2026-11-20", due=ends)
    said: dict[str, set[str]] = {}
    for ahead in range(20):
        on = str(day("2026-12-25") + timedelta(days=ahead))
        standing = desk.at(as_of=on)
        review = standing.deadline("annual-review", "2026")
        assert review and (review.legal_on, review.late_after) == (date(2026, 12, 31), date(2027, 1, 4))
        assert "overskredet siges først efter den seneste, 4. januar 2027" in " ".join(
            s.text for s in review.why
        )
        said.setdefault(review.status, set()).add(on)
        assert ("var da overskredet" in " ".join(s.text for s in review.why)) is False
        late = [o.key for o in desk.letters(on) if "|annual-review|2026|" in o.key and o.rung.startswith("+")]
        assert on > "2027-01-04" or not late
    assert set(said) == {"upcoming", "breached"}
    assert (max(said["upcoming"]), min(said["breached"])) == ("2027-01-04", "2027-01-05")


@pytest.mark.parametrize(
    ("ends", "entry"), [("", "TENTATIVE"), ("2027-01-01", "CONFIRMED"), ("2026-01-01", "")]
)
def test_the_calendar_file_of_a_letter_about_an_event_knows_what_was_confirmed_since(
    desk: LawDesk, ends: str, entry: str
) -> None:
    """The letter tells the event's own day; its file goes into a calendar of today."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("sst-approved", "2024-02-01")
    desk.tell("revision-opened", "2026-09-01", version=2)
    desk.sends("2026-09-02", yes_on="2026-10-20", version=2)
    desk.tell("submitted", "2026-10-26", version=2)
    desk.tell("received", "2026-11-18", due="2026-10-26", version=2)
    if ends:
        desk.tell("regime-confirmed", "2026-11-19", due=ends)
    told = [one for one in desk.letters("2026-11-20") if one.letter.name == "receipt-recorded"]
    assert told
    for one in told:
        raw = write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""}).raw
        files = [
            part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"
        ]
        assert bool(files) is bool(entry)
        for file in files:
            (event,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
            assert (event["DTSTART"].dt, event["STATUS"]) == (date(2026, 12, 21), entry)
            assert ("kan være ophævet" in event["DESCRIPTION"]) is (entry == "TENTATIVE")


def test_between_two_readings_no_letter_says_that_the_date_is_over(desk: LawDesk) -> None:
    """SST's answer is due on a Saturday; by the other reading on the Monday. The letter that waited over the weekend
    names the Monday in its subject as in its text, and calls nothing overdue."""
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", due="2023-10-14")
    late = [one for one in desk.letters("2023-10-16") if one.letter.name == "resubmission-countdown"]
    assert late
    for one in late:
        done = write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""})
        assert "verskredet" not in done.subject and "16. oktober 2023" in done.subject
        assert "er overskredet" not in rendered_text(done.raw)


def test_the_subject_of_the_running_clock_names_the_day_that_its_text_names(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("received", "2023-06-17")  # eight weeks end on Saturday 12 August
    running = [one for one in desk.letters("2023-08-13") if one.letter.name == "sst-clock-running"]
    assert running
    for one in running:
        done = write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""})
        assert "14. august 2023" in done.subject
        assert "i god tid før mandag den 14. august 2023" in rendered_text(done.raw)


def test_what_follows_the_earliest_of_two_dates_is_said_only_where_both_are_to_come(desk: LawDesk) -> None:
    """The committee stands behind the midterm: the order's date is met, and the guidance's is the one left."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    for adopted in (False, True):
        if adopted:
            desk.tell("status-adopted", "2025-10-01", about="midterm")
        due = "2025-12-01" if adopted else "2025-09-16"
        told = [one for one in desk.letters(due) if one.letter.name == "midterm-due"]
        assert told
        for one in told:
            text = rendered_text(write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""}).raw)
            both = text.partition("Bekendtgørelsen og vejledningen regner datoen")[0]
            assert (
                "Den anden dato er mandag den 15. december 2025; den del er registreret som gjort." in both
            ) is adopted
            assert "Den anden dato er mandag den 15. december 2025." not in both
