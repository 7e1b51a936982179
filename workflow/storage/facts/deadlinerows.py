"""A deadline as it is stored: the columns of its row, and the steps of its explanation as JSON."""

from __future__ import annotations

import json

from workflow.rules.anchors import Step
from workflow.rules.found import StepJson
from workflow.rules.timeline import Deadline


def as_row(agreement_id: int | None, deadline: Deadline) -> dict[str, object]:
    """A deadline as the columns of its row."""
    return {
        "agreement_id": agreement_id,
        "rule": deadline.id,
        "subject": deadline.subject,
        "title": deadline.title,
        "duty": deadline.duty,
        "who": deadline.who,
        "status": deadline.status,
        "legal_on": deadline.legal_on,
        "aim_on": deadline.aim_on,
        "original_on": deadline.original_on,
        "met_on": deadline.met_on,
        "latest_on": deadline.latest_on,
        "latest_gone": deadline.latest_gone,
        "doubtful": deadline.doubtful,
        "revision": deadline.revision,
        "cite": json.dumps(deadline.cite, ensure_ascii=False),
        "why": json.dumps([step_json(step) for step in deadline.why], ensure_ascii=False),
    }


def step_json(step: Step) -> StepJson:
    """A step of an explanation as JSON; ``kind`` and ``span`` let a reader recompute the date."""
    on = step.on.isoformat() if step.on else None
    return {"text": step.text, "on": on, "cite": step.cite, "kind": step.kind, "span": step.span}
