"""A letter about an event that is planned and not yet written (no mailbox, a hold) is kept true until it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from tests.law.desk import LawDesk
from tests.story.living import danish, rules
from workflow.language import worded
from workflow.services.councils.acknowledging import acknowledge
from workflow.services.planning.reminders import plan
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading, writing
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


def test_a_reminder_withdrawn_by_a_fact_that_was_wrong_is_owed_again(desk: LawDesk) -> None:
    """The council had decided nothing: its reminder, withdrawn unsent, goes on the morning after all."""
    desk.today = date(2023, 5, 2)
    desk.tell("sent-for-approval", "2023-05-02", due="2023-06-14")
    assert planned(desk, "council-pending", "0851/council", "2023-05-15").state == "planned"
    desk.today = date(2023, 5, 15)
    number = desk.tell("council-approved", "2023-05-15", council="0851").fact.no
    gone = planned(desk, "council-pending", "0851/council", "2023-05-15")
    assert (gone.state, gone.why) == ("superseded", "rådet har besluttet")
    desk.tell("correction", "2023-05-15", corrects=number)
    again = planned(desk, "council-pending", "0851/council", "2023-05-15")
    assert (again.state, again.why, again.id) == ("planned", "", gone.id)


def test_what_was_withdrawn_since_its_reader_acknowledged_an_earlier_one_stays_withdrawn(
    desk: LawDesk,
) -> None:
    desk.today = date(2023, 5, 2)
    desk.tell("sent-for-approval", "2023-05-02", due="2023-06-14")
    first = planned(desk, "council-pending", "0851/council", "2023-05-15")
    with writing(desk.engine) as session:
        session.execute(update(Notice).values(state="accepted"))
    plan(desk.engine, rules(), danish(date(2023, 5, 31), 9))
    acknowledge(desk.engine, first.id or 0, "Aalborg", danish(date(2023, 5, 31), 10))
    plan(desk.engine, rules(), danish(date(2023, 5, 31), 11))
    with reading(desk.engine) as session:
        of_aalborg = col(Notice.letter) == "council-pending", col(Notice.recipient) == "0851/council"
        states = dict(session.execute(select(col(Notice.rung), col(Notice.state)).where(*of_aalborg)).all())
    assert states == {"-30d": "confirmed", "-14d": "superseded"}
    found = reckon(desk.engine, rules(), danish(date(2023, 5, 31), 23))
    assert [one for one in found if "-14d til 0851/council" in one.said] == []
