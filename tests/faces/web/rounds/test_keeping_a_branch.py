"""*Hvad nu hvis* is kept from the page: what was shown is recorded with the source, once, and by who may record."""

from __future__ import annotations

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from tests.faces.web.conftest import SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.facts.meetings import Meeting

KEY = "syddanmark/2027-2031"
PAGE = f"/aftaler/{KEY}/hvad-nu-hvis"


def seen(client: TestClient, branch: str) -> str:
    found = re.search(r'name="vist" value="([0-9a-f]{64})"', client.get(PAGE, params={"gren": branch}).text)
    assert found
    return found[1]


def keep(
    client: TestClient, app: FastAPI, branch: str, shown: str, source: str = "Byrådets protokol"
) -> Response:
    sent = {"csrf": csrf(client, app), "gren": branch, "vist": shown, "kilde": source}
    return client.post(f"{PAGE}/gem", data=sent, follow_redirects=False)  # type: ignore[return-value]


def facts(place: Workplace) -> list[tuple[str, str | None, str, str]]:
    with reading(place.engine) as session:
        found = journal.facts(session, journal.find(session, KEY))
        return [(one.event, one.council, one.source, one.by) for one in found]


def test_what_was_shown_is_recorded_with_its_source_once(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    anne, before = signed_in("secretariat", region="syddanmark"), facts(place)
    shown = seen(anne, "nej")
    without = keep(anne, app, "nej", shown, " ")
    assert without.status_code == 422 and "Skriv kilden" in without.text and facts(place) == before

    kept = keep(anne, app, "nej", shown)

    assert (kept.status_code, kept.headers["location"]) == (303, f"{PAGE}?gemt=nej#gemt")
    assert "er nu registreret med kilden" in plain(anne.get(f"{PAGE}?gemt=nej"))
    [(event, council, source, by)] = facts(place)[len(before) :]
    assert (event, source, by) == ("council-rejected", "Byrådets protokol", "Anne secretariat") and council
    again = keep(anne, app, "nej", shown)
    assert again.status_code == 409 and len(facts(place)) == len(before) + 1


def test_a_plan_that_has_changed_since_it_was_shown_is_shown_again(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    anne = signed_in("secretariat", region="syddanmark")
    shown = seen(anne, "alle-undtagen-et")
    keep(anne, app, "nej", seen(anne, "nej"))
    before = facts(place)

    late = keep(anne, app, "alle-undtagen-et", shown)

    assert late.status_code == 409 and facts(place) == before
    assert "kan ikke prøves nu" in late.text


def test_what_was_never_shown_cannot_be_kept(signed_in: SignIn, app: FastAPI, place: Workplace) -> None:
    anne, before = signed_in("secretariat", region="syddanmark"), facts(place)
    for shown in ("0" * 64, ""):
        late = keep(anne, app, "udsat", shown)
        assert late.status_code == 409 and "runden har ændret sig" in late.text.casefold()
        assert 'value="Byrådets protokol"' in late.text, "what was typed is still there"
    assert facts(place) == before


def test_an_address_alone_says_of_nothing_that_it_was_kept(signed_in: SignIn) -> None:
    for who, region in (("coordinator", "syddanmark"), ("secretariat", "syddanmark")):
        page = plain(signed_in(who, region=region).get(f"{PAGE}?gemt=nej"))
        assert "er nu registreret med kilden" not in page


def test_a_council_sees_of_a_branchs_letters_its_own_alone(signed_in: SignIn) -> None:
    all_of_them = plain(signed_in("secretariat", region="syddanmark").get(f"{PAGE}?gren=nej"))
    assert "ville blive sendt, som ellers ikke bliver det" in all_of_them
    its_own = plain(signed_in("council").get(f"{PAGE}?gren=nej"))
    assert "ville blive sendt" not in its_own.replace("som ellers ikke ville blive sendt:", "")
    assert "sekretariatet, regionen" not in its_own


def test_who_may_only_read_sees_no_form_and_can_keep_nothing(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    shown, before = seen(signed_in("secretariat", region="syddanmark"), "nej"), facts(place)
    for who in ("coordinator", "council"):
        reader = signed_in(who, region="syddanmark") if who == "coordinator" else signed_in(who)
        assert 'name="vist"' not in reader.get(PAGE, params={"gren": "nej"}).text
        assert keep(reader, app, "nej", shown).status_code in (403, 404)
    other = signed_in("secretariat", region="midtjylland")
    assert keep(other, app, "nej", shown).status_code in (403, 404)
    assert facts(place) == before
    with reading(place.engine) as session:
        assert session.scalars(select(Meeting)).all() == []
