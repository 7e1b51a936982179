"""Browsers at the site of a demo: its guest at this very machine, and people who signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.conftest import once_a_run
from tests.faces.conftest import MORNING, served
from tests.faces.web.onesite import OneSite
from tests.faces.web.provider import Provider, running
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.services.people.persons import add_person
from workflow.services.people.signin import begin_for
from workflow.settings import Settings

HERE = "http://127.0.0.1:8025"
WHO = {  # role -> where it is at home; the tests' own region is Nordjylland and their own council Aalborg
    "secretariat": {"region": "nordjylland"},
    "council": {"body": "0851"},
    "coordinator": {"region": "nordjylland"},
    "region-administrator": {"region": "nordjylland"},
    "authority": {},
    "administrator": {},
}


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def now() -> Callable[[], datetime]:
    """The clock of a browser's server: it stands still."""
    return lambda: MORNING


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def asked_demo(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Path:
    """The data folder of a demo whose text was sent to the councils, who are asked to answer by 15 January."""
    from tests.faces.web.councils.answering import sent_out

    def make(folder: Path) -> None:
        shutil.copy(demo_template, folder)
        with open_workplace(Settings(data_dir=folder)) as place:
            sent_out(place, Clock(), date(2027, 1, 15))

    return once_a_run(tmp_path_factory, "asked-demo", make)


@pytest.fixture
def place(settings: Settings) -> Iterator[Workplace]:
    with open_workplace(settings) as place:
        yield place


@pytest.fixture
def app(place: Workplace, clock: Clock, one_site: OneSite) -> Iterator[FastAPI]:
    """The site of this test's own place, which nobody has been to."""
    app = one_site.at(place, clock)
    yield app
    app.state.postman.close()


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(identity_provider: Provider) -> Provider:
    """An identity provider that knows of nobody yet. It has one address in all tests: a site is made for it once."""
    identity_provider.as_new()
    return identity_provider


def plain(answer: Response) -> str:
    """An answer's page, with ordinary spaces where it holds words together on one line."""
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def browser(app: FastAPI, url: str = HERE, peer: str = "127.0.0.1") -> TestClient:
    """A browser that follows no redirects."""
    return served(app, url, peer, follow_redirects=False)


@pytest.fixture
def guest(app: FastAPI) -> TestClient:
    """The demo's guest."""
    return browser(app)


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    """Somebody from elsewhere who has not signed in."""
    return browser(app, peer="203.0.113.7")


def enter(app: FastAPI, place: Workplace, at: datetime, role: str, **where: str) -> TestClient:
    """A browser with the session of a new person of this role."""
    email = f"{role}-{'-'.join(where.values()) or 'own'}@frist.example"
    whose = where or WHO[role]
    add_person(
        place.engine, place.rulebook, email=email, name=f"Anne {role}", role=role.removeprefix("region-"), at=at,
        region=whose.get("region", ""), body=whose.get("body", ""),
    )  # fmt: skip
    secret = begin_for(place.engine, email, at)
    assert secret
    client = browser(app, peer="203.0.113.7")
    cookies = app.state.gate.cookies
    client.cookies.set(cookies.session_name, cookies.sealed(secret, at), domain="127.0.0.1")
    return client


SignIn = Callable[..., TestClient]


@pytest.fixture
def signed_in(app: FastAPI, place: Workplace, clock: Clock) -> SignIn:
    """``signed_in("council")``, ``signed_in("secretariat", region="midtjylland")``: a browser with a session."""
    return lambda role, **where: enter(app, place, clock(), role, **where)


def csrf(client: TestClient, app: FastAPI) -> str:
    """What this browser's forms carry, as the page shows it."""
    cookies = app.state.gate.cookies
    if sealed := client.cookies.get(cookies.session_name):
        return str(cookies.csrf(cookies.opened(sealed)[0]))
    if not client.cookies.get(cookies.browser_name):
        client.get("/log-ind")
    return str(cookies.csrf(client.cookies.get(cookies.browser_name) or ""))
