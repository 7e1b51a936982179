"""No file of the program names one kind of agreement or one authority: the regime's file does (``[words]``)."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from workflow.errors import Misconfigured
from workflow.lifecycle.names import called
from workflow.rules.words import NEUTRAL, Words, noun
from workflow.storage.law.rulebook import load

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"sundhedsaftale|sundhedsstyrelse", re.IGNORECASE)
# What still does, and why.
STILL = {
    "workflow/services/views/lawdoc.py": "the glossary of docs/law.md, which explains these very words",
}


def test_no_file_of_the_program_names_one_kind_of_agreement() -> None:
    """Templates and code say *document* and *authority*; the words come from the regime (BEK 1561/2025 sends its
    document elsewhere)."""
    naming = {
        str(path.relative_to(ROOT))
        for folder in ("templates", "workflow")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".txt", ".css", ".js") and NAMED.search(path.read_text("utf-8"))
    }
    assert naming == set(STILL)


def test_no_letter_calls_every_document_an_agreement() -> None:
    """A plan's letters say *planen*: a letter's own text has the regime's short word."""
    tags = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
    calling = {
        path.name
        for path in (ROOT / "templates" / "emails").rglob("*")
        if path.is_file() and re.search(r"\b[Aa]ftalens?\b", tags.sub("", path.read_text("utf-8")))
    }
    assert not calling
    letters = (ROOT / "calendars" / "letters.toml").read_text("utf-8")
    assert not re.search(r'"[^"]*\b[Aa]ftalens?\b', letters)


def test_what_happened_is_called_as_its_regime_calls_it() -> None:
    """BEK 1561/2025 § 8: sent to Social- og Boligstyrelsen; a health agreement is handed in to Sundhedsstyrelsen."""
    book = load(ROOT / "calendars")
    said = {
        regime: [called(book.words(regime))[event] for event in ("opened", "submitted", "endorsed")]
        for regime in ("rammeaftale-bek-1561-2025", "naersundhedsplan-lov-1761-2025", "bek-1248-2022", "gone")
    }
    assert said == {
        "rammeaftale-bek-1561-2025": [
            "Aftalen oprettet", "Sendt til Social- og Boligstyrelsen", "Tiltrådt af KKR",
        ],
        "naersundhedsplan-lov-1761-2025": [
            "Planen oprettet", "Sendt til Sundhedsstyrelsen", "Tiltrådt af sundhedsrådet",
        ],
        "bek-1248-2022": ["Aftalen oprettet", "Indsendt til Sundhedsstyrelsen", "Tiltrådt af udvalget"],
        "gone": ["Aftalen oprettet", "Indsendt til myndigheden", "Tiltrådt af udvalget"],
    }  # fmt: skip


def test_every_dated_duty_with_generic_letters_says_what_is_to_be_done() -> None:
    """A letter that says only *do what the date is for* tells a clerk nothing."""
    book = load(ROOT / "calendars")
    generic = {one for letter in book.letters if letter.generic == "duty" for one in letter.deadline}
    lacking = [
        f"{regime.id} {rule.id}"
        for regime in book.law.regimes
        for rule in regime.deadlines
        if rule.id in generic and not rule.do
    ]
    assert generic and not lacking


def test_no_rule_of_a_regime_types_out_what_its_words_say() -> None:
    """Whoever copies a regime and gives it another authority has letters that name the other one at once."""
    book = load(ROOT / "calendars")
    typed = []
    for regime in book.law.regimes:
        words = regime.words
        named = [
            form
            for word in (words.document, words.authority, words.committee)
            for form in (word.da, word.definite, word.genitive, word.plural)
        ]
        told = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, named))})(?![\w-])", re.IGNORECASE)
        rules = tomllib.loads(book.files[f"regimes/{regime.id}.toml"].decode())
        for rule in [*rules["deadline"], *rules.get("task", ())]:
            texts = (rule["title"]["da"], rule.get("do", ""), rule.get("next", ""))
            typed += [f"{regime.id} {rule['id']}: {text}" for text in texts if told.search(text)]
    assert not typed


def test_a_rule_says_its_words_as_its_regime_has_them(tmp_path: Path) -> None:
    """The same file with another authority, and not a letter that names the first."""
    own = tmp_path / "calendars"
    shutil.copytree(ROOT / "calendars", own)
    file = own / "regimes" / "rammeaftale-bek-1561-2025.toml"
    written = file.read_text("utf-8")
    file.write_text(written.replace('da = "Social- og Boligstyrelsen"', 'da = "Ministeriet"'), "utf-8")
    regime = next(one for one in load(own).law.regimes if one.id == file.stem)
    [task] = regime.tasks
    assert (task.title.da, task.next) == (
        "Rammeaftalen sendes til Ministeriet", "Send den indgåede aftale til Ministeriet.",
    )  # fmt: skip
    assert (
        regime.deadlines[0].do
        == "få rammeaftalen godkendt af regionsrådet og alle kommunalbestyrelser og indgået"
    )
    file.write_text(written.replace("til {authority}.", "til {agency}."), "utf-8")
    with pytest.raises(Misconfigured, match=r"rammeaftale-bek-1561-2025.*task.*agency.*is no word"):
        load(own)


@pytest.mark.parametrize(
    "text, said",
    [
        ("{document} er {submit.done}", "Rammeaftalen er sendt"),
        ("Spørg {authority}, om {document.short} er modtaget", "Spørg styrelsen, om aftalen er modtaget"),
        ("{authority.genitive} frist", "Styrelsens frist"),
        ("fristen for {submit}", "fristen for afsendelse"),
    ],
)
def test_a_sentence_takes_its_words_from_the_regime(text: str, said: str) -> None:
    words = Words(
        noun("rammeaftale", "rammeaftalen", short="aftalen"), noun("styrelse", "styrelsen"), noun("KKR"),
        noun("parterne"), type(NEUTRAL.submit)("sende", "sender", "sendt", "send", "sendes", "afsendelse", "send"),
    )  # fmt: skip
    assert words.said(text) == said
    assert words.committee.genitive == "KKR's"


def test_a_word_that_no_regime_has_is_refused_with_those_it_has() -> None:
    with pytest.raises(ValueError, match=r"documents.*document, authority, committee, parties, submit"):
        NEUTRAL.said("{documents} er sendt")
