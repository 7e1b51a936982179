"""Answers in a real browser: from the mail, signed in, and on paper as pictures. A server and a demo of its own, since
what is reported here stays."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import SYD, VARDE, context
from tests.faces.web.hands import follow, violations
from workflow.faces.daemon.workplace import open_workplace
from workflow.faces.web.gate.cookies import Cookies
from workflow.services.people.persons import add_person
from workflow.services.people.signin import begin_for
from workflow.settings import Settings

pytestmark = chromium.pytestmark
data, address, browser = (
    chromium.data,
    chromium.address,
    chromium.browser,
)  # another server, of this file's own
FOLDER = ROOT / "docs" / "screenshots"


def mailed(data: Path) -> list[str]:
    """The answer links in the inbox."""
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (data / "inbox").glob("*.eml")
    ]
    texts = [body.get_content() for mail in mails if (body := mail.get_body(("plain",)))]
    return sorted(found[1] for text in texts if (found := re.search(r"http://[^/]+(/svar/\S+)", text)))


def as_council(opened: BrowserContext, data: Path, address: str, body: str) -> None:
    """Sign the browser in as a person of this council."""
    email = f"raad-{body}@frist.example"
    with open_workplace(Settings(data_dir=data)) as place:
        add_person(
            place.engine, place.rulebook, email=email, name="Bo Holm", role="council", body=body, at=MORNING
        )
        secret = begin_for(place.engine, email, MORNING)
        cookies = Cookies(place.secret, False)
    assert secret
    opened.add_cookies(
        [{"name": cookies.session_name, "value": cookies.sealed(secret, MORNING), "url": address}]
    )


def _typed(tab: Page) -> None:
    tab.get_by_label("Råd", exact=True).select_option("0573")
    tab.locator("#source").fill("Protokol fra byrådets møde, punkt 12")


def _previewed(tab: Page) -> None:
    _typed(tab)
    tab.locator("main form button").last.click()
    tab.get_by_role("heading", level=1).wait_for()


SHOTS: list[tuple[str, str, int, Callable[[Page], None]]] = [
    ("registrer", f"{SYD}/registrer", 1100, lambda tab: None),
    ("registrer-formular", f"{SYD}/registrer/council-approved", 1000, _typed),
    ("registrer-forhaandsvisning", f"{SYD}/registrer/council-approved", 1000, _previewed),
    ("svar", f"{VARDE}", 1100, lambda tab: tab.get_by_label("Godkendt", exact=True).check()),
]


def test_the_forms_are_pictured(browser: Browser, address: str, tmp_path: Path) -> None:
    folder = FOLDER if os.environ.get("SCREENSHOTS") else tmp_path
    for name, path, height, do in SHOTS:
        size: Any = {"width": 1280, "height": height}
        with context(browser, address, viewport=size, java_script_enabled=False) as opened:
            tab = opened.new_page()
            tab.goto(path)
            do(tab)
            assert len(tab.screenshot(path=folder / f"{name}.png")) > 10_000


def test_a_council_that_is_signed_in_finds_what_awaits_it_and_answers_by_keyboard(
    browser: Browser,
    address: str,
    data: Path,
) -> None:
    with context(browser, address) as opened:
        as_council(opened, data, address, "0573")
        tab = opened.new_page()
        tab.goto("/")
        assert "Bo Holm (råd)" in tab.locator(".who").inner_text()
        follow(tab, tab.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Svar"))
        assert not violations(tab)
        tab.get_by_role("link", name="Svar for Varde Kommune").click()
        expect(tab.get_by_text("raad-0573@frist.example")).to_be_visible()
        tab.get_by_role("button", name="Send svaret").focus()
        tab.keyboard.press("Enter")
        tab.get_by_role("heading", name="Ret dette").wait_for()
        assert not violations(tab)
        tab.get_by_role("link", name="Beslutning").focus()
        tab.keyboard.press("Enter")
        tab.get_by_label("Ikke godkendt", exact=True).focus()
        tab.keyboard.press("Space")
        tab.get_by_label("Mødet var den").fill("2026-11-23")
        tab.keyboard.press("Enter")
        tab.get_by_text("Svaret er modtaget").wait_for()
        assert not violations(tab)
        tab.goto("/svar")
        expect(tab.get_by_text("Indberettet; venter på sekretariatet")).to_be_visible()


def test_a_link_is_withdrawn_on_the_page_and_says_so_to_whoever_opens_it(
    browser: Browser,
    address: str,
    data: Path,
) -> None:
    with context(browser, address) as opened:
        tab = opened.new_page()
        tab.goto(mailed(data)[-1])
        council = tab.locator(".lead").inner_text().partition(" svarer om ")[0]
        tab.goto(f"{SYD}/raad")
        tab.get_by_role("row", name=re.compile(f"^{council}")).get_by_role("link", name="links").click()
        tab.get_by_label("Begrundelse").fill("Mailen blev videresendt")
        tab.get_by_role("button", name="Træk links tilbage").click()
        expect(tab.get_by_text("er trukket tilbage af Demogæst: Mailen blev videresendt")).to_be_visible()
        assert not violations(tab)
        tab.goto(mailed(data)[-1])
        expect(tab.get_by_role("heading", name="Linket er trukket tilbage")).to_be_visible()
        expect(tab.get_by_role("link", name="sundhedsaftale@")).to_be_visible()
        assert not violations(tab)


@pytest.mark.parametrize("width", [320, 640])
def test_the_answer_page_fits_a_phone_in_each_of_its_states(
    browser: Browser,
    address: str,
    data: Path,
    width: int,
) -> None:
    size: Any = {"width": width, "height": 700}
    with context(browser, address, viewport=size, java_script_enabled=False) as opened:
        tab = opened.new_page()
        wide = "document.documentElement.scrollWidth"
        tab.goto(mailed(data)[1])
        assert tab.evaluate(wide) <= width
        follow(tab, tab.get_by_role("button", name="Send svaret"))
        assert (
            tab.get_by_text("Vælg, hvad rådet besluttede.").first.is_visible() and tab.evaluate(wide) <= width
        )
        tab.goto(f"{SYD}/registrer/council-approved")
        assert tab.evaluate(wide) <= width


def test_a_council_reports_by_keyboard_the_secretariat_verifies_and_the_matrix_follows(
    browser: Browser,
    address: str,
    data: Path,
) -> None:
    links = mailed(data)
    with context(browser, address) as opened:  # with scripts, for axe alone
        tab = opened.new_page()
        tab.goto(links[0])
        assert not violations(tab)
        council = tab.locator(".lead").inner_text().partition(" svarer om ")[0]
        tab.get_by_label("Godkendt", exact=True).focus()
        tab.keyboard.press("Space")
        tab.get_by_label("Mødet var den").fill("2026-11-23")
        tab.get_by_label("Mødet var den").focus()
        for _ in range(6):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement.tagName") == "BUTTON":
                break
        tab.keyboard.press("Enter")
        tab.get_by_text("Svaret er modtaget").wait_for()
        tab.goto("/")
        follow(tab, tab.get_by_role("link", name=f"Bekræft svaret fra {council}"))
        assert not violations(tab)
        tab.get_by_label("Grundlag").fill("Protokol, punkt 12")
        tab.get_by_role("button", name="Bekræft").click()
        tab.get_by_role("link", name=re.compile("^Alle råd i")).click()
        row = tab.get_by_role("row", name=re.compile(f"^{council}"))
        expect(row).to_contain_text("godkendt")
        expect(row).to_contain_text("Protokol, punkt 12")
