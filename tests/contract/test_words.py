"""No file of the program names one kind of agreement or one authority: the regime's file does (``[words]``)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflow.rules.words import NEUTRAL, Words, noun

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"sundhedsaftale|sundhedsstyrelse", re.IGNORECASE)
# What still does, and why.
STILL = {
    "workflow/lifecycle/names.py": "the names of the events, as the health agreement's course has them",
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
