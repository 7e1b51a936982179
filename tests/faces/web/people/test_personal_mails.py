"""Letters to one person: the Monday mail of whoever chose it, and reasons that somebody sends on. Real outbox, and
real mail into the local inbox."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.rounds.test_front_truths import ask_the_councils
from workflow.errors import Invalid
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.services.desk.forwarding import MOST, forward
from workflow.services.desk.monday import choose, wants
from workflow.services.people.persons import add_person, end_person
from workflow.services.people.sessions import choose_language
from workflow.storage.database import reading
from workflow.storage.tables import Notice

KEY = "nordjylland/2027-2031"
WHY = "/aftaler/nordjylland/2024-2027/frister/submission"


def passes(place: Workplace, at: datetime) -> None:
    asyncio.run(tick(place, at, clock=lambda: at))


def letters(place: Workplace, kind: str) -> list[Notice]:
    with reading(place.engine) as session:
        return list(
            session.scalars(select(Notice).where(col(Notice.letter) == kind).order_by(col(Notice.id)))
        )


def words(notice: Notice) -> str:
    body = message_from_bytes(notice.body or b"", policy=policy.default).get_body(("plain",))
    assert body
    return " ".join(str(body.get_content()).split())


@pytest.fixture
def anna(place: Workplace) -> str:
    """A secretary who chose the Monday mail on the Sunday before."""
    add_person(
        place.engine, place.rulebook, email="anna@frist.example", name="Anna Holm", role="secretariat",
        region="nordjylland", at=MORNING - timedelta(days=3),
    )  # fmt: skip
    choose(place.engine, "anna@frist.example", True, MORNING - timedelta(days=1))
    return "anna@frist.example"


def test_whoever_chose_it_gets_the_week_on_monday_once_and_alone(place: Workplace, anna: str) -> None:
    ask_the_councils(place)
    passes(place, MORNING)
    passes(place, MORNING + timedelta(minutes=5))
    [mail] = letters(place, "week")
    assert (mail.state, mail.address, mail.carried_by) == ("accepted", anna, None)
    said = words(mail)
    assert "Til: Anna Holm" in said and "12 svar mangler" in said and "og 4 til" in said
    assert "Sendt til godkendelse i rådene, version 1" in said and "Midtjylland" not in said
    assert "valgt en mandagsmail" in said
    passes(place, MORNING + timedelta(days=4))
    assert len(letters(place, "week")) == 1
    passes(place, MORNING + timedelta(days=7))
    assert len(letters(place, "week")) == 2


def test_the_week_is_told_in_the_language_that_its_reader_chose(place: Workplace, anna: str) -> None:
    choose_language(place.engine, anna, "en", "Anna Holm", MORNING - timedelta(days=1))
    ask_the_councils(place)
    passes(place, MORNING)
    [mail] = letters(place, "week")
    said = words(mail)
    assert "12 replies missing" in said and "Reply on version 1" in said and "and 4 more" in said
    assert "Sent to the councils for approval, version 1" in said and "Svar" not in said
    assert '"message": "Svar om version %(number)s"' in mail.facts, "what is stored is Danish"


def test_a_daemon_that_was_down_on_monday_catches_up_but_not_at_the_weekend(
    place: Workplace, anna: str
) -> None:
    for days, count in ((5, 0), (6, 0), (10, 1), (11, 1)):
        passes(place, MORNING + timedelta(days=days))
        assert len(letters(place, "week")) == count, days


def test_nothing_goes_before_the_hour_to_who_chose_late_ended_or_has_nothing_to_read(
    place: Workplace, anna: str
) -> None:
    passes(place, MORNING - timedelta(hours=2))  # seven o'clock in Denmark
    assert letters(place, "week") == []
    for name, chosen in (("bo", MORNING), ("carl", MORNING - timedelta(days=2))):
        add_person(
            place.engine, place.rulebook, email=f"{name}@frist.example", name=name, role="council", body="0851",
            at=MORNING - timedelta(days=3),
        )  # fmt: skip
        choose(place.engine, f"{name}@frist.example", True, chosen)
    end_person(place.engine, anna, MORNING - timedelta(hours=1))
    passes(place, MORNING)
    assert [one.address for one in letters(place, "week")] == [], "nothing of Aalborg's own to tell"


def test_the_mail_is_chosen_and_stopped_on_the_page(
    signed_in: SignIn, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    anne, email = signed_in("secretariat"), "secretariat-own@frist.example"
    for press, wanted in (("Send mig mandagsmailen", "ja"), ("Stop mandagsmailen", "nej")):
        assert press in plain(anne.get("/min-uge"))
        told = {"csrf": csrf(anne, app), "vil": wanted}
        assert anne.post("/min-uge/mandagsmail", data=told).status_code == 303
        assert wants(place.engine, email) is (wanted == "ja")
    root = signed_in("administrator")
    assert "Send mig mandagsmailen" in plain(root.get("/min-uge"))
    told = {"csrf": csrf(root, app), "vil": "ja"}
    assert root.post("/min-uge/mandagsmail", data=told).status_code == 303
    assert anne.post("/min-uge/mandagsmail", data={"vil": "ja"}).status_code == 403, "another site's form"


def test_who_reads_every_region_gets_a_mail_of_each_that_has_something_to_tell(place: Workplace) -> None:
    """Each tells of one region alone: those who read that region's letters may read it too."""
    ask_the_councils(place)
    email = "karen@frist.example"
    add_person(
        place.engine, place.rulebook, email=email, name="Karen", role="coordinator",
        at=MORNING - timedelta(days=3),
    )  # fmt: skip
    choose(place.engine, email, True, MORNING - timedelta(days=1))
    passes(place, MORNING)
    mails = letters(place, "week")
    assert {one.address for one in mails} == {email} and len(mails) > 1
    regions = [one.key.partition("/")[0] for one in mails]
    assert len(set(regions)) == len(regions) and "nordjylland" in regions
    names = {one.id: one.name for one in place.rulebook.regions}
    for mail, region in zip(mails, regions, strict=True):
        others = [name for id_, name in names.items() if id_ != region]
        assert names[region] in words(mail) and not [one for one in others if f"ugen i {one}" in words(mail)]
    passes(place, MORNING + timedelta(minutes=5))
    assert len(letters(place, "week")) == len(mails)


