"""``frist.ics``: on the legal date, the same entry for ever, and only where a date is still to come."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.mail.conftest import AT, part, read, write
from tests.mail.samples import SAMPLES, sample
from workflow.mail.writing.invite import uid
from workflow.mail.writing.letters import Letters

WITH_DATE = [
    case
    for case, (_, facts) in SAMPLES.items()
    if facts["deadline"]
    and facts["deadline"]["legal_on"] >= facts["today"]
    and facts["deadline"]["duty"] != "none"
    and facts["deadline"]["status"] not in ("met", "met_late")
]


def event(letters: Letters, name: str, facts: dict[str, Any]) -> Any:
    calendar = Calendar.from_ical(part(write(letters, name, facts).raw, "text/calendar"))
    assert calendar["METHOD"] == "PUBLISH"
    found, *others = calendar.walk("VEVENT")
    assert len(others) == bool(facts.get("reply"))
    return found


@pytest.mark.parametrize("case", SAMPLES)
def test_a_letter_has_a_calendar_file_where_its_date_is_still_to_come(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    raw = write(letters, name, facts).raw
    files = [one.get_filename() for one in read(raw).iter_attachments()]
    to_come = any(row["legal_on"] and row["days_left"] >= 0 for row in facts["digest"] or ())
    told = case in WITH_DATE or to_come
    assert files == (["frist.ics"] if told else [])
    assert ("frist.ics" in part(raw, "text/plain")) == told


def test_a_digest_brings_every_date_it_tells(letters: Letters) -> None:
    name, facts = sample("digest to the region's secretariat")
    raw = write(letters, name, facts).raw
    (file,) = read(raw).iter_attachments()
    days = {entry["DTSTART"].dt for entry in Calendar.from_ical(file.get_content()).walk("VEVENT")}
    assert days == {date.fromisoformat(row["legal_on"]) for row in facts["digest"]}


@pytest.mark.parametrize("case", WITH_DATE)
def test_the_entry_is_a_whole_day_on_the_legal_date_without_alarm(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    entry, deadline = event(letters, name, facts), facts["deadline"]
    legal = date.fromisoformat(deadline["legal_on"])
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (legal, legal + timedelta(days=1))
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == AT.astimezone(UTC)
    assert entry["SEQUENCE"] == deadline["revision"] - 1
    assert deadline["cite"][0] in entry["DESCRIPTION"] and not entry.subcomponents
    assert entry["STATUS"] == ("TENTATIVE" if deadline["doubtful"] else "CONFIRMED")


def test_the_letter_that_asks_for_an_answer_brings_the_agreed_day_too(letters: Letters) -> None:
    name, facts = sample("sent-for-approval to a municipal council")
    raw = write(letters, name, facts).raw
    law, agreed = Calendar.from_ical(part(raw, "text/calendar")).walk("VEVENT")
    assert (law["DTSTART"].dt, agreed["DTSTART"].dt) == (date(2023, 7, 1), date(2023, 6, 24))
    assert "aftalt, ikke fastsat ved lov" not in law["DESCRIPTION"] and "Svar fra" in agreed["SUMMARY"]
    assert "Datoerne er vedlagt som kalenderfil" in part(raw, "text/plain")
    later = event(letters, *sample("council-pending to a municipal council"))  # the same entry, not a second
    assert agreed["UID"] == later["UID"]
    facts["today"] = "2023-06-26"  # the agreed day is over, the law's is not
    assert [
        one["DTSTART"].dt
        for one in Calendar.from_ical(part(write(letters, name, facts).raw, "text/calendar")).walk("VEVENT")
    ] == [date(2023, 7, 1)]


def test_a_moved_date_is_the_same_entry_with_a_higher_sequence(letters: Letters) -> None:
    first = event(letters, *sample("submission-countdown to the regional council"))
    moved = event(letters, *sample("deadline-moved to a municipal council"))
    assert first["UID"] == moved["UID"] == "nordjylland/2024-2027/submission/brev@nord.example"
    assert (first["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)
    assert (first["DTSTART"].dt, moved["DTSTART"].dt) == (date(2023, 7, 1), date(2024, 1, 1))


def test_an_imported_entry_is_not_the_subscribed_one_which_counts_otherwise(letters: Letters) -> None:
    imported = event(letters, *sample("submission-countdown to the regional council"))["UID"]
    assert imported != uid("nord.example", "nordjylland/2024-2027", "submission", "")


def test_the_business_day_to_aim_at_stands_in_the_description(letters: Letters) -> None:
    entry = event(letters, *sample("submission-countdown to the regional council"))
    assert "Sidste hverdag før er fredag den 30. juni 2023." in entry["DESCRIPTION"]


def test_both_formulas_of_a_report_stand_in_the_description(letters: Letters) -> None:
    entry = event(letters, *sample("final-due to the municipal secretariat"))
    assert (
        "torsdag den 31. december 2026" in entry["DESCRIPTION"]
        and "onsdag den 30. juni 2027" in entry["DESCRIPTION"]
    )
    assert "Reglen kan være ophævet" in entry["DESCRIPTION"]


def test_the_hour_a_consultation_closes_stands_in_the_description(letters: Letters) -> None:
    entry = event(letters, *sample("consultation-closing to the patient committee"))
    assert "Svar senest kl. 12.00." in entry["DESCRIPTION"]


@pytest.mark.parametrize(
    "changes", [{"duty": "none"}, {"status": "met"}, {"status": "met_late"}, {"status": "lapsed"}], ids=str
)
def test_a_date_nobody_set_or_that_is_met_goes_into_nobodys_calendar(
    letters: Letters, changes: dict[str, str]
) -> None:
    name, facts = sample("submission-countdown to the regional council")
    facts["deadline"] |= changes
    assert not part(write(letters, name, facts).raw, "text/calendar")


def test_the_years_of_the_annual_review_are_entries_of_their_own(letters: Letters) -> None:
    entry = event(letters, *sample("annual-review to the region's secretariat"))
    assert entry["UID"] == "nordjylland/2024-2027/annual-review/2024/brev@nord.example"
