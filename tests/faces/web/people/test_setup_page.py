"""*Opsætning*: the code that makes the first administrator, once, and what the page saves."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, browser, csrf, plain
from tests.faces.web.onesite import OneSite
from tests.smtp_server import ScriptedServer
from workflow.errors import Misconfigured
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.rules.days import danish_day
from workflow.services.people.firstcode import CODE_LASTS, KEY, offer_code
from workflow.services.people.persons import add_person, list_persons
from workflow.services.rounds.setup import set_up
from workflow.settings import Settings
from workflow.storage import meta
from workflow.storage.database import reading
from workflow.storage.facts.acts import acts_of
from workflow.storage.law.rulebook import load
from workflow.storage.ownsettings import own_file, read_own

ANNE = {"name": "Anne Hansen", "email": "anne@region.example"}
RELAY = {
    "do": "gem", "smtp_host": "127.0.0.1", "smtp_port": "25", "smtp_starttls": "auto", "smtp_username": "",
    "smtp_password": "", "sender": "frister@region.example", "reply_to": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def just_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an installation just made: nobody, no contacts, no agreement."""
    path = tmp_path_factory.mktemp("made") / "aftale.db"
    set_up(f"sqlite:///{path}", load(ROOT / "calendars"), at=MORNING, today=danish_day(MORNING), demo=False)
    return path


@pytest.fixture
def settings(tmp_path: Path, just_made: Path) -> Settings:
    """That installation, of this test's own."""
    shutil.copy(just_made, tmp_path)
    return Settings(data_dir=tmp_path)


@pytest.fixture
def held(place: Workplace) -> list[Workplace]:
    """The workplace of the moment, the last one."""
    return [place]


@pytest.fixture
def app(held: list[Workplace], clock: Clock, one_site: OneSite) -> Iterator[FastAPI]:
    app = one_site.at(held[-1], clock, held)
    yield app
    app.state.postman.close()


def post(client: TestClient, app: FastAPI, path: str, **data: str) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data})  # type: ignore[return-value]


def code_of(place: Workplace, clock: Clock) -> str:
    code = offer_code(place.engine, clock())
    assert code
    return code


@pytest.fixture
def anne(app: FastAPI, place: Workplace, clock: Clock) -> TestClient:
    """The first administrator, come in by the code."""
    client = browser(app, peer="203.0.113.7")
    done = post(client, app, "/opsaetning/kode", code=code_of(place, clock), **ANNE)
    assert (done.status_code, done.headers["Location"]) == (303, "/opsaetning")
    return client


