"""From a rule and the facts to one date, with the steps that led there: the usual anchors, and what is made of
them. No day from anywhere else."""

from __future__ import annotations

from workflow.rules.agreement import Agreement
from workflow.rules.anchors import further, usual
from workflow.rules.anchors.counting import counted
from workflow.rules.found import Found, Step
from workflow.rules.obligation import DeadlineRule
from workflow.rules.story import Story

__all__ = ["Found", "Step", "counted", "find"]


def find(agreement: Agreement, rule: DeadlineRule, story: Story, until_year: int) -> list[Found]:
    """Every date ``rule`` gives for ``agreement`` by the steps that stand in ``story``.

    Most rules give one. ``received`` gives one for each submission, ``named`` one for each refusal (none until
    there is one), ``calendar-year`` and ``every`` one for each year in turn up to ``until_year``.
    """
    match rule.due.anchor:
        case "latest" | "earliest":
            parts = [find(agreement, further.alone(rule, part), story, until_year) for part in rule.due.parts]
            return further.picked(rule, parts)
        case "day" | "half-term" | "round" | "every":
            return further.find(agreement, rule, story, until_year)
    return usual.find(agreement, rule, story, until_year)
