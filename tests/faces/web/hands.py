"""A person at the page, by mouse or by keyboard alone, who counts what she does.

One action: a link followed, a control used (a box ticked, a button pressed, a choice made), a field filled, a block
pasted. The way to a control (Tab, an arrow) is no action; it is counted beside, in ``steps``.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page


def follow(page: Page, what: Locator) -> None:
    """Click ``what`` and be on the next page: what is read right after a bare click may still be the page left."""
    with page.expect_navigation():
        what.click()


OF_COLOUR = ("color-contrast", "link-in-text-block")  # the rules that ask about colours


def violations(page: Page, *rules: str) -> list[Any]:
    """What axe finds on a page as it is shown, by all its rules or by these alone. What else it has to say stays in the
    browser: to carry it here would take longer than the finding."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found: list[Any] = page.evaluate("asked => axe.run(asked).then(said => said.violations)", asked)
    return found


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.steps = page, 0, 0

    def press(self, what: Locator) -> None:
        """Follow a link, press a button, tick a box."""
        self.actions += 1
        what.click()

    def write(self, what: Locator, text: str) -> None:
        """Fill a field, or paste a block in it."""
        self.actions += 1
        what.fill(text)

    def choose(self, what: Locator, label: str) -> None:
        """Choose among several."""
        self.actions += 1
        what.select_option(label=label)


class Keys(Mouse):
    """Only the keyboard: Tab leads to each control, and what stands in a field is typed over."""

    def reach(self, what: Locator) -> None:
        """Go to a control by Tab or, within a column of the table, by the arrow down."""
        what.wait_for()
        here = "e => e === document.activeElement"
        column = what.get_attribute("data-column")
        for _ in range(400):
            if what.evaluate(here):
                return
            same = self.page.evaluate("document.activeElement.dataset.column || ''")
            below = "e => !!(document.activeElement.compareDocumentPosition(e) & 4)"
            down = column and same == column and column != "event" and what.evaluate(below)
            self.page.keyboard.press("ArrowDown" if down else "Tab")
            self.steps += 1
        raise AssertionError(f"the keyboard never came to {what}")

    def press(self, what: Locator) -> None:
        self.actions += 1
        self.reach(what)
        self.page.keyboard.press("Space" if what.get_attribute("type") == "checkbox" else "Enter")

    def write(self, what: Locator, text: str) -> None:
        self.actions += 1
        self.reach(what)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, what: Locator, label: str) -> None:
        self.actions += 1
        self.reach(what)
        for _ in range(what.locator("option").count()):
            if " ".join(what.locator("option:checked").inner_text().split()) == label:
                return
            self.page.keyboard.press("ArrowDown")
            self.steps += 1
        raise AssertionError(f"the arrow never came to {label}")
