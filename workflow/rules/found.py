"""What a rule found: one date with the steps that led there, each a value made where the arithmetic is made."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from workflow.language import noted, phrase
from workflow.rules.facts import Fact
from workflow.rules.obligation import DeadlineRule
from workflow.rules.regime import Regime
from workflow.rules.silence import Alternative
from workflow.values import dataclass, replace

PRACTICE = phrase("Praksis; ingen lovregel")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a "why this date": Danish words, the date it reaches, the provision or source."""

    text: str
    on: date | None
    cite: str
    kind: str = "note"
    span: str = ""


class StepJson(TypedDict):
    """A step as it is stored and told."""

    text: str
    on: str | None
    cite: str
    kind: str
    span: str


_PLANS = {
    "health": noted("sundhedsplanen"), "hospital": noted("sygehusplanen"),
    "practice": noted("praksisplanen"), "psychiatry": noted("psykiatriplanen"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A date (or none yet) for one rule and subject, why, and the step that fulfilled it.

    ``since`` is the day the date became known, ``None`` for the start: reminders that would have fallen before it
    were never owed. Where the law is silent ``on`` is the earliest date, ``later_on`` another date of the same duty,
    ``latest_on`` the last day on which it can be called in time, and ``readings`` the questions behind them;
    ``later_steps`` lead from the later date to the latest. ``ruled_on`` and ``ruled_later_on`` are ``on`` and
    ``later_on`` as the rule sets them, where a reading gives a day more: whether the rules lived to see the duty is
    asked of those. Whether the day itself is in time is a question of the day the rule sets.
    """

    rule: DeadlineRule
    subject: str
    on: date | None
    steps: tuple[Step, ...]
    met: Fact | None = None
    since: date | None = None
    later_on: date | None = None
    latest_on: date | None = None
    readings: tuple[Alternative, ...] = ()
    later_steps: tuple[Step, ...] = ()
    ruled_on: date | None = None
    ruled_later_on: date | None = None
    words: str = ""  # what the fact it comes from says it is about

    @property
    def title(self) -> str:
        """The duty's Danish title, with what it is about where that differs from fact to fact."""
        about = _PLANS.get(self.words, self.words)
        title = self.rule.title.da
        return phrase("%(title)s: %(about)s", title=title, about=about) if about else title

    @property
    def met_on(self) -> date | None:
        """The day it was fulfilled."""
        return self.met.on if self.met else None


def as_given(rule: DeadlineRule, regime: Regime, as_of: date) -> DeadlineRule | None:
    """The rule as it could be read on ``as_of``; ``None`` where nobody knew it yet. A day that a fact gives stands
    before there are words about it too: on what its step rested on that day, else as a day agreed."""
    if regime.citable(rule.cite, as_of):
        return rule
    if rule.due.anchor != "fact":
        return None
    provision = regime.cite(rule.due.event)
    return replace(rule, cite=(provision,)) if provision else replace(rule, cite=(PRACTICE,), duty="agreed")
