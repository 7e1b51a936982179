"""What stands on the pages: an agreement, its councils, a date explained, a letter as sent, the law, a search."""

from __future__ import annotations

import asyncio
import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from tests.faces.conftest import MORNING
from tests.faces.conftest import guest as guest_of
from tests.faces.test_web import Read
from tests.faces.web.conftest import SignIn
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.rules.facts import Fact
from workflow.services.agreements import record
from workflow.services.listing import STATUSES
from workflow.settings import Settings
from workflow.storage.contacts import refuse_address
from workflow.storage.database import reading, writing
from workflow.storage.documents import Attached
from workflow.storage.tables import Attempt, Notice

NORD, SYD, MIDT = (
    "/aftaler/nordjylland/2024-2027",
    "/aftaler/syddanmark/2027-2031",
    "/aftaler/midtjylland/2024-2027",
)


@pytest.fixture(scope="module")
def shown(
    demo_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Workplace]]:
    """The demo's guest and the place behind the site, after one tick; nothing here is written to by a test."""
    data = tmp_path_factory.mktemp("shown")
    shutil.copy(demo_template, data / "aftale.db")
    with open_workplace(Settings(data_dir=data)) as place:
        asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
        yield guest_of(create_app(lambda: place, lambda: MORNING)), place


@pytest.fixture(scope="module")
def reader(shown: tuple[TestClient, Workplace]) -> TestClient:
    """The guest's browser."""
    return shown[0]


def read(client: TestClient, path: str, code: int = 200) -> Read:
    answer = client.get(path)
    assert answer.status_code == code, path
    return Read(answer.text)


def sent_letter(place: Workplace) -> Notice:
    """A letter that has been handed over, to the council of Vejle."""
    with reading(place.engine) as session:
        query = select(Notice).where(col(Notice.state) == "accepted", col(Notice.recipient) == "0630/council")
        return session.exec(query).one()


def test_an_agreement_says_where_it_stands_what_is_next_and_what_is_missing(reader: TestClient) -> None:
    page = read(reader, SYD)
    assert "Version 1 er til godkendelse i rådene." in page.text
    assert "Næste frist Om 220 dage torsdag den 1. juli 2027" in page.text
    assert "6 af 23 har godkendt version 1" in page.text
    missing = page.text.partition("Mangler, før aftalen kan sendes")[2]
    assert "Aftalens fælles mål er ikke registreret (BEK 1248/2022 § 19, stk. 2)" in missing
    assert "--about" not in page.text


def test_each_machine_says_its_state_and_what_would_move_it(reader: TestClient) -> None:
    machines = read(reader, SYD).text.partition("Hvor hver del står")[2]
    assert "Version 1 Til godkendelse i rådene Det flytter den:" in machines
    assert "Alle råd har godkendt → godkendt af alle råd" in machines
    assert "Perioden Planlagt" in machines


def test_the_timeline_has_a_title_a_description_and_the_same_in_a_table(reader: TestClient) -> None:
    page = read(reader, NORD)
    assert [each["role"] for each in page.all("svg") if "role" in each] == ["img", "img"]
    assert len(page.all("desc")) == 2
    drawn = len([each for each in page.all("rect") + page.all("circle") if each.get("class") == "dot"])
    rows = page.text.partition("numrene er tegningens")[2].partition("Alle frister for aftalen")[0]
    assert drawn == 2 * 17
    assert "15 torsdag den 31. december 2026 Årlig gennemgang af sundhedsaftalen (2026)" in rows


def test_the_council_matrix_holds_meeting_decision_evidence_and_version(
    guest: TestClient, place: Workplace
) -> None:
    on = date(2026, 11, 20)
    for fact in (
        Fact(0, "council-scheduled", on, version=1, council="0630", due=date(2026, 12, 9), known_on=on),
        Fact(0, "council-rejected", on, version=1, council="0607", source="Protokol, punkt 7", known_on=on),
    ):
        record(place.engine, place.rulebook, "syddanmark/2027-2031", fact, today=on, at=MORNING)
    page = read(guest, f"{SYD}/raad")
    assert "Vejle Kommune ▸ på dagsorden 9. december 2026" in page.text
    assert "Fredericia Kommune ✗ forkastet – 20. november 2026 Protokol, punkt 7 1" in page.text
    assert "Ikke godkendt: Fredericia Kommune (forkastet). Der er ingen flertalsregel" in page.text


