"""*Søg* finds a thing however it is spelt, the best first, and leads to its row."""

from __future__ import annotations

import asyncio
import unicodedata
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.desk.notes import write_note
from workflow.services.facts.agreements import record
from workflow.services.views.search import BEGINS, INSIDE, WHOLE, rank, words_of

KEY = "syddanmark/2027-2031"


def found(client: Any, text: str) -> str:
    return str(client.get("/soeg", params={"q": text}).text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Åbenrå", "Aabenraa Kommune"), ("aabenraa", "Aabenraa Kommune"), ("ÅBENRAA", "Aabenraa Kommune"),
        (unicodedata.normalize("NFD", "Åbenrå"), "Aabenraa Kommune"), ("Århus", "Aarhus Kommune"),
        ("høje-tåstrup", "Høje-Taastrup Kommune"), ("Hoje-Taastrup", "Høje-Taastrup Kommune"),
        ("Soenderborg", "Sønderborg Kommune"), ("sonderborg", "Sønderborg Kommune"), ("naestved", "Næstved Kommune"),
        ("Nørresundby", ""),
    ],
)  # fmt: skip
def test_a_council_is_found_however_its_letters_are_typed(guest: TestClient, typed: str, name: str) -> None:
    page = found(guest, typed)
    assert (name in page) if name else ("Intet svarer til" in page)


def test_a_place_is_found_before_every_word_that_begins_like_it(guest: TestClient) -> None:
    page = found(guest, "vejle")
    assert "Vejle Kommune" in page and "vejledningen" not in page and "Frister i reglerne" not in page
    assert "vejledningen" in found(guest, "vejledningen")


def test_a_word_weighs_more_whole_than_at_the_beginning_and_there_more_than_within() -> None:
    texts = ("Vejle Kommune", "efter vejledningen", "Overvejle", "Varde")
    assert [rank(text, words_of("Vejle")) for text in texts] == [WHOLE, BEGINS, INSIDE, None]


def test_what_is_found_leads_to_its_own_row(guest: TestClient) -> None:
    link = f"/aftaler/{KEY}/raad#raad-0630"
    assert link in found(guest, "Vejle")
    assert 'id="raad-0630"' in guest.get(link.partition("#")[0]).text


def test_people_letters_and_lines_of_the_journal_are_found_by_whoever_may_see_them(
    place: Workplace, signed_in: SignIn
) -> None:
    today = date(2026, 11, 23)
    fact = Fact(
        0,
        "council-approved",
        date(2026, 10, 14),
        1,
        "0630",
        source="Referat fra Egtvedsalen",
        by="Bodil Krag",
    )
    record(place.engine, place.rulebook, KEY, fact, today=today, at=MORNING)
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    here, there = (
        signed_in("secretariat", region="syddanmark"),
        signed_in("secretariat", region="nordjylland"),
    )
    for typed in ("Egtvedsalen", "Krag", "14. oktober"):
        assert f"/aftaler/{KEY}/journal#linje" in found(here, typed), typed
        assert KEY not in found(there, typed), typed
    assert "#kontakt-" in found(here, "sundhed@varde.example") and "Breve til eller om det" in found(
        here, "Varde"
    )
    council = signed_in("council", body="0630")
    assert "sundhed@varde.example" not in found(council, "Varde"), "a council sees no other's mailbox"
    assert "varde" not in found(there, "sundhed@varde.example").partition("<main")[2].replace(
        "sundhed@varde.example", ""
    )


def test_a_month_finds_the_dates_that_fall_in_it(guest: TestClient) -> None:
    page = found(guest, "maj 2027")
    assert "Svar fra rådene ønskes, version 1" in page and "aftalt" in page


def test_people_and_notes_are_found_by_whoever_may_see_them_and_lead_to_their_row(
    place: Workplace, signed_in: SignIn
) -> None:
    note = write_note(
        place.engine, place.rulebook, KEY, "0630", "Ringet til Ådalen, byrådet 16/12", "Anne", MORNING
    )
    here, there = (signed_in("secretariat", region=one) for one in ("syddanmark", "nordjylland"))
    page = found(here, "aadalen")
    link = f"/aftaler/{KEY}/log?hvad=notat&amp;raad=0630#notat-{note.number}"
    assert link in page or link.replace("&amp;", "&") in page
    assert f'id="notat-{note.number}"' in here.get(f"/aftaler/{KEY}/log?hvad=notat&raad=0630").text
    for other in (there, signed_in("council", body="0630")):
        assert "byrådet 16/12" not in found(other, "Ådalen")
    root = signed_in("administrator")
    assert "<h2>Personer</h2>" in found(root, "secretariat-syddanmark") and "/personer/" in found(
        root, "secretariat"
    )
    assert "<h2>Personer</h2>" not in found(here, "secretariat-syddanmark")
