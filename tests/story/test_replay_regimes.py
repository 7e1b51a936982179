"""Real rounds under other rules, lived morning by morning: three framework agreements, and a late council of 2015."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine
from syrupy.assertion import SnapshotAssertion

from tests.story.living import Story, ledger, live, morning_of, notices, rules
from workflow.storage.database import connect, reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing

# first and last day lived; the first is assumed, see the files
HOVEDSTADEN = Story.read("rammeaftale-hovedstaden-2018", date(2017, 2, 1), date(2017, 12, 31))
SYDDANMARK = Story.read("rammeaftale-syddanmark-2019", date(2018, 6, 1), date(2018, 12, 31))
MIDTJYLLAND = Story.read("rammeaftale-midtjylland-2021", date(2020, 9, 1), date(2020, 12, 31))
FREDENSBORG = Story.read("hovedstaden-2015", date(2014, 9, 1), date(2015, 3, 31))
FRAMEWORKS = pytest.mark.parametrize(
    ("story", "rule", "due"),
    [
        (HOVEDSTADEN, "concluded-october", date(2017, 10, 15)),
        (SYDDANMARK, "concluded-october", date(2018, 10, 15)),
        (MIDTJYLLAND, "concluded-2020", date(2020, 12, 1)),
    ],
    ids=["hovedstaden-2018", "syddanmark-2019", "midtjylland-2021"],
)


def at(engine: Engine, story: Story, on: date) -> Standing:
    with reading(engine) as session:
        return projection.load(session, rules(), journal.find(session, story.key), on)


@FRAMEWORKS
def test_a_framework_agreement_is_concluded_in_time_with_exactly_these_letters(
    sqlite_url: str, story: Story, rule: str, due: date, snapshot: SnapshotAssertion
) -> None:
    engine = connect(sqlite_url)
    live(engine, story)
    found = at(engine, story, story.last).deadline(rule)
    assert found and (found.legal_on, found.status) == (due, "met")
    assert ledger(engine) == snapshot
    told = notices(engine)
    assert [key for key, times in Counter(one.key for one in told).items() if times > 1] == []
    assert [one.key for one in told if one.letter in ("overdue", "due", "council-late")] == []
    assert [
        one.key for one in told if one.letter.startswith(("sst-", "submission-countdown", "meetings"))
    ] == []
    engine.dispose()


def test_the_late_council_of_2015_is_asked_on_while_all_others_are_left_in_peace(
    sqlite_url: str, snapshot: SnapshotAssertion
) -> None:
    """Fredensborg: the committees on 4 and 16 February 2015 and the council after, past 31 January (BEK 1569/2013)."""
    engine = connect(sqlite_url)
    live(engine, FREDENSBORG)
    assert ledger(engine) == snapshot
    told = [one for one in notices(engine) if date(2015, 2, 1) <= morning_of(one) < date(2015, 2, 23)]
    councils = {one.recipient for one in told if one.recipient.endswith("/council")}
    assert councils == {"0210/council", "1084/council"}, "the late council, and the region that must submit"
    before = at(engine, FREDENSBORG, date(2015, 2, 22))
    found = before.deadline("submission")
    assert found and (found.legal_on, found.status) == (date(2015, 1, 31), "overdue")
    text = before.course.current
    assert text and (text.state, text.pending) == ("in_council_approval", ["0210"])
    after = at(engine, FREDENSBORG, FREDENSBORG.last)
    found, answer = after.deadline("submission"), after.deadline("sst-decision")
    assert found and (found.met_on, found.status) == (date(2015, 2, 24), "met_late")
    assert answer and (answer.legal_on, answer.status) == (date(2015, 3, 14), "overdue"), (
        "from the date, not receipt"
    )
    engine.dispose()
