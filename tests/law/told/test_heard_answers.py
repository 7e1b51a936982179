"""Who has answered a hearing is reminded of it no more, and the second reckoner knows it; whose answer is struck out is
reminded again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.law.desk import KEY, LawDesk, day, rules
from tests.story.living import danish, post
from workflow.services.hearing.entering import strike, take_answer
from workflow.services.planning.recipients import has_answered
from workflow.services.planning.reminders import plan
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading, writing
from workflow.storage.letters.worn import returned_key
from workflow.storage.tables import Attempt, Notice

CLOSES, RUNG, LAST = "2023-04-12", "2023-03-29", "2023-04-07"  # 14 days before; 3 days before is Easter
EAST = "oestdanmark/2027"


@pytest.fixture
def heard(desk: LawDesk) -> LawDesk:
    """A hearing under way, its opening told."""
    desk.today = day("2023-03-01")
    desk.tell("consultation-opened", "2023-03-01", due=CLOSES, time="12:00")
    desk.letters("2023-03-01")
    return desk


def answers(desk: LawDesk, party: str, on: str, hour: int, key: str = KEY) -> int:
    return take_answer(
        desk.engine, rules(), key, party, day(on), f"{hour - 1:02}:30", "Anne", danish(day(on), hour)
    )


def strikes(desk: LawDesk, number: int, on: str, hour: int) -> None:
    strike(desk.engine, rules(), KEY, number, "det var et udkast", "Anne", danish(day(on), hour))


def closing(desk: LawDesk, recipient: str = "") -> dict[tuple[str, str], str]:
    """Each reminder of the hearing's end by rung and recipient, and its state."""
    with reading(desk.engine) as session:
        query = select(Notice).where(col(Notice.letter) == "consultation-closing")
        found = session.scalars(query).all()
    return {(one.rung, one.recipient): one.state for one in found if recipient in ("", one.recipient)}


def wrong(desk: LawDesk, on: str, hour: int = 23) -> list[str]:
    """Which letters the reckoner misses at that Danish hour, or finds other than they ought to be."""
    found = reckon(desk.engine, rules(), danish(day(on), hour))
    kinds, unlike = (
        ("missing", "waiting", "unreckonable"),
        "Stemmer ikke",
    )  # of bytes and servers a desk has none
    return [f"{one.kind}: {one.said}" for one in found if one.kind in kinds or one.said.startswith(unlike)]


def test_the_reckoner_misses_no_reminder_to_who_had_answered_before_it(heard: LawDesk) -> None:
    answers(heard, "0851", "2023-03-20", 12)
    answers(heard, "piu", "2023-03-20", 12)
    heard.letters(RUNG)
    assert ("-14d", "0851/council") not in closing(heard) and ("-14d", "0813/council") in closing(heard)
    assert wrong(heard, RUNG) == []


def test_the_reckoner_asks_for_no_reminder_that_an_answer_withdrew(heard: LawDesk) -> None:
    heard.letters(RUNG, handed_over=False)
    answers(heard, "0851", RUNG, 10)
    post(heard.engine)
    assert closing(heard, "0851/council") == {("-14d", "0851/council"): "superseded"}
    assert wrong(heard, RUNG) == []


def test_the_reckoner_still_misses_the_reminder_to_who_has_not_answered(heard: LawDesk) -> None:
    """An answer typed in within the hours of grace had not been there when the reminder was due."""
    answers(heard, "0851", "2023-03-20", 12)
    heard.letters(RUNG)
    with writing(heard.engine) as session:
        lost = session.scalars(
            select(Notice).where(
                col(Notice.letter) == "consultation-closing", col(Notice.recipient) == "0813/council"
            )
        ).one()
        session.execute(update(Notice).where(col(Notice.id) == lost.id).values(state="superseded", why="x"))
    [said] = wrong(heard, RUNG)
    assert said.startswith(
        "waiting: Ikke overgivet, men erstattet (x): consultation-closing -14d til 0813/council"
    )


