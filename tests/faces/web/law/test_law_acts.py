"""*Reglernes ophør* and *Underskriv en læsning*: shown first, confirmed by another administrator, taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, csrf, enter, plain
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.services.facts.ends import ends_confirmed, waiting_end
from workflow.services.people.persons import add_person
from workflow.services.people.signin import begin_for
from workflow.storage.database import reading
from workflow.storage.facts import journal

PAGE, QUESTION = "/regler/bek-1248-2022/ophoer", "/regler/laesninger/udloeb-2024-2027"
END = {
    "ends": "2026-01-01", "source": "Lov 719/2025 § 24, stk. 2",
    "quote": "§ 5, nr. 12-15, træder i kraft den 1. januar 2026.",
}  # fmt: skip
SIGNED = {
    "reading": "2027-12-31", "name": "Anna Jensen", "office": "Juridisk kontor", "ground": "Aftalens § 1",
    "agreement": ["nordjylland/2024-2027", "midtjylland/2024-2027"],
}  # fmt: skip
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def admin(signed_in: SignIn) -> TestClient:
    return signed_in("administrator")


def post(client: TestClient, app: FastAPI, path: str, **form: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf": csrf(client, app)} | form)
    return answer.status_code, plain(answer)


def shown(page: str, last: bool = False) -> str:
    """The seal of what a page shows; the one of the proposal stands before that of a form."""
    found = re.findall(r'name="vist" value="([0-9a-f]{64})"', page)
    assert found, page
    return str(found[-1 if last else 0])


def facts(place: Workplace) -> int:
    with reading(place.engine) as session:
        return sum(row.fact_count for row in journal.all_agreements(session))


def confirmed(place: Workplace) -> list[str]:
    today = danish_day(MORNING)
    return ends_confirmed(place.engine, place.rulebook, today).get("bek-1248-2022", [])


def another(app: FastAPI, place: Workplace, clock: Clock) -> TestClient:
    """A second administrator."""
    client = enter(app, place, clock(), "secretariat", region="midtjylland")
    email = "bo@frist.example"
    add_person(place.engine, place.rulebook, email=email, name="Bo", role="administrator", at=clock())
    secret = begin_for(place.engine, email, clock())
    cookies = app.state.gate.cookies
    client.cookies.set(cookies.session_name, cookies.sealed(secret, clock()), domain="127.0.0.1")
    return client


def test_one_administrator_sees_duties_and_letters_and_confirms_and_takes_it_back(
    admin: TestClient, app: FastAPI, place: Workplace
) -> None:
    before = facts(place)
    assert PAGE in admin.get("/regler/bek-1248-2022").text
    assert 'type="date" required value=""' in admin.get(PAGE).text
    status, page = post(admin, app, PAGE, **END)
    assert status == 200
    assert "Intet er gemt endnu" in page and "Region Midtjylland 2024-2027" in page
    assert "Bliver stående som ikke opfyldt i tide: Midtvejsstatus" in page
    assert re.search(r"breve sendes fra .*tirsdag den 24. november 2026", page)
    assert facts(place) == before
    assert post(admin, app, PAGE, **END, vist=shown(page))[0] == 303
    assert confirmed(place) == ["2026-01-01"]
    for law in ("/regler", "/regler/bek-1248-2022"):
        assert "Kan være ophævet" not in admin.get(law).text, "it is confirmed"
    assert "Ophævet fra 1. januar 2026" in Read(plain(admin.get("/regler"))).text
    page = plain(admin.get(f"{PAGE}?gemt=1"))
    assert "Ophøret er bekræftet" in page and "Tag ophøret tilbage" in page
    status, page = post(admin, app, PAGE, **END)
    assert status == 409 and "står allerede i journalen" in page
    status, page = post(admin, app, f"{PAGE}/tilbage", why="Paragraffen var læst forkert")
    assert status == 200 and "Ingen har fået brev om ophøret" in page
    assert confirmed(place) == ["2026-01-01"]
    again = shown(page, last=True)
    assert post(admin, app, f"{PAGE}/tilbage", why="Paragraffen var læst forkert", vist=again)[0] == 303
    assert confirmed(place) == []


def test_after_the_last_possible_day_no_page_says_that_the_rules_may_have_ended(
    app: FastAPI, place: Workplace, clock: Clock
) -> None:
    """Until then both days are said; from then on only which of them it was is open."""
    for on, may in (
        (datetime(2026, 12, 31, 8, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 4, 8, 0, tzinfo=UTC), False),
    ):
        clock.at = on
        admin = enter(app, place, on, "administrator")
        for law in ("/regler", "/regler/bek-1248-2022", PAGE):
            page = admin.get(law).text
            assert ("Kan være ophævet pr." in page, "Ophævet pr." in page) == (may, not may), law


def test_of_two_administrators_the_other_confirms_on_the_page_what_one_proposed(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    other, before = another(app, place, clock), facts(place)
    _, page = post(admin, app, PAGE, **END)
    assert "En anden administrator skal bekræfte" in page
    assert post(admin, app, PAGE, **END, vist=shown(page))[0] == 303
    waiting = waiting_end(place.engine, "bek-1248-2022")
    assert waiting and waiting.name == "Anne administrator" and facts(place) == before
    own = plain(admin.get(PAGE))
    assert "Du har selv foreslået det" in own and "/ogsaa" not in own
    page = plain(other.get(PAGE))
    assert END["quote"] in page and "Region Midtjylland 2024-2027" in page
    status, said = post(admin, app, f"{PAGE}/ogsaa", vist=shown(page))
    assert status == 409 and "en anden administrator skal gøre det" in said
    assert post(other, app, f"{PAGE}/ogsaa", vist="0" * 64)[0] == 409
    assert facts(place) == before
    assert post(other, app, f"{PAGE}/ogsaa", vist=shown(page))[0] == 303
    assert confirmed(place) == ["2026-01-01"]
    assert post(other, app, f"{PAGE}/ogsaa", vist=shown(page))[0] == 409  # twice


def test_a_proposal_is_taken_back_and_has_told_nobody(
    admin: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    another(app, place, clock)
    _, page = post(admin, app, PAGE, **END)
    post(admin, app, PAGE, **END, vist=shown(page))
    _, page = post(admin, app, f"{PAGE}/tilbage", why="Forkert")
    assert "Forslaget falder bort" in page
    assert post(admin, app, f"{PAGE}/tilbage", why="Forkert", vist=shown(page, last=True))[0] == 303
    assert waiting_end(place.engine, "bek-1248-2022") is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, ("Skriv en dato.", "Skriv, hvor dagen er læst", "Skriv bestemmelsen ordret")),
        ({"ends": "2026-02-30"}, ("som findes",)),
        ({**END, "quote": "§ 24, stk. 2"}, ("Skriv bestemmelsen ordret",)),
    ],
)
def test_what_lacks_is_said_beside_its_field(
    admin: TestClient, app: FastAPI, place: Workplace, form: dict[str, str], said: tuple[str, ...]
) -> None:
    before = facts(place)
    status, page = post(admin, app, PAGE, **form)
    assert status == 422 and all(one in page for one in said)
    assert facts(place) == before


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({**END, "ends": "2023-01-01"}, 409, "er årstallet rigtigt"),
        ({**END, "source": NASTY}, 200, "&lt;script&gt;"),
        ({**END, "quote": "x" * 100_000}, 422, ""),
        ({**END, "vist": "0" * 64}, 200, "et andet end det, siden viste"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    admin: TestClient, app: FastAPI, place: Workplace, form: dict[str, str], status: int, said: str
) -> None:
    before = facts(place)
    got, page = post(admin, app, PAGE, **form)
    assert (got, said in page) == (status, True)
    assert "<script>alert" not in page
    assert facts(place) == before


def test_a_secretariat_neither_sees_nor_acts(signed_in: SignIn, app: FastAPI, place: Workplace) -> None:
    secretariat = signed_in("secretariat")
    for path in (PAGE, QUESTION):
        assert secretariat.get(path).status_code == 404
        assert post(secretariat, app, path, **END)[0] == 404
    assert "/ophoer" not in secretariat.get("/regler/bek-1248-2022").text
    assert QUESTION not in secretariat.get("/regler/laesninger").text


def test_the_form_of_a_fact_names_the_page(signed_in: SignIn) -> None:
    answer = signed_in("secretariat").get("/aftaler/nordjylland/2024-2027/registrer/regime-confirmed")
    assert answer.status_code == 409 and "Reglernes ophør" in plain(answer)


def test_a_reading_is_signed_for_the_agreements_that_are_ticked_once_it_was_shown(
    admin: TestClient, app: FastAPI, place: Workplace
) -> None:
    before = facts(place)
    assert QUESTION in admin.get("/regler/laesninger").text
    status, page = post(admin, app, QUESTION, **SIGNED)
    assert status == 200 and facts(place) == before
    assert "En læsning af loven er underskrevet til 2 modtagere" in page
    assert "torsdag den 31. december 2026</time> → <time" in page
    assert post(admin, app, QUESTION, **SIGNED, vist=shown(page))[0] == 303
    assert facts(place) == before + 2
    listed = plain(admin.get("/regler/laesninger?underskrevet=1"))
    assert "Læsningen er underskrevet" in listed and "Anna Jensen, Juridisk kontor" in listed
    with reading(place.engine) as session:
        fact = journal.facts(session, journal.find(session, "nordjylland/2024-2027"))[-1]
    assert (fact.by, fact.source) == (
        "Anna Jensen, Juridisk kontor",
        "Aftalens § 1 (indtastet af Anne administrator)",
    )
    status, page = post(admin, app, QUESTION, **SIGNED, vist=shown(page))
    assert status == 409 and "allerede underskrevet af Anna Jensen, Juridisk kontor" in page


@pytest.mark.parametrize("missing", ["reading", "name", "office", "ground", "agreement"])
def test_a_reading_needs_its_person_office_and_ground(
    admin: TestClient, app: FastAPI, place: Workplace, missing: str
) -> None:
    before = facts(place)
    status, page = post(admin, app, QUESTION, **{k: v for k, v in SIGNED.items() if k != missing})
    assert status == 422 and f'id="{missing}-fejl"' in page
    assert facts(place) == before


def test_a_question_nobody_asks_is_not_found(admin: TestClient, app: FastAPI) -> None:
    assert admin.get("/regler/laesninger/nix").status_code == 404
    assert post(admin, app, "/regler/laesninger/nix", **SIGNED)[0] == 404
    assert admin.get("/regler/nix/ophoer").status_code == 404
