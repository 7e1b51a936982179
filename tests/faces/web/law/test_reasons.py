"""*Hvorfor*, for others: as text, as PDF, and behind a link that opens nothing else, ends, and can be ended."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.papers.sheet import printer
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.storage.database import reading
from workflow.storage.facts.acts import Act, broken_act
from workflow.storage.people.people import hash_of

KEY = "nordjylland/2024-2027"
WHY = f"/aftaler/{KEY}/frister/submission"
REVIEW = f"/aftaler/{KEY}/frister/annual-review"


def made(client: TestClient, app: FastAPI, path: str = WHY, **typed: str) -> str:
    """The address of a new link, without the site."""
    answer = client.post(f"{path}/del", data={"csrf": csrf(client, app), "dage": "30", **typed})
    assert answer.status_code == 201
    return re.findall(r"/delt/[\w-]+", answer.text)[0]


def test_the_text_says_what_the_page_says(signed_in: SignIn) -> None:
    anne = signed_in("secretariat")
    text = anne.get(f"{REVIEW}/2026/grund.txt")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    page = Read(plain(anne.get(f"{REVIEW}/2026"))).text
    for line in ("Aftalen træder i kraft mandag den 1. januar 2024", "torsdag den 31. december 2026"):
        assert line in text.text and line in page
    assert (
        "»Sundhedssamarbejdsudvalget skal i dialog" in text.text and "Bindende: bindende frist" in text.text
    )
    assert "<" not in text.text and not re.search(r"\d{4}-\d\d-\d\d", text.text), "days in words"
    assert f"{REVIEW}/2026/grund.txt" in anne.get(f"{REVIEW}/2026").text


@pytest.mark.skipif(printer() is None, reason="no PDF on this machine")
def test_the_pdf_holds_the_reasons(signed_in: SignIn) -> None:
    answer = signed_in("council").get(f"{REVIEW}/2026/grund.pdf")
    assert (
        answer.content.startswith(b"%PDF")
        and "hvorfor-nordjylland-2024-2027" in answer.headers["content-disposition"]
    )


def test_words_that_are_not_here_are_said_not_to_be_and_words_of_a_later_text_too(
    signed_in: SignIn, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    opened = Fact(0, "opened", date(2026, 11, 20), source="prøve", by="prøve")
    open_agreement(
        place.engine, place.rulebook, opened, region="nordjylland", term="2026-2029", label="2027-2028", at=MORNING,
        regime="rammeaftale-bek-1561-2025",
    )  # fmt: skip
    open_agreement(
        place.engine, place.rulebook, opened, region="nordjylland", term="2018-2021", label="2019-2023", at=MORNING,
        effective=date(2019, 7, 1),
    )  # fmt: skip
    midterm = "/aftaler/nordjylland/2019-2023/frister/midterm-guidance"
    for path in (midterm, f"{midterm}/grund.txt"):
        answer = anne.get(path)
        said = answer.text if path.endswith("txt") else Read(plain(answer)).text
        assert "VEJ 9504/2018: ordlyden er ikke slået op." in said
    concluded = "/aftaler/nordjylland/2027-2028/frister/concluded"
    assert "Se også barnets lov § 173" in Read(plain(anne.get(concluded))).text
    for path in (WHY, f"{WHY}/grund.txt", concluded, f"{concluded}/grund.txt"):
        assert "ordlyden er ikke slået op" not in anne.get(path).text, "every provision there is quoted"
    regime = Read(plain(anne.get("/regler/bek-679-2018"))).text
    assert "VEJ 9504/2018" in regime.partition("Uden ordlyd")[2]


def test_a_link_opens_one_page_for_whoever_has_it_and_no_other(
    signed_in: SignIn, stranger: TestClient, app: FastAPI, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    address = made(anne, app, REVIEW, subject="2026")
    page = stranger.get(address)
    said = Read(plain(page)).text
    assert page.status_code == 200 and "Årlig gennemgang" in said and "Lovens ord" in said
    assert "Linket er lavet af Anne secretariat" in said and "til og med 23. december 2026" in said
    assert (
        "Modtagere" not in said and "@" not in said and "Påmindelser" not in said.partition("Hvor loven")[2]
    )
    inside = [each["href"] for each in Read(page.text).all("a") if (each["href"] or "").startswith("/")]
    for path in inside:
        assert stranger.get(path or "").status_code in (200, 303, 401), path
    assert not [path for path in inside if "/aftaler" in (path or "")]
    for path in (f"{REVIEW}/2026", f"/aftaler/{KEY}", f"{address}/brev", "/delt/", f"{address}x"):
        assert stranger.get(path).status_code in (303, 404), path
    assert stranger.post(address).status_code == 405
    secret = address.rpartition("/")[2]
    with reading(place.engine) as session:
        acts = session.exec(select(Act).where(Act.room == "share")).all()
        assert [act.about for act in acts] == [hash_of(secret)] and secret not in "".join(
            a.said for a in acts
        )
        assert broken_act(session) is None


def test_a_link_ends_by_itself_and_by_hand_for_good(
    signed_in: SignIn, stranger: TestClient, app: FastAPI, clock: Clock
) -> None:
    anne = signed_in("secretariat")
    first, second = made(anne, app, dage="7"), made(anne, app)
    clock.at += timedelta(days=7)
    assert stranger.get(first).status_code == 200, "its last day"
    clock.at += timedelta(days=1)
    assert stranger.get(first).status_code == 404
    anne = signed_in("secretariat")
    [number] = re.findall(r'name="number" value="(\d+)"', anne.get(WHY).text)
    other = signed_in("secretariat", region="midtjylland")
    for client, key, code in (
        (other, KEY, 404),
        (other, "midtjylland/2024-2027", 404),
        (anne, KEY, 303),
        (anne, KEY, 303),
    ):
        told = {"csrf": csrf(client, app), "number": number}
        path = f"/aftaler/{key}/frister/submission/del/ophaev"
        assert client.post(path, data=told).status_code == code, key
        assert stranger.get(second).status_code == (200 if code == 404 else 404)
    assert 'name="number"' not in anne.get(WHY).text


def test_only_those_who_run_the_agreement_hand_its_reasons_on(signed_in: SignIn, app: FastAPI) -> None:
    for role in ("council", "coordinator"):
        client = signed_in(role)
        assert "/del" not in re.findall(r'action="([^"]*)"', client.get(WHY).text)
        assert client.post(f"{WHY}/del", data={"csrf": csrf(client, app), "dage": "7"}).status_code == 404
        assert client.get(f"{WHY}/grund.txt").status_code == 200
    anne = signed_in("secretariat")
    for days in ("", "0", "3650", "x", "9" * 30):
        answer = anne.post(f"{WHY}/del", data={"csrf": csrf(anne, app), "dage": days})
        assert answer.status_code == 422, days
    gone = anne.post(f"/aftaler/{KEY}/frister/findes-ikke/del", data={"csrf": csrf(anne, app), "dage": "7"})
    assert gone.status_code == 404


def test_who_guesses_addresses_is_stopped(stranger: TestClient) -> None:
    codes = [stranger.get(f"/delt/{'x' * 40}{number}").status_code for number in range(31)]
    assert codes == [404] * 30 + [429]
