"""*Ret rådene* and *Åbn en runde* in a real browser: by mouse, by keyboard alone and without scripts, in as few actions
as promised."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from tests.faces.conftest import MORNING
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import context
from tests.faces.web.hands import Keys, Mouse, violations
from workflow.faces.daemon.workplace import open_workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.settings import Settings
from workflow.storage.database import writing

pytestmark = chromium.pytestmark
address, browser = chromium.address, chromium.browser
SIZES = [(1280, 900, "light"), (390, 844, "light"), (1280, 900, "dark")]
HANDS = [pytest.param(Mouse, True, id="mouse"), pytest.param(Keys, True, id="keyboard"),
         pytest.param(Mouse, False, id="no-scripts")]  # fmt: skip
KINDS = [pytest.param(Mouse, True, 0, id="mouse"), pytest.param(Keys, True, 0, id="keyboard"),
         pytest.param(Mouse, False, 0, id="no-scripts"), pytest.param(Mouse, True, 1, id="phone"),
         pytest.param(Mouse, True, 2, id="dark")]  # fmt: skip
WORDS = "Kommunernes mødeplaner, hentet 23. november 2026"


@pytest.fixture(scope="module")
def data(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, with a text at the 23 councils of Syddanmark for each test that changes one; nobody is told of them."""
    data, today = tmp_path_factory.mktemp("grid"), danish_day(MORNING)
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    with open_workplace(Settings(data_dir=data)) as place:
        for label in LABELS:
            open_agreement(
                place.engine, place.rulebook, Fact(0, "opened", today, source="test", by="test"),
                region="syddanmark", term="2026-2029", label=label, at=MORNING,
            )  # fmt: skip
            sent = Fact(0, "sent-for-approval", today, due=today.replace(year=2027), source="brev", by="test")
            record(place.engine, place.rulebook, f"syddanmark/{label}", sent, today=today, at=MORNING)
        with writing(place.engine) as session:
            session.execute(text("UPDATE agreement SET wake_on = '2999-01-01'"))
    return data


LABELS = [f"{what}-{hand}-{size}" for what in ("moeder", "svar") for hand in (0, 1, 2) for size in (0, 1, 2)]


@pytest.fixture(scope="module")
def now() -> Callable[[], datetime]:
    """A clock that goes on: what is recorded at one instant is one act."""
    seconds = count()
    return lambda: MORNING + timedelta(seconds=next(seconds))


NAMES = (
    "Region Syddanmark|Middelfart|Assens Kommune|Faaborg Midtfyn|Kerteminde|Nyborg|Odense byråd|Svendborg|Nordfyn|"
    "Langeland|Ærø|Haderslev|Billund|Sønderborg|Tønder|Esbjerg|Fanø|Varde|Vejen|Åbenrå|Fredericia|Kolding|Vejle"
).split("|")


@pytest.mark.parametrize(("hand", "scripts", "size"), KINDS)
def test_twenty_three_meeting_days_are_pasted_and_saved_in_ten_actions(
    browser: Browser, address: str, hand: type[Mouse], scripts: bool, size: int
) -> None:
    with opened(browser, address, size, scripts) as page:
        label = f"moeder-{_which(hand, scripts)}-{size}"
        page.goto(f"/aftaler/syddanmark/{label}")
        person = hand(page)
        person.press(page.get_by_role("link", name="ret rådene"))
        days = [f"{name}\t{1 + n:02}-06-2027" for n, name in enumerate(NAMES)]
        person.write(page.locator("#block"), "\n".join(days))
        person.write(page.locator("#alle-kilde"), WORDS)
        person.press(page.get_by_role("button", name="Se, hvad det ændrer").first)
        expect(page.locator("main")).to_contain_text("23 råd ændres")
        assert not wrong(page, scripts)
        person.press(page.get_by_role("button", name="Registrér 23 linjer"))
        expect(page.get_by_role("status")).to_contain_text("23 linjer i journalen")
        _whole(page)
        assert len(re.findall(r"juni\s2027", page.locator("table").inner_text())) == 23
        assert person.actions <= 6 < 10, person.actions
        assert person.steps <= 80, person.steps


@pytest.mark.parametrize(("hand", "scripts", "size"), KINDS)
def test_twenty_approvals_take_twelve_actions_and_a_wrong_date_four(
    browser: Browser, address: str, hand: type[Mouse], scripts: bool, size: int
) -> None:
    with opened(browser, address, size, scripts) as page:
        label = f"svar-{_which(hand, scripts)}-{size}"
        page.goto(f"/aftaler/syddanmark/{label}")
        person = hand(page)
        person.press(page.get_by_role("link", name="ret rådene"))
        person.choose(page.locator("#alle-beslutning"), "Godkendt")
        person.write(page.locator("#alle-besluttet"), "23/11-26")
        person.write(page.locator("#alle-kilde"), "Rådenes protokoller")
        person.press(page.get_by_role("button", name="Kryds alle uden beslutning af"))
        for name in ("Fanø Kommune", "Kolding Kommune", "Vejle Kommune"):
            person.press(page.get_by_role("checkbox", name=f"Kryds, {name}"))
        assert not wrong(page, scripts)
        person.press(page.get_by_role("button", name="Se, hvad det ændrer").last)
        person.press(page.get_by_role("button", name="Registrér 20 linjer"))
        expect(page.get_by_role("status")).to_contain_text("20 linjer i journalen")
        assert person.actions <= 10 < 12, person.actions
        assert person.steps <= 200, person.steps

        _whole(page)
        mender = hand(page)
        mender.press(page.get_by_role("link", name="ret Odense Kommune"))
        mender.write(page.get_by_role("textbox", name="Besluttet den, Odense Kommune"), "i går")
        mender.press(page.get_by_role("button", name="Se, hvad det ændrer").last)
        expect(page.locator("#row-0461")).to_contain_text("Skriv en dag, som findes")
        assert not wrong(page, scripts)

        page.goto(f"/aftaler/syddanmark/{label}/raad")
        _whole(page)
        mender = hand(page)
        mender.press(page.get_by_role("link", name="ret Odense Kommune"))
        mender.write(page.get_by_role("textbox", name="Besluttet den, Odense Kommune"), "23-11-2026 kl. 18")
        mender.press(page.get_by_role("button", name="Se, hvad det ændrer").last)
        expect(page.locator("main")).to_contain_text("ingen af rækkerne er ændret", ignore_case=True)

        undo = hand(page)
        undo.press(page.get_by_role("link", name=re.compile("^Fortryd indtastningen")))
        undo.write(page.locator("#hvorfor"), "De 20 protokoller hørte til en anden tekst")
        assert not wrong(page, scripts)
        undo.press(page.get_by_role("button", name="Fortryd 20 linjer"))
        expect(page.get_by_role("status")).to_contain_text("Fortrudt")
        _whole(page)
        assert page.locator("table").inner_text().count("afventer") == 23 and undo.actions <= 3


