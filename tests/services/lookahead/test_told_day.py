"""Letters know the day a council has told: nothing before its meeting, and one the day after."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from tests.services.lookahead import test_planning as planning
from tests.services.lookahead.test_planning import KEY, MARCH, happens, sent
from tests.story.living import rules
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.views.status import find_standing
from workflow.services.watch.expecting import duties

engine = planning.engine
TOLD = {"council": "0851", "version": 1}


def owed(engine: Engine, on: date) -> list[Owed]:
    standing = find_standing(engine, rules(), KEY, on)
    found = list(owed_now(rules(), standing, on, on, {}))
    again = {duty.key for duty in duties(rules(), standing, on, {})}
    assert {one.key for one in found if one.letter.at} <= again  # the second reckoner finds the same
    return found


def letters_to(engine: Engine, council: str, on: date) -> list[tuple[str, str]]:
    return [
        (one.letter.name, one.rung)
        for one in owed(engine, on)
        if one.recipient == f"{council}/council" and one.letter.at
    ]


def test_a_council_that_has_told_its_day_is_left_alone_until_the_day_after(engine: Engine) -> None:
    sent(engine, MARCH, date(2023, 6, 1))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 24), **TOLD)

    every_day = [date(2023, 4, 1) + timedelta(days=n) for n in range(54)]  # up to the day of the meeting
    assert {name for day in every_day[::6] for name, _ in letters_to(engine, "0851", day)} == set()
    assert ("council-pending", "-30d") in letters_to(engine, "0810", date(2023, 5, 3))
    assert letters_to(engine, "0851", date(2023, 5, 25)) == [("council-meeting", "+1d")]
    assert letters_to(engine, "0810", date(2023, 5, 25))[0][0] == "council-pending"


def test_what_was_decided_ends_the_question_and_a_new_day_asks_after_that(engine: Engine) -> None:
    sent(engine, MARCH, date(2023, 6, 1))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 24), **TOLD)
    happens(engine, "council-scheduled", date(2023, 5, 23), due=date(2023, 6, 14), **TOLD)
    assert letters_to(engine, "0851", date(2023, 5, 26)) == []
    assert letters_to(engine, "0851", date(2023, 6, 15)) == [("council-meeting", "+1d")]

    happens(engine, "council-approved", date(2023, 6, 15), **TOLD)
    assert letters_to(engine, "0851", date(2023, 6, 16)) == []


def test_the_day_after_a_friday_meeting_is_the_monday(engine: Engine) -> None:
    sent(engine, MARCH, date(2023, 6, 30))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 6, 9), **TOLD)
    assert letters_to(engine, "0851", date(2023, 6, 11)) == []
    [asked] = [one for one in owed(engine, date(2023, 6, 12)) if one.letter.name == "council-meeting"]
    assert asked.due_on == date(2023, 6, 12)
    assert asked.facts["deadline"]["legal_on"] == "2023-06-09"
