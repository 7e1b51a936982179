"""What strangers can do with the link of a letter, or to its form: nothing that counts."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.faces.web.conftest import Clock, SignIn, browser, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import LINK, MEETING, answer, decisions, passes, reports, rows
from workflow.faces.daemon.workplace import Workplace
from workflow.storage.database import writing

mails, link = answering.mails, answering.link


def bytes_of(place: Workplace) -> str:
    return hashlib.sha256((place.settings.data_dir / "aftale.db").read_bytes()).hexdigest()


@pytest.mark.fault("F69")
def test_every_link_of_every_letter_opened_ten_times_changes_nothing(
    app: FastAPI, place: Workplace, clock: Clock, mails: list[tuple[str, str]]
) -> None:
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # a month before the answers are wanted: reminders
    letters = passes(place, clock)
    links = {found for _, body in letters for found in re.findall(r"https?://[^\s>)]+", body)}
    kinds = {f"{urlsplit(one).path}/".split("/")[1] for one in links}
    assert {"svar", "kvitter"} <= kinds and len(links) > 20
    scanner, before = browser(app, peer="198.51.100.1"), bytes_of(place)
    for one in sorted(links):
        path = urlsplit(one).path or "/"
        for method in ("GET", "HEAD"):
            answers = {scanner.request(method, path).status_code for _ in range(10)}
            assert answers <= {200, 303}, (method, path)
    assert bytes_of(place) == before


def test_a_council_has_one_link_in_all_its_letters_and_answers_by_it_as_long_as_they_say(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, mails: list[tuple[str, str]]
) -> None:
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # the reminder comes
    told = [" ".join(body.split()) for to, body in (*mails, *passes(place, clock)) if "aalborg" in to]
    told = [body for body in told if "/svar/" in body]
    promise = "til versionen er indsendt eller erstattet, dog højst til valgperioden 2026-2029 er slut"
    assert all(promise in body for body in told)
    links = {found for body in told for found in LINK.findall(body) if "/svar/" in found}
    assert len(set(told)) == 2
    (link,) = links
    for day in ((2027, 6, 18), (2029, 12, 31)):
        clock.at = datetime(*day, 8, 0, tzinfo=UTC)
        page = stranger.get(link)
        assert "Send svaret" in page.text and "Der kan ikke svares længere" not in page.text
    assert answer(stranger, app, link).status_code == 303


def test_a_reminder_of_an_agreed_date_names_the_law_behind_it_and_what_is_in_doubt(
    place: Workplace, clock: Clock, mails: list[tuple[str, str]]
) -> None:
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    told = [" ".join(body.split()) for to, body in passes(place, clock) if "aalborg" in to]
    (reminder,) = [body for body in told if "Vi mangler kommunalbestyrelsens svar" in body]
    law = (
        "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen: senest torsdag den 1. juli 2027. Hjemmel: BEK"
    )
    gone = "er bortfaldet, uanset hvilken af de to mulige dage det er."
    doubt = "Bemærk: Reglerne kan være ophævet. Lovens egen frist, torsdag den 1. juli 2027 – Indsendelse"
    assert [said for said in ("fredag den 15. januar 2027", law, doubt, gone) if said not in reminder] == []
    assert "regner datoen forskelligt" not in reminder


@pytest.mark.fault("F67")
@pytest.mark.parametrize("how", ["forged", "of another purpose", "expired", "the mailbox ended", "nonsense"])
def test_a_link_that_is_not_good_reports_nothing(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, how: str
) -> None:
    match how:
        case "forged":
            link = link[:-4] + ("aaaa" if not link.endswith("aaaa") else "bbbb")
        case "of another purpose":
            link = link.replace("/svar/", "/kvitter/")
        case "expired":
            clock.at = datetime(2030, 1, 2, 8, 0, tzinfo=UTC)
        case "the mailbox ended":
            with writing(place.engine) as session:
                session.execute(text("UPDATE contact SET valid_to = '2026-11-22' WHERE body = '0851'"))
        case "nonsense":
            link = "/svar/%00%ff../../etc"
    refused = answer(stranger, app, link)
    assert refused.status_code in (404, 409), refused.status_code
    if refused.status_code == 404:
        assert "Kopiér hele linket" in plain(refused)
    if how == "expired":
        assert "valgperioden sluttede 31. december 2029" in plain(refused)
    assert reports(place) == [] and decisions(place) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"event": ""}, "Vælg, hvad rådet besluttede."),
        ({"event": "submitted"}, "Vælg, hvad rådet besluttede."),
        ({"on": ""}, "Skriv en dato."),
        ({"on": "2026-11-01"}, "Mødet skal ligge mellem"),
        ({"on": "2026-12-24"}, "Mødet skal ligge mellem"),
        ({"remark": "x" * 501}, "Skriv højst 500 tegn."),
    ],
)
def test_an_answer_that_cannot_be_right_is_said_beside_its_field(
    app: FastAPI, place: Workplace, stranger: TestClient, link: str, data: dict[str, str], said: str
) -> None:
    refused = answer(stranger, app, link, **data)
    assert refused.status_code == 422 and said in refused.text and reports(place) == []


@pytest.mark.fault("F70")
def test_a_form_from_elsewhere_reports_nothing(place: Workplace, stranger: TestClient, link: str) -> None:
    stranger.get(link)
    assert stranger.post(link, data={"event": "council-approved", "on": MEETING}).status_code == 403
    assert reports(place) == []


@pytest.mark.fault("F71")
def test_markup_in_a_remark_is_text_on_the_page_and_in_the_mail(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    answer(stranger, app, link, remark="<script>alert(1)</script>")
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    for page in (stranger.get(link), signed_in("secretariat").get(f"/indberetninger/{number}")):
        assert "<script>" not in page.text and "&lt;script&gt;" in page.text
    passes(place, clock)
    for path in Path(place.settings.inbox).glob("*.eml"):
        html = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("html",))
        assert html and "<script" not in html.get_content()


@pytest.mark.fault("F76")
def test_whoever_posts_to_links_without_end_waits_and_may_still_look(
    app: FastAPI, stranger: TestClient, clock: Clock, link: str
) -> None:
    asked = [link, "/kvitter/ugyldigt", "/svar/ugyldigt"] * 10
    assert 429 not in {answer(stranger, app, one, event="").status_code for one in asked}
    waits = answer(stranger, app, link)
    assert waits.status_code == 429 and int(waits.headers["Retry-After"]) <= 601
    assert stranger.get(link).status_code == 200
    clock.at += timedelta(seconds=601)
    assert answer(stranger, app, link).status_code == 303
