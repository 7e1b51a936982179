"""An alarm that nothing else ends is ended by a person, who says what was done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.post import AT, open_alarms, owe
from tests.services.conftest import Desk
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.services.delivery.handling import cancel
from workflow.services.watch.heartbeat import open_alarms as listed
from workflow.services.watch.heartbeat import pass_failed
from workflow.services.watch.minding import end_alarms
from workflow.storage.database import reading
from workflow.storage.tables import Alarm


def number(engine: Engine, key: str) -> int:
    return next(one.id or 0 for one in listed(engine) if one.key == key)


def test_a_person_ends_an_alarm_and_what_was_done_stays_on_it(desk: Desk) -> None:
    one, two = owe(desk.engine, 2)
    cancel(desk.engine, [str(one), str(two)], "ringet i stedet", "anna", AT)
    seen = number(desk.engine, f"notice:{one}:cancelled")
    assert end_alarms(desk.engine, [seen], "skrevet i sagen", "anna", AT + timedelta(hours=1)) == 1
    assert open_alarms(desk.engine) == {f"notice:{two}:cancelled": "alarm"}
    with reading(desk.engine) as session:
        ended = session.scalars(select(Alarm).where(Alarm.id == seen)).one()  # type: ignore[arg-type]
    assert ended.cleared_at == AT + timedelta(hours=1)
    assert ended.text.endswith("annulleret: ringet i stedet (anna) Afsluttet af anna: skrevet i sagen")


def test_all_or_none_are_ended_and_never_one_that_ends_with_its_cause(desk: Desk) -> None:
    [one] = owe(desk.engine)
    cancel(desk.engine, [str(one)], "ringet", "anna", AT)
    pass_failed(desk.engine, "plan", "OSError: full", AT)
    cancelled, failed = (number(desk.engine, key) for key in (f"notice:{one}:cancelled", "pass:plan"))
    for numbers, why, error in (
        ([cancelled, failed], "set", NotPossible),
        ([cancelled, 99], "set", NotFound),
        ([cancelled], " ", Invalid),
        ([], "set", Invalid),
    ):
        with pytest.raises(error):
            end_alarms(desk.engine, numbers, why, "anna", AT)
    assert set(open_alarms(desk.engine)) == {f"notice:{one}:cancelled", "pass:plan"}
    assert end_alarms(desk.engine, [cancelled], "set", "anna", AT) == 1
    with pytest.raises(NotFound):
        end_alarms(desk.engine, [cancelled], "igen", "anna", AT)
