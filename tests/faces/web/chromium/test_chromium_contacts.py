"""Contacts in a real browser without scripts: how many actions a job takes, by mouse and by keyboard alone."""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.conftest import MORNING
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import context
from tests.faces.web.hands import follow, violations
from workflow.faces.daemon.workplace import open_workplace
from workflow.services.people.contacts.confirming import ask_bodies
from workflow.settings import Settings

pytestmark = chromium.pytestmark
address, browser, asked, page = chromium.address, chromium.browser, chromium.asked, chromium.page
MOST = 6
PAGES = (
    "/kontakter?region=nordjylland", "/kontakter/1", "/kontakter/ny", "/indstillinger/afsender", "/kontakter/indlaes",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("contacts")
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    with open_workplace(Settings(data_dir=data)) as place:
        ask_bodies(place.engine, place.rulebook, "nordjylland", "x", MORNING, place.settings.base_url)
    return data


class Hand:
    """Does things in the browser and counts them: a click, or a field filled in; with the keyboard a key that acts, or
    a text typed. Moving the focus by Tab is the way there, not an act."""

    def __init__(self, page: Page, keys: bool) -> None:
        self.page, self.keys, self.done = page, keys, 0

    def press(self, name: str, role: Any = "button") -> None:
        self.done += 1
        found = self.page.get_by_role(role, name=name, exact=True)
        if not self.keys:
            found.click()
            return
        self._tab_to(name, lambda: found.evaluate("e => e === document.activeElement"))
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self.done += 1
        found = self.page.get_by_label(label, exact=True)
        if not self.keys:
            found.fill(text)
            return
        self._tab_to(label, lambda: found.evaluate("e => e === document.activeElement"))
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def _tab_to(self, name: str, there: Any) -> None:
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if there():
                return
        pytest.fail(f"{name} is not reached by Tab")


@pytest.mark.parametrize("keys", [False, True], ids=["by mouse", "by keyboard"])
def test_a_contact_is_changed_and_tested_in_six_actions(page: Page, keys: bool) -> None:
    """From the front page."""
    page.goto("/")
    hand, new = Hand(page, keys), f"ny-{'tast' if keys else 'mus'}@aalborg.example"
    hand.press("Kontakter", "link")
    page.wait_for_url("**/kontakter")
    hand.press("Nordjylland", "link")
    page.wait_for_url("**region=nordjylland")
    hand.press("Aalborg Kommune", "link")
    page.wait_for_url(re.compile(r"/kontakter/\d+$"))
    hand.fill("Adresse", new)
    hand.press("Gem, og send prøvemail")
    page.wait_for_url("**#proevemail")
    expect(page.get_by_text("Mailserveren tog imod prøvemailen")).to_be_visible()
    expect(page.get_by_text(new).first).to_be_visible()
    assert hand.done == 5 <= MOST


@pytest.mark.parametrize("keys", [False, True], ids=["by mouse", "by keyboard"])
def test_a_mailbox_is_added_where_nobody_can_be_reached(page: Page, keys: bool) -> None:
    page.goto("/kontakter/ny?organ=0860&funktion=council")
    hand = Hand(page, keys)
    hand.fill("Adresse", f"to-{keys}@hjoerring.example")
    hand.press("Gem")
    page.wait_for_url("**gemt=tilfoejet")
    assert page.get_by_role("heading", level=1).inner_text() == "Hjørring Kommune"
    assert hand.done == 2


def confirming(data: Path) -> str:
    """The link of one letter that asks a body about its mailbox."""
    texts = (
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (data / "inbox").glob("*.eml")
    )
    bodies = (mail.get_body(("plain",)).get_content() for mail in texts)  # type: ignore[union-attr]
    return min(found[0] for body in bodies if (found := re.findall(r"(/bekraeft/[\w.-]+)", body)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, address: str, data: Path, width: int, scheme: Any, tmp_path: Path
) -> None:
    with context(browser, address, color_scheme=scheme, viewport={"width": width, "height": 844}) as opened:
        tab = opened.new_page()

        def look(name: str) -> None:
            tab.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)
            assert violations(tab) == [], name
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, name

        for path in PAGES:
            tab.goto(path)
            look(path.replace("/", "_").partition("?")[0])
        tab.get_by_label("Eller rækkerne, med overskriften").fill(
            "organ;funktion;e-mail\nAalbrog;byråd;a@b\n"
        )
        follow(tab, tab.get_by_role("button", name="Se, hvad der ændres"))
        look("mistakes")
        rows = (
            "organ;funktion;navn;e-mail;gælder til\n0851;byråd;Nyt navn;sundhed@aalborg.example;31-12-2029\n"
        )
        tab.get_by_label("Eller rækkerne, med overskriften").fill(rows + "0860;råd;;x@y.example;\n")
        follow(tab, tab.get_by_role("button", name="Se, hvad der ændres"))
        look("review")
        tab.goto(confirming(data))
        follow(tab, tab.get_by_role("button", name="Send svaret"))
        look("not answered")
        tab.get_by_label("Breve skal gå til en anden postkasse").check()
        tab.get_by_label("Den nye postkasses adresse").fill(f"ny-{width}-{scheme}@aalborg.example")
        follow(tab, tab.get_by_role("button", name="Send svaret"))
        look("answered")
        tab.goto("/kontakter/bekraeftelser?region=nordjylland")
        expect(tab.get_by_role("heading", name="Venter på dig (1)")).to_be_visible()
        look("answers")
        tab.goto("/kontakter/1")
        tab.get_by_text("Afslut kontakten").click()
        follow(tab, tab.get_by_role("button", name="Afslut", exact=True))
        look("refused")
