"""*Kontakter*: listed, added, changed, ended, loaded and tried out in the browser, and nothing half done."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import Workbook
from sqlalchemy import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from tests.services.delivery.returning import dsn
from workflow.faces.daemon.workplace import Workplace
from workflow.services.people.contacts.contacts import list_contacts
from workflow.services.people.contacts.trials import newest_trial
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import acts_of, broken_act
from workflow.storage.people.contacts import refuse_address
from workflow.storage.tables import Contact


def numbered(place: Workplace, email: str) -> Contact:
    with reading(place.engine) as session:
        return session.scalars(select(Contact).where(Contact.email == email)).one()  # type: ignore[arg-type]


def emails(place: Workplace) -> list[str]:
    return [one.email for one in list_contacts(place.engine, place.rulebook)]


@pytest.fixture
def aalborg(place: Workplace) -> Contact:
    return numbered(place, "sundhed@aalborg.example")


@pytest.fixture
def anne(signed_in: SignIn) -> TestClient:
    """The secretary of Nordjylland."""
    return signed_in("secretariat")


def post(client: TestClient, app: FastAPI, path: str, files: dict[str, object] | None = None, **form: str):
    return client.post(path, data={"csrf": csrf(client, app)} | form, files=files)  # type: ignore[arg-type]


def of(contact: Contact, **more: str) -> dict[str, str]:
    return {"email": contact.email, "name": contact.name, "priority": str(contact.priority)} | more


def test_the_addresses_of_one_day_are_taken_into_use_again_each_region_its_own(
    signed_in: SignIn, app: FastAPI, place: Workplace, anne: TestClient
) -> None:
    with writing(place.engine) as session:
        for email in ("sundhed@aalborg.example", "sundhed@aarhus.example"):
            assert refuse_address(session, email, MORNING)
    assert "genoptag" not in signed_in("coordinator").get("/kontakter").text
    assert "Brug adresserne fra" in plain(anne.get("/kontakter"))
    answer = post(anne, app, "/kontakter/genoptag", day="2026-11-23")
    assert (answer.status_code, answer.headers["location"]) == (303, "/kontakter")
    assert post(anne, app, "/kontakter/genoptag", day="2026-11-23").status_code == 303  # pressed twice
    assert numbered(place, "sundhed@aalborg.example").refused_at is None
    assert numbered(place, "sundhed@aarhus.example").refused_at is not None
    assert post(anne, app, "/kontakter/genoptag", day="2026-11-23", region="midtjylland").status_code == 404
    admin = signed_in("administrator")
    answer = post(admin, app, "/kontakter/genoptag", day="2026-11-23", region="midtjylland")
    assert answer.headers["location"] == "/kontakter?region=midtjylland"
    assert numbered(place, "sundhed@aarhus.example").refused_at is None


def test_who_cannot_be_reached_is_named_with_the_letters_that_this_stops(
    anne: TestClient, place: Workplace, aalborg: Contact
) -> None:
    with writing(place.engine) as session:
        for email in [one.email for one in list_contacts(place.engine, place.rulebook) if one.body == "0851"]:
            refuse_address(session, email, MORNING)
    page = plain(anne.get("/kontakter"))
    told = page[page.index("Kan ikke nås (1)") : page.index("</section>", page.index("Kan ikke nås (1)"))]
    assert "Aalborg Kommune" in told
    assert "/kontakter/ny?organ=0851&amp;funktion=council" in told
    assert "inden for 60 dage" in told
    one = plain(anne.get(f"/kontakter/{aalborg.id}"))
    assert "organet kan ikke nås" in one
    assert "Brug adressen igen" in one


def test_the_list_is_narrowed_by_body_function_and_state(anne: TestClient, place: Workplace) -> None:
    rows = re.compile(r'<tr id="kontakt-')
    every = len(rows.findall(anne.get("/kontakter").text))
    assert every > 10
    assert len(rows.findall(anne.get("/kontakter?organ=0851").text)) == 1
    assert 0 < len(rows.findall(anne.get("/kontakter?funktion=cluster").text)) < every
    assert "Ingen postkasser passer" in plain(anne.get("/kontakter?vis=afvist"))
    assert len(rows.findall(anne.get("/kontakter?vis=x&organ=").text)) == every


def test_a_contact_is_added_changed_and_ended_and_the_page_tells_what_was_done(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    form = {"body": "0851", "function": "council", "email": "Ny@aalborg.example", "name": "Ældre & Sundhed"}
    added = post(anne, app, "/kontakter/ny", **form)
    assert added.status_code == 303
    where = added.headers["location"].partition("?")[0]
    assert post(anne, app, "/kontakter/ny", **form).headers["location"].startswith(where)  # pressed twice
    page = plain(anne.get(added.headers["location"]))
    assert "Kontakten er tilføjet" in page and "Ældre &amp; Sundhed" in page
    changed = post(anne, app, where, email="nyere@aalborg.example", name="Sundhed", priority="2")
    assert changed.headers["location"] == f"{where}?gemt=rettet"
    ended = post(anne, app, f"{where}/afslut", last="31-12-2026")
    assert "Adresse: nyere@aalborg.example, før Ny@aalborg.example" in (page := plain(anne.get(where)))
    assert re.search(r"til og med <time[^>]*>[a-zæøå ]*31\. december 2026", page)
    assert "Gælder til: 31. december 2026" in page
    assert ended.headers["location"] == f"{where}?gemt=afsluttet"
    with reading(place.engine) as session:
        done = acts_of(session, "contact", ["0851/council"])
        assert [one.what for one in done] == ["ended", "changed", "added"]
        assert {one.by for one in done} == {"Anne secretariat (sekretariat, nordjylland)"}
        assert broken_act(session) is None


@pytest.mark.parametrize(
    ("path", "form", "says"),
    [
        (
            "/kontakter/ny",
            {"body": "0751", "function": "council", "email": "a@b.example"},
            "organ i din region",
        ),
        (
            "/kontakter/ny",
            {"body": "0851", "function": "konge", "email": "a@b.example"},
            "Vælg, hvad postkassen er til",
        ),
        ("/kontakter/ny", {"body": "0851", "function": "council", "email": "<script>"}, "&lt;script&gt;"),
        ("", {"email": ""}, "ikke én gyldig mailadresse"),
        ("", {"email": "a@b.example", "valid_to": "31-02-2027"}, "er ingen dato"),
        ("/afslut", {"last": ""}, "Skriv en dato"),
        ("/afslut", {"last": "i morgen"}, "som findes"),
        ("/stedfortraeder", {"d_email": "a@b.example"}, "Skriv en dato"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_saved(
    anne: TestClient,
    app: FastAPI,
    place: Workplace,
    aalborg: Contact,
    path: str,
    form: dict[str, str],
    says: str,
) -> None:
    before = emails(place)
    answer = post(anne, app, path if path.startswith("/k") else f"/kontakter/{aalborg.id}{path}", **form)
    assert answer.status_code == 422
    assert says in plain(answer)
    assert "<script>" not in answer.text
    assert emails(place) == before
    with reading(place.engine) as session:
        assert acts_of(session, "contact") == []


def test_too_long_text_is_refused_and_another_regions_number_does_not_exist(
    anne: TestClient, app: FastAPI, place: Workplace, aalborg: Contact
) -> None:
    assert post(anne, app, f"/kontakter/{aalborg.id}", **of(aalborg, name="x" * 100_000)).status_code == 422
    far = numbered(place, "sundhed@aarhus.example")
    for path in ("", "/afslut", "/stedfortraeder", "/genoptag", "/proev"):
        assert post(anne, app, f"/kontakter/{far.id}{path}", email="x@b.example").status_code == 404
    assert anne.get(f"/kontakter/{far.id}").status_code == 404


def test_the_back_button_does_not_overwrite_what_another_saved(
    anne: TestClient, app: FastAPI, signed_in: SignIn, place: Workplace, aalborg: Contact
) -> None:
    page = anne.get(f"/kontakter/{aalborg.id}").text
    was = re.findall(r'name="was" value="([0-9a-f]+)"', page)[0]
    admin = signed_in("administrator")
    assert post(admin, app, f"/kontakter/{aalborg.id}", **of(aalborg, name="Admins navn")).status_code == 303
    refused = post(anne, app, f"/kontakter/{aalborg.id}", **of(aalborg, name="Annes navn", was=was))
    assert refused.status_code == 409
    assert "ændret af en anden imens" in plain(refused)
    assert numbered(place, aalborg.email).name == "Admins navn"


def test_a_deputy_is_put_in_and_shown(
    anne: TestClient, app: FastAPI, place: Workplace, aalborg: Contact
) -> None:
    form = {"d_email": "vikar@aalborg.example", "d_valid_from": "2026-11-01", "d_valid_to": "2027-01-31"}
    answer = post(anne, app, f"/kontakter/{aalborg.id}/stedfortraeder", **form)
    assert "som stedfortræder, til og med" in plain(anne.get(answer.headers["location"]))
    assert "går i dag til <strong>vikar@aalborg.example" in plain(anne.get(f"/kontakter/{aalborg.id}"))


def test_a_trial_mail_is_sent_and_its_return_shown(
    anne: TestClient, app: FastAPI, place: Workplace, aalborg: Contact
) -> None:
    where = f"/kontakter/{aalborg.id}"
    assert "ikke sendt nogen prøvemail" in plain(anne.get(where))
    answer = post(anne, app, where, **of(aalborg, do="proev"))
    assert answer.headers["location"] == f"{where}#proevemail"
    assert "Mailserveren tog imod prøvemailen" in plain(anne.get(where))
    trial = newest_trial(place.engine, aalborg.email)
    assert trial is not None and (trial.kind, trial.by) == (
        "accepted",
        "Anne secretariat (sekretariat, nordjylland)",
    )
    assert any(b"viser, at breve" in file.read_bytes() for file in place.settings.inbox.glob("*.eml"))
    for _ in range(19):
        post(anne, app, f"{where}/proev")
    assert post(anne, app, f"{where}/proev").status_code == 429


SHEET = "organ;funktion;navn;e-mail;gælder til\n"
ROWS = (
    "Aalborg Kommune;byråd;Sundhed og omsorg;sundhed@aalborg.example;\n"
    "0860;råd;Byrådssekretariat;byraad@hjoerring.example;31-12-2029\n"
)


def test_a_mailbox_that_has_ended_is_told_above_the_button(anne: TestClient, app: FastAPI) -> None:
    review = post(
        anne, app, "/kontakter/indlaes", text=SHEET + "0860;råd;;gammel@hjoerring.example;31-12-2020\n"
    )
    note = "Bruges ikke mere, linje 2: gammel@hjoerring.example til 31. december 2020."
    assert note in plain(review) and review.text.index("Bruges ikke mere") < review.text.index("<button>Gem")


def test_a_file_is_looked_at_before_it_is_saved(anne: TestClient, app: FastAPI, place: Workplace) -> None:
    before = emails(place)
    file = ("kontakter.csv", (SHEET + ROWS).encode("cp1252"), "text/csv")
    review = post(anne, app, "/kontakter/indlaes", files={"document": file})
    page = plain(review)
    assert review.status_code == 200
    assert "1 nye, 1 ændrede, 0 tages ud, 0 uændrede" in page
    assert "navn: Sundhed og omsorg, før" in page
    assert "Windows-1252" in page and "»31-12-2029« er læst som »31. december 2029«" in page
    assert emails(place) == before, "nothing is saved yet"
    sealed = re.findall(r'name="forslag" value="([^"]+)"', review.text)[0]
    saved = post(anne, app, "/kontakter/indlaes/gem", forslag=sealed)
    assert (saved.status_code, saved.headers["location"]) == (303, "/kontakter?gemt=1")
    assert "byraad@hjoerring.example" in emails(place)
    assert post(anne, app, "/kontakter/indlaes/gem", forslag=sealed).status_code == 303  # pressed twice
    with reading(place.engine) as session:
        assert sorted(one.what for one in acts_of(session, "contact")) == ["added", "changed"]


def test_what_was_changed_meanwhile_is_shown_again_before_it_is_saved(
    anne: TestClient, app: FastAPI, place: Workplace, aalborg: Contact
) -> None:
    review = post(anne, app, "/kontakter/indlaes", text=SHEET + ROWS, replace="1")
    sealed = re.findall(r'name="forslag" value="([^"]+)"', review.text)[0]
    assert "Tages ud" in plain(review)
    post(anne, app, f"/kontakter/{aalborg.id}", **of(aalborg, name="Helt andet"))
    again = post(anne, app, "/kontakter/indlaes/gem", forslag=sealed)
    assert again.status_code == 409
    assert "før Helt andet" in plain(again)
    assert "byraad@hjoerring.example" not in emails(place)
    assert post(anne, app, "/kontakter/indlaes/gem", forslag=sealed[:-3]).status_code == 409


def test_every_mistake_of_a_workbook_is_shown_with_its_cell_and_cure(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    book, before, into = Workbook(), emails(place), BytesIO()
    assert book.active is not None
    for row in (["Organ", "Funktion", "E-mail", "Gælder til"], ["Aalbrog", "råd", "a@b.example", None],
                [851, "konge", "a@b", "32-01-2027"], [751, "råd", "sundhed@aarhus.example", None]):  # fmt: skip
        book.active.append(row)
    book.save(into)
    refused = post(anne, app, "/kontakter/indlaes", files={"document": ("k.xlsx", into.getvalue(), "x")})
    page = plain(refused)
    assert refused.status_code == 422
    for told in (
        "2 (felt A2)",
        "mente du Aalborg",
        "»konge« er ingen funktion",
        "3 (felt D3)",
        "er ingen dato",
    ):
        assert told in page
    far = post(anne, app, "/kontakter/indlaes", text=SHEET + "0751;råd;;sundhed@aarhus.example;\n")
    assert "»0751« hører ikke til din region" in plain(far)
    for text in ("", "x" * 100_000, "organ;e-mail\n"):
        assert post(anne, app, "/kontakter/indlaes", text=text).status_code == 422
    assert emails(place) == before


def test_a_trial_mail_that_comes_back_is_told_on_the_page(
    anne: TestClient, app: FastAPI, place: Workplace, aalborg: Contact
) -> None:
    from workflow.mail.verp import token
    from workflow.services.delivery.bounces import take_bounce

    post(anne, app, f"/kontakter/{aalborg.id}/proev")
    trial = newest_trial(place.engine, aalborg.email)
    assert trial is not None
    bounce = "retur+{notice}@frist.example"
    to = bounce.replace("{notice}", token(trial.message_id, place.secret))
    for _ in range(2):
        taken = take_bounce(
            place.engine, place.rulebook, dsn(to, recipient=aalborg.email), MORNING, bounce=bounce,
            secrets=[place.secret],
        )  # fmt: skip
        assert taken.kind == "trial"
    page = plain(anne.get(f"/kontakter/{aalborg.id}"))
    assert "! Retur" in page and "5.1.1" in page
    assert numbered(place, aalborg.email).refused_at is None, "a trial strikes nobody off"
