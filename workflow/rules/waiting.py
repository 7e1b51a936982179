"""The rule behind a date: who has signed it, and, where it gives an agreement no date yet, what would give it one."""

from __future__ import annotations

from datetime import date

from workflow.language import phrase
from workflow.rules.agreement import Agreement, rules_of
from workflow.rules.anchors import Step
from workflow.rules.obligation import CheckedBy, DeadlineRule, QuotaRule
from workflow.rules.regime import Law
from workflow.rules.timeline import Deadline


def waiting(agreement: Agreement, law: Law, rule_id: str, as_of: date) -> Deadline | None:
    """A rule of the agreement that gives it no deadline on ``as_of`` yet, with what would give it one; ``None`` where
    no rule has this id."""
    for rule, regime, reach in rules_of(agreement, law):
        if rule.id != rule_id:
            continue
        in_force = max(
            [day for key, day in regime.later_sources if rule.cite[0].startswith(key)], default=None
        )
        starts = [day for day in (in_force, regime.in_force_on if reach else None) if day and as_of < day]
        if starts:
            text = phrase(
                "Reglen har først virkning fra %(day)s; før den dag giver den ingen dato", day=max(starts)
            )
        elif rule.due.anchor == "named":
            text = regime.words.phrase(
                "%(Authority)s har ikke afslået at godkende %(document.short)s. Et afslag sætter datoen for den "
                "ændrede %(document.da)s, når det er registreret; reglen selv sætter ingen"
            )
        else:
            text = phrase("Reglen giver ingen dato for denne aftale endnu")
        cite = regime.citable(rule.cite, as_of) or rule.cite
        step = Step(text, max(starts, default=None), cite[0])
        return Deadline(
            rule.id,
            "",
            rule.title.da,
            rule.duty,
            rule.who,
            "undated",
            None,
            None,
            None,
            None,
            1,
            cite,
            (step,),
        )
    return None


def rule_behind(law: Law, deadline: Deadline) -> DeadlineRule | QuotaRule | None:
    """The rule that gave a deadline, whichever regime it stands in, or the least number of meetings behind a reminder
    of it; ``None`` for any other prompt."""
    if deadline.id == "meetings":
        quotas = (quota for regime in law.regimes for quota in regime.quotas)
        return next((quota for quota in quotas if quota.cite == deadline.cite[0]), None)
    rules = (rule for regime in law.regimes for rule in regime.deadlines)
    return next((r for r in rules if r.id == deadline.id and deadline.cite[:1] == r.cite[:1]), None)


def signed(rule: DeadlineRule | QuotaRule | None) -> CheckedBy | None:
    """Who has signed the rule, if anybody has."""
    return rule.checked_by if rule else None
