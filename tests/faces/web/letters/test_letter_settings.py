"""*Brevenes indstillinger*: kinds on or off, days, an own paragraph; shown before it is kept, journalled, undone."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from tests.story.living import rules
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.services.planning.choosing import chosen
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading
from workflow.storage.facts.acts import acts_of, broken_act
from workflow.storage.tables import Notice

PAGE, ONE = "/indstillinger", "/indstillinger/breve/annual-review"
USUAL = {"on": "1", "before": "90, 30", "after": "1", "own": ""}


@pytest.fixture
def anne(signed_in: SignIn) -> TestClient:
    return signed_in("secretariat")


def send(client: TestClient, app: FastAPI, where: str = ONE, **form: str):
    return client.post(where, data={"csrf": csrf(client, app)} | form)


def save(client: TestClient, app: FastAPI, where: str = ONE, **form: str):
    """What a person does: look at what changes, then keep it."""
    shown = send(client, app, where, **form)
    seal = re.search(r'name="vist" value="(\w+)"', shown.text)
    was = re.search(r'name="was" value="(\w+)"', shown.text)
    assert shown.status_code == 200 and seal and was, shown.text
    assert "Intet er gemt endnu" in shown.text
    return send(client, app, where, vist=seal[1], was=was[1], **form)


def test_what_is_changed_is_shown_kept_journalled_and_undone(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    assert chosen(place.engine, rules(), "nordjylland") == {}
    done = save(
        anne, app, **USUAL | {"before": "60 og 20", "own": "Udvalgets dagsorden\nlukker tre uger før."}
    )
    assert done.status_code == 303 and done.headers["location"] == f"{PAGE}?region=nordjylland&gemt=1"
    assert chosen(place.engine, rules(), "nordjylland") == {
        "annual-review": {"at": [-60, -20, 1], "own": "Udvalgets dagsorden lukker tre uger før."}
    }
    page = plain(anne.get(PAGE))
    assert "60, 20 dage før; 1 dag efter" in page and "(ændret)" in page
    with reading(place.engine) as session:
        (act,) = acts_of(session, "letters", ["nordjylland"])
        assert act.told["was"] == {} and broken_act(session) is None
    assert chosen(place.engine, rules(), "midtjylland") == {}
    assert send(anne, app, f"{PAGE}/fortryd").status_code == 303
    assert chosen(place.engine, rules(), "nordjylland") == {}
    assert "90, 30 dage før" in plain(anne.get(PAGE))


def test_the_preview_names_the_reminders_that_come_and_go(anne: TestClient, app: FastAPI) -> None:
    """MORNING is 24 November 2026: the review of 2026 is due on 31 December."""
    shown = plain(send(anne, app, **USUAL | {"before": "90, 20, 5"}))
    assert "Kommer til 11. december 2026: Årlig gennemgang, 20 dage før" in shown or "Kommer til" in shown
    assert "Bortfalder" in shown
    assert "Ingen påmindelse kommer til eller bortfalder" in plain(send(anne, app, **USUAL))


def test_a_kind_that_is_off_is_neither_planned_nor_missed(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    assert save(anne, app, **USUAL | {"on": ""}).status_code == 303
    for days in range(1, 45):
        at = MORNING + timedelta(days=days)
        asyncio.run(tick(place, at, clock=lambda at=at: at))
    with reading(place.engine) as session:
        letters = session.scalars(select(Notice).where(Notice.letter == "annual-review")).all()
    own = [one for one in letters if one.key.startswith("nordjylland/") and one.due_on > MORNING.date()]
    assert own == [] and [one for one in letters if one.key.startswith("midtjylland/")]
    said = [
        f.said
        for f in reckon(place.engine, rules(), MORNING + timedelta(days=44))
        if "annual-review" in f.said
    ]
    assert [one for one in said if "nordjylland" in one] == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"before": "x"}, "Skriv antal dage, fx 30, 14, 7."),
        ({"before": "30, 29"}, "Ingen får en påmindelse to dage i træk"),
        ({"before": "", "after": ""}, "Skriv mindst én dag, eller slå påmindelsen fra."),
        ({"before": "9999"}, "Hver højst 1461."),
        ({"before": ", ".join(str(day) for day in range(0, 60, 2))}, "Skriv højst 12 dage i alt."),
        ({"own": "æ" * 601}, "Skriv højst 600 tegn"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept_nowhere(
    anne: TestClient, app: FastAPI, place: Workplace, form: dict[str, str], said: str
) -> None:
    shown = send(anne, app, **USUAL | form)
    assert shown.status_code == 422 and said in plain(shown)
    assert chosen(place.engine, rules(), "nordjylland") == {}


def test_a_statutory_letter_cannot_be_switched_off_but_takes_a_paragraph(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    where = f"{PAGE}/breve/sent-for-approval"
    assert "Brevet sendes altid" in plain(anne.get(where))
    assert save(anne, app, where, own="Bilagene ligger på regionens side.").status_code == 303
    assert chosen(place.engine, rules(), "nordjylland") == {
        "sent-for-approval": {"own": "Bilagene ligger på regionens side."}
    }


def test_the_letter_that_asks_a_body_for_its_mailbox_cannot_be_switched_off(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    """A person has asked, and the answer would be waited for in vain."""
    where = f"{PAGE}/breve/contacts-confirm"
    assert "Brevet sendes altid" in plain(anne.get(where)) and 'name="on"' not in anne.get(where).text
    assert save(anne, app, where, own="Skriv også jeres telefonnummer.").status_code == 303
    assert chosen(place.engine, rules(), "nordjylland") == {
        "contacts-confirm": {"own": "Skriv også jeres telefonnummer."}
    }
    before, rest = plain(anne.get(PAGE)).split("Breve, der altid sendes")
    assert "Bekræft jeres postkasse" in rest and "Bekræft jeres postkasse" not in before


def test_nobody_overwrites_what_another_changed_meanwhile_and_twice_is_once(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    assert save(anne, app, **USUAL | {"own": "Et"}).status_code == 303
    shown = send(anne, app, **USUAL | {"own": "To"})
    seal = re.search(r'name="vist" value="(\w+)"', shown.text)
    assert seal
    late = send(anne, app, vist=seal[1], was="0" * 16, **USUAL | {"own": "To"})
    assert late.status_code == 409 and "ændret af en anden imens" in plain(late)
    assert save(anne, app, **USUAL | {"own": "Et"}).status_code == 303
    with reading(place.engine) as session:
        assert len(acts_of(session, "letters", ["nordjylland"])) == 1
    assert anne.get(f"{PAGE}?region=midtjylland").status_code == 404
    assert anne.get(f"{PAGE}/breve/findes-ikke").status_code == 404
