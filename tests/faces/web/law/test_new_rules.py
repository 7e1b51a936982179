"""*Nye regler*: an administrator sees what they would change, and takes them on or leaves them, with the ground."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.conftest import ROOT
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.services.law.changing import pending, take_in
from workflow.services.watch.heartbeat import open_alarms
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.law.rulebook import load

NORD, MIDT = "nordjylland/2024-2027", "midtjylland/2024-2027"


@pytest.fixture
def place(settings: Settings, tmp_path: Path, clock: Clock) -> Iterator[Workplace]:
    """A demo whose calendars were exchanged for others since."""
    folder = tmp_path / "calendars"
    shutil.copytree(ROOT / "calendars", folder)
    file = folder / "regimes" / "bek-1248-2022.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"2 years"', '"3 years"'), encoding="utf-8")
    with open_workplace(settings, load(folder)) as place:
        take_in(place.engine, place.rulebook, clock())
        yield place


@pytest.fixture
def admin(signed_in: SignIn) -> TestClient:
    return signed_in("administrator")


def sent(client: TestClient, app: FastAPI, place: Workplace, **form: object) -> tuple[int, str]:
    given = {"csrf": csrf(client, app), "rules": place.rulebook.digest, "do": "tag", "ground": "§ 5"}
    answer = client.post("/regler/nye", data=given | form)
    return answer.status_code, plain(answer)


def test_the_administrator_sees_each_date_now_and_after_and_the_letters(admin: TestClient) -> None:
    page = plain(admin.get("/regler/nye"))
    assert "fredag den 19. december 2025" in page
    assert "lørdag den 19. december 2026" in page
    assert "Region Midtjylland 2024-2027" in page
    assert "Midtvejsstatus" in page
    assert "Nye regler venter på svar" in plain(admin.get("/"))


def test_taken_on_for_some_and_left_for_others_with_the_name_of_who_did(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    before = plain(admin.get(f"/aftaler/{MIDT}"))
    assert sent(admin, app, place, agreement=[NORD])[0] == 303
    assert "Svaret er gemt" in plain(admin.get("/regler/nye?gemt=1"))
    assert plain(admin.get(f"/aftaler/{MIDT}")) == before
    rest = [one.agreement for one in pending(place.engine, place.rulebook, clock().date())]
    assert NORD not in rest
    assert MIDT in rest
    assert sent(admin, app, place, agreement=rest, do="lad", ground="§ 5, stk. 2")[0] == 303
    assert "Ingen nye regler venter på svar" in plain(admin.get("/regler/nye"))
    assert "rules" not in [alarm.key for alarm in open_alarms(place.engine)]
    with reading(place.engine) as session:
        told = {key: journal.facts(session, journal.find(session, key))[-1] for key in (NORD, MIDT)}
    assert (told[NORD].event, told[NORD].by, told[NORD].source) == (
        "rules-accepted",
        "Anne administrator",
        "§ 5",
    )
    assert (told[MIDT].event, told[MIDT].source) == ("rules-declined", "§ 5, stk. 2")
    assert "Nye regler taget i brug" in plain(admin.get(f"/aftaler/{NORD}/journal"))


def test_the_day_before_it_was_taken_on_is_shown_as_it_was(
    admin: TestClient, app: FastAPI, place: Workplace
) -> None:
    """Page and API, to the byte; only today differs."""
    then = ("?pr=2026-11-20", "/frister/midterm-order?pr=2026-11-20", "/raad?pr=2024-05-01")
    paths = [f"/aftaler/{MIDT}{end}" for end in then]
    paths += [f"/api/v1/agreements/{MIDT}/deadlines?as_of=2026-11-20", "/frister?pr=2026-11-20"]
    before = [admin.get(path).text for path in paths]
    today = plain(admin.get(f"/aftaler/{MIDT}"))
    sent(admin, app, place, agreement=[MIDT])
    assert [admin.get(path).text for path in paths] == before
    assert plain(admin.get(f"/aftaler/{MIDT}")) != today
    assert "lørdag den 19. december 2026" in plain(admin.get(f"/aftaler/{MIDT}/frister/midterm-order"))


def test_what_is_missing_is_said_beside_it_and_nothing_is_written(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    status, page = sent(admin, app, place, ground=" ")
    assert status == 422
    assert "Skriv hvorfor" in page
    assert "Vælg mindst én aftale" in page
    status, page = sent(admin, app, place, agreement=[NORD], rules="0" * 64)
    assert status == 409
    assert "Reglerne er skiftet" in page
    assert sent(admin, app, place, agreement=["nordjylland/1999"])[0] == 409
    assert sent(admin, app, place, agreement=[NORD], do="andet")[0] == 422
    assert len(pending(place.engine, place.rulebook, clock().date())) == 9


def test_a_secretariat_neither_sees_nor_answers(signed_in: SignIn, app: FastAPI, place: Workplace) -> None:
    secretariat = signed_in("secretariat")
    assert secretariat.get("/regler/nye").status_code == 404
    assert sent(secretariat, app, place, agreement=[NORD])[0] == 404
    assert "/regler/nye" not in secretariat.get("/regler").text
