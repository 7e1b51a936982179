"""The key of the links is changed while the site runs: what becomes of old links, of sessions, of the next letter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.web.conftest import Clock, enter
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import LINK, answer, mails_of, passes, reports
from workflow.faces.daemon.embedded import Daemon
from workflow.faces.daemon.pulse import Pulse
from workflow.faces.daemon.workplace import Workplace, link_secret
from workflow.faces.web.app import create_app
from workflow.services.delivery.sending import LEASE, nothing
from workflow.services.keeping.linkkeys import rotate

mails, link = answering.mails, answering.link


@pytest.fixture
def daemon(place: Workplace, clock: Clock) -> Daemon:
    return Daemon(place, Pulse(clock), nothing, lambda _: None, LEASE)


@pytest.fixture
def app(daemon: Daemon, clock: Clock) -> Iterator[FastAPI]:
    app = create_app(lambda: daemon.place, clock)
    yield app
    app.state.postman.close()


def changed(place: Workplace, clock: Clock) -> None:
    rotate(place.engine, place.instance, link_secret(place.settings), "en kopi blev væk", "drift", clock())


def test_a_link_signed_by_a_key_that_ended_answers_nothing_and_says_so(
    app: FastAPI, daemon: Daemon, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    changed(place, clock)
    asyncio.run(daemon.beat())
    for said in (stranger.get(link), answer(stranger, app, link)):
        assert said.status_code == 409
        assert "alle links i tidligere breve lukket" in said.text and "et nyere brev" in said.text
    assert reports(place) == []


def test_acknowledging_and_confirming_links_end_with_it_too(
    app: FastAPI,
    daemon: Daemon,
    place: Workplace,
    clock: Clock,
    stranger: TestClient,
    mails: list[tuple[str, str]],
) -> None:
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    found = {one for _, body in passes(place, clock) for one in LINK.findall(body) if "/kvitter/" in one}
    assert found
    changed(place, clock)
    asyncio.run(daemon.beat())
    assert {stranger.get(one).status_code for one in found} == {409}


def test_the_next_letter_has_a_link_that_holds(
    app: FastAPI, daemon: Daemon, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    before = len(mails_of(place))
    changed(place, clock)
    asyncio.run(daemon.beat())
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # the reminder comes
    later = [body for to, body in passes(place, clock)[before:] if "aalborg" in to]
    links = {one for body in later for one in LINK.findall(body) if "/svar/" in one}
    assert links and link not in links, (
        "letters are written by the key of the moment, whoever opened the database"
    )
    assert "Send svaret" in stranger.get(links.pop()).text


def test_who_was_signed_in_signs_in_again(
    app: FastAPI, daemon: Daemon, place: Workplace, clock: Clock
) -> None:
    anne = enter(app, place, clock(), "secretariat")
    assert anne.get("/").status_code == 200
    changed(place, clock)
    asyncio.run(daemon.beat())
    assert anne.get("/").status_code == 303
