"""All regions from 28 November 2026 to 1 March 2028, rehearsed while nobody knows when the rules end (trap 40)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from tests.story.rehearsing import ROUND, stage
from workflow.services.rounds.ledger import Day
from workflow.services.rounds.rehearsal import rehearse
from workflow.services.rounds.roundfile import AgreementEntry, read_round

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("end-of-the-rules")]
FIRST, LAST = date(2026, 11, 28), date(2028, 3, 1)
DEAD = ("2027-07-01", "2027-12-31", "2028-07-01")
REGIONS = ("nordjylland", "midtjylland", "syddanmark", "oestdanmark")
NEXT = [
    AgreementEntry(region=region, term="2026-2029", label="2027-2031", source="åbnet på forhånd")
    for region in REGIONS
]


@pytest.fixture(scope="module")
def days() -> list[Day]:
    """The agreements in force and the round after them, lived once for all the tests that ask about them."""
    return asyncio.run(rehearse(stage(), FIRST, LAST, rounds=[*read_round(ROUND), *NEXT]))


def told(days: list[Day]) -> Iterator[tuple[date, str]]:
    return ((day.on, key) for day in days for mail in day.mails for key in mail.keys)


def test_no_letter_follows_a_date_that_is_gone_under_every_candidate(days: list[Day]) -> None:
    assert [key for _, key in told(days) if any(f"@{dead}|" in key for dead in DEAD)] == []
    assert [key for _, key in told(days) if "|submission-" in key] == []


def test_the_only_letters_of_the_round_after_are_those_that_ask(days: list[Day]) -> None:
    """Meetings belong to the committee, whichever of its agreements carries them; they are of 2026."""
    found = Counter(key.split("|")[-3] for _, key in told(days) if "/2027-2031|" in key)
    assert found.pop("regime-unsettled") == len(REGIONS)
    assert set(found) <= {"meetings-at-risk", "piu-meeting"}


def test_nothing_that_may_be_owed_falls_silent_before_the_last_candidate(days: list[Day]) -> None:
    """Meetings, the patient committee, the yearly review and the final status by its earlier reading."""
    letters = {key.split("|")[-3] for on, key in told(days) if on < date(2027, 1, 1)}
    assert {"meetings-at-risk", "piu-meeting", "annual-review", "final-due"} <= letters


def test_after_the_last_candidate_no_reminder_of_the_ended_rules_goes_out(days: list[Day]) -> None:
    late = [(on, key) for on, key in told(days) if on > date(2027, 1, 4)]
    assert late == []
    assert [alarm for day in days for alarm in day.alarms] == []
