"""The first hour: from a daemon that nobody knows to its first letter, in a real browser, by a real mail server.

Each press of a button or a link is a step; at most 15 of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import ROOT
from tests.faces.conftest import MORNING, Start
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import CHROMIUM, LOOKS, context
from tests.faces.web.hands import follow, violations
from tests.smtp_server import ScriptedServer
from workflow.rules.days import danish_day
from workflow.services.rounds.demo import demo_contacts
from workflow.services.rounds.setup import set_up
from workflow.settings import Settings
from workflow.storage.law.rulebook import load

pytestmark = chromium.pytestmark
MOST = 15


class Steps:
    """A page whose presses are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.taken = page, 0

    def press(self, what: Locator) -> None:
        follow(self.page, what)
        self.taken += 1
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url

    def button(self, name: str | re.Pattern[str]) -> None:
        self.press(self.page.get_by_role("button", name=name))

    def link(self, name: str) -> None:
        self.press(self.page.get_by_role("link", name=name))


@pytest.fixture
def settings(tmp_path: Path, settings: Settings) -> Settings:
    """A new installation on a free port: no people, no contacts, no agreement, no mail server."""
    database = tmp_path / "data" / "aftale.db"
    database.unlink()
    set_up(
        f"sqlite:///{database}", load(ROOT / "calendars"), at=MORNING, today=danish_day(MORNING), demo=False
    )
    return settings


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=own)
        yield browser
        browser.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_first_letter_goes_out_in_the_first_hour_without_the_terminal(
    start: Start, settings: Settings, browser: Browser, tmp_path: Path, look: str
) -> None:
    shots = Path(os.environ.get("SHOTS", tmp_path))
    daemon = start()
    code = daemon.until("with the code").partition("with the code ")[2].split()[0]
    address = f"http://127.0.0.1:{settings.port}"
    with ScriptedServer() as relay, context(
        browser, address, java_script_enabled=False, **LOOKS[look]
    ) as opened:  # fmt: skip
        page = opened.new_page()
        steps = Steps(page)
        page.goto("/")
        page.get_by_label("Engangskode").fill(code)
        page.get_by_label("Dit navn").fill("Anne Hansen")
        page.get_by_label("Din mailadresse").fill("anne@region.example")
        page.screenshot(path=shots / "setup-code.png", full_page=True)
        steps.button("Begynd opsætningen")
        expect(page.get_by_text("1 af 7 trin er gjort")).to_be_visible()
        page.screenshot(path=shots / "setup-first.png", full_page=True)

        page.get_by_label("Mailserverens navn").fill("127.0.0.1")
        page.get_by_label("Port").fill(str(relay.port))
        page.get_by_role("textbox", name="Afsender").fill("frister@region.example")
        steps.button("Gem mailserveren")
        steps.button("Send en prøvemail til anne@region.example")
        expect(page.get_by_text("Mailserveren tog imod den.")).to_be_visible()
        assert relay.letters[0].to == "anne@region.example"

        steps.link("Invitér en kollega")
        page.get_by_label("Mailadresse").fill("bo@region.example")
        page.get_by_label("Navn").fill("Bo Holm")
        steps.button("Send invitationen")
        assert relay.letters[1].to == "bo@region.example"
        assert re.search(rb"/log-ind/[\w-]+", relay.letters[1].raw.replace(b"=\r\n", b""))

        steps.link("Opsætning")
        expect(page.get_by_text("4 af 7 trin er gjort")).to_be_visible()
        file = tmp_path / "kontakter.csv"
        file.write_text(demo_contacts(load(ROOT / "calendars")), encoding="utf-8")
        steps.link("Indlæs kontakter")
        page.locator("#document").set_input_files(file)
        steps.button("Se, hvad der ændres")
        steps.button(re.compile("^Gem "))
        steps.link("Opsætning")
        expect(page.get_by_text("5 af 7 trin er gjort")).to_be_visible()

        steps.link("Åbn en aftale")
        page.locator("#region").select_option("nordjylland")
        page.locator("#period").select_option("2026-2029/bek-1248-2022")
        page.locator("#label").fill("2027-2031")
        page.locator("#source").fill("Sag 26/1")
        steps.button("Se, hvad det giver")
        steps.button("Åbn runden")
        daemon.until("sent ")
        steps.link("Opsætning")
        expect(page.get_by_text("7 af 7 trin er gjort")).to_be_visible()
        page.screenshot(path=shots / "setup-done.png", full_page=True)
        assert len(relay.letters) > 2 and b"frister@region.example" in relay.letters[2].raw
    assert steps.taken <= MOST, steps.taken
    assert daemon.stops() == 0
    assert "with the code" not in start().until("set up", "waiting")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_pages_fit_a_phone(
    start: Start, settings: Settings, browser: Browser, tmp_path: Path, scheme: Any
) -> None:
    shots = Path(os.environ.get("SHOTS", tmp_path))
    code = start().until("with the code").partition("with the code ")[2].split()[0]
    size: Any = {"width": 390, "height": 844}
    address = f"http://127.0.0.1:{settings.port}"
    with context(browser, address, viewport=size, color_scheme=scheme) as opened:
        page = opened.new_page()
        page.goto("/opsaetning")
        assert not violations(page)
        page.locator("main form").evaluate("form => form.noValidate = true")
        follow(page, page.get_by_role("button", name="Begynd opsætningen"))
        assert "Ret dette" in page.locator("main").inner_text()
        assert not violations(page)
        for name, value in (("code", code), ("name", "Anne"), ("email", "anne@region.example")):
            page.locator(f"#{name}").fill(value)
        page.keyboard.press("Enter")
        page.wait_for_url("**/opsaetning")
        for wrong in (False, True):
            if wrong:
                follow(page, page.get_by_role("button", name="Gem mailserveren"))
                assert "Ret dette" in page.locator("main").inner_text()
            assert not violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.screenshot(path=shots / f"setup-{scheme}-{wrong}.png", full_page=True)
            page.set_viewport_size({"width": 1280, "height": 900})
            assert not violations(page)
            page.set_viewport_size(size)
        for path in ("/opsaetning/spor", "/opsaetning/spor?since=x"):
            page.goto(path)
            assert not violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.goto("/opsaetning/spor")
        expect(page.get_by_role("cell", name="loggede ind")).to_be_visible()
        page.screenshot(path=shots / f"trail-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.screenshot(path=shots / f"trail-{scheme}-1280.png", full_page=True)
