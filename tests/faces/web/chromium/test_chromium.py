"""The pages in a real browser: by mouse and keyboard, printed, pictured, without scripts.

One browser and one server for the whole file; skipped where there is no Chromium.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from tests.faces.web.onesite import OneSite
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import open_workplace
from workflow.settings import Settings

# The shell draws pages alike and draws no window of its own, which costs more than the page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.xdist_group("chromium"),
    pytest.mark.slow,
]
LOOKS: dict[str, dict[str, Any]] = {
    "desk": {}, "phone": {"viewport": {"width": 390, "height": 844}}, "dark": {"color_scheme": "dark"},
}  # fmt: skip
SYD = "/aftaler/syddanmark/2027-2031"
MIDT = "/aftaler/midtjylland/2024-2027"
OEST = "/aftaler/oestdanmark/2027-2031"
VARDE = "/svar/syddanmark/2027-2031/1/0573"


@pytest.fixture(scope="module")
def data(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo of this file lies, and its inbox."""
    data = tmp_path_factory.mktemp("browsed")
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    return data


@pytest.fixture(scope="module")
def address(data: Path, now: Callable[[], datetime], one_site: OneSite) -> Iterator[str]:
    """Where a server of this file's own listens: the demo after one tick."""
    listening = socket.create_server(("127.0.0.1", 0))
    with open_workplace(Settings(data_dir=data)) as place:
        asyncio.run(tick(place, MORNING, clock=lambda: MORNING))  # what a file has done to its demo is told
        app = one_site.at(place, now)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)
        app.state.postman.close()
    listening.close()


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:
    """Begun after the server: while it lives, its loop runs in this thread and no other can."""
    with sync_playwright() as playwright:
        own = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=own)
        yield browser
        browser.close()


@pytest.fixture
def asked() -> list[str]:
    """Every address the browser asked for."""
    return []


@pytest.fixture
def page(browser: Browser, address: str, asked: list[str]) -> Iterator[Page]:
    """A desktop without JavaScript."""
    with context(browser, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.on("request", lambda request: asked.append(request.url))
        yield page


def context(browser: Browser, address: str, **kind: Any) -> BrowserContext:
    desk = {"base_url": address, "locale": "da-DK", "viewport": {"width": 1280, "height": 800}}
    return browser.new_context(**(desk | kind))


def test_from_the_front_page_to_why_this_date_in_two_clicks(page: Page) -> None:
    page.goto("/")
    page.get_by_role("region", name="Region Syddanmark 2027-2031").get_by_role(
        "link", name=re.compile("^2027-2031")
    ).click()
    page.get_by_role("link", name=re.compile(r"^Indsendelse .*hvorfor denne dato")).click()
    expect(page.get_by_role("heading", name="Hvorfor denne dato?")).to_be_visible()
    expect(page.get_by_text("Valgperiodens andet kalenderår er 2027.")).to_be_visible()


def test_the_keyboard_alone_leads_from_the_front_page_to_the_reason(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Gå til indholdet"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if "frister/midterm-order" in (page.evaluate("document.activeElement.href") or ""):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/frister/midterm-order")
    assert page.get_by_role("heading", level=1).inner_text() == "Midtvejsstatus udarbejdet (bekendtgørelsen)"


@pytest.mark.parametrize("path", [SYD, "/"])
def test_everything_that_can_be_pressed_is_reached_in_the_order_it_stands(page: Page, path: str) -> None:
    page.goto(path)
    within = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']"
    said = "e => e.outerHTML.slice(0, 90)"
    seen = f"[...document.querySelectorAll(`{within}`)].filter(e => e.checkVisibility())"
    meant = page.evaluate(f"{seen}.map({said})")
    reached: list[str] = []
    while len(reached) < len(meant):
        page.keyboard.press("Tab")
        now = page.evaluate(f"({said})(document.activeElement)")
        if not reached or reached[-1] != now:  # a date field has three parts
            reached.append(now)
    assert reached == meant


@pytest.mark.parametrize("key", ["nordjylland/2024-2027", "syddanmark/2027-2031"])
def test_a_long_state_of_a_date_pushes_no_column_out_of_sight(page: Page, key: str) -> None:
    page.goto(f"/aftaler/{key}")
    table = page.get_by_role("region", name="Frister", exact=True)
    expect(table.get_by_role("columnheader", name="Grundlag")).to_be_visible()
    assert table.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


def test_the_status_sheet_is_one_printed_page(page: Page) -> None:
    page.goto("/")
    keys = set(re.findall(r'href="(/aftaler/[a-z]+/[0-9-]+)"', page.content()))
    assert len(keys) == 9
    for key in sorted(keys):
        page.goto(f"{key}/statusark")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1, key


@pytest.mark.parametrize(("plan", "sheet"), [(SYD, (1497, 1032)), (OEST, (1032, 1497))])
def test_the_drawing_of_a_round_is_printed_whole_on_the_first_sheet(
    page: Page, plan: str, sheet: tuple[int, int]
) -> None:
    """A3, lying for few councils and standing for many: what is left of it inside 12 mm of margin, in CSS pixels."""
    page.goto(f"{plan}/rundeplan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rundeplan", use_inner_text=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": sheet[0], "height": sheet[1]})
    expect(page.get_by_role("heading", level=1)).to_contain_text(" 2027-2031, mandag den 23. november 2026")
    box = page.locator("figure.plan").bounding_box()
    assert box and box["y"] > 0 and box["y"] + box["height"] <= sheet[1]
    text = page.locator("figure.plan .lane text").first.bounding_box()
    assert text and text["height"] >= 9, "as large as seven points on the sheet"


def test_a_printed_page_leaves_out_what_cannot_be_pressed_on_paper(page: Page) -> None:
    page.goto(SYD)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for gone in (".top nav", ".find", ".tabs", ".skip", ".actions"):
        assert not page.locator(gone).first.is_visible(), gone


def test_the_main_pages_are_pictured(browser: Browser, address: str, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "screenshots" if os.environ.get("SCREENSHOTS") else tmp_path
    folder.mkdir(exist_ok=True)
    shots = [
        ("oversigt", "/", 1280, 1500, "light"), ("oversigt-moerk", "/", 1280, 900, "dark"),
        ("oversigt-telefon", "/", 360, 760, "light"), ("aftale", "/aftaler/nordjylland/2024-2027", 1280, 1100, "light"),
        ("raadene", f"{SYD}/raad", 1280, 900, "light"), ("frist", f"{SYD}/frister/submission", 1280, 1250, "light"),
        ("brev", "/breve/25", 1280, 1000, "light"), ("statusark", f"{SYD}/statusark", 1000, 1100, "light"),
    ]  # fmt: skip
    for name, path, width, height, scheme in shots:
        size: Any = {"width": width, "height": height}
        with context(
            browser, address, viewport=size, color_scheme=scheme, java_script_enabled=False
        ) as opened:
            page = opened.new_page()
            page.goto(path)
            assert len(page.screenshot(path=folder / f"{name}.png")) > 10_000
