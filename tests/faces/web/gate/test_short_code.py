"""The short code beside the link: typed where sign-in was asked for, by whoever reads the mail on another device."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select

from tests.faces.web.conftest import Clock, browser, csrf, plain
from tests.faces.web.gate import test_gate
from tests.faces.web.gate.test_gate import ANNE, ask, link_in, mails
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.services.people.persons import end_person
from workflow.services.watch.trail import Asked, entries
from workflow.storage.database import reading
from workflow.storage.people.people import CodeTry

anne = test_gate.anne
ELSEWHERE = "198.51.100.20"


def code_in(mail: str) -> str:
    """The code in a sign-in mail, which stands on a line of its own."""
    (found,) = [line for line in mail.splitlines() if re.fullmatch("[2-9A-Z]{4}-[2-9A-Z]{4}", line)]
    return found


def type_in(client: TestClient, app: FastAPI, code: str) -> Response:
    return client.post("/log-ind/kode", data={"csrf": csrf(client, app), "code": code})


@pytest.mark.usefixtures("anne")
def test_the_code_signs_in_the_browser_that_asked_while_the_mail_is_read_elsewhere(
    app: FastAPI, stranger: TestClient, place: Workplace
) -> None:
    page = ask(stranger, app, ANNE, "/frister")
    assert 'action="/log-ind/kode"' in page and 'autocomplete="one-time-code"' in page
    (mail,) = mails(place, app)
    phone = browser(app, peer=ELSEWHERE)
    link, code = link_in(mail), code_in(mail)
    turned_away = phone.post(link, data={"csrf": csrf(phone, app)})
    assert turned_away.status_code == 404 and "skriv koden fra samme mail dér" in plain(turned_away)
    typed = f" {code.lower().replace('-', ' ')} "  # as people type it
    done = type_in(stranger, app, typed)
    assert (done.status_code, done.headers["Location"]) == (303, "/frister")
    assert "Anne (sekretariat)" in stranger.get("/").text
    (row,) = entries(place.engine, Asked(what="signed-in"))
    assert (row.who, row.about) == (ANNE, "/log-ind/kode")
    stored = (place.settings.data_dir / "aftale.db").read_bytes()
    assert code.encode() not in stored and code.replace("-", "").encode() not in stored


@pytest.mark.usefixtures("anne")
@pytest.mark.parametrize(
    "how", ["used", "its link used", "expired", "wrong", "empty", "in another browser", "ended"]
)
def test_a_code_that_is_not_good_signs_nobody_in(
    app: FastAPI, stranger: TestClient, place: Workplace, clock: Clock, how: str
) -> None:
    ask(stranger, app, ANNE)
    other = browser(app, peer=ELSEWHERE)
    ask(other, app, "ukendt@frist.example")
    (mail,) = mails(place, app)
    link, code, typist = link_in(mail), code_in(mail), stranger
    kept = dict(stranger.cookies)
    match how:
        case "used":
            assert type_in(stranger, app, code).status_code == 303
        case "its link used":
            assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303
        case "expired":
            clock.at += timedelta(minutes=10)
        case "wrong":
            code = code[:-1] + ("2" if code[-1] != "2" else "3")
        case "empty":
            code = "-"
        case "in another browser":
            typist = other
        case "ended":
            end_person(place.engine, ANNE, clock())
    if how in ("used", "its link used"):  # the very browser that asked, as it was
        typist = browser(app, peer="203.0.113.7")
        for name, value in kept.items():
            typist.cookies.set(name, value, domain="127.0.0.1")
    refused = type_in(typist, app, code)
    assert refused.status_code == 404
    assert "Koden kan ikke bruges." in refused.text and "<title>Fejl: Log ind" in refused.text
    assert typist.get("/").status_code == 303
    assert [one.about for one in entries(place.engine, Asked(what="sign-in-failed"))] == ["/log-ind/kode"]


@pytest.mark.usefixtures("anne")
def test_five_tries_are_all_a_browser_has_over_all_hosts_and_the_link_still_works(
    app: FastAPI, stranger: TestClient, place: Workplace, clock: Clock
) -> None:
    other = create_app(lambda: place, clock)
    ask(stranger, app, ANNE)
    (mail,) = mails(place, app)
    for host in (app, other, app, other, app):
        guesser = browser(host, peer="203.0.113.7")
        guesser.cookies.update(stranger.cookies)
        assert type_in(guesser, host, "2222-2222").status_code == 404
    other.state.postman.close()
    assert type_in(stranger, app, code_in(mail)).status_code == 404
    assert stranger.post(link_in(mail), data={"csrf": csrf(stranger, app)}).status_code == 303


@pytest.mark.usefixtures("anne")
def test_after_ten_minutes_a_browser_has_tries_again(
    app: FastAPI, stranger: TestClient, place: Workplace, clock: Clock
) -> None:
    for _ in range(5):
        type_in(stranger, app, "2222-2222")
    clock.at += timedelta(minutes=10)
    ask(stranger, app, ANNE)
    assert type_in(stranger, app, code_in(mails(place, app)[0])).status_code == 303


@pytest.mark.fault("F76")
def test_whoever_types_codes_without_end_waits(app: FastAPI) -> None:
    for number in range(20):  # a new browser each time, so that only the client is counted
        assert type_in(browser(app, peer=ELSEWHERE), app, f"{number:04}-2222").status_code == 404
    spent = type_in(browser(app, peer=ELSEWHERE), app, "2222-2222")
    assert (spent.status_code, spent.headers["Retry-After"]) == (429, "601")


@pytest.mark.usefixtures("anne")
def test_a_wrong_code_says_and_writes_the_same_whether_the_address_is_known(
    app: FastAPI, place: Workplace
) -> None:
    said, written = [], []
    for email in (ANNE, "ukendt@frist.example"):
        client = browser(app, peer=ELSEWHERE)
        ask(client, app, email)
        said.append(re.sub(r'value="[0-9a-f]{64}"', "", type_in(client, app, "2222-2222").text))
        with reading(place.engine) as session:
            written.append(session.scalar(select(func.count()).select_from(CodeTry)))
    app.state.postman.close()
    assert len(set(said)) == 1
    assert written == [1, 2]


@pytest.mark.usefixtures("anne")
def test_a_form_from_elsewhere_types_no_code(app: FastAPI, stranger: TestClient, place: Workplace) -> None:
    ask(stranger, app, ANNE)
    code = code_in(mails(place, app)[0])
    assert stranger.post("/log-ind/kode", data={"code": code}).status_code == 403
    assert type_in(stranger, app, code).status_code == 303


@pytest.mark.usefixtures("anne")
def test_page_and_mail_are_in_the_language_of_who_asked(
    app: FastAPI, place: Workplace, stranger: TestClient
) -> None:
    stranger.get("/log-ind?sprog=en")
    page = ask(stranger, app, ANNE)
    assert "The code from the mail" in page
    (mail,) = mails(place, app)
    assert "type this code instead, on the page where you asked to sign in" in " ".join(mail.split())
    assert code_in(mail) and "Koden" not in mail
