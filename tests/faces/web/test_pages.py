"""What stands on the pages about everything: lists, letters, contacts, the law, a search; and who sees them."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from tests.faces.conftest import MORNING
from tests.faces.web import shown_demo
from tests.faces.web.conftest import SignIn
from tests.faces.web.shown_demo import MIDT, NORD, SYD, Read, read, sent_letter
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.words import about
from workflow.services.views.listing import STATUSES
from workflow.storage.database import reading, writing
from workflow.storage.people.contacts import refuse_address
from workflow.storage.tables import Attempt, Notice

shown, reader = shown_demo.shown, shown_demo.reader


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


def test_a_letter_about_a_committee_names_it_in_words(shown: tuple[TestClient, Workplace]) -> None:
    with reading(shown[1].engine) as session:
        letters = session.exec(select(Notice).where(col(Notice.subject_of).contains("@"))).all()
    kinds = {one.subject_of.partition(":")[0]: one for one in letters}
    assert len(kinds) > 3
    for letter in kinds.values():
        told = read(shown[0], f"/breve/{letter.id}").text
        assert letter.subject_of not in told and letter.subject_of.partition("@")[2] in told
    rules = shown[1].rulebook
    assert about("piu-procedure:@nr154", rules) == "(Inddragelsen af patientinddragelsesudvalget fastlægges)"
    assert about("cluster-dialogue:hovedstaden-midt@2025", rules).endswith(", Sundhedsklynge Midt, 2025)")
    assert about("cluster-dialogue:hovedstaden-midt@2025", rules).startswith("(Årlig dialog")


@pytest.mark.ticked
def test_a_letter_is_never_markup_on_the_page(guest: TestClient, place: Workplace) -> None:
    letter = sent_letter(place)
    with writing(place.engine) as session:
        row = session.get_one(Notice, letter.id)
        row.body = (row.body or b"").replace(
            b"Tag stilling til sundhedsaftalen\r\n", b"<script>alert(1)</script><img src=x>"
        )
        session.add(row)
    page = guest.get(f"/breve/{letter.id}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page


def test_the_lists_hold_every_state_and_lead_to_the_reason(reader: TestClient) -> None:
    for status in STATUSES:
        assert len(read(reader, f"/frister?status={status}").all("h1")) == 1
    late = read(reader, "/frister?status=overdue")
    assert f"{MIDT}/frister/midterm-order" in [each["href"] for each in late.all("a")]
    read(reader, "/frister?status=nix", 422)
    read(reader, "/frister?efter=nix", 422)
    for page in (
        "/frister?region=nix",
        "/frister?region=nix&pr=2024-05-01",
        "/aftaler?region=nix",
        "/kontakter?region=nix",
    ):
        read(reader, page, 404)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/?pr=2026-12-01", 'class="next"'),
        (f"{NORD}?pr=2026-12-01", "<dt>Næste dato</dt>"),
        (f"{NORD}/statusark?pr=2026-12-01", '<th scope="row">Næste dato</th>'),
    ],
)
def test_a_date_in_doubt_says_so_wherever_it_stands(reader: TestClient, path: str, place: str) -> None:
    page = reader.get(path).text
    said = [
        part[:600].partition("</p>")[0].partition("</tr>")[0].partition("</dd>")[0]
        for part in page.split(place)[1:]
    ]
    assert said and any('<span class="doubt">(usikker)</span>' in one for one in said)


def test_a_date_that_went_by_in_doubt_is_called_late_only_if_its_rule_held(reader: TestClient) -> None:
    page = read(reader, "/frister?status=breached&pr=2027-02-01").text
    assert (
        "Årlig gennemgang af sundhedsaftalen (2026) Ikke opfyldt i tide, hvis reglen gjaldt den dag" in page
    )
    assert "(usikker)" not in read(reader, "/?pr=2027-02-01").text  # nothing is ahead, and nothing overdue


def test_the_contacts_of_a_region_say_who_cannot_be_reached(guest: TestClient, place: Workplace) -> None:
    assert (
        "Aalborg Kommune Sundhed, Aalborg Kommune sundhed@aalborg.example" in read(guest, "/kontakter").text
    )
    with writing(place.engine) as session:
        refuse_address(session, "sundhed@aalborg.example", MORNING)
    page = read(guest, "/kontakter?region=nordjylland").text
    assert all(f"nordjylland-{cluster}@klynger.example" in page for cluster in ("nord", "midt", "syd"))
    assert "midtjylland-randers@klynger.example" not in page
    assert (
        "Kan ikke nås (1) Ingen af deres postkasser gælder i dag, så brevene til dem standses. Aalborg Kommune"
        in page
    )


def test_the_law_stands_with_its_rules_closed_days_and_duties(reader: TestClient) -> None:
    assert "Kan være ophævet pr. 1. januar 2026 eller 1. januar 2027" in read(reader, "/regler").text
    regime = read(reader, "/regler/bek-1248-2022").text
    assert (
        "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen 1. juli i valgperiodens 2. år Regionsrådet"
        in regime
    )
    assert "store bededag" in read(reader, "/regler/lukkedage?aar=2023").text.lower()
    assert "store bededag" not in read(reader, "/regler/lukkedage?aar=2024").text.lower()
    duties = read(reader, "/regler/pligter").text
    assert "O-35" in duties
    assert "opgave uden dato committee-constituted" in duties
    assert "70 følges, 14 følges delvis, 20 følges ikke" in duties
    assert "Delvis (navnene registreres ikke): " in duties
    assert "Følges ikke: der er intet at gøre" in duties and "nothing to do" not in duties
    read(reader, "/regler/nix", 404)
    read(reader, "/regler/lukkedage?aar=9999", 422)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Aalborg", "/aftaler/nordjylland/2027-2031/raad#raad-0851"),
        ("0851", "/aftaler/nordjylland/2027-2031/raad#raad-0851"),
        ("syddanmark 2027", "/aftaler/syddanmark/2027-2031"),
        ("§ 21, stk. 2", "/regler/bek-1248-2022#sst-decision"),
        ("MIDTVEJSSTATUS", "/regler/bek-1248-2022#midterm-order"),
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


@pytest.mark.ticked
def test_a_council_sees_its_region_but_only_its_own_letters(signed_in: SignIn, place: Workplace) -> None:
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
