"""Every page and state in a real browser: by axe in the light and in the dark, narrow, and asking nobody else.

The routes say which pages there are, so a page that no row here shows fails. A server and a demo of its own.
"""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from starlette.routing import compile_path

from tests.faces.conftest import MORNING
from tests.faces.web.chromium import test_chromium as chromium
from tests.faces.web.chromium.test_chromium import MIDT, SYD, VARDE, context
from tests.faces.web.hands import OF_COLOUR, follow, violations
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.faces.web.gate.routes import table
from workflow.mail.links import Calendar, reader_of, sealed_calendar
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.hearing.entering import add_remark, decide, take_answer
from workflow.services.hearing.note import publish
from workflow.services.hearing.replying import reply
from workflow.services.people.contacts.confirming import ask_bodies
from workflow.services.people.inviting import invite
from workflow.services.views.calendars.feeds import add_feed
from workflow.settings import Settings
from workflow.storage.database import writing
from workflow.storage.facts import journal
from workflow.storage.facts.documents import Attached
from workflow.storage.facts.reported import ReportedDecision

pytestmark = chromium.pytestmark
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
address, browser = chromium.address, chromium.browser
NORD = "/aftaler/nordjylland/2027-2031"  # with a hearing, and its text with the councils
ROWS = [
    "/", "/?pr=2023-11-21", "/aftaler", "/frister", "/frister?status=overdue", "/frister?status=lapsed", "/kontakter",
    "/kontakter/ny", "/indstillinger/afsender", "/indstillinger", "/indstillinger/breve/council-pending",
    "/kontakter/indlaes", "/kontakter/1", "/kontakter/bekraeftelser", "/aftaler/ny",
    "/regler", "/regler/bek-1248-2022", "/regler/lukkedage", "/regler/nye", "/regler/pligter", "/regler/laesninger",
    "/personer", "/personer?region=alle", "/personer/1", "/personer/mig",
    "/opsaetning", "/opsaetning/kode", "/opsaetning/spor", "/opsaetning/spor?what=x",
    "/regler/bek-1248-2022/ophoer", "/regler/laesninger/udloeb-2024-2027",
    "/soeg?q=syd", "/soeg?q=zzzz",
    SYD, MIDT, f"{SYD}/raad", f"{SYD}/raad/ret", f"{SYD}/raad/fortryd/3", f"{SYD}/rundeplan", f"{SYD}/hvad-nu-hvis",
    f"{NORD}/hoering", f"{NORD}/hoering/part/0851", f"{NORD}/hoering/notat", f"{SYD}/hoering",
    f"{SYD}/sager", f"{NORD}/sager", f"{NORD}/hoering/offentliggjort", "/indstillinger/sager",
    "/dokument", "/dokument?nr=x",
    f"{SYD}/log", f"{SYD}/ring", f"{SYD}/maanedsrapport", f"{SYD}/maanedsrapport?maaned=2026-10",
    f"{SYD}/log?raad=0630&hvad=journal&fra=x",
    "/moeder", "/moeder/0851", "/min-uge",
    f"{SYD}/breve", f"{SYD}/journal", f"{SYD}/statusark", f"{SYD}/frister/submission", f"{SYD}/frister/submission/mail",
    f"{SYD}/fortid", f"{SYD}/registrer", f"{SYD}/registrer/council-approved", f"{SYD}/registrer/submitted",
    f"{SYD}/registrer/consultation-opened", f"{MIDT}/registrer/meeting-planned", f"{MIDT}/frister/midterm-order",
    "/aftaler?pr=2024-05-01", "/frister?pr=2024-05-01", "/kontakter?pr=2024-05-01", "/modtaget", "/svar", VARDE,
    "/modtaget/nordjylland/2024-2027", f"{VARDE}/link", "/breve",
    "/breve?tilstand=overgivet&organ=0851", "/breve/kommende?region=nordjylland", "/breve/1", "/breve/25",
    "/alarmer", "/log-ind", "/log-ind/kode",
    "/tilgaengelighed", "/privatliv",
    "/findes-ikke", "/kalendere", f"{MIDT}/frister/annual-review/2026", "/log-ind/ugyldigt",
    "/svar/ugyldigt", "/kvitter/ugyldigt", "/delt/ugyldigt", "/fil/ugyldigt", "/indberetninger/1",
    "/frister?pr=ugyldigt",
]  # fmt: skip
NO_PAGE = {  # a file, a machine's answer, or a step on the way elsewhere
    "/style.css", "/grid.js", "/healthz", "/readyz", "/metrics", "/.well-known/security.txt", "/kalender/{secret}.ics",
    "/eksport/{what}.{kind}", "/aftaler/{region}/{label}/eksport/{what}.{kind}",
    "/aftaler/{region}/{label}/dokumenter/{digest}", "/modtaget/{region}/{label}/dokumenter/{digest}",
    "/aftaler/{region}/{label}/maanedsrapport.pdf", "/aftaler/{region}/{label}/maanedsrapport.docx",
    "/aftaler/{region}/{label}/frister/{rule}/grund.txt", "/aftaler/{region}/{label}/frister/{rule}/grund.pdf",
    "/aftaler/{region}/{label}/frister/{rule}/{subject}/grund.txt",
    "/aftaler/{region}/{label}/frister/{rule}/{subject}/grund.pdf",
    "/aftaler/{region}/{label}/frister/{rule}/frist.ics", "/aftaler/{region}/{label}/statusark.pdf",
    "/aftaler/{region}/{label}/frister/{rule}/{subject}/frist.ics",
    "/breve/{number}/brev.eml", "/breve/{number}/bevis.zip", "/indberetninger/{number}/udskrift",
    "/aftaler/{region}/{label}/hoering/notat.docx", "/aftaler/{region}/{label}/hoering/notat.txt",
    "/aftaler/{region}/{label}/hoering/dokument/{digest}", "/aftaler/{region}/{label}/sager.zip",
    "/aftaler/{region}/{label}/sager/{council}.docx", "/svar/{token}/sag",
    "/svar/{region}/{label}/{version}/{council}/sag",
    "/svar/{token}/tekst", "/svar/{region}/{label}/{version}/{council}/tekst", "/fil/{token}",
}  # fmt: skip


