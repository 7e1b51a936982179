"""*Månedsrapport*: what happened in a month, what comes, who is missing; the same on the page, in PDF and for Word."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.faces.web.conftest import SignIn, plain
from tests.faces.web.rounds.test_front_truths import ask_the_councils
from tests.faces.web.shown_demo import Read
from workflow.errors import Invalid
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.papers.sheet import printer
from workflow.services.desk.monthly import month_of, months_until
from workflow.services.papers.docx import docx

SYD = "/aftaler/syddanmark/2027-2031/maanedsrapport"
NORD = "/aftaler/nordjylland/2027-2031/maanedsrapport"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words_of(content: bytes) -> str:
    """The words of a document for Word, by paragraphs."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        for name in file.namelist():
            ElementTree.fromstring(file.read(name))
        page = ElementTree.fromstring(file.read("word/document.xml"))
    return "\n".join("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in page.iter(f"{_W}p"))


def test_a_month_holds_what_happened_in_it_and_nothing_of_another(guest: TestClient) -> None:
    november, october = (Read(plain(guest.get(f"{SYD}?maaned={m}"))).text for m in ("2026-11", "2026-10"))
    assert "Middelfart Kommune" in november.partition("Det kommer")[0]
    assert "Middelfart Kommune" not in october.partition("Det kommer")[0]
    assert "Som det står 23. november 2026" in november and "Som det står 31. oktober 2026" in october
    assert "Vejle Kommune" in november.partition("Hvem der mangler at svare")[2]
    missing = october.partition("Hvem der mangler at svare")[2]
    assert "Middelfart Kommune" in missing, "in October it had not answered yet"


def test_word_and_pdf_say_what_the_page_says(guest: TestClient) -> None:
    page = Read(plain(guest.get(SYD))).text
    answer = guest.get(f"{SYD}.docx")
    assert "maanedsrapport-syddanmark-2027-2031-2026-11.docx" in answer.headers["content-disposition"]
    for line in words_of(answer.content).splitlines():
        assert (
            line.replace("\N{NO-BREAK SPACE}", " ") in (*page.split("\n"), "")
            or line[:40] in page
            or line == "Brev"
        ), line
    if printer():
        assert guest.get(f"{SYD}.pdf").content.startswith(b"%PDF")


def test_letters_are_counted_for_those_who_may_read_them(signed_in: SignIn, place: Workplace) -> None:
    ask_the_councils(place)
    assert "Breve sendt: Aftalen er sendt til godkendelse" in plain(signed_in("secretariat").get(NORD))
    assert "Breve sendt" not in signed_in("council").get(NORD).text
    assert "Breve sendt" not in words_of(signed_in("council").get(f"{NORD}.docx").content)


@pytest.mark.parametrize("asked", ["2026-12", "2024-01", "x", "2026-13", "2026-11-01", "9999-99", "\x00"])
def test_a_month_that_is_none_or_too_far_is_refused(guest: TestClient, asked: str) -> None:
    for kind in ("", ".docx"):
        assert guest.get(SYD + kind, params={"maaned": asked}).status_code == 422, kind


def test_the_last_day_of_a_month_is_the_month_s_own() -> None:
    today = date(2028, 3, 31)
    assert month_of("2028-02", today) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of("", today) == (date(2028, 3, 1), date(2028, 3, 31))
    assert months_until(today)[-1] == date(2026, 4, 1)
    with pytest.raises(Invalid):
        month_of("2026-03", today)


@given(st.text())
def test_whatever_is_typed_makes_a_document_that_can_be_read(words: str) -> None:
    read = words_of(docx([("title", words), ("table", (words,), [(words,)])]))
    held = [c for c in words if c >= " " and unicodedata.category(c) != "Cs" and c not in "\ufffe\uffff"]
    assert "".join(read.split()) == "".join("".join(held).split()) * 3


def test_the_same_words_make_the_same_bytes() -> None:
    assert docx([("text", "a")]) == docx([("text", "a")]) != docx([("text", "b")])
