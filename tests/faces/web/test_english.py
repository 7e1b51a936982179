"""Every page in English: outside what is marked as Danish, a name, or typed by somebody, no word of it is Danish.

Pages that name Danish words to be written just so stand in :data:`LEFT`; a page that no longer does must leave it.
"""

from __future__ import annotations

import asyncio
import csv
import re
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from tests.faces.web import test_every_page as pages
from tests.faces.web.conftest import browser
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import open_workplace
from workflow.faces.web.app import create_app
from workflow.language import catalogue_of
from workflow.settings import Settings

data = pages.data
DANISH = re.compile(
    r"\b(og|ikke|senest|skal|som|den|til|fra|svar|af|er|det|der|har|med|kan|eller|blev|efter|ingen|hvis)\b|[æøåÆØÅ]",
    re.IGNORECASE,
)
READ = ("aria-label", "title", "placeholder", "alt", "data-name")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
TYPED = (  # in the demo, by persons: what they are called, and what they wrote
    "Demogæst", "frist.example", "Kapitel 3 mangler økonomi", "økonomien aftales for sig", "Ret stavefejl",
    "Demo: eksempeldato, ikke oplyst", "Fælleskommunalt sundhedssekretariat", "Udvalgets næstformand",
    "Regionsrådets sekretariat", "svar.pdf",
    "Demo: runden for valgperioden 2026-2029, som den ville se ud, hvis reglerne stadig gælder",
)  # fmt: skip
PROVISION = re.compile(
    r"§§? ?\d[^.;)]*|afsnit [\d., og]+|stk\. \d+|Forældelsesloven § 27[^.;)]*|lovbekendtgørelse nr\. \d+ af [^,]*"
)
LEFT = frozenset(
    {
        "/kontakter/indlaes", "/indstillinger/sager", "/moeder/0851",  # words that are to be written just so
    }
)  # fmt: skip


class Reader(HTMLParser):
    """What a page says in the language it says it is in, by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        language = named.get("lang") or (self.open[-1][1] if self.open else "")
        if tag not in VOID:
            self.open.append((tag, language or ""))
        if language != "da":
            self.said += [f"\n{named[name]}\n" for name in READ if named.get(name)]
        if tag not in ("a", "strong", "span", "em", "code", "abbr"):
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]
        self.said.append("" if tag in ("a", "strong", "span", "em", "code", "abbr") else "\n")

    def handle_data(self, data: str) -> None:
        within = {name for name, _ in self.open}
        if not within & {"style", "script", "svg", "textarea"} and not (
            self.open and self.open[-1][1] == "da"
        ):
            self.said.append(data)


def said(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    lines = "".join(reader.said).replace("\N{NO-BREAK SPACE}", " ").split("\n")
    return [line for one in lines if (line := " ".join(one.split()))]


def names() -> list[str]:
    """The names of bodies, the longest first."""
    found: set[str] = set(TYPED)
    for path in (ROOT / "calendars" / "bodies").glob("*.csv"):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            found |= {value for value in row.values() if value and re.search("[A-ZÆØÅ]", value)}
    return sorted(found, key=len, reverse=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_page_in_english_says_a_danish_word_that_is_no_name_and_not_typed(data: Path) -> None:
    known, found, english = names(), dict[str, list[str]](), catalogue_of("en")
    assert english
    with open_workplace(Settings(data_dir=data)) as place:
        asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
        app = create_app(lambda: place, lambda: MORNING)
        reader = browser(app)
        reader.get("/?sprog=en")
        mails = [
            message_from_bytes(one.read_bytes(), policy=policy.default)
            for one in (data / "inbox").glob("*.eml")
        ]
        texts = "\n".join(body.get_content() for mail in mails if (body := mail.get_body(("plain",))))
        links = [
            min(re.findall(rf"http://[^/\s]+(/{kind}/[\w.-]+)", texts))
            for kind in ("svar", "kvitter", "bekraeft")
        ]
        for path in [*pages.ROWS, *links]:
            page = reader.get(path, follow_redirects=True)
            assert page.status_code < 500 and '<html lang="en">' in page.text, path
            for line in said(page.text):
                bare = PROVISION.sub("", line)
                for name in known:
                    bare = bare.replace(name, "")
                alone = line.strip("› .:")
                if (
                    DANISH.search(bare) or english.said.get(alone, alone) != alone
                ):  # a word that has an English one
                    found.setdefault(path if path in pages.ROWS else path.split("/")[1], []).append(line)
        app.state.postman.close()
    assert {path: lines for path, lines in found.items() if path not in LEFT} == {}
    assert sorted(LEFT - found.keys()) == []
