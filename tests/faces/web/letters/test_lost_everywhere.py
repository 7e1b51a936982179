"""A letter that nobody can be written to is said to be one wherever it is listed before it goes: in the days ahead, in
one's week, in a dry run, before the end of the rules is confirmed, and of the next reminder to a silent council."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlmodel import col

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, plain
from tests.faces.web.rounds.test_front_truths import KEY, LOST, ask_the_councils, lose
from tests.faces.web.shown_demo import Read
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.services.desk.calling import calls
from workflow.services.desk.leaving import leaving
from workflow.services.desk.owed import owes
from workflow.services.facts.ends import settle_end
from workflow.services.hands.upcoming import upcoming
from workflow.services.law.telling import effects
from workflow.services.views.board import board, shortfalls
from workflow.services.views.status import find_standing
from workflow.storage.database import reading
from workflow.storage.facts import projection
from workflow.storage.tables import AgreementRow

TODAY = date(2026, 11, 23)


def whom(functions: list[str]) -> set[str]:
    return {one.partition("/")[0] for one in functions}


def test_the_days_ahead_and_one_s_week_say_who_cannot_be_reached(place: Workplace, signed_in: SignIn) -> None:
    lost = (*LOST, "nordjylland")
    lose(place, *LOST)
    ask_the_councils(place)
    lose(place, "nordjylland")
    ahead, _ = upcoming(place.engine, place.rulebook, TODAY, regions=["nordjylland"], days=60)
    assert {one.lost for one in ahead} >= {True}
    assert all(one.lost is (one.owed.recipient.partition("/")[0] in lost) for one in ahead)
    assert [one.as_json()["unreachable"] for one in ahead] == [one.lost for one in ahead]
    out, _ = leaving(place.engine, place.rulebook, ["nordjylland"], "", MORNING, 60, 8)
    assert whom([to for one in out for to in one.lost]) == set(lost)
    assert all((to.partition("/")[0] in lost) is (to in one.lost) for one in out for to in one.to)
    page: TestClient = signed_in("secretariat")
    week = Read(plain(page.get("/min-uge"))).text.partition("Det går ud de næste syv dage")[2]
    assert "kan ikke nås" in week.partition("Siden du sidst")[0]


def test_a_dry_run_says_which_letters_would_go_nowhere(place: Workplace) -> None:
    lose(place, *LOST)
    report = asyncio.run(tick(place, MORNING + timedelta(days=9), dry_run=True))
    lines = [line for line in report.lines() if line.count("would plan") == 1 and "/" in line]
    assert lines
    for line in lines:
        assert ("cannot be reached" in line) is any(f"to {code}/" in line for code in LOST), line


def test_an_end_that_is_tried_says_how_many_of_its_letters_cannot_be_reached(place: Workplace) -> None:
    ask_the_councils(place)
    lose(place, *LOST)
    _, tried = settle_end(
        place.engine, place.rulebook, regime="bek-1248-2022", ends=date(2027, 1, 1),
        source="Lov 719/2025 § 24", quote="Ophæves den 1. januar 2027.", by="test", today=TODAY, at=MORNING,
        dry_run=True,
    )  # fmt: skip
    (told,) = [one for one in effects(place.engine, tried, TODAY) if one.agreement == KEY]
    assert set(LOST) <= whom(list(told.letters_to))
    assert whom(list(told.unreachable)) == set(LOST)


def test_the_next_reminder_of_a_council_without_a_mailbox_is_no_reminder(
    place: Workplace, signed_in: SignIn
) -> None:
    ask_the_councils(place)
    lose(place, *LOST)
    found = calls(place.engine, find_standing(place.engine, place.rulebook, KEY, TODAY))
    assert {one.code for one in found if one.next_on and one.lost} == set(LOST)
    page: TestClient = signed_in("secretariat")
    said = Read(plain(page.get(f"/aftaler/{KEY}/ring"))).text
    assert said.count("kan ikke nås") == len(LOST)


def test_what_comes_by_itself_is_owed_by_nobody_and_doubt_is_said(
    place: Workplace, signed_in: SignIn, clock: Clock
) -> None:
    """BEK 1615/2025 § 3: the patient committee's end is a fact; the committees' minimums may have lost their rule."""
    with reading(place.engine) as session:
        rows = session.scalars(select(AgreementRow).where(col(AgreementRow.region) == "nordjylland")).all()
        standings, _ = projection.load_workable(session, place.rulebook, rows, date(2026, 12, 2))
    found = owes(standings)
    assert not [one for one in found if one.deadline and one.deadline.duty == "fact"]
    assert "Patientinddragelsesudvalget ophører" not in {one.what for one in found}
    clock.at += timedelta(days=9)
    page: TestClient = signed_in("secretariat", region="midtjylland")
    said = Read(plain(page.get("/min-uge"))).text.partition("Hvem der skylder svar")[2]
    rows_of = said.partition("Det går ud")[0]
    assert "Årets møder" in rows_of
    assert "(reglen kan være ophævet)" in rows_of


def test_a_minimum_that_no_doubt_touches_is_not_counted_as_in_doubt(place: Workplace) -> None:
    """BEK 1615/2025 § 4, stk. 2: the patient committee's meeting of 2026 stands."""
    on = date(2026, 12, 2)
    places = board(place.engine, place.rulebook, ["midtjylland"], on)
    (short,) = [one for one in shortfalls(place.rulebook, places, on) if one.agreement.endswith("2024-2027")]
    assert short.doubtful == short.bodies - 1
