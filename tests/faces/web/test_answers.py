"""*From the mail*: a council reports through its link, the secretariat verifies, a reader acknowledges."""

from __future__ import annotations

import asyncio
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from tests.faces.web.conftest import Clock, SignIn, browser, csrf
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.agreements import open_agreement, record
from workflow.storage import journal
from workflow.storage.database import reading, writing

KEY = "nordjylland/2028-2031"
MEETING = "2026-11-23"
LINK = re.compile(r"http://[^\s/]+(/(?:svar|kvitter)/[\w.-]+)")


def happens(place: Workplace, clock: Clock, event: str, **more: object) -> None:
    today = danish_day(clock())
    fact = Fact(0, event, today, by="test", source="test", **more)  # type: ignore[arg-type]
    record(place.engine, place.rulebook, KEY, fact, today=today, at=clock())


def passes(place: Workplace, clock: Clock) -> list[tuple[str, str]]:
    """One pass of the daemon; every mail in the inbox as (to, text)."""
    asyncio.run(tick(place, clock()))
    found = []
    for path in sorted(Path(place.settings.inbox).glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body
        found.append((str(mail["To"]), body.get_content()))
    return found


@pytest.fixture
def mails(place: Workplace, clock: Clock) -> list[tuple[str, str]]:
    """What the councils got when version 1 was sent to them."""
    today = danish_day(clock())
    with writing(place.engine) as session:
        session.execute(text("UPDATE agreement SET wake_on = '2999-01-01'"))
    open_agreement(
        place.engine, place.rulebook, Fact(0, "opened", today, source="test", by="test"), region="nordjylland",
        term="2026-2029", label="2028-2031", at=clock(),
    )  # fmt: skip
    happens(place, clock, "sent-for-approval", due=datetime(2027, 1, 15, tzinfo=UTC).date(), version=1)
    return passes(place, clock)


@pytest.fixture
def link(mails: list[tuple[str, str]]) -> str:
    """Aalborg's."""
    return next(found[1] for to, body in mails if "aalborg" in to and (found := LINK.search(body)))


def answer(
    client: TestClient, app: FastAPI, link: str, event: str = "council-approved", **more: str
) -> Response:
    data = {"csrf": csrf(client, app), "event": event, "on": MEETING} | more
    return client.post(link, data=data)  # type: ignore[return-value]


def rows(place: Workplace, query: str) -> list[tuple[object, ...]]:
    with reading(place.engine) as session:
        return [tuple(row) for row in session.execute(text(query))]


def reports(place: Workplace) -> list[tuple[object, ...]]:
    return rows(place, "SELECT council, event, state FROM reported_decision ORDER BY id")


def decisions(place: Workplace) -> list[Fact]:
    with reading(place.engine) as session:
        found = journal.facts(session, journal.find(session, KEY))
    return [fact for fact in found if fact.event.startswith("council-")]


def bytes_of(place: Workplace) -> str:
    return hashlib.sha256((place.settings.data_dir / "aftale.db").read_bytes()).hexdigest()


@pytest.mark.fault("F69")
def test_every_link_of_every_letter_opened_ten_times_changes_nothing(
    app: FastAPI, place: Workplace, clock: Clock, mails: list[tuple[str, str]]
) -> None:
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # a month before the answers are wanted: reminders
    letters = passes(place, clock)
    links = {found for _, body in letters for found in re.findall(r"https?://[^\s>)]+", body)}
    kinds = {f"{urlsplit(one).path}/".split("/")[1] for one in links}
    assert {"svar", "kvitter"} <= kinds and len(links) > 20
    scanner, before = browser(app, peer="198.51.100.1"), bytes_of(place)
    for one in sorted(links):
        path = urlsplit(one).path or "/"
        for method in ("GET", "HEAD"):
            answers = {scanner.request(method, path).status_code for _ in range(10)}
            assert answers <= {200, 303}, (method, path)
    assert bytes_of(place) == before


def test_a_council_reports_the_secretariat_verifies_and_the_matrix_and_mails_follow(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    page = stranger.get(link)
    assert page.status_code == 200 and "Aalborg Kommune svarer om sundhedsaftalen 2028-2031" in page.text
    done = answer(stranger, app, link, remark="Enstemmigt")
    assert (done.status_code, done.headers["Location"]) == (303, link)
    assert "Svaret er modtaget" in stranger.get(link).text
    assert reports(place) == [("0851", "council-approved", "reported")] and decisions(place) == []
    receipts = [
        (to, body) for to, body in passes(place, clock) if "indberettet fra" in " ".join(body.split())
    ]
    assert len(receipts) == 3  # the council's mailbox and the two of the joint secretariat
    assert sum("gør indsigelse straks" in " ".join(body.split()) for _, body in receipts) == 1
    secretariat = signed_in("secretariat")
    assert "Bekræft svaret fra Aalborg Kommune" in secretariat.get("/").text
    assert "Indberettet, ikke bekræftet (1)" in secretariat.get(f"/aftaler/{KEY}/raad").text
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    where = f"/indberetninger/{number}"
    assert "Enstemmigt" in secretariat.get(where).text
    token = csrf(secretariat, app)
    without = secretariat.post(where, data={"csrf": token, "do": "bekraeft", "source": " "})
    assert without.status_code == 422 and "hvor rådets beslutning kan læses" in without.text
    verified = secretariat.post(
        where, data={"csrf": token, "do": "bekraeft", "source": "Protokol, punkt 12"},
        files={"document": ("protokol.pdf", b"%PDF", "application/pdf")},
    )  # fmt: skip
    assert verified.status_code == 303
    (fact,) = decisions(place)
    assert (fact.event, fact.council, fact.on.isoformat(), fact.version) == (
        "council-approved",
        "0851",
        MEETING,
        1,
    )
    assert fact.source.startswith("Protokol, punkt 12. Indberettet af ") and fact.document
    assert "Protokol, punkt 12" in secretariat.get(f"/aftaler/{KEY}/raad").text
    assert "Bekræft svaret" not in secretariat.get("/").text
    again = secretariat.post(where, data={"csrf": token, "do": "bekraeft", "source": "Protokol, punkt 12"})
    assert again.status_code == 303 and len(decisions(place)) == 1
    other = secretariat.post(where, data={"csrf": token, "do": "afvis", "why": "nej"})
    assert other.status_code == 409 and "blev bekræftet af Anne secretariat" in other.text
    assert "Beslutningen er registreret" in stranger.get(link).text


def test_a_report_turned_down_is_told_to_the_council_which_may_answer_again(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    answer(stranger, app, link)
    secretariat = signed_in("secretariat")
    token = csrf(secretariat, app)
    where = f"/indberetninger/{rows(place, 'SELECT id FROM reported_decision')[0][0]}"
    assert secretariat.post(where, data={"csrf": token, "do": "afvis", "why": ""}).status_code == 422
    assert (
        secretariat.post(where, data={"csrf": token, "do": "afvis", "why": "Sagen blev udsat"}).status_code
        == 303
    )
    assert [body for _, body in passes(place, clock) if "Begrundelse: Sagen blev udsat" in body]
    assert "Sagen blev udsat" in stranger.get(link).text
    assert answer(stranger, app, link, "council-postponed").status_code == 303
    assert [row[2] for row in reports(place)] == ["turned-down", "reported"] and decisions(place) == []


@pytest.mark.fault("F61")
def test_of_two_different_answers_at_once_one_is_kept_and_the_other_hears_who_and_when(
    app: FastAPI, place: Workplace, link: str
) -> None:
    clients = [browser(app, peer=f"203.0.113.{n}") for n in (8, 9)]
    tokens = [csrf(one, app) for one in clients]
    events = ("council-approved", "council-rejected")
    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(
                lambda one: one[0].post(link, data={"csrf": one[1], "event": one[2], "on": MEETING}),
                zip(clients, tokens, events, strict=True),
            )
        )
    assert sorted(one.status_code for one in answers) == [303, 409]
    refused = next(one for one in answers if one.status_code == 409)
    assert "har allerede indberettet" in refused.text and "23. november 2026 kl. 9.00" in refused.text
    assert len(reports(place)) == 1


@pytest.mark.fault("F63")
def test_the_same_answer_again_from_the_back_button_or_another_browser_is_one_report(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    for client in (stranger, stranger, browser(app, peer="203.0.113.9")):
        assert answer(client, app, link).status_code == 303
    assert len(reports(place)) == 1
    assert len([1 for _, body in passes(place, clock) if "indberettet fra" in " ".join(body.split())]) == 3


@pytest.mark.fault("F62")
def test_an_answer_after_the_submission_or_about_an_old_text_is_a_clear_no(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    happens(place, clock, "sent-for-approval", version=2)
    refused = answer(stranger, app, link)
    assert refused.status_code == 409 and "version 1 er erstattet af version 2" in refused.text
    with reading(place.engine) as session:
        codes = [
            row[0]
            for row in session.execute(text("SELECT DISTINCT body FROM contact WHERE function='council'"))
        ]
    own = [party.code for party in place.rulebook.parties("nordjylland", danish_day(clock()))]
    for code in own:
        assert code in codes or code
        happens(place, clock, "council-approved", council=code, version=2)
    happens(place, clock, "submitted", version=2)
    newer = next(
        one for one in [LINK.search(body) for to, body in passes(place, clock) if "aalborg" in to] if one
    )
    assert answer(stranger, app, newer[1]).status_code == 409
    assert reports(place) == []


@pytest.mark.fault("F67")
@pytest.mark.parametrize("how", ["forged", "of another purpose", "expired", "the mailbox ended", "nonsense"])
def test_a_link_that_is_not_good_reports_nothing(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, how: str
) -> None:
    match how:
        case "forged":
            link = link[:-4] + ("aaaa" if not link.endswith("aaaa") else "bbbb")
        case "of another purpose":
            link = link.replace("/svar/", "/kvitter/")
        case "expired":
            clock.at += timedelta(days=400)
        case "the mailbox ended":
            with writing(place.engine) as session:
                session.execute(text("UPDATE contact SET valid_to = '2026-11-22' WHERE body = '0851'"))
        case "nonsense":
            link = "/svar/%00%ff../../etc"
    refused = answer(stranger, app, link)
    assert refused.status_code in (404, 409), refused.status_code
    if how == "expired":
        assert "linket gjaldt til og med" in refused.text
    assert reports(place) == [] and decisions(place) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"event": ""}, "Vælg, hvad rådet besluttede."),
        ({"event": "submitted"}, "Vælg, hvad rådet besluttede."),
        ({"on": ""}, "Skriv en dato."),
        ({"on": "2026-11-01"}, "Mødet skal ligge mellem"),
        ({"on": "2026-12-24"}, "Mødet skal ligge mellem"),
        ({"remark": "x" * 501}, "Skriv højst 500 tegn."),
    ],
)
def test_an_answer_that_cannot_be_right_is_said_beside_its_field(
    app: FastAPI, place: Workplace, stranger: TestClient, link: str, data: dict[str, str], said: str
) -> None:
    refused = answer(stranger, app, link, **data)
    assert refused.status_code == 422 and said in refused.text and reports(place) == []


