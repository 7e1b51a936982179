"""*Møder*: a pasted list becomes proposals, a person ticks what is right, and only that is kept."""

from __future__ import annotations

import re
from datetime import date

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.faces.web.conftest import SignIn, csrf
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.workplace import Workplace
from workflow.services.meetings.keeping import list_meetings

LIST = (
    "Byrådets møder 2027\nOnsdag den 16. juni kl. 17\nTirsdag den 23. juni\nØkonomiudvalget: 14. juni\n"
    "25. august (reservedato)"
)
AALBORG = "/moeder/0851"


def days(place: Workplace) -> list[str]:
    found = list_meetings(place.engine, place.rulebook, "0851")[2]
    return [f"{one.organ} {one.on} {one.source} {one.by}".strip() for one in found]


def pasted(client: TestClient, app: FastAPI, text: str = LIST, **more: str) -> Response:
    form = {"csrf": csrf(client, app), "text": text, "source": "aalborg.example/moeder", **more}
    return client.post(AALBORG, data=form)


def proposal(page: str) -> str:
    found = re.search(r'name="forslag" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_council_pastes_its_list_sees_every_day_and_keeps_what_it_ticks(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    council = signed_in("council")
    shown = pasted(council, app)
    page = Read(shown.text)
    assert shown.status_code == 200
    ticked = [one["value"] for one in page.all("input") if one.get("type") == "checkbox" and "checked" in one]
    assert ticked == ["0", "1"]  # 14 and 16 June; the wrong weekday and the reserved day wait for a person
    assert "23. juni 2027 er en onsdag, ikke en tirsdag" in page.text
    assert days(place) == []

    form = {"csrf": csrf(council, app), "forslag": proposal(shown.text), "dag": ["0", "1", "2"]}
    done = council.post(f"{AALBORG}/gem", data=form)
    assert (done.status_code, done.headers["Location"]) == (303, f"{AALBORG}?gemt=3")
    kept = days(place)
    assert [one.split(" aalborg")[0] for one in kept] == [
        "Økonomiudvalget 2027-06-14", "2027-06-16", "2027-06-23",
    ]  # fmt: skip
    again = Read(pasted(council, app).text)
    assert again.text.count("står der allerede") == 3


def test_what_is_missing_is_asked_for_and_nothing_is_kept(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    secretariat = signed_in("secretariat")
    without_year = pasted(secretariat, app, "onsdag den 16. juni kl. 17")
    assert without_year.status_code == 422 and "året mangler" in without_year.text
    assert pasted(secretariat, app, "onsdag den 16. juni kl. 17", year="2027").status_code == 200
    for wrong in ({"text": " "}, {"source": " "}, {"year": "næste"}):
        assert pasted(secretariat, app, **({"text": LIST} | wrong)).status_code == 422
    forged = {"csrf": csrf(secretariat, app), "forslag": "x", "dag": ["0"]}
    assert secretariat.post(f"{AALBORG}/gem", data=forged).status_code == 409
    assert days(place) == []


def test_a_meeting_that_is_not_held_is_taken_out_with_its_reason(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    secretariat = signed_in("secretariat")
    sealed = proposal(pasted(secretariat, app).text)
    form = {"csrf": csrf(secretariat, app), "forslag": sealed, "dag": ["0", "1"]}
    secretariat.post(f"{AALBORG}/gem", data=form)
    gone = {"csrf": csrf(secretariat, app), "on": "2027-06-16", "organ": "", "why": " "}
    assert secretariat.post(f"{AALBORG}/fjern", data=gone).status_code == 422
    assert secretariat.post(f"{AALBORG}/fjern", data=gone | {"why": "Aflyst"}).status_code == 303
    assert [one.on for one in list_meetings(place.engine, place.rulebook, "0851")[2]] == [date(2027, 6, 14)]
    assert "Aflyst" in secretariat.get(AALBORG).text


def test_the_list_says_whose_calendar_is_missing(guest: TestClient) -> None:
    page = Read(guest.get("/moeder?region=nordjylland").text)
    assert page.text.count("! mangler") == 2 * 12
    assert guest.get("/moeder?region=nix").status_code == 404
    assert guest.get("/moeder/9999").status_code == 404


def test_a_deviation_is_tried_on_the_page_and_changes_nothing(guest: TestClient) -> None:
    page = "/aftaler/nordjylland/2027-2031/hvad-nu-hvis"
    assert len([one for one in Read(guest.get(page).text).all("a") if "gren=" in (one["href"] or "")]) >= 30
    tried = guest.get(f"{page}?gren=sendes-i-dag")
    assert tried.status_code == 200 and "Begge sider er set" in tried.text
    said_no = re.search(
        r'<section class="panel (\w+)".*?<dt>Grenen</dt><dd>(\w+)', guest.get(f"{page}?gren=nej").text, re.S
    )
    assert said_no and said_no.groups() == ("tight", "Gul")  # the frame has the branch's own colour
    refused = Read(guest.get(f"{page}?gren=aflyst").text)
    assert "indlæs mødekalender" in refused.text
    assert guest.get(f"{page}?gren=nix").status_code == 404


def test_a_day_that_no_longer_stands_in_its_source_is_asked_about_and_never_taken_out_alone(
    app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    council = signed_in("council")
    old = "Byrådet 2027\n26. maj\n16. juni\n25. august"
    shown = pasted(council, app, old)
    council.post(
        f"{AALBORG}/gem",
        data={"csrf": csrf(council, app), "forslag": proposal(shown.text), "dag": ["0", "1", "2"]},
    )
    moved = "Byrådet 2027\n26. maj\n23. juni\n25. august"
    other = pasted(council, app, moved, source="et andet sted")
    assert "stod i samme kilde før" not in other.text.casefold()

    shown = pasted(council, app, moved)
    page = Read(shown.text)
    assert (
        "16. juni 2027" in page.text and "stod i samme kilde før, men gør det ikke nu" in page.text.casefold()
    )
    boxes = {one["value"]: "checked" in one for one in page.all("input") if one.get("type") == "checkbox"}
    assert boxes == {"0": True, "1": True, "2": True, "3": False}

    form = {"csrf": csrf(council, app), "forslag": proposal(shown.text), "dag": ["0", "1", "2", "3"]}
    council.post(f"{AALBORG}/gem", data=form)
    found = list_meetings(place.engine, place.rulebook, "0851")[2]
    assert [one.on for one in found] == [date(2027, 5, 26), date(2027, 6, 23), date(2027, 8, 25)]
