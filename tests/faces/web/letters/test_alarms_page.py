"""*Alarmer*: every kind of alarm in plain words, with what cures it, and its end by a person's hand."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.services.delivery.handling import hold_everything, why_stopped
from workflow.services.watch.curing import cure_of
from workflow.services.watch.heartbeat import open_alarms
from workflow.services.watch.minding import A_PERSONS
from workflow.storage.database import writing
from workflow.storage.letters.alarms import raise_alarm

KEYS = [
    "contact:0851/council", "address:a@b.example", "address:a@b.example:given-up", "full:a@b.example",
    "full:a@b.example:closed", "plan:nordjylland/2024-2027", "channel:relay", "mail:fault", "mail:person",
    "outbox:stopped", "outbox:held", "outbox:restored", "letter:digest", "journal:unreadable", "return:x.eml",
    "pass:plan", "contacts", "rules", "clock", "clock (host)", "refusal:policy:abc", "notice:1:challenge",
    "refusal:sender:abc", "refusal:unknown:abc",
    *(f"notice:7:{how}" for how in (
        "quarantined", "cancelled", "uncertain", "doubt", "delayed", "unread", "answer", "bounced", "warning",
        "alarm", "person",
    )),
]  # fmt: skip


def post(client: TestClient, app: FastAPI, path: str, **data: str) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data})  # type: ignore[return-value]


def raised(place: Workplace, key: str, text: str = "Brev 7 (x) til 0860/council: aftale outbox retry") -> int:
    with writing(place.engine) as session:
        raise_alarm(session, key, "alarm", text, MORNING)
    return next(one.id or 0 for one in open_alarms(place.engine) if one.key == key)


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_says_what_it_means_and_what_to_do_without_a_command(key: str) -> None:
    cure = cure_of(key)
    assert "skal ses på" not in cure.what, "nobody thought of it"
    for words in (cure.what, cure.means, cure.todo):
        assert words.endswith(".") and not re.search(
            r"aftale (outbox|alarm|contacts|journal|history|doctor)|--|\bNR\b", words
        ), words
    assert bool(cure.path) == bool(cure.label)
    assert cure.by_hand == key.startswith(A_PERSONS)


def test_a_refusal_of_our_sender_is_no_matter_for_the_recipient() -> None:
    assert cure_of("refusal:sender:abc") == cure_of("refusal:relay:abc")
    assert "SPF" in cure_of("refusal:sender:abc").todo
    assert "it-afdeling" in cure_of("refusal:policy:abc").todo


def test_the_secretary_sees_her_regions_alarms_in_plain_words_and_ends_those_a_person_ends(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    secretary = signed_in("secretariat")
    mine = raised(place, "address:sundhed@aalborg.example")
    far = raised(place, "contact:0751/council")
    lasting = raised(place, "channel:relay")
    page = plain(secretary.get("/alarmer"))
    assert "Mailserveren tager ikke imod." in page and "0751" not in page
    front = secretary.get("/").text
    assert f"/alarmer#alarm-{lasting}" in front
    number = raised(place, "letter:digest")
    assert post(secretary, app, f"/alarmer/{number}", why=" ").status_code == 422
    assert post(secretary, app, f"/alarmer/{number}", why="x" * 100_000).status_code == 422
    assert post(secretary, app, f"/alarmer/{lasting}", why="set").status_code == 409
    assert post(secretary, app, f"/alarmer/{far}", why="set").status_code == 404
    assert post(secretary, app, f"/alarmer/{number}", why="læst <b>").status_code == 303
    assert post(secretary, app, f"/alarmer/{number}", why="igen").status_code == 404
    assert number not in {one.id for one in open_alarms(place.engine)}
    assert mine in {one.id for one in open_alarms(place.engine)}
    assert "Afslut" not in signed_in("coordinator").get("/alarmer").text


def test_a_council_sees_only_what_is_its_own(signed_in: SignIn, place: Workplace) -> None:
    raised(place, "contact:0851/council")
    raised(place, "contact:0813/council")
    raised(place, "channel:relay")
    page = signed_in("council").get("/alarmer").text
    assert "organ=0851" in page and "organ=0813" not in page and "Mailserveren tager" not in page


def test_the_administrator_lets_all_sending_go_and_the_secretary_is_told_whom_to_ask(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    hold_everything(place.engine, "mailflytning", "drift", MORNING)
    secretary = signed_in("secretariat")
    page = plain(secretary.get("/alarmer"))
    assert "Al udsendelse er standset." in page and "Slip alle breve" not in page
    assert post(secretary, app, "/alarmer/slip").status_code == 404
    admin = signed_in("administrator")
    assert "Slip alle breve" in admin.get("/alarmer").text
    assert post(admin, app, "/alarmer/slip").status_code == 303
    assert why_stopped(place.engine) == ""
