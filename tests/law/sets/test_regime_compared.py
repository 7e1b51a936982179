"""What of an edited regime a person is asked about: every field, but those that are no rule or are compared apart."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from tests.story.living import rules
from workflow.rules.obligation import CheckedBy
from workflow.rules.regime import Regime
from workflow.services.law.differing import COMPARED, NOT_COMPARED, in_the_regime

SIGNED = CheckedBy("Anna Holm", "jurist", date(2026, 11, 30), "BEK 1248/2022")


def order() -> Regime:
    return next(one for one in rules().law.regimes if one.id == "bek-1248-2022")


def test_every_field_of_a_regime_is_compared_or_has_a_reason_not_to_be() -> None:
    assert sorted([*COMPARED, *NOT_COMPARED]) == sorted(field.name for field in fields(Regime))
    assert all(NOT_COMPARED.values())


@pytest.mark.parametrize("name", COMPARED)
def test_a_field_that_differs_is_said_by_its_danish_name(name: str) -> None:
    new = replace(order(), **{name: () if name in ("tasks", "quotas") else "another"})
    assert list(in_the_regime(order(), new)) == [f"Ændret i regelfilen: {COMPARED[name]}"]


def test_what_is_about_our_own_reading_is_no_changed_rule() -> None:
    """A signature, the day a rule was checked, and the obligations a rule is counted for."""
    old = order()
    assert old.tasks and old.quotas
    read = {"checked_by": SIGNED, "checked_on": date(2026, 12, 24), "obligations": ("another",)}
    tasks = tuple(replace(one, **read) for one in old.tasks)
    quotas = tuple(replace(one, checked_by=SIGNED) for one in old.quotas)
    assert list(in_the_regime(old, replace(old, tasks=tasks, quotas=quotas, checked_by=SIGNED))) == []
    other = replace(old, tasks=(replace(old.tasks[0], next="Gør noget andet."), *old.tasks[1:]))
    assert list(in_the_regime(old, other)) == ["Ændret i regelfilen: de pligter, der ikke har en dato"]
