"""What a person whose language is English fetches is English: tables, the report for Word, the calendar, and what the
API says of a mistake. What comes back is understood in either language."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from tests.faces.web.api.test_api import MIDT, post
from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.papers.test_exports import table, workbook
from tests.faces.web.rounds import test_grid
from tests.faces.web.rounds.test_front_truths import ask_the_councils
from tests.faces.web.rounds.test_grid import lines, review, save, standing
from tests.faces.web.rounds.test_monthly import SYD, words_of
from tests.faces.web.test_english import DANISH, PROVISION, names, said
from workflow.faces.daemon.workplace import Workplace
from workflow.language import speaking
from workflow.services.law.changing import UNCHANGED, source_said
from workflow.services.people.sessions import choose_language
from workflow.services.views.calendars.feeds import find_feed, write_feed

client = test_grid.client
KEY = test_grid.KEY
TABLES = (
    "/eksport/frister.csv", "/eksport/breve.csv", "/aftaler/nordjylland/2024-2027/eksport/frister.csv",
    *(f"/aftaler/syddanmark/2027-2031/eksport/{what}.csv" for what in ("frister", "raad", "breve", "rundeplan")),
)  # fmt: skip


def danish_in(text: str, known: list[str]) -> bool:
    bare = PROVISION.sub("", text)
    for name in known:
        bare = bare.replace(name, "")
    return DANISH.search(bare) is not None


def test_no_table_fetched_in_english_says_a_danish_word(guest: TestClient) -> None:
    known = [*names(), "Folketinget", "Økonomiaftale"]
    danish = {path: table(guest, path) for path in TABLES}
    guest.get("/?sprog=en")
    for path in TABLES:
        rows = table(guest, path)
        assert len(rows) == len(danish[path]) and rows[0] != danish[path][0], path
        left = sorted({cell for row in rows for cell in row if danish_in(cell, known)})
        assert left == [], path
    headings = workbook(guest.get("/eksport/frister.xlsx").content)[0]
    assert headings[:5] == ("Agreement", "What", "About", "Who", "Basis")


def test_the_sheet_of_the_councils_is_sent_back_in_english(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    done = {"event": "council-approved", "on": "10. november 2026", "source": "referat, linje 1"}
    save(client, app, review(client, app, place, clock, c0461=done, c0630={"meets_on": "16/6-27"}))
    choose_language(place.engine, "secretariat-syddanmark@frist.example", "en", "test", clock())
    sheets = {kind: client.get(f"/aftaler/{KEY}/eksport/raad.{kind}").content for kind in ("xlsx", "csv")}
    choose_language(place.engine, "secretariat-syddanmark@frist.example", "", "test", clock())
    for (
        kind,
        sheet,
    ) in sheets.items():  # fetched in English, sent back under a Danish page: it changes nothing
        page = review(client, app, place, clock, files={"ark": (f"councils.{kind}", sheet)})
        assert "Ingen af rækkerne er ændret" in plain(page), kind
    book = load_workbook(io.BytesIO(sheets["xlsx"]))
    at = {cell.value: cell.column for cell in book.worksheets[0][1]}
    for row in book.worksheets[0].iter_rows(min_row=2):
        if row[at["Code"] - 1].value == "0630":
            told = {
                "Decision": "approved",
                "Decided": "18 November 2026",
                "Basis": "minutes 2",
                "Meeting": None,
            }
            for name, value in told.items():
                book.worksheets[0].cell(row[0].row, at[name]).value = value
    again = io.BytesIO()
    book.save(again)
    page = review(client, app, place, clock, files={"ark": ("councils.xlsx", again.getvalue())})
    assert "1 råd ændres" in plain(page)
    save(client, app, page)
    vejle = {line.code: line for line in lines(standing(place, clock))}["0630"]
    assert (vejle.event, vejle.on, vejle.source) == ("council-approved", date(2026, 11, 18), "minutes 2")


def test_the_report_for_word_is_in_the_reader_s_language(guest: TestClient) -> None:
    guest.get("/?sprog=en")
    written = guest.get(f"{SYD}.docx").content
    words = words_of(written)
    assert "The health agreement" in words and "November 2026" in words and "What happened" in words
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        assert 'w:lang w:val="en-GB"' in file.read("word/styles.xml").decode()
        assert ">page <" in file.read("word/footer.xml").decode()
    assert [line for line in words.split("\n") if danish_in(line, names())] == []


@pytest.mark.parametrize("language", ["", "en"])
def test_a_calendar_speaks_as_the_person_who_made_it(
    signed_in: SignIn, place: Workplace, app: FastAPI, clock: Clock, language: str
) -> None:
    ask_the_councils(place)
    anne = signed_in("secretariat")
    answer = anne.post("/kalendere", data={"csrf": csrf(anne, app), "of": "region:nordjylland"})
    secret = answer.text.partition("/kalender/")[2].partition(".ics")[0]
    choose_language(place.engine, "secretariat-own@frist.example", language, "test", clock())
    feed = find_feed(place.engine, secret, date(2026, 11, 23))
    told = {"today": date(2026, 11, 23), "instance": "t", "base_url": ""}
    said = (
        write_feed(place.engine, place.rulebook, feed, **told)
        .decode()
        .replace("\r\n ", "")
        .replace("\\,", ",")
    )
    if not language:
        assert "X-WR-CALNAME:Aftaler og planer, Region Nordjylland" in said and "Hvorfor denne dato:" in said
        return
    assert "X-WR-CALNAME:Agreements and plans, Region Nordjylland" in said and "Why this date:" in said
    assert "Date for replies; not a statutory deadline." in said.replace("\\;", ";")
    told_lines = [
        one
        for line in said.splitlines()
        if line.startswith(("SUMMARY", "DESCRIPTION"))
        for one in line.split("\\n")
    ]
    assert sorted({line for line in told_lines if danish_in(line, names())}) == []


def test_a_program_is_told_what_was_wrong_in_the_language_it_asks_for(
    guest: TestClient, app: FastAPI
) -> None:
    missing = {"event": "council-approved", "on": "2026-11-20"}
    danish = post(guest, app, MIDT, missing)
    guest.headers["Accept-Language"] = "en-GB, da;q=0.5"
    english = post(guest, app, MIDT, missing)
    assert danish.headers["Content-Language"] == "da" and english.headers["Content-Language"] == "en"
    assert "mangler rådet" in danish.json()["detail"]
    assert not danish_in(english.json()["detail"], names()) and "`council`" in english.json()["detail"]
    lost = guest.get("/api/v1/agreements/nordjylland/1999-2000").json()
    assert lost["detail"] == "There is no such page, or you have no access to it."
    law = guest.get("/api/v1/deadlines?limit=1").json()["items"][0]["title"]
    guest.headers["Accept-Language"] = "da"
    assert guest.get("/api/v1/deadlines?limit=1").json()["items"][0]["title"] == law


def test_the_reasons_as_text_are_english_but_for_the_law_s_own_words(guest: TestClient) -> None:
    guest.get("/?sprog=en")
    known = [*names(), "Folketinget"]
    for agreement in ("syddanmark/2027-2031", "midtjylland/2024-2027", "nordjylland/2024-2027"):
        rules = set(
            re.findall(rf"/aftaler/{agreement}/frister/([^\"#?]+)", guest.get(f"/aftaler/{agreement}").text)
        )
        assert len(rules) > 3
        for rule in sorted(rules):
            told = guest.get(f"/aftaler/{agreement}/frister/{rule}/grund.txt")
            assert told.status_code == 200, rule
            bare = re.sub(r"»[^«]*«\n.*|\[.*?\]", "", told.text)  # quoted law and provisions
            assert [line for line in bare.splitlines() if danish_in(line, known)] == [], (agreement, rule)


def test_what_is_refused_is_said_in_english(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    choose_language(place.engine, "secretariat-syddanmark@frist.example", "en", "test", clock())
    pasted = "Varde\t16. juni 2027\nKolding\t99. juni 2027\nAarhus\t1. juni 2027"
    round_ = {
        "csrf": csrf(client, app),
        "region": "syddanmark",
        "reply": "1/1-27",
        "last": "1/1-20",
        "sent": "1/1-30",
    }
    contacts = {
        "csrf": csrf(client, app),
        "text": "organ;funktion;e-mail\nAalbrog;byråd;a@b\n0630;råd;v@vejle.example",
    }
    refused = (
        ("Aarhus Kommune is not", review(client, app, place, clock, blok=pasted)),
        ("Choose an election term", client.post("/aftaler/ny", data=round_)),
        ("Aalbrog", client.post("/kontakter/indlaes", data=contacts)),
    )
    for expected, page in refused:
        alert = re.search(
            r'<section class="panel late" role="alert".*?</section>(\s*<div.*?</table>)?', page.text, re.S
        )
        assert page.status_code == 422 and alert and expected in alert[0], page.text[:200]
        assert [line for line in said(alert[0]) if danish_in(line, [*names(), "Aalbrog", pasted])] == []


def test_what_is_ours_in_a_source_is_english_and_what_was_typed_is_not() -> None:
    with speaking("en"):
        assert source_said(str(UNCHANGED)) == "the rules change nothing for the agreement"
        assert source_said("ikke sendt") == "ikke sendt"
    assert source_said(str(UNCHANGED)) == UNCHANGED
