"""*Breve om fortiden*: what had happened before it was entered is shown, asked about and answered on the site."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.faces.web.conftest import SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.services.planning.answering import count_unanswered, unanswered
from workflow.settings import Settings

KEY = "nordjylland/2024-2027"
PAGE = f"/aftaler/{KEY}/fortid"
FORMS = f"/aftaler/{KEY}/registrer"


@pytest.fixture
def settings(tmp_path: Path, new_demo: Path) -> Settings:
    """A demo as it is first met."""
    shutil.copy(new_demo, tmp_path / "aftale.db")
    return Settings(data_dir=tmp_path)


def post(client: TestClient, app: FastAPI, path: str, **data: str | list[str]) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data})  # type: ignore[arg-type,return-value]


@pytest.fixture
def secretary(signed_in: SignIn) -> TestClient:
    return signed_in("secretariat")


def test_the_secretariat_is_asked_on_the_front_the_agreement_and_the_letter_and_nobody_else_is(
    secretary: TestClient, signed_in: SignIn, place: Workplace
) -> None:
    [(_, first), *_] = unanswered(place.engine, agreement=KEY)
    waiting = f"{count_unanswered(place.engine)[KEY]} breve"
    for page in ("/", f"/aftaler/{KEY}", f"/aftaler/{KEY}/journal"):
        said = plain(secretary.get(page))
        assert waiting in said and PAGE in said, page
    assert PAGE in secretary.get(f"/breve/{first.id}").text
    assert "/aftaler/midtjylland/2024-2027/fortid" not in secretary.get("/").text
    for who, where in (("coordinator", {}), ("council", {}), ("secretariat", {"region": "midtjylland"})):
        other = signed_in(who, **where)
        assert PAGE not in other.get("/").text
        assert other.get(PAGE).status_code == 404
    assert PAGE in signed_in("administrator").get("/").text


def test_an_answer_without_its_day_source_reason_or_letters_is_refused_beside_each_field(
    secretary: TestClient, app: FastAPI, place: Workplace
) -> None:
    before = count_unanswered(place.engine)
    page = post(secretary, app, PAGE, svar="told", on="2026-11-24")
    assert page.status_code == 422
    assert [name for name in ("alle", "on", "source") if f'id="{name}-fejl"' in page.text] == [
        "alle",
        "on",
        "source",
    ]
    page = post(secretary, app, PAGE, svar="drop", alle="1", why=" ")
    assert page.status_code == 422 and 'id="why-fejl"' in page.text
    assert post(secretary, app, PAGE, svar="send", brev=["999999"]).status_code == 409
    assert count_unanswered(place.engine) == before


def test_letters_are_answered_one_by_one_and_then_all_the_rest(
    secretary: TestClient, app: FastAPI, place: Workplace
) -> None:
    (_, first), (_, second), *_ = unanswered(place.engine, agreement=KEY)
    assert post(secretary, app, PAGE, svar="send", brev=[str(first.id)]).status_code == 303
    assert post(secretary, app, PAGE, svar="told", brev=[str(second.id)], on="2024-02-20", source="Sag 24/1")
    assert "Planlagt" in secretary.get(f"/breve/{first.id}").text
    told = plain(secretary.get(f"/breve/{second.id}"))
    assert "Sendt i hånden" in told and "tirsdag den 20. februar 2024: Sag 24/1" in told
    again = post(secretary, app, PAGE, svar="drop", brev=[str(second.id)], why="x")
    assert again.status_code == 409 and "venter ikke på svar" in plain(again)
    done = post(secretary, app, PAGE, svar="drop", alle="1", why="Alle kender aftalen")
    assert secretary.get(done.headers["Location"]).text.count("Ingen breve venter på dit svar") == 1
    journal = plain(secretary.get(f"/aftaler/{KEY}/journal"))
    assert journal.count("Svar på, om breve om fortiden er sendt") == 3 and "Alle kender aftalen" in journal
    assert KEY not in count_unanswered(place.engine)
    assert "midtjylland/2024-2027" in count_unanswered(place.engine)  # another region's were not touched


def test_the_preview_of_an_old_fact_says_how_many_letters_will_wait_and_the_receipt_leads_there(
    secretary: TestClient, app: FastAPI
) -> None:
    old = {"on": "2026-11-20", "source": "Brev af 20. november 2026"}
    page = post(secretary, app, f"{FORMS}/final-sent", **old)
    assert re.search(r"\d+ breve venter på dit svar", plain(page)) and "Disse sendes" not in page.text
    sealed = re.search(r'name="forslag" value="([^"]+)"', page.text)
    assert sealed
    saved = post(secretary, app, FORMS, forslag=sealed[1])
    assert PAGE in secretary.get(saved.headers["Location"].partition("#")[0]).text
    page = post(secretary, app, f"{FORMS}/midterm-sent", on="2026-11-23", source="Brev af i dag")
    assert "venter på dit svar" not in plain(page)


def test_no_day_of_the_past_is_filled_in_and_a_decision_wants_its_day_and_its_evidence(
    secretary: TestClient, app: FastAPI
) -> None:
    forms = "/aftaler/nordjylland/2027-2031/registrer"
    assert 'name="on" type="date" required value=""' in secretary.get(f"{forms}/endorsed").text
    page = post(secretary, app, f"{forms}/endorsed", on="2026-11-24")
    assert page.status_code == 422
    assert 'id="on-fejl"' in page.text and 'id="source-fejl"' in page.text


@pytest.mark.parametrize("event", ["deviation", "sst-refused", "nominal-end"])
def test_no_form_moves_a_date_without_its_source(secretary: TestClient, app: FastAPI, event: str) -> None:
    page = post(secretary, app, f"{FORMS}/{event}", on="2026-11-20", due="2028-01-01")
    assert page.status_code == 422 and 'id="source-fejl"' in page.text
