"""The status sheet as PDF: one page, the same words, and no request of any kind while it is made."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.papers import sheet
from workflow.faces.web.pages.papers.sheet import fitting, printer
from workflow.services.due.dates import dated
from workflow.services.views.status import find_standing

SHEET = "/aftaler/syddanmark/2027-2031/statusark"
needs_pdf = pytest.mark.skipif(
    printer() is None, reason="the extra pdf (WeasyPrint) or the libraries of Pango are not here"
)


def unpacked(pdf: bytes) -> bytes:
    """The file with what it packs into streams laid open behind it."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            pdf += zlib.decompress(stream)
        except zlib.error:
            continue  # not packed
    return pdf


@needs_pdf
def test_the_sheet_of_every_agreement_is_one_page_of_pdf(guest: TestClient) -> None:
    keys = sorted(set(re.findall(r'href="(/aftaler/[a-z]+/[0-9-]+)"', guest.get("/").text)))
    assert len(keys) == 9
    for key in keys:
        answer = guest.get(f"{key}/statusark.pdf")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", unpacked(answer.content))) == 1, key


@needs_pdf
@pytest.mark.fault("F76")
def test_two_pdfs_are_made_side_by_side_and_who_waits_too_long_is_told_when_to_come_again(
    guest: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "PATIENCE", 0.02)  # a sheet takes many times that
    begin = threading.Barrier(8)

    def ask(day: int) -> Response:
        begin.wait()
        return guest.get(f"{SHEET}.pdf?pr=2026-10-1{day}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    done = Counter(answer.status_code for answer in answers)
    assert set(done) == {200, 429} and done[200] >= sheet.AT_ONCE == 2
    told = next(answer for answer in answers if answer.status_code == 429)
    assert told.headers["Retry-After"] == "10" and "Der laves andre PDF-filer lige nu" in told.text
    assert guest.get(f"{SHEET}.pdf").status_code == 200, "the room is free again"


def test_what_does_not_fit_is_counted_and_each_council_s_own_day_hides_no_other_date(
    guest: TestClient, place: Workplace
) -> None:
    table = guest.get("/aftaler/hovedstaden/2024-2027/statusark").text.partition(
        "<caption>Frister</caption>"
    )[2]
    assert re.search(r"</table>\s*<p class=\"quiet\">… og \d+ til\.</p>", table)
    standing = find_standing(place.engine, place.rulebook, "syddanmark/2027-2031", MORNING.date())
    asked = next(one for one in dated(standing, standing.rules) if one.id == "council-reply")
    councils = [replace(asked, id="matter", subject=str(number)) for number in range(10)]
    shown, more = fitting([*councils, asked])
    assert shown == [*councils[:3], asked] and more == 7


@needs_pdf
def test_the_file_is_named_and_tagged_and_linked_from_the_sheet(guest: TestClient) -> None:
    assert f'href="{SHEET}.pdf"' in guest.get(SHEET).text
    answer = guest.get(f"{SHEET}.pdf?pr=2026-11-01")
    assert 'filename="statusark-syddanmark-2027-2031-2026-11-01.pdf"' in answer.headers["Content-Disposition"]
    assert b"/MarkInfo" in unpacked(answer.content) and b"/Lang (da" in unpacked(
        answer.content
    )  # for readers
    assert answer.content != guest.get(f"{SHEET}.pdf").content


@needs_pdf
def test_printing_opens_no_connection_and_reads_no_file_that_a_page_names(
    caplog: pytest.LogCaptureFixture,
) -> None:
    to_pdf, tried = printer(), []
    assert to_pdf
    page = (
        '<html lang="da"><head><title>x</title><link rel="stylesheet" href="/style.css">'
        '<link rel="stylesheet" href="http://127.0.0.1:9/other.css"></head>'
        '<body><img alt="x" src="file:///etc/hostname"><img alt="y" src="//frist.example/y.png">x</body></html>'
    )
    style = "@import url(https://frist.example/more.css); body { background: url(ftp://frist.example/z.png) }"
    watching = [True]

    def hear(event: str, given: tuple[object, ...]) -> None:
        if watching[0] and (
            event in ("socket.connect", "urllib.Request") or "/etc/hostname" in str(given[:1])
        ):
            tried.append((event, given))

    sys.addaudithook(hear)
    with caplog.at_level(logging.ERROR, "weasyprint"):
        assert to_pdf(page, style).startswith(b"%PDF-")
    watching[0] = False
    assert tried == []


WITHOUT = """
import sys
sys.modules["weasyprint"] = None  # importing it fails, as where the extra is not installed
from fastapi.testclient import TestClient
from tests.faces.conftest import MORNING
from workflow.faces.daemon.workplace import open_workplace
from workflow.faces.web.app import create_app
from workflow.settings import Settings
with open_workplace(Settings(data_dir=sys.argv[1])) as place:
    app = create_app(lambda: place, lambda: MORNING)
    guest = TestClient(app, base_url="http://127.0.0.1:8025", client=("127.0.0.1", 50000))
    print(guest.get(sys.argv[2]).status_code, "statusark.pdf" in guest.get(sys.argv[2]).text)
    answer = guest.get(sys.argv[2] + ".pdf")
    print(answer.status_code, "aftalefrist[pdf]" in answer.text)
    app.state.postman.close()
"""


def test_without_the_extra_the_sheet_has_no_link_and_the_address_names_what_is_missing(
    place: Workplace,
) -> None:
    told = (sys.executable, "-c", WITHOUT, str(place.settings.data_dir), SHEET)
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines() == ["200 False", "404 True"], done.stderr
