"""The day by which councils are asked to answer: in the feeds and on *Frister*, as asked for and never as law."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi.testclient import TestClient

from tests.faces.web.conftest import Clock, SignIn, plain
from tests.faces.web.papers.test_feed import TODAY, events, happen, written
from workflow.faces.daemon.workplace import Workplace
from workflow.services.planning.reminders import plan

KEY, BODY = "nordjylland/2027-2031", "0851"
NAME = f"{KEY}/sent-for-approval/v1"
REGION, COUNCIL = {"region": "nordjylland"}, {"body": BODY}


def sent(place: Workplace, due: date, version: int = 1) -> None:
    happen(place, KEY, "sent-for-approval", TODAY, due=due, version=version)


def test_the_feeds_of_the_council_and_its_region_hold_the_day_asked_for_and_say_it_is_no_law(
    place: Workplace,
) -> None:
    assert NAME not in events(written(place, **COUNCIL))
    sent(place, date(2027, 1, 15))
    for of in (REGION, COUNCIL):
        entry = events(written(place, **of))[NAME]
        assert (entry["DTSTART"].dt, int(entry["SEQUENCE"]), entry["STATUS"]) == (
            date(2027, 1, 15),
            0,
            "CONFIRMED",
        )
        assert entry["SUMMARY"] == "Svar fra rådet ønskes, version 1 (Region Nordjylland 2027-2031)"
        assert entry["DESCRIPTION"].startswith("Dato for svar; ikke en lovbestemt frist.")
        assert "Hjemmel" not in entry["DESCRIPTION"] and len(entry.walk("VALARM")) == 2


def test_a_hearing_is_in_the_feed_with_its_hour(place: Workplace) -> None:
    happen(place, KEY, "goals-set", TODAY)
    happen(place, KEY, "consultation-opened", TODAY, due=date(2027, 1, 8), version=1, time="12:00")
    entry = events(written(place, **COUNCIL))[f"{KEY}/consultation-opened/v1"]
    assert "kl. 12.00" in entry["DESCRIPTION"] and entry["SUMMARY"].startswith(
        "Høringssvar ønskes, version 1"
    )


def test_asking_for_another_day_counts_and_renames_nothing_else(place: Workplace) -> None:
    sent(place, date(2027, 1, 15))
    before = events(written(place, **REGION))
    sent(place, date(2027, 2, 1), version=2)
    after = events(written(place, **REGION))
    gone = after[NAME]
    assert (gone["STATUS"], int(gone["SEQUENCE"])) == ("CANCELLED", 3) and gone["SUMMARY"].startswith(
        "Udgået: "
    )
    assert after.keys() - before.keys() == {f"{KEY}/sent-for-approval/v2"} and before.keys() <= after.keys()
    same = {name: int(one["SEQUENCE"]) for name, one in before.items() if name != NAME}
    assert same == {name: int(after[name]["SEQUENCE"]) for name in same}


def test_the_council_that_has_answered_is_not_reminded_and_the_others_are(place: Workplace) -> None:
    sent(place, date(2027, 1, 15))
    happen(place, KEY, "council-approved", TODAY, council=BODY, version=1)
    own, other, region = (events(written(place, **of))[NAME] for of in (COUNCIL, {"body": "0813"}, REGION))
    assert own["SUMMARY"].startswith("Besvaret: ") and not own.walk("VALARM") and int(own["SEQUENCE"]) == 2
    assert not other["SUMMARY"].startswith("Besvaret") and len(other.walk("VALARM")) == 2
    assert len(region.walk("VALARM")) == 2


def test_a_question_that_was_corrected_away_is_cancelled(place: Workplace) -> None:
    sent(place, date(2027, 1, 15))
    number = _newest(place)
    happen(place, KEY, "correction", TODAY, corrects=number, source="Tastefejl")
    entry = events(written(place, **COUNCIL))[NAME]
    assert (entry["STATUS"], int(entry["SEQUENCE"])) == ("CANCELLED", 3)


def _newest(place: Workplace) -> int:
    from workflow.services.views.status import find_standing

    return max(fact.no for fact in find_standing(place.engine, place.rulebook, KEY, TODAY).facts)


def test_frister_lists_the_day_among_the_law_s_and_says_that_it_was_agreed(
    place: Workplace, clock: Clock, signed_in: SignIn, guest: TestClient
) -> None:
    council: Any = signed_in("council")
    assert "Svar fra rådene ønskes" not in council.get("/frister").text
    sent(place, date(2026, 12, 18))
    for client in (council, signed_in("secretariat"), guest):
        row = _row(plain(client.get("/frister?region=nordjylland")), "Svar fra rådene ønskes, version 1")
        assert (
            "fredag den 18. december 2026" in row and "aftalt" in row and "lov" not in row.split("aftalt")[1]
        )
    assert "18. december 2026" not in plain(signed_in("secretariat", region="midtjylland").get("/frister"))
    assert "Svar fra rådene ønskes" not in council.get("/frister?status=overdue").text
    assert "18. december 2026" not in plain(council.get("/frister?pr=2026-11-01"))
    happen(place, KEY, "council-approved", TODAY, council=BODY, version=1)
    assert "18. december 2026" not in plain(council.get("/frister?region=nordjylland"))
    assert "18. december 2026" in plain(guest.get("/frister?region=nordjylland"))
    clock.at += timedelta(days=30)  # the day is past: still waited for, and never overdue
    plan(place.engine, place.rulebook, clock.at)
    assert "18. december 2026" in plain(guest.get("/frister?status=passed"))
    assert "Svar fra rådene ønskes" not in guest.get("/frister?status=overdue").text


def _row(page: str, title: str) -> str:
    """The table row of Nordjylland that names ``title``."""
    (found,) = (row for row in page.split("<tr>") if title in row and "Region Nordjylland" in row)
    return found


def test_the_feed_has_planned_meetings_a_council_s_own_meeting_and_the_year_s_minimums(
    place: Workplace,
) -> None:
    sent(place, date(2027, 1, 15))
    happen(place, KEY, "council-scheduled", TODAY, council=BODY, due=date(2026, 12, 16), version=1)
    happen(place, "nordjylland/2024-2027", "meeting-planned", TODAY, due=date(2026, 12, 10), about="ssu")
    region, council = (events(written(place, **of)) for of in (REGION, COUNCIL))
    other = events(written(place, body="0813"))
    own = f"{KEY}/council-meeting/v1:{BODY}"
    assert own in region and own in council and own not in other
    meeting = "nordjylland/2024-2027/meeting/ssu/2026-12-10"
    assert meeting in region and meeting in council
    least = region["nordjylland/2024-2027/meetings/ssu/2026"]
    assert least["DTSTART"].dt == date(2026, 12, 31) and "Grundlag: lov" in least["DESCRIPTION"]
    assert "nordjylland/2024-2027/meetings/ssu/2026" not in council
