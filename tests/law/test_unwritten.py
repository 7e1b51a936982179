"""A letter about an event that is planned and not yet written (no mailbox, a hold) is kept true until it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from tests.law.desk import LawDesk
from tests.story.living import danish, rules
from workflow.language import worded
from workflow.services.planning.reminders import plan
from workflow.storage.database import reading
from workflow.storage.tables import Notice


def planned(desk: LawDesk, letter: str, recipient: str, on: str) -> Notice:
    """The one notice of this letter to this function after the morning of the Danish day ``on``."""
    plan(desk.engine, rules(), danish(date.fromisoformat(on), 9))
    with reading(desk.engine) as session:
        query = select(Notice).where(col(Notice.letter) == letter, col(Notice.recipient) == recipient)
        return session.scalars(query).one()


def facts(notice: Notice) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(notice.facts)
    return said


def test_a_letter_that_waits_for_a_mailbox_learns_that_its_hearing_has_closed(desk: LawDesk) -> None:
    desk.today = date(2022, 11, 2)
    desk.tell("goals-set", "2022-11-02", about="1")
    desk.tell("consultation-opened", "2022-11-02", due="2022-11-20", time="12:00")
    at_once = facts(planned(desk, "consultation-opened", "0851/council", "2022-11-02"))
    waited = facts(planned(desk, "consultation-opened", "0851/council", "2022-11-21"))
    assert (at_once["since"], at_once["over"]) == ([], False)
    assert [worded(one) for one in waited["since"]] == [
        "Søndag den 20. november 2022: Høringen om version 1 sluttede"
    ] and waited["over"]
    assert {key for key in waited if waited[key] != at_once[key]} == {"since", "over"}


def test_an_unsent_letter_about_a_fact_that_was_corrected_is_not_sent(desk: LawDesk) -> None:
    desk.today = date(2023, 4, 3)
    number = desk.tell("sent-for-approval", "2023-04-03").fact.no
    assert planned(desk, "sent-for-approval", "0851/council", "2023-04-03").state == "planned"
    desk.tell("correction", "2023-04-03", corrects=number)
    gone = planned(desk, "sent-for-approval", "0851/council", "2023-04-03")
    assert (gone.state, gone.why) == ("superseded", "det er rettet i journalen")


def test_a_council_that_has_answered_is_not_asked_by_a_letter_that_waited(desk: LawDesk) -> None:
    desk.today = date(2023, 4, 3)
    desk.tell("sent-for-approval", "2023-04-03")
    assert planned(desk, "sent-for-approval", "0851/council", "2023-04-03").state == "planned"
    desk.today = date(2023, 4, 20)
    desk.tell("council-approved", "2023-04-20", council="0851")
    with reading(desk.engine) as session:
        query = select(Notice).where(col(Notice.letter) == "sent-for-approval")
        states = {notice.recipient: notice.state for notice in session.scalars(query)}
    assert states["0851/council"] == "superseded" and states["0860/council"] == "planned"
