"""*Personer*: a colleague is invited, gets another access and ends, within what the one who asks may give."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from tests.faces.web.conftest import Clock, SignIn, browser, csrf, plain
from workflow.errors import NotPossible
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.services.people.persons import add_person, end_person, list_persons
from workflow.services.people.sessions import choose_language
from workflow.services.people.signin import MOST_SESSIONS, Device, begin_for, who
from workflow.storage.database import reading
from workflow.storage.facts.acts import acts_of
from workflow.storage.people.people import Person

BO = {"email": "bo@frist.example", "name": "Bo Holm", "access": "secretariat:nordjylland"}


def post(client: TestClient, app: FastAPI, path: str, **data: str) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data})  # type: ignore[return-value]


def mails(place: Workplace) -> list[str]:
    raws = [path.read_bytes() for path in sorted(Path(place.settings.inbox).glob("*.eml"))]
    return [message_from_bytes(raw, policy=policy.default).get_content() for raw in raws]


def known(place: Workplace, email: str) -> Person | None:
    return next((one for one in list_persons(place.engine) if one.email == email), None)


@pytest.fixture
def admin(signed_in: SignIn) -> TestClient:
    """The administrator of Nordjylland's people."""
    return signed_in("region-administrator")


def test_a_colleague_is_invited_and_signs_in_once_with_the_link_in_any_browser(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    sent = post(admin, app, "/personer", **BO)
    assert sent.status_code == 303
    page = plain(admin.get(sent.headers["Location"]))
    assert "Invitationen er afleveret til mailserveren" in page and "ikke logget ind endnu" in page
    (mail,) = mails(place)
    assert "Hej Bo Holm" in mail and "sekretariat i Region Nordjylland" in " ".join(mail.split())
    assert "torsdag den 26. november 2026 kl. 9.00" in " ".join(mail.split())
    link = re.search(r"http://\S+(/log-ind/\S+)", mail)
    assert link
    clock.at += timedelta(days=2)
    for _ in range(3):
        assert browser(app).get(link[1]).status_code == 200  # a scanner uses nothing up
    bo = browser(app, peer="203.0.113.40")
    assert post(bo, app, link[1]).status_code == 303
    assert "Bo Holm (sekretariat)" in bo.get("/").text
    other = browser(app, peer="203.0.113.41")
    assert post(other, app, link[1]).status_code == 404
    assert known(place, "bo@frist.example").signed_in_at == clock.at  # type: ignore[union-attr]


def test_an_invitation_is_too_old_after_three_days(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    post(admin, app, "/personer", **BO)
    link = re.search(r"http://\S+(/log-ind/\S+)", mails(place)[0])
    assert link
    clock.at += timedelta(days=3)
    late = browser(app, peer="203.0.113.40")
    refused = post(late, app, link[1])
    assert refused.status_code == 404 and "invitation i tre dage" in refused.text


def test_an_invitation_speaks_the_language_that_the_person_has_chosen(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    path = post(admin, app, "/personer", **BO).headers["Location"].partition("?")[0]
    choose_language(place.engine, "bo@frist.example", "en", "Bo Holm", clock.at)
    clock.at += timedelta(hours=1)
    assert post(admin, app, path, do="inviter").status_code == 303
    danish, english = (" ".join(mail.split()) for mail in mails(place))
    assert "Hej Bo Holm" in danish and "sekretariat i Region Nordjylland" in danish
    assert "Dear Bo Holm" in english and "You are registered as secretariat in Region Nordjylland." in english
    assert re.search(r"Sign in here by \w+day \d+ \w+ \d{4} at \d", english)


def test_pressed_twice_it_is_sent_once_and_again_it_is_sent_when_asked_for(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    first, again = (post(admin, app, "/personer", **BO) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert len(mails(place)) == 1
    clock.at += timedelta(hours=1)
    path = first.headers["Location"].partition("?")[0]
    assert post(admin, app, path, do="inviter").status_code == 303
    old, new = (re.search(r"http://\S+(/log-ind/\S+)", mail) for mail in mails(place))
    assert old and new
    stranger = browser(app, peer="203.0.113.40")
    assert post(stranger, app, old[1]).status_code == 404
    assert post(stranger, app, new[1]).status_code == 303


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"email": ""}, ["email"]),
        ({"email": "bo"}, ["email"]),
        ({"email": "bo@frist.example\r\nBcc: x@y.example"}, ["email"]),
        ({"email": "børge@frist.example"}, ["email"]),
        ({"name": "  "}, ["name"]),
        ({"name": "x" * 121}, ["name"]),
        ({"access": ""}, ["access"]),
        ({"access": "secretariat:midtjylland"}, ["access"]),
        ({"access": "council:0751"}, ["access"]),
        ({"access": "authority:"}, ["access"]),
        ({"access": "administrator:"}, ["access"]),
        ({"access": "coordinator:"}, ["access"]),
        ({"access": "king:nordjylland"}, ["access"]),
        ({"until": "32-13-2027"}, ["until"]),
        ({"until": "2026-11-22"}, ["until"]),
        ({"email": "", "name": "", "access": ""}, ["email", "name", "access"]),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nobody_is_added(
    admin: TestClient, app: FastAPI, place: Workplace, typed: dict[str, str], wrong: list[str]
) -> None:
    before = len(list_persons(place.engine))
    page = post(admin, app, "/personer", **(BO | typed))
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-fejl"', page.text) == wrong
    assert len(list_persons(place.engine)) == before and mails(place) == []


def test_an_address_that_is_taken_is_said_and_a_person_elsewhere_is_not_told_of(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    for email, region in (("her@frist.example", "nordjylland"), ("der@frist.example", "midtjylland")):
        add_person(
            place.engine, place.rulebook, email=email, name=f"Karla {region}", role="secretariat", region=region,
                at=clock(),
        )  # fmt: skip
    here = post(admin, app, "/personer", **(BO | {"email": "Her@Frist.example"}))
    assert here.status_code == 422 and "Karla nordjylland har allerede adgang" in here.text
    there = post(admin, app, "/personer", **(BO | {"email": "der@frist.example"}))
    assert there.status_code == 422 and "Karla midtjylland" not in there.text
    assert known(place, "der@frist.example").region == "midtjylland"  # type: ignore[union-attr]


def test_hostile_words_are_only_words(admin: TestClient, app: FastAPI, place: Workplace) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    sent = post(admin, app, "/personer", **(BO | {"name": hostile}))
    page = admin.get(sent.headers["Location"]).text
    assert "<script>alert" not in page and "{{ 7*7 }}" in page
    assert "{{ 7*7 }}" in mails(place)[0]
    assert post(admin, app, "/personer", **(BO | {"name": "x" * 100_000})).status_code == 422


def test_an_access_is_changed_ended_and_given_again(
    admin: TestClient, app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    bo = signed_in("secretariat")
    number = known(place, "secretariat-own@frist.example").id  # type: ignore[union-attr]
    path = f"/personer/{number}"
    changed = post(admin, app, path, do="ret", name="Bo", access="council:0851", until="2027-06-30")
    assert changed.status_code == 303
    assert bo.get("/").status_code == 303, "a change signs out everywhere"
    page = plain(admin.get(path))
    assert "Råd: Aalborg Kommune" in page and "til og med" in page
    assert "Anne region-administrator (regionens administrator, nordjylland)" in page
    assert post(admin, app, path, do="afslut").status_code == 303
    assert "Afsluttet" in admin.get(path).text
    assert post(admin, app, path, do="afslut").status_code == 303  # twice
    assert post(admin, app, path, do="inviter").status_code == 404
    assert post(admin, app, path, do="ret", name="Bo", access="secretariat:nordjylland").status_code == 303
    assert "afsluttet" not in admin.get(path).text
    with reading(place.engine) as session:
        acts = [(act.what, act.by) for act in acts_of(session, "person", ["secretariat-own@frist.example"])]
    by = "Anne region-administrator (regionens administrator, nordjylland)"
    assert acts == [("changed", by), ("ended", by), ("changed", by), ("added", "")]
    assert post(admin, app, path, do="ret", name="Bo", access="administrator:").status_code == 422
    assert post(admin, app, path, do="x").status_code == 422


def test_a_regions_administrator_sees_and_touches_nobody_above_or_elsewhere(
    admin: TestClient, app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    others = [
        ("administrator", {}), ("authority", {}), ("secretariat", {"region": "midtjylland"}),
        ("council", {"body": "0751"}),
    ]  # fmt: skip
    for role, where in others:
        signed_in(role, **where)
    page = admin.get("/personer").text
    for one in list_persons(place.engine):
        mine = one.email == "region-administrator-own@frist.example"
        assert (f">{one.email}<" in page) == mine
        answer = post(admin, app, f"/personer/{one.id}", do="afslut") if not mine else None
        assert answer is None or answer.status_code == 404
    for region in ("midtjylland", "alle", "findes-ikke"):
        assert admin.get(f"/personer?region={region}").status_code == 404
    assert all(one.valid_to is None for one in list_persons(place.engine))
    assert admin.get("/regler/nye").status_code == 404


def test_the_last_administrator_cannot_be_ended_or_made_less(
    app: FastAPI, place: Workplace, signed_in: SignIn, clock: Clock
) -> None:
    admin = signed_in("administrator")
    email = "administrator-own@frist.example"
    path = f"/personer/{known(place, email).id}"  # type: ignore[union-attr]
    for form in ({"do": "afslut"}, {"do": "ret", "name": "A", "access": "administrator:nordjylland"}):
        refused = post(admin, app, path, **form)
        assert refused.status_code == 409 and "sidste administrator" in refused.text
    with pytest.raises(NotPossible):
        end_person(place.engine, email, clock())
    region = {"role": "administrator", "region": "nordjylland"}
    add_person(place.engine, place.rulebook, email="r@frist.example", name="R", at=clock(), **region)
    assert post(admin, app, path, do="afslut").status_code == 409, "a region's own is no second one"
    add_person(
        place.engine, place.rulebook, email="to@frist.example", name="To", role="administrator", at=clock()
    )
    assert post(admin, app, path, do="afslut").status_code == 303
    assert admin.get("/personer").status_code == 303


def test_a_mail_that_is_not_taken_is_said_and_the_access_stands(place: Workplace, clock: Clock) -> None:
    chosen = {
        "smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_starttls": "never", "sender": "frist@frist.example",
        "smtp_password": SecretStr(""),
    }  # fmt: skip
    away = replace(place, settings=place.settings.model_copy(update=chosen))
    app = create_app(lambda: away, clock)
    guest = browser(app)
    page = post(guest, app, "/personer", **BO)
    assert page.status_code == 502
    assert "Mailen kunne ikke afleveres" in page.text and known(place, "bo@frist.example")
    app.state.postman.close()


def test_everybody_sees_and_ends_ones_own_sessions_and_nobody_elses(
    app: FastAPI, signed_in: SignIn, place: Workplace, clock: Clock
) -> None:
    council = signed_in("council")
    email = "council-own@frist.example"
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120"
    secret = begin_for(place.engine, email, clock(), Device(agent, "198.51.100.9"))
    assert secret
    phone = browser(app, peer="198.51.100.9")
    cookies = app.state.gate.cookies
    phone.cookies.set(cookies.session_name, cookies.sealed(secret, clock()), domain="127.0.0.1")
    page = council.get("/personer/mig").text
    assert "Edge på Windows" in page and "198.51.100.9" in page and page.count("denne") >= 1
    marks = re.findall(r'name="session" value="(\w+)"', page)
    assert len(marks) == 2
    stranger = signed_in("coordinator")
    for mark in marks:
        post(stranger, app, "/personer/mig", session=mark)
    assert phone.get("/personer/mig").status_code == 200, "another's mark ends nothing"
    assert post(council, app, "/personer/mig").status_code == 303
    assert phone.get("/personer/mig").status_code == 303
    (own,) = re.findall(r'name="session" value="(\w+)"', council.get("/personer/mig").text)
    post(council, app, "/personer/mig", session=own)
    assert council.get("/personer/mig").status_code == 303


def test_the_twenty_first_session_of_a_person_ends_the_oldest(
    signed_in: SignIn, place: Workplace, clock: Clock
) -> None:
    oldest, other = signed_in("council"), signed_in("coordinator")
    secrets = []
    for number in range(MOST_SESSIONS):
        clock.at += timedelta(seconds=1)
        assert oldest.get("/personer/mig").status_code == 200, number
        secrets.append(begin_for(place.engine, "council-own@frist.example", clock()))
    assert oldest.get("/personer/mig").status_code == 303
    assert all(secret and who(place.engine, secret, clock()) for secret in secrets)
    assert other.get("/personer/mig").status_code == 200, "another's are another's"
