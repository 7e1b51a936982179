"""*Kontakter*: what was struck off by mistake is taken into use again, a whole day in one act."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.storage.contacts import refuse_address
from workflow.storage.database import reading, writing
from workflow.storage.tables import Contact


def test_an_administrator_takes_the_addresses_of_one_day_into_use_again(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    with writing(place.engine) as session:
        for email in ("sundhed@aalborg.example", "sundhed@aarhus.example"):
            assert refuse_address(session, email, MORNING)
    assert "afvist" in plain(signed_in("secretariat").get("/kontakter"))
    assert "genoptag" not in signed_in("secretariat").get("/kontakter").text
    admin: TestClient = signed_in("administrator")
    assert "Brug adresserne fra" in plain(admin.get("/kontakter?region=nordjylland"))
    form = {"csrf": csrf(admin, app), "region": "nordjylland", "day": "2026-11-23"}
    answer = admin.post("/kontakter/genoptag", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/kontakter?region=nordjylland")
    with reading(place.engine) as session:
        assert session.scalars(select(Contact).where(Contact.refused_at.is_not(None))).all() == []  # type: ignore[union-attr]
    assert "genoptag" not in admin.get("/kontakter?region=nordjylland").text
    assert admin.post("/kontakter/genoptag", data=form, follow_redirects=False).status_code == 303
