"""The door: what a request from elsewhere, under another name, too large or hostile cannot do."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from markupsafe import escape
from sqlalchemy import text

from tests.faces.web.conftest import HERE, Clock, SignIn, browser, csrf
from tests.faces.web.onesite import OneSite
from workflow.faces.daemon.greeting import lines
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.faces.web.errors import Errors
from workflow.faces.web.headers import Door
from workflow.storage import meta
from workflow.storage.database import writing


@pytest.mark.fault("F70")
@pytest.mark.parametrize(
    ("why", "headers", "shown"),
    [
        ("no token", {}, None),
        ("another browser's token", {}, "0" * 64),
        ("letters that are no ASCII", {}, "æøå"),
        ("another origin", {"Origin": "https://ond.example"}, "own"),
        ("an origin that hides", {"Origin": "null"}, "own"),
        ("another site, says the browser", {"Sec-Fetch-Site": "cross-site"}, "own"),
        ("a neighbour under the same name", {"Sec-Fetch-Site": "same-site"}, "own"),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    app: FastAPI, signed_in: SignIn, why: str, headers: dict[str, str], shown: str | None
) -> None:
    client = signed_in("secretariat")
    data = {} if shown is None else {"csrf": csrf(client, app) if shown == "own" else shown}
    refused = client.post("/log-ud", data=data, headers=headers)
    assert refused.status_code == 403, why
    assert "Intet er ændret" in refused.text
    assert client.get("/").status_code == 200


def test_our_own_form_is_taken_with_the_headers_a_browser_sends(app: FastAPI, signed_in: SignIn) -> None:
    client = signed_in("secretariat")
    sent = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    assert client.post("/log-ud", data={"csrf": csrf(client, app)}, headers=sent).status_code == 303


@pytest.mark.parametrize(
    ("peer", "url", "headers", "status"),
    [
        ("203.0.113.7", HERE, {}, 303),
        ("127.0.0.1", "http://192.0.2.1:8025", {}, 400),
        ("127.0.0.1", HERE, {"X-Forwarded-For": "203.0.113.7"}, 303),
        ("127.0.0.1", HERE, {"X-Forwarded-Proto": "https"}, 303),
        ("127.0.0.1", HERE, {"X-Client-IP": "203.0.113.7"}, 303),
        ("127.0.0.1", HERE, {"CF-Connecting-IP": "203.0.113.7"}, 303),
        ("127.0.0.1", HERE, {"Forwarded": "for=203.0.113.7"}, 303),
        ("127.0.0.1", HERE, {"X-Real-IP": "203.0.113.7"}, 303),
        ("127.0.0.1", HERE, {"Referer": "https://demo.example/", "Sec-Fetch-Site": "same-origin"}, 303),
        ("127.0.0.1", HERE, {"Referer": "http://demo.example/"}, 303),
        ("127.0.0.1", HERE, {"Referer": "http://[x/"}, 303),
    ],
)
def test_the_demo_lets_nobody_in_from_elsewhere(
    app: FastAPI, peer: str, url: str, headers: dict[str, str], status: int
) -> None:
    assert browser(app, url, peer).get("/", headers=headers).status_code == status


@pytest.mark.parametrize("headers", [
    {"Referer": "https://github.com/", "Sec-Fetch-Site": "cross-site"}, {"Referer": f"{HERE}/aftaler"},
    {"X-CSRF-Token": "x"},
])  # fmt: skip
def test_the_demo_lets_its_guest_in_by_a_link_from_elsewhere_and_from_page_to_page(
    guest: TestClient, headers: dict[str, str]
) -> None:
    assert guest.get("/", headers=headers).status_code == 200


def test_the_demo_lets_its_guest_in_and_says_so_on_every_page(guest: TestClient) -> None:
    for path in ("/", "/log-ind", "/tilgaengelighed", "/nowhere"):
        assert "Du er lukket ind uden at logge ind" in guest.get(path).text


@pytest.mark.parametrize("reach", [{"host": "0.0.0.0"}, {"base_url": "https://frist.example"}])
def test_a_demo_that_others_can_reach_has_no_guest_and_the_daemon_does_not_promise_one(
    place: Workplace, clock: Clock, reach: dict[str, str]
) -> None:
    assert "nobody at this machine is asked to sign in" in "\n".join(lines(place, clock()))
    open_to_others = replace(place, settings=place.settings.model_copy(update=reach))
    app = create_app(lambda: open_to_others, clock)
    assert browser(app).get("/").status_code == 303
    assert "(nobody can sign in yet: aftale person add)" in "\n".join(lines(open_to_others, clock()))
    app.state.postman.close()


def test_a_database_that_is_no_demo_has_no_guest(place: Workplace, clock: Clock, one_site: OneSite) -> None:
    with writing(place.engine) as session:
        meta.put(session, "demo", "no")
    app = one_site.at(place, clock)
    assert browser(app).get("/").status_code == 303
    app.state.postman.close()


@pytest.mark.parametrize(
    "host", ["ond.example", "ond.example:8025", "127.0.0.1.ond.example", "", "[::1", "a b"]
)
def test_a_name_that_somebody_pointed_at_us_is_refused(guest: TestClient, host: str) -> None:
    assert guest.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8025", "[::1]:8025"])
def test_our_own_names_are_known(guest: TestClient, host: str) -> None:
    assert guest.get("/healthz", headers={"Host": host}).status_code in (200, 503)


def test_our_own_names_and_bare_addresses_are_known(
    place: Workplace, clock: Clock, one_site: OneSite
) -> None:
    """A demo of this machine alone is called by this machine's names alone; any other site by bare addresses too."""
    demo = browser(one_site.at(place, clock))
    assert demo.get("/healthz", headers={"Host": "192.0.2.1"}).status_code == 400
    with writing(place.engine) as session:
        meta.put(session, "demo", "no")
    site = browser(one_site.at(place, clock))
    for host in ("192.0.2.1", "127.0.0.1", "localhost:8025", "[::1]:8025"):
        assert site.get("/healthz", headers={"Host": host}).status_code in (200, 503)
    assert site.get("/healthz", headers={"Host": "ond.example"}).status_code == 400


