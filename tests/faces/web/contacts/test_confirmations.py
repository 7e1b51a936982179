"""*Bekræftelser*: a body says which mailbox is its own, and nothing changes before the secretariat takes it up."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from tests.faces.web.councils.answering import mails_of
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.mail.writing.cutting import GONE
from workflow.services.people.contacts.confirming import ask_bodies
from workflow.services.people.contacts.takingup import questions_of
from workflow.services.people.contacts.turning import ask_at_turn, asking_day
from workflow.storage.database import reading
from workflow.storage.facts.acts import acts_of, broken_act
from workflow.storage.people.contacts import live_contact
from workflow.storage.tables import Contact, Notice

PAGE = "/kontakter/bekraeftelser"
pytestmark = pytest.mark.ticked  # what else is due that day has been sent
LINK = re.compile(r"(/bekraeft/[\w.-]+)")


@pytest.fixture
def anne(signed_in: SignIn) -> TestClient:
    return signed_in("secretariat")


def post(client: TestClient, app: FastAPI, path: str, **form: str):
    return client.post(path, data={"csrf": csrf(client, app)} | form)


def link_to(place: Workplace, address: str) -> str:
    return next(LINK.findall(text)[-1] for to, text in mails_of(place) if address in to and LINK.search(text))


@pytest.fixture
def aalborg(anne: TestClient, app: FastAPI, place: Workplace) -> str:
    """The link that Aalborg's council got."""
    assert post(anne, app, PAGE).headers["location"].startswith(f"{PAGE}?region=nordjylland&gemt=")
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    return link_to(place, "sundhed@aalborg.example")


def first(place: Workplace, on: date, function: str = "council", body: str = "0851") -> str | None:
    with reading(place.engine) as session:
        found = live_contact(session, body, function, on)
    return found[1] if found else None


def number_of(place: Workplace, body: str) -> int:
    return next(
        one.id or 0 for one in questions_of(place.engine, place.rulebook, "nordjylland") if one.body == body
    )


def test_every_body_is_asked_once_and_through_a_link_of_its_own(
    anne: TestClient, app: FastAPI, place: Workplace, aalborg: str
) -> None:
    asked = {one.body for one in questions_of(place.engine, place.rulebook, "nordjylland")}
    assert {"0851", "0860", "1081", "nordjylland-nord", "nordjylland"} <= asked
    links = [LINK.findall(text)[0] for _, text in mails_of(place) if LINK.search(text)]
    assert len(set(links)) == len(links) == len(questions_of(place.engine, place.rulebook, "nordjylland"))
    assert post(anne, app, PAGE).headers["location"].endswith("gemt=0")  # pressed twice
    page = plain(anne.get(PAGE))
    assert "Ingen svar venter" in page and "Spurgt" in page


def test_a_new_mailbox_is_used_only_after_the_secretariat_took_it_up(
    anne: TestClient, app: FastAPI, place: Workplace, stranger: TestClient, aalborg: str
) -> None:
    shown = plain(stranger.get(aalborg))
    assert "Er sundhed@aalborg.example den rigtige postkasse?" in shown
    form = {
        "answer": "other",
        "email": "ny@aalborg.example",
        "name": "Ny postkasse",
        "valid_from": "2027-01-01",
    }
    assert post(stranger, app, aalborg, **form).headers["location"] == aalborg
    assert post(stranger, app, aalborg, **form).status_code == 303  # pressed twice
    assert "Sekretariatet ser på det, før noget ændres" in plain(stranger.get(aalborg))
    assert first(place, date(2027, 2, 1)) == "sundhed@aalborg.example"
    number = number_of(place, "0851")
    assert "1 svar om en postkasse venter" in plain(anne.get("/"))
    assert "ny@aalborg.example" in plain(anne.get(PAGE))
    assert post(anne, app, f"{PAGE}/{number}", do="tag").status_code == 303
    assert post(anne, app, f"{PAGE}/{number}", do="tag").status_code == 303  # pressed twice
    days = [first(place, on) for on in (date(2026, 12, 31), date(2027, 1, 1))]
    assert days == ["sundhed@aalborg.example", "ny@aalborg.example"]
    assert post(stranger, app, aalborg, answer="keep").status_code == 409
    assert "sekretariatet behandlede svaret" in plain(stranger.get(aalborg))
    with reading(place.engine) as session:
        done = [one.what for one in acts_of(session, "contact", ["0851/council"])]
        assert done == ["ended", "added", "answered", "asked"]
        assert broken_act(session) is None


