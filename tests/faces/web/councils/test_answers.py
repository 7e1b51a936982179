"""*From the mail*: a council reports through its link, the secretariat verifies or says why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.web.conftest import Clock, SignIn, browser, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import (
    KEY,
    LINK,
    MEETING,
    answer,
    decisions,
    happens,
    passes,
    reports,
    rows,
)
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day

mails, link = answering.mails, answering.link


def test_a_council_reports_the_secretariat_verifies_and_the_matrix_and_mails_follow(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    page = stranger.get(link)
    assert page.status_code == 200 and "Aalborg Kommune svarer om sundhedsaftalen 2028-2031" in page.text
    done = answer(stranger, app, link, remark="Enstemmigt")
    assert (done.status_code, done.headers["Location"]) == (303, link)
    assert "Svaret er modtaget" in stranger.get(link).text
    assert reports(place) == [("0851", "council-approved", "reported")] and decisions(place) == []
    receipts = [
        (to, body) for to, body in passes(place, clock) if "indberettet fra" in " ".join(body.split())
    ]
    assert len(receipts) == 2  # the council's mailbox, and the region's desk that verifies
    assert sum("gør indsigelse straks" in " ".join(body.split()) for _, body in receipts) == 1
    secretariat = signed_in("secretariat")
    assert "Bekræft svaret fra Aalborg Kommune" in secretariat.get("/").text
    assert "Indberettet, ikke bekræftet (1)" in secretariat.get(f"/aftaler/{KEY}/raad").text
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    where = f"/indberetninger/{number}"
    assert "Enstemmigt" in secretariat.get(where).text
    token = csrf(secretariat, app)
    without = secretariat.post(where, data={"csrf": token, "do": "bekraeft", "source": " "})
    assert without.status_code == 422 and "hvor rådets beslutning kan læses" in without.text
    verified = secretariat.post(
        where, data={"csrf": token, "do": "bekraeft", "source": "Protokol, punkt 12"},
        files={"document": ("protokol.pdf", b"%PDF", "application/pdf")},
    )  # fmt: skip
    assert verified.status_code == 303
    (fact,) = decisions(place)
    assert (fact.event, fact.council, fact.on.isoformat(), fact.version) == (
        "council-approved",
        "0851",
        MEETING,
        1,
    )
    assert fact.source.startswith("Protokol, punkt 12. Indberettet af ") and fact.document
    assert "Protokol, punkt 12" in secretariat.get(f"/aftaler/{KEY}/raad").text
    assert "Bekræft svaret" not in secretariat.get("/").text
    again = secretariat.post(where, data={"csrf": token, "do": "bekraeft", "source": "Protokol, punkt 12"})
    assert again.status_code == 303 and len(decisions(place)) == 1
    other = secretariat.post(where, data={"csrf": token, "do": "afvis", "why": "nej"})
    assert other.status_code == 409 and "blev bekræftet af Anne secretariat" in other.text
    assert "Beslutningen er registreret" in stranger.get(link).text
    confirmed = [
        to
        for to, body in passes(place, clock)
        if "registreret som rådets beslutning" in " ".join(body.split())
    ]
    assert confirmed == []  # the council has its receipt, and the desk typed it itself


@pytest.mark.parametrize(("do", "then"), [("bekraeft", "decision-confirmed"), ("afvis", "decision-returned")])
def test_a_receipt_that_waits_for_the_morning_is_replaced_when_the_report_is_settled(
    app: FastAPI, place: Workplace, clock: Clock, link: str, signed_in: SignIn, do: str, then: str
) -> None:
    clock.at = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # half past one at night in Denmark
    answer(browser(app), app, link)
    secretariat = signed_in("secretariat")
    where = f"/indberetninger/{rows(place, 'SELECT id FROM reported_decision')[0][0]}"
    clock.at += timedelta(minutes=1)
    data = {
        "csrf": csrf(secretariat, app),
        "do": do,
        "source": "Protokol, punkt 12",
        "why": "Sagen blev udsat",
    }
    assert secretariat.post(where, data=data).status_code == 303
    clock.at = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    told = [" ".join(body.split()) for _, body in passes(place, clock)]
    assert not [body for body in told if "Den tæller først, når sekretariatet har bekræftet den" in body]
    letters = "SELECT letter, state FROM notice WHERE letter LIKE 'decision-%' ORDER BY letter DESC, id"
    assert sorted(rows(place, letters)) == sorted(
        [("decision-reported", "superseded")] * 2 + [(then, "accepted")]
    )


def test_a_report_turned_down_is_told_to_the_council_which_may_answer_again(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    answer(stranger, app, link)
    secretariat = signed_in("secretariat")
    token = csrf(secretariat, app)
    where = f"/indberetninger/{rows(place, 'SELECT id FROM reported_decision')[0][0]}"
    assert secretariat.post(where, data={"csrf": token, "do": "afvis", "why": ""}).status_code == 422
    assert (
        secretariat.post(where, data={"csrf": token, "do": "afvis", "why": "Sagen blev udsat"}).status_code
        == 303
    )
    assert [body for _, body in passes(place, clock) if "Begrundelse: Sagen blev udsat" in body]
    assert "Sagen blev udsat" in stranger.get(link).text
    assert answer(stranger, app, link, "council-postponed").status_code == 303
    assert [row[2] for row in reports(place)] == ["turned-down", "reported"] and decisions(place) == []


@pytest.mark.fault("F61")
def test_of_two_different_answers_at_once_one_is_kept_and_the_other_hears_who_and_when(
    app: FastAPI, place: Workplace, link: str
) -> None:
    clients = [browser(app, peer=f"203.0.113.{n}") for n in (8, 9)]
    tokens = [csrf(one, app) for one in clients]
    events = ("council-approved", "council-rejected")
    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(
                lambda one: one[0].post(link, data={"csrf": one[1], "event": one[2], "on": MEETING}),
                zip(clients, tokens, events, strict=True),
            )
        )
    assert sorted(one.status_code for one in answers) == [303, 409]
    refused = next(one for one in answers if one.status_code == 409)
    assert "har allerede indberettet" in refused.text and "23. november 2026 kl. 9.00" in plain(refused)
    assert len(reports(place)) == 1


@pytest.mark.fault("F63")
def test_the_same_answer_again_from_the_back_button_or_another_browser_is_one_report(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    for client in (stranger, stranger, browser(app, peer="203.0.113.9")):
        assert answer(client, app, link).status_code == 303
    assert len(reports(place)) == 1
    assert len([1 for _, body in passes(place, clock) if "indberettet fra" in " ".join(body.split())]) == 2


@pytest.mark.fault("F62")
def test_an_answer_after_the_submission_or_about_an_old_text_is_a_clear_no(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    happens(place, clock, "sent-for-approval", version=2)
    refused = answer(stranger, app, link)
    assert refused.status_code == 409 and "version 1 er erstattet af version 2" in refused.text
    for party in place.rulebook.parties("nordjylland", danish_day(clock())):
        happens(place, clock, "council-approved", council=party.code, version=2)
    happens(place, clock, "submitted", version=2)
    newer = next(
        one for one in [LINK.search(body) for to, body in passes(place, clock) if "aalborg" in to] if one
    )
    assert answer(stranger, app, newer[1]).status_code == 409
    assert reports(place) == []


def test_a_neighbour_may_not_verify(
    app: FastAPI, stranger: TestClient, link: str, signed_in: SignIn, place: Workplace
) -> None:
    answer(stranger, app, link)
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    assert signed_in("secretariat", region="midtjylland").get(f"/indberetninger/{number}").status_code == 404
    assert signed_in("administrator").get(f"/indberetninger/{number}").status_code == 404
