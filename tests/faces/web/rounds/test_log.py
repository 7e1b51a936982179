"""*Log* and notes: all that happened about one agreement, each reader's own part of it, and what people note beside."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.rounds.test_front_truths import ask_the_councils
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.services.desk.happened import Wanted, happened
from workflow.services.desk.notes import newest_notes
from workflow.services.hands.noting import note
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, broken_act
from workflow.storage.people.contacts import live_contact, refuse_address
from workflow.storage.tables import Notice

KEY, OTHER = "nordjylland/2027-2031", "midtjylland/2024-2027"
LOG = f"/aftaler/{KEY}/log"


def say(client: TestClient, app: FastAPI, text: str, council: str = "0851", key: str = KEY) -> Response:
    told = {"csrf": csrf(client, app), "text": text, "council": council}
    return client.post(f"/aftaler/{key}/noter", data=told)  # type: ignore[return-value]


def test_a_note_on_a_council_stands_on_its_row_and_in_the_log_with_who_and_when(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    answer = say(anne, app, "Ringet 3/12,\nbyrådet 16/12 <b>")
    assert answer.status_code == 303
    landed = answer.headers["location"]
    page = plain(anne.get(landed))
    assert f'id="{landed.partition("#")[2]}"' in page and "byrådet 16/12 &lt;b&gt;" in page
    assert "Anne secretariat" in Read(page).text and "Aalborg Kommune" in Read(page).text
    row = Read(plain(anne.get(f"/aftaler/{KEY}/raad"))).text
    assert "Notat 23.11.2026 kl. 9.00, Anne secretariat: Ringet 3/12, byrådet 16/12" in row
    with reading(place.engine) as session:
        assert broken_act(session) is None


def test_the_councils_do_not_read_what_the_secretariat_notes_about_them(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    say(signed_in("secretariat"), app, "Svarer aldrig telefonen")
    for page in (LOG, f"{LOG}?hvad=notat", f"/aftaler/{KEY}/raad"):
        assert "Svarer aldrig" in signed_in("coordinator").get(page).text, page
        assert "Svarer aldrig" not in signed_in("council").get(page).text, page
    for role, where in (("secretariat", {"region": "midtjylland"}), ("authority", {})):
        assert signed_in(role, **where).get(LOG).status_code == 404
    for role in ("council", "coordinator"):
        assert say(signed_in(role), app, "mit").status_code == 404
    assert say(signed_in("secretariat", region="midtjylland"), app, "deres").status_code == 404
    assert [note.text for note in newest_notes(place.engine, KEY).values()] == ["Svarer aldrig telefonen"]


def test_a_note_sent_twice_is_one_and_what_is_wrong_with_one_is_said_beside_its_field(
    signed_in: SignIn, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    anne = signed_in("secretariat")
    first = say(anne, app, "Byrådet 16/12").headers["location"]
    assert say(anne, app, "Byrådet 16/12  ").headers["location"] == first
    clock.at += timedelta(minutes=11)
    assert say(anne, app, "Byrådet 16/12").headers["location"] != first, "said again later it is news"
    for text, fault in ((" \n", "Skriv noget i notatet."), ("x" * 2001, "der er plads til 2000")):
        answer = say(anne, app, text)
        assert answer.status_code == 422 and fault in answer.text and 'aria-invalid="true"' in answer.text
    assert say(anne, app, "x", council="0751").status_code == 404, "a council of another region"
    assert say(anne, app, "x" * 100_001).status_code == 422
    with reading(place.engine) as session:
        assert len(session.exec(select(Act).where(Act.room == "note")).all()) == 2


def test_the_log_holds_journal_letters_and_notes_and_shows_what_is_chosen(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    ask_the_councils(place)
    anne = signed_in("secretariat")
    say(anne, app, "Ringet")
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    everything = Read(plain(anne.get(LOG))).text
    assert "Sendt til godkendelse" in everything and "overgivet til mailserver" in everything
    assert "Ringet" in everything

    def shown(query: str) -> str:
        return Read(plain(anne.get(f"{LOG}?{query}"))).text.partition("det nyeste først Hvornår")[2]

    assert "overgivet" not in shown("hvad=journal") and "Ringet" not in shown("hvad=journal")
    assert "Frederikshavn" not in shown("raad=0851") and "Aalborg" in shown("raad=0851")
    assert "Ringet" in shown("hvem=anne") and "overgivet" not in shown("hvem=anne")
    assert shown("til=2026-11-22") == "" or "Ringet" not in shown("til=2026-11-22")
    assert "Ringet" in shown("fra=2026-11-23&til=2026-11-23")
    assert "Intet i loggen svarer til valget" in plain(anne.get(f"{LOG}?fra=2027-01-01"))
    wrong = anne.get(f"{LOG}?fra=i+morgen")
    assert wrong.status_code == 422 and "Skriv en dag" in plain(wrong)
    assert anne.get(f"{LOG}?hvad=%00&raad=%27&side=99999999").status_code == 200


def test_a_council_s_log_has_its_own_letters_alone(signed_in: SignIn, place: Workplace) -> None:
    ask_the_councils(place)
    page = Read(plain(signed_in("council").get(f"{LOG}?hvad=brev"))).text
    rows = page.partition("Hvornår")[2]
    assert "Aalborg Kommune" in rows and "Frederikshavn Kommune" not in rows


def test_pages_of_the_log_follow_one_another_and_lose_nothing(place: Workplace) -> None:
    whole = happened(place.engine, place.rulebook, [OTHER], Wanted(), 1000)
    parts = [happened(place.engine, place.rulebook, [OTHER], Wanted(), 7, skip) for skip in range(0, 1000, 7)]
    assert [one for part in parts for one in part] == whole and len(whole) > 20
    assert [one.at for one in whole] == sorted((one.at for one in whole), reverse=True)


def test_what_is_done_to_mailboxes_and_letters_stands_in_the_log_of_those_who_run_them(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    ask_the_councils(place)
    with reading(place.engine) as session:
        letter = session.scalars(select(Notice).where(Notice.recipient == "0813/council")).first()
    assert letter
    note(place.engine, place.rulebook, str(letter.id), "Ringet om brevet", "Anne", MORNING)
    with writing(place.engine) as session:
        refuse_address(session, live_contact(session, "0851", "council", MORNING.date())[1], MORNING)  # type: ignore[index]
    anne = Read(plain(signed_in("secretariat").get(LOG))).text
    assert "Notat" in anne and "Ringet om brevet" in anne
    mailboxes = Read(plain(signed_in("coordinator").get(f"{LOG}?hvad=kontakt&raad=0851"))).text
    assert "Adresse slået fra Aalborg Kommune" in mailboxes.partition("Hvornår")[2]
    for page in (LOG, f"{LOG}?hvad=kontakt"):
        council = Read(plain(signed_in("council").get(page))).text
        assert "Ringet om brevet" not in council and "slået fra" not in council
    assert "Ringet om brevet" not in signed_in("secretariat").get(f"/aftaler/{KEY}/maanedsrapport").text
