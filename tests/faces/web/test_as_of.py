"""Every page and list can be asked as of another day, says which, and shows nothing that was not known by then."""

from __future__ import annotations

import re
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from tests.faces.web.conftest import SignIn, plain
from tests.faces.web.examples import EXAMPLES

TIMELESS = {  # page -> why it takes no day
    "/soeg": "finds things by name; what it finds takes the day",
    "/svar": "what can be answered is answered today",
    "/svar/{region}/{label}/{version}/{council}": "a form of today",
    "/svar/{region}/{label}/{version}/{council}/link": "a form of today",
    "/aftaler/{region}/{label}/registrer": "a form of today",
    "/aftaler/{region}/{label}/registrer/{event}": "a form of today",
    "/aftaler/{region}/{label}/fortid": "a form of today",
    "/moeder": "whose calendar is missing today, to be pasted in",
    "/moeder/{body}": "a form of today",
    "/aftaler/{region}/{label}/frister/{rule}/grund.txt": "what is handed on is what holds today",
    "/aftaler/{region}/{label}/frister/{rule}/grund.pdf": "what is handed on is what holds today",
    "/aftaler/{region}/{label}/frister/{rule}/{subject}/grund.txt": "what is handed on is what holds today",
    "/aftaler/{region}/{label}/frister/{rule}/{subject}/grund.pdf": "what is handed on is what holds today",
    "/aftaler/{region}/{label}/frister/{rule}/mail": "a form of today",
    "/aftaler/{region}/{label}/log": "what happened, each with its day; takes a span",
    "/aftaler/{region}/{label}/maanedsrapport": "takes a month",
    "/aftaler/{region}/{label}/maanedsrapport.docx": "takes a month",
    "/aftaler/{region}/{label}/maanedsrapport.pdf": "takes a month",
    "/aftaler/{region}/{label}/raad/fortryd/{first}": "a form of today",
    "/aftaler/{region}/{label}/raad/ret": "a form of today",
    "/aftaler/{region}/{label}/hoering/part/{party}": "forms of today",
    "/aftaler/{region}/{label}/hoering/notat": "the note as it stands today",
    "/aftaler/{region}/{label}/hoering/notat.docx": "the note as it stands today",
    "/aftaler/{region}/{label}/hoering/notat.txt": "the note as it stands today",
    "/aftaler/{region}/{label}/hoering/offentliggjort": "the note as it stands today",
    "/aftaler/{region}/{label}/hoering/dokument/{digest}": "the file with this digest, for ever",
    "/aftaler/{region}/{label}/sager": "what a council is to decide on now",
    "/aftaler/{region}/{label}/sager.zip": "what a council is to decide on now",
    "/aftaler/{region}/{label}/sager/{council}.docx": "what a council is to decide on now",
    "/svar/{region}/{label}/{version}/{council}/sag": "what a council is to decide on now",
    "/indstillinger/sager": "what is set today",
    "/api/v1/agreements/{region}/{label}/cases": "what a council is to decide on now",
    "/api/v1/cases/{number}": "whether a case that was handed out holds now",
    "/alarmer": "what is wrong today",
    "/aftaler/{region}/{label}/ring": "whom to call today",
    "/breve": "every letter carries its own instants; takes a week",
    "/breve/kommende": "the next 14 days",
    "/indstillinger": "what is set today",
    "/indstillinger/afsender": "what is set today",
    "/indstillinger/breve/{letter}": "what is set today",
    "/kontakter/bekraeftelser": "what waits today",
    "/kontakter/indlaes": "a form of today",
    "/kontakter/ny": "a form of today",
    "/kontakter/{number}": "a form of today",
    "/min-uge": "what one person is to do today",
    "/opsaetning": "what is set up today",
    "/opsaetning/spor": "who did what, each with its instant",
    "/personer": "who has access today",
    "/personer/mig": "who has access today",
    "/personer/{number}": "a form of today",
    "/aftaler/ny": "a form of today",
    "/svar/{region}/{label}/{version}/{council}/tekst": "the file with this digest, for ever",
    "/indberetninger/{number}/udskrift": "the file that came with the answer, for ever",
    "/indberetninger/{number}": "a form of today",
    "/kalendere": "what one subscribes to today",
    "/breve/{number}": "the letter as it was sent, for ever",
    "/breve/{number}/brev.eml": "the letter as it was sent, for ever",
    "/breve/{number}/bevis.zip": "the letter as it was sent, for ever",
    "/aftaler/{region}/{label}/dokumenter/{digest}": "the file with this digest, for ever",
    "/modtaget/{region}/{label}/dokumenter/{digest}": "the file with this digest, for ever",
    "/aftaler/{region}/{label}/frister/{rule}/frist.ics": "a date to put into a calendar now",
    "/aftaler/{region}/{label}/frister/{rule}/{subject}/frist.ics": "a date to put into a calendar now",
    "/regler": "every rule carries its own dates",
    "/regler/pligter": "every rule carries its own dates",
    "/regler/lukkedage": "takes a year",
    "/regler/nye": "a form of today",
    "/regler/laesninger/{silence}": "a form of today",
    "/regler/{regime}/ophoer": "a form of today",
    "/regler/laesninger": "what is open in law today, and what somebody signed",
    "/regler/{regime}": "every rule carries its own dates",
}
BEFORE, BANNER = "2024-05-01", "Siden viser, hvad der var kendt onsdag den 1. maj 2024."


