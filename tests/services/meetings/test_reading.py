"""A published list of meetings is read as a person reads it; what is not plain carries a mark and is never taken."""

from __future__ import annotations

import pytest

from tests.services.meetings.layouts import LAYOUTS, Layout
from tests.story.living import rules
from workflow.errors import Invalid
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.naming import organ
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.text import read_text


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


OF_TWO_YEARS = [
    "Økonomiudvalget: I 2026 17. november og\n15. december. I 2027 19. januar og 16. februar.",
    "Økonomiudvalget: I 2026 17. november\nog 15. december. I 2027 19.\njanuar og 16. februar.",
    "Økonomiudvalget: I 2026 17. november og 15. december. I\n2027 19. januar og 16. februar.",
    "Økonomiudvalget: I 2026 17. november og 15. december.\nI 2027 19. januar og 16. februar.",
    "Økonomiudvalget: 2026: 17. november og 15. december. 2027: 19. januar og 16. februar.",
    "Økonomiudvalget: I året 2026 17/11 og 15/12; i 2027: 19/1 og 16/2.",
]
ROUNDS = "Runde\tØkonomiudvalget\tByrådet\n{}\n1\t17/11\t26/11\n{}\n2\t19/1\t28/1\n"


@pytest.mark.parametrize("text", OF_TWO_YEARS)
def test_a_year_that_stands_before_its_days_is_of_them_wherever_the_lines_break(text: str) -> None:
    found = read_text(f"Mødeplan 2026-2027\n\n{text}", "0851", rules().days)

    days = "Økonomiudvalget 2026-11-17 Økonomiudvalget 2026-12-15 Økonomiudvalget 2027-01-19 Økonomiudvalget 2027-02-16"
    assert (told(found, marked=False), told(found, marked=True)) == (days, "")


def test_days_before_a_year_that_heads_others_are_asked_about() -> None:
    found = read_text("Byrådet 2026\n26. november og 17. december. I 2027 28. januar", "0851", rules().days)

    assert told(found, marked=False) == ""


@pytest.mark.parametrize("years", [("2026\t\t", "2027\t\t"), ("2026", "2027"), ("\t2026\t", "\t2027\t")])
def test_below_the_row_of_a_year_a_table_has_the_columns_it_had(years: tuple[str, str]) -> None:
    found = read_text(ROUNDS.format(*years), "0851", rules().days)

    days = "Økonomiudvalget 2026-11-17 2026-11-26 Økonomiudvalget 2027-01-19 2027-01-28"
    assert (told(found, marked=False), told(found, marked=True)) == (days, "")


def test_days_in_columns_without_a_heading_are_nobodys_until_somebody_says_whose() -> None:
    found = read_text("Byrådets plan 2027\n1\t19/1\t28/1\n2\t16/2\t25/2", "0851", rules().days)

    assert told(found, marked=False) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("12. januar 2027, sagsfrist 30. december", "2027-01-12/2026-12-30"),
        ("12. januar 2027 (frist 30/12)", "2027-01-12/2026-12-30"),
        ("23. februar 2027, sagsfrist 10. februar", "2027-02-23/2027-02-10"),
        ("onsdag 26-05-2027 <- flyttet, var før torsdag den 27. maj", "2027-05-26 -2027-05-27"),
        ("onsdag 26-05-2027 (tidligere: torsdag den 27. maj)", "2027-05-26 -2027-05-27"),
        ("Byrådet mødes kl. 17.00 på Rådhuset, Jorden Rundt 1\n23. februar 2027", "2027-02-23"),
    ],
)
def test_what_stands_beside_a_day_is_of_that_day_alone(line: str, said: str) -> None:
    found = read_text(f"Byrådet\n{line}", "0851", rules().days)

    assert (told(found, marked=False), told(found, marked=True)) == (said, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("onsdag den 16. juni kl. 17", "året mangler"),
        ("Byrådet mødes onsdage i ulige uger, ikke uge 28-32", "året mangler"),
        ("Byrådet 2027\n31. juni", "er ingen dato i 2027"),
        ("Vores byråd har 31 medlemmer.", "ingen mødedage"),
        ("Mødekalender 2026-2027\n16. december\n27. januar", "året mangler"),
        ("Byrådet 2027\n20. januar\nOnsdag den 17.", "måneden mangler"),
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


def calendar(start: str, *lines: str) -> bytes:
    """One event of a council, as a calendar program writes it."""
    return "\r\n".join((
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kommune//DA", "BEGIN:VEVENT", "UID:1",
        f"DTSTART;TZID=Europe/Copenhagen:{start}", *lines, "SUMMARY:Byrådsmøde", "END:VEVENT", "END:VCALENDAR", "",
    )).encode()  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=MONTHLY;INTERVAL=0;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=DAILY;BYHOUR=1,2,3;COUNT=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=DAILY;COUNT=5000",
    ],
)
def test_a_repetition_that_no_council_has_is_refused_and_never_searched_for_ever(rule: str) -> None:
    with pytest.raises(Invalid):
        read_file(
            rules(), "kalender.ics", calendar("20270113T170000", f"RRULE:{rule}"), body="0851", year=2027
        )


