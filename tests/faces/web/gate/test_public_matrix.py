"""Every public route x method x visitor x {good, forged, ended, malformed, another's form}: what the key of the address
opens, it opens for whoever holds it, and a visitor without a good one changes nothing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.routing import compile_path

from tests.faces.conftest import MORNING
from tests.faces.web.calendar_examples import CALENDAR_CELLS, proposal
from tests.faces.web.conftest import browser, csrf, enter
from tests.faces.web.examples import EXAMPLES, OWN, VISITORS
from tests.faces.web.onesite import OneSite
from tests.faces.web.provider import CLIENT, SECRET, Provider
from tests.faces.web.public_examples import ALL, ANNE, NOBODY, Cell, Scene
from tests.faces.web.public_examples import CELLS as PUBLIC_CELLS
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.gate.routes import PUBLIC, table
from workflow.services.people.contacts.confirming import ask_bodies
from workflow.services.people.persons import add_person
from workflow.services.people.programs import add_token
from workflow.settings import Settings

CELLS = PUBLIC_CELLS | CALENDAR_CELLS


@dataclass(frozen=True)
class Ready:
    """The demo after one tick, with its inbox; a session cookie for each role and a program's token."""

    data: Path
    sessions: dict[str, str]
    token: str


@pytest.fixture(scope="module")
def ready(demo_template: Path, tmp_path_factory: pytest.TempPathFactory, one_site: OneSite) -> Ready:
    data = tmp_path_factory.mktemp("public")
    shutil.copy(demo_template, data / "aftale.db")
    with open_workplace(Settings(data_dir=data)) as place:
        ask_bodies(place.engine, place.rulebook, OWN, "x", MORNING, place.settings.base_url)
        asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
        for email in (ANNE, *(f"p{number}@frist.example" for number in range(len(ALL)))):
            add_person(
                place.engine, place.rulebook, email=email, name="P", role="secretariat", region=OWN, at=MORNING
            )  # fmt: skip
        app = one_site.at(place, lambda: MORNING)
        name = app.state.gate.cookies.session_name
        roles = {who: enter(app, place, MORNING, who) for who in VISITORS if who != "token"}
        sessions = {who: str(client.cookies[name]) for who, client in roles.items()}
        app.state.postman.close()
        return Ready(data, sessions, add_token(place.engine, place.rulebook, "BI", OWN, None, MORNING))


@pytest.fixture
def place(ready: Ready, tmp_path: Path, provider: Provider) -> Iterator[Workplace]:
    """A copy of it that knows an identity provider."""
    chosen = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_domains": "frist.example",
    }
    data = shutil.copytree(ready.data, tmp_path / "data")
    with open_workplace(Settings(data_dir=data).model_copy(update=chosen)) as place:
        yield place


@pytest.fixture
def app(place: Workplace, one_site: OneSite) -> Iterator[FastAPI]:
    app = one_site.at(place, lambda: MORNING)
    yield app
    app.state.postman.close()


@pytest.fixture
def scenes(app: FastAPI, place: Workplace, provider: Provider, ready: Ready) -> dict[str, Scene]:
    found, cookies = {}, app.state.gate.cookies
    for number, who in enumerate(ALL):
        client = browser(app, peer=f"203.0.113.{number}")
        if who == "token":
            client.headers["Authorization"] = f"Bearer {ready.token}"
        if who in ready.sessions:
            client.cookies.set(cookies.session_name, ready.sessions[who], domain="127.0.0.1")
        client.cookies.set(cookies.browser_name, f"browser-{number}", domain="127.0.0.1")
        found[who] = Scene(place, provider, client, number)
    return found


def test_every_route_is_in_one_of_the_two_matrices(app: FastAPI) -> None:
    rows = table(app)
    assert set(EXAMPLES) | set(CELLS) == set(rows)
    assert {path for _, path in CELLS} == set(PUBLIC)
    assert all(cells[-1].name == "good" or cells[0].name == "good" for cells in CELLS.values())


@pytest.mark.fault("F67")
@pytest.mark.parametrize(
    ("method", "path", "cell"),
    [pytest.param(*key, cell, id=f"{' '.join(key)} {cell.name}") for key, cells in CELLS.items() for cell in cells],
)  # fmt: skip
def test_each_visitor_gets_what_the_key_opens_and_changes_nothing_without_one(
    app: FastAPI, scenes: dict[str, Scene], method: str, path: str, cell: Cell
) -> None:
    keys = {who: cell.key(scene) for who, scene in scenes.items()}
    wrong, forms = [], {who: csrf(scene.client, app) for who, scene in scenes.items()}
    with closing(_watching(scenes[NOBODY].place)) as watched:
        before = _version(watched)
        if method == "POST":
            for who, scene in scenes.items():
                for shown in ("", forms[ALL[ALL.index(who) - 1]]):
                    answer = _call(scene, method, path, keys[who], {**dict(cell.form), "csrf": shown})
                    if answer != 403:
                        wrong.append(f"{who}, not our form: {answer}")
            assert _version(watched) == before
        for who, scene in scenes.items():
            form = {**dict(cell.form), "csrf": forms[who]} if method == "POST" else {}
            answer = _call(scene, method, path, keys[who], form)
            if answer != cell.status:
                wrong.append(f"{who}: {answer}, not {cell.status}")
        app.state.postman.close()  # what is written beside the request is written now
        changed = _version(watched) != before
    assert not wrong, "\n".join(wrong)
    assert changed == cell.changes


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_head_answers_as_get_and_other_methods_are_refused_and_change_nothing(
    app: FastAPI, scenes: dict[str, Scene], path: str
) -> None:
    scene, key = scenes[NOBODY], "x"
    address = path.replace("{link}", key).replace("{token}", key).replace("{secret}", key)
    own = {
        method for method, one in CELLS if compile_path(one)[0].match(address)
    }  # one's key may read as another
    with closing(_watching(scene.place)) as watched:
        before = _version(watched)
        for who in scenes.values():
            for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"} - own:
                assert _call(who, method, path, key, {"csrf": csrf(who.client, app)}) == 405, method
            if "GET" in own:
                assert _call(who, "HEAD", path, key, {}) == _call(who, "GET", path, key, {})
        assert _version(watched) == before


def _call(scene: Scene, method: str, path: str, key: str, form: dict[str, str]) -> int:
    head, brace, rest = path.partition("{")
    address = (
        f"{head}{key}{rest.partition('}')[2]}" if brace else f"{path}{key if key.startswith('?') else ''}"
    )
    told = {"number": str(scene.number), "key": key} | (
        {"proposal": proposal(scene, key)} if "{proposal}" in form.values() else {}
    )
    sent = {name: value.format(**told) for name, value in form.items()}
    return scene.client.request(method, address, data=sent or None).status_code


def _watching(place: Workplace) -> sqlite3.Connection:
    return sqlite3.connect(place.settings.data_dir / "aftale.db")


def _version(watched: sqlite3.Connection) -> dict[str, list[object]]:
    """All that lies in the database; the audit trail aside, which tells of those who change nothing."""
    tables = watched.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    kept = {"meta": " WHERE key NOT IN ('trail', 'trail_from')"}
    return {
        name: watched.execute(f'SELECT * FROM "{name}"{kept.get(name, "")}').fetchall()
        for (name,) in tables
        if name not in ("trail", "sqlite_sequence")
    }