@pytest.mark.fault("F71")
@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "&lt;b&gt;"]
)
def test_what_somebody_is_called_is_never_markup(
    app: FastAPI, place: Workplace, clock: Clock, signed_in: SignIn, name: str
) -> None:
    client = signed_in("secretariat")
    with writing(place.engine) as session:
        session.execute(text("UPDATE person SET name = :name"), {"name": name})
    for path in ("/", "/nowhere", "/kalendere", "/log-ind", f"/soeg?q={name}"):
        page = client.get(path).text
        assert str(escape(name)) in page
        assert "<script" not in page
        assert "<img" not in page


@pytest.mark.fault("F71")
def test_what_a_stranger_sends_comes_back_as_words_only(stranger: TestClient, app: FastAPI) -> None:
    markup = "<script>alert(1)</script>"
    shown = csrf(stranger, app)
    pages = [
        stranger.get("/log-ind", params={"next": f"/{markup}"}),
        stranger.get(f"/log-ind/{markup}"),
        stranger.get(f"/{markup}"),
        stranger.post("/log-ind", data={"csrf": shown, "email": "x"}),
        stranger.post("/log-ind", data={"csrf": shown, "email": markup, "next": markup}),
    ]
    assert [page.status_code for page in pages] == [200, 404, 404, 422, 200]
    assert not [page.text for page in pages if "<script" in page.text]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "x" * 5000, "%00", "\u202e", "a\r\nSet-Cookie: x=1"])
