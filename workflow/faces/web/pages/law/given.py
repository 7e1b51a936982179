"""The reasons of one date, as every face of them shows: the page, the text, the PDF, the link for others."""

from __future__ import annotations

from typing import Any

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import explained
from workflow.services.law.unsigned import unquoted
from workflow.services.views import titles
from workflow.services.views.readings import silences
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


def found_date(standing: Standing, rulebook: Rulebook, rule: str, subject: str) -> Deadline:
    """The date of that rule; :class:`NotFound` where the agreement has none."""
    found = explained(standing, rulebook, rule, subject)
    if found is None:
        raise NotFound(phrase("aftalen har ingen sådan frist"))
    return found


def given(standing: Standing, rulebook: Rulebook, rule: str, subject: str) -> dict[str, Any]:
    """What ``law/why-body.html`` and ``law/why.txt`` tell: nothing that a reader without a sign-in may not see."""
    deadline = found_date(standing, rulebook, rule, subject)
    rules = [r for regime in rulebook.law.regimes for r in regime.deadlines]
    names = titles.bodies(rulebook)
    cited = _cited(deadline)
    return {
        "standing": standing,
        "deadline": deadline,
        "law": next((r for r in rules if (r.id, r.cite) == (deadline.id, deadline.cite)), None),
        "unquoted": [cite for cite in unquoted(rulebook) if cite in cited],
        "of_day": min(standing.as_of, deadline.legal_on or standing.as_of),
        "quotations": [q for q in rulebook.quotations if q.cite in cited],
        "silences": silences(standing, rulebook, deadline),
        "name_of": lambda who, regime="": titles.doer(names, who, standing.rules.words(regime)),
    }


def _cited(deadline: Deadline) -> set[str]:
    """Every provision the deadline or one of its steps rests on."""
    said = [*deadline.cite, *(step.cite for step in deadline.why)]
    return {part.strip() for cite in said for part in cite.split(";")}
