"""The chance of an agreement counts the decisions of every agreement, and only those known that day."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from tests.services.lookahead import test_planning as planning
from tests.services.lookahead.test_planning import KEY, MARCH, calendar, happens, sent, told
from tests.story.living import danish, rules
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.lookahead.chances import chance_json, chance_of, said

engine = planning.engine


def decided_elsewhere(engine: Engine, councils: int) -> None:
    """A neighbour's round in which ``councils`` said yes in February."""
    opened = date(2022, 11, 2)
    fact = Fact(0, "opened", opened, source="prøve", by="prøve")
    open_agreement(
        engine, rules(), fact, region="hovedstaden", term="2022-2025", label="2024-2027", at=danish(opened, 9)
    )
    parties = rules().parties("hovedstaden", MARCH)
    for event, on, council in [
        ("goals-set", date(2023, 1, 2), None),
        ("sent-for-approval", date(2023, 1, 3), None),
        *(("council-approved", date(2023, 2, 1), party.code) for party in parties[:councils]),
    ]:
        version = None if event == "goals-set" else 1
        one = Fact(0, event, on, version, council, source="prøve", by="prøve", known_on=on)
        record(engine, rules(), "hovedstaden/2024-2027", one, today=on, at=danish(on, 9))


def test_too_few_decisions_are_said_to_be_too_few(engine: Engine) -> None:
    told(engine, calendar())
    decided_elsewhere(engine, 19)
    _, found = chance_of(engine, rules(), KEY, MARCH)
    assert said(found) == "For få data: 19 beslutninger, og der skal mindst 20 til."


def test_the_chance_names_the_meetings_and_the_calls(engine: Engine) -> None:
    told(engine, calendar(months=range(5, 7)))
    decided_elsewhere(engine, 25)
    sent(engine, MARCH)
    happens(
        engine,
        "council-postponed",
        MARCH + timedelta(days=1),
        council="0851",
        version=1,
        due=date(2023, 6, 17),
    )
    standing, found = chance_of(engine, rules(), KEY, date(2023, 5, 20))
    answer = chance_json(standing, found)

    assert answer["decisions"] == 25
    assert 0 < answer["probability"] < 1
    assert answer["calls"][0]["code"] == "0851"
    assert answer["calls"][0]["why"] == "kan bruge mødet 17. juni 2023; rådet har selv behandlet 1 sag"
    _, before = chance_of(engine, rules(), KEY, date(2023, 1, 31))
    assert before.decisions == 0
