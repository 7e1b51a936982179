"""A hundred thousand letters: the lists of letters ask an index, and do the work they do at a few hundred."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from tests.faces.conftest import MORNING
from tests.faces.web.rounds.test_many import REGIONS, costs
from workflow.storage.database import writing
from workflow.storage.tables import AgreementRow, Notice

pytestmark = pytest.mark.xdist_group("many")
LETTERS, AGREEMENTS = 100_000, 500
PAGES = [
    "/breve", "/breve?uge=2026-11-25", "/breve?uge=2014-06-04", "/breve?tilstand=overgivet",
    "/breve?tilstand=standset", "/breve?tilstand=usikker", "/breve?tilstand=kan-ikke-naas", "/breve?organ=0851",
    "/breve?slags=hold-over", "/breve?region=nordjylland", "/breve?region=nordjylland&uge=2014-06-04",
    "/breve?efter=1400000000000000-900", "/breve/kommende?region=nordjylland", "/breve/25",
]  # fmt: skip


Cost = dict[str, dict[str, tuple[int, int]]]


@pytest.fixture(scope="module")
def measured(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Cost:
    return costs(ticked_demo, tmp_path_factory.mktemp("letters"), PAGES, _fill)


def _fill(engine: Engine) -> None:
    """Twenty years of letters, accepted, to ninety-odd bodies about every agreement."""
    with writing(engine) as session:
        session.execute(
            insert(AgreementRow),
            [
                {"id": 1000 + n, "region": REGIONS[n % 5], "label": f"2000-{n:04}", "term": "2022-2025",
                 "regime": "bek-1248-2022", "stamp": 0, "fact_count": 0, "head": "", "wake_on": date(2200, 1, 1),
                 "projected_on": date(2010, 1, 1), "version_state": "draft", "period_state": "ended"}
                for n in range(AGREEMENTS)
            ],
        )  # fmt: skip
        first = MORNING - timedelta(days=7300)
        rows = [
            {"key": f"x|{n}", "agreement_id": 1000 + n % AGREEMENTS, "letter": f"kind-{n % 40}",
             "recipient": f"{(n * 7) % 97 + 1000:04}/council", "due_on": first.date(), "planned_at": first,
             "next_at": first + timedelta(minutes=n * 105), "accepted_at": first + timedelta(minutes=n * 105),
             "state": "accepted", "facts": "{}"}
            for n in range(LETTERS)
        ]  # fmt: skip
        session.execute(insert(Notice), rows)
        session.connection().exec_driver_sql("ANALYZE")


@pytest.mark.parametrize("path", PAGES)
def test_a_list_of_letters_works_no_more_among_a_hundred_thousand(measured: Cost, path: str) -> None:
    (few_queries, few_steps), (queries, steps) = measured["few"][path], measured["many"][path]
    assert queries <= few_queries + 2
    assert steps <= 3 * few_steps + 300, "a page, never the whole table"
