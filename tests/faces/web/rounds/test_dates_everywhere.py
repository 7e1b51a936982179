"""The next date is the next date: what was agreed or asked for, planned meetings, the year's minimums and what practice
prompts about stand beside the law's, each marked, in every list there is, and every list says the same."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from tests.conftest import Aftale
from tests.faces.conftest import MORNING
from tests.faces.web.papers.test_feed import events, written
from tests.story.living import inside
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day, spoken
from workflow.rules.facts import Fact

TODAY = danish_day(MORNING)
OLD, NEW, SOUTH = "nordjylland/2024-2027", "nordjylland/2027-2031", "syddanmark/2027-2031"
WORDS = {"law": "lov", "guidance": "vejledning", "agreed": "aftalt", "practice": "praksis"}
IN_FORCE = {
    ("annual-review", "law"),
    ("final-guidance", "guidance"),
    ("meetings", "law"),
    ("piu-yearly", "practice"),
}
# A calendar names what is asked of councils by the question: its event there was before the date, and lives on.
ASKED = {"consultation": "Høringssvar ønskes, version 1", "council-reply": "Svar fra rådet ønskes, version 1"}


def happen(place: Workplace, key: str, event: str, on: date, **more: Any) -> None:
    fact = Fact(0, event, on, source=more.pop("source", "Brev"), by="test", **more)
    inside(place.engine, place.rulebook, key, fact, today=TODAY, at=MORNING, confirmed=True)


def hearing(place: Workplace) -> str:
    happen(
        place, NEW, "consultation-opened", date(2026, 11, 20), version=1, due=date(2027, 1, 5), time="12:00"
    )
    happen(place, NEW, "meeting-planned", date(2026, 11, 20), due=date(2026, 12, 10), about="ssu")
    return NEW


def with_the_councils(place: Workplace) -> str:
    meets = {"version": 1, "council": "0630", "due": date(2026, 12, 16)}
    happen(place, SOUTH, "council-scheduled", date(2026, 11, 20), **meets)
    return SOUTH


def submitted(place: Workplace) -> str:
    happen(place, OLD, "meeting-planned", date(2026, 11, 20), due=date(2026, 12, 10), about="ssu")
    happen(place, OLD, "revision-opened", date(2026, 11, 2), version=2)
    happen(place, OLD, "sent-for-approval", date(2026, 11, 3), version=2, due=date(2026, 11, 18))
    for party in place.rulebook.parties("nordjylland", TODAY):
        happen(place, OLD, "council-approved", date(2026, 11, 16), version=2, council=party.code)
    happen(place, OLD, "submitted", date(2026, 11, 18), version=2)
    return OLD


def asked_for_information(place: Workplace) -> str:
    submitted(place)
    happen(place, OLD, "received", date(2026, 11, 19), version=2)
    happen(place, OLD, "info-requested", date(2026, 11, 20), version=2, due=date(2026, 12, 4))
    return OLD


def about_to_be_refused(place: Workplace) -> str:
    submitted(place)
    happen(place, OLD, "received", date(2026, 11, 19), version=2)
    happen(place, OLD, "refusal-discussed", date(2026, 11, 20), version=2, due=date(2026, 12, 7))
    return OLD


MOMENTS: list[tuple[Any, set[tuple[str, str]]]] = [
    (hearing, {("consultation", "agreed"), ("meeting", "agreed"), ("submission", "law")}),
    (with_the_councils, {("council-reply", "agreed"), ("council-meeting", "agreed"), ("submission", "law")}),
    (submitted, IN_FORCE | {("meeting", "agreed"), ("receipt", "practice"), ("publication", "practice")}),
    (asked_for_information, IN_FORCE | {("info-requested", "agreed"), ("sst-decision", "law")}),
    (about_to_be_refused, IN_FORCE | {("adjusted-agreement", "guidance"), ("sst-decision", "law")}),
]


@pytest.mark.parametrize(("moment", "kinds"), MOMENTS, ids=[one.__name__ for one, _ in MOMENTS])
def test_every_list_of_an_agreement_has_every_date_and_says_what_it_rests_on(
    moment: Any,
    kinds: set[tuple[str, str]],
    place: Workplace,
    guest: TestClient,
    aftale: Aftale,
) -> None:
    key = moment(place)
    ask = (key, "--as-of", str(TODAY))
    told = aftale("deadlines", *ask, "--json", code=0).json()
    assert {(one["id"], one["basis"]) for one in told} >= kinds
    assert all(one["basis_text"] == WORDS[one["basis"]] for one in told)
    day = {(one["title"], one["legal_on"]): one["basis_text"] for one in told if one["legal_on"]}
    printed = aftale("deadlines", *ask, code=0).out.splitlines()
    for (title, on), rests in day.items():
        assert any(title in line and on in line and f" {rests} " in line for line in printed), title

    rows = list(
        csv.reader(io.StringIO(guest.get(f"/aftaler/{key}/eksport/frister.csv").text), delimiter=";")
    )[1:]
    assert {(row[1], row[7]): row[4] for row in rows if row[7]} == day
    sheet = load_workbook(io.BytesIO(guest.get(f"/aftaler/{key}/eksport/frister.xlsx").content)).active
    cells = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[7]]
    assert {(row[1], row[7].date().isoformat()): row[4] for row in cells} == day

    entries = events(written(place)).values()
    for one in told:
        if one["legal_on"] and one["status"] != "passed":
            assert in_the_feed(one, key, entries), f"{one['title']} is not in the calendar, or not marked"

    first = min((one for one in told if one["status"] == "upcoming"), key=lambda one: one["legal_on"])
    mark = "" if first["basis"] == "law" else f" ({first['basis_text']})"
    status = aftale("status", *ask, code=0).out
    [following] = re.findall(r"(?m)^  næste:    (.*)$", status)
    on = spoken(date.fromisoformat(first["legal_on"]))
    assert following.startswith(f"{first['title']}, {on}, om ") and mark in following
    a4 = table(guest, f"/aftaler/{key}/statusark", "Frister")
    open_still = [
        one for one in told if one["legal_on"] and one["status"] in ("upcoming", "overdue", "passed")
    ]
    still = [
        one for one in open_still if (one["id"], one["status"]) != ("meetings", "passed")
    ]  # a year that is over
    assert len(a4) >= min(len(still), 6)
    for one in sorted(still, key=lambda one: one["legal_on"])[:6]:
        assert marked(a4, one), f"{one['title']} is not on the sheet, or not marked"
    listed = f"/frister?region={key.partition('/')[0]}&status="
    page = [row for name in ("upcoming", "overdue", "passed") for row in table(guest, listed + name)]
    for one in still:
        assert marked(page, one), f"{one['title']} is not on the page, or not marked"


def in_the_feed(one: dict[str, Any], key: str, entries: Any) -> bool:
    """An entry of that day has the date's title, or is the question that the date ends, and says what it rests on."""
    title = ASKED.get(one["id"], one["title"])
    return any(
        f"{title} (" in str(entry["SUMMARY"])
        and str(entry["UID"]).startswith(f"{key}/")
        and entry["DTSTART"].dt.isoformat() == one["legal_on"]
        and f"Grundlag: {one['basis_text']}" in str(entry["DESCRIPTION"])
        for entry in entries
    )


def table(guest: TestClient, path: str, caption: str = "") -> list[str]:
    """The rows of a page's tables, each as one line of its words."""
    page = guest.get(path).text
    if caption:
        page = page.partition(f"<caption>{caption}")[2].partition("</table>")[0]
    rows = re.findall(r"<tr[ >].*?</tr>", page, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def marked(rows: list[str], one: dict[str, Any]) -> bool:
    """A row has the date with its mark; what is law needs none."""
    on = date.fromisoformat(one["legal_on"])
    mine = [row for row in rows if one["title"] in row and (spoken(on, False) in row or short(on) in row)]
    rests = one["basis_text"]
    others = [f"({word})" for word in WORDS.values() if word != rests]
    return any((rests == "lov" or rests in row) and not any(other in row for other in others) for row in mine)


def short(on: date) -> str:
    return f"{on.day}. {'jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.'.split()[on.month - 1]} {on.year}"