def send(client: TestClient, app: FastAPI, to: str, note: str = "", path: str = WHY) -> int:
    told = {"csrf": csrf(client, app), "til": to, "besked": note}
    return client.post(f"{path}/mail", data=told).status_code


def test_reasons_go_to_the_address_typed_with_who_sent_them(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    page = anne.get(f"{WHY}/mail")
    assert page.status_code == 200 and f"{WHY}/mail" in anne.get(WHY).text
    assert send(anne, app, "jurist@kommune.example", "Passer det?\nHilsen <b>") == 201
    assert send(anne, app, "jurist@kommune.example", "igen") == 201
    passes(place, MORNING)
    [mail] = letters(place, "reasons")
    assert (mail.state, mail.address, mail.statutory) == ("accepted", "jurist@kommune.example", False)
    said = words(mail)
    assert "Anne secretariat skriver: »Passer det? Hilsen <b>«" in said and "igen" not in said
    assert "Sådan er datoen fundet" in said and "Valget blev holdt tirsdag den 16. november 2021" in said
    assert (
        "BEK 1248/2022 § 21, stk. 1" in said
        and "Anne secretariat har sendt den til jurist@kommune.example" in said
    )
    assert "/svar/" not in said and "/kvitter/" not in said
    listed = plain(anne.get("/aftaler/nordjylland/2024-2027/breve"))
    assert "Begrundelse sendt videre" in listed and "jurist@kommune.example" in listed
    assert "jurist@" not in plain(signed_in("council").get("/aftaler/nordjylland/2024-2027/breve"))


@pytest.mark.parametrize(
    "to",
    ["", "jurist", "a@b@c.dk", "a@b.dk\nBcc: x@y.dk", "a@b.dk, c@d.dk", "Anna <a@b.dk>"],
)
def test_an_address_that_cannot_be_written_to_is_said_beside_its_field(
    signed_in: SignIn, app: FastAPI, place: Workplace, to: str
) -> None:
    anne = signed_in("secretariat")
    told = {"csrf": csrf(anne, app), "til": to, "besked": "min besked"}
    answer = anne.post(f"{WHY}/mail", data=told)
    assert answer.status_code == 422 and "Skriv en mailadresse" in answer.text and "min besked" in answer.text
    assert letters(place, "reasons") == []


def test_nobody_else_sends_and_nobody_sends_without_end(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    for role, where in (("council", {}), ("coordinator", {}), ("secretariat", {"region": "midtjylland"})):
        assert send(signed_in(role, **where), app, "jurist@kommune.example") == 404, role
    anne = signed_in("secretariat")
    assert send(anne, app, "a@b.example", "x" * 1001) == 422
    assert send(anne, app, "a@b.example", path=WHY.replace("submission", "findes-ikke")) == 404
    told = (place.engine, place.rulebook, "nordjylland/2024-2027", "submission", "")
    for number in range(MOST):
        forward(*told, f"j{number}@kommune.example", "", "Anne secretariat", MORNING, "")
    with pytest.raises(Invalid, match="i morgen"):
        forward(*told, "ny@kommune.example", "", "Anne secretariat", MORNING, "")
    forward(
        *told, "j0@kommune.example", "", "Anne secretariat", MORNING, ""
    )  # the same as before: nothing new
    forward(*told, "ny@kommune.example", "", "Anne secretariat", MORNING + timedelta(days=1), "")
    assert len(letters(place, "reasons")) == MOST + 1
