"""Days that somebody was given: they stand before there are words of the law or guidance about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflow.language import phrase
from workflow.rules.regime import DeadlineRule, Regime

PRACTICE = phrase("Praksis; ingen lovregel")


def as_given(rule: DeadlineRule, regime: Regime, as_of: date) -> DeadlineRule | None:
    """The rule as it could be read on ``as_of``; ``None`` where nobody knew it yet. A day that a fact gives stands all
    the same: on what its step rested on that day, else as a day agreed."""
    if regime.citable(rule.cite, as_of):
        return rule
    if rule.due.anchor != "fact":
        return None
    provision = regime.cite(rule.due.event)
    return replace(rule, cite=(provision,)) if provision else replace(rule, cite=(PRACTICE,), duty="agreed")
