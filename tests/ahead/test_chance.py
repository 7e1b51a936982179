"""The chance is counted from what councils did, says what it rests on, and says nothing on too little."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.ahead.test_backwards import GAPS, asked, monthly
from workflow.ahead.chance import LEAST, Chance, Record, chance
from workflow.ahead.roads import Lane

EVERYBODY = Record(38, 48)  # 39 of 50 tries with one of each outcome added: 0.78


def of(
    lanes: list[Lane], as_of: date, everybody: Record = EVERYBODY, own: dict[str, Record] | None = None
) -> Chance:
    return chance(asked(lanes, as_of=as_of), everybody, own or {}, GAPS.agenda)


def test_each_meeting_left_is_one_more_try() -> None:
    lane = monthly("0001", 15)
    one = of([lane], date(2027, 5, 20)).councils[0]
    two = of([lane], date(2027, 4, 20)).councils[0]

    assert one.meetings == (date(2027, 6, 15),)
    assert one.probability == pytest.approx(0.78)
    assert two.probability == pytest.approx(1 - 0.22**2)


def test_all_councils_must_say_yes_and_the_weakest_is_called_first() -> None:
    found = of([monthly("0001", 2), monthly("0002", 15), monthly("0003", 20)], date(2027, 4, 22))

    assert found.probability == pytest.approx(found.councils[0].probability * (1 - 0.22**2) ** 2)
    assert [one.code for one in found.calls] == ["0001", "0002", "0003"]
    assert found.calls[0].raises == pytest.approx((1 - 0.22**2) ** 2 - (found.probability or 0))


def test_a_council_that_often_postpones_weighs_by_its_own_record() -> None:
    lane = monthly("0001", 15)
    slow = of([lane], date(2027, 5, 20), own={"0001": Record(2, 12)}).councils[0]
    assert slow.probability == pytest.approx((0.78 * 4 + 2) / 16)


def test_nothing_is_said_on_fewer_than_twenty_decisions_or_without_a_calendar() -> None:
    lane = monthly("0001", 15)
    assert of([lane], date(2027, 5, 20), Record(LEAST - 1, 30)).probability is None
    assert of([lane], date(2027, 5, 20), Record(LEAST, 30)).probability is not None
    unknown = of([lane, replace(lane, code="0002", name="Ukendt", known=False)], date(2027, 5, 20))
    assert (unknown.probability, unknown.missing) == (None, ("Ukendt",))


def test_a_council_without_a_meeting_left_takes_all_hope_and_one_that_decided_takes_none() -> None:
    lanes = [monthly("0001", 15), monthly("0002", 15)]
    late = chance(asked(lanes, as_of=date(2027, 6, 14)), EVERYBODY, {}, GAPS.agenda)
    assert late.probability == 0

    sent = {"sent_on": date(2027, 4, 1), "decided": {"0001": date(2027, 5, 3)}}
    done = chance(asked(lanes, as_of=date(2027, 5, 20), **sent), EVERYBODY, {}, GAPS.agenda)
    assert done.probability == pytest.approx(0.78)
    assert [one.code for one in done.calls] == ["0002"]
