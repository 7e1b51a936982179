"""*Breve*, *Kommende breve* and a letter's page: what a secretary does to letters on the site."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from tests.faces.web.rounds.test_front_truths import ask_the_councils
from workflow.faces.daemon.workplace import Workplace
from workflow.services.hands.upcoming import Upcoming, upcoming
from workflow.storage.database import reading
from workflow.storage.tables import Notice

REGION, AHEAD = "nordjylland", "/breve/kommende"


@pytest.fixture
def secretary(signed_in: SignIn) -> TestClient:
    """At home in a demo that is ``ticked``."""
    return signed_in("secretariat")


def post(client: TestClient, app: FastAPI, path: str, **data: str) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data})  # type: ignore[return-value]


def reminders(place: Workplace, region: str = REGION) -> list[Upcoming]:
    found, _ = upcoming(place.engine, place.rulebook, MORNING.date(), regions=[region])
    return [one for one in found if not one.owed.letter.statutory]


def letters(place: Workplace, *states: str) -> list[Notice]:
    with reading(place.engine) as session:
        query = select(Notice).where(col(Notice.key).startswith(f"{REGION}/"))
        return [one for one in session.scalars(query) if not states or one.state in states]


@pytest.mark.ticked
def test_all_letters_are_listed_by_week_state_body_and_kind_each_with_its_page(
    secretary: TestClient, place: Workplace
) -> None:
    page = secretary.get("/breve")
    assert page.status_code == 200
    sent = letters(place, "accepted")
    one = sent[-1]
    assert f'href="/breve/{one.id}"' in page.text
    body = one.recipient.partition("/")[0]
    for narrowed in (
        f"organ={body}",
        f"slags={one.letter}",
        "tilstand=overgivet",
        "uge=2026-11-25",
        "uge=25.11.2026",
    ):
        found = secretary.get(f"/breve?{narrowed}")
        assert found.status_code == 200 and f'href="/breve/{one.id}"' in found.text, narrowed
    assert "Ingen breve passer" in plain(secretary.get("/breve?uge=2019-01-01"))
    assert "Ingen breve passer" in plain(secretary.get(f"/breve?tilstand=returneret&organ={body}"))
    for wrong in (
        "uge=igår",
        "tilstand=x",
        "organ=0751",
        "slags=x",
        "efter=x",
        "efter=1-2-3",
        "region=midtjylland",
    ):
        assert secretary.get(f"/breve?{wrong}").status_code in (404, 422), wrong


@pytest.mark.ticked
def test_a_council_sees_its_own_letters_only_and_acts_on_none(
    signed_in: SignIn, secretary: TestClient
) -> None:
    council = signed_in("council")
    for page in ("/breve", AHEAD):
        text = council.get(page).text
        assert "Aalborg" in text or "Ingen breve" in text
        assert "Frederikshavn Kommune" not in re.sub(r"<select.*?</select>", "", text, flags=re.S)
        assert "Spring over" not in text
    assert "Spring over" not in signed_in("coordinator").get(AHEAD).text
    assert "Spring over" in secretary.get(AHEAD).text


@pytest.mark.ticked
def test_a_letter_to_come_is_skipped_with_its_reason_and_taken_back(
    secretary: TestClient, app: FastAPI, place: Workplace
) -> None:
    one = reminders(place)[0]
    wrong = post(secretary, app, AHEAD, hvad="skip", noegle=one.owed.key, why=" ")
    assert wrong.status_code == 422 and "Skriv hvorfor" in plain(wrong) and "-fejl" in wrong.text
    for _ in range(2):  # pressed twice
        done = post(secretary, app, AHEAD, hvad="skip", noegle=one.owed.key, why="de har <b>ringet</b>")
        assert done.status_code == 303
    page = secretary.get(done.headers["Location"])
    assert "sprunget over: de har &lt;b&gt;ringet" in page.text and "Brevet er sprunget over" in page.text
    journal = plain(secretary.get(f"/aftaler/{one.agreement}/journal"))
    assert "Håndteret et brev" in journal and journal.count("(sprunget over: ") == 1
    assert post(secretary, app, AHEAD, hvad="revive", noegle=one.owed.key).status_code == 303
    assert reminders(place)[0].act is None


@pytest.mark.ticked
def test_a_letter_waits_or_goes_now_and_a_wrong_day_is_told_beside_it(
    secretary: TestClient, app: FastAPI, place: Workplace
) -> None:
    first, second = reminders(place)[:2]
    for until in ("", "i morgen", "2026-11-20", "2030-01-01"):
        wrong = post(secretary, app, AHEAD, hvad="wait", noegle=first.owed.key, until=until)
        assert wrong.status_code == 422 and 'id="until-wait-' in wrong.text, until
    later = (first.on + timedelta(days=5)).isoformat()
    assert post(secretary, app, AHEAD, hvad="wait", noegle=first.owed.key, until=later).status_code == 303
    assert post(secretary, app, AHEAD, hvad="now", noegle=second.owed.key).status_code == 303
    [sent] = [one for one in letters(place) if one.key == second.owed.key]
    assert (sent.state, sent.alone) == ("planned", True)
    gone = post(secretary, app, AHEAD, hvad="skip", noegle=first.owed.key.replace("|-", "|-9"), why="x")
    assert gone.status_code == 409 and "ikke længere blandt" in plain(gone)


@pytest.mark.parametrize("key", ["", "x", "midtjylland/2024-2027||||||", "nordjylland|", "|" * 500])
@pytest.mark.ticked
def test_keys_of_others_and_no_keys_at_all_do_nothing(secretary: TestClient, app: FastAPI, key: str) -> None:
    answer = post(secretary, app, AHEAD, hvad="skip", noegle=key, why="x")
    assert answer.status_code in (404, 409)


@pytest.mark.ticked
def test_a_neighbours_letter_is_not_found(secretary: TestClient, app: FastAPI, place: Workplace) -> None:
    far = reminders(place, "midtjylland")[0].owed.key
    assert post(secretary, app, AHEAD, hvad="skip", noegle=far, why="x").status_code == 404
    assert all(one.act is None for one in reminders(place, "midtjylland"))


@pytest.mark.ticked
def test_a_letter_sent_is_sent_again_once_however_often_the_button_is_pressed(
    secretary: TestClient, app: FastAPI, place: Workplace
) -> None:
    first = next(one for one in letters(place, "accepted") if one.carried_by is None)
    page = f"/breve/{first.id}"
    assert "Send igen" in secretary.get(page).text
    assert post(secretary, app, page, hvad="resend", why="", nth="1").status_code == 422
    for _ in range(3):
        done = post(secretary, app, page, hvad="resend", why="de fandt den ikke", nth="1")
        assert done.status_code == 303
    [copy] = [one for one in letters(place) if "~kopi" in one.key]
    shown = plain(secretary.get(done.headers["Location"]))
    assert f"Kopi: brev {copy.id}" in html.unescape(re.sub("<[^>]+>", "", shown))
    assert "sendt igen: de fandt den ikke" in shown


@pytest.mark.ticked
def test_hold_let_go_cancel_confirm_and_note_on_the_letters_page(
    secretary: TestClient, app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    key = reminders(place)[0].owed.key
    post(secretary, app, AHEAD, hvad="now", noegle=key)
    [planned] = [one for one in letters(place) if one.key == key]
    page = f"/breve/{planned.id}"
    for typed in (
        {"hvad": "hold", "why": "vent"},
        {"hvad": "release"},
        {"hvad": "cancel", "why": "sendt med post"},
    ):
        assert post(secretary, app, page, **typed).status_code == 303, typed
    assert post(secretary, app, page, hvad="hold", why="x").status_code == 409
    sent = letters(place, "accepted")[0]
    page = f"/breve/{sent.id}"
    for _ in range(2):
        assert post(secretary, app, page, hvad="note", text="ringet 3/12, byrådet 16/12").status_code == 303
    assert post(secretary, app, page, hvad="note", text="x" * 100_000).status_code == 422
    assert post(secretary, app, page, hvad="confirm", why="svar pr. telefon").status_code == 303
    shown = plain(secretary.get(page))
    assert (
        shown.count("ringet 3/12, byrådet 16/12 (") == 1 and "bekræftet modtaget: svar pr. telefon" in shown
    )
    assert "ringet 3/12" in signed_in("coordinator").get(page).text
    assert signed_in("secretariat", region="midtjylland").get(page).status_code == 404


def test_a_phone_gets_the_beginning_of_each_long_list_and_a_link_to_the_rest(
    signed_in: SignIn, place: Workplace
) -> None:
    """All regions together filled thousands of a telephone's pixels; how many it is now, test_every_page measures."""
    ask_the_councils(place)
    root = signed_in("administrator")
    for path in (AHEAD, "/min-uge"):
        page = root.get(path).text
        lists = re.findall(r'<tbody class="long.*?</tbody>.*?(?=<tbody|$)', page, flags=re.DOTALL)
        assert lists and page.count("<tr") - sum(one.count("<tr") for one in lists) <= 30, path
        assert [one[:80] for one in lists if one.count("<tr") > 5 and 'class="rest"' not in one] == [], path
