"""The calendar people subscribe to: read by two independent libraries, one name for ever, silent about persons."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.story.living import inside
from workflow.faces.daemon.workplace import Workplace
from workflow.language import speaking
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.due.dates import dated
from workflow.services.people.persons import end_person
from workflow.services.views.calendars.feeds import add_feed, revoke_feed, write_feed
from workflow.services.views.status import workable
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.people.people import Feed
from workflow.storage.tables import Contact

TODAY = danish_day(MORNING)
EVERYTHING: dict[str, Any] = {"name": "Alt", "region": "", "body": "", "mine": False}


def written(place: Workplace, today: date = TODAY, **of: str) -> bytes:
    return write_feed(
        place.engine, place.rulebook, EVERYTHING | of, today=today, instance=place.instance,
        base_url="https://frister.example",
    )  # fmt: skip


def test_the_feed_has_the_same_bytes_whatever_language_its_client_asks_for(place: Workplace) -> None:
    with speaking("en"):
        asked_in_english = written(place)
    assert asked_in_english == written(place)


def events(content: bytes) -> dict[str, Any]:
    found = Calendar.from_ical(content).walk("VEVENT")
    by_name = {str(one["UID"]).partition("@")[0]: one for one in found}
    assert len(by_name) == len(found)
    return by_name


def happen(place: Workplace, key: str, event: str, on: date, **more: Any) -> None:
    fact = Fact(0, event, on, source=more.pop("source", "brev"), by="test", **more)
    inside(place.engine, place.rulebook, key, fact, today=TODAY, at=MORNING + timedelta(minutes=5))


def test_two_libraries_read_the_same_days_names_and_counts(place: Workplace) -> None:
    content = written(place)
    ours = {
        name: (one["DTSTART"].dt, int(one["SEQUENCE"]), str(one["SUMMARY"]), str(one["DESCRIPTION"]))
        for name, one in events(content).items()
    }
    other = vobject.readOne(content.decode())
    theirs = {
        one.uid.value.partition("@")[0]: (
            one.dtstart.value, int(one.sequence.value), one.summary.value, one.description.value,
        )
        for one in other.vevent_list
    }  # fmt: skip
    assert ours == theirs and len(ours) > 40


def test_every_date_is_a_whole_day_on_its_day(place: Workplace) -> None:
    """The law's, and of those beside them what is still to come; an answer asked for goes by its own event."""
    found = {name: one for name, one in events(written(place)).items() if "/sent-for-approval/" not in name}
    wanted = {
        "/".join(
            part for part in (standing.agreement.key, d.id, d.subject.replace("@", "/")) if part
        ): d.legal_on
        for standing in workable(place.engine, place.rulebook, TODAY)[0]
        for d in dated(standing, standing.rules)
        if d.legal_on and d.id not in ("council-reply", "consultation") and d.status != "passed"
    }
    assert {name: one["DTSTART"].dt for name, one in found.items()} == wanted
    assert all(one["DTEND"].dt - one["DTSTART"].dt == timedelta(days=1) for one in found.values())


def test_an_entry_says_why_and_by_which_provision_and_reminds_while_it_is_to_come(place: Workplace) -> None:
    found = events(written(place))
    entry = found["nordjylland/2027-2031/submission"]
    for words in (
        "Hvorfor denne dato:",
        "Valgperiodens andet kalenderår er 2027",
        "BEK 1248/2022 § 21, stk. 1",
    ):
        assert words in entry["DESCRIPTION"]
    assert entry["URL"] == "https://frister.example/aftaler/nordjylland/2027-2031"
    assert "bortfaldet under begge mulige datoer" in entry["DESCRIPTION"]
    assert (str(entry["STATUS"]), entry.walk("VALARM")) == ("CANCELLED", [])
    [coming] = [
        one
        for name, one in found.items()
        if name.startswith("nordjylland/2024-2027/annual-review") and "2026" in name
    ]
    triggers = [one["TRIGGER"].dt for one in coming.walk("VALARM")]
    aim = [
        timedelta(days=-15, hours=9),
        timedelta(days=-4, hours=9),
    ]  # New Year's Eve is closed: they aim before it
    assert triggers == aim
    met = found["nordjylland/2024-2027/submission"]
    assert met["SUMMARY"].startswith("Opfyldt: ") and not met.walk("VALARM")


def test_moving_a_deadline_changes_its_own_count_and_nobody_else_s_name(place: Workplace) -> None:
    before = events(written(place))
    happen(place, "nordjylland/2027-2031", "deviation", date(2026, 11, 20), due=date(2027, 10, 1))
    after = events(written(place))
    moved = "nordjylland/2027-2031/submission"
    assert before.keys() == after.keys() and after[moved]["UID"] == before[moved]["UID"]
    assert after[moved]["SEQUENCE"] > before[moved]["SEQUENCE"]
    assert after[moved]["DTSTART"].dt == date(2027, 10, 1)
    assert "Flyttet fra torsdag den 1. juli 2027." in after[moved]["DESCRIPTION"]
    assert after[moved]["LAST-MODIFIED"].dt == MORNING + timedelta(minutes=5)
    others = [name for name in before if name != moved]
    assert [after[name].to_ical() for name in others] == [before[name].to_ical() for name in others]


