"""The site in the reader's language: a person's own, a mailbox's, what was chosen on the page or in the browser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import text

from tests.faces.web.conftest import Clock, SignIn, browser, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import answer
from workflow import language
from workflow.faces.daemon.workplace import Workplace
from workflow.services.people.contacts.contacts import import_contacts
from workflow.storage.database import writing
from workflow.storage.people.contacts import languages_chosen

mails, link = answering.mails, answering.link
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,da;q=0.5"}


def test_a_stranger_is_answered_as_the_browser_asks_and_may_choose_otherwise(app: FastAPI) -> None:
    reader = browser(app, peer="198.51.100.1")
    page = reader.get("/log-ind", headers=ENGLISH)
    assert '<html lang="en">' in page.text and "Enter your e-mail address" in plain(page)
    assert page.headers["Content-Language"] == "en"
    assert '<a href="?sprog=da" lang="da" hreflang="da">Dansk</a>' in page.text
    danish = reader.get("/log-ind?sprog=da", headers=ENGLISH)
    assert '<html lang="da">' in danish.text and "Skriv din mailadresse" in plain(danish)
    again = reader.get("/log-ind", headers=ENGLISH)  # the choice is remembered
    assert '<html lang="da">' in again.text and again.headers["Content-Language"] == "da"
    gone = reader.get("/findes-ikke?sprog=en", headers=ENGLISH)
    assert gone.status_code == 404 and "There is no such page" in plain(gone)


def test_a_browser_that_asks_for_nothing_we_have_is_answered_in_danish(app: FastAPI) -> None:
    for asked in ("", "fr-FR, fr;q=0.9", "*", "en;q=0, da", "x" * 5000, "en;q=abc"):
        page = browser(app, peer="198.51.100.1").get("/log-ind", headers={"Accept-Language": asked})
        assert '<html lang="da">' in page.text, asked
    assert '<html lang="da">' in browser(app).get("/log-ind?sprog=xx").text


def test_a_third_language_is_a_folder_on_pages_too(app: FastAPI, tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "pages.po").write_text('msgid "Log ind"\nmsgstr "Anmelden"\n', encoding="utf-8")
    language.also_from(tmp_path)
    try:
        page = browser(app, peer="198.51.100.1").get("/log-ind?sprog=de")
        assert '<html lang="de">' in page.text and "Anmelden" in plain(page)
        assert "Skriv din mailadresse" in plain(page)  # what is not translated stays Danish
        assert '<a href="?sprog=en" lang="en" hreflang="en">English</a>' in page.text
    finally:
        language.also_from()


def test_a_person_reads_in_the_language_of_ones_own_wherever_one_sits(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    person = signed_in("secretariat", region="nordjylland")
    assert '<html lang="da">' in person.get("/", headers=ENGLISH).text  # nobody chose: Danish
    with writing(place.engine) as session:
        session.execute(text("UPDATE person SET language = 'en'"))
    page = person.get("/", headers={"Accept-Language": "da"})
    assert '<html lang="en">' in page.text and ">Deadlines</a>" in page.text and "?sprog=" not in page.text
    with writing(place.engine) as session:
        session.execute(text("UPDATE person SET language = ''"))
    assert ">Frister</a>" in person.get("/", headers=ENGLISH).text


def test_a_council_reads_its_letter_and_answers_in_the_language_of_its_mailbox(
    app: FastAPI, place: Workplace, clock: Clock, link: str
) -> None:
    path, council = link, browser(app, peer="198.51.100.1")
    assert "Hvad besluttede kommunalbestyrelsen?" in plain(council.get(path))
    with writing(place.engine) as session:
        session.execute(text("UPDATE contact SET language = 'en' WHERE body = '0851'"))
    page = council.get(path)
    assert '<html lang="en">' in page.text and "What did the municipal council decide?" in plain(page)
    assert "Send the reply" in plain(page) and "Svar ønskes" not in plain(page)
    danish = council.get(f"{path}?sprog=da")
    assert "Hvad besluttede kommunalbestyrelsen?" in plain(danish)
    council.get(f"{path}?sprog=en")
    wrong = answer(council, app, path, event="", on="")
    assert wrong.status_code == 422 and "Choose what the council decided." in plain(wrong)
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # the reminder comes
    told = [body for to, body in answering.passes(place, clock) if "aalborg" in to][-1]
    assert "We asked the municipal council of Aalborg Kommune to decide on" in " ".join(told.split())


def test_what_is_stored_is_danish_whoever_asks(
    app: FastAPI, place: Workplace, clock: Clock, link: str
) -> None:
    path, council = link, browser(app, peer="198.51.100.1")
    council.get(f"{path}?sprog=en")
    assert answer(council, app, path, event="council-approved", on=answering.MEETING).status_code == 303
    assert "The reply has been received" in plain(council.get(path))
    with writing(place.engine) as session:
        kept = (
            session.execute(text("SELECT facts FROM notice WHERE letter = 'decision-reported'"))
            .scalars()
            .all()
        )
    assert kept and not any("November" in one or " days" in one for one in kept)


def test_a_program_is_answered_as_before(app: FastAPI) -> None:
    said = browser(app, peer="198.51.100.1").get("/api/v1/deadlines", headers=ENGLISH)
    assert said.status_code == 401 and "Log ind" in said.text


def test_a_person_chooses_a_language_on_ones_own_page_and_it_is_written_down(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    person = signed_in("secretariat", region="nordjylland")
    form = {"csrf": csrf(person, app), "language": "en"}
    assert "Siden og dine mails er på" in plain(person.get("/personer/mig"))
    page = person.post("/personer/mig", data=form, follow_redirects=True)
    assert "The site and your mails are in" in plain(page) and '<html lang="en">' in page.text
    assert person.post("/personer/mig", data=form | {"language": "xx"}).status_code == 422
    back = person.post("/personer/mig", data=form | {"language": "da"}, follow_redirects=True)
    assert "Siden og dine mails er på" in plain(back)
    with writing(place.engine) as session:
        told = (
            session.execute(text("SELECT said FROM act WHERE what = 'language' ORDER BY no")).scalars().all()
        )
    assert len(told) == 2


def test_a_mailbox_is_given_its_language_by_form_file_and_command(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    keeper = signed_in("secretariat", region="nordjylland")
    typed = {
        "csrf": csrf(keeper, app), "body": "0851", "function": "council", "email": "mayor@aalborg.example",
        "language": "en",
    }  # fmt: skip
    made = keeper.post("/kontakter/ny", data=typed, follow_redirects=True)
    assert made.status_code == 200 and '<option value="en" selected>English</option>' in made.text
    assert kept(place, "mayor@aalborg.example") == "en"
    wrong = keeper.post("/kontakter/ny", data=typed | {"email": "a@b.example", "language": "xx"})
    assert wrong.status_code == 422 and "»xx« er intet sprog her" in plain(wrong)
    head = "organ;funktion;e-mail;sprog\n"
    for said, means in (("engelsk", "en"), ("Dansk", ""), ("en", "en")):
        row = f"0851;råd;mayor@aalborg.example;{said}\n"
        import_contacts(place.engine, place.rulebook, head + row, at=datetime(2026, 11, 23, 8, tzinfo=UTC))
        assert kept(place, "mayor@aalborg.example") == means
    without = "organ;funktion;e-mail\n0851;råd;mayor@aalborg.example\n"
    import_contacts(place.engine, place.rulebook, without, at=datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert kept(place, "mayor@aalborg.example") == "en"  # what a file does not say stays as it is


def kept(place: Workplace, email: str) -> str:
    with writing(place.engine) as session:
        return languages_chosen(session, email).get(email, "")
