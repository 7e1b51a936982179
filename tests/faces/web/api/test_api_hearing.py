"""The register of a hearing and the councils' cases for programs: what is entered is read again, and by whom."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import KEY as SENT
from tests.faces.web.papers.test_text_travels import sends
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.people.programs import add_token
from workflow.storage.database import reading
from workflow.storage.facts.acts import Act

mails, link = answering.mails, answering.link
KEY = "nordjylland/2027-2031"
HEARING = f"/api/v1/agreements/{KEY}/hearing"
DAY = MORNING.date() - timedelta(days=10)
CLOSES = DAY + timedelta(days=5)
CASES = f"/api/v1/agreements/{SENT}/cases"


@pytest.fixture
def heard(place: Workplace) -> None:
    fact = Fact(0, "consultation-opened", DAY, due=CLOSES, time="12:00", by="x", source="x")
    record(place.engine, place.rulebook, KEY, fact, today=MORNING.date(), at=MORNING)


def post(client: TestClient, app: FastAPI, path: str, key: str = "", **body: Any) -> Any:
    headers = {"X-CSRF-Token": csrf(client, app), "Idempotency-Key": key or uuid4().hex}
    return client.post(f"{HEARING}{path}", json=body, headers=headers)


def enter(client: TestClient, app: FastAPI, path: str, **body: Any) -> dict[str, Any]:
    answer = post(client, app, path, **body)
    assert answer.status_code == 201, answer.text
    assert client.get(answer.headers["Location"]).status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def answered(client: TestClient, app: FastAPI, party: str = "0851", time: str = "11:42") -> None:
    enter(client, app, f"/parties/{party}/answers", on=CLOSES.isoformat(), time=time, source="sag 7")
    enter(client, app, f"/parties/{party}/remarks", text="Kapitel 3 mangler", where="Kapitel 3")


@pytest.mark.usefixtures("heard")
def test_what_is_entered_by_a_program_is_read_again_and_stands_on_the_page(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    added = enter(anne, app, "/parties", name="Ældre Sagen", on=DAY.isoformat(), email="h@aeldre.example")
    assert added["party"] == f"p{added['line']}" and added["version"] == 1
    answered(anne, app)
    register = anne.get(HEARING).json()
    came = next(one for one in register["parties"] if one["id"] == "0851")["answers"]
    assert came == [{"at": f"{CLOSES}T10:42:00Z", "late": False}], "11.42 in Denmark, in winter time"
    assert register["closes_at"] == f"{CLOSES}T11:00:00Z" and register["opened"] == DAY.isoformat()
    assert "0851" not in register["silent"] and added["party"] in register["silent"]
    assert (register["remarks"], register["undecided"], register["published"]) == (1, [1], None)

    waits = post(anne, app, "/publications", on=MORNING.date().isoformat(), where="rn.example")
    assert waits.status_code == 409 and "det mangler for nr. 1" in waits.json()["detail"]
    assert "det mangler for nr. 1" in anne.get(f"{HEARING}/parties/0851").json()["not_yet"]
    enter(anne, app, "/remarks/1/decisions", taken=False, because="den er med i kapitel 4")
    [remark] = anne.get(f"{HEARING}/remarks").json()["items"]
    assert (remark["item"], remark["party"], remark["where"]) == (1, "0851", "Kapitel 3")
    assert (remark["taken"], remark["because"]) == (False, "den er med i kapitel 4")
    assert remark["taken_text"] == "Ikke taget med, fordi den er med i kapitel 4"

    sent = enter(anne, app, "/parties/0851/replies", to="b@aalborg.example")
    assert anne.get(f"/breve/{sent['notice']}").status_code == 200
    by_hand = enter(anne, app, "/parties/0851/replies", by_hand=True)
    assert by_hand["notice"] is None and by_hand["line"] > sent["line"]
    party = anne.get(f"{HEARING}/parties/0851").json()
    assert party["answers"][0]["source"] == "sag 7" and party["answers"][0]["document"] is None
    assert (party["replied"]["to"], party["replied"]["changed"], party["not_yet"]) == ("", False, None)
    assert "Kapitel 3 mangler" in " ".join(party["reply"])

    enter(anne, app, "/publications", on=MORNING.date().isoformat(), where="rn.example/hoering")
    note = anne.get(f"{HEARING}/note", params={"words": "public"}).json()
    assert note["published"]["where"] == "rn.example/hoering"
    assert note["published"]["sha256"] == note["sha256"] and not note["outdated"]
    assert note["text"] == anne.get(f"/aftaler/{KEY}/hoering/notat.txt?offentlig=1").text
    assert anne.get(note["document"]).content[:2] == b"PK"
    enter(anne, app, "/parties/0860/answers", on=CLOSES.isoformat(), time="12:01")
    assert anne.get(f"{HEARING}/note").json()["outdated"]
    with reading(place.engine) as session:
        lines = session.scalars(select(Act).where(Act.about == f"{KEY}@1")).all()  # type: ignore[arg-type]
    assert [one.what for one in lines] == [
        "asked", "answered", "remarked", "decided", "replied", "replied", "published", "answered"
    ]  # fmt: skip
    assert {one.by for one in lines} == {"Anne secretariat"}


@pytest.mark.usefixtures("heard")
def test_a_request_that_comes_again_with_its_key_enters_nothing_and_gets_the_same_answer(
    signed_in: SignIn, app: FastAPI, clock: Clock, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    answered(anne, app)
    asks: dict[str, dict[str, Any]] = {
        "/parties": {"name": "Ældre Sagen", "on": DAY.isoformat()},
        "/parties/0860/answers": {"on": CLOSES.isoformat(), "time": "11:00"},
        "/parties/0851/remarks": {"text": "Kapitel 4 mangler"},
        "/remarks/1/decisions": {"taken": True},
        "/remarks/2/decisions": {"taken": False, "because": "den er med"},
        "/parties/0851/replies": {"to": "b@aalborg.example"},
        "/publications": {"on": MORNING.date().isoformat(), "where": "rn.example"},
        "/struck": {"line": 3, "why": "forkert"},
    }
    first = {path: post(anne, app, path, key=f"key-of{path}", **body) for path, body in asks.items()}
    assert {path: one.status_code for path, one in first.items()} == dict.fromkeys(asks, 201), first[
        "/struck"
    ].text
    with reading(place.engine) as session:
        lines = len(session.scalars(select(Act)).all())

    clock.at += timedelta(
        hours=1
    )  # after the ten minutes within which the newest line's own words are one line
    for path, body in asks.items():
        again = post(anne, app, path, key=f"key-of{path}", **body)
        assert (again.status_code, again.json()) == (201, first[path].json()), path
        assert again.headers["Location"] == first[path].headers["Location"]
    other = post(anne, app, "/parties", key="key-of/parties", name="En anden", on=DAY.isoformat())
    assert other.status_code == 422 and "Idempotency-Key" in other.json()["detail"]
    none = anne.post(f"{HEARING}/parties", json=asks["/parties"], headers={"X-CSRF-Token": csrf(anne, app)})
    assert none.status_code == 422

    with reading(place.engine) as session:
        assert len(session.scalars(select(Act)).all()) == lines


@pytest.mark.usefixtures("heard")
def test_what_came_late_is_marked_and_what_was_wrong_is_struck_out(signed_in: SignIn, app: FastAPI) -> None:
    anne = signed_in("secretariat")
    late = enter(anne, app, "/parties/0851/answers", on=CLOSES.isoformat(), time="12:01")
    assert late["late"] is True
    again = enter(anne, app, "/parties/0851/answers", on=CLOSES.isoformat(), time="12:01")
    assert again["line"] == late["line"], "sent twice is one line"
    enter(anne, app, "/struck", line=late["line"], why="skrevet ved den forkerte")
    assert "0851" in anne.get(HEARING).json()["silent"]
    assert post(anne, app, "/struck", line=late["line"], why="igen").status_code == 404
    before = anne.get(HEARING, params={"as_of": (MORNING.date() - timedelta(days=1)).isoformat()}).json()
    assert all(one["answers"] == [] for one in before["parties"])


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/parties", {"name": " ", "on": DAY.isoformat()}, 422, "navnet mangler"),
        ("/parties", {"name": "X", "on": "2026-02-30"}, 422, "body on"),
        ("/parties", {"name": "X", "on": DAY.isoformat(), "by": "Y"}, 422, "body by"),
        ("/parties/0851/answers", {"on": CLOSES.isoformat(), "time": "25:00"}, 422, "body time"),
        ("/parties/p99/answers", {"on": CLOSES.isoformat(), "time": "11:42"}, 404, "findes ikke"),
        ("/parties/0851/remarks", {"text": "Uden svar"}, 409, "har ikke svaret"),
        ("/remarks/7/decisions", {"taken": True}, 404, "findes ikke"),
        ("/parties/0851/replies", {"to": "a@b.example", "by_hand": True}, 422, "by_hand"),
        ("/parties/0851/replies", {}, 422, "by_hand"),
        ("/publications", {"on": MORNING.date().isoformat(), "where": "x", "version": 9}, 409, "version 9"),
    ],
)
def test_what_cannot_be_is_a_problem_and_nothing_is_entered(
    signed_in: SignIn, app: FastAPI, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    anne = signed_in("secretariat")
    before = anne.get(HEARING).content
    no = post(anne, app, path, **body)
    assert (no.status_code, no.headers["Content-Type"]) == (status, "application/problem+json")
    assert says in no.json()["detail"]
    assert anne.get(HEARING).content == before


@pytest.mark.usefixtures("heard")
def test_a_council_reads_who_answered_and_the_published_note_and_no_other_s_remarks(
    signed_in: SignIn, app: FastAPI, place: Workplace, stranger: TestClient, clock: Clock
) -> None:
    anne, aalborg = signed_in("secretariat"), signed_in("council")
    enter(anne, app, "/parties", name="Karen Privat", on=DAY.isoformat(), private=True)
    answered(anne, app)
    seen = aalborg.get(HEARING)
    assert "Karen" not in seen.text and "En borger" in seen.text and "Karen" in anne.get(HEARING).text
    assert (seen.json()["remarks"], seen.json()["undecided"]) == (None, None)
    for path in ("/remarks", "/parties/0851", "/note", "/published"):
        assert aalborg.get(f"{HEARING}{path}").status_code == 404, path
    enter(anne, app, "/remarks/1/decisions", taken=True)
    enter(anne, app, "/publications", on=MORNING.date().isoformat(), where="rn.example")
    published = aalborg.get(f"{HEARING}/published").json()
    assert "Taget med" in published["text"] and "Karen" not in published["text"]

    secret = add_token(place.engine, place.rulebook, "BI", "nordjylland", None, clock())
    program = {"Authorization": f"Bearer {secret}"}
    assert stranger.get(f"{HEARING}/remarks", headers=program).status_code == 200
    no = stranger.post(f"{HEARING}/struck", json={"line": 1, "why": "x"}, headers=program)
    assert no.status_code == 404
    for other in (aalborg, signed_in("coordinator"), signed_in("secretariat", region="midtjylland")):
        assert post(other, app, "/parties/0851/remarks", text="mit").status_code == 404
    assert anne.post(f"{HEARING}/parties", json={"name": "X", "on": DAY.isoformat()}).status_code == 403


@pytest.mark.usefixtures("heard")
def test_remarks_come_in_pages(signed_in: SignIn, app: FastAPI) -> None:
    anne = signed_in("secretariat")
    answered(anne, app)
    for number in range(2, 6):
        enter(anne, app, "/parties/0851/remarks", text=f"Bemærkning {number}")
    address, read = f"{HEARING}/remarks?limit=2", []
    while address:
        told = anne.get(address).json()
        read.append([one["item"] for one in told["items"]])
        address = told["next"]
    assert read == [[1, 2], [3, 4], [5]]


def test_an_agreement_without_a_hearing_says_so(signed_in: SignIn) -> None:
    no = signed_in("secretariat").get(HEARING)
    assert no.status_code == 409 and "er ikke åbnet en høring" in no.json()["detail"]


def test_the_cases_are_listed_with_number_and_fingerprint_and_asked_whether_they_hold(
    signed_in: SignIn, place: Workplace, clock: Clock, link: str
) -> None:
    anne = signed_in("secretariat")
    assert anne.get(CASES).status_code == 409, "no text with its file is with the councils"
    sends(place, clock, 2, b"teksten")
    listed = anne.get(CASES).json()
    assert len(listed["items"]) == len(place.rulebook.parties("nordjylland", clock().date()))
    own = next(one for one in listed["items"] if one["council"] == "0851")
    assert own["sha256"] == hashlib.sha256(b"teksten").hexdigest()
    assert (own["name"], own["version"]) == ("Aalborg Kommune", 2)
    assert anne.get(own["document"]).content[:2] == b"PK"
    held = anne.get(f"/api/v1/cases/{own['number']}").json()
    assert (held["holds"], held["why"], held["newest"]) == (True, "", own["number"])
    assert (held["agreement"], held["council"]) == (SENT, "Aalborg Kommune")

    sends(place, clock, 3, b"en anden tekst")
    held = anne.get(f"/api/v1/cases/{own['number'].lower()}").json()
    assert held["holds"] is False and "det er nu version 3, der gælder" in held["why"]
    forged = own["number"][:-1] + ("0" if own["number"][-1] != "0" else "1")
    away = signed_in("secretariat", region="midtjylland").get(f"/api/v1/cases/{own['number']}")
    never = anne.get(f"/api/v1/cases/{forged}")
    assert away.status_code == never.status_code == 404 and away.json() == never.json()
    assert signed_in("council").get(CASES).json() == anne.get(CASES).json()
