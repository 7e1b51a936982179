"""What stands on the pages of an agreement: where it is, its councils, documents, letters, journal and sheet."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web import shown_demo
from tests.faces.web.shown_demo import NORD, SYD, read, sent_letter
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.storage.facts.documents import Attached

shown, reader = shown_demo.shown, shown_demo.reader


def test_an_agreement_says_where_it_stands_what_is_next_and_what_is_missing(reader: TestClient) -> None:
    page = read(reader, SYD)
    assert "Version 1 er til godkendelse i rådene." in page.text
    assert (
        "Næste dato Om 189 dage mandag den 31. maj 2027 Svar fra rådene ønskes, version 1 (aftalt)"
        in page.text
    )
    assert "6 af 23 har godkendt version 1" in page.text
    assert "Mangler, før" not in page.text
    missing = page.text.partition("Der er ingen pligt til at sende aftalen")[2]
    assert missing.split(" Tidslinje ")[0].strip() == (
        "Pligten til at indsende er bortfaldet under begge mulige datoer for reglerne (1. januar 2026 eller "
        "1. januar 2027); intet skal indsendes (Lov 719/2025 § 24)"
    )
    while_it_had_to_be_sent = read(reader, f"{NORD}?pr=2023-11-01")
    missing = while_it_had_to_be_sent.text.partition("Mangler, før aftalen kan sendes")[2]
    assert "Aftalens fælles mål er ikke registreret (BEK 1248/2022 § 19, stk. 2)" in missing
    assert "--about" not in page.text + while_it_had_to_be_sent.text


def test_an_agreement_says_both_days_on_which_it_may_end(reader: TestClient) -> None:
    assert "Aftalt udløb 30. juni 2027 eller 31. december 2027; loven er tavs" in read(reader, NORD).text


def test_each_machine_says_its_state_and_what_would_move_it(reader: TestClient) -> None:
    machines = read(reader, SYD).text.partition("Hvor hver del står")[2]
    assert "Version 1 Til godkendelse i rådene Det flytter den:" in machines
    assert "Alle råd har godkendt → godkendt af alle råd" in machines
    assert "Perioden Planlagt" in machines


def test_a_tab_stands_only_where_there_is_something_behind_it(guest: TestClient, place: Workplace) -> None:
    """A region's constitution asks no council, is heard by nobody and has nothing to submit."""
    asked, councils = date(2026, 11, 20), {"Rådene", "Rundeplan", "Høring"}
    for regime, label in (
        ("regionsraad-overgangsloven-2025", "2026-2029"), ("rammeaftale-bek-1561-2025", "2027-2028"),
    ):  # fmt: skip
        opened = Fact(0, "opened", asked, source="prøve", by="prøve")
        open_agreement(
            place.engine, place.rulebook, opened, region="nordjylland", term="2026-2029", label=label, at=MORNING,
            regime=regime,
        )  # fmt: skip

    def tabs(key: str) -> set[str]:
        found = re.search(r'<nav class="tabs".*?</nav>', guest.get(f"/aftaler/{key}").text, re.DOTALL)
        assert found, key
        return set(re.findall(r">([^<>]+)</a>", found[0]))

    assert councils <= tabs("nordjylland/2027-2028") & tabs("nordjylland/2027-2028/rundeplan")
    for end in ("", "/breve", "/journal", "/log"):
        there = tabs(f"nordjylland/2026-2029{end}")
        assert not councils & there and {"Perioden", "Breve", "Journal", "Log"} <= there
    page = guest.get("/aftaler/nordjylland/2026-2029").text
    assert "<h3>Sammensætning</h3>" in page and "Ingen tekst er begyndt" not in page and "Teksten" not in page
    assert "<dt>Udløb</dt>" in page and "Aftalt udløb" not in page, (
        "the term of a council is nobody's agreement"
    )


def test_what_is_missing_is_never_green_and_the_page_names_its_document(
    guest: TestClient, place: Workplace
) -> None:
    """A rammeaftale is with the councils: nothing else is missing, but none of them has answered."""
    known, key = "rammeaftale-bek-1561-2025", "nordjylland/2027-2028"
    opened = Fact(0, "opened", date(2026, 11, 20), source="prøve", by="prøve")
    open_agreement(
        place.engine, place.rulebook, opened, region="nordjylland", term="2026-2029", label="2027-2028", at=MORNING,
        regime=known,
    )  # fmt: skip
    sent = Fact(0, "sent-for-approval", date(2026, 11, 21), version=1, source="prøve", by="prøve")
    record(place.engine, place.rulebook, key, sent, today=date(2026, 11, 21), at=MORNING)
    page = guest.get(f"/aftaler/{key}").text
    panel = re.search(
        r'<section class="panel (\w+)" aria-labelledby="mangler">\s*<h2 id="mangler">(.*?)</h2>', page
    )
    assert panel and panel.groups() == ("tight", "12 af 12 råds godkendelse mangler")
    assert '<p class="lead">Rammeaftale · Version 1 er til godkendelse i rådene.</p>' in page
    ahead = guest.get("/breve/kommende?region=nordjylland").text
    assert re.search(r"Påmindelse om en frist: <span class=\"quiet\">Rammeaftalen indgået</span>", ahead)