@pytest.mark.parametrize("said_at", [9, 20])
def test_an_answer_that_is_struck_out_brings_its_reminder_back_once(heard: LawDesk, said_at: int) -> None:
    """Never lost, never twice: the letter that was withdrawn unsent goes after all, whatever the pass found before."""
    heard.letters(RUNG, handed_over=False)
    number = answers(heard, "0851", RUNG, 10)
    if said_at == 20:  # the day's mail has gone without it
        plan(heard.engine, rules(), danish(day(RUNG), 11))
        post(heard.engine)
    assert closing(heard, "0851/council") == {("-14d", "0851/council"): "superseded"}
    strikes(heard, number, RUNG, max(said_at, 11))
    again = heard.letters(RUNG, hour=max(said_at, 11))
    assert [one.recipient for one in again] == ["0851/council"]
    assert closing(heard, "0851/council") == {("-14d", "0851/council"): "accepted"}
    assert heard.letters(RUNG, hour=22) == []
    assert wrong(heard, "2023-03-30", 12) == []


def test_a_reminder_that_came_back_and_was_withdrawn_goes_again_in_the_same_place(heard: LawDesk) -> None:
    heard.letters(RUNG)
    to_aalborg = col(Notice.letter) == "consultation-closing", col(Notice.recipient) == "0851/council"
    with writing(heard.engine) as session:
        first = session.scalars(select(Notice).where(*to_aalborg)).one()
        first.state = "bounced"
        again = first.model_dump(exclude={"id"}) | {"key": returned_key(first.key), "rung": "-14d~retur1"}
        session.add(Notice(**again | {"state": "planned"}))
    number = answers(heard, "0851", RUNG, 10)
    assert closing(heard, "0851/council")["-14d~retur1", "0851/council"] == "superseded"
    strikes(heard, number, RUNG, 11)
    heard.letters(RUNG, hour=12)
    assert closing(heard, "0851/council") == {
        ("-14d", "0851/council"): "bounced",
        ("-14d~retur1", "0851/council"): "accepted",
    }


def test_a_letter_that_a_mail_server_has_heard_comes_back_with_the_same_bytes(heard: LawDesk) -> None:
    """Its Message-ID is known there: other words under it could be taken for the first ones."""
    heard.letters(RUNG, handed_over=False)
    to_aalborg = col(Notice.letter) == "consultation-closing", col(Notice.recipient) == "0851/council"
    began = danish(day(RUNG), 9)
    with writing(heard.engine) as session:
        notice = session.scalars(select(Notice).where(*to_aalborg)).one()
        notice.state, notice.body, notice.address = "ready", b"the bytes", "post@aalborg.example"
        tried = {
            "fence": 1,
            "owner": "desk",
            "address": notice.address,
            "started_at": began,
            "intent_at": began,
        }
        session.add(Attempt(notice_id=notice.id or 0, outcome="temporary", code=451, **tried))
    number = answers(heard, "0851", RUNG, 10)
    strikes(heard, number, RUNG, 11)
    plan(heard.engine, rules(), danish(day(RUNG), 12))
    with reading(heard.engine) as session:
        again = session.scalars(select(Notice).where(*to_aalborg)).one()
        assert (again.state, again.body, again.why) == ("ready", b"the bytes", "")


def test_an_answer_struck_out_when_the_last_reminder_is_due_brings_back_that_alone(heard: LawDesk) -> None:
    heard.letters(RUNG, handed_over=False)
    number = answers(heard, "0851", RUNG, 10)
    post(heard.engine)
    heard.letters(LAST)
    strikes(heard, number, "2023-04-11", 10)
    heard.letters("2023-04-11", hour=11)
    states = closing(heard, "0851/council")
    assert (
        sorted(states.values()) == ["accepted", "superseded"]
        and states["-14d", "0851/council"] == "superseded"
    )
    assert wrong(heard, "2023-04-11", 23) == []


def test_only_the_regional_council_itself_has_answered_not_its_secretariat_or_chair(empty: LawDesk) -> None:
    """Region Østdanmark's council is called what the region is."""
    empty.today = day("2026-09-01")
    empty.open(
        "oestdanmark", "2026-2029", "2027", day("2026-06-01"), regime="oestdanmark-overgangsloven-2025"
    )
    standing = replace(empty.at(EAST, date(2026, 9, 28)), answered=frozenset({"oestdanmark", "piu"}))
    asked = ("council", "secretariat-region", "secretariat-municipal", "chair", "vice-chair", "piu")
    assert [one for one in asked if has_answered(standing, f"oestdanmark/{one}")] == ["council", "piu"]