def test_what_was_withdrawn_is_kept_as_cancelled_and_comes_back_under_its_name(place: Workplace) -> None:
    key, name = "nordjylland/2027-2031", "nordjylland/2027-2031/agreed-date"
    counts = []
    happen(place, key, "date-agreed", TODAY, due=date(2026, 12, 15), about="Rammeaftalen")
    counts.append(int(events(written(place))[name]["SEQUENCE"]))
    happen(place, key, "correction", TODAY, corrects=2)
    gone = events(written(place))[name]
    counts.append(int(gone["SEQUENCE"]))
    assert gone["STATUS"] == "CANCELLED" and gone["SUMMARY"].startswith("Udgået: ")
    happen(place, key, "date-agreed", TODAY, due=date(2026, 12, 15), about="Rammeaftalen")
    back = events(written(place))[name]
    counts.append(int(back["SEQUENCE"]))
    assert back["UID"] == gone["UID"]
    assert back["STATUS"] == "TENTATIVE" and counts == sorted(set(counts))


def test_what_lapsed_is_cancelled_and_comes_back_with_its_end_taken_back_and_its_count_grows(
    place: Workplace,
) -> None:
    before = events(written(place))
    happen(
        place, "nordjylland/2024-2027", "regime-confirmed", TODAY, due=date(2026, 1, 1), source="Lov 719/2025"
    )
    after = events(written(place))
    [name] = [
        name for name in before if name.startswith("nordjylland/2024-2027/annual-review") and "2026" in name
    ]
    assert before[name]["STATUS"] == "TENTATIVE" and before[name].walk("VALARM")
    assert after[name]["LAST-MODIFIED"].dt == MORNING + timedelta(minutes=5)
    assert after[name]["STATUS"] == "CANCELLED" and after[name]["SUMMARY"].startswith("Bortfaldet: ")
    assert after[name]["SEQUENCE"] > before[name]["SEQUENCE"] and not after[name].walk("VALARM")
    with reading(place.engine) as session:
        facts = journal.rows(session, journal.find(session, "nordjylland/2024-2027"))
    end = max(fact.no for fact in facts if fact.event == "regime-confirmed")
    happen(place, "nordjylland/2024-2027", "correction", TODAY, corrects=end)
    back = events(written(place))[name]
    assert back["STATUS"] == "TENTATIVE" and back["SEQUENCE"] > after[name]["SEQUENCE"]


def test_the_same_dates_are_the_same_bytes_folded_and_refreshed(place: Workplace) -> None:
    content = written(place)
    assert content == written(place)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(content)
    assert str(calendar["X-PUBLISHED-TTL"].to_ical(), "ascii") == "PT6H"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in content


def test_a_feed_holds_no_mailbox_and_nobody_s_name(place: Workplace) -> None:
    source = "Brev fra Jens Hansen, jens@region.example"
    happen(
        place, "nordjylland/2027-2031", "deviation", date(2026, 11, 20), due=date(2027, 10, 1), source=source
    )
    text = re.sub(r"\r\n ", "", written(place).decode())
    assert "Jens" not in text and "region.example" not in text
    with reading(place.engine) as session:
        people = session.exec(select(Contact)).all()
    assert people and not [one.email for one in people if one.email in text]
    assert not re.search(r"[\w.]+@[\w.]+\.(example|dk)", text)


@pytest.mark.parametrize(
    ("of", "agreements"),
    [
        ({"region": "nordjylland"}, {"nordjylland/2024-2027", "nordjylland/2027-2031"}),
        ({"body": "0851"}, {"nordjylland/2024-2027", "nordjylland/2027-2031"}),
        ({"body": "0101"}, {"hovedstaden/2024-2027", "oestdanmark/2027-2031"}),
        ({"body": "1081"}, {"nordjylland/2024-2027", "nordjylland/2027-2031"}),
    ],
)
def test_a_feed_is_of_a_region_or_follows_a_council(
    place: Workplace, of: dict[str, str], agreements: set[str]
) -> None:
    assert {"/".join(name.split("/")[:2]) for name in events(written(place, **of))} == agreements


def made(place: Workplace, **of: str) -> str:
    _, secret = add_feed(
        place.engine, place.rulebook, region=of.get("region", ""), body=of.get("body", ""), name="", by="test",
        at=MORNING,
    )  # fmt: skip
    return secret


