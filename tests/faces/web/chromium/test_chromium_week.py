"""A secretary's week in a real browser, without scripts: how many actions each errand takes, and how far down a
telephone it begins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.conftest import MORNING
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import LOOKS, SYD, context
from tests.faces.web.hands import follow, violations
from workflow.faces.daemon.workplace import open_workplace
from workflow.services.people.persons import add_person
from workflow.services.people.signin import begin_for
from workflow.settings import Settings
from workflow.storage.people.people import Person

pytestmark = chromium.pytestmark
address, browser = chromium.address, chromium.browser
EMAIL = "kirsten@region-syddanmark.example"


@pytest.fixture(scope="module")
def data(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with a secretary of Syddanmark."""
    data = tmp_path_factory.mktemp("week")
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    return data


@pytest.fixture(scope="module")
def cookie(data: Path, address: str) -> dict[str, str]:
    """The secretary's session, as a browser holds it."""
    from workflow.faces.web.gate.cookies import Cookies

    with open_workplace(Settings(data_dir=data)) as place:
        person: Person = add_person(
            place.engine, place.rulebook, email=EMAIL, name="Kirsten Vang", role="secretariat", region="syddanmark",
            at=MORNING,
        )  # fmt: skip
        secret = begin_for(place.engine, person.email, MORNING)
        assert secret
        cookies = Cookies(place.secret, secure=False)
        return {"name": cookies.session_name, "value": cookies.sealed(secret, MORNING), "url": address}


@pytest.fixture(params=LOOKS)
def desk(browser: Browser, address: str, cookie: dict[str, str], request: Any) -> Iterator[Page]:
    """The secretary's browser: wide, narrow, and wide in the dark."""
    with context(browser, address, java_script_enabled=False, **LOOKS[request.param]) as opened:
        opened.add_cookies([cookie])  # type: ignore[list-item]
        yield opened.new_page()


def whole(desk: Page, list_of: str) -> None:
    """Open a list that a phone shows the beginning of: one touch more than at a desk."""
    if (rest := desk.locator(f'.rest a[href^="#{list_of}"]')).is_visible():
        rest.click()


def test_a_call_is_noted_on_a_council_in_three_actions_and_four_on_a_phone(desk: Page) -> None:
    desk.goto(f"{SYD}/raad")
    whole(desk, "raad-")
    words = "Ringet 3/12, byrådet 16/12"
    desk.locator("#raad-0630").get_by_role("link", name="log og notat").click()  # 1
    desk.get_by_label("Notat", exact=False).last.fill(words)  # 2
    desk.get_by_role("button", name="Gem notat").click()  # 3
    expect(desk.locator("tr:target").get_by_text("byrådet 16/12")).to_be_visible()
    desk.goto(f"{SYD}/raad")
    whole(desk, "raad-")
    assert "Ringet 3/12" in desk.locator("#raad-0630").inner_text()


def test_reasons_reach_a_lawyer_by_link_or_by_mail(desk: Page) -> None:
    desk.goto(f"{SYD}/frister/submission")
    follow(desk, desk.get_by_role("button", name="Lav link"))  # 1
    link = desk.locator("code.hash").inner_text()
    assert "/delt/" in link
    desk.goto(f"{SYD}/frister/submission")
    desk.get_by_role("link", name="Send på mail").click()  # 1
    desk.get_by_label("Til").fill("jurist@kommune.example")  # 2
    desk.get_by_role("button", name="Send", exact=True).click()  # 3
    expect(desk.get_by_role("heading", name="Begrundelsen sendes")).to_be_visible()


def test_the_month_for_the_agenda_is_two_clicks_from_the_agreement(desk: Page) -> None:
    desk.goto(SYD)
    desk.get_by_role("link", name="Månedsrapport").click()  # 1
    with desk.expect_download() as fetched:
        desk.get_by_role("link", name="Hent til Word").click()  # 2
    assert fetched.value.suggested_filename == "maanedsrapport-syddanmark-2027-2031-2026-11.docx"


def test_the_week_begins_high_on_the_page_and_its_mail_is_one_press(desk: Page) -> None:
    desk.goto("/min-uge")
    assert desk.locator("main .panel").first.bounding_box()["y"] < 500  # type: ignore[index]
    assert desk.evaluate("document.documentElement.scrollWidth") <= desk.viewport_size["width"]  # type: ignore[index]
    whole(desk, "flere-svar")
    owed = desk.get_by_role("region", name="Hvem der skylder svar").inner_text()
    assert "Vejle Kommune" in owed and "31. maj 2027" in owed.replace("\N{NO-BREAK SPACE}", " ")
    before = desk.get_by_role("button", name="mandagsmailen").inner_text()
    desk.get_by_role("button", name="mandagsmailen").click()  # 1
    expect(desk.get_by_role("button", name="mandagsmailen")).not_to_have_text(before)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_where_the_errands_end(
    browser: Browser, address: str, cookie: dict[str, str], look: str
) -> None:
    """Axe needs scripts itself; the pages have none."""
    with context(browser, address, **LOOKS[look]) as opened:
        opened.add_cookies([cookie])  # type: ignore[list-item]
        page = opened.new_page()
        for path in (f"{SYD}/raad", f"{SYD}/log", f"{SYD}/maanedsrapport", f"{SYD}/frister/submission"):
            page.goto(path)
            assert [bad["id"] for bad in violations(page)] == [], path
        follow(page, page.get_by_role("button", name="Lav link"))
        assert [bad["id"] for bad in violations(page)] == []
        page.goto(urlsplit(page.locator("code.hash").inner_text()).path)
        assert [bad["id"] for bad in violations(page)] == [], "what the lawyer opens"
        page.goto(f"{SYD}/frister/submission")
        follow(page, page.get_by_role("link", name="Send på mail"))
        page.get_by_label("Til").fill("jurist@kommune.example")
        assert [bad["id"] for bad in violations(page)] == []
        follow(page, page.get_by_role("button", name="Send", exact=True))
        assert [bad["id"] for bad in violations(page)] == []
