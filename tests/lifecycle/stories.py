"""Short stories of a health agreement, and where its machines stand after them: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.law.desk import rules
from workflow.errors import NotPossible
from workflow.lifecycle.course import Course
from workflow.lifecycle.following import follow
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact

D2023, D2011 = ("2024-2027", "2022-2025"), ("2011-2014", "2010-2013")
LATE = date(2026, 6, 1)


def agreement(which: tuple[str, str] = D2023) -> Agreement:
    return rules().agreement("nordjylland", *which, date(int(which[0][:4]) - 1, 3, 1))


def said(event: str, on: date, version: int | None = None, **more: Any) -> Fact:
    return Fact(0, event, on, version=version, source="brev", **more)


def yes(on: date, version: int = 1, but: str = "") -> list[Fact]:
    """Every council's, but the one of this code."""
    codes = [party.code for party in agreement().parties if party.code != but]
    return [said("council-approved", on, version, council=code) for code in codes]


def sent(version: int = 1, year: int = 2023) -> list[Fact]:
    """A text sent to the councils, and all their answers."""
    return [said("sent-for-approval", date(year, 5, 1), version), *yes(date(year, 6, 1), version)]


def concluded(version: int = 1, year: int = 2023) -> list[Fact]:
    return [*sent(version, year), said("submitted", date(year, 6, 20), version)]


def lived(facts: list[Fact], on: date = LATE, whose: Agreement | None = None, **more: date) -> Course:
    numbered = [
        replace(fact, no=no, known_on=fact.known_on or fact.on) for no, fact in enumerate(facts, start=1)
    ]
    return follow(whose or agreement(), numbered, rules().law, on, **more)


def refused(facts: list[Fact], last: Fact, whose: Agreement | None = None) -> str:
    """What is said to ``last`` after ``facts``, which hold."""
    lived(facts, whose=whose)
    with pytest.raises(NotPossible) as told:
        lived([*facts, last], whose=whose)
    return str(told.value)
