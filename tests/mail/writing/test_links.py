"""The links of a letter depend on what it is about, not on the day it was written."""

from __future__ import annotations

import pytest

from tests.mail.sample_facts import COUNCIL, facts, submission, version
from workflow.mail.links import Calendar, links_in, opened_ask, opened_calendar, reader_of


@pytest.mark.parametrize(
    "letter", ["sent-for-approval", "council-pending", "council-agenda", "council-meeting"]
)
def test_an_answer_link_depends_on_neither_day_nor_letter_until_the_term_is_over(letter: str) -> None:
    def link(today: str, number: int = 1, edition: int = 0) -> str | None:
        told = facts(COUNCIL, today, submission(today), version=version())
        return links_in(told, "key", letter, number, "raad@example.dk", edition).get("answer")

    first = link("2022-11-01")
    assert link("2022-11-01", number=2) == first != link("2022-11-01", edition=1)
    assert first and link("2023-06-18") == first and link("2025-12-31") == first
    assert link("2026-01-01") is None


def test_the_letter_that_asks_when_a_council_meets_opens_that_council_s_calendar_alone() -> None:
    told = facts(
        COUNCIL, "2022-11-17", None, rung="+14d", meeting_year={"year": 2023, "missing": ["Aalborg Kommune"]}
    )
    links = links_in(told, "key", "council-calendar", 1, "raad@example.dk", 0)
    assert list(links) == ["calendar_page"]
    token = links["calendar_page"].rpartition("/moedeplan/")[2]
    assert opened_calendar(token, "key") == Calendar("0851", 2023, reader_of("raad@example.dk"))
    assert opened_calendar(token, "another") is opened_ask(token, "key") is None
