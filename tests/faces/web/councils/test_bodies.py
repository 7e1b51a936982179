"""Large bodies of strangers are not read, and what a stranger reads holds nothing that a person typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, browser, csrf
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import MEETING, reports
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.once import Once
from workflow.faces.web.pages.papers import sheet
from workflow.services.delivery.handling import hold_everything

mails, link = answering.mails, answering.link
FORM = "/aftaler/nordjylland/2024-2027/registrer/submitted"
FILE = {"document": ("bilag.pdf", b"%PDF" + b"x" * 1_000_000, "application/pdf")}


class Drops:
    """A body of a megabyte that says nothing of its length; ``taken`` are the bytes of it that were asked for."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(100):
            self.taken += 10_000
            yield b"x" * 10_000


def test_a_stranger_s_large_file_is_answered_before_it_is_read(app: FastAPI, stranger: TestClient) -> None:
    refused = stranger.post(FORM, data={"csrf": csrf(stranger, app)}, files=FILE)
    assert refused.status_code == 401 and "Log ind" in refused.text
    assert refused.headers["Connection"] == "close" and refused.headers["X-Frame-Options"] == "DENY"
    told = stranger.post("/api/v1/agreements/nordjylland/2024-2027/facts", content=b"x" * 300_000)
    assert told.status_code == 401 and told.headers["Content-Type"] == "application/problem+json"


def test_of_a_stranger_s_body_without_a_length_a_quarter_of_a_megabyte_is_taken(app: FastAPI) -> None:
    scope = {
        "type": "http", "method": "POST", "path": FORM, "raw_path": FORM.encode(), "query_string": b"", "headers": [
            (b"host", b"127.0.0.1:8025"), (b"content-type", b"application/x-www-form-urlencoded"),
        ], "client": ("203.0.113.7", 5), "server": ("127.0.0.1", 8025), "scheme": "http", "http_version": "1.1",
        "root_path": "",
    }  # fmt: skip
    drops, sent = Drops(), []
    body = iter(drops)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": next(body), "more_body": True}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 401 and drops.taken <= 270_000


def test_whoever_is_signed_in_and_a_council_by_its_link_send_files_as_before(
    app: FastAPI, place: Workplace, stranger: TestClient, signed_in: SignIn, link: str
) -> None:
    minutes = {"minutes": ("referat.pdf", b"%PDF" + b"x" * 1_000_000, "application/pdf")}
    data = {"csrf": csrf(stranger, app), "event": "council-approved", "on": MEETING}
    assert stranger.post(f"{link[:-4]}abcd", data=data, files=minutes).status_code == 401
    assert stranger.post(link, data=data, files=minutes).status_code == 303
    assert reports(place) == [("0851", "council-approved", "reported")]
    secretary = signed_in("secretariat")
    shown = secretary.post(FORM, data={"csrf": csrf(secretary, app)}, files=FILE)
    assert shown.status_code not in (401, 413), "the form is read, whatever it says"


@pytest.mark.ticked
def test_readyz_says_that_sending_is_held_and_never_a_person_s_words(place: Workplace, app: FastAPI) -> None:
    hold_everything(place.engine, "Anne Hansen er sygemeldt, tlf. 12 34 56 78", "drift", MORNING)
    said = browser(app, peer="203.0.113.7").get("/readyz")
    assert said.status_code == 200 and said.json()["ready"] is True
    assert "standset" in said.json()["why"] and "Hansen" not in said.text


def test_the_foot_of_the_front_page_names_the_folder_to_whoever_runs_the_installation_alone(
    place: Workplace, signed_in: SignIn
) -> None:
    folder = str(place.settings.inbox)
    assert folder in signed_in("administrator").get("/").text
    for role in ("secretariat", "council", "coordinator", "region-administrator"):
        page = signed_in(role).get("/").text
        assert folder not in page and "Brevene bliver på denne maskine." in page


def test_a_redirect_of_a_trailing_slash_names_no_scheme_and_no_host(signed_in: SignIn) -> None:
    said = signed_in("secretariat").get("/breve/?uge=1")
    assert said.status_code == 307 and said.headers["Location"] == "/breve?uge=1"


def test_signing_out_takes_along_what_the_browser_kept(app: FastAPI, signed_in: SignIn) -> None:
    anne = signed_in("secretariat")
    said = anne.post("/log-ud", data={"csrf": csrf(anne, app)})
    assert said.status_code == 303 and said.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_what_may_be_shown_once_is_known_again_for_as_long_as_it_would_hold() -> None:
    once = Once(timedelta(minutes=10))
    assert once.first("a", MORNING) and not once.first("a", MORNING)
    assert not once.first("a", MORNING + timedelta(minutes=9)) and once.first("b", MORNING)
    assert once.first("a", MORNING + timedelta(minutes=10))


@pytest.mark.skipif(sheet.printer() is None, reason="Pango is not installed")
def test_pdf_and_word_files_that_were_taken_are_in_the_trail(
    place: Workplace, signed_in: SignIn, clock: Clock
) -> None:
    from tests.faces.web.people.test_trail import kinds

    coordinator = signed_in("coordinator")
    for path in ("statusark.pdf", "maanedsrapport.docx?maaned=2026-10"):
        assert coordinator.get(f"/aftaler/nordjylland/2024-2027/{path}").status_code == 200
    assert kinds(place) == ["export", "export"]
