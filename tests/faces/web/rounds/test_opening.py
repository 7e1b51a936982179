"""*Åbn en runde*: from a form, in the middle, from a file; shown first, saved once, and only within one's reach."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.faces.web.conftest import SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.rounds.openform import NAMES
from workflow.rules.facts import Fact
from workflow.storage.database import reading
from workflow.storage.facts import journal

PAGE = "/aftaler/ny"
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
ROUND = b"""
[[agreement]]
region = "nordjylland"
term = "2026-2029"
label = "fra-fil"
effective = 2028-01-01
source = "referat"

[[agreement.fact]]
event = "sent-for-approval"
on = 2026-11-02
source = "brev"

[[agreement.fact]]
event = "council-approved"
on = 2026-11-18
councils = ["0851", "0813"]
source = "protokol"
"""


@pytest.fixture
def client(signed_in: SignIn) -> TestClient:
    return signed_in("secretariat")


def post(client: TestClient, app: FastAPI, files: Any = None, path: str = PAGE, **typed: str) -> Response:
    data = {"csrf": csrf(client, app), **typed}
    return client.post(path, data=data, files=files)  # type: ignore[return-value]


def fill(**more: str) -> dict[str, str]:
    typed = dict.fromkeys(NAMES, "") | {"region": "nordjylland", "period": "2026-2029/bek-1248-2022"}
    return typed | {"label": "2028-2031", "source": "SSU 4. november 2026"} | more


def save(client: TestClient, app: FastAPI, page: Response, **more: str) -> Response:
    assert page.status_code == 200, plain(page)
    found = re.search(r'name="forslag" value="([^"]+)"', page.text)
    assert found
    return post(client, app, path=f"{PAGE}/gem", forslag=unescape(found[1]), **more)


def facts(place: Workplace, key: str) -> list[Fact]:
    with reading(place.engine) as session:
        return journal.facts(session, journal.find(session, key))


def count(place: Workplace) -> int:
    with reading(place.engine) as session:
        return len(journal.all_agreements(session))


def test_a_round_is_opened_after_its_dates_were_shown(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    before = count(place)
    typed = fill(effective="1/1-28", last="31. december 2031", last_source="Aftalens punkt 1.3")
    page = post(client, app, **typed)
    text = plain(page)
    assert "1 aftale åbnes" in text and "BEK 1248/2022" in text and 'datetime="2031-12-31"' in text
    assert "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen" in text and 'datetime="2027-07-01"' in text
    assert count(place) == before
    answers = [save(client, app, page) for _ in range(2)]  # two clicks open one
    assert {one.headers["Location"] for one in answers} == {"/aftaler/nordjylland/2028-2031?aabnet=1"}
    assert count(place) == before + 1
    opened = facts(place, "nordjylland/2028-2031")
    assert [(fact.event, fact.value) for fact in opened] == [
        ("opened", date(2026, 11, 23)), ("effective", date(2028, 1, 1)), ("nominal-end", date(2032, 1, 1)),
    ]  # fmt: skip
    assert opened[0].by == "Anne secretariat" and opened[2].source == "Aftalens punkt 1.3"
    assert "Runden er åbnet." in plain(client.get(answers[0].headers["Location"]))
    assert "Runden er åbnet." not in plain(client.get("/aftaler/nordjylland/2028-2031"))


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_opened(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    before = count(place)
    for typed, said in (
        (fill(period=""), "Vælg en valgperiode"),
        (fill(period="2026-2029/bek-1-1900"), "Vælg en valgperiode"),
        (fill(label="to ord"), "uden mellemrum"),
        (fill(label=""), "Skriv et navn"),
        (fill(label="2024-2027"), "er åbnet i regionen"),
        (fill(effective="1/1"), "Skriv året med"),
        (fill(last="31. december 2031"), "ingen regel fastsætter det"),
        (fill(last="1/1-28", effective="2/1-28", last_source="x"), "før den dag, aftalen træder i kraft"),
        (fill(sent="24/11-26"), "er ikke kommet endnu"),
        (fill(reply="24/11-26"), "hvornår teksten blev sendt"),
        (fill(municipality="0851"), "én aftale for hele regionen"),
        (fill(effective="1. januar 2099"), "2099"),
        (fill(label=NASTY, source=NASTY), "Skriv et navn"),
    ):
        page = post(client, app, **typed)
        assert page.status_code in (409, 422) and said in plain(page), said
        assert "<script>" not in page.text and "<img" not in page.text
        assert page.text.count('value="SSU 4. november 2026"') == (typed["source"] != NASTY)
    assert post(client, app, **fill(source="x" * 100_000)).status_code == 422
    assert count(place) == before


def test_a_round_begins_in_the_middle_and_its_letters_wait_for_a_person(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    typed = fill(drafted="1/9-26", sent="2. november 2026", reply="31/5-27", sent_source="brev, sag 26/17")
    page = post(client, app, **typed)
    text = plain(page)
    assert "2 hændelser registreres" in text and "breve venter på dit svar" in text
    told = plain(client.get(save(client, app, page).headers["Location"]))
    assert [fact.event for fact in facts(place, "nordjylland/2028-2031")] == [
        "opened", "drafting-opened", "sent-for-approval",
    ]  # fmt: skip
    assert 'href="/aftaler/nordjylland/2028-2031/fortid"' in told and "Ret rådene" in told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"\xff\xfe\x00", "filen er ikke gemt som UTF-8"),
        (b"[[agreement]]\nregion = \n", "filen er ikke skrevet som TOML"),
        (b"# intet\n", "aftale: mangler; tilføj den"),
        (ROUND + b"colour = 1\n", "aftale 1, hændelse 2, colour: kendes ikke"),
        (ROUND.replace(b"2026-11-02", b'"2026-11-02"'), "aftale 1, hændelse 1, on: er ingen dato"),
        (
            ROUND.replace(b"2026-2029", b"2023-2026"),
            "aftale 1 (nordjylland/fra-fil): valgperioden '2023-2026'",
        ),
        (
            ROUND.replace(b"0813", b"9999"),
            "aftale 1 (nordjylland/fra-fil), hændelse 2 (council-approved 9999, 18. november 2026): ",
        ),
        (ROUND + ROUND, "nordjylland/fra-fil står to gange"),
        (ROUND.replace(b'event = "sent', b'event = "xsent'), "hændelsen 'xsent-for-approval' findes ikke"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_rounds_file_is_said_in_danish(
    client: TestClient, app: FastAPI, wrong: bytes, said: str
) -> None:
    answer = post(client, app, files={"fil": ("runde.toml", wrong)})
    told = unescape(plain(answer))
    assert answer.status_code == 422 and said in told
    assert not re.search(
        r"\b(the|is|not|must|known|agreement \d|fact \d|key)\b",
        told.partition('fil-fejl">')[2].partition("</span>")[0],
    )


def test_a_rounds_file_is_shown_and_imported_and_a_second_time_changes_nothing(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    page = post(client, app, files={"fil": ("runde.toml", ROUND)})
    text = plain(page)
    assert "runde.toml: 1 aftale åbnes, 3 hændelser registreres" in text and "Frederikshavn" in text
    for _ in range(2):
        assert save(client, app, page).headers["Location"] == "/aftaler/nordjylland/fra-fil?aabnet=1"
    assert len(facts(place, "nordjylland/fra-fil")) == 5
    again = plain(post(client, app, files={"fil": ("runde.toml", ROUND)}))
    assert "0 aftaler åbnes, 0 hændelser registreres, 4 står i journalen allerede" in again
    for bad in (b"", b"\xff\xfe\x00", b"[[agreement]]\n", ROUND.replace(b"0851", b"9999"), b"x" * 1_050_000):
        refused = post(client, app, files={"fil": ("runde.toml", bad)})
        assert refused.status_code == 422 and 'id="fil-fejl"' in refused.text
    far = ROUND.replace(b"nordjylland", b"midtjylland")
    refused = plain(post(client, app, files={"fil": ("runde.toml", far)}))
    assert "kan ikke registrere for midtjylland/fra-fil" in refused
    with reading(place.engine) as session:
        assert "midtjylland/fra-fil" not in [one.key for one in journal.all_agreements(session)]


def test_only_ones_own_region_is_offered_and_a_proposal_is_ones_own(
    client: TestClient, app: FastAPI, signed_in: SignIn
) -> None:
    page = client.get(PAGE)
    assert "For <strong>Region Nordjylland" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert post(client, app, **fill(region="midtjylland")).status_code == 404
    mine = post(client, app, **fill())
    other = signed_in("secretariat", region="midtjylland")
    assert save(other, app, mine).status_code == 422
    for role in ("council", "coordinator", "authority"):
        assert signed_in(role).get(PAGE).status_code == 404
    admin = signed_in("administrator").get(PAGE).text
    assert admin.count('<option value="midtjylland"') == 1
    back = save(client, app, mine, ret="1")
    assert back.status_code == 200 and 'value="2028-2031"' in back.text
    assert f'href="{PAGE}"' in client.get("/").text and f'href="{PAGE}"' in client.get("/aftaler").text