def test_every_page_of_a_site_without_people_leads_to_the_code(stranger: TestClient) -> None:
    for path in ("/", "/opsaetning", "/kontakter"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/opsaetning/kode")
    assert "Engangskode" in stranger.get("/opsaetning/kode").text


def test_the_code_makes_one_administrator_and_is_dead(
    anne: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    page = plain(anne.get("/opsaetning"))
    assert "1 af 7 trin er gjort" in page and "Anne Hansen" in page
    (person,) = list_persons(place.engine)
    assert (person.role, person.region, person.given_by) == (
        "administrator", "", "engangskoden ved opsætningen",
    )  # fmt: skip
    assert offer_code(place.engine, clock()) is None
    stranger = browser(app, peer="203.0.113.8")
    assert stranger.get("/opsaetning/kode").status_code == 404
    assert post(stranger, app, "/opsaetning/kode", code="x", **ANNE).status_code == 404
    assert stranger.get("/opsaetning").headers["Location"].startswith("/log-ind")


@pytest.mark.parametrize("how", ["wrong", "empty", "too old", "of a database that got its first person"])
def test_a_code_that_is_not_good_makes_nobody(app: FastAPI, place: Workplace, clock: Clock, how: str) -> None:
    code = code_of(place, clock)
    client = browser(app, peer="203.0.113.7")
    wanted = 422
    match how:
        case "wrong":
            code = code[:-1] + ("A" if code[-1] != "A" else "B")
        case "empty":
            code = " - "
        case "too old":
            clock.at += CODE_LASTS
        case _:
            add_person(
                place.engine,
                place.rulebook,
                email="x@frist.example",
                name="X",
                role="coordinator",
                at=clock(),
            )
            wanted = 404
    answer = post(client, app, "/opsaetning/kode", code=code, **ANNE)
    assert answer.status_code == wanted
    assert all(one.email != ANNE["email"] for one in list_persons(place.engine))
    assert client.get("/opsaetning").status_code == 303


def test_what_is_wrong_stands_beside_its_field_and_the_code_stays_good(
    app: FastAPI, place: Workplace, clock: Clock
) -> None:
    code, client = code_of(place, clock), browser(app)
    page = post(client, app, "/opsaetning/kode", code=code, name=" ", email="anne")
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-fejl"', page.text) == ["name", "email"]
    assert (
        post(client, app, "/opsaetning/kode", code=code.lower().replace("-", " "), **ANNE).status_code == 303
    )


def test_guessing_is_slow_and_the_code_does_not_lie_in_the_database(
    app: FastAPI, place: Workplace, clock: Clock
) -> None:
    code, client = code_of(place, clock), browser(app, peer="203.0.113.7")
    stored = (place.settings.data_dir / "aftale.db").read_bytes()
    assert code.encode() not in stored and code.replace("-", "").encode() not in stored
    for _ in range(10):
        assert post(client, app, "/opsaetning/kode", code="x", **ANNE).status_code == 422
    assert post(client, app, "/opsaetning/kode", code=code, **ANNE).status_code == 429
    clock.at += timedelta(minutes=10)
    assert post(client, app, "/opsaetning/kode", code=code, **ANNE).status_code == 303
    with reading(place.engine) as session:
        assert meta.get(session, KEY) is None


def test_the_code_is_beyond_guessing_by_itself(place: Workplace, clock: Clock) -> None:
    """It lies there as a plain hash, so it needs the 128 bits of a key."""
    codes = [code_of(place, clock).replace("-", "") for _ in range(300)]
    signs = {sign for code in codes for sign in code}
    assert len(set(codes)) == 300 and {len(code) for code in codes} == {28}
    assert len(signs) ** 28 > 2**128


def test_each_daemon_that_started_may_have_told_one(app: FastAPI, place: Workplace, clock: Clock) -> None:
    first, *_ = [code_of(place, clock) for _ in range(3)]
    assert post(browser(app), app, "/opsaetning/kode", code=first, **ANNE).status_code == 303


def test_the_mail_server_is_chosen_tried_and_kept_across_a_restart(
    anne: TestClient, app: FastAPI, place: Workplace, held: list[Workplace], clock: Clock
) -> None:
    with ScriptedServer() as relay:
        saved = post(anne, app, "/opsaetning", **(RELAY | {"smtp_port": str(relay.port)}))
        assert saved.status_code == 303
        assert "2 af 7 trin er gjort" in plain(anne.get("/opsaetning"))
        assert post(anne, app, "/opsaetning", do="proeve").status_code == 303
        assert [letter.to for letter in relay.letters] == ["anne@region.example"]
        assert b"frister@region.example" in relay.letters[0].raw
    assert "3 af 7 trin er gjort" in plain(anne.get("/opsaetning"))
    file = own_file(place.settings.data_dir)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = Settings(data_dir=place.settings.data_dir)
    assert (again.smtp_host, again.sender) == ("127.0.0.1", "frister@region.example")
    with open_workplace(again) as later:
        assert later.letters.envelope_from == "frister@region.example"
    with reading(place.engine) as session:
        (act,) = acts_of(session, "settings")
    assert act.by == "Anne Hansen (administrator)" and "smtp_password" not in act.told


def test_whom_to_write_to_about_the_site_is_the_mailbox_that_is_chosen_now(
    anne: TestClient, app: FastAPI
) -> None:
    assert anne.get("/.well-known/security.txt").status_code == 404
    assert post(anne, app, "/opsaetning", **RELAY).status_code == 303
    assert "Contact: mailto:frister@region.example\n" in anne.get("/.well-known/security.txt").text
    assert "frister@region.example" in anne.get("/tilgaengelighed").text
    assert post(anne, app, "/opsaetning", **(RELAY | {"reply_to": "ssu@region.example"})).status_code == 303
    assert "Contact: mailto:ssu@region.example\n" in anne.get("/.well-known/security.txt").text


def test_a_password_is_kept_when_its_field_is_left_empty_and_shown_nowhere(
    anne: TestClient, app: FastAPI, place: Workplace, held: list[Workplace]
) -> None:
    post(anne, app, "/opsaetning", **(RELAY | {"smtp_username": "frist", "smtp_password": 'hem"melig\\æ'}))
    assert held[-1].settings.smtp_password.get_secret_value() == 'hem"melig\\æ'
    assert "melig" not in anne.get("/opsaetning").text
    post(anne, app, "/opsaetning", **(RELAY | {"smtp_username": "frist", "smtp_port": "26"}))
    assert read_own(place.settings.data_dir)["smtp_password"] == 'hem"melig\\æ'
    assert read_own(place.settings.data_dir)["smtp_port"] == 26


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"smtp_host": ""}, ["smtp_host"]),
        ({"smtp_port": "0"}, ["smtp_port"]),
        ({"smtp_port": "²"}, ["smtp_port"]),
        ({"smtp_port": "9" * 200}, ["smtp_port"]),
        ({"smtp_starttls": "måske"}, ["smtp_starttls"]),
        ({"sender": ""}, ["sender"]),
        ({"sender": "a@b.example, c@d.example"}, ["sender"]),
        ({"sender": "a@b.example\nBcc: c@d.example"}, ["sender"]),
        ({"reply_to": "x"}, ["reply_to"]),
    ],
)
def test_a_mail_server_that_cannot_be_is_refused_beside_its_field_and_nothing_is_written(
    anne: TestClient,
    app: FastAPI,
    place: Workplace,
    held: list[Workplace],
    typed: dict[str, str],
    wrong: list[str],
) -> None:
    page = post(anne, app, "/opsaetning", **(RELAY | typed))
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-fejl"', page.text) == wrong
    assert not own_file(place.settings.data_dir).exists() and len(held) == 1


