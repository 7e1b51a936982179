"""Days that an authority gave: they stand whatever the guidance says of them, until it has answered."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.services.due.dates import dated
from workflow.services.planning.owing import owed_now


@pytest.fixture
def doubted(desk: LawDesk) -> LawDesk:
    """Submitted on 14 June 2023; the authority raised its doubt on 20 July and gave until 25 August."""
    desk.sends("2023-03-02", yes_on="2023-05-25")
    desk.tell("submitted", "2023-06-14")
    desk.tell("received", "2023-06-15")
    desk.tell("refusal-discussed", "2023-07-20", due="2023-08-25")
    return desk


def test_a_day_the_authority_gave_is_a_deadline_before_there_is_guidance_about_it(doubted: LawDesk) -> None:
    """In 2023, before VEJ 9008/2024 took effect: the day was given all the same, and is told once."""
    for on, status in (("2023-07-20", "upcoming"), ("2023-08-25", "upcoming"), ("2023-08-26", "overdue")):
        found = doubted.deadline("adjusted-agreement", as_of=on)
        assert (found.legal_on, found.status, found.cite) == (date(2023, 8, 25), status, ("VEJ 9504/2018",))
        listed = [one.id for one in dated(doubted.at(as_of=on), rules()) if one.legal_on == date(2023, 8, 25)]
        assert listed == ["adjusted-agreement"]
        assert not [step for step in found.why if "9008" in step.cite]
    told = [
        one
        for one in owed_now(rules(), doubted.at(as_of="2023-08-18"), day("2023-08-18"), day("2023-08-18"), {})
        if one.letter.name == "duty"
    ]
    assert {one.recipient for one in told} >= {"1081/council", "nordjylland/secretariat-region"}


@pytest.mark.parametrize(
    ("answer", "more"), [("sst-refused", {"due": "2023-10-14", "about": "krav 1"}), ("sst-approved", {})]
)
def test_the_day_of_a_possible_refusal_is_settled_by_the_answer(
    doubted: LawDesk, answer: str, more: dict[str, str]
) -> None:
    doubted.tell(answer, "2023-08-09", **more)
    if answer == "sst-refused":
        doubted.sends("2023-08-20", yes_on="2023-09-28", version=2)
        doubted.tell("submitted", "2023-10-16", version=2)
    for on in ("2023-08-09", "2023-08-28", "2024-03-01"):
        assert doubted.at(as_of=on).deadline("adjusted-agreement") is None
        assert "adjusted-agreement" not in {one.id for one in dated(doubted.at(as_of=on), rules())}


def test_an_adjusted_text_in_time_has_met_the_day(doubted: LawDesk) -> None:
    doubted.tell("withdrawn", "2023-07-24")
    assert doubted.deadline("adjusted-agreement", as_of="2023-07-24").status == "upcoming"
    doubted.sends("2023-07-24", yes_on="2023-08-21", version=2)
    doubted.tell("submitted", "2023-08-24", version=2)
    doubted.tell("sst-approved", "2023-10-02", version=2)
    for on in ("2023-08-24", "2024-03-01"):
        assert doubted.deadline("adjusted-agreement", as_of=on).status == "met"


def test_a_revised_date_without_words_about_it_is_a_day_agreed(desk: LawDesk) -> None:
    desk.sends("2023-03-02", yes_on="2023-05-25")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-approved", "2023-08-01")
    desk.tell("revision-opened", "2023-09-01", version=2)
    desk.tell("revised-date-set", "2023-09-10", due="2023-12-15", version=2)
    found = desk.deadline("revised-agreement", as_of="2023-10-01")
    assert (found.legal_on, found.duty) == (date(2023, 12, 15), "agreed")
    assert desk.deadline("revised-agreement", as_of="2024-01-12").duty == "shall-guidance"
