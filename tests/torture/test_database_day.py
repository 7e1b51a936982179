"""No PostgreSQL for a day and a night. People are told at once, and everything goes out once when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.cluster import Cluster, cluster
from tests.faces.conftest import guest
from tests.faces.daemon.fleet import owe_letters
from tests.post import AT, notices, open_alarms, owe
from tests.reliability import keep, version
from tests.services.watch.test_telling import Web, web
from tests.smtp_server import ScriptedServer
from workflow.faces.daemon.outage import Outage
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.settings import Settings
from workflow.storage.database import connect, create
from workflow.storage.troubles import AWAY, trouble_of

pytestmark = [pytest.mark.timeout(1800), pytest.mark.xdist_group("fleet"), pytest.mark.slow]
MINUTE, DOWN, BACK = timedelta(minutes=1), AT + timedelta(minutes=5), AT + timedelta(hours=24)


@pytest.fixture
def own() -> Iterator[Cluster]:
    with cluster() as own:
        yield own


class Day:
    """A daemon's place in passed time: each step is a look at the database and a pass, as the daemon makes them."""

    def __init__(self, place: Workplace) -> None:
        self.place, self.at, self.refused = place, AT, 0
        self.outage = Outage(lambda: place, lambda: self.at, self.passed)
        self.app = create_app(lambda: place, lambda: self.at, None, self.outage)

    def passed(self) -> float:
        """Seconds since the beginning."""
        return (self.at - AT).total_seconds()

    def step(self, forward: timedelta) -> None:
        """Let time go by, then look and make a pass; one that is refused is counted, and has no other cause."""
        self.at += forward
        asyncio.run(self.outage.look())
        try:
            asyncio.run(tick(self.place, self.at, clock=lambda: self.at))
        except OperationalError as error:
            assert trouble_of(error) == AWAY
            self.refused += 1

    def ready(self) -> tuple[int, str]:
        """What ``/readyz`` answers, and why not."""
        with guest(self.app) as client:
            told = client.get("/readyz")
        return told.status_code, str(told.json()["why"])


@pytest.mark.torture
@pytest.mark.fault("F82")
def test_a_day_without_the_database_server(own: Cluster, tmp_path: Path, torture: bool) -> None:
    before, meanwhile, pause = (200, 200, 5 * MINUTE) if torture else (12, 12, 45 * MINUTE)
    create(own.url).dispose()
    engine = connect(own.url)
    owe_letters(engine, before)
    owe(engine, meanwhile, first=before + 1, due_at=DOWN + timedelta(hours=3), statutory=True)
    with ScriptedServer() as server, web() as operator:
        settings = Settings(
            data_dir=tmp_path, db=own.url, link_secret="one that lies outside the database",
            sender="frist@nord.example",
            smtp_host="127.0.0.1", smtp_port=server.port, alarm_webhook=operator.url, base_url="http://127.0.0.1:8025",
        )  # fmt: skip
        with open_workplace(settings) as place:
            day = Day(place)
            day.step(timedelta())
            day.step(MINUTE)
            sent_before = len(server.letters)
            assert 0 < sent_before <= before
            day.at = DOWN
            engine.dispose()
            place.engine.dispose()
            own.stop()
            told_after = _down(day, operator, pause)
            assert len(server.letters) == sent_before, "nothing goes out that could not be written down"
            own.start()
            day.at = BACK
            while {row.state for row in notices(engine)} != {"accepted"} and day.at < BACK + timedelta(
                hours=2
            ):
                day.step(MINUTE)
            assert day.ready()[0] == 200
        rows = notices(engine)
        assert [("kan ikke bruges" in one, "kan bruges igen" in one) for one in said(operator)] == [
            (True, False), (False, True),
        ]  # fmt: skip
    assert {(row.state, row.uncertain) for row in rows} == {("accepted", False)}
    assert sorted(letter.to for letter in server.letters) == sorted(row.address for row in rows)
    assert not {key: level for key, level in open_alarms(engine).items() if level == "alarm"}
    owed, came = {row.address for row in rows}, [letter.to for letter in server.letters]
    figures = {
        "notices": before + meanwhile, "hours away": 24, "passes refused": day.refused, "lost": len(owed - set(came)),
        "extra copies": len(came) - len(set(came)), "told by the second channel after (s)": told_after,
        "all out after the return (min)": int((day.at - BACK) / MINUTE),
    }  # fmt: skip
    keep("database away", version(engine), figures, long=torture)
    engine.dispose()


def _down(day: Day, operator: Web, pause: timedelta) -> int:
    """Live through the day; after how many seconds the second channel was told."""
    told_after = 0
    while day.at < BACK - pause:
        early = day.at - DOWN < 2 * MINUTE
        day.step(timedelta(seconds=10) if early else pause)
        if not told_after and said(operator):
            told_after = int((day.at - DOWN).total_seconds())
        if day.at - DOWN >= timedelta(seconds=30) and early:
            code, why = day.ready()
            assert (code, "databaseserveren svarer ikke" in why) == (503, True)
    assert 0 < told_after <= 120 and len(said(operator)) == 1, "told once, within two minutes"
    assert day.refused > 12
    return told_after


def said(operator: Web) -> list[str]:
    """What the second channel was told."""
    return [body.decode() for _, body in operator.heard]