def test_a_document_is_listed_with_its_hash_and_comes_back_byte_for_byte(
    guest: TestClient, place: Workplace
) -> None:
    content = b"<script>alert(1)</script>"
    fact = Fact(
        0, "annex-added", date(2026, 11, 20), version=1, source="Bilag 1", known_on=date(2026, 11, 20)
    )
    record(
        place.engine, place.rulebook, "syddanmark/2027-2031", fact, today=date(2026, 11, 20), at=MORNING,
        attached=Attached('bilag "1"\r\n.html', content),
    )  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    assert f"SHA-256 {digest}" in read(guest, SYD).text
    file = guest.get(f"{SYD}/dokumenter/{digest}")
    assert file.content == content
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="bilag-1-.html"')
    assert guest.get(f"{NORD}/dokumenter/{digest}").status_code == 404  # another agreement's


def test_a_date_is_explained_step_by_step_with_the_laws_own_words(reader: TestClient) -> None:
    page = read(reader, f"{NORD}/frister/submission")
    assert "Lovens frist mandag den 1. januar 2024" in page.text
    assert "Oprindelig frist lørdag den 1. juli 2023" in page.text
    assert "Valgperiodens andet kalenderår er 2023. BEK 1248/2022 § 21, stk. 1" in page.text
    assert "Indsendelsen af sundhedsaftalen skal ske senest den 1. juli" in page.text
    quoted = [each["cite"] for each in page.all("blockquote")]
    assert "https://www.retsinformation.dk/eli/lta/2022/1248" in quoted


@pytest.mark.parametrize(
    ("deadline", "readings"),
    [
        # law.md 6, trap 1: the order and the guidance
        ("nordjylland/2024-2027/frister/midterm-order", ["Bekendtgørelsen og vejledningen regner hver sin dato"]),
        # trap 6: no weekend rule; trap 7: the deviated date was New Year's Day
        ("nordjylland/2024-2027/frister/submission", ["Fristen falder på nytårsdag", "tirsdag den 2. januar 2024"]),
        # "half a year before": the day itself can be argued
        ("nordjylland/2024-2027/frister/final-guidance", ["Er selve dagen rettidig?", "torsdag den 1. juli 2027"]),
        # trap 20: "once a year"
        ("nordjylland/2024-2027/frister/annual-review/2026", ["Hvad er et år?", "Kalenderåret"]),
        # law.md 5: the day the rules lapse could not be read
        ("syddanmark/2027-2031/frister/submission", ["Gælder reglen stadig?", "Lov 719/2025 § 24"]),
    ],
)  # fmt: skip
def test_where_the_law_is_silent_both_readings_stand(
    reader: TestClient, deadline: str, readings: list[str]
) -> None:
    silent = read(reader, f"/aftaler/{deadline}").text.partition("Hvor loven er tavs")[2]
    assert "Denne læsning følges her." in silent
    assert [each for each in readings if each not in silent] == []


def test_a_date_shows_the_reminders_sent_and_those_to_come(shown: tuple[TestClient, Workplace]) -> None:
    page = read(shown[0], f"{SYD}/frister/submission").text.partition("Påmindelser")[2]
    coming = page.partition("Kommende påmindelser")[2]
    assert "fredag den 18. december 2026 194 dage før" not in coming
    assert "30 dage før" in coming
    assert "Region Syddanmark, sekretariatet, regionen" in coming


def test_of_two_formulas_the_later_leads_to_the_one_the_reminders_follow(reader: TestClient) -> None:
    page = read(reader, f"{NORD}/frister/final-order")
    assert (
        "følger den tidligste af de to datoer: Slutstatus sendt til Sundhedsstyrelsen (vejledningen)"
        in page.text
    )
    assert f"{NORD}/frister/final-guidance" in [each["href"] for each in page.all("a")]