@pytest.fixture(scope="module")
def data(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with a subscribed calendar and a council's report, number 1, which waits for a secretariat."""
    data = tmp_path_factory.mktemp("every")
    shutil.copy(demo_template, data / "aftale.db")
    with open_workplace(Settings(data_dir=data)) as place:
        add_feed(
            place.engine,
            place.rulebook,
            region="syddanmark",
            body="",
            name="Syd",
            by="guest@demo",
            at=MORNING,
        )
        _reported(place)
        _heard(place)
        ask_bodies(place.engine, place.rulebook, "nordjylland", "x", MORNING, place.settings.base_url)
        invite(
            place.engine, place.rulebook, email="bo@frist.example", name="Bo", role="secretariat",
            region="nordjylland", at=MORNING,
        )  # fmt: skip
    return data


def _heard(place: Workplace) -> None:
    """A hearing with an answer in time and a late one, its note published, and the text sent to the councils."""
    engine, rulebook, key, by = place.engine, place.rulebook, "nordjylland/2027-2031", "Anne"
    day = MORNING.date() - timedelta(days=20)
    facts = [
        Fact(0, "consultation-opened", day, due=day + timedelta(days=5), time="12:00", source="x", by=by),
        Fact(0, "sent-for-approval", day + timedelta(days=8), source="x", by=by),
    ]
    for fact in facts:
        text = Attached("aftale.docx", b"teksten") if fact.event == "sent-for-approval" else None
        record(engine, rulebook, key, fact, today=MORNING.date(), at=MORNING, attached=text)
    take_answer(
        engine, rulebook, key, "0851", day, "11:42", by, MORNING, attached=Attached("svar.pdf", b"svar")
    )
    take_answer(engine, rulebook, key, "piu", day + timedelta(days=7), "09:00", by, MORNING)
    add_remark(engine, rulebook, key, "0851", "Kapitel 3 mangler økonomi", by, MORNING, where="Kapitel 3")
    add_remark(engine, rulebook, key, "0851", "Ret stavefejl", by, MORNING)
    decide(engine, rulebook, key, 1, False, "økonomien aftales for sig", by, MORNING)
    decide(engine, rulebook, key, 2, True, "", by, MORNING)
    publish(engine, rulebook, key, MORNING.date(), "https://rn.example/hoering", by, MORNING)
    reply(engine, rulebook, key, "0851", "", by, MORNING, "")


def _reported(place: Workplace) -> None:
    with writing(place.engine) as session:
        row = journal.find(session, "nordjylland/2024-2027")
        session.add(
            ReportedDecision(
                agreement_id=row.id or 0, version=1, council="0851", event="council-approved", on=MORNING.date(),
                by="b@frist.example", reported_at=MORNING,
            )
        )  # fmt: skip


@pytest.fixture(scope="module")
def every_page(address: str, data: Path) -> list[str]:
    """Every page there is, with one link of each kind from the letters."""
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (data / "inbox").glob("*.eml")
    ]
    texts = "\n".join(body.get_content() for mail in mails if (body := mail.get_body(("plain",))))
    with open_workplace(Settings(data_dir=data)) as place:
        calendar = sealed_calendar(Calendar("0851", 2027, reader_of("sundhed@aalborg.example")), place.secret)
    links = [
        min(re.findall(rf"http://[^/\s]+(/{kind}/[\w.-]+)", texts))
        for kind in ("svar", "kvitter", "bekraeft")
    ]
    return [*ROWS, *links, f"{links[0]}/moeder", f"/moedeplan/{calendar}"]


