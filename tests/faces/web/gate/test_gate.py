"""The gate: who comes in, how one signs in and out, and when that ends."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.faces.web.conftest import Clock, SignIn, browser, csrf
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.policy import Action, Role
from workflow.faces.web.gate.routes import table
from workflow.faces.web.gate.visitor import Visitor
from workflow.services.people.persons import add_person, end_person
from workflow.services.people.programs import add_token, revoke_token
from workflow.storage.database import reading

ANNE = "anne@frist.example"


NORTH = {"region": "nordjylland"}
PLACES = (
    ("nordjylland", ""),
    ("nordjylland", "0851"),
    ("nordjylland", "0860"),
    ("sjaelland", "0851"),
    ("før", ""),
)


@pytest.mark.parametrize(
    ("role", "whose", "action", "regions", "seen"),
    [
        (Role.SECRETARIAT, NORTH | {"before": ("før",)}, Action.READ, ("nordjylland", "før"), "yyy-y"),
        (Role.SECRETARIAT, NORTH, Action.READ_RULES, None, "yyyyy"),
        (Role.SECRETARIAT, NORTH, Action.MANAGE, (), "-----"),
        (Role.COUNCIL, NORTH | {"body": "0851"}, Action.READ, ("nordjylland",), "yyy--"),
        (Role.COUNCIL, NORTH | {"body": "0851"}, Action.READ_LETTERS, ("nordjylland",), "-y---"),
        (Role.COUNCIL, NORTH, Action.READ_LETTERS, ("nordjylland",), "-----"),
        (Role.COUNCIL, {"body": "0851"}, Action.READ, (), "-----"),
        (Role.COORDINATOR, NORTH, Action.READ, ("nordjylland",), "yyy--"),
        (Role.COORDINATOR, {}, Action.READ, None, "yyyyy"),
        (Role.SECRETARIAT, {}, Action.READ, (), "-----"),
        (Role.AUTHORITY, {}, Action.READ_RECEIVED, None, "yyyyy"),
        (Role.AUTHORITY, {}, Action.READ, (), "-----"),
        (Role.COORDINATOR, NORTH | {"via": "token"}, Action.READ, ("nordjylland",), "yyy--"),
        (Role.COORDINATOR, NORTH | {"via": "token"}, Action.ACCOUNT, (), "-----"),
        (Role.ADMINISTRATOR, {"via": "demo"}, Action.REPORT, None, "yyyyy"),
    ],
)  # fmt: skip
def test_what_a_visitor_reaches(
    role: Role, whose: dict[str, Any], action: Action, regions: tuple[str, ...] | None, seen: str
) -> None:
    visitor = Visitor("Anne", role, **whose)
    assert visitor.regions(action) == regions
    reached = [visitor.sees(action, region=region, body=body) for region, body in PLACES]
    assert "".join("y" if one else "-" for one in reached) == seen


def test_whoever_may_not_read_agreements_begins_at_what_was_received() -> None:
    assert [Visitor("A", role).home for role in (Role.SECRETARIAT, Role.AUTHORITY)] == ["/", "/modtaget"]


def test_the_table_of_routes_says_what_each_asks_for(app: FastAPI) -> None:
    rows = table(app)
    assert (rows["GET", "/log-ind"], rows["GET", "/"], rows["POST", "/kalendere"]) == (
        None, Action.READ, Action.SUBSCRIBE
    )  # fmt: skip


@pytest.fixture
def anne(place: Workplace, clock: Clock) -> str:
    add_person(
        place.engine,
        place.rulebook,
        email=ANNE,
        name="Anne",
        role="secretariat",
        region="nordjylland",
        at=clock(),
    )
    return ANNE


def ask(client: TestClient, app: FastAPI, email: str, target: str = "/") -> str:
    """Ask for a link; the page that answers."""
    answer = client.post("/log-ind", data={"csrf": csrf(client, app), "email": email, "next": target})
    assert answer.status_code == 200, answer.text
    return answer.text


def mails(place: Workplace, app: FastAPI) -> list[str]:
    """The bodies of the sign-in mails, when all have been sent."""
    app.state.postman.close()
    raws = [path.read_bytes() for path in sorted(Path(place.settings.inbox).glob("*.eml"))]
    return [message_from_bytes(raw, policy=policy.default).get_content() for raw in raws]


def link_in(mail: str) -> str:
    found = re.search(r"http://\S+(/log-ind/\S+)", mail)
    assert found, mail
    return found[1]


def test_whoever_signs_in_by_the_link_in_the_mail_comes_to_where_they_were_going(
    app: FastAPI, stranger: TestClient, place: Workplace, anne: str
) -> None:
    turned_away = stranger.get("/?x=1")
    assert (turned_away.status_code, turned_away.headers["Location"]) == (303, "/log-ind?next=%2F%3Fx%3D1")
    assert "Se i din indbakke." in ask(stranger, app, anne, "/?x=1")
    (mail,) = mails(place, app)
    assert "Åbn linket i den browser, hvor du bad om det" in mail
    link = link_in(mail)
    assert stranger.get(link).status_code == 200
    assert stranger.get("/").status_code == 303
    done = stranger.post(link, data={"csrf": csrf(stranger, app)})
    assert (done.status_code, done.headers["Location"]) == (303, "/?x=1")
    page = stranger.get("/")
    assert page.status_code == 200
    assert "Anne (sekretariat)" in page.text


@pytest.mark.fault("F67")
@pytest.mark.fault("F68")
@pytest.mark.parametrize("how", ["replayed", "expired", "forged", "from another browser", "ended"])
def test_a_link_that_is_not_good_signs_nobody_in(
    app: FastAPI, stranger: TestClient, place: Workplace, anne: str, clock: Clock, how: str
) -> None:
    ask(stranger, app, anne)
    link = link_in(mails(place, app)[0])
    redeemer = stranger
    match how:
        case "replayed":
            assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303
            stranger.post("/log-ud", data={"csrf": csrf(stranger, app)})
        case "expired":
            clock.at += timedelta(minutes=10)
        case "forged":
            link = link[:-2] + ("aa" if not link.endswith("aa") else "bb")
        case "from another browser":
            redeemer = browser(app, peer="203.0.113.8")
        case "ended":
            end_person(place.engine, anne, clock())
    refused = redeemer.post(link, data={"csrf": csrf(redeemer, app)})
    assert refused.status_code == 404
    assert "Linket kan ikke bruges" in refused.text
    assert redeemer.get("/").status_code == 303
    with reading(place.engine) as session:
        assert session.execute(text("SELECT count(*) FROM session")).scalar() == 0


@pytest.mark.fault("F69")
def test_a_scanner_that_opens_the_link_ten_times_uses_nothing_up(
    app: FastAPI, stranger: TestClient, place: Workplace, anne: str
) -> None:
    ask(stranger, app, anne)
    link = link_in(mails(place, app)[0])
    scanner = browser(app, peer="198.51.100.1")
    before = (place.settings.data_dir / "aftale.db").read_bytes()
    for _ in range(10):
        assert scanner.get(link).status_code == 200
        head = scanner.head(link)
        assert (head.status_code, head.content) == (200, b"")
    assert (place.settings.data_dir / "aftale.db").read_bytes() == before
    assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    app: FastAPI, place: Workplace, anne: str
) -> None:
    pages = []
    for email in (anne, "ukendt@frist.example", "slet ikke en adresse"):
        client = browser(app, peer="203.0.113.7")
        pages.append(re.sub(r'value="[0-9a-f]{64}"', "", ask(client, app, email)))
    assert len(set(pages)) == 1
    assert len(mails(place, app)) == 1


def test_nothing_secret_lies_in_the_database(
    app: FastAPI, stranger: TestClient, place: Workplace, anne: str, clock: Clock
) -> None:
    ask(stranger, app, anne)
    link = link_in(mails(place, app)[0])
    stranger.post(link, data={"csrf": csrf(stranger, app)})
    token = add_token(place.engine, place.rulebook, "BI", "", None, clock())
    cookies = app.state.gate.cookies
    session = cookies.opened(stranger.cookies[cookies.session_name])[0]
    stored = (place.settings.data_dir / "aftale.db").read_bytes()
    for secret in (link.rpartition("/")[2], session, token, stranger.cookies[cookies.browser_name]):
        assert secret.encode() not in stored


def test_signing_in_gives_a_new_session_and_ends_the_one_before(
    app: FastAPI, place: Workplace, signed_in: SignIn, anne: str
) -> None:
    client = signed_in("coordinator")
    name, browser_name = app.state.gate.cookies.session_name, app.state.gate.cookies.browser_name
    old = client.cookies[name]
    client.get("/log-ind")
    ask(client, app, anne)
    planted = client.cookies[browser_name]
    client.post(link_in(mails(place, app)[0]), data={"csrf": csrf(client, app)})
    assert "Anne (sekretariat)" in client.get("/").text
    assert client.cookies[browser_name] != planted  # whoever put it there before is left behind
    thief = browser(app, peer="203.0.113.9")
    thief.cookies.set(name, old, domain="127.0.0.1")
    assert thief.get("/").status_code == 303


def test_a_session_ends_when_idle_when_old_when_signed_out_and_when_its_person_ends(
    app: FastAPI, place: Workplace, clock: Clock, signed_in: SignIn
) -> None:
    idle = signed_in("secretariat")
    clock.at += timedelta(hours=2)
    assert idle.get("/").status_code == 303

    busy = signed_in("coordinator")
    for _ in range(11):
        clock.at += timedelta(hours=1)
        assert busy.get("/").status_code == 200
    clock.at += timedelta(hours=1)
    assert busy.get("/").status_code == 303

    left = signed_in("administrator")
    kept = left.cookies[app.state.gate.cookies.session_name]
    assert left.post("/log-ud", data={"csrf": csrf(left, app)}).status_code == 303
    assert app.state.gate.cookies.session_name not in left.cookies
    left.cookies.set(app.state.gate.cookies.session_name, kept, domain="127.0.0.1")
    assert left.get("/").status_code == 303

    ended = signed_in("council")
    assert ended.get("/").status_code == 200
    end_person(place.engine, "council-own@frist.example", clock())
    assert ended.get("/").status_code == 303


def test_reading_with_a_session_writes_nothing(place: Workplace, clock: Clock, signed_in: SignIn) -> None:
    client = signed_in("secretariat")
    before = (place.settings.data_dir / "aftale.db").read_bytes()
    for _ in range(5):
        clock.at += timedelta(minutes=20)
        assert client.get("/").status_code == 200
    assert (place.settings.data_dir / "aftale.db").read_bytes() == before


@pytest.mark.fault("F67")
def test_a_session_cookie_that_we_did_not_seal_is_nobody(app: FastAPI, signed_in: SignIn) -> None:
    client = signed_in("administrator")
    name = app.state.gate.cookies.session_name
    good = client.cookies[name]
    other = good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1]  # of the last sign two bits say nothing
    for bad in (other, "x", "", "." * 50, good.partition(".")[0]):
        client.cookies.set(name, bad, domain="127.0.0.1")
        assert client.get("/").status_code == 303


@pytest.mark.fault("F76")
def test_whoever_asks_for_too_many_links_waits(
    app: FastAPI, stranger: TestClient, clock: Clock, place: Workplace, anne: str
) -> None:
    for _ in range(4):
        ask(stranger, app, anne)
    spent = stranger.post("/log-ind", data={"csrf": csrf(stranger, app), "email": anne.upper()})
    assert spent.status_code == 429
    assert int(spent.headers["Retry-After"]) == 601
    for number in range(15):
        ask(stranger, app, f"x{number}@frist.example")
    assert (
        stranger.post("/log-ind", data={"csrf": csrf(stranger, app), "email": "y@frist.example"}).status_code
        == 429
    )
    clock.at += timedelta(minutes=10)
    ask(stranger, app, "y@frist.example")
    assert len(mails(place, app)) == 4


@pytest.mark.fault("F67")
def test_a_token_reads_its_region_until_it_is_revoked_and_never_more(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient
) -> None:
    token = add_token(place.engine, place.rulebook, "BI", "nordjylland", None, clock())
    shown = {"Authorization": f"Bearer {token}"}
    assert stranger.get("/", headers=shown).status_code == 200
    for bad in ("x", token[:-1], token + "x", "æ"):
        answer = stranger.get("/", headers={"Authorization": f"Bearer {bad}".encode()})
        assert answer.status_code == 303
    revoke_token(place.engine, "BI", clock())
    assert stranger.get("/", headers=shown).status_code == 303


def test_a_calendar_ends_with_the_person_who_made_it(
    app: FastAPI, place: Workplace, clock: Clock, signed_in: SignIn, stranger: TestClient
) -> None:
    client = signed_in("secretariat")
    made = client.post(
        "/kalendere", data={"csrf": csrf(client, app), "of": "region:nordjylland", "name": "x"}
    )
    address = re.search(r"/kalender/[\w-]+\.ics", made.text)
    assert address
    assert stranger.get(address[0]).status_code == 200
    end_person(place.engine, "secretariat-own@frist.example", clock())
    assert stranger.get(address[0]).status_code == 404


@pytest.mark.fault("F76")
def test_whoever_guesses_tokens_waits(stranger: TestClient, place: Workplace, clock: Clock) -> None:
    for _ in range(30):
        assert stranger.get("/", headers={"Authorization": "Bearer x"}).status_code == 303
    token = add_token(place.engine, place.rulebook, "BI", "", None, clock())
    for guess in (token, "x"):
        assert stranger.get("/", headers={"Authorization": f"Bearer {guess}"}).status_code == 429
