"""What a letter tells of the agreement, of one version of its text and of the councils' answers to it."""

from __future__ import annotations

from datetime import date

from workflow.lifecycle.text import Version
from workflow.mail.writing.factparts import CouncilsFacts, DeskFacts, VersionFacts
from workflow.mail.writing.facts import AgreementFacts
from workflow.rules.regime import Regime
from workflow.storage.facts.projection import Standing


def _meant(standing: Standing, number: int | None) -> Version | None:
    """The text a letter is about: the one named, else the newest."""
    course = standing.course
    return (course.version(number) if number else None) or course.current


def iso(day: date | None) -> str | None:
    """A day as facts keep it."""
    return day.isoformat() if day else None


def version_facts(standing: Standing, number: int | None = None) -> VersionFacts | None:
    """The text ``number``, or the newest; ``None`` before there is one."""
    current = _meant(standing, number)
    if current is None:
        return None
    return {
        "number": current.number,
        "state": current.state_name,
        "sent_on": iso(current.sent_on),
        "reply_by": iso(current.reply_by),
        "submitted_on": iso(current.submitted_on),
        "received_on": iso(current.received_on),
        "document": current.document,
        "refused": current.state == "sst_refused",
        "withdrawn": current.state == "withdrawn",
    }


def councils_facts(standing: Standing, number: int | None = None) -> CouncilsFacts:
    """How the councils stand to that text: how many, how many said yes, and by name who has not."""
    current, total = _meant(standing, number), len(standing.agreement.parties)
    if current is None or not standing.course.tables.knows("sent-for-approval"):
        return {"total": total, "approved": 0, "pending": [], "against": []}
    return {
        "total": total,
        "approved": sum(current.approved_by(code) for code in current.decisions),
        "pending": [current.names[code] for code in current.pending],
        "against": [
            {"name": current.names[code], "state": current.decision_name(code)} for code in current.against
        ],
    }


def agreement_facts(standing: Standing) -> AgreementFacts:
    """The agreement, what its regime calls and asks, and ``desk``: the region that writes for it once its own has
    ended, and from which day."""
    agreement = standing.agreement
    region = standing.rules.region(agreement.region)
    desk: DeskFacts | None = None
    if region.successor and region.valid_to:
        heir = standing.rules.region(region.successor)
        desk = {"region": heir.id, "name": heir.name, "after": region.valid_to.isoformat()}
    return {
        "desk": desk,
        "key": agreement.key, "region": agreement.region, "region_name": agreement.name,
        "label": agreement.label, "term": agreement.term.label,
        "committee": agreement.regime.committee, "instrument": agreement.regime.instrument,
        "secretariat": agreement.regime.secretariat,
        "other_bodies": list(agreement.regime.other_bodies),
        "answered": bool(standing.course.tables.version.are("with-authority")),
        "times": dict(agreement.regime.times),
        "concludes": any("concluded" in rule.met_by for rule in agreement.regime.deadlines),
        "sends": next((one.time for one in agreement.regime.tasks if "submitted" in one.done_by), ""),
        "clock": _clock(agreement.regime), "builds_on": _builds_on(standing), "partner": agreement.partner,
    }  # fmt: skip


def _clock(regime: Regime) -> str:
    """What the authority's date is counted from; silence that approves is never counted from a guess."""
    rule = regime.rule("sst-decision")
    anchor = rule.due.anchor if rule else ""
    on_receipt = "receipt" if regime.tacit_approval else "sending"
    return {"received": on_receipt, "submission-deadline": "deadline"}.get(anchor, "")


def _builds_on(standing: Standing) -> bool:
    """Whether the rules of the agreement before this one asked for status reports."""
    law, own = standing.rules.law, standing.agreement
    before = [term for term in law.terms if term.ends_on < own.term.starts_on]
    earlier = law.regimes_of(max(before, key=lambda term: term.ends_on)) if before else []
    return any(one.kind == own.regime.kind and one.cite("status-reports") for one in earlier)