def test_every_route_that_shows_a_page_has_a_row(data: Path, every_page: list[str]) -> None:
    with open_workplace(Settings(data_dir=data)) as place:
        app = create_app(lambda: place, lambda: MORNING)
        shown = {path for method, path in table(app) if method == "GET" and not path.startswith("/api/")}
        app.state.postman.close()
    paths = [urlsplit(each).path for each in every_page]
    assert shown >= NO_PAGE
    assert [
        path for path in shown - NO_PAGE if not any(compile_path(path)[0].match(each) for each in paths)
    ] == []


@pytest.mark.timeout(900)
def test_axe_finds_nothing_on_any_page_in_the_light_and_in_the_dark(
    browser: Browser, address: str, every_page: list[str]
) -> None:
    found = []
    with context(browser, address) as opened:
        tab = opened.new_page()
        for path in every_page:
            tab.goto(path)
            tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            for scheme, rules in (
                ("dark", OF_COLOUR),
                ("light", ()),
            ):  # nothing but colours differs in the dark
                tab.emulate_media(color_scheme=scheme)
                found += [
                    (path, scheme, bad["id"], bad["nodes"][0]["html"][:200])
                    for bad in violations(tab, *rules)
                ]
            tab.set_viewport_size({"width": 390, "height": 844})
            found += [(path, "phone", bad["id"], bad["nodes"][0]["html"][:200]) for bad in violations(tab)]
            tab.set_viewport_size({"width": 1280, "height": 800})
    assert found == []


def test_axe_reads_a_page_in_the_colours_it_is_told(browser: Browser, address: str) -> None:
    """White on white is found, and the same white in the dark is not: its word on the dark is one on the dark."""
    with context(browser, address) as opened:
        tab = opened.new_page()
        tab.goto("/tilgaengelighed")
        white = "Object.assign(document.createElement('p'), {textContent: 'Kan læses i mørke', style: 'color: #fff'})"
        tab.evaluate(f"document.querySelector('main').append({white})")
        found = {}
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)
            found[scheme] = [bad["id"] for bad in violations(tab)]
    assert found == {"light": ["color-contrast"], "dark": []}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_where_a_form_is_wrong_and_before_it_is_saved(
    browser: Browser, address: str, scheme: Any
) -> None:
    with context(browser, address, color_scheme=scheme) as opened:
        tab = opened.new_page()
        for on, heading in (("", "Ret dette"), ("2026-11-23", "Intet er gemt endnu")):
            tab.goto(f"{SYD}/registrer/goals-set")
            tab.locator("main form").evaluate("form => form.noValidate = true")
            tab.locator("#on").fill(on)
            follow(tab, tab.locator("main form button").first)
            assert heading in tab.locator("main").inner_text()
            assert not violations(tab)


