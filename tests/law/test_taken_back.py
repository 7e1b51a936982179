"""A submission that was taken back: every door says the same of the text, of the councils' yes and of what was broken
when it was sent."""

from __future__ import annotations

import pytest

from tests.law.desk import KEY, LawDesk, day, rules
from workflow.errors import NotPossible
from workflow.services.lookahead.planning import maybe_plan, slack_of
from workflow.services.planning.readiness import readiness
from workflow.services.views.status import readiness_json, status_json

SENT_WITHOUT = ["cluster-input", "consultation", "goals"]


@pytest.fixture
def taken_back(desk: LawDesk) -> LawDesk:
    """Submitted on 14 June 2023 without hearing, goals and the clusters' part, and taken back on the 20th."""
    desk.tell("piu-meeting-held", "2022-10-20")
    desk.tell("drafting-opened", "2022-11-01")
    desk.sends("2023-03-01", yes_on="2023-05-30")
    desk.tell("submitted", "2023-06-14")
    desk.tell("withdrawn", "2023-06-20")
    return desk


def marked(desk: LawDesk, on: str) -> list[tuple[str, str]]:
    found = status_json(desk.at(as_of=on), rules())["marks"]
    return [(mark["need"], mark["on"]) for mark in found]


def test_what_was_broken_at_a_submission_stays_marked_when_it_is_taken_back(taken_back: LawDesk) -> None:
    expected = [(need, "2023-06-14") for need in SENT_WITHOUT]
    assert marked(taken_back, "2023-06-15") == expected
    assert marked(taken_back, "2023-06-20") == expected
    taken_back.tell("submitted", "2023-06-26")
    assert marked(taken_back, "2026-11-21") == expected, "one breach, told once"


def test_a_submission_without_those_who_must_be_heard_is_confirmed_once_and_marked(desk: LawDesk) -> None:
    """E 6: hearing, goals and the clusters' input. The same text sent again breaks nothing new."""
    desk.sends("2023-03-01", yes_on="2023-05-30")
    said = desk.refuses(NotPossible, "submitted", "2023-06-14")
    assert "§ 29, stk. 1" in said and "§ 29, stk. 2" in said and "--confirm" in said
    number = desk.tell("submitted", "2023-06-14", confirmed=True).fact.no
    found = status_json(desk.at(), rules())["marks"]
    assert {mark["fact"] for mark in found} == {number}
    assert [mark["need"] for mark in found] == ["piu-meeting", *SENT_WITHOUT]
    desk.tell("withdrawn", "2023-06-20")
    desk.tell("submitted", "2023-06-26", confirmed=False)


def test_every_council_has_decided_by_the_plan_as_by_the_status(taken_back: LawDesk) -> None:
    on = "2023-06-20"
    standing = taken_back.at(as_of=on)
    plan = maybe_plan(standing)
    assert plan is not None
    assert {one.decided_on for one in plan.councils} == {day("2023-05-30")}
    assert slack_of([standing])[KEY].text == "Alle råd har besluttet."
    assert {one["state"] for one in status_json(standing, rules())["councils"]} == {"approved"}
    assert "submission" in {d.id for d in standing.deadlines if d.open}


def test_the_text_that_was_taken_back_has_its_number_and_can_be_sent_again(taken_back: LawDesk) -> None:
    standing = taken_back.at(as_of="2023-06-20")
    missing = {one.need: one.text for one in readiness(standing, rules())}
    assert "version-number" not in missing
    again = (
        "version 1 er trukket tilbage; indsend den igen, eller send en ny version til godkendelse i rådene"
    )
    assert missing["sent"] == again
    assert again in [one["text"] for one in status_json(standing, rules())["blocked_by"]]


def test_a_text_taken_back_from_the_councils_is_decided_by_nobody(desk: LawDesk) -> None:
    """Half of them said yes to it; a new text goes to all."""
    desk.tell("sent-for-approval", "2023-03-01")
    for party in desk.at().agreement.parties[:5]:
        desk.tell("council-approved", "2023-05-01", council=party.code)
    desk.tell("withdrawn", "2023-05-10")
    standing = desk.at(as_of="2023-05-10")
    plan = maybe_plan(standing)
    assert plan is not None
    assert {one.decided_on for one in plan.councils} == {None}
    missing = {one.need: one.text for one in readiness(standing, rules())}
    assert "version-number" not in missing
    new = "version 1 er trukket tilbage; en ny version skal sendes til rådene"
    assert missing["sent"] == new
    assert new in [one["text"] for one in status_json(standing, rules())["blocked_by"]]


def test_a_revision_taken_back_leaves_nothing_to_send_in(desk: LawDesk) -> None:
    """The agreement that was approved binds on; what comes next is its final status."""
    desk.concludes("2023-12-15")
    desk.tell("sst-approved", "2024-01-10")
    desk.tell("effective", "2024-01-01")
    desk.tell("revision-opened", "2024-09-01", version=2)
    desk.tell("withdrawn", "2024-10-01", version=2)
    found = status_json(desk.at(as_of="2024-10-01"), rules())
    assert found["binding"] == {"number": 1, "state": "sst_approved"}
    assert not any("trukket tilbage" in one["text"] for one in found["blocked_by"])
    told = readiness_json(desk.at(as_of="2024-10-01"), rules())
    assert told["for"] == "final"
    assert not any("trukket tilbage" in one["text"] for one in told["missing"])
