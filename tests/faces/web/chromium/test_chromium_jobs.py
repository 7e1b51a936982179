"""What a secretary does in a week, each errand from where it arises to its end, on a desk, a phone and in the dark:
without scripts of its own, and axe finds nothing where it ends.

Meeting days, approvals, and opening a round stand in ``test_chromium_grid.py``, reasons for a lawyer in
``test_chromium_week.py``, the first hour in ``test_first_hour.py``, each on the three too. By keyboard alone: contacts
(``test_chromium_contacts.py``), people (``test_chromium_people.py``), answers (``test_chromium_answers.py``).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.faces.conftest import MORNING
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium import test_chromium_grid as grid
from tests.faces.web.chromium.test_chromium import LOOKS, SYD, context
from tests.faces.web.chromium.test_chromium_answers import mailed
from tests.faces.web.hands import Mouse, follow, violations
from workflow.faces.daemon.workplace import open_workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.settings import Settings

pytestmark = chromium.pytestmark
address, browser, now = chromium.address, chromium.browser, grid.now


@pytest.fixture(scope="module")
def data(ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with an agreement for each look, whose text is not sent yet."""
    data = tmp_path_factory.mktemp("jobs")
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    with open_workplace(Settings(data_dir=data)) as place:
        for look in LOOKS:
            open_agreement(
                place.engine, place.rulebook, Fact(0, "opened", danish_day(MORNING), source="test", by="test"),
                region="midtjylland", term="2026-2029", label=look, at=MORNING,
            )  # fmt: skip
    return data


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, address: str, look: str) -> Iterator[Page]:
    with context(browser, address, **LOOKS[look]) as opened:
        yield opened.new_page()


class Secretary(Mouse):
    """Follows links and presses buttons that lead to another page; no page is wider than her screen."""

    def to(self, what: Locator) -> None:
        self.actions += 1
        follow(self.page, what)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def link(self, name: str | re.Pattern[str], exact: bool = False) -> None:
        self.to(self.page.get_by_role("link", name=name, exact=exact).first)

    def button(self, name: str) -> None:
        self.to(self.page.get_by_role("button", name=name, exact=True))

    def ends(self, actions: int) -> None:
        """The errand took so many actions at most, and axe finds nothing where it ends."""
        assert self.actions <= actions, self.actions
        assert [bad["id"] for bad in violations(self.page)] == []

    def all_of(self, place: Locator) -> None:
        """Show the rest of a list that a phone folds."""
        rest = place.get_by_role("link", name=re.compile("^Vis de .* næste"))
        if rest.first.is_visible():
            rest.first.click()
            self.actions += 1


def test_what_is_due_in_sixty_days_and_who_does_it(page: Page) -> None:
    page.goto("/")
    she = Secretary(page)
    she.link("Frister", exact=True)
    she.link("De næste 60 dage")
    first = page.locator("tbody tr").first
    box = first.bounding_box()
    assert box and box["y"] < 560
    expect(first.locator('[data-name="Hvem"]')).not_to_be_empty()
    assert "Årets møder" in page.locator("table").inner_text() or page.locator(".rest").is_visible()
    end = MORNING.date() + timedelta(days=60)
    days = re.findall(r"(\d+)\. (\w+) (\d{4})", page.locator("table").inner_text().replace("\xa0", " "))
    assert days and {int(year) for _, _, year in days} <= {MORNING.year, end.year}
    she.ends(2)


def test_the_dates_come_into_a_calendar_of_ones_own(page: Page) -> None:
    page.goto("/")
    she = Secretary(page)
    she.link("Fristerne i din kalender")
    she.button("Lav kalender")
    held = page.request.get(urlsplit(page.locator("code.hash").inner_text().strip()).path)
    assert held.ok and held.text().startswith("BEGIN:VCALENDAR")
    she.ends(2)


