"""A published list of meetings is read as a person reads it; what is not plain carries a mark and is never taken."""

from __future__ import annotations

import pytest

from tests.services.meetings.layouts import LAYOUTS, Layout
from tests.story.living import rules
from workflow.errors import Invalid
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.proposing import Proposed
from workflow.services.meetings.text import read_text


def told(found: list[Proposed], *, marked: bool) -> str:
    return " ".join(
        f"{one.organ} {'-' * one.gone}{one.on}{f'/{one.agenda_closes}' if one.agenda_closes else ''}".strip()
        for one in found
        if bool(one.doubt) == marked
    )


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_published_list_gives_its_days_and_marks_what_is_not_plain(layout: Layout) -> None:
    found = read_text(layout.text, "0851", rules().days)

    assert (told(found, marked=False), told(found, marked=True)) == (layout.plain, layout.marked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("onsdag den 16. juni kl. 17", "året mangler"),
        ("Byrådet mødes onsdage i ulige uger, ikke uge 28-32", "året mangler"),
        ("Byrådet 2027\n31. juni", "er ingen dato i 2027"),
        ("Vores byråd har 31 medlemmer.", "ingen mødedage"),
        ("Mødekalender 2026-2027\n16. december\n27. januar", "året mangler"),
        ("Byrådet\n27. januar\n24. februar\nSiden er opdateret den 3. november 2026", "året mangler"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_what_is_missing(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_text(text, "0851", rules().days)


def test_a_year_that_is_asked_for_dates_the_text() -> None:
    found = read_text("onsdag den 16. juni kl. 17", "0851", rules().days, 2027)

    assert [(str(one.on), one.time, one.doubt) for one in found] == [("2027-06-16", "17:00", "")]


def test_a_calendar_file_gives_its_events_and_those_that_are_cancelled() -> None:
    content = "\r\n".join((
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kommune//DA",
        "BEGIN:VEVENT", "UID:1", "DTSTART:20270616T150000Z", "SUMMARY:Byrådsmøde", "END:VEVENT",
        "BEGIN:VEVENT", "UID:2", "DTSTART;VALUE=DATE:20270614", "SUMMARY:Økonomiudvalget", "END:VEVENT",
        "BEGIN:VEVENT", "UID:3", "DTSTART;VALUE=DATE:20270526", "SUMMARY:Byrådet", "STATUS:CANCELLED", "END:VEVENT",
        "BEGIN:VEVENT", "UID:4", "DTSTART;VALUE=DATE:20270610", "SUMMARY:Sommerfest", "END:VEVENT",
        "END:VCALENDAR", "",
    ))  # fmt: skip
    found = read_file(rules(), "kalender.ics", content.encode(), body="Aalborg")

    assert told(found, marked=False) == "-2027-05-26 Økonomiudvalget 2027-06-14 2027-06-16"
    assert told(found, marked=True) == "2027-06-10"
    assert next(one for one in found if str(one.on) == "2027-06-16").time == "17:00"
