"""A demo of one fixed day, copied for each test, and daemons in processes of their own."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, BaseTransport, Request, Response

from tests.conftest import ROOT, once_a_run
from tests.faces.daemon import daemon_process
from tests.faces.web.onesite import OneSite
from tests.forked import Forked, command
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.rounds.demo import demo_contacts
from workflow.services.rounds.importing import as_they_happened
from workflow.services.rounds.roundfile import read_round
from workflow.services.rounds.setup import set_up
from workflow.settings import Settings
from workflow.storage import meta
from workflow.storage.database import connect, writing
from workflow.storage.law.rulebook import load

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Denmark, a Monday


@pytest.fixture(scope="session")
def new_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo as it is first met: every letter about its past waits for an answer."""

    def make(folder: Path) -> None:
        url, today = f"sqlite:///{folder}/aftale.db", danish_day(MORNING)
        set_up(url, load(ROOT / "calendars"), at=MORNING, today=today, demo=True)

    return once_a_run(tmp_path_factory, "new-demo", make) / "aftale.db"


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo whose facts were typed in on their days, so that what happened this autumn is this autumn's news."""
    return once_a_run(tmp_path_factory, "demo", _typed_in) / "aftale.db"


def _typed_in(folder: Path) -> None:
    url, rulebook, today = f"sqlite:///{folder}/aftale.db", load(ROOT / "calendars"), danish_day(MORNING)
    set_up(url, rulebook, at=MORNING, today=today, demo=False)
    engine = connect(url)
    with writing(engine) as session:
        meta.put(session, "demo", "yes")
    for entry in read_round(ROOT / "calendars" / "demo" / "agreements.toml"):
        first = min((fact.on for fact in entry.fact), default=today) - timedelta(days=400)
        open_agreement(
            engine, rulebook, Fact(0, "opened", today, source=entry.source, by="demo"), region=entry.region,
            term=entry.term, label=entry.label, at=_noon(first), effective=entry.effective,
            nominal_end=entry.nominal_end, nominal_end_source=entry.nominal_end_source,
            municipality=entry.municipality, regime=entry.regime,
        )  # fmt: skip
        everybody = [party.code for party in rulebook.parties(entry.region, today, entry.municipality)]
        for _, _, fact in as_they_happened(entry, everybody, "demo"):
            record(engine, rulebook, entry.key, fact, today=today, at=_noon(fact.on))
    import_contacts(engine, rulebook, demo_contacts(rulebook))
    engine.dispose()


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


@pytest.fixture(scope="session")
def ticked_demo(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Path:
    """The data folder of that demo after its first pass: the letters of the day are sent and lie in the inbox."""

    def make(folder: Path) -> None:
        shutil.copy(demo_template, folder)
        with open_workplace(Settings(data_dir=folder)) as place:
            asyncio.run(tick(place, MORNING, clock=lambda: MORNING))

    return once_a_run(tmp_path_factory, "ticked-demo", make)


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a demo of this test's own, with the local inbox and a page on a free port. A test that is marked
    ``ticked`` comes after the first pass, one that asks for ``asked_demo`` when its text is with the councils."""
    data = tmp_path / "data"
    ticked = "ticked_demo" if request.node.get_closest_marker("ticked") else ""
    if made := ticked or next((name for name in request.fixturenames if name == "asked_demo"), ""):
        shutil.copytree(request.getfixturevalue(made), data)
    else:
        data.mkdir()
        shutil.copy(request.getfixturevalue("demo_template"), data / "aftale.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return Settings(data_dir=data, port=port, tick_seconds=1)


@dataclass
class Running:
    """A daemon and what it says."""

    process: Forked
    said: str = ""

    def until(self, *words: str, times: int = 1) -> str:
        """Read its output up to the line that holds one of ``words`` for the ``times``-th time; that line."""
        read = []
        for line in self.process.stdout:
            read.append(line)
            times -= any(word in line for word in words)
            if times == 0:
                return line
        raise AssertionError(f"it ended ({self.process.wait()}) without saying {words}:\n{''.join(read)}")

    def stops(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after this signal."""
        self.process.send_signal(number)
        return self.ends()

    def ends(self) -> int:
        """Its exit code, and whatever it said is read."""
        self.said = self.process.communicate(timeout=60)
        return self.process.wait()


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path, clean_env: dict[str, str], settings: Settings) -> Iterator[Start]:
    """``start(at=..., AFTALE_X=...)``: a daemon whose clock runs from ``at``; without ``at``, ``aftale daemon``."""
    begun: list[Forked] = []

    def daemon(at: datetime | None = MORNING, **env: str) -> Running:
        program, said = (daemon_process.main, [at.isoformat()]) if at else (command, ["daemon"])
        more = {"AFTALE_PORT": str(settings.port), "AFTALE_TICK_SECONDS": "1", "AFTALE_LOG_FORMAT": "text"}
        begun.append(Forked(program, said, clean_env | more | env, tmp_path))
        return Running(begun[-1])

    yield daemon
    for process in begun:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def one_site() -> OneSite:
    return OneSite()


_SERVING: list[BlockingPortal] = []


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """One event loop and its threads serve all browsers of the run's process, as a daemon serves its visitors: a loop
    and threads for each request would cost as much as many an answer."""
    with start_blocking_portal() as portal:
        _SERVING.append(portal)
        yield
        _SERVING.clear()


class Straight(BaseTransport):
    """From a browser to its server and back in one step: each step to another thread costs as much as many a page."""

    def __init__(self, client: TestClient, peer: tuple[str, int]) -> None:
        self.app = ASGITransport(client.app, raise_app_exceptions=False, client=peer)

    def handle_request(self, request: Request) -> Response:
        request.read()
        return _SERVING[0].call(self._answer, request)

    async def _answer(self, request: Request) -> Response:
        answer = await self.app.handle_async_request(request)
        return Response(answer.status_code, headers=answer.headers, content=await answer.aread())


def served(app: FastAPI, url: str, peer: str, **kind: Any) -> TestClient:
    """A browser, served by that loop where there is one, which sees what a server error looks like."""
    client = TestClient(app, base_url=url, client=(peer, 50000), raise_server_exceptions=False, **kind)
    if _SERVING:
        client._transport = Straight(client, (peer, 50000))
    return client


def guest(app: FastAPI) -> TestClient:
    """A browser at this very machine: the demo lets it in."""
    return served(app, "http://127.0.0.1:8025", "127.0.0.1")


def later(**time: float) -> datetime:
    return MORNING + timedelta(**time)


@pytest.fixture
def client(place: Workplace, one_site: OneSite) -> Iterator[TestClient]:
    """The guest at the ``place`` of the test's own file."""
    app = one_site.at(place, lambda: MORNING)
    yield guest(app)
    app.state.postman.close()