def test_what_the_operator_set_is_shown_and_not_asked_for(
    anne: TestClient, app: FastAPI, place: Workplace, held: list[Workplace]
) -> None:
    held.append(replace(place, settings=Settings(data_dir=place.settings.data_dir, smtp_host="smtp.region.example",
                                                 sender="drift@region.example")))  # fmt: skip
    page = anne.get("/opsaetning").text
    assert 'name="smtp_host"' not in page and "står i driftens egne indstillinger" in page
    post(anne, app, "/opsaetning", **(RELAY | {"smtp_host": "ond.example"}))
    assert held[-1].settings.smtp_host == "smtp.region.example"
    assert "smtp_host" not in read_own(place.settings.data_dir)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_said(anne: TestClient, app: FastAPI, place: Workplace) -> None:
    place.settings.data_dir.chmod(0o500)
    page = post(anne, app, "/opsaetning", **RELAY)
    place.settings.data_dir.chmod(0o700)
    assert page.status_code == 422 and "kan ikke skrives" in page.text


@pytest.mark.parametrize("text", ["x", "db = 'sqlite:///x.db'\n", "smtp_host = 3\n"])
def test_a_file_that_was_spoilt_by_hand_stops_the_start_by_its_name(tmp_path: Path, text: str) -> None:
    own_file(tmp_path).write_text(text)
    with pytest.raises((Misconfigured, ValueError), match=r"settings\.toml|smtp_host"):
        Settings(data_dir=tmp_path)
