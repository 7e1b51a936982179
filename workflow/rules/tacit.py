"""heard(agreement, law, story, as_of) -> the story with the silences that approve (BEK 778/2009 § 6, stk. 3). Pure.

A silence is a step like any other, on the last day the authority had: what came before it was an answer in time, what
comes after follows it. Where the law is silent about that day itself, it is the later of the two readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.rules.agreement import Agreement
from workflow.rules.anchors.answered import from_receipt
from workflow.rules.facts import Fact
from workflow.rules.obligation import DeadlineRule
from workflow.rules.readings import read
from workflow.rules.regime import Law
from workflow.rules.story import ANSWERS, SILENCE, Story, taken_back
from workflow.values import replace

CLOCK = "sst-decision"


def heard(agreement: Agreement, law: Law, story: Story, as_of: date) -> Story:
    """``story`` with every silence whose last day lies before ``as_of``; unchanged where silence says nothing."""
    rule = agreement.regime.rule(CLOCK)
    if not agreement.regime.tacit_approval or rule is None:
        return story
    silences: dict[int | None, Fact] = {}
    # what was taken back after it counted as approved had been approved all the same
    ends = [(index, fact.on) for index, fact in enumerate(story.steps) if fact.event == "withdrawn"]
    for index, on in [*ends, (len(story.steps), as_of)]:
        steps = story.steps[:index]
        for fact in _silent(agreement, law, rule, Story(steps, taken_back(steps)), on):
            silences.setdefault(fact.version, fact)
    late = {
        step
        for step in story.steps
        if step.event in ANSWERS and (silent := silences.get(step.version)) and step.on > silent.on
    }
    return replace(story, silences=tuple(silences.values()), undone=story.undone | late)


def _silent(agreement: Agreement, law: Law, rule: DeadlineRule, story: Story, by: date) -> Iterator[Fact]:
    """The silences that had come before the day ``by``."""
    for sent, found in zip(story.named("submitted"), from_receipt(agreement, rule, story), strict=False):
        dated = read(agreement, law.silences, found, story, law.business_days(rule.also_closed))
        last = dated.latest_on or dated.on
        answered = any(
            step.event in ANSWERS and step.version == sent.version and last and step.on <= last
            for step in story.steps
        )
        if last and last < by and not answered:
            yield Fact(0, SILENCE, last, version=sent.version, known_on=last)
