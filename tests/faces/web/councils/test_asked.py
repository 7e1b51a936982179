"""A council that is signed in answers on a page of its own; the secretariat withdraws the links of one council."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.conftest import Aftale
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import KEY, LINK, answer, decisions, happens, passes, reports, rows
from workflow.faces.daemon.workplace import Workplace

mails, link = answering.mails, answering.link
OWN = f"/svar/{KEY}/1/0851"


def mails_to(place: Workplace, clock: Clock, who: str) -> list[str]:
    """The texts of every mail to ``who`` after one pass of the daemon."""
    return [body for to, body in passes(place, clock) if who in to]


def withdraw(client: TestClient, app: FastAPI, why: str = "Mailen blev videresendt") -> int:
    return client.post(f"{OWN}/link", data={"csrf": csrf(client, app), "why": why}).status_code


def test_a_council_that_is_signed_in_sees_what_awaits_it_answers_and_gets_the_same_receipt(
    app: FastAPI, place: Workplace, clock: Clock, link: str, signed_in: SignIn
) -> None:
    council = signed_in("council")
    assert f'href="{OWN}">Svar om sundhedsaftalen 2028-2031, version 1' in council.get("/").text
    listed = council.get("/svar").text
    assert "Svar for Aalborg Kommune" in listed and "Frederikshavn" not in listed
    page = council.get(OWN)
    assert page.status_code == 200 and "Aalborg Kommune svarer om sundhedsaftalen 2028-2031" in page.text
    for _ in range(2):  # and the back button
        done = answer(council, app, OWN, remark="Enstemmigt")
        assert (done.status_code, done.headers["Location"]) == (303, OWN)
    assert (
        "Svaret er modtaget" in council.get(OWN).text and "Intet venter på svar." in council.get("/svar").text
    )
    assert OWN not in council.get("/").text
    assert reports(place) == [("0851", "council-approved", "reported")] and decisions(place) == []
    assert rows(place, "SELECT by FROM reported_decision") == [("council-own@frist.example",)]
    receipts = [
        body
        for body in mails_to(place, clock, "aalborg")
        if "gør indsigelse straks" in " ".join(body.split())
    ]
    assert len(receipts) == 1
    secretariat = signed_in("secretariat")
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    data = {"csrf": csrf(secretariat, app), "do": "bekraeft", "source": "Protokol, punkt 12"}
    assert secretariat.post(f"/indberetninger/{number}", data=data).status_code == 303
    assert [fact.council for fact in decisions(place)] == ["0851"]
    assert "Beslutningen er registreret" in council.get(OWN).text


def test_the_mail_and_the_page_are_one_question(
    app: FastAPI, stranger: TestClient, place: Workplace, link: str, signed_in: SignIn
) -> None:
    assert answer(signed_in("council"), app, OWN).status_code == 303
    assert "Svaret er modtaget" in stranger.get(link).text
    other = answer(stranger, app, link, "council-rejected")
    assert other.status_code == 409 and "kl. 9.00 fra council-own@frist.example" in plain(other)
    assert len(reports(place)) == 1


@pytest.mark.fault("F62")
def test_an_answer_from_the_page_about_a_text_that_was_replaced_is_a_clear_no(
    app: FastAPI, place: Workplace, clock: Clock, link: str, signed_in: SignIn
) -> None:
    council = signed_in("council")
    happens(place, clock, "sent-for-approval", version=2)
    refused = answer(council, app, OWN)
    assert refused.status_code == 409 and "version 1 er erstattet af version 2" in refused.text
    assert reports(place) == [] and f"/svar/{KEY}/2/0851" in council.get("/svar").text


@pytest.mark.fault("F65")
@pytest.mark.parametrize("who", ["secretariat", "coordinator", "administrator", "authority"])
def test_nobody_but_a_council_answers_for_it(
    app: FastAPI, place: Workplace, link: str, signed_in: SignIn, who: str
) -> None:
    client = signed_in(who)
    assert client.get("/svar").status_code == client.get(OWN).status_code == 404
    assert answer(client, app, OWN).status_code == 404
    assert reports(place) == []


@pytest.mark.fault("F67")
@pytest.mark.parametrize("who", ["secretariat", "administrator"])
def test_a_withdrawn_link_says_so_and_whom_to_ask_and_the_next_letter_has_one_that_holds(
    app: FastAPI,
    place: Workplace,
    clock: Clock,
    stranger: TestClient,
    link: str,
    signed_in: SignIn,
    who: str,
) -> None:
    client = signed_in(who)
    assert f'href="{OWN}/link"' in client.get(f"/aftaler/{KEY}/raad").text
    assert withdraw(client, app, why=" ") == 422 and stranger.get(link).status_code == 200
    assert withdraw(client, app) == 303
    said = client.get(f"{OWN}/link").text
    assert f"Anne {who}: Mailen blev videresendt" in said
    for method in ("GET", "HEAD", "GET"):
        assert stranger.request(method, link).status_code == 410
    page = stranger.get(link).text
    assert "Linket er trukket tilbage" in page and "mailto:sundhedsaftale@region-nordjylland.example" in page
    refused = answer(stranger, app, link)
    assert refused.status_code == 410 and reports(place) == []
    assert signed_in("council").get(OWN).status_code == 200  # its people are not shut out
    others = [body for body in mails_to(place, clock, "frederikshavn") if LINK.search(body)]
    neighbour = LINK.search(others[0])
    assert neighbour and stranger.get(neighbour[1]).status_code == 200
    clock.at += timedelta(days=23)  # a reminder
    newer = [found[1] for body in mails_to(place, clock, "aalborg") if (found := LINK.search(body))]
    assert newer[0] == link != newer[-1] and stranger.get(newer[-1]).status_code == 200
    assert answer(stranger, app, newer[-1]).status_code == 303
    assert stranger.get(link).status_code == 410  # also now that somebody has answered


@pytest.mark.fault("F66")
@pytest.mark.parametrize("who", ["council", "coordinator", "authority"])
def test_who_only_reads_withdraws_no_link(
    app: FastAPI, stranger: TestClient, link: str, signed_in: SignIn, who: str
) -> None:
    client = signed_in(who)
    assert withdraw(client, app) == 404 and client.get(f"{OWN}/link").status_code == 404
    assert "/link" not in client.get(f"/aftaler/{KEY}/raad").text
    assert stranger.get(link).status_code == 200


def test_the_links_of_a_council_are_withdrawn_by_command(
    aftale: Aftale, place: Workplace, stranger: TestClient, link: str
) -> None:
    of = ("link", "revoke", KEY, "0851", "--version", "1")
    assert "skriv hvorfor" in aftale(*of, code=2).err
    assert stranger.get(link).status_code == 200
    said = aftale(*of, "--why", "Videresendt", "--by", "Anne", code=0)
    assert said.err.strip() == f"links til 0851 om version 1 af {KEY} er trukket tilbage"
    assert stranger.get(link).status_code == 410
    assert rows(place, "SELECT by, why FROM withdrawn_link") == [("Anne", "Videresendt")]
    unknown = aftale(*of[:3], "9999", *of[4:], "--why", "x", code=3)
    assert "har intet råd 9999 eller ingen version 1" in unknown.err