def test_a_date_goes_into_ones_own_calendar_and_a_past_one_does_not(reader: TestClient) -> None:
    calendar = reader.get(f"{SYD}/frister/submission/frist.ics")
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20270701" in calendar.text
    assert reader.get(f"{NORD}/frister/annual-review/2026/frist.ics").status_code == 200
    assert reader.get(f"{NORD}/frister/submission/frist.ics").status_code == 404
    assert "frist.ics" not in reader.get(f"{NORD}/frister/submission").text


def test_an_earlier_day_shows_what_was_known_that_day(reader: TestClient) -> None:
    before = read(reader, f"{NORD}/frister/submission?pr=2023-06-27")
    assert "Lovens frist lørdag den 1. juli 2023" in before.text
    assert "Tilbageblik. Siden viser, hvad der var kendt tirsdag den 27. juni 2023." in before.text
    after = read(reader, f"{NORD}/frister/submission?pr=2023-06-28")
    assert "Lovens frist mandag den 1. januar 2024" in after.text
    autumn = read(reader, f"{NORD}/raad?pr=2023-11-21")
    assert "6 af 12 råd har godkendt version 1" in autumn.text
    assert "?pr=2023-11-21" in " ".join(str(each["href"]) for each in autumn.all("a"))
    assert "2027-2031" not in read(reader, "/?pr=2024-05-01").text  # nobody had been elected to it


@pytest.mark.parametrize(
    "day", ["2024-02-30", "1.5.2024", "9999-12-31", "0001-01-01", "２０２４-05-01", "x" * 999]
)
def test_a_day_that_is_none_is_refused_in_danish(reader: TestClient, day: str) -> None:
    assert "skrevet som 2024-05-01" in read(reader, f"/?pr={day}", 422).text


def test_a_letter_stands_as_it_was_sent_with_the_servers_words(shown: tuple[TestClient, Workplace]) -> None:
    letter = sent_letter(shown[1])
    page = read(shown[0], f"/breve/{letter.id}")
    assert "Version 1 af sundhedsaftalen 2027-2031 for Region Syddanmark blev mandag" in page.text
    assert f"SHA-256 af mailens bytes: {letter.digest}" in page.text
    with reading(shown[1].engine) as session:
        attempt = session.exec(select(Attempt).where(col(Attempt.notice_id) == letter.id)).one()
    assert f"overtaget af mailserveren DOT 250 {attempt.text}" in page.text
    assert shown[0].get(f"/breve/{letter.id}/brev.eml").content == letter.body
    with zipfile.ZipFile(io.BytesIO(shown[0].get(f"/breve/{letter.id}/bevis.zip").content)) as proof:
        assert hashlib.sha256(proof.read("brev.eml")).hexdigest() == letter.digest


