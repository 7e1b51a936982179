"""The audit trail: who came in, was turned away or took something away is written down, and read by administrators."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.faces.web.conftest import Clock, SignIn, browser, csrf, plain
from tests.faces.web.gate.test_gate import link_in, mails
from workflow.faces.daemon.workplace import Workplace
from workflow.services.keeping.verifying import TRAIL, verify
from workflow.services.people.persons import add_person
from workflow.services.people.programs import add_token, revoke_token
from workflow.services.watch.trail import KEPT, KINDS, Asked, entries, forget_old
from workflow.storage.database import writing

AFTALE, FAR = "/aftaler/nordjylland/2024-2027", "/aftaler/midtjylland/2024-2027"


def post(client: TestClient, app: FastAPI, path: str, **data: str) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data})  # type: ignore[return-value]


def lines(place: Workplace, **asked: str) -> list[tuple[str, str, str]]:
    """What, who and about, the oldest first."""
    return [(one.what, one.who, one.about) for one in reversed(entries(place.engine, Asked(**asked)))]  # type: ignore[arg-type]


def kinds(place: Workplace) -> list[str]:
    return [one[0] for one in lines(place) if "/" not in one[0]]


def test_signing_in_and_out_and_failing_to_is_written_with_who_and_from_where(
    app: FastAPI, stranger: TestClient, place: Workplace, clock: Clock
) -> None:
    add_person(
        place.engine, place.rulebook, email="anne@frist.example", name="Anne", role="coordinator", at=clock()
    )
    post(stranger, app, "/log-ind", email="ukendt@frist.example")
    post(stranger, app, "/log-ind", email="anne@frist.example")
    link = link_in(mails(place, app)[0])
    other = browser(app, peer="198.51.100.5")
    assert post(other, app, link).status_code == 404
    post(stranger, app, link)
    post(stranger, app, "/log-ud")
    assert lines(place)[1:] == [
        ("link-asked", "", "ukendt@frist.example"),
        ("link-asked", "", "anne@frist.example"),
        ("sign-in-failed", "", "/log-ind/{link}"),
        ("signed-in", "anne@frist.example", "/log-ind/{link}"),
        ("signed-out", "anne@frist.example", "/log-ud"),
    ]
    assert {one.client for one in entries(place.engine, Asked(what="sign-in-failed"))} == {"198.51.100.5"}
    stored = (place.settings.data_dir / "aftale.db").read_bytes()
    assert link.rpartition("/")[2].encode() not in stored


@pytest.mark.fault("F76")
def test_what_is_tried_is_written_and_no_secret_with_it(
    app: FastAPI, stranger: TestClient, signed_in: SignIn, place: Workplace
) -> None:
    secretary = signed_in("secretariat")
    secretary.get(FAR)
    secretary.get("/breve/999999")
    secretary.post("/kalendere", data={"of": "region:nordjylland", "name": "x"})  # not our form
    stranger.get("/api/v1/agreements", headers={"Authorization": "Bearer hemmelig"})
    stranger.get("/svar/gaettet")
    stranger.get("/kalender/gaettet.ics")
    for _ in range(31):
        stranger.get("/", headers={"Authorization": "Bearer x"})
    found = [one for one in lines(place) if "/" not in one[0]]
    assert found[:6] == [
        ("refused", "secretariat-own@frist.example", FAR),
        ("refused", "secretariat-own@frist.example", "/breve/999999"),
        ("forged", "secretariat-own@frist.example", "/kalendere"),
        ("token-refused", "", "/api/v1/agreements"),
        ("wrong-link", "", "/svar/{token}"),
        ("wrong-link", "", "/kalender/{secret}.ics"),
    ]
    assert "too-often" in kinds(place)
    stored = (place.settings.data_dir / "aftale.db").read_bytes()
    assert b"gaettet" not in stored and b"Bearer" not in stored


def test_exports_documents_contacts_and_people_that_were_seen_are_written_once_an_hour(
    app: FastAPI, signed_in: SignIn, place: Workplace, clock: Clock
) -> None:
    admin = signed_in("region-administrator")
    for _ in range(2):
        for path in (
            "/kontakter?region=nordjylland", "/personer", f"{AFTALE}/eksport/raad.csv", "/eksport/breve.xlsx",
        ):  # fmt: skip
            assert admin.get(path).status_code == 200
    assert kinds(place) == ["contacts", "people", "export", "export"]
    clock.at += timedelta(hours=1)
    admin.get("/personer")
    assert kinds(place)[-1] == "people" and len(kinds(place)) == 5
    admin.get("/")
    admin.get(AFTALE)
    assert len(kinds(place)) == 5, "reading the agreement is what the site is for"
    post(admin, app, "/kalendere", of="region:nordjylland", name="x")
    assert kinds(place)[-1] == "feed-made"


def test_an_administrator_reads_and_filters_it_and_nobody_else_does(
    app: FastAPI, signed_in: SignIn, place: Workplace, clock: Clock
) -> None:
    add_token(place.engine, place.rulebook, "BI", "", None, clock(), "drift")
    revoke_token(place.engine, "BI", clock(), "drift")
    signed_in("secretariat").get(FAR)
    admin = signed_in("administrator")
    page = plain(admin.get("/opsaetning/spor"))
    for said in (
        "bad om noget uden for sin adgang",
        "nøgle: oprettet",
        "nøgle: tilbagekaldt",
        "person: oprettet",
    ):
        assert f'<td data-name="Hvad">{said}</td>' in page
    page = plain(
        admin.get("/opsaetning/spor?what=refused&who=secretariat-own&since=2026-11-23&until=2026-11-23")
    )
    assert page.count('<td data-name="Hvad">') == 1
    assert "Intet passer" in admin.get("/opsaetning/spor?until=2026-11-22").text
    for wrong in ("what=x", "since=x", "until=2026-13-01"):
        assert admin.get(f"/opsaetning/spor?{wrong}").status_code == 422
    assert "trail" in kinds(place)
    for role in ("secretariat", "council", "coordinator", "authority", "region-administrator"):
        assert signed_in(role).get("/opsaetning/spor").status_code == 404


def test_hostile_words_are_only_words(
    app: FastAPI, stranger: TestClient, signed_in: SignIn, place: Workplace
) -> None:
    post(stranger, app, "/log-ind", email="<script>alert(1)</script>")
    signed_in("secretariat").get(f"{FAR}?x=<script>alert(2)</script>{'y' * 5000}")
    page = signed_in("administrator").get("/opsaetning/spor").text
    assert "<script>" not in page and "(ingen mailadresse)" in page


def test_a_flood_of_strangers_writes_so_much_a_minute_and_says_how_much_was_left_out(
    app: FastAPI, place: Workplace, clock: Clock
) -> None:
    for number in range(70):
        browser(app, peer=f"203.0.113.{number}").get("/svar/gaettet")
    assert len(kinds(place)) == 60
    clock.at += timedelta(minutes=1)
    browser(app, peer="203.0.113.9").get("/svar/gaettet")
    assert [one for one in lines(place) if one[0] == "left-out"] == [("left-out", "", "10")]


def test_one_visitor_writes_twice_as_much_a_minute(signed_in: SignIn, place: Workplace, clock: Clock) -> None:
    secretary = signed_in("secretariat")
    for number in range(122):
        secretary.get(f"/breve/{999_000 + number}")
    assert len(kinds(place)) == 120
    clock.at += timedelta(minutes=1)
    secretary.get(FAR)
    assert [one[2] for one in lines(place)][-2:] == ["2", FAR]


def test_the_log_says_what_and_never_who(
    signed_in: SignIn, place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "aftale.audit"):
        signed_in("secretariat").get(FAR)
    assert [record.getMessage() for record in caplog.records] == ["refused 404"]
    assert "frist.example" not in caplog.text


def test_it_is_never_changed_is_a_chain_and_goes_after_a_year_from_the_oldest_on(
    signed_in: SignIn, place: Workplace, clock: Clock
) -> None:
    secretary = signed_in("secretariat")
    for _ in range(2):
        secretary.get(FAR)
    for statement in ("UPDATE trail SET who = 'x'", "DELETE FROM trail", "DELETE FROM trail WHERE no = 2"):
        with pytest.raises(DBAPIError, match="trail"), writing(place.engine) as session:
            session.execute(text(statement))
    assert forget_old(place.engine, clock() + KEPT) == 0
    begun = clock()
    clock.at += timedelta(days=1)
    signed_in("council").get(FAR)
    assert forget_old(place.engine, begun + KEPT + timedelta(hours=1)) == 2
    assert verify(place.engine, None)[1] == []
    assert kinds(place) == ["refused"]
    with writing(place.engine) as session:
        session.execute(text("DROP TRIGGER trail_no_update"))
        session.execute(text("UPDATE trail SET client = '127.0.0.1'"))
    (bad,) = verify(place.engine, None)[1]
    assert (bad.agreement, bad.why) == (TRAIL, "row 3 was changed")


def test_a_database_that_cannot_be_written_to_is_no_reason_not_to_answer(
    signed_in: SignIn, place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    secretary = signed_in("secretariat")
    with writing(place.engine) as session:
        session.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )
    assert secretary.get(FAR).status_code == 404
    assert "was not written" in caplog.text


def test_every_kind_has_words() -> None:
    assert all(re.fullmatch(r"[a-z-]+", kind) and said for kind, said in KINDS.items())