@pytest.mark.fault("F70")
def test_a_form_from_elsewhere_reports_nothing(place: Workplace, stranger: TestClient, link: str) -> None:
    stranger.get(link)
    assert stranger.post(link, data={"event": "council-approved", "on": MEETING}).status_code == 403
    assert reports(place) == []


@pytest.mark.fault("F71")
def test_markup_in_a_remark_is_text_on_the_page_and_in_the_mail(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    answer(stranger, app, link, remark="<script>alert(1)</script>")
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    for page in (stranger.get(link), signed_in("secretariat").get(f"/indberetninger/{number}")):
        assert "<script>" not in page.text and "&lt;script&gt;" in page.text
    passes(place, clock)
    for path in Path(place.settings.inbox).glob("*.eml"):
        html = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("html",))
        assert html and "<script" not in html.get_content()


def test_a_neighbour_may_not_verify(
    app: FastAPI, stranger: TestClient, link: str, signed_in: SignIn, place: Workplace
) -> None:
    answer(stranger, app, link)
    number = rows(place, "SELECT id FROM reported_decision")[0][0]
    assert signed_in("secretariat", region="midtjylland").get(f"/indberetninger/{number}").status_code == 404
    assert signed_in("administrator").get(f"/indberetninger/{number}").status_code == 404


