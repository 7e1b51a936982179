"""The case of each council says what the database holds, and what it does not hold any more it does not say."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.services.lookahead import test_planning as planning
from tests.services.lookahead.test_planning import KEY, MARCH, calendar, told
from tests.services.papers.reading import paragraphs, part, rows, said, under
from tests.story.living import ROOT, danish, rules
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import speaking
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.meetings.keeping import remove_meeting
from workflow.services.papers.cases import Case, ask, find_cases, zipped
from workflow.services.papers.casetext import ours, set_wording
from workflow.services.views.status import find_standing
from workflow.storage.database import connect
from workflow.storage.facts.documents import Attached

engine = planning.engine
TEXT = b"Sundhedsaftalen, den tekst der sendes"
DIGEST = hashlib.sha256(TEXT).hexdigest()
OURS = ours(ROOT / "templates")
SECRET = "a" * 64


def happens(engine: Engine, event: str, on: date, content: bytes = b"", **more: object) -> None:
    fact = Fact(0, event, on, source="prøve", by="prøve", known_on=on, **more)  # type: ignore[arg-type]
    attached = Attached("aftale.docx", content) if content else None
    record(engine, rules(), KEY, fact, today=on, at=danish(on, 9), attached=attached)


def sent(engine: Engine, on: date = MARCH, content: bytes = TEXT) -> None:
    happens(engine, "sent-for-approval", on, content, due=on + timedelta(days=90))


def cases(engine: Engine, on: date = MARCH, council: str = "") -> list[Case]:
    return find_cases(engine, find_standing(engine, rules(), KEY, on), OURS, SECRET, council)


def asked(engine: Engine, number: str, on: date = MARCH, keys: Sequence[str] = (SECRET,)) -> tuple[bool, str]:
    found = ask(engine, rules(), OURS, keys, number, on)
    return found.holds, found.why


def test_the_document_is_the_same_whatever_language_its_reader_has_chosen(engine: Engine) -> None:
    told(engine, calendar())
    happens(
        engine,
        "consultation-opened",
        MARCH - timedelta(days=60),
        due=MARCH - timedelta(days=20),
        time="12:00",
    )
    sent(engine)
    danish_one = cases(engine, council="0851")[0]
    with speaking("en"):
        assert cases(engine, council="0851")[0] == danish_one
        assert asked(engine, danish_one.number)[0]


def test_each_council_s_document_says_its_name_the_version_and_the_text_s_fingerprint(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine)
    found = cases(engine)
    parties = rules().parties("nordjylland", MARCH)

    assert [one.council.code for one in found] == [party.code for party in parties]
    for one in found:
        read = paragraphs(one.word)
        assert f"Sag til {one.council.name}." in read
        proposal = under(one.word, "Indstilling")
        assert "version 1" in proposal[0] and "»aftale.docx«" in proposal[1] and proposal[2] == DIGEST
        who = "regionsrådet" if one.council.regional else "kommunalbestyrelsen"
        assert f"at {who} godkender" in proposal[0]
        assert under(one.word, "Økonomi") == [
            f"[Udfyldes af {one.council.name}: hvad aftalen betyder for økonomien.]"
        ]
        others = [party.name for party in parties if party.code != one.council.code and not party.regional]
        assert not [name for name in others if any(name in line for line in read)]


def test_the_timetable_leads_to_the_council_s_own_meeting(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine)
    [aalborg] = cases(engine, council="0851")

    assert (aalborg.meets_on, aalborg.closes_on) == (date(2023, 6, 17), date(2023, 6, 5))
    days = {what: (day, source) for day, what, source in rows(aalborg.word)[1:]}
    assert days["Rådets møde"] == (spoken(date(2023, 6, 17)), "moeder.csv, læst 1. marts 2023")
    assert days["Dagsordenen til rådets møde lukker"][0] == spoken(date(2023, 6, 5))
    assert days["Svar til sekretariatet senest"][0] == spoken(date(2023, 5, 30))
    assert spoken(date(2023, 7, 1)) in [day for day, *_ in rows(aalborg.word)[1:]]


def test_the_day_that_a_council_has_told_is_its_meeting(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine)
    happens(engine, "council-scheduled", MARCH, council="0851", due=date(2023, 5, 17))
    [aalborg] = cases(engine, council="0851")

    assert (aalborg.meets_on, aalborg.meets_why) == (date(2023, 5, 17), "oplyst af rådet")
    assert aalborg.closes_on == date(2023, 5, 5), "the agenda of that very meeting, by the calendar"


def test_a_council_without_a_calendar_is_told_that_its_day_is_not_known(engine: Engine) -> None:
    sent(engine)
    [aalborg] = cases(engine, council="0851")

    assert aalborg.meets_on is None
    assert ["ikke oplyst", "Rådets møde", "ingen har oplyst, hvornår rådet holder møde"] in rows(aalborg.word)


def test_a_meeting_after_the_date_says_so(engine: Engine) -> None:
    sent(engine)
    happens(engine, "council-scheduled", MARCH, council="0851", due=date(2023, 7, 5))
    [aalborg] = cases(engine, council="0851")

    assert [spoken(date(2023, 7, 5)), "Rådets møde; det ligger efter fristen", "oplyst af rådet"] in rows(
        aalborg.word
    )


def test_the_law_stands_word_for_word_where_its_words_are_at_hand(engine: Engine) -> None:
    sent(engine)
    law = under(cases(engine, council="0851")[0].word, "Retsgrundlag")
    words = {one.cite: one.text for one in rules().quotations}

    assert "BEK 1248/2022 § 21, stk. 1:" in law
    assert law[law.index("BEK 1248/2022 § 21, stk. 1:") + 1] == f"»{words['BEK 1248/2022 § 21, stk. 1']}«"
    assert law[law.index("SUL § 205, stk. 1:") + 1].startswith(
        "»Regionsrådet og kommunalbestyrelserne i regionen indgår"
    )
    cited = [line.removesuffix(":") for line in law if not line.startswith("»")]
    assert [f"»{words[cite]}«" for cite in cited if cite in words] == [
        line for line in law if line.startswith("»")
    ]


def test_the_annexes_are_named_with_their_fingerprints(engine: Engine) -> None:
    happens(engine, "annex-added", MARCH, b"bilag et")
    sent(engine)
    listed = under(cases(engine, council="0851")[0].word, "Bilag")

    assert listed == [
        f"Teksten: aftale.docx (SHA-256 {DIGEST})",
        f"Bilag: prøve: aftale.docx (SHA-256 {hashlib.sha256(b'bilag et').hexdigest()})",
    ]


def test_without_the_text_s_file_no_case_is_made_and_it_is_said_why(engine: Engine) -> None:
    with pytest.raises(NotPossible, match="ikke sendt til rådene"):
        cases(engine)
    happens(engine, "sent-for-approval", MARCH)
    with pytest.raises(NotPossible, match="filen med version 1 er ikke lagt ind"):
        cases(engine)


def test_a_council_of_elsewhere_has_no_case_here(engine: Engine) -> None:
    sent(engine)
    with pytest.raises(NotFound):
        cases(engine, council="0751")


def test_the_number_stands_on_every_page_and_the_same_case_is_the_same_bytes(engine: Engine) -> None:
    sent(engine)
    first, again = (cases(engine, on) for on in (MARCH, MARCH + timedelta(days=3)))

    assert [one.word for one in first] == [one.word for one in again], "a day alone changes nothing"
    assert len({one.number for one in first}) == len(first)
    assert said(part(first[0].word, "word/footer.xml")).startswith(f"Sag nr. {first[0].number} · side")
    with zipfile.ZipFile(io.BytesIO(zipped(first))) as file:
        assert {name: file.read(name) for name in file.namelist()} == {one.name: one.word for one in first}
        assert all(name.isascii() for name in file.namelist())


def test_a_changed_text_outdates_every_earlier_document(engine: Engine) -> None:
    sent(engine)
    before = cases(engine)
    assert all(asked(engine, one.number) == (True, "") for one in before)
    happens(engine, "sent-for-approval", MARCH + timedelta(days=7), b"en anden tekst", version=2)

    later = MARCH + timedelta(days=7)
    for one in before:
        assert asked(engine, one.number, later) == (
            False,
            "teksten er ændret: det er nu version 2, der gælder",
        )
    assert all(asked(engine, one.number, later) == (True, "") for one in cases(engine, later))


def test_a_meeting_that_falls_away_outdates_that_council_s_alone(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine)
    before = {one.council.code: one.number for one in cases(engine)}
    remove_meeting(
        engine, rules(), "Aalborg", date(2023, 6, 17), why="Aflyst", by="prøve", at=danish(MARCH, 9)
    )

    found = {code: asked(engine, number)[0] for code, number in before.items()}
    assert [code for code, holds in found.items() if not holds] == ["0851"]


def test_a_number_from_elsewhere_is_not_ours_and_one_that_is_none_says_what_it_looks_like(
    engine: Engine,
) -> None:
    sent(engine)
    number = cases(engine)[0].number
    for forged in (number[:-1] + ("0" if number[-1] != "0" else "1"), number.replace("-1-", "-2-", 1)):
        with pytest.raises(NotFound):
            asked(engine, forged)
    for wrong in ("", "x", "1-0851-1", "9" * 400):
        with pytest.raises(Invalid, match="nederst på hver side"):
            asked(engine, wrong)
    assert asked(engine, f"  {number.lower()} ") == (True, ""), "as people type it"
    assert asked(engine, number, keys=("b" * 64, SECRET)) == (True, ""), (
        "signed by a key that has ended since"
    )
    with pytest.raises(NotFound):
        asked(engine, number, keys=("b" * 64,))


def test_a_region_s_own_words_are_used_and_outdate_what_was_made_before(engine: Engine) -> None:
    sent(engine)
    before = cases(engine, council="0851")[0].number
    text = "# Sag {periode}\n\n{Rådet} godkender\nversion {version}, {fingeraftryk}.\n\n- Punkt\n\n{tidsplan}"
    set_wording(engine, rules(), "nordjylland", text, "Anne", danish(MARCH, 12))

    [own] = cases(engine, council="0851")
    assert paragraphs(own.word)[:3] == [
        "Sag 2024-2027", f"Kommunalbestyrelsen godkender version 1, {DIGEST}.", "Punkt",
    ]  # fmt: skip
    assert asked(engine, before) == (False, "noget i sagen er ændret, siden dokumentet blev lavet")
    set_wording(engine, rules(), "nordjylland", "", "Anne", danish(MARCH, 13))
    assert asked(engine, before) == (True, "")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{version} {fingeraftryk} {borgmester}", r"feltet {borgmester} findes ikke; brug {kommune}"),
        ("{version}", "{fingeraftryk} mangler"),
        ("{version} {fingeraftryk} {tidsplan}", "{tidsplan} skal stå alene på sin linje"),
        ("{version} {fingeraftryk} {", "krølleparentes"),
        ("{version} {fingeraftryk} \u202e", "usynligt tegn"),
        ("{version} {fingeraftryk} " + "x" * 20_000, "der er plads til 20000"),
    ],
)
def test_words_that_cannot_be_used_are_refused_with_what_would_work(
    engine: Engine, text: str, wrong: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_wording(engine, rules(), "nordjylland", text, "Anne", danish(MARCH, 12))
    assert wrong in str(refused.value)


@pytest.mark.slow
def test_the_documents_of_forty_six_councils_and_the_regional_one_say_what_the_database_holds(
    sqlite_url: str, tmp_path: Path
) -> None:
    engine, day, key = connect(sqlite_url), date(2027, 2, 1), "oestdanmark/2027-2031"
    opening = Fact(0, "opened", day, source="x", by="x")
    open_agreement(
        engine, rules(), opening, region="oestdanmark", term="2026-2029", label="2027-2031", at=danish(day, 8)
    )
    fact = Fact(0, "sent-for-approval", day, source="x", by="x")
    attached = Attached("aftale.docx", TEXT)
    record(engine, rules(), key, fact, today=day, at=danish(day, 9), attached=attached)
    standing = find_standing(engine, rules(), key, day)
    meets = {
        party.code: date(2027, 4, 1 + number % 28) for number, party in enumerate(standing.agreement.parties)
    }
    for code, on in meets.items():
        told_it = Fact(0, "council-scheduled", day, source="x", by="x", council=code, due=on)
        record(engine, rules(), key, told_it, today=day, at=danish(day, 10))
    found = find_cases(engine, find_standing(engine, rules(), key, day), OURS, SECRET)
    for one in found:
        told = ask(engine, rules(), OURS, [SECRET], one.number.upper(), day)
        assert (told.holds, told.council, told.number) == (True, one.council.name, one.number)
    engine.dispose()

    assert len(found) == len(meets) == 47
    with zipfile.ZipFile(io.BytesIO(zipped(found))) as file:
        file.extractall(tmp_path)
    for one in found:
        content = (tmp_path / one.name).read_bytes()
        assert f"Sag til {one.council.name}." in paragraphs(content) and DIGEST in under(
            content, "Indstilling"
        )
        assert [spoken(meets[one.council.code]), "Rådets møde", "oplyst af rådet"] in rows(content)
    in_libreoffice(tmp_path, found)


def in_libreoffice(folder: Path, found: list[Case]) -> None:
    """Where LibreOffice is installed, it reads the same out of each document as was written into it."""
    if not shutil.which("soffice"):
        return
    files = [str(folder / one.name) for one in found]
    made = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "txt:Text",
    ]
    subprocess.run([*made, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=300)
    for one in found:
        read = (folder / one.name).with_suffix(".txt").read_text(encoding="utf-8")
        assert DIGEST in read and f"Sag til {one.council.name}." in read and one.meets_on
        assert spoken(one.meets_on) in read
