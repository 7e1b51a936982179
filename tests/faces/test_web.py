"""The status page and ``/healthz``: what a coordinator reads, and what a browser is allowed to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlmodel import col

from tests.conftest import ROOT
from tests.faces.conftest import MORNING, guest, later
from tests.faces.web import shown_demo
from tests.faces.web.shown_demo import Read, read
from workflow.errors import Misconfigured
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.ends import confirm_end
from workflow.services.views.board import board, shortfalls
from workflow.services.views.status import workable
from workflow.services.watch.heartbeat import beat
from workflow.settings import Settings
from workflow.storage import meta
from workflow.storage.database import create, writing
from workflow.storage.letters.alarms import raise_alarm
from workflow.storage.tables import DeadlineRow

shown = shown_demo.shown


@pytest.fixture
def place(settings: Settings) -> Iterator[Workplace]:
    with open_workplace(settings) as place:
        yield place


@pytest.fixture(scope="module")
def page(shown: tuple[TestClient, Workplace]) -> Read:
    """The page after one tick."""
    return read(shown[0], "/")


def test_every_agreement_stands_on_the_page_with_its_next_date_and_the_days_left(
    page: Read, shown: tuple[TestClient, Workplace]
) -> None:
    _, place = shown
    for standing in workable(place.engine, place.rulebook, danish_day(MORNING))[0]:
        assert f"/aftaler/{standing.agreement.key}" in [each["href"] for each in page.all("a")]
    assert "Om 189 dage mandag den 31. maj 2027 Svar fra rådene ønskes, version 1 (aftalt)" in page.text
    assert "2027-05-31" in [each["datetime"] for each in page.all("time")]


def test_what_is_overdue_comes_first_and_says_so_in_words(page: Read) -> None:
    first = page.text.partition("Kræver handling i dag")[2].partition("De næste syv dage")[0]
    assert (
        "Overskredet Midtvejsstatus udarbejdet (bekendtgørelsen) Region Midtjylland; fristen udløb for 339 dage"
        in first
    )
    assert "/aftaler/midtjylland/2024-2027/frister/midterm-order" in [each["href"] for each in page.all("a")]


def test_a_minimum_of_meetings_at_risk_is_named_and_is_not_overdue(page: Read) -> None:
    """O-10 to O-13."""
    first = page.text.partition("Kræver handling i dag")[2].partition("De næste syv dage")[0]
    said = "med det planlagte Region Nordjylland; et mindstekrav, ikke en overskredet frist (for"
    assert "Mødeminimum i fare" in first and said in first
    assert "/aftaler/nordjylland/2024-2027#moeder" in [each["href"] for each in page.all("a")]


def test_a_young_year_has_no_minimum_at_risk(place: Workplace) -> None:
    regions = [region.id for region in place.rulebook.regions]
    for day, any_ in (
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
    ):  # the first letter comes 121 days before
        found = shortfalls(place.rulebook, board(place.engine, place.rulebook, regions, day), day)
        assert bool(found) is any_


def test_where_nothing_is_urgent_the_page_says_so(client: TestClient, place: Workplace) -> None:
    with writing(place.engine) as session:
        session.execute(update(DeadlineRow).where(col(DeadlineRow.status) == "overdue").values(status="met"))
    gone = Fact(
        0,
        "regime-confirmed",
        danish_day(MORNING),
        due=date(2026, 1, 1),
        source="Lov 719/2025 § 24",
        by="test",
    )
    today = danish_day(MORNING)  # and no body owes meetings under a law that has ended
    confirm_end(place.engine, place.rulebook, gone, regime="bek-1248-2022", today=today, at=MORNING)
    assert "Intet kræver handling i dag" in Read(client.get("/").text).text


def test_councils_that_have_not_answered_are_counted_and_stand_on_the_map(page: Read) -> None:
    assert "6 af 23 råd har godkendt; 17 mangler" in page.text
    assert "Kort over de 98 kommuner" in page.text
    assert "82 har godkendt, 16 mangler at svare" in page.text
    assert "Aabenraa Kommune: afventer (2027-2031)" in page.text
    rows = page.text.partition("De 98 kommunalbestyrelsers svar")[2]
    assert "Aabenraa Kommune Region Syddanmark 2027-2031 1 … afventer" in rows


def test_a_rule_that_may_have_ended_is_marked_where_it_counts_and_explained_once(page: Read) -> None:
    said = "Usikkert retsgrundlag. Reglen kan være ophævet pr. 1. januar 2026 eller 1. januar 2027"
    assert page.text.count(said) == 1
    assert page.text.count("(usikker)") >= 5


def test_the_newest_letters_stand_in_a_table_with_their_state_in_danish(page: Read) -> None:
    assert len(page.all("caption")) == len(page.all("table")) == 2
    assert "overgivet til mailserver" in page.text
    assert {"scope": "col"} in page.all("th")


def test_the_foot_says_where_the_letters_lie_and_when_the_last_tick_was(
    page: Read, shown: tuple[TestClient, Workplace]
) -> None:
    assert str(shown[1].settings.inbox) in page.text
    assert "Seneste gennemløb: mandag den 23. november 2026 kl. 9.00" in page.text


def test_the_page_is_danish_has_one_heading_a_skip_link_and_machine_readable_times(page: Read) -> None:
    assert page.all("html") == [{"lang": "da"}]
    assert len(page.all("h1")) == 1
    assert page.all("a")[0]["href"] == "#indhold"
    assert [each["aria-label"] for each in page.all("nav")] == ["Hovedmenu"]
    assert page.all("main")[0]["id"] == "indhold"
    assert all(each["datetime"] for each in page.all("time"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [
        attributes["aria-labelledby"] or ""
        for _, attributes in page.elements
        if "aria-labelledby" in attributes
    ]
    assert {each for names in named for each in names.split()} <= set(ids)


def test_nothing_on_the_page_is_inline_a_script_or_from_elsewhere(page: Read) -> None:
    assert page.all("script") == page.all("style") == page.all("img") == page.all("iframe") == []
    assert not [attributes for _, attributes in page.elements if "style" in attributes]
    assert [each["href"] for each in page.all("link")] == ["/style.css"]


@pytest.mark.parametrize("path", ["/", "/style.css", "/healthz", "/nowhere"])
def test_every_answer_tells_the_browser_to_run_nothing(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    own = "style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    assert headers["Content-Security-Policy"] == f"default-src 'none'; {own}"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"  # under no-referrer our own forms would show no origin
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == ("max-age=300" if path == "/style.css" else "no-store")


def test_the_style_knows_the_dark_the_narrow_and_the_printer(client: TestClient) -> None:
    style = client.get("/style.css")
    assert style.headers["Content-Type"].startswith("text/css")
    for wanted in ("prefers-color-scheme: dark", "max-width: 44rem", "@media print", ":focus-visible"):
        assert wanted in style.text


def test_what_people_typed_is_never_markup(place: Workplace, client: TestClient) -> None:
    with writing(place.engine) as session:
        raise_alarm(session, "x", "alarm", '<script>alert(1)</script> & "Ærø"', MORNING)
    page = client.get("/").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
    assert "Kræver handling" in Read(page).text


def test_many_alarms_do_not_push_the_agreements_off_the_page(place: Workplace, client: TestClient) -> None:
    with writing(place.engine) as session:
        for number in range(50):
            raise_alarm(session, f"x{number}", "alarm", f"alarm {number}", later(seconds=number))
    text = Read(client.get("/").text).text
    assert "alarm 49" in text
    assert "alarm 40" not in text
    assert "… og 44 alarmer til." in text


def test_healthz_is_well_for_five_minutes_after_a_tick(place: Workplace) -> None:
    now = [MORNING]
    with guest(create_app(lambda: place, lambda: now[0])) as client:
        unborn = client.get("/healthz")
        assert (unborn.status_code, unborn.json()) == (503, {"status": "stale", "last_tick": None})
        beat(place.engine, MORNING)
        well = client.get("/healthz")
        assert (well.status_code, well.json()) == (200, {"status": "ok", "last_tick": MORNING.isoformat()})
        now[0] = later(minutes=5)
        assert client.get("/healthz").status_code == 200
        now[0] += timedelta(seconds=1)
        assert client.get("/healthz").status_code == 503
        assert "har ikke meldt sig i over fem minutter" in Read(client.get("/").text).text


def test_a_page_that_is_not_there_and_a_method_that_is_not_allowed_get_a_sentence(client: TestClient) -> None:
    nowhere = client.get("/nowhere")
    assert (nowhere.status_code, Read(nowhere.text).all("html")) == (404, [{"lang": "da"}])
    assert "Siden findes ikke, eller du har ikke adgang til den." in Read(nowhere.text).text
    for method in ("POST", "PUT", "DELETE"):
        refused = client.request(method, "/")
        assert refused.status_code == 405
        assert "Siden kan ikke bruges på den måde." in Read(refused.text).text
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_without_its_database_the_page_says_sorry_and_healthz_is_ill(
    place: Workplace, client: TestClient
) -> None:
    place.engine.dispose()
    place.settings.data_dir.joinpath("aftale.db").unlink()
    assert client.get("/").status_code == 503
    assert "skriv til dem, der driver siden" in client.get("/").text
    assert client.get("/healthz").status_code == 503


def test_an_empty_database_says_how_to_begin(settings: Settings) -> None:
    empty = f"sqlite:///{settings.data_dir / 'empty.db'}"
    engine = create(empty)
    with writing(engine) as session:
        meta.put(session, "demo", "yes")
    engine.dispose()
    with (
        open_workplace(settings.model_copy(update={"db": empty})) as place,
        guest(create_app(lambda: place, lambda: MORNING)) as client,
    ):
        text = Read(client.get("/").text).text
    assert "Der er ingen aftaler endnu" in text
    assert "Der er ikke planlagt eller sendt breve endnu" in text


def test_with_a_mail_server_the_foot_names_it_to_whoever_runs_the_installation(settings: Settings) -> None:
    away = settings.model_copy(update={"smtp_host": "smtp.nord.example", "sender": "frist@nord.example"})
    with open_workplace(away) as place, guest(create_app(lambda: place, lambda: MORNING)) as client:
        text = " ".join(Read(client.get("/").text).text.split())
    assert "Brevene overgives til en mailserver: smtp.nord.example:587." in text


def test_a_broken_page_is_refused_at_the_start(settings: Settings, place: Workplace) -> None:
    own = settings.data_dir / "own"
    shutil.copytree(ROOT / "templates", own)
    (own / "pages" / "rounds" / "front.html").write_text("{% if %}", encoding="utf-8")
    refused_at_the_start(settings, own, "a page cannot be read: Expected an expression")


def test_own_pages_that_lie_flat_are_refused_at_the_start_and_not_when_a_reader_comes(
    settings: Settings, place: Workplace
) -> None:
    own = settings.data_dir / "own"
    (own / "pages").mkdir(parents=True)
    for path in (ROOT / "templates" / "pages").rglob("*.*"):
        shutil.copy(path, own / "pages")
    refused_at_the_start(settings, own, r"pages/contacts/confirm\.html.*the page is missing")


def refused_at_the_start(settings: Settings, own: Path, said: str) -> None:
    with open_workplace(settings) as whole, pytest.raises(Misconfigured, match=said):
        broken = Workplace(
            settings.model_copy(update={"templates": own}),
            whole.engine,
            whole.rulebook,
            whole.letters,
            "x",
            "y",
        )
        create_app(lambda: broken, lambda: MORNING)
