"""The links of a letter depend on what it is about, not on the day it was written."""

from __future__ import annotations

import pytest

from tests.mail.sample_facts import COUNCIL, facts, submission, version
from workflow.mail.links import links_in


@pytest.mark.parametrize("letter", ["sent-for-approval", "council-pending"])
def test_an_answer_link_does_not_depend_on_the_day_until_the_term_is_over(letter: str) -> None:
    def link(today: str) -> str | None:
        told = facts(COUNCIL, today, submission(today), version=version())
        return links_in(told, "key", letter, 1, "raad@example.dk").get("answer")

    first = link("2022-11-01")
    assert first and link("2023-06-18") == first and link("2025-12-31") == first
    assert link("2026-01-01") is None