def test_acknowledging_a_reminder_stops_its_repeats_until_the_date(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, mails: list[tuple[str, str]]
) -> None:
    def council_reminders() -> list[object]:
        return [row[0] for row in rows(
            place, "SELECT rung FROM notice WHERE letter='council-pending' AND recipient='0851/council' ORDER BY id"
        )]  # fmt: skip

    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    letters = passes(place, clock)
    link = next(
        one
        for to, body in letters
        if "aalborg" in to
        for one in LINK.findall(body)
        if one.startswith("/kvitter/")
    )
    assert council_reminders() == ["-30d"]
    for _ in range(2):
        assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303
    assert "Der er kvitteret" in stranger.get(link).text
    (state, why) = rows(
        place, "SELECT state, why FROM notice WHERE rung='-30d' AND recipient='0851/council'"
    )[0]
    assert state == "confirmed" and "modtageren gennem linket i mailen" in str(why)
    for day in (31, 38):
        clock.at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC) + timedelta(days=day)
        passes(place, clock)
    others = rows(place, "SELECT count(*) FROM notice WHERE letter='council-pending' AND rung='-14d'")
    assert council_reminders() == ["-30d"] and others[0][0] == 11
    clock.at = datetime(
        2027, 1, 18, 8, 0, tzinfo=UTC
    )  # the date has passed: that is told whatever was said before
    passes(place, clock)
    assert council_reminders() == ["-30d", "+1d"]