TALLEST, HIGHEST = 4_000, 500  # css px of a whole page on a phone, and where what it is about begins
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
BEGINS = """[...document.querySelectorAll("main > *")].find(each => each.checkVisibility()
  && !each.matches(".crumbs, .head, .tabs, h1, .asof, .filter, .rest, .shorter, .hidden"))
  ?.getBoundingClientRect().top ?? 1e9"""


@pytest.fixture(scope="module")
def requests() -> list[str]:
    """Every address that the browser asked for while the pages were measured."""
    return []


@pytest.fixture(scope="module")
def sizes(
    browser: Browser, address: str, every_page: list[str], requests: list[str]
) -> dict[tuple[str, int], tuple[int, int, int]]:
    """How wide and tall each page is at each width, and how far down its content begins; without scripts."""
    found = {}
    with context(browser, address, java_script_enabled=False) as opened:
        tab = opened.new_page()
        tab.on("request", lambda request: requests.append(request.url))
        for path in every_page:
            tab.goto(path)
            for width in (320, 390, 640):  # 640 css px is a 1280 px screen at 200 %
                tab.set_viewport_size({"width": width, "height": 700})
                found[path, width] = (*tab.evaluate(SIZE), tab.evaluate(BEGINS))
    return found


@pytest.mark.timeout(900)
def test_no_request_leaves_the_machine(
    sizes: dict[tuple[str, int], tuple[int, int, int]], requests: list[str], address: str
) -> None:
    assert len(requests) > len({path for path, _ in sizes})
    assert {urlsplit(url).netloc for url in requests} == {urlsplit(address).netloc}
    files = {
        urlsplit(url).path for url in requests if url.endswith((".css", ".js", ".png", ".woff2", ".ico"))
    }
    assert files <= {"/style.css", "/grid.js", "/favicon.ico"}


@pytest.mark.timeout(900)
def test_no_page_scrolls_sideways_on_a_phone_or_at_twice_the_size(
    sizes: dict[tuple[str, int], tuple[int, int, int]],
) -> None:
    assert [(path, width, wide) for (path, width), (wide, _, _) in sizes.items() if wide > width] == []


@pytest.mark.timeout(900)
def test_a_phone_shows_at_once_what_a_page_is_about_and_no_page_is_long(
    sizes: dict[tuple[str, int], tuple[int, int, int]],
) -> None:
    wrong = [
        f"{path} is {tall} px high, and its content begins at {begins} px"
        for (path, width), (_, tall, begins) in sizes.items()
        if width == 390 and (tall > TALLEST or begins > HIGHEST)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/breve", f"{SYD}/raad", SYD, "/"])
def test_the_rest_of_a_long_list_is_a_link_away_on_a_phone_and_stands_open_on_a_desk(
    browser: Browser, address: str, path: str
) -> None:
    shown = "[...document.querySelectorAll('.long > *, .tuck')].map(each => each.checkVisibility())"
    with context(browser, address, java_script_enabled=False) as opened:
        tab = opened.new_page()
        tab.goto(path)
        assert all(tab.evaluate(shown)) and not tab.locator(".rest").first.is_visible()
        tab.set_viewport_size({"width": 390, "height": 844})
        assert not all(tab.evaluate(shown)) and tab.locator(".rest a").count()
        closed = sum(tab.evaluate(shown))
        for _ in range(tab.locator(".rest a").count()):
            link = tab.locator(".rest a").filter(visible=True).first
            first = str(link.get_attribute("href"))
            link.focus()
            tab.keyboard.press("Enter")
            assert not link.is_visible() or link.get_attribute("href") != first
            assert tab.locator(first).is_visible()
            assert sum(tab.evaluate(shown)) > closed
