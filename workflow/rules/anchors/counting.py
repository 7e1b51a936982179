"""What every anchor needs: the step that fulfils a rule, its provision and source, and its length counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from workflow.language import full, noted, phrase
from workflow.rules.facts import DONE, Fact
from workflow.rules.found import Step
from workflow.rules.obligation import DeadlineRule
from workflow.rules.story import Story


def met(rule: DeadlineRule, story: Story, among: Iterable[Fact] | None = None) -> Fact | None:
    """The step that fulfilled the rule: the first that stands, among some of them where ``among`` says which. A
    :data:`DONE` says which duty it is about."""
    found = (fact for fact in story.named(*rule.met_by) if fact.event != DONE or fact.about == rule.id)
    return next((fact for fact in found if among is None or fact in among), None)


def cite(rule: DeadlineRule) -> str:
    """The rule's first provision."""
    return rule.cite[0]


def source(fact: Fact) -> str:
    """Where the fact can be read; its line of the journal where nobody said."""
    return fact.source or phrase("journalen, faktum %(no)s", no=fact.no)


def counted(rule: DeadlineRule, start: date) -> tuple[date, list[Step]]:
    """The rule's length counted from ``start``, one step for the sum and one for a strict reading."""
    steps: list[Step] = []
    on = start
    if rule.due.add:
        on = rule.due.add.after(start)
        earlier = rule.due.add.count < 0
        text = phrase(
            noted("%(span)s før er %(day)s") if earlier else noted("%(span)s efter er %(day)s"),
            span=rule.due.add.spoken,
            day=full(on),
        )
        steps.append(Step(text, on, cite(rule), "add", f"{rule.due.add.count} {rule.due.add.unit}"))
    if rule.due.strict:
        on -= timedelta(days=1)
        steps.append(Step(phrase("Sidste dag er dagen før: %(day)s", day=full(on)), on, cite(rule), "strict"))
    return on, steps