def test_a_letter_is_never_markup_on_the_page(guest: TestClient, place: Workplace) -> None:
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    letter = sent_letter(place)
    with writing(place.engine) as session:
        row = session.get_one(Notice, letter.id)
        row.body = (row.body or b"").replace(
            b"Sundhedsaftalen er sendt", b"<script>alert(1)</script><img src=x>"
        )
        session.add(row)
    page = guest.get(f"/breve/{letter.id}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page


def test_letters_of_an_agreement_say_whom_they_went_to_and_how(shown: tuple[TestClient, Workplace]) -> None:
    sent_letter(shown[1])
    page = read(shown[0], f"{SYD}/breve")
    assert (
        "Sundhedsaftalen er sendt til godkendelse Vejle Kommune sundhed@vejle.example overgivet til mailserver"
        in (page.text)
    )


def test_the_journal_names_each_event_in_danish_and_says_that_the_chain_is_whole(reader: TestClient) -> None:
    page = read(reader, f"{SYD}/journal")
    assert "Kæden af fingeraftryk er hel." in page.text
    assert "2 5. oktober 2026 Sendt til godkendelse i rådene, version 1 – 31. maj 2027" in page.text


def test_the_status_sheet_holds_what_a_committee_must_know(reader: TestClient) -> None:
    page = read(reader, f"{SYD}/statusark")
    assert "Til sundhedssamarbejdsudvalget, mandag den 23. november 2026" in page.text
    assert "Mangler svar (17): Region Syddanmark, Svendborg, Nordfyns" in page.text


def test_the_lists_hold_every_state_and_lead_to_the_reason(reader: TestClient) -> None:
    for status in STATUSES:
        assert len(read(reader, f"/frister?status={status}").all("h1")) == 1
    late = read(reader, "/frister?status=overdue")
    assert f"{MIDT}/frister/midterm-order" in [each["href"] for each in late.all("a")]
    assert "Region Fyn" not in read(reader, "/aftaler?region=fyn").text
    read(reader, "/frister?status=nix", 422)
    read(reader, "/frister?efter=nix", 422)


def test_the_contacts_of_a_region_say_who_cannot_be_reached(guest: TestClient, place: Workplace) -> None:
    assert (
        "Aalborg Kommune Sundhed, Aalborg Kommune sundhed@aalborg.example" in read(guest, "/kontakter").text
    )
    with writing(place.engine) as session:
        refuse_address(session, "sundhed@aalborg.example", MORNING)
    page = read(guest, "/kontakter?region=nordjylland").text
    assert "Kan ikke nås (1). De har ingen egen postkasse, der gælder i dag: Aalborg Kommune" in page


def test_the_law_stands_with_its_rules_closed_days_and_duties(reader: TestClient) -> None:
    assert "Kan være ophævet pr. 1. januar 2026 eller 1. januar 2027" in read(reader, "/regler").text
    regime = read(reader, "/regler/bek-1248-2022").text
    assert (
        "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen 1. juli i valgperiodens 2. år Regionsrådet"
        in regime
    )
    assert "store bededag" in read(reader, "/regler/lukkedage?aar=2023").text.lower()
    assert "store bededag" not in read(reader, "/regler/lukkedage?aar=2024").text.lower()
    assert "O-35" in read(reader, "/regler/pligter").text
    read(reader, "/regler/nix", 404)
    read(reader, "/regler/lukkedage?aar=9999", 422)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Aalborg", "/aftaler/nordjylland/2027-2031/raad"),
        ("0851", "/aftaler/nordjylland/2027-2031/raad"),
        ("syddanmark 2027", "/aftaler/syddanmark/2027-2031"),
        ("§ 21, stk. 2", "/regler/bek-1248-2022"),
        ("MIDTVEJSSTATUS", "/regler/bek-1248-2022"),
        ("1", "/breve/1"),
    ],
)
def test_a_search_finds_places_years_paragraphs_and_letters(
    shown: tuple[TestClient, Workplace], words: str, found: str
) -> None:
    page = Read(shown[0].get("/soeg", params={"q": words}).text)
    assert found in [each["href"] for each in page.all("a")]


@pytest.mark.parametrize(
    "words", ["", " ", "%", "_", "'", '"><script>', "\0", "a" * 5000, "ÆØÅ", "١٢٣", "-1", "9" * 30]
)
def test_a_search_takes_whatever_is_typed(reader: TestClient, words: str) -> None:
    answer = reader.get("/soeg", params={"q": words})
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_a_council_sees_its_region_but_only_its_own_letters(signed_in: SignIn, place: Workplace) -> None:
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    letter = sent_letter(place)
    vejle, aalborg = signed_in("council", body="0630"), signed_in("council", body="0851")
    assert vejle.get(f"/breve/{letter.id}").status_code == 200
    assert aalborg.get(f"/breve/{letter.id}").status_code == 404
    assert aalborg.get(SYD).status_code == 404
    letters = Read(vejle.get(f"{SYD}/breve").text).text
    assert "Vejle Kommune" in letters
    assert "Kolding Kommune" not in letters
    assert "Region Nordjylland" not in Read(vejle.get("/").text).text
    assert Read(vejle.get(f"{SYD}/eksport/raad.csv").text).text.count("Kommune") == 1


def test_the_authority_and_the_stranger_see_none_of_the_pages(
    signed_in: SignIn, stranger: TestClient
) -> None:
    authority = signed_in("authority")
    for path in ("/", SYD, f"{SYD}/frister/submission", "/breve/1", "/kontakter", "/soeg?q=x"):
        assert authority.get(path).status_code == 404
        assert stranger.get(path).headers["Location"].startswith("/log-ind")
    assert authority.get("/regler").status_code == 200
