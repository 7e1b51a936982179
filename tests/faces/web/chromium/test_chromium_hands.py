"""A secretary's hand on letters in a real browser, by mouse and by keyboard, each count of actions asserted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import context
from tests.faces.web.hands import Keys, Mouse, violations

pytestmark = chromium.pytestmark
data, address, browser = chromium.data, chromium.address, chromium.browser
asked, page = chromium.asked, chromium.page
AHEAD = "/breve/kommende?region=nordjylland"
DESKS = ({}, {"viewport": {"width": 390, "height": 844}}, {"color_scheme": "dark"})


def _row(page: Page, act: str) -> Locator:
    """The first letter that can be skipped, and is not."""
    return page.locator("tbody tr").filter(has=page.locator(f'input[name=hvad][value="{act}"]')).first


@pytest.mark.parametrize("hand", [Mouse, Keys], ids=["by mouse", "by keyboard"])
def test_a_letter_is_skipped_in_three_actions(page: Page, hand: type[Mouse]) -> None:
    page.goto(AHEAD)
    row, why, person = _row(page, "skip"), f"de har ringet, {hand.__name__}", hand(page)
    person.press(row.locator("summary"))
    person.write(row.get_by_label("Hvorfor springes det over?"), why)
    person.press(row.get_by_role("button", name="Spring over"))
    expect(page.get_by_role("status").get_by_text("Brevet er sprunget over og sendes ikke.")).to_be_visible()
    expect(page.get_by_text(f"sprunget over: {why}").first).to_be_visible()
    assert person.actions == 3 and person.steps <= 60, (person.actions, person.steps)


def test_a_letter_is_sent_again_in_three_actions(page: Page) -> None:
    page.goto("/breve?tilstand=overgivet&region=nordjylland")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/breve/\d+$"))
    number = page.url.rpartition("/")[2]
    actions = 0
    page.get_by_text("Send igen", exact=True).first.click()
    actions += 1
    page.get_by_label("Hvorfor sendes det igen?").fill("de kan ikke finde den")
    actions += 1
    page.get_by_role("button", name="Send igen").click()
    actions += 1
    assert actions == 3
    expect(page.get_by_role("status").get_by_text("kopi").first).to_be_visible()
    page.go_back()
    page.get_by_text("Send igen", exact=True).first.click()
    page.get_by_label("Hvorfor sendes det igen?").fill("de kan ikke finde den")
    page.get_by_role("button", name="Send igen").click()  # the old form once more: the same copy
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"/breve/{number}")
    assert page.get_by_role("listitem").filter(has_text="Kopi:").count() == 1


def test_the_front_page_leads_to_the_letters_in_one_click(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Breve").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Breve")
    page.get_by_role("link", name="De næste 14 dage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kommende breve")


@pytest.mark.parametrize("desk", DESKS, ids=("wide", "phone", "dark"))
@pytest.mark.parametrize("path", ["/breve", AHEAD, "/breve/25"])
def test_the_forms_unfolded_offend_nothing_and_fit(
    browser: Browser, address: str, path: str, desk: dict[str, object]
) -> None:
    with context(browser, address, **desk) as opened:
        page = opened.new_page()
        page.goto(path)
        for fold in page.locator("main details > summary").all()[:4]:
            fold.click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [one["id"] for one in violations(page)] == []