def test_hostile_words_at_the_door_are_no_server_error(
    stranger: TestClient, app: FastAPI, place: Workplace, bad: str
) -> None:
    shown = csrf(stranger, app)
    raw = bad.encode("utf-8", "surrogatepass")
    cookie = app.state.gate.cookies.browser_name
    answers = [
        stranger.post("/log-ind", data={"csrf": shown, "email": raw, "next": raw}),
        stranger.post("/log-ind", data={"csrf": raw, "email": "a@frist.example"}),
        stranger.get("/log-ind", params={"next": raw}),
        stranger.get(f"/log-ind/{quote(raw)}"),
        stranger.post(f"/log-ind/{quote(raw)}", data={"csrf": shown}),
        stranger.get("/", headers={"Authorization": b"Bearer " + raw.replace(b"\r\n", b"")}),
        stranger.get("/", headers={"Cookie": f"{cookie}=x; aftale=".encode() + raw.replace(b"\r\n", b"")}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [answer for answer in answers if "x=1" in answer.headers.get("Set-Cookie", "")] == []


@pytest.mark.parametrize(
    "target",
    ["//ond.example", "https://ond.example", "/\\ond.example", "\\\\ond", "/a\nb", "javascript:x", ""],
)
def test_a_link_never_leads_away_from_the_site(guest: TestClient, target: str) -> None:
    page = guest.get("/log-ind", params={"next": target}).text
    assert '<input type="hidden" name="next" value="/">' in page


def test_what_is_too_large_is_refused_in_danish(guest: TestClient, app: FastAPI) -> None:
    refused = guest.post("/log-ind", data={"csrf": csrf(guest, app), "email": "x" * 300_000})
    assert refused.status_code == 413
    assert "større, end siden tager imod" in refused.text
    assert refused.headers["X-Frame-Options"] == "DENY"

    def drops() -> object:
        for _ in range(300):
            yield b"x" * 1000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert guest.post("/log-ind", content=drops(), headers=form).status_code == 413


def test_over_https_the_cookies_are_secure_and_the_browser_is_told_to_stay(
    place: Workplace, clock: Clock
) -> None:

    url = "https://frister.nord.example"
    secure = replace(place, settings=place.settings.model_copy(update={"base_url": url}))
    app = create_app(lambda: secure, clock)
    client = browser(app, url)
    answer = client.get("/log-ind")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-aftale-browser=")
    for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=lax"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert client.get("/").status_code == 303, "a demo that is published has no guest"
    app.state.postman.close()


def test_the_numbers_are_for_this_machine_alone_until_the_operator_says_otherwise(
    place: Workplace, clock: Clock, guest: TestClient, stranger: TestClient
) -> None:
    assert guest.get("/metrics").status_code == 200
    assert guest.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert stranger.get("/metrics").status_code == 404
    opened = replace(place, settings=place.settings.model_copy(update={"metrics_open": True}))
    assert browser(create_app(lambda: opened, clock), peer="203.0.113.7").get("/metrics").status_code == 200


def test_without_a_contact_there_is_no_security_txt_and_no_page_leads_to_it(stranger: TestClient) -> None:
    assert stranger.get("/.well-known/security.txt").status_code == 404
    assert "security.txt" not in stranger.get("/log-ind").text


def test_security_txt_and_the_accessibility_statement_are_public(place: Workplace, clock: Clock) -> None:
    reached = replace(place, settings=place.settings.model_copy(update={"reply_to": "ssu@region.example"}))
    stranger = browser(create_app(lambda: reached, clock), peer="203.0.113.7")
    assert "security.txt" in stranger.get("/log-ind").text
    said = stranger.get("/.well-known/security.txt")
    assert said.headers["Content-Type"].startswith("text/plain")
    assert re.search(r"^Expires: 2027-05-22T08:00:00Z$", said.text, re.MULTILINE)
    assert re.search(r"^Contact: mailto:ssu@region.example$", said.text, re.MULTILINE)
    assert "Tilgængelighedserklæring" in stranger.get("/tilgaengelighed").text


@pytest.mark.fault("F74")
def test_a_path_cannot_write_a_line_of_its_own_in_the_log(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(_scope: object, _receive: object, _send: object) -> None:
        raise RuntimeError("x")

    door = Door(breaks, app.state.gate, Errors(app.state.sheets))
    answer = browser(door).get("/a%0a2026-01-01 INFO all is well%0d%1b[2J")  # type: ignore[arg-type]
    assert (answer.status_code, "dæmonens log" in answer.text) == (500, True)
    (said,) = [one.getMessage() for one in caplog.records if one.name == "aftale.web"]
    assert said == "GET /a\\n2026-01-01 INFO all is well\\r\\x1b[2J failed"