def test_a_mailbox_that_is_right_stays_to_the_end_of_the_next_seat(
    anne: TestClient, app: FastAPI, place: Workplace, stranger: TestClient, aalborg: str
) -> None:
    with reading(place.engine) as session:
        before = session.scalars(
            select(Contact).where(Contact.body == "nordjylland-nord", Contact.function == "cluster")  # type: ignore[arg-type]
        ).one()
    link = link_to(place, before.email)
    assert post(stranger, app, link, answer="keep").status_code == 303
    assert post(anne, app, f"{PAGE}/{number_of(place, 'nordjylland-nord')}", do="tag").status_code == 303
    with reading(place.engine) as session:
        after = session.get_one(Contact, before.id)
    if before.valid_to is None:
        assert after.valid_to is None
    else:
        assert after.valid_to is not None and after.valid_to > before.valid_to


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Vælg et svar"),
        ({"answer": "x"}, "Vælg et svar"),
        ({"answer": "other"}, "ikke én gyldig mailadresse"),
        ({"answer": "other", "email": "a@sst.dk"}, "myndighedens"),
        ({"answer": "other", "email": "a@b.example", "valid_from": "31-02-2027"}, "er ingen dato"),
        ({"answer": "keep", "remark": "<script>" * 100}, "højst 500 tegn"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field_and_nothing_is_kept(
    app: FastAPI, place: Workplace, stranger: TestClient, aalborg: str, form: dict[str, str], says: str
) -> None:
    answer = post(stranger, app, aalborg, **form)
    assert answer.status_code == 422
    assert says in plain(answer)
    assert "<script>" not in answer.text
    assert {one.state for one in questions_of(place.engine, place.rulebook, "nordjylland")} == {"asked"}


def test_who_answered_from_the_own_mailbox_does_not_take_it_up_and_a_refusal_has_a_reason(
    signed_in: SignIn, anne: TestClient, app: FastAPI, place: Workplace, stranger: TestClient, aalborg: str
) -> None:
    post(stranger, app, aalborg, answer="keep", remark="Ring <b>hellere</b>")
    number = number_of(place, "0851")
    from workflow.services.people.persons import add_person

    add_person(
        place.engine, place.rulebook, email="sundhed@aalborg.example", name="Bo", role="secretariat",
        region="nordjylland", at=MORNING,
    )  # fmt: skip
    from workflow.errors import NotPossible
    from workflow.services.people.contacts.takingup import take_up

    with pytest.raises(NotPossible, match="din egen postkasse"):
        take_up(place.engine, place.rulebook, number, "Bo", MORNING, "Sundhed@aalborg.example")
    assert "Ring &lt;b&gt;hellere" in plain(anne.get(PAGE))
    assert (
        post(signed_in("secretariat", region="midtjylland"), app, f"{PAGE}/{number}", do="tag").status_code
        == 404
    )
    assert post(anne, app, f"{PAGE}/{number}", do="afvis", why=" ").status_code == 422
    assert post(anne, app, f"{PAGE}/{number}", do="afvis", why="Ringede: ikke dem").status_code == 303
    late = post(signed_in("administrator"), app, f"{PAGE}/{number}", do="tag")
    assert late.status_code == 409 and "venter ikke længere" in plain(late)
    assert "Ringede: ikke dem" in plain(anne.get(PAGE))


def test_a_newer_question_replaces_the_link_and_another_mailbox_cannot_use_it(
    app: FastAPI, place: Workplace, stranger: TestClient, aalborg: str
) -> None:
    later = MORNING + timedelta(days=8)
    ask_bodies(place.engine, place.rulebook, "nordjylland", "x", later, place.settings.base_url)
    assert "der er spurgt igen" in plain(stranger.get(aalborg))
    assert post(stranger, app, aalborg, answer="keep").status_code == 409
    assert stranger.get(aalborg[:-4] + "xxxx").status_code == 404


def test_the_link_is_cut_out_of_the_letter_for_whoever_reads_it(
    anne: TestClient, signed_in: SignIn, place: Workplace, aalborg: str
) -> None:
    with reading(place.engine) as session:
        number = session.scalars(
            select(Notice.id).where(Notice.letter == "contacts-confirm", Notice.recipient == "0851/council")  # type: ignore[arg-type, call-overload]
        ).one()
    token = aalborg.rpartition("/")[2]
    for reader in (anne, signed_in("administrator"), signed_in("council")):
        assert token not in reader.get(f"/breve/{number}").text
        mail = message_from_bytes(reader.get(f"/breve/{number}/brev.eml").content, policy=policy.default)
        texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        assert not any(token in text for text in texts)
        assert any(f"/bekraeft/{GONE}" in text for text in texts)


TURN = datetime(2029, 12, 10, 9, tzinfo=UTC)  # a Monday, 21 days before the term 2026-2029 ends


def at_turn(place: Workplace, at: datetime) -> set[str]:
    """Whom the planner asks then, of Nordjylland's councils."""
    asked = ask_at_turn(place.engine, place.rulebook, at, place.settings.base_url)
    return {
        one.partition("/")[0] for one in asked if one.endswith("/council") and one.startswith(("08", "1081"))
    }


def test_before_the_term_ends_every_body_is_asked_once_by_itself(place: Workplace) -> None:
    assert asking_day(place.rulebook, date(2029, 12, 31)) == date(2029, 12, 10)
    assert at_turn(place, TURN - timedelta(days=3)) == set()
    councils = at_turn(place, TURN)
    assert {"0851", "0860", "1081"} <= councils
    assert at_turn(place, TURN + timedelta(days=1)) == set()
    with reading(place.engine) as session:
        waiting = session.scalars(select(Notice).where(Notice.letter == "contacts-confirm")).all()  # type: ignore[arg-type]
    assert {one.recipient.partition("/")[0] for one in waiting} >= councils
    assert all(one.alone for one in waiting)


def test_who_was_asked_by_the_secretariat_shortly_before_is_not_asked_again_and_a_daemon_catches_up(
    place: Workplace,
) -> None:
    early = TURN - timedelta(days=30)
    ask_bodies(place.engine, place.rulebook, "nordjylland", "x", early, place.settings.base_url)
    assert at_turn(place, TURN + timedelta(days=12)) == set()  # a Saturday
    assert at_turn(place, TURN + timedelta(days=14)) == set()  # Christmas Eve: closed, and they were asked
    late = ask_at_turn(place.engine, place.rulebook, TURN + timedelta(days=17), place.settings.base_url)
    assert late and not [one for one in late if one == "0851/council"]
    assert ask_at_turn(place.engine, place.rulebook, TURN + timedelta(days=22), place.settings.base_url) == []
