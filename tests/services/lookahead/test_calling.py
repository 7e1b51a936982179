"""Whom to call: each silent council with its people and a prepared note; the first sign of life stops its reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.services.lookahead import test_planning as planning
from tests.services.lookahead.test_planning import KEY, MARCH, calendar, happens, sent, told
from tests.services.lookahead.test_told_day import TOLD, letters_to, owed
from tests.story.living import danish, rules
from workflow.errors import Invalid, NotPossible
from workflow.services.desk.calling import calls, take_call
from workflow.services.planning.reminders import plan
from workflow.services.views.status import find_standing
from workflow.storage.tables import Contact, Notice

engine = planning.engine
REPLY, CALLED = date(2023, 6, 1), date(2023, 5, 3)


def contact(engine: Engine, function: str, name: str, priority: int = 1) -> None:
    with Session(engine) as session:
        session.add(
            Contact(
                body="0851", function=function, name=name, email=f"{name}@aalborg.example", priority=priority
            )
        )
        session.commit()


def silent(engine: Engine, on: date) -> list[str]:
    return [one.code for one in calls(engine, find_standing(engine, rules(), KEY, on))]


def test_each_silent_council_has_its_line_of_people_and_a_prepared_note(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine, MARCH, REPLY)
    contact(engine, "council", "anna")
    contact(engine, "council", "bo", 2)
    contact(engine, "director", "direktion")
    [aalborg] = [
        one for one in calls(engine, find_standing(engine, rules(), KEY, CALLED)) if one.code == "0851"
    ]

    assert [(one.place, one.name) for one in aalborg.people] == [
        ("council", "anna"), ("deputy", "bo"), ("director", "direktion")
    ]  # fmt: skip
    assert aalborg.text.startswith(
        "Ringet til anna, Aalborg Kommune, 3. maj 2023. Version 1 sendt 1. marts 2023"
    )
    assert "svar ønskes senest 1. juni 2023" in aalborg.text
    assert "Det sidste møde, der kan nås: 17. juni 2023, dagsordenen lukker 5. juni 2023." in aalborg.text
    assert aalborg.next_on == date(2023, 5, 17)
    assert aalborg.next_to == "council"


def test_those_with_the_fewest_days_left_come_first_and_who_answered_or_told_a_day_is_not_called(
    engine: Engine,
) -> None:
    told(engine, calendar())
    sent(engine, MARCH, REPLY)
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 17), **TOLD)
    happens(engine, "council-approved", MARCH + timedelta(days=9), council="0810", version=1)

    found = silent(engine, CALLED)
    assert found[0] == "1081", "its agenda closes first"
    assert len(found) == 10 and not {"0851", "0810"} & set(found)
    assert "0851" in silent(engine, date(2023, 5, 18)), "its meeting is over, and nobody has heard"


def test_the_first_sign_of_life_stops_the_reminders_of_that_council_alone(engine: Engine) -> None:
    sent(engine, MARCH, REPLY)
    contact(engine, "council", "anna")
    plan(engine, rules(), danish(CALLED, 9))
    take_call(
        engine, rules(), KEY, "0851", "Kommer på mødet i juni; dagen følger.", "prøve", danish(CALLED, 10)
    )
    take_call(engine, rules(), KEY, "0851", "Ringet igen.", "prøve", danish(CALLED, 11))

    for day in (date(2023, 5, 17), date(2023, 6, 5), date(2023, 6, 16), date(2023, 6, 30)):
        assert letters_to(engine, "0851", day) == [], day
        assert letters_to(engine, "0810", day), day
    assert "0851/director" not in {one.recipient for one in owed(engine, date(2023, 6, 30))}
    assert "0810/director" in {one.recipient for one in owed(engine, date(2023, 6, 30))}
    with Session(engine) as session:
        which = select(Notice).where(Notice.letter == "council-pending", Notice.recipient == "0851/council")
        waiting = session.exec(which).one()
    assert (waiting.state, waiting.why) == ("superseded", "rådet har givet lyd fra sig")
    [aalborg] = [
        one for one in calls(engine, find_standing(engine, rules(), KEY, CALLED)) if one.code == "0851"
    ]
    assert (aalborg.heard_on, aalborg.next_on) == (CALLED, None)
    assert aalborg.note is not None and aalborg.note.text == "Ringet igen."


def test_a_note_can_be_kept_without_stopping_anything(engine: Engine) -> None:
    sent(engine, MARCH, REPLY)
    take_call(engine, rules(), KEY, "0851", "Ingen tog den.", "prøve", danish(CALLED, 10), stops=False)
    assert letters_to(engine, "0851", date(2023, 5, 17))


def test_a_call_is_refused_where_nothing_is_asked(engine: Engine) -> None:
    with pytest.raises(NotPossible, match="ingen tekst er hos rådene"):
        calls(engine, find_standing(engine, rules(), KEY, MARCH))
    sent(engine, MARCH, REPLY)
    happens(engine, "council-approved", MARCH + timedelta(days=9), **TOLD)
    with pytest.raises(Invalid, match="er ikke blandt dem, der mangler"):
        take_call(engine, rules(), KEY, "0851", "x", "prøve", danish(CALLED, 10))
