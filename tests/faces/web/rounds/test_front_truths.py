"""The front page says what it looked for and found, to each who asks: nobody is told that there is nothing where
nothing was looked up (letters that cannot go out, alarms, sending that is stopped)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete
from sqlmodel import col

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, plain
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.delivery.handling import hold_everything
from workflow.services.facts.agreements import record
from workflow.storage.database import writing
from workflow.storage.tables import Contact, DeadlineRow

KEY, LOST = "nordjylland/2027-2031", ("0813", "0851")


def lose(place: Workplace, *bodies: str) -> None:
    """These bodies have no mailbox any more."""
    with writing(place.engine) as session:
        session.execute(delete(Contact).where(col(Contact.body).in_(bodies)))


def ask_the_councils(place: Workplace) -> None:
    """A text goes to the councils of Nordjylland, and a pass of the daemon writes what follows."""
    today = date(2026, 11, 23)
    for event, more in (("goals-set", {}), ("sent-for-approval", {"due": date(2027, 3, 31)})):
        fact = Fact(0, event, today, source="Brev", by="test", **more)  # type: ignore[arg-type]
        record(place.engine, place.rulebook, KEY, fact, today=today, at=MORNING)
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))


def panel(client: Any, path: str = "/") -> str:
    """What stands before the dates of the week."""
    return Read(plain(client.get(path))).text.partition("De næste syv dage")[0]


def test_a_secretariat_sees_its_own_letters_that_cannot_go_out_and_a_neighbour_does_not(
    place: Workplace, signed_in: SignIn
) -> None:
    lose(place, *LOST)
    ask_the_councils(place)
    for role in ("secretariat", "coordinator", "administrator"):
        said = panel(signed_in(role))
        assert "Kan ikke nås 2 modtagere uden postkasse" in said, role
        assert "Aalborg Kommune" in said and "Frederikshavn Kommune" in said
        assert "/council" not in said and "intet brev mangler" not in said
    other = panel(signed_in("secretariat", region="midtjylland"))
    assert "uden postkasse" not in other and "Aalborg" not in other


def test_a_council_sees_that_letters_to_itself_cannot_go_out_and_nothing_of_the_others(
    place: Workplace, signed_in: SignIn
) -> None:
    lose(place, *LOST)
    ask_the_councils(place)
    said = panel(signed_in("council"))
    assert "1 modtager uden postkasse" in said and "Frederikshavn" not in said


def test_that_sending_is_stopped_is_said_to_everybody_who_relies_on_letters(
    place: Workplace, signed_in: SignIn
) -> None:
    hold_everything(place.engine, "prøve", "drift", MORNING)
    for role in ("secretariat", "council", "coordinator", "administrator"):
        said = panel(signed_in(role))
        assert "Udsendelsen er standset: ingen breve sendes." in said, role
        assert "intet brev er standset" not in said and "aftale outbox" not in said


@pytest.mark.ticked
def test_where_nothing_is_found_the_page_says_what_it_looked_for_and_no_more(
    place: Workplace, signed_in: SignIn
) -> None:
    with writing(place.engine) as session:
        session.execute(delete(DeadlineRow).where(col(DeadlineRow.status) == "overdue"))
    said = panel(signed_in("council", body="0360"))
    assert "ingen alarm" not in said, "a council is not told of alarms, so it is not told that there is none"


@pytest.mark.ticked
def test_a_council_is_not_told_to_do_what_is_the_secretariat_s_to_do(
    signed_in: SignIn, place: Workplace
) -> None:
    for role in ("council", "coordinator"):
        first, _, theirs = panel(signed_in(role)).partition("Åbent hos sekretariatet")
        assert "Mødeminimum i fare" not in first and "Mødeminimum i fare" in theirs, role


def test_a_look_back_says_that_it_shows_no_alarms_and_no_letters(guest: TestClient) -> None:
    said = panel(guest, "/?pr=2026-05-01")
    assert "Alarmer, breve og svar, der ventede den dag, vises ikke her" in said
    assert "Intet kræver handling" not in said


def test_a_letter_that_nobody_can_receive_says_so_in_preview_list_page_and_tables(
    place: Workplace, signed_in: SignIn
) -> None:
    lose(place, *LOST)
    client = signed_in("secretariat")
    ask_the_councils(place)
    letters = Read(plain(client.get(f"/aftaler/{KEY}/breve"))).text
    assert letters.count("kan ikke nås") == 2 and "0851/council" not in letters
    agreement = Read(plain(client.get(f"/aftaler/{KEY}"))).text
    assert "Kan ikke nås (2)." in agreement and "Frederikshavn Kommune" in agreement
    rows = client.get(f"/aftaler/{KEY}/eksport/breve.csv").text
    assert rows.count(";kan ikke nås;") == 2
    told = client.get("/api/v1/notices", params={"agreement": KEY}).json()["items"]
    lost = [one for one in told if one["recipient"].partition("/")[0] in LOST]
    assert lost and all((one["reachable"], one["state_text"]) == (False, "kan ikke nås") for one in lost)


def test_good_time_is_not_said_while_councils_or_prerequisites_are_missing(guest: TestClient) -> None:
    said = Read(plain(guest.get("/"))).text.partition("Regionerne")[2]
    assert "I god tid" not in said
    assert "17 af 23 råd mangler" in said


def test_what_was_not_done_in_time_is_still_said_when_both_possible_days_have_passed(
    guest: TestClient,
) -> None:
    """The midterm status of Midtjylland was owed while the rules held; no repeal undoes that."""
    for day in ("2027-01-01", "2027-06-01"):
        said = Read(plain(guest.get(f"/?pr={day}"))).text
        assert (
            "Midtvejsstatus udarbejdet (bekendtgørelsen): ikke opfyldt i tide" in said
            and "(udløb 19. december 2025)" in said
        ), day
        assert "Overskredet" not in said.partition("Rådenes svar")[0]


def test_a_line_about_a_breach_begins_with_a_capital(guest: TestClient) -> None:
    page = plain(guest.get("/aftaler/nordjylland/2024-2027"))
    assert ">Fredag den 15. december 2023</time>: indsendt, uden at" in page


def test_the_worst_stands_first_and_what_the_week_brings_before_the_regions(
    guest: TestClient, place: Workplace
) -> None:
    today = date(2026, 11, 23)
    assert "Ingen dato falder i de næste syv dage" in plain(guest.get("/"))
    for due in (date(2026, 11, 30), date(2026, 12, 1)):  # the seventh day, and the one after
        council = "0630" if due.month == 11 else "0573"
        fact = Fact(0, "council-scheduled", today, 1, council, due=due, source="Dagsorden", by="test")
        record(place.engine, place.rulebook, "syddanmark/2027-2031", fact, today=today, at=MORNING)
    said = Read(plain(guest.get("/"))).text
    week = said.partition("De næste syv dage")[2].partition("Regionerne")[0]
    assert "mandag den 30. november 2026 Møde om sundhedsaftalen i Vejle Kommune" in week
    assert "Varde" not in week
    regions = said.partition("Regionerne")[2]
    assert regions.index("Region Midtjylland") < regions.index("Region Syddanmark"), "overdue before missing"
    assert regions.index("2024-2027") < regions.index("2027-2031")


def test_who_sees_one_region_is_told_of_the_region(signed_in: SignIn) -> None:
    said = Read(plain(signed_in("secretariat").get("/"))).text
    assert "Regionen Region Nordjylland" in said and "Regionerne" not in said
