"""*Ring til rådene*: who is silent and whom to call; the note of a call stops that council's reminders."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.web.conftest import csrf, plain
from tests.faces.web.rounds import test_grid as grid
from tests.faces.web.rounds.test_grid import KEY, facts
from workflow.faces.daemon.workplace import Workplace

client = grid.client

PAGE = f"/aftaler/{KEY}/ring"


def test_the_page_lists_the_silent_councils_and_a_note_stops_the_reminders_of_one(
    client: TestClient,
    app: FastAPI,
    place: Workplace,
) -> None:
    text = plain(client.get(PAGE))
    assert "23 råd har hverken svaret eller oplyst en mødedag" in text
    assert "Mødekalenderen er ikke indlæst" in text
    answer = client.post(
        PAGE, data={"csrf": csrf(client, app), "council": "0461", "text": "Kommer på i juni.", "stop": "ja"},
        follow_redirects=False,
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?gemt=0461")
    told = facts(place)[-1]
    assert (told.event, told.about) == ("letter-handled", "heard|v1:0461")
    after = plain(client.get(answer.headers["Location"]))
    assert "Notatet om Odense Kommune er gemt" in after
    assert "rådet gav lyd fra sig" in after and "Kommer på i juni." in after
    journal = plain(client.get(f"/aftaler/{KEY}/journal"))
    assert "Odense Kommune har givet lyd fra sig om version 1" in journal


def test_a_note_without_words_is_refused_where_it_stands_and_nothing_is_kept(
    client: TestClient,
    app: FastAPI,
    place: Workplace,
) -> None:
    before = facts(place)
    answer = client.post(PAGE, data={"csrf": csrf(client, app), "council": "0461", "text": " ", "stop": "ja"})
    assert answer.status_code == 422
    assert "Notatet er ikke gemt" in plain(answer)
    assert facts(place) == before