def asked_of(dependant: Dependant) -> set[str]:
    """The names of the questions a route and its dependencies take."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*(asked_of(one) for one in dependant.dependencies))


def test_every_page_that_reads_and_every_list_of_the_api_takes_the_day_or_says_why_not(app: FastAPI) -> None:
    without = set()
    for route in iter_route_contexts(app.routes):
        path = str(route.path)
        if "GET" in (route.methods or ()) and ("GET", path) in EXAMPLES:
            asked = asked_of(route.dependant)
            if not asked & {"as_of" if path.startswith("/api/") else "pr"}:
                without.add(path)
    assert without == set(TIMELESS)


@pytest.mark.parametrize(
    "path",
    ["/", "/aftaler", "/frister", "/frister?status=met", "/kontakter", "/modtaget", "/modtaget/nordjylland/2024-2027",
     "/aftaler/nordjylland/2024-2027", "/aftaler/nordjylland/2024-2027/raad"],
)  # fmt: skip
def test_a_page_as_of_another_day_says_so_and_keeps_the_day_in_its_links(
    guest: TestClient, path: str
) -> None:
    asked = f"{path}{'&' if '?' in path else '?'}pr={BEFORE}"
    page = guest.get(asked)
    assert page.status_code == 200 and BANNER in " ".join(re.sub("<[^>]+>", "", page.text).split())
    main = page.text.partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'href="(/(?:aftaler|modtaget|frister)/?[^"]*)"', main)
    kept = [link for link in links if f"pr={BEFORE}" in link]
    assert kept or not links
    assert guest.get(path + ("&" if "?" in path else "?") + "pr=1. maj").status_code == 422


def test_the_lists_of_today_and_of_today_asked_for_by_name_are_one(guest: TestClient) -> None:
    for path in ("/aftaler", "/frister", "/modtaget"):
        assert "var kendt" not in guest.get(f"{path}?pr=2026-11-23").text
        assert guest.get(f"{path}?pr=2026-11-23").text == guest.get(path).text


def test_aftaler_shows_the_states_of_that_day_and_no_agreement_of_a_term_to_come(guest: TestClient) -> None:
    early = guest.get(f"/aftaler?region=nordjylland&pr={BEFORE}").text
    assert "2027-2031" not in early and "i kraft" in early
    assert "godkendt af Sundhedsstyrelsen" in early
    assert "godkendt af Sundhedsstyrelsen" not in guest.get("/aftaler?region=nordjylland&pr=2023-05-01").text


def test_frister_shows_the_date_as_it_stood_before_the_authority_moved_it(guest: TestClient) -> None:
    moved = plain(guest.get("/frister?status=met&region=nordjylland"))
    then = plain(guest.get("/frister?region=nordjylland&pr=2023-05-01"))
    assert "lørdag den 1. juli 2023" in then and "lørdag den 1. juli 2023" not in moved
    exported = guest.get("/eksport/frister.csv?pr=2023-05-01").content.decode("utf-8-sig")
    (line,) = [
        one for one in exported.splitlines() if "Region Nordjylland 2024-2027" in one and "Indsendelse" in one
    ]
    assert date(2023, 7, 1).isoformat() in line


def test_the_next_page_goes_on_after_the_last_and_every_agreement_is_on_one(guest: TestClient) -> None:
    today = set(re.findall(r'href="/aftaler/([a-z]+/[0-9-]+)"', guest.get("/aftaler").text))
    found = set(
        re.findall(
            r'href="/aftaler/([a-z]+/[0-9-]+)\?pr=2026-11-22"', guest.get("/aftaler?pr=2026-11-22").text
        )
    )
    assert found == today and len(today) == 9
    assert guest.get("/frister?pr=2026-11-22&efter=2027-07-01.42").status_code == 422


@pytest.mark.fault("F65")
def test_another_day_opens_no_other_region(signed_in: SignIn) -> None:
    council = signed_in("council")
    for path in ("/aftaler", "/frister", "/frister?status=met", "/eksport/frister.csv", "/kontakter"):
        text = council.get(f"{path}{'&' if '?' in path else '?'}pr={BEFORE}").text
        assert "midtjylland/" not in text and "Region Midtjylland" not in text
    authority = signed_in("authority").get(f"/modtaget?pr={BEFORE}").text
    assert "Region Midtjylland 2024-2027" in authority


def test_before_the_act_nobody_doubted_and_what_counts_from_the_beginning_says_so(guest: TestClient) -> None:
    """Act 719/2025 is of 20 June 2025; VALG § 6: the term 2022-2025 was elected on 16 November 2021."""
    assert "Usikkert retsgrundlag" in guest.get("/").text
    assert "Usikkert retsgrundlag" not in guest.get("/?pr=2023-05-01").text
    key = "/aftaler/nordjylland/2024-2027"
    assert guest.get(f"{key}/journal?pr=2023-05-01").text.count("gælder fra aftalens begyndelse") == 3
    assert "gælder fra aftalens begyndelse" not in guest.get(f"{key}/journal").text
    assert guest.get(f"{key}?pr=2021-11-15").status_code == 404
