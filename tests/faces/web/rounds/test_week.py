"""*Min uge*: what is mine, who owes what, what leaves, and what happened since this person was last here."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf, enter, plain
from tests.faces.web.rounds.test_front_truths import ask_the_councils
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.desk.seen import KEPT_EVERY, PAUSE, come
from workflow.services.facts.agreements import record
from workflow.services.people.persons import add_person
from workflow.services.views.calendars.feeds import find_feed, write_feed

KEY = "nordjylland/2027-2031"


def week(client: TestClient) -> str:
    return Read(plain(client.get("/min-uge"))).text


def part(text: str, heading: str, until: str) -> str:
    return text.partition(heading)[2].partition(until)[0]


@pytest.fixture
def anna(place: Workplace) -> str:
    add_person(
        place.engine, place.rulebook, email="anna@frist.example", name="Anna", role="secretariat",
        region="nordjylland", at=MORNING,
    )  # fmt: skip
    return "anna@frist.example"


def test_since_is_the_end_of_the_visit_before_and_stays_so_all_through_this_one(
    place: Workplace, anna: str
) -> None:
    def at(**later: int) -> datetime:
        return MORNING + timedelta(**later)

    assert come(place.engine, anna, MORNING) is None
    assert come(place.engine, anna, at(minutes=90)) is None, "the same first visit"
    assert come(place.engine, anna, at(days=2)) == at(minutes=90)
    assert come(place.engine, anna, at(days=2, minutes=1)) == at(minutes=90), (
        "read again, and nothing is lost"
    )
    assert come(place.engine, anna, at(days=2, hours=1)) == at(minutes=90)
    assert come(place.engine, anna, at(days=3)) == at(days=2, hours=1)
    assert come(place.engine, "nobody@frist.example", at(days=3)) is None
    assert come(place.engine, "", at(days=3)) is None
    assert KEPT_EVERY < PAUSE


def test_what_happened_since_the_last_visit_stands_with_its_day(
    signed_in: SignIn, place: Workplace, clock: Clock, app: FastAPI
) -> None:
    assert "Det er første gang, du er her" in week(signed_in("secretariat"))
    clock.at += timedelta(days=1)
    ask_the_councils(place)
    clock.at += timedelta(days=1)
    anne = enter_again(app, place, clock.at)
    said = week(anne)
    assert "Siden mandag den 23. november 2026 kl. 9.00" in said
    news = part(said, "Siden du sidst var her", "I din egen kalender")
    assert "Sendt til godkendelse i rådene, version 1" in news and "og 13 andre" in news
    assert f"/aftaler/{KEY}/journal#linje" in anne.get("/min-uge").text


def enter_again(app: FastAPI, place: Workplace, at: datetime) -> TestClient:
    return enter(app, place, at, "secretariat")


def test_each_council_that_owes_an_answer_stands_with_its_day_and_its_meeting(
    signed_in: SignIn, place: Workplace
) -> None:
    ask_the_councils(place)
    today = date(2026, 11, 23)
    fact = Fact(0, "council-scheduled", today, 1, "0851", due=date(2026, 12, 16), source="Dagsorden", by="t")
    record(place.engine, place.rulebook, KEY, fact, today=today, at=MORNING)
    for role in ("secretariat", "coordinator"):
        owed = part(week(signed_in(role)), "Hvem der skylder svar", "Det går ud")
        assert "Aalborg Kommune" in owed and "16. december 2026" in owed and "31. marts 2027" in owed
        assert "Midtjylland" not in owed
    council = week(signed_in("council"))
    assert "Hvem der skylder svar" not in council and "Frederikshavn Kommune" not in council
    assert "Svar om sundhedsaftalen 2027-2031, version 1" in council
    assert part(council, "Det skal I nå", "Det går ud").count("Møde om sundhedsaftalen") == 0, "23 days away"
    assert signed_in("authority").get("/min-uge").status_code == 404


def test_what_leaves_next_is_one_s_own(signed_in: SignIn, place: Workplace) -> None:
    out = part(week(signed_in("secretariat")), "Det går ud de næste syv dage", "De sidste syv dage")
    assert "Årlig gennemgang" in out and "Region Nordjylland" in out and "Region Midtjylland" not in out
    assert "Ingen breve er planlagt" in week(signed_in("council"))


def test_a_calendar_of_one_s_own_holds_what_falls_to_its_maker_alone(
    signed_in: SignIn, place: Workplace, app: FastAPI
) -> None:
    ask_the_councils(place)
    anne, bo = signed_in("secretariat"), signed_in("council")

    def calendar(client: TestClient, of: str) -> str:
        answer = client.post("/kalendere", data={"csrf": csrf(client, app), "of": of})
        assert answer.status_code == 201, of
        secret = answer.text.partition("/kalender/")[2].partition(".ics")[0]
        feed = find_feed(place.engine, secret, date(2026, 11, 23))
        told = {"today": date(2026, 11, 23), "instance": "t", "base_url": ""}
        return write_feed(place.engine, place.rulebook, feed, **told).decode().replace("\r\n ", "")

    whole, own = calendar(anne, "region:nordjylland"), calendar(anne, "region-mine:nordjylland")
    assert 0 < own.count("BEGIN:VEVENT") < whole.count("BEGIN:VEVENT")
    assert "Svar fra rådet ønskes" in whole and "Svar fra rådet ønskes" not in own
    assert "Svar fra rådet ønskes" in calendar(bo, "body-mine:0851")
    for client, of in (
        (anne, "region-mine:midtjylland"),
        (bo, "region-mine:nordjylland"),
        (bo, "body-mine:0813"),
    ):
        assert client.post("/kalendere", data={"csrf": csrf(client, app), "of": of}).status_code == 404, of
    assert ", kun egne" in plain(anne.get("/kalendere"))