def test_the_address_is_the_secret_and_only_its_hash_is_kept(place: Workplace, stranger: TestClient) -> None:
    secret = made(place, region="nordjylland")
    answer = stranger.get(f"/kalender/{secret}.ics")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert events(answer.content)
    again = stranger.get(f"/kalender/{secret}.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert secret.encode() not in (place.settings.data_dir / "aftale.db").read_bytes()


@pytest.mark.fault("F67")
def test_an_unknown_and_a_revoked_address_get_the_same_404(place: Workplace, stranger: TestClient) -> None:
    secret = made(place)
    with reading(place.engine) as session:
        number = session.exec(select(Feed)).one().id
    assert number is not None
    revoke_feed(place.engine, number, MORNING)
    revoked, unknown = stranger.get(f"/kalender/{secret}.ics"), stranger.get("/kalender/unknown.ics")
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.content == unknown.content


@pytest.mark.fault("F76")
def test_whoever_guesses_addresses_waits_and_a_reader_does_not(
    place: Workplace, stranger: TestClient, guest: TestClient
) -> None:
    secret = made(place, region="nordjylland")
    answers = [stranger.get(f"/kalender/guess{n}.ics").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
    assert [guest.get(f"/kalender/{secret}.ics").status_code for _ in range(40)] == [200] * 40


def test_a_council_makes_its_calendar_on_the_page_reads_it_and_ends_it(
    app: FastAPI, signed_in: SignIn, stranger: TestClient
) -> None:
    council = signed_in("council")
    assert '<option value="body:0851">' in council.get("/kalendere").text
    form = {"csrf": csrf(council, app), "of": "body:0851", "name": "Vores frister"}
    page = council.post("/kalendere", data=form)
    assert page.status_code == 201
    path = re.search(r"/kalender/[\w-]+\.ics", page.text)
    assert path and stranger.get(path[0]).status_code == 200
    assert path[0] not in council.get("/kalendere").text
    number = re.search(r"/kalendere/(\d+)/ophaev", page.text)
    assert number
    assert council.post(number[0], data={"csrf": csrf(council, app)}).status_code == 303
    assert stranger.get(path[0]).status_code == 404


def test_a_calendar_ends_with_the_access_of_whoever_made_it(
    app: FastAPI, place: Workplace, signed_in: SignIn, stranger: TestClient
) -> None:
    council = signed_in("council")
    page = council.post("/kalendere", data={"csrf": csrf(council, app), "of": "body:0851"})
    path = re.search(r"/kalender/[\w-]+\.ics", page.text)
    assert path and stranger.get(path[0]).status_code == 200
    end_person(place.engine, "council-own@frist.example", MORNING)
    assert stranger.get(path[0]).status_code == 404


@pytest.mark.fault("F65")
@pytest.mark.parametrize("of", ["region:midtjylland", "body:0751", "", "region:"])
def test_nobody_subscribes_to_what_they_may_not_see(app: FastAPI, signed_in: SignIn, of: str) -> None:
    council = signed_in("council")
    assert council.post("/kalendere", data={"csrf": csrf(council, app), "of": of}).status_code == 404


def test_nobody_ends_another_s_calendar(
    app: FastAPI, place: Workplace, signed_in: SignIn, guest: TestClient
) -> None:
    made(place)
    council = signed_in("council")
    assert council.post("/kalendere/1/ophaev", data={"csrf": csrf(council, app)}).status_code == 404
    assert guest.post("/kalendere/1/ophaev", data={"csrf": csrf(guest, app)}).status_code == 303


def test_a_calendar_ends_after_a_year_says_so_itself_and_is_renewed_in_one_click_at_the_same_address(
    app: FastAPI, place: Workplace, clock: Clock, signed_in: SignIn, stranger: TestClient
) -> None:
    maker = signed_in("secretariat")
    made = maker.post(
        "/kalendere", data={"csrf": csrf(maker, app), "of": "region:nordjylland", "name": "Vores"}
    )
    (address,) = set(re.findall(r"/kalender/[\w-]+\.ics", made.text))
    assert "23. november 2027" in re.sub("<[^>]*>", "", plain(made))
    (own,) = [one for name, one in events(stranger.get(address).content).items() if "kalender" in name]
    assert (own["DTSTART"].dt, own["SUMMARY"]) == (
        TODAY + timedelta(days=365),
        "Kalenderen udløber: forny den",
    )
    assert str(own["URL"]).endswith("/kalendere") and len(own.walk("VALARM")) == 2

    clock.at += timedelta(days=340)
    maker = signed_in("secretariat", region="nordjylland")
    assert "udløber snart" not in maker.get("/kalendere").text, "only one's own are shown"
    with reading(place.engine) as session:
        feed = session.scalars(select(Feed)).one()
    clock.at = MORNING + timedelta(days=365, hours=12)
    assert stranger.get(address).status_code == 200, "its last day is whole"
    clock.at = MORNING + timedelta(days=366)
    assert stranger.get(address).status_code == 404
    keeper = signed_in("administrator")
    assert "udløbet" in keeper.get("/kalendere").text
    assert keeper.post(f"/kalendere/{feed.id}/forny", data={"csrf": csrf(keeper, app)}).status_code == 303
    renewed = events(stranger.get(address).content)
    (later,) = [one for name, one in renewed.items() if "kalender" in name]
    assert later["DTSTART"].dt == TODAY + timedelta(days=366 + 365) and later["UID"] == own["UID"]
    assert int(later["SEQUENCE"]) > int(own["SEQUENCE"])
    assert keeper.post(f"/kalendere/{feed.id}/ophaev", data={"csrf": csrf(keeper, app)}).status_code == 303
    assert keeper.post(f"/kalendere/{feed.id}/forny", data={"csrf": csrf(keeper, app)}).status_code == 404
