"""The links of a letter depend on what it is about, not on the day it was written."""

from __future__ import annotations

import pytest

from tests.mail.sample_facts import COUNCIL, facts, submission, version
from workflow.mail.links import links_in


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
