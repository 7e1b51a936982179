"""A hundred thousand deadlines: every page does the work it does at seventy. Work is counted, in queries and in steps
of SQLite's own machine, not timed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, insert

from tests.faces.conftest import MORNING, guest
from workflow.faces.daemon.workplace import open_workplace
from workflow.faces.web.app import create_app
from workflow.settings import Settings
from workflow.storage.database import writing
from workflow.storage.tables import AgreementRow, DeadlineRow

pytestmark = pytest.mark.xdist_group("many")  # the hundred thousand are written once
AGREEMENTS, EACH = 5_000, 20
REGIONS = ("nordjylland", "midtjylland", "syddanmark", "hovedstaden", "sjaelland")
SYD = "/aftaler/syddanmark/2027-2031"
PAGES = [
    "/", "/aftaler", "/aftaler?efter=midtjylland/2000-0500", "/frister", "/frister?status=overdue",
    "/frister?status=met&efter=2015-06-01.50000", "/frister?status=undated", SYD, f"{SYD}/raad", f"{SYD}/breve",
    f"{SYD}/journal", f"{SYD}/statusark", f"{SYD}/frister/submission", "/breve/25", "/kontakter", "/soeg?q=Aalborg",
    "/soeg?q=25", "/?pr=2024-05-01", "/svar", "/frister?pr=2026-11-01", "/aftaler?pr=2026-11-01",
]  # fmt: skip


class Work:
    """How many queries an engine was asked, and how many hundred steps SQLite took for them."""

    def __init__(self, engine: Engine) -> None:
        self.queries = self.steps = 0
        event.listen(engine, "before_cursor_execute", self._asked)
        event.listen(engine, "checkout", self._watched)

    def _asked(self, *_: Any) -> None:
        self.queries += 1

    def _watched(self, connection: Any, *_: Any) -> None:
        connection.set_progress_handler(self._stepped, 100)

    def _stepped(self) -> int:
        self.steps += 1
        return 0


@pytest.fixture(scope="module")
def measured(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each page costs in the demo, and then among a hundred thousand deadlines more."""
    return costs(ticked_demo, tmp_path_factory.mktemp("many"), PAGES, _fill)


def costs(demo: Path, data: Path, pages: Iterable[str], fill: Callable[[Engine], None]) -> dict[str, Any]:
    """What each page costs in the demo, kept in the folder ``data``, and again after ``fill``."""
    shutil.copytree(demo, data, dirs_exist_ok=True)
    with open_workplace(Settings(data_dir=data)) as place:
        client = guest(create_app(lambda: place, lambda: MORNING))
        few = {path: _cost(client, place.engine, path) for path in pages}
        fill(place.engine)
        return {"few": few, "many": {path: _cost(client, place.engine, path) for path in pages}}


def _cost(client: TestClient, engine: Engine, path: str) -> tuple[int, int]:
    client.get(path)  # the first visit opens connections
    work = Work(engine)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", work._asked)
    event.remove(engine, "checkout", work._watched)
    return work.queries, work.steps


def _fill(engine: Engine) -> None:
    first, known = date(2010, 1, 1), ("met", "met_late", "upcoming", "overdue", "lapsed", "undated")
    with writing(engine) as session:
        session.execute(
            insert(AgreementRow),
            [
                {"id": 1000 + n, "region": REGIONS[n % 5], "label": f"2000-{n:04}", "term": "2022-2025",
                 "regime": "bek-1248-2022", "stamp": 0, "fact_count": 0, "head": "", "wake_on": date(2200, 1, 1),
                 "projected_on": first, "version_state": "draft", "period_state": "ended"}
                for n in range(AGREEMENTS)
            ],
        )  # fmt: skip
        rows = [
            {"agreement_id": 1000 + n, "rule": f"rule-{d}", "subject": "", "title": "Frist", "duty": "shall",
             "who": "ssu", "status": known[d % 6], "revision": 1, "cite": '["SUL § 205"]', "why": "[]",
             "legal_on": None if known[d % 6] == "undated" else first + timedelta(days=(n * 7 + d * 31) % 9000)}
            for n in range(AGREEMENTS)
            for d in range(EACH)
        ]  # fmt: skip
        session.execute(insert(DeadlineRow), rows)
        session.connection().exec_driver_sql("ANALYZE")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_and_works_no_more_among_a_hundred_thousand_deadlines(
    measured: dict[str, Any], path: str
) -> None:
    (few_queries, few_steps), (queries, steps) = measured["few"][path], measured["many"][path]
    assert queries <= few_queries + 12  # a region with one agreement in play now shows two
    assert steps <= 3 * few_steps + 300  # full pages where the demo has short ones; never a whole table
