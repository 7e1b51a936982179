"""What a letter about an event or a prompt tells: which date it concerns, and what happened, in plain values."""

from __future__ import annotations

from typing import Any

from workflow.lifecycle.decision import COUNTS
from workflow.lifecycle.names import REPORT_NAMES
from workflow.rules.facts import Fact
from workflow.rules.ladder import LetterRule
from workflow.rules.timeline import Deadline
from workflow.services.facts.intake import lacking
from workflow.services.planning.ending import NO_END, UNSETTLED
from workflow.services.planning.prompts import prompts
from workflow.services.planning.quotas import quotas
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook

_ON_SSTS_CLOCK = ("submitted", "received", "info-requested", "refusal-discussed")
_NO_DATE = ("midterm-sent", "final-sent", "revision-opened", "sst-approved")
_TOLD_AS_EVENTS = ("rosters", "watch", "hold-over", "regime-ended", UNSETTLED, NO_END)
_PROVISIONS = {
    "submitted": "concluded",
    "received": "receive",
    "info-requested": "information",
    "refusal-discussed": "refusal-discussed",
    "sst-approved": "decide",
    "sst-refused": "refuse",
    "revision-opened": "revision",
    "midterm-sent": "share",
    "final-sent": "share",
    "consultation-opened": "consultation",
    "sent-for-approval": "unanimity",
    "council-rejected": "unanimity",
    "council-conditional": "unanimity",
    "council-postponed": "unanimity",
}


def concerns(standing: Standing, rulebook: Rulebook, fact: Fact) -> Deadline | None:
    """The date a letter about ``fact`` should tell; ``None`` where it tells none."""
    if fact.event in _ON_SSTS_CLOCK:
        clocks = [d for d in standing.deadlines if d.id == "sst-decision"]
        return next((d for d in clocks if d.subject == f"v{fact.version}"), clocks[0] if clocks else None)
    if fact.event == "sst-refused":
        return next(
            (d for d in standing.deadlines if d.id == "resubmission" and d.legal_on == fact.due), None
        )
    if fact.event == "consultation-opened":
        return next((p for p in prompts(standing, rulebook) if p.id == "consultation"), None)
    return None if fact.event in _NO_DATE else standing.deadline("submission")


def reply_wanted(standing: Standing, rulebook: Rulebook, fact: Fact) -> Deadline | None:
    """The agreed day for the councils' answers, for the letter that asks for them; ``None`` where none is agreed."""
    if fact.event != "sent-for-approval":
        return None
    replies = (p for p in prompts(standing, rulebook) if p.id == "council-reply" and p.duty == "agreed")
    return next(replies, None)


def needing(standing: Standing, fact: Fact, recipients: list[str]) -> list[str]:
    """Who still needs the news of ``fact``: no council is asked for an answer it has given, about an old
    text, or under rules that have ended."""
    if fact.event != "sent-for-approval":
        return recipients
    current = standing.course.current
    if current is None or current.number != fact.version or current.state == "lapsed":
        return []
    decided = {f"{code}/council" for code, state in current.decisions.items() if state in COUNTS}
    return [recipient for recipient in recipients if recipient not in decided]


def event_facts(standing: Standing, fact: Fact) -> dict[str, Any]:
    """What happened, as a letter tells it; ``about_name`` is the Danish name of the council, body or report."""
    council = standing.agreement.council(fact.council or "")
    due = fact.due
    if fact.event == "submitted" and (submission := standing.deadline("submission")):
        due = submission.judged_on
    about = fact.about or fact.event.removesuffix("-sent")
    provision = standing.agreement.regime.cite(_PROVISIONS.get(fact.event, ""))
    return {
        "event": fact.event,
        "on": fact.on.isoformat(),
        "due": due.isoformat() if due else None,
        "time": fact.time,
        "about": fact.about or fact.council or "",
        "about_name": council.name if council else REPORT_NAMES.get(about, fact.about),
        "source": fact.source,
        "cite": [provision] if provision else [],
        "lacking": lacking(fact),
    }


def prompted(standing: Standing, rulebook: Rulebook, letter: LetterRule, prompt: Deadline) -> dict[str, Any]:
    """What a reminder tells beside its date: some prompts are told as an occasion, since no law dates them."""
    if prompt.id == "meetings":
        return {"quota": _quota(standing, rulebook, prompt)}
    if prompt.id == "receipt":
        return {
            "tell": standing.deadline("sst-decision", prompt.subject) or standing.deadline("sst-decision")
        }
    if prompt.id == "consultation":
        opened = [f for f in standing.course.noted["consultation-opened"] if f.due == prompt.legal_on]
        event = event_facts(standing, opened[-1]) if opened else None
        if letter.name == "consultation-closed" and event:
            return {"tell": None, "event": event | {"event": "consultation-closed", "on": event["due"]}}
        return {"event": event}
    if prompt.id in _TOLD_AS_EVENTS:
        return {"tell": None, "event": _occasion(prompt)}
    return {}


def _occasion(prompt: Deadline) -> dict[str, Any]:
    return {
        "event": prompt.id,
        "on": prompt.legal_on.isoformat() if prompt.legal_on else None,
        "due": None,
        "time": "",
        "about": "",
        "about_name": "",
        "source": "",
        "cite": list(prompt.cite),
    }


def _quota(standing: Standing, rulebook: Rulebook, prompt: Deadline) -> dict[str, Any] | None:
    about, _, year = prompt.subject.partition("@")
    for quota in quotas(standing, rulebook, int(year)):
        if quota.about == about:
            return {
                "body_name": quota.name,
                "year": quota.year,
                "held": quota.held,
                "planned": quota.planned,
                "minimum": quota.minimum,
            }
    return None
