"""The text travels with the question: its file, what changed in it, and an answer that binds what was shown."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import KEY, LINK, MEETING, answer, happens, passes, reports, rows
from tests.services.test_paragraphs import word
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.storage.database import writing
from workflow.storage.facts.documents import Attached

mails, link = answering.mails, answering.link
OLD, NEW = word("Forord", "Otte mål", "Økonomi"), word("Forord", "Ni mål", "Økonomi", "<w:t/>Bilag")
SHA = hashlib.sha256(NEW).hexdigest()


def sends(place: Workplace, clock: Clock, version: int, content: bytes) -> None:
    today = danish_day(clock())
    fact = Fact(
        0, "sent-for-approval", today, version, due=today + timedelta(days=90), by="test", source="test"
    )
    file = Attached(f"aftale {version}.docx", content)
    record(place.engine, place.rulebook, KEY, fact, today=today, at=clock(), attached=file)


def to_aalborg(place: Workplace, clock: Clock) -> tuple[str, str]:
    """The newest letter that asks Aalborg, and the link to answer."""
    asked = [body for to, body in passes(place, clock) if "aalborg" in to and "/svar/" in body]
    newest = max(asked, key=lambda body: int(re.search(r"[Vv]ersion\s+(\d)", body)[1]))  # type: ignore[index]
    return newest, next(one for one in LINK.findall(newest) if one.startswith("/svar/"))


def test_letter_and_page_carry_the_file_and_what_changed_since_this_council_approved(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    sends(place, clock, 2, OLD)
    happens(place, clock, "council-approved", version=2, council="0851")
    clock.at += timedelta(days=1)
    sends(place, clock, 3, NEW)
    letter, link = to_aalborg(place, clock)
    assert "Vedlagt: aftale 3.docx (1 kB)." in letter and SHA in letter
    told = " ".join(letter.split())
    assert "ændret siden version 2, som I godkendte" in told
    assert "2 afsnit er taget ud eller kommet ind." in told
    assert "- Ud: Otte mål" in letter and "- Ind: Ni mål" in letter
    file = stranger.get(f"{link}/tekst?fil={SHA}")
    assert file.content == NEW and "attachment" in file.headers["Content-Disposition"]
    page = plain(stranger.get(link))
    assert SHA in page and "aftale 3.docx" in page
    assert "Ændret siden version 2, som I godkendte" in page
    assert "<del>Otte mål</del>" in page and "<ins>Ni mål</ins>" in page and "Forord" not in page
    assert stranger.get(f"{link}/tekst?fil={hashlib.sha256(OLD).hexdigest()}").status_code == 404
    assert stranger.get(f"{link[:-3]}xyz/tekst?fil={SHA}").status_code == 404


def files_in(letter: str) -> list[str]:
    return re.findall(r"http://[^\s/]+(/fil/[\w.-]+)", letter)


def test_a_clerk_without_a_login_opens_the_file_by_its_own_link_and_can_do_nothing_else(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    sends(place, clock, 2, NEW)
    letter, _ = to_aalborg(place, clock)
    [file] = files_in(letter)
    got = stranger.get(file)
    assert got.content == NEW and got.headers["Content-Disposition"].startswith("attachment")
    assert rows(place, "SELECT what FROM trail WHERE what = 'document'") == [("document",)]
    token = file.removeprefix("/fil/")
    for other in ("svar", "kvitter", "bekraeft"):
        assert stranger.get(f"/{other}/{token}").status_code == 404
    assert stranger.get(f"{file[:-8]}xxxxxxxx").status_code == 404
    clock.at += timedelta(days=180)
    assert stranger.get(file).status_code == 200
    clock.at += timedelta(days=1)
    over = stranger.get(file)
    assert over.status_code == 409 and "Linket gjaldt til og med" in plain(over)


def test_a_link_to_a_file_ends_with_the_mailbox_it_was_written_to(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    sends(place, clock, 2, NEW)
    letter, _ = to_aalborg(place, clock)
    [file] = files_in(letter)
    assert stranger.get(file).status_code == 200
    with writing(place.engine) as session:
        session.execute(text("UPDATE contact SET valid_to='2020-01-01' WHERE body='0851'"))
    assert stranger.get(file).status_code == 404


def test_an_answer_binds_the_text_that_was_shown(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    sends(place, clock, 2, NEW)
    _, link = to_aalborg(place, clock)
    assert f'name="shown" value="{SHA}"' in stranger.get(link).text
    refused = answer(stranger, app, link, shown="0" * 64, on=str(danish_day(clock())))
    assert refused.status_code == 409 and "Teksten er skiftet" in plain(refused)
    assert reports(place) == []
    assert answer(stranger, app, link, shown=SHA, on=str(danish_day(clock()))).status_code == 303
    assert rows(place, "SELECT document FROM reported_decision") == [(SHA,)]
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    desk = signed_in("secretariat")
    data = {"csrf": csrf(desk, app), "do": "bekraeft", "source": "Protokol"}
    assert desk.post(f"/indberetninger/{number}", data=data).status_code == 303
    assert f"teksten med SHA-256 {SHA}" in str(
        rows(place, "SELECT source FROM fact WHERE event='council-approved'")
    )


def test_a_council_names_the_meeting_to_come_and_who_takes_over(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    coming = {
        "event": "council-scheduled",
        "on": "",
        "due": "2026-12-16",
        "takes_over": "Bo Ø, bo@aalborg.example",
    }
    assert answer(stranger, app, link, **coming | {"due": ""}).status_code == 422
    assert answer(stranger, app, link, **coming | {"due": "2026-01-01"}).status_code == 422
    assert reports(place) == []
    assert answer(stranger, app, link, **coming).status_code == 303
    assert answer(stranger, app, link, **coming).status_code == 303  # the second click is the same answer
    assert reports(place) == [("0851", "council-scheduled", "reported")]
    page = re.sub("<[^>]+>", "", plain(stranger.get(link)))
    assert (
        "Ikke behandlet endnu: sagen kommer på et møde. Mødet bliver" in page and "16. december 2026" in page
    )
    receipt = [" ".join(body.split()) for to, body in passes(place, clock) if "har modtaget jeres svar" in body
               or "behandler version 1" in " ".join(body.split())]  # fmt: skip
    assert any("på mødet onsdag den 16. december 2026" in one for one in receipt)
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    desk = signed_in("secretariat")
    shown = plain(desk.get(f"/indberetninger/{number}"))
    assert "Bo Ø, bo@aalborg.example" in shown and "16. december 2026" in shown
    data = {"csrf": csrf(desk, app), "do": "bekraeft", "source": "Rådets svar"}
    assert desk.post(f"/indberetninger/{number}", data=data).status_code == 303
    assert rows(place, "SELECT council, due FROM fact WHERE event='council-scheduled'") == [
        ("0851", "2026-12-16")
    ]


def test_a_decision_takes_the_place_of_a_day_that_waits_and_brings_its_minutes(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    assert answer(stranger, app, link, event="council-scheduled", on="", due="2026-12-16").status_code == 303
    data = {"csrf": csrf(stranger, app), "event": "council-approved", "on": MEETING}
    file = {"minutes": ("protokol.pdf", b"%PDF minutes", "application/pdf")}
    assert (
        stranger.post(link, data=data, files={"minutes": ("tom.pdf", b"", "application/pdf")}).status_code
        == 422
    )
    assert stranger.post(link, data=data, files=file).status_code == 303
    assert reports(place) == [
        ("0851", "council-scheduled", "turned-down"),
        ("0851", "council-approved", "reported"),
    ]
    number = rows(place, "SELECT id FROM reported_decision WHERE state='reported'")[0][0]
    desk = signed_in("secretariat")
    assert desk.get(f"/indberetninger/{number}/udskrift").content == b"%PDF minutes"
    data = {"csrf": csrf(desk, app), "do": "bekraeft", "source": "Protokollen"}
    assert desk.post(f"/indberetninger/{number}", data=data).status_code == 303
    (*_, kept) = rows(
        place, "SELECT document FROM fact WHERE event='council-approved' AND council='0851' ORDER BY id"
    )
    assert kept == (hashlib.sha256(b"%PDF minutes").hexdigest(),)


def test_udsat_til_keeps_the_day(app: FastAPI, place: Workplace, stranger: TestClient, link: str) -> None:
    assert answer(stranger, app, link, event="council-postponed", due="2026-12-16").status_code == 303
    assert rows(place, "SELECT event, due FROM reported_decision") == [("council-postponed", "2026-12-16")]


ANNEX = word("Bilag om målene")


def annex(place: Workplace, clock: Clock, source: str, version: int) -> int:
    today = danish_day(clock())
    fact = Fact(0, "annex-added", today, version, by="test", source=source)
    file = Attached(f"{source}.docx", ANNEX if source == "Mål" else word(source))
    done = record(place.engine, place.rulebook, KEY, fact, today=today, at=clock(), attached=file)
    return done.fact.no


def mailbox_until(place: Workplace, day: str | None) -> None:
    with writing(place.engine) as session:
        session.execute(text("UPDATE contact SET valid_to=:day WHERE body='0851'"), {"day": day})


def test_a_letter_that_waited_carries_what_the_question_carries_when_it_is_written(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    bytes_of_it = "SELECT body FROM notice WHERE recipient='0851/council' AND facts LIKE '%\"number\": 2,%'"
    mailbox_until(place, "2020-01-01")
    sends(place, clock, 2, OLD)
    passes(place, clock)
    assert rows(place, bytes_of_it) == [(None,)], "it waits for a mailbox"
    clock.at += timedelta(hours=1)
    annex(place, clock, "Økonomi", 1)
    annex(place, clock, "Mål", 2)
    happens(place, clock, "correction", corrects=annex(place, clock, "Forkert", 2))
    mailbox_until(place, None)
    letter, answers = to_aalborg(place, clock)
    assert "Vedlagt: aftale 2.docx (1 kB), Mål.docx (1 kB)." in " ".join(letter.split())
    assert "Økonomi" not in letter and "Forkert" not in letter
    page = plain(stranger.get(answers))
    assert "Bilag: Mål" in page and "Økonomi" not in page and "Forkert" not in page
    [_, second] = files_in(letter)
    assert stranger.get(second).content == ANNEX
    [was] = rows(place, bytes_of_it)
    annex(place, clock, "Efter brevet", 2)
    passes(place, clock)
    assert was[0] and rows(place, bytes_of_it) == [was], "what is written stays as it was written"