@pytest.mark.parametrize(("hand", "scripts"), HANDS)
def test_a_wrong_date_is_mended_in_four_actions(
    browser: Browser, address: str, hand: type[Mouse], scripts: bool
) -> None:
    councils, days = ["Middelfart", "Assens", "Nyborg"], ["5. november 2026", "6/11-26", "09-11-2026"]
    which = _which(hand, scripts)
    with opened(browser, address, 0, scripts) as page:
        page.goto("/aftaler/syddanmark/2027-2031/raad")
        person = hand(page)
        person.press(page.get_by_role("link", name=f"ret {councils[which]} Kommune"))
        person.write(page.get_by_role("textbox", name=f"Besluttet den, {councils[which]}"), days[which])
        person.press(page.get_by_role("button", name="Se, hvad det ændrer").last)
        expect(page.locator("main")).to_contain_text("bliver »Godkendt i rådet«")
        assert not wrong(page, scripts)
        person.press(page.get_by_role("button", name="Registrér 2 linjer"))
        expect(page.get_by_role("status")).to_contain_text("2 linjer i journalen")
        assert person.actions == 4


@pytest.mark.parametrize(("hand", "scripts", "size"), KINDS)
def test_a_round_is_opened_in_eight_actions(
    browser: Browser, address: str, hand: type[Mouse], scripts: bool, size: int
) -> None:
    with opened(browser, address, size, scripts) as page:
        page.goto("/")
        person = hand(page)
        person.press(page.get_by_role("link", name="Åbn en runde"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Åbn en runde")
        assert not wrong(page, scripts)
        person.choose(page.locator("#region"), "Region Midtjylland")
        person.choose(page.locator("#period"), "2026-2029, efter BEK 1248/2022")
        person.write(page.locator("#label"), f"2028-2031-{_which(hand, scripts)}-{size}")
        person.write(page.locator("#last"), "31. december 2031")
        person.write(page.locator("#last_source"), "SSU den 4. november 2026, punkt 3")
        person.press(page.get_by_role("button", name="Se, hvad det giver"))
        expect(page.locator("main")).to_contain_text("De datoer, der opstår")
        assert not wrong(page, scripts)
        person.press(page.get_by_role("button", name="Åbn runden"))
        expect(page.get_by_role("status")).to_contain_text("Runden er åbnet")
        assert person.actions == 8 and person.steps <= 80, (person.actions, person.steps)


def test_the_keyboard_goes_down_a_column_and_a_column_is_pasted_in_its_cells(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, 0, True) as page:
        page.goto("/aftaler/syddanmark/2027-2031/raad/ret")
        cells = page.locator('[data-column="meets_on"]')
        cells.nth(7).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert cells.nth(9).evaluate("e => e === document.activeElement")
        page.keyboard.press("ArrowUp")
        _paste(page, "16-06-2027\r\n17-06-2027\r\n")
        assert [cells.nth(n).input_value() for n in (7, 8, 9, 10)] == ["", "16-06-2027", "17-06-2027", ""]
        _paste(page, "Vejle\t18-06-2027\n")
        assert page.locator("#block").input_value() == "Vejle\t18-06-2027"


def _paste(page: Page, text: str) -> None:
    """What the browser tells a page of a paste; the clipboard itself belongs to the machine."""
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste",
        {clipboardData: data, bubbles: true, cancelable: true})); }""", text,
    )  # fmt: skip


def _whole(page: Page) -> None:
    """The whole table: on a phone it begins with five councils, and a link shows the rest."""
    rest = page.get_by_role("link", name=re.compile(r"^Vis de \d+ næste"))
    if (page.viewport_size or {"width": 0})["width"] < 704:
        rest.click()
        expect(rest).to_be_hidden()


def opened(browser: Browser, address: str, size: int, scripts: bool) -> Any:
    """A page of one of :data:`SIZES`."""
    width, height, scheme = SIZES[size]
    viewport: Any = {"width": width, "height": height}
    return _Opened(
        context(browser, address, viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)
    )


class _Opened:
    def __init__(self, around: Any) -> None:
        self.around = around

    def __enter__(self) -> Page:
        page: Page = self.around.new_page()
        return page

    def __exit__(self, *_: object) -> None:
        self.around.close()


def _which(hand: type[Mouse], scripts: bool) -> int:
    return 2 if not scripts else int(hand is Keys)


def wrong(page: Page, scripts: bool) -> list[str]:
    """What axe finds. It needs scripts itself, and the page is the same without."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "the page scrolls sideways"
    if not scripts:
        return []
    return [bad["id"] for bad in violations(page)]
