"""What a letter says of meetings: the one it asks about, those that will not be held, and those of a year."""

from __future__ import annotations

from datetime import date

from workflow.language import phrase
from workflow.mail.writing.factparts import GoneDay, GoneFacts, MeetingFacts, QuotaFacts
from workflow.rules.timeline import Deadline
from workflow.services.due.councildays import gone_days, told_days, told_road
from workflow.services.due.lastchance import closes_on, last_agendas, last_reachable
from workflow.services.due.quotas import Quota, quotas
from workflow.services.due.targets import target
from workflow.services.lookahead.planning import backwards
from workflow.services.lookahead.telling import verdict
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


def meeting_of(standing: Standing, rulebook: Rulebook, council: str, prompt: Deadline) -> MeetingFacts | None:
    """The meeting of a council that ``prompt`` is about: the one it has told, else the last one by that day that can
    still be reached; with the last day for the case, where its calendar says it. ``unsaid``: it has told no day, and
    this is its last. ``None`` where no calendar says it."""
    wanted = prompt.legal_on
    if prompt.id not in ("council-agenda", "council-reply") or wanted is None:
        return None
    if standing.agreement.council(council) is None:  # the same date is told to the secretariat too
        return None
    unsaid = prompt.id == "council-agenda" and council not in told_days(standing)
    if unsaid:
        last = {one.code: one.road for one in last_agendas(standing, rulebook, told_days(standing))}
        road = last.get(council)
    elif prompt.id == "council-agenda":
        road = told_road(standing, rulebook, council)
    else:
        road = last_reachable(standing, rulebook, council, wanted)
    closes = closes_on(road) if road else None
    if road is None or closes is None:
        return None
    organ, _ = road.first
    told: MeetingFacts = {
        "on": road.council.on.isoformat(), "closes_on": closes.isoformat(), "organ": organ,
        "source": road.council.source,
    }  # fmt: skip
    return told | {"unsaid": True} if unsaid else told


def gone_facts(standing: Standing, rulebook: Rulebook, prompt: Deadline) -> GoneFacts:
    """What a letter says of the days that fell away: each with its council and source, and how the round now stands."""
    names = {party.code: party.name for party in standing.agreement.parties}
    days: list[GoneDay] = [
        {"name": names[one.body], "organ": one.organ, "on": one.on.isoformat(), "why": one.gone_why}
        for one in gone_days(standing, rulebook) if one.gone_on == date.fromisoformat(prompt.subject)
    ]  # fmt: skip
    plan = verdict(backwards(standing), rulebook.gaps.tight).text if target(standing) else ""
    return {"days": days, "plan": plan}


def _year_signed(quota: Quota) -> str:
    """The reading of *a year* that somebody signed, and who; empty where none is."""
    chosen = quota.reading and quota.reading.silence.reading(quota.reading.signed)
    return (
        phrase("%(said)s, efter %(by)s", said=chosen.said, by=quota.reading.by)
        if chosen and quota.reading
        else ""
    )


def quota_facts(standing: Standing, rulebook: Rulebook, prompt: Deadline) -> QuotaFacts | None:
    """How the meetings of the body and year of ``prompt`` stand; ``None`` where nothing is asked of it."""
    about, _, year = prompt.subject.partition("@")
    for quota in quotas(standing, rulebook, int(year)):
        if quota.about == about:
            return {
                "body_name": quota.name,
                "year": quota.year,
                "held": quota.held,
                "planned": quota.planned,
                "minimum": quota.minimum,
                "advice": quota.advice,
                "year_dates": [on.isoformat() for on in quota.reading.dates] if quota.reading else [],
                "year_signed": _year_signed(quota),
            }
    return None
