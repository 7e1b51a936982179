"""A duty whose date came while the rules held stays broken; asked for after they may have ended, it says so."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.services.planning.owing import owed_now

LATE = (
    "Reglerne kan være ophævet fra torsdag den 1. januar 2026. Datoen lå før den dag, så den er ikke overholdt; om "
    "pligten stadig består, er ikke afklaret."
)
ASKED = (
    "Reglerne kan være ophævet fra torsdag den 1. januar 2026. Om pligten stadig består, er ikke afklaret."
)


@pytest.fixture
def refused(desk: LawDesk) -> LawDesk:
    """In force since 2024; a revision was refused with 27 December 2025 as its date; the midterm was sent."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    desk.tell("sst-approved", "2024-02-14")
    desk.tell("revision-opened", "2024-09-02", version=2)
    desk.sends("2025-03-03", yes_on="2025-05-26", version=2)
    desk.tell("submitted", "2025-06-06", version=2)
    desk.tell("sst-refused", "2025-07-30", due="2025-12-27", about="krav 1", version=2)
    desk.tell("midterm-sent", "2025-12-31")
    return desk


def told(desk: LawDesk, name: str, on: str) -> set[str]:
    """What each letter ``name`` owed by ``on`` says, of the newest rung."""
    owed = [
        one for one in owed_now(rules(), desk.at(as_of=on), day(on), day(on), {}) if one.letter.name == name
    ]
    newest = max(one.due_on for one in owed)
    return {
        rendered_text(write(letters(), name, one.facts | {"ask": None, "link": ""}).raw)
        for one in owed
        if one.due_on == newest
    }


@pytest.mark.parametrize(
    ("name", "on", "said"),
    [
        ("resubmission-countdown", "2026-01-06", LATE),
        ("resubmission-countdown", "2026-02-17", LATE),
        ("annual-review", "2026-01-05", LATE),
        ("publish", "2026-01-14", ASKED),
        ("publication-missing", "2026-01-30", ASKED),
    ],
)
def test_what_is_asked_for_after_the_rules_may_have_ended_says_so_and_the_breach_stays(
    refused: LawDesk, name: str, on: str, said: str
) -> None:
    found = told(refused, name, on)
    assert found and all(said in text for text in found)


def test_before_the_first_of_the_days_nothing_of_the_kind_is_said(refused: LawDesk) -> None:
    for name, on in (("resubmission-countdown", "2025-12-30"), ("annual-review", "2025-12-30")):
        assert not [text for text in told(refused, name, on) if "kan være ophævet fra" in text]


def test_what_rests_on_an_order_of_its_own_is_not_drawn_into_the_doubt(refused: LawDesk) -> None:
    found = {
        one.facts["deadline"]["subject"]: one.facts["deadline"]["asked_in_doubt"]
        for one in owed_now(rules(), refused.at(as_of="2026-11-30"), day("2026-11-30"), day("2026-11-30"), {})
        if one.letter.name == "meetings-at-risk" and one.facts["deadline"]
    }
    assert found["piu@2026"] is None


@pytest.mark.parametrize("ended_on", ["2026-01-01", "2027-01-01"])
def test_a_settled_end_leaves_no_doubt(refused: LawDesk, ended_on: str) -> None:
    refused.today = day("2026-01-02")
    refused.tell("regime-confirmed", "2026-01-02", due=ended_on)
    owed = owed_now(rules(), refused.at(as_of="2026-01-06"), day("2026-01-06"), day("2026-01-06"), {})
    asked = [one.facts["deadline"] for one in owed if one.facts["deadline"]]
    assert not [one for one in asked if one["asked_in_doubt"]]
