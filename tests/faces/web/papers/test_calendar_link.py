"""A council without anybody who can sign in keeps its calendar by the link in its mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.faces.web.conftest import Clock, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import rows
from tests.faces.web.rounds.test_meetings import proposal
from workflow.faces.daemon.workplace import Workplace
from workflow.mail.links import Ask, Calendar, reader_of, sealed_calendar
from workflow.services.councils.asking import withdraw_links
from workflow.services.meetings.keeping import list_meetings
from workflow.storage.database import writing

mails, link = answering.mails, answering.link
LIST = "Byrådets møder 2027\nOnsdag den 16. juni kl. 17\nØkonomiudvalget: 14. juni"


@pytest.fixture
def asked(place: Workplace) -> str:
    """The link of the letter that asks Aalborg when it meets in 2027."""
    calendar = Calendar("0851", 2027, reader_of("sundhed@aalborg.example"))
    return f"/moedeplan/{sealed_calendar(calendar, place.secret)}"


def days(place: Workplace) -> list[str]:
    return [
        f"{one.organ} {one.on} {one.by}".strip()
        for one in list_meetings(place.engine, place.rulebook, "0851")[2]
    ]


def keeps(client: TestClient, app: FastAPI, path: str, words: str = LIST) -> int:
    """The list pasted, every day ticked, and saved; the status of the last answer."""
    form = {"csrf": csrf(client, app), "text": words, "source": "aalborg.dk/moeder"}
    shown = client.post(path, data=form)
    if shown.status_code != 200:
        return shown.status_code
    saved = {"csrf": csrf(client, app), "forslag": proposal(shown.text), "dag": ["0", "1"]}
    return client.post(f"{path}/gem", data=saved).status_code


def test_a_proposal_kept_until_its_days_are_past_saves_none_of_them(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, asked: str
) -> None:
    form = {"csrf": csrf(stranger, app), "text": LIST, "source": "aalborg.dk/moeder"}
    shown = stranger.post(asked, data=form)
    clock.at = datetime(2027, 6, 15, 8, tzinfo=UTC)
    saved = {"csrf": csrf(stranger, app), "forslag": proposal(shown.text), "dag": ["0", "1"]}
    refused = stranger.post(f"{asked}/gem", data=saved)
    assert refused.status_code == 422 and "14. juni 2027 er gået" in plain(refused)
    assert days(place) == []


def test_the_letter_that_asks_for_the_days_brings_the_page_to_write_them(
    app: FastAPI, place: Workplace, stranger: TestClient, asked: str
) -> None:
    page = plain(stranger.get(asked))
    assert "Møder i Aalborg Kommune" in page and "Log ind" not in page.split("<main")[1]
    assert keeps(stranger, app, asked) == 303
    by = "sundhed@aalborg.example, gennem linket i mailen"
    assert days(place) == [f"Økonomiudvalget 2027-06-14 {by}", f"2027-06-16 {by}"]
    assert keeps(stranger, app, asked) == 303 and len(days(place)) == 2, "again changes nothing"

    gone = {"csrf": csrf(stranger, app), "on": "2027-06-16", "organ": "", "why": "Aflyst"}
    assert stranger.post(f"{asked}/fjern", data=gone).status_code == 303
    assert days(place) == [f"Økonomiudvalget 2027-06-14 {by}"]
    acts = rows(place, "SELECT what, about, \"by\" FROM act WHERE room = 'meetings' ORDER BY no")
    assert acts == [("imported", "0851", by), ("removed", "0851", by)]


def test_the_link_keeps_one_council_s_days_to_come_and_nothing_else(
    app: FastAPI, place: Workplace, stranger: TestClient, asked: str
) -> None:
    assert keeps(stranger, app, asked, "Byrådet 2026\n14. oktober\n11. november") == 422
    assert keeps(stranger, app, asked, "body;date\n0101;2027-06-16") == 422
    assert keeps(stranger, app, asked[:-3] + "xyz") == 404
    assert days(place) == []


def test_it_ends_with_the_mailbox_and_with_its_year(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, asked: str
) -> None:
    clock.at = datetime(2028, 1, 3, 8, 0, tzinfo=UTC)
    assert "linket gjaldt mødedagene i 2027" in plain(stranger.get(asked))
    assert keeps(stranger, app, asked) == 409
    clock.at = datetime(2026, 12, 18, 8, 0, tzinfo=UTC)
    with writing(place.engine) as session:
        session.execute(text("UPDATE contact SET valid_to = '2026-12-17' WHERE body = '0851'"))
    assert stranger.get(asked).status_code == 404
    assert keeps(stranger, app, asked) == 404
    assert days(place) == []


def test_the_link_that_asks_for_the_decision_leads_to_the_same_page_until_it_is_withdrawn(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    assert f'href="{link}/moeder"' in stranger.get(link).text
    assert keeps(stranger, app, f"{link}/moeder") == 303
    assert len(days(place)) == 2
    ask = Ask(answering.KEY, 1, "0851")
    withdraw_links(place.engine, place.rulebook, ask, "videresendt ved en fejl", "test", clock())
    assert stranger.get(f"{link}/moeder").status_code == 409
    assert keeps(stranger, app, f"{link}/moeder") == 409
