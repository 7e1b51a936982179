"""One agreement that the rules cannot work out: every face shows the others, and names it with what is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Aftale
from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.storage.database import writing
from workflow.storage.facts import journal

BROKEN, SOUND = "midtjylland/2024-2027", "nordjylland/2024-2027"
pytestmark = pytest.mark.fault("F37")


@pytest.fixture(autouse=True)
def broken(place: Workplace) -> None:
    """A status report of no kind there is, which an earlier release might have taken."""
    again = Fact(0, "status-adopted", date(2026, 1, 5), about="other", by="test", known_on=date(2026, 1, 5))
    with writing(place.engine) as session:
        row = journal.find(session, BROKEN, lock=True)
        journal.append(session, row, again, MORNING)
        journal.store_state(session, row, row.stamp)


def test_the_front_page_shows_the_others_and_says_what_is_wrong_with_it(guest: TestClient) -> None:
    page = guest.get("/")
    assert page.status_code == 200
    assert f'href="/aftaler/{SOUND}"' in page.text
    assert f"{BROKEN} kan ikke regnes efter, så der sendes ingen breve: " in plain(page)
    assert f'href="/aftaler/{BROKEN}"' not in page.text


def test_its_own_page_says_so(guest: TestClient) -> None:
    page = guest.get(f"/aftaler/{BROKEN}")
    assert page.status_code == 503
    assert f"Aftalen {BROKEN} kan ikke regnes efter: " in plain(page)
    assert guest.get(f"/aftaler/{SOUND}").status_code == 200


def test_the_api_says_so_and_shows_no_list_that_is_not_whole(signed_in: SignIn) -> None:
    reader = signed_in("administrator")
    for path in (f"/agreements/{BROKEN}", "/agreements", "/agreements?region=midtjylland"):
        answer = reader.get(f"/api/v1{path}")
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:aftalefrist:problem:unworkable"
        assert f"{BROKEN}: aftalen kan ikke regnes efter: " in answer.json()["detail"]
    assert reader.get("/api/v1/agreements?region=nordjylland").status_code == 200
    described = reader.get("/api/v1/openapi.json").json()["paths"]["/api/v1/agreements"]["get"]["responses"]
    assert "facts do not fit the rules" in described["503"]["description"]


def test_the_command_line_shows_the_others_and_ends_as_an_error_that_names_it(
    aftale: Aftale, place: Workplace
) -> None:
    for command in ("status", "deadlines"):
        said = aftale(command, "--db", place.settings.db, code=78)
        assert SOUND in said.out
        assert BROKEN not in said.out
        assert f"{BROKEN}: aftalen kan ikke regnes efter: " in said.err
        assert f"Se aftale journal {BROKEN}" in said.err
    assert "status-adopted" in aftale("journal", BROKEN, "--db", place.settings.db, code=0).out
