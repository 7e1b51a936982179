"""*Personer* in a real browser: a colleague is invited in four actions, by mouse and by keyboard, without scripts."""

from __future__ import annotations

import os
import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faces.conftest import MORNING
from tests.faces.daemon.fleet import until
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import context
from tests.faces.web.hands import violations
from workflow.faces.daemon.workplace import open_workplace
from workflow.faces.web.gate.cookies import Cookies
from workflow.services.people.persons import add_person
from workflow.services.people.signin import begin_for
from workflow.settings import Settings

pytestmark = chromium.pytestmark
address, browser = chromium.address, chromium.browser
KIRSTEN = "kirsten@frist.example"


@pytest.fixture(scope="module")
def data(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with an administrator of Nordjylland's people."""
    data = tmp_path_factory.mktemp("people")
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    with open_workplace(Settings(data_dir=data)) as place:
        add_person(
            place.engine, place.rulebook, email=KIRSTEN, name="Kirsten Dam", role="administrator",
            region="nordjylland", at=MORNING,
        )  # fmt: skip
    return data


def signed_in(browser: Browser, address: str, data: Path, **kind: Any) -> BrowserContext:
    """A browser context with Kirsten's session."""
    with open_workplace(Settings(data_dir=data)) as place:
        secret = begin_for(place.engine, KIRSTEN, MORNING)
        assert secret
        cookies = Cookies(place.secret, secure=False)
        value = cookies.sealed(secret, MORNING)
    opened = context(browser, address, **kind)
    opened.add_cookies([{"name": cookies.session_name, "value": value, "url": address}])
    return opened


def invitations(data: Path, to: str) -> int:
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (data / "inbox").glob("*.eml")
    ]
    return sum(mail["To"] == to for mail in mails)


def test_a_colleague_is_invited_in_four_actions_with_the_mouse(
    browser: Browser, address: str, data: Path
) -> None:
    with signed_in(browser, address, data, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/")
        page.get_by_role("link", name="Personer").click()  # 1
        page.get_by_label("Mailadresse").fill("mus@frist.example")  # 2
        page.get_by_label("Navn").fill("Mia Mus")  # 3
        page.get_by_role("button", name="Send invitationen").click()  # 4
        expect(page.get_by_text("Invitationen er afleveret til mailserveren")).to_be_visible()
    assert invitations(data, "mus@frist.example") == 1


def test_a_colleague_is_invited_by_keyboard_alone_in_four_actions(
    browser: Browser, address: str, data: Path
) -> None:
    with signed_in(browser, address, data, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/")
        tab_to(page, "document.activeElement.textContent === 'Personer'")
        page.keyboard.press("Enter")  # 1
        page.wait_for_url("**/personer")
        tab_to(page, "document.activeElement.id === 'email'")
        page.keyboard.type("tast@frist.example")  # 2
        page.keyboard.press("Tab")
        page.keyboard.type("Tage Tast")  # 3
        page.keyboard.press("Enter")  # 4
        page.wait_for_url("**/personer/*")
        expect(page.get_by_text("Invitationen er afleveret til mailserveren")).to_be_visible()
    assert invitations(data, "tast@frist.example") == 1


def tab_to(page: Page, there: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(there)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, address: str, data: Path, tmp_path: Path, scheme: Any, width: int
) -> None:
    shots = Path(os.environ.get("SHOTS", tmp_path))
    size: Any = {"width": width, "height": 844}
    with signed_in(browser, address, data, viewport=size, color_scheme=scheme) as opened:
        page = opened.new_page()
        for name, path in (("list", "/personer"), ("one", "/personer/1"), ("mig", "/personer/mig")):
            page.goto(path)
            assert not violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.screenshot(path=shots / f"people-{name}-{width}-{scheme}.png", full_page=True)
        page.goto("/personer")
        page.locator("main form").last.evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="Send invitationen").click()
        expect(page.locator("main")).to_contain_text("Ret dette")
        assert not violations(page)
        page.screenshot(path=shots / f"people-wrong-{width}-{scheme}.png", full_page=True)


def test_the_code_of_a_mail_read_on_the_phone_is_typed_where_it_was_asked_for_by_keyboard_alone(
    browser: Browser, address: str, data: Path, tmp_path: Path
) -> None:
    shots, narrow = Path(os.environ.get("SHOTS", tmp_path)), {"width": 390, "height": 844}
    with context(browser, address, viewport=narrow, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/log-ind?next=/frister")
        page.get_by_label("Mailadresse").fill(KIRSTEN)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Se i din indbakke.")).to_be_visible()
        page.screenshot(path=shots / "code-asked-390.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        until(lambda: bool(codes(data)), "the mail with the code")
        for typed in ("2222 2222", codes(data)[0].lower()):
            tab_to(page, "document.activeElement.id === 'code'")
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
            if typed == "2222 2222":
                expect(page.get_by_role("alert")).to_contain_text("Koden kan ikke bruges.")
                page.screenshot(path=shots / "code-refused-390.png", full_page=True)
                assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page).to_have_url(f"{address}/frister")


def codes(data: Path) -> list[str]:
    """The codes in Kirsten's sign-in mails."""
    said = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (data / "inbox").glob("*.eml")
    ]
    return [
        line for mail in said if mail["To"] == KIRSTEN and mail["Subject"] == "Log ind på Aftalefrist"
        for line in mail.get_content().splitlines() if re.fullmatch("[2-9A-Z]{4}-[2-9A-Z]{4}", line)
    ]  # fmt: skip