def test_last_weeks_letters_and_one_of_them_again(page: Page, look: str) -> None:
    page.goto("/")
    she = Secretary(page)
    she.to(page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Breve"))
    she.link("Ugen før")
    expect(page.locator(".lead")).to_contain_text("Uge 47")
    page.goto("/breve?tilstand=overgivet&region=midtjylland")
    she = Secretary(page)
    she.to(page.locator("tbody th a").first)
    she.press(page.get_by_text("Send igen", exact=True).first)
    she.write(page.get_by_label("Hvorfor sendes det igen?"), f"de kan ikke finde det, {look}")
    she.button("Send igen")
    expect(page.get_by_role("status").get_by_text("kopi").first).to_be_visible()
    she.ends(4)


def test_the_dates_in_excel_and_the_status_on_one_page(page: Page) -> None:
    page.goto("/frister")
    she = Secretary(page)
    with page.expect_download() as fetched:
        she.press(page.get_by_role("link", name="Disse frister som Excel"))
    assert fetched.value.suggested_filename.endswith(".xlsx")
    page.goto(SYD)
    she.link("Statusark til print")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Statusark")
    she.ends(2)


def test_a_reminder_is_moved_and_goes_back(page: Page) -> None:
    page.goto("/kontakter?region=midtjylland")
    she = Secretary(page)
    she.all_of(page.locator(".head"))
    she.link("Brevenes indstillinger")
    she.all_of(page.locator("main"))
    she.link("Ret Årlig gennemgang", exact=True)
    she.write(page.get_by_label("Dage før"), "60, 20")
    she.button("Vis, hvad der ændrer sig")
    expect(page.locator("main")).to_contain_text("Intet er gemt endnu")
    she.button("Gem")
    expect(page.get_by_role("status")).to_contain_text("Gemt.")
    row = page.get_by_role("row").filter(has_text="Årlig gennemgang").filter(has_text="(ændret)")
    assert (
        "60, 20 dage før" in (row.text_content() or "")
        if row.count()
        else "60, 20 dage før" in page.content()
    )
    she.button("Fortryd den seneste ændring")
    assert "(ændret)" not in page.content()
    she.ends(8)


def test_the_latest_day_to_send_the_text(page: Page) -> None:
    page.goto(SYD)
    she = Secretary(page)
    she.link("Rundeplan", exact=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rundeplan")
    expect(page.locator("main")).to_contain_text("Sidste møde")
    she.ends(1)


def test_what_happened_last_month(page: Page) -> None:
    page.goto(SYD)
    she = Secretary(page)
    she.link("Log", exact=True)
    she.press(page.get_by_text("Vælg, hvad der vises"))
    she.write(page.get_by_label("Fra", exact=True), date(2026, 10, 1).isoformat())
    she.to(page.locator("form.filter button"))
    expect(page.locator("main table")).to_be_visible()
    she.link("Månedsrapport")
    expect(page.get_by_role("heading", level=1)).to_contain_text("november 2026")
    she.ends(5)


def test_the_text_is_uploaded_and_is_with_the_councils(page: Page, look: str, tmp_path: Path) -> None:
    text = tmp_path / "aftale.pdf"
    text.write_bytes(b"%PDF-1.4\n%%EOF\n")
    page.goto(f"/aftaler/midtjylland/{look}")
    she = Secretary(page)
    she.link("Registrér", exact=True)
    event = page.get_by_role("link", name=re.compile("^Sendt til godkendelse"), include_hidden=True).first
    she.all_of(page.locator("main section").filter(has=event))
    she.to(event)
    she.write(page.locator("#on"), "2026-11-23")
    she.write(page.locator("#due"), "2027-05-31")
    she.write(page.locator("#source"), "Brev til rådene, sag 26/1")
    page.locator("#document").set_input_files(text)
    she.to(page.locator("main form button").first)
    expect(page.locator("main")).to_contain_text("Intet er gemt endnu")
    she.to(page.locator("form.confirm button").first)
    expect(page.get_by_role("status")).to_contain_text("Registreret.")
    she.ends(8)


def test_a_contact_is_changed_and_tested(page: Page, look: str) -> None:
    page.goto("/")
    she, new = Secretary(page), f"ny-{look}@aalborg.example"
    she.link("Kontakter", exact=True)
    she.link("Nordjylland", exact=True)
    she.all_of(page.locator(".rest").last)
    she.link("Aalborg Kommune", exact=True)
    she.write(page.get_by_label("Adresse", exact=True), new)
    she.button("Gem, og send prøvemail")
    expect(page.get_by_text("Mailserveren tog imod prøvemailen")).to_be_visible()
    expect(page.get_by_text(new).first).to_be_visible()
    she.ends(6)


def test_a_wrong_date_is_mended(page: Page, look: str) -> None:
    council = {"desk": "Middelfart", "phone": "Assens", "dark": "Nyborg"}[look]
    page.goto(f"{SYD}/raad")
    she = Secretary(page)
    she.link(f"ret {council} Kommune")
    she.write(page.get_by_role("textbox", name=f"Besluttet den, {council}"), "5. november 2026")
    she.to(page.get_by_role("button", name="Se, hvad det ændrer").last)
    expect(page.locator("main")).to_contain_text("bliver »Godkendt i rådet«")
    she.button("Registrér 2 linjer")
    expect(page.get_by_role("status")).to_contain_text("2 linjer i journalen")
    she.ends(4)


def test_a_council_answers_from_its_letter(page: Page, look: str, data: Path) -> None:
    page.goto(mailed(data)[list(LOOKS).index(look)])
    she = Secretary(page)
    she.press(page.get_by_label("Godkendt", exact=True))
    she.write(page.get_by_label("Mødet var den"), "2026-11-23")
    she.button("Send svaret")
    expect(page.get_by_text("Svaret er modtaget")).to_be_visible()
    she.ends(3)


def test_a_colleague_is_invited(page: Page, look: str) -> None:
    page.goto("/")
    she = Secretary(page)
    she.link("Personer", exact=True)
    she.write(page.get_by_label("Mailadresse"), f"{look}@frist.example")
    she.write(page.get_by_label("Navn"), f"Mia {look}")
    she.button("Send invitationen")
    expect(page.get_by_text("Invitationen er afleveret til mailserveren")).to_be_visible()
    she.ends(4)
