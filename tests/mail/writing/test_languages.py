"""A letter in the language of its mailbox: the same process and facts, either order; and a language of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.mail.conftest import FOLDER, INSTANCE, part
from tests.mail.samples import SAMPLES, sample
from tests.story.living import rules
from workflow import language
from workflow.errors import Misconfigured
from workflow.mail.writing.letters import Letters, Rendered
from workflow.services.planning.since import CLAUSES, told_on

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
COUNCIL = "council-pending to a municipal council"
DANISH = re.compile(r"\b(og|ikke|senest|skal|som|den|til|fra|svar|rådet|sagen|mødet)\b|[æøåÆØÅ]")


def fresh() -> Letters:
    return Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>", "sekretariat@nord.example")


def written(letters: Letters, case: str, spoken: str) -> Rendered:
    name, facts = sample(case)
    key = f"<0123456789abcdef0123456789abcdef@{INSTANCE}>"
    return letters.render(name, facts, "Aalborg", "raad@aalborg.example", key, AT, spoken)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A folder of languages beside our own."""
    language.also_from(tmp_path)
    yield tmp_path
    language.also_from()


@pytest.fixture(scope="module")
def two() -> tuple[Letters, Letters]:
    return fresh(), fresh()


@pytest.mark.parametrize("case", SAMPLES)
def test_a_letter_is_the_same_bytes_whichever_language_was_written_before(
    two: tuple[Letters, Letters], case: str
) -> None:
    first, second = two
    danish, english = written(first, case, "da"), written(first, case, "en")
    assert (written(second, case, "en"), written(second, case, "da")) == (english, danish)
    assert message_from_bytes(english.raw, policy=policy.default)["Content-Language"] == "en"
    assert '<html lang="en">' in part(english.raw, "text/html")
    assert '<html lang="da">' in part(danish.raw, "text/html")


def told(value: Any) -> Iterator[str]:
    """Every text in a letter's facts: names, sources, what people typed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from told(inner)


@pytest.mark.parametrize("case", SAMPLES)
def test_a_letter_says_nothing_in_danish_but_what_it_was_told_and_the_law(case: str) -> None:
    done = written(fresh(), case, "en")
    html = part(done.raw, "text/html")
    assert "The Danish text is the one that counts." in html
    said = re.sub(r'<(\w+)[^>]* lang="da"[^>]*>.*?</\1>|<style.*?</style>', "", html, flags=re.DOTALL)
    said = f"{done.subject}\n{unescape(re.sub('<[^>]*>', ' ', said))}".replace("\N{NO-BREAK SPACE}", " ")
    for one in sorted((text for text in told(sample(case)[1]) if len(text) > 3), key=len, reverse=True):
        said = re.sub(re.escape(one), "", said, flags=re.IGNORECASE)
    assert not [line for line in said.splitlines() if DANISH.search(line)]


@pytest.mark.parametrize("case", SAMPLES)
def test_no_english_sentence_has_a_comma_before_its_verb(two: tuple[Letters, Letters], case: str) -> None:
    text = " ".join(part(written(two[0], case, "en").raw, "text/plain").split())
    assert not re.search(r", (?:is|was|are|were) (?:[A-Z]|on\b|today)", text)


def test_a_date_and_a_count_are_said_as_the_language_does() -> None:
    done = part(written(fresh(), COUNCIL, "en").raw, "text/plain")
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} [A-Z][a-z]+ \d{4}", done)
    assert "days" in done or "today" in done or "tomorrow" in done


def test_another_language_is_a_folder(own: Path) -> None:
    assert language.languages() == ["da", "en"]
    (own / "de").mkdir()
    (own / "de" / "letters.po").write_text(
        'msgid "Venlig hilsen"\nmsgstr "Mit freundlichen Grüßen"\n\n'
        'msgid "om %(days)d dag"\nmsgid_plural "om %(days)d dage"\n'
        'msgstr[0] "in %(days)d Tag"\nmsgstr[1] "in %(days)d Tagen"\n',
        encoding="utf-8",
    )
    assert language.languages() == ["da", "de", "en"] and language.name_of("de") == "Deutsch"
    letters = fresh()
    german = part(written(letters, COUNCIL, "de").raw, "text/html")
    assert "Mit freundlichen Grüßen" in german and '<html lang="de">' in german
    assert "Vi har bedt" in german  # what is not translated stays Danish
    assert "Kind regards" in part(written(letters, COUNCIL, "en").raw, "text/html")


def test_a_catalogue_that_cannot_be_read_says_so(own: Path) -> None:
    (own / "de").mkdir()
    (own / "de" / "letters.po").write_text('msgid "halv', encoding="utf-8")
    with pytest.raises(Misconfigured, match="language de"):
        language.catalogue_of("de")


def test_a_phrase_is_danish_where_it_is_kept_and_said_again_where_it_is_read() -> None:
    said = language.phrase("valgperioden sluttede %(day)s", day=AT.date())
    assert said == f"valgperioden sluttede {language.spoken(AT.date(), False)}"
    with language.speaking("en"):
        assert language.worded(said).startswith("the election term ended on ")
        nested = language.phrase("Der kan ikke svares længere: %(why)s. Intet er ændret.", why=said)
        assert nested.startswith("Der kan ikke svares") and "the election term ended" in language.worded(
            nested
        )
    assert language.worded(said) is said


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (
            "Valgperioden løber fra 1. januar 2026 til 31. december 2029",
            "The election term runs from 1 January 2026",
        ),
        ("Fristen er torsdag den 1. juli 2027", "The deadline is Thursday 1 July 2027"),
        (
            "Årlig dialog med sundhedsklyngen om opfølgningen: Klynge MIDT",
            "Yearly dialogue with the health cluster about the follow-up: Klynge",
        ),
        ("Det er ikke længere aktuelt. Ring til Bo", "Det er ikke længere aktuelt. Ring til Bo"),
        ("journalen, faktum 7; brevet til rådene", "the journal, fact 7; the letter to the councils"),
        ("noget, som nogen har skrevet", "noget, som nogen har skrevet"),
    ],
)
def test_what_was_stored_in_danish_is_said_again_by_the_message_it_was_made_of(
    stored: str, said: str
) -> None:
    with language.speaking("en"):
        assert language.worded(stored).startswith(said)
    assert language.worded(stored) == stored


def test_a_phrase_says_a_day_with_its_weekday_and_begins_with_a_capital_where_its_name_does() -> None:
    said = language.phrase("%(Day)s er lukket for %(who)s", Day=language.full(AT.date()), who="Aalborg")
    assert said == "Mandag den 23. november 2026 er lukket for Aalborg"
    with language.speaking("en"):
        assert language.worded(language.phrase("Fristen er %(day)s", day=language.full(AT.date()))) == (
            "The deadline is Monday 23 November 2026"
        )


@pytest.mark.parametrize("event", sorted(CLAUSES))
def test_what_has_happened_since_is_said_in_english_too(event: str) -> None:
    words, due = rules().words("bek-1248-2022"), "torsdag den 1. juli 2027"
    told = {"version": 2, "council": "Aalborg Kommune", "due": due, "report": "midtvejsstatus"}
    named = {name: value for name, value in told.items() if f"%({name})s" in CLAUSES[event]}
    clause = words.phrase(CLAUSES[event], **named)
    kept = json.loads(json.dumps(language.kept(told_on(date(2027, 5, 3), clause))))
    assert language.worded(kept).startswith("Mandag den 3. maj 2027: ")
    with language.speaking("en"):
        said = language.worded(kept)
    assert said.startswith("Monday 3 May 2027: ") and said[19].isupper()
    assert not DANISH.search(said), said
