"""A page of the API costs the same at a hundred thousand deadlines as at seventy: counted in queries and in the steps
SQLite takes, since a clock would lie."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlmodel import col

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import browser
from tests.faces.web.growing import AGREEMENTS, PATHS, filled
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.tables import DeadlineRow

SLACK = 1.5  # a deeper index costs a few steps more; a scan would cost thousands of times as much


class Worked:
    """What a database did for the site."""

    def __init__(self, place: Workplace) -> None:
        self.queries = self.steps = 0
        event.listen(place.engine, "connect", self._watch)
        event.listen(place.engine, "before_cursor_execute", self._asked)
        place.engine.dispose()  # so that every connection from now on is watched

    def _watch(self, connection: object, _record: object) -> None:
        connection.set_progress_handler(self._stepped, 10)  # type: ignore[attr-defined]

    def _stepped(self) -> int:
        self.steps += 10
        return 0

    def _asked(self, *_about: object) -> None:
        self.queries += 1

    def by(self, client: TestClient, path: str) -> tuple[int, int]:
        """Queries and steps of one request."""
        client.get(path)  # what is read once a process is read before
        self.queries = self.steps = 0
        assert client.get(path).status_code in (200, 404)
        return self.queries, self.steps


@pytest.fixture(scope="module")
def work(
    tmp_path_factory: pytest.TempPathFactory, demo_template: Path
) -> Iterator[dict[str, list[tuple[int, int]]]]:
    """Path -> the work before and after the database grew."""
    data = tmp_path_factory.mktemp("growing")
    shutil.copy(demo_template, data / "aftale.db")
    with open_workplace(Settings(data_dir=data)) as place:
        app: FastAPI = create_app(lambda: place, lambda: MORNING)
        worked, guest = Worked(place), browser(app)
        filled(place, range(1000, 1060))  # more than one answer looks through
        small = {path: worked.by(guest, path) for path in PATHS}
        filled(place, range(2000, 2000 + AGREEMENTS))
        with reading(place.engine) as session:
            assert len(session.scalars(select(col(DeadlineRow.id))).all()) > 98_000
        yield {path: [small[path], worked.by(guest, path)] for path in PATHS}
        app.state.postman.close()


@pytest.mark.parametrize("path", PATHS)
def test_the_work_of_an_answer_does_not_grow(work: dict[str, list[tuple[int, int]]], path: str) -> None:
    (queries, steps), (later_queries, later_steps) = work[path]
    assert later_queries <= queries and later_steps <= steps * SLACK + 500