def test_the_timeline_has_a_title_a_description_and_the_same_in_a_table(reader: TestClient) -> None:
    page = read(reader, NORD)
    assert [each["role"] for each in page.all("svg") if "role" in each] == ["img", "img"]
    assert len(page.all("desc")) == 2
    drawn = len([each for each in page.all("rect") + page.all("circle") if each.get("class") == "dot"])
    rows = page.text.partition("numrene er tegningens")[2].partition("Alle frister for aftalen")[0]
    assert drawn == 2 * 17
    assert "16 torsdag den 31. december 2026 Årlig gennemgang af sundhedsaftalen (2026)" in rows


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
    links = "svar, Vejle Kommune · links, Vejle Kommune"  # what the secretariat may do about it
    assert f"Vejle Kommune ▸ på dagsorden {links} 9. december 2026" in page.text
    links = links.replace("Vejle", "Fredericia")
    assert f"Fredericia Kommune ✗ forkastet {links} – 20. november 2026 Protokol, punkt 7 1" in page.text
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


def test_the_journal_names_each_event_in_danish_and_says_that_the_chain_is_whole(reader: TestClient) -> None:
    page = read(reader, f"{SYD}/journal")
    assert "Kæden af fingeraftryk er hel." in page.text
    assert "2 5. oktober 2026 Sendt til godkendelse i rådene, version 1 – 31. maj 2027" in page.text


def test_the_status_sheet_holds_what_a_committee_must_know(reader: TestClient) -> None:
    page = read(reader, f"{SYD}/statusark")
    assert "Til sundhedssamarbejdsudvalget, mandag den 23. november 2026" in page.text
    assert "Mangler svar (17): Region Syddanmark, Svendborg, Nordfyns" in page.text


def test_letters_of_an_agreement_say_whom_they_went_to_and_how(shown: tuple[TestClient, Workplace]) -> None:
    sent_letter(shown[1])
    page = read(shown[0], f"{SYD}/breve")
    assert (
        "Aftalen er sendt til godkendelse Vejle Kommune sundhed@vejle.example overgivet til mailserver"
        in (page.text)
    )


def test_a_plan_ends_each_of_its_reasons_with_one_full_stop(guest: TestClient, place: Workplace) -> None:
    opened = Fact(0, "opened", date(2026, 11, 20), source="prøve", by="prøve")
    open_agreement(
        place.engine, place.rulebook, opened, region="nordjylland", term="2026-2029", label="2027-2028", at=MORNING,
        regime="rammeaftale-bek-1561-2025",
    )  # fmt: skip
    plan = read(guest, "/aftaler/nordjylland/2027-2028/rundeplan").text
    assert "umiddelbart efter indgåelsen. " in plan


def test_a_mark_names_the_step_that_broke_the_rule(guest: TestClient, place: Workplace) -> None:
    begun = Fact(0, "drafting-opened", date(2026, 11, 20), source="Referat", by="prøve")
    key = "nordjylland/2027-2031"
    record(place.engine, place.rulebook, key, begun, today=date(2026, 11, 23), at=MORNING, confirmed=True)
    page = read(guest, f"/aftaler/{key}").text
    assert "Fredag den 20. november 2026, Udkastet påbegyndt: patientinddragelsesudvalget skal have" in page


def test_what_silence_approved_is_nowhere_said_to_be_approved_by_the_authority(
    guest: TestClient, place: Workplace
) -> None:
    key, today = "nordjylland/2011-2014", date(2026, 11, 21)
    opened = Fact(0, "opened", date(2010, 10, 1), source="prøve", by="prøve")
    open_agreement(
        place.engine, place.rulebook, opened, region="nordjylland", term="2010-2013", label="2011-2014", at=MORNING,
        municipality="0851",
    )  # fmt: skip

    def tell(event: str, on: date, **more: str) -> None:
        fact = Fact(0, event, on, version=1, source="prøve", by="prøve", **more)  # type: ignore[arg-type]
        record(place.engine, place.rulebook, key, fact, today=today, at=MORNING, confirmed=True)

    tell("sent-for-approval", date(2010, 11, 1))
    for council in ("1081", "0851"):
        tell("council-approved", date(2011, 1, 20), council=council)
    tell("submitted", date(2011, 1, 28))
    tell("received", date(2011, 2, 2))

    def shown(path: str) -> str:
        return guest.get(path).text.replace("\xa0", " ")

    row = (
        shown("/aftaler?region=nordjylland")
        .partition("/aftaler/nordjylland/2011-2014")[2]
        .partition("</tr>")[0]
    )
    assert (
        "Version 1: anses for godkendt, da der ikke kom svar inden fristen (BEK 778/2009 § 6, stk. 3)" in row
    )
    page = shown(f"/aftaler/{key}")
    assert "Version 1 anses for godkendt, da der ikke kom svar inden fristen" in page
    assert "ntet svar senest mandag den 4. april 2011 (BEK 778/2009 § 6, stk. 3)" in page
    assert '<p class="now">Anses for godkendt, da der ikke kom svar inden fristen</p>' in page
    assert "ntet svar senest mandag den 4. april 2011" in shown(f"/modtaget/{key}")


def test_a_final_status_that_one_reading_made_due_under_the_rules_is_not_said_to_be_owed_no_more(
    reader: TestClient,
) -> None:
    """No text read says that a repeal undoes a breach: the page says of the duty what the letters say."""
    text = read(reader, f"{NORD}?pr=2027-01-10").text
    assert "Det er ikke afklaret, om noget stadig skal sendes" in text
    assert "Om pligten stadig består, er ikke afklaret" in text
    assert "ikke længere pligt til slutstatus" not in text and "skal ikke længere sendes" not in text