def test_days_that_are_added_and_taken_out_count_without_a_rule_too() -> None:
    more = (
        "RDATE;TZID=Europe/Copenhagen:20270210T170000,20270310T170000",
        "RDATE;VALUE=PERIOD;TZID=Europe/Copenhagen:20270414T170000/PT2H",
        "EXDATE;TZID=Europe/Copenhagen:20270310T170000",
    )
    found = read_file(rules(), "kalender.ics", calendar("20270113T170000", *more), body="0851")
    assert told(found, marked=False) == "2027-01-13 2027-02-10 2027-04-14"


def test_a_week_that_began_long_ago_is_followed_in_the_year_that_is_asked_for() -> None:
    content = calendar("20050112T170000", "RRULE:FREQ=WEEKLY")
    found = read_file(rules(), "kalender.ics", content, body="0851", year=2027)
    assert len(found) == 52


def test_a_repeated_event_without_an_end_is_followed_in_the_year_that_is_asked_for() -> None:
    left_out = "EXDATE;TZID=Europe/Copenhagen:20270714T170000"
    content = calendar("20250108T170000", "RRULE:FREQ=MONTHLY;BYDAY=2WE", left_out)

    found = read_file(rules(), "kalender.ics", content, body="0851", year=2027)

    assert told(found, marked=False) == (
        "2027-01-13 2027-02-10 2027-03-10 2027-04-14 2027-05-12 2027-06-09 2027-08-11 2027-09-08 2027-10-13 2027-11-10 "
        "2027-12-08"
    )
    assert {one.time for one in found} == {"17:00"}  # before and after the clocks change
    with pytest.raises(Invalid, match="uden slutning; sig året med --year"):
        read_file(rules(), "kalender.ics", content, body="0851")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Byrådet 2027\n20. januar – SSU", "2027-01-20"),  # a short name that nobody explains
        ("Byrådet 2027: møderne den 12. maj og 9. juni flyttes til 19. maj og 16. juni",
         "2027-05-12 2027-05-19 2027-06-09 2027-06-16"),
        ("Byrådet 2027\n31. marts: rykket til uge 14", "2027-03-31"),
        ("I 2027 flyttes følgende møder i byrådet:\n16. juni\n23. juni", "2027-06-16 2027-06-23"),
        ("Mødet den 16. juni 2027 er aflyst\nByrådet 2027: 16. juni", "2027-06-16"),
    ],
)  # fmt: skip
def test_what_moves_or_is_named_short_is_never_taken_without_a_look(text: str, marked: str) -> None:
    found = read_text(text, "0851", rules().days)

    assert (told(found, marked=False), told(found, marked=True)) == ("", marked)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Økonomiudvalg", "Økonomiudvalget"),
        ("Økonomiudvalgets", "Økonomiudvalget"),
        ("Teknisk Udvalg", "Teknisk Udvalg"),
        ("Teknisk Udvalgs", "Teknisk Udvalg"),
        ("Det Sociale Udvalg", "Sociale Udvalg"),
        ("Udvalg for Kultur", "Udvalget for Kultur"),
        ("Plan, Miljø og Klimaudvalget", "Plan, Miljø og Klimaudvalget"),
        ("Udvalget for Ældre og Sundhed", "Udvalget for Ældre og Sundhed"),
        ("Byrådet og Økonomiudvalget", "Økonomiudvalget"),
        ("Udvalgsværelse F", "Udvalgsværelse F"),
    ],
)
def test_a_committee_has_one_name_however_a_list_writes_it(said: str, kept: str) -> None:
    assert organ(said) == kept
