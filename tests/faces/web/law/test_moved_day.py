"""A council's meeting day told anew corrects the day told before, by whichever door it comes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import KEY, answer, rows
from tests.story.living import danish
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day, spoken
from workflow.rules.facts import Fact, live
from workflow.services.facts.agreements import record
from workflow.services.facts.batch import undo
from workflow.services.views.status import find_standing
from workflow.storage.database import reading
from workflow.storage.facts import journal

mails, link = answering.mails, answering.link
FIRST, SECOND = date(2026, 12, 16), date(2027, 1, 6)
AALBORG = {"version": 1, "council": "0851"}


def by_command(place: Workplace, on: date, due: date) -> tuple[Fact, ...]:
    fact = Fact(0, "council-scheduled", on, due=due, source="Dagsorden", by="test", **AALBORG)  # type: ignore[arg-type]
    today = max(on, date(2026, 11, 24))
    return record(place.engine, place.rulebook, KEY, fact, today=today, at=danish(today, 9)).corrections


def live_days(place: Workplace) -> list[date | None]:
    with reading(place.engine) as session:
        found = journal.facts(session, journal.find(session, KEY))
    return [one.due for one in live(found, date.max) if one.event == "council-scheduled"]


def lines(place: Workplace) -> list[tuple[object, ...]]:
    return rows(
        place, "SELECT event, due FROM fact WHERE event IN ('council-scheduled', 'correction') ORDER BY no"
    )


def moved(by: Callable[[date], None], place: Workplace, clock: Clock) -> None:
    by(FIRST)
    clock.at += timedelta(days=1)
    by(SECOND)
    assert lines(place) == [
        ("council-scheduled", str(FIRST)), ("correction", None), ("council-scheduled", str(SECOND)),
    ]  # fmt: skip
    (source,) = rows(place, "SELECT source FROM fact WHERE event = 'correction'")[0]
    assert source == f"mødedagen {spoken(FIRST, False)} bliver {spoken(SECOND, False)}"
    today = danish_day(clock())
    then = find_standing(place.engine, place.rulebook, KEY, today - timedelta(days=1))
    now = find_standing(place.engine, place.rulebook, KEY, today)
    assert then.course.current and now.course.current
    assert (then.course.current.meets_on, now.course.current.meets_on) == ({"0851": FIRST}, {"0851": SECOND})


def test_by_a_program(app: FastAPI, place: Workplace, clock: Clock, mails: object, signed_in: SignIn) -> None:
    def tells(due: date) -> None:
        client = signed_in("secretariat")
        sent = {"event": "council-scheduled", "on": str(danish_day(clock())), "due": str(due)} | AALBORG
        headers = {"X-CSRF-Token": csrf(client, app), "Idempotency-Key": f"moved-to-{due}"}
        told = client.post(f"/api/v1/agreements/{KEY}/facts", json=sent, headers=headers)
        assert told.status_code == 201, told.text
        assert len(told.json()["voids"]) == (due == SECOND)

    moved(tells, place, clock)


def test_by_the_link_of_the_council_and_the_secretariat_that_verifies(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    def tells(due: date) -> None:
        desk = signed_in("secretariat")
        assert answer(stranger, app, link, event="council-scheduled", on="", due=str(due)).status_code == 303
        number = rows(place, "SELECT max(id) FROM reported_decision")[0][0]
        data = {"csrf": csrf(desk, app), "do": "bekraeft", "source": "Rådets svar"}
        assert desk.post(f"/indberetninger/{number}", data=data).status_code == 303

    moved(tells, place, clock)


def test_by_the_form_which_says_it_first(
    app: FastAPI, place: Workplace, clock: Clock, mails: object, signed_in: SignIn
) -> None:
    page = f"/aftaler/{KEY}/registrer"

    def tells(due: date) -> None:
        client = signed_in("secretariat")
        data = {"csrf": csrf(client, app), "on": str(danish_day(clock())), "due": str(due)} | AALBORG
        shown = client.post(f"{page}/council-scheduled", data=data)
        assert ("bliver 6. januar 2027" in plain(shown)) is (due == SECOND)
        found = re.search(r'name="forslag" value="([^"]+)"', shown.text)
        assert found, shown.text
        done = client.post(page, data={"csrf": csrf(client, app), "forslag": unescape(found[1])})
        assert done.status_code == 303

    moved(tells, place, clock)


def test_taken_back_in_one_act_the_earlier_day_holds_again(place: Workplace, mails: object) -> None:
    by_command(place, date(2026, 11, 24), FIRST)
    [correction] = by_command(place, date(2026, 11, 25), SECOND)
    assert live_days(place) == [SECOND]

    at = danish(date(2026, 11, 25), 10)
    assert (
        undo(place.engine, place.rulebook, KEY, correction.no, "forkert", "test", today=at.date(), at=at) == 2
    )
    assert live_days(place) == [FIRST]


@pytest.mark.parametrize(
    ("on", "due", "why"),
    [
        (date(2026, 11, 25), FIRST, "the same day told again"),
        (date(2026, 12, 17), SECOND, "the first was held: the case comes up again"),
        (date(2026, 11, 23), SECOND, "an older word that is entered late"),
    ],
)  # fmt: skip
def test_what_is_no_move_corrects_nothing(
    place: Workplace, mails: object, on: date, due: date, why: str
) -> None:
    by_command(place, date(2026, 11, 24), FIRST)
    assert by_command(place, on, due) == (), why
    assert len(live_days(place)) == 2
