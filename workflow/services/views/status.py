"""Where an agreement stands, what comes next and what blocks it. Read-only; folds the facts as of any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NotRequired, TypedDict

from workflow.errors import Unworkable
from workflow.mail.writing.words import HVILER_PAA
from workflow.rules.agreement import Named
from workflow.rules.found import StepJson
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import basis, next_date
from workflow.services.due.minimums import MissedJson, missed_json
from workflow.services.planning.marks import MarkJson, marks_json
from workflow.services.planning.readiness import next_sending, readiness
from workflow.services.views.blocking import binding, blockers
from workflow.storage.asking import File, looking
from workflow.storage.facts import past, projection
from workflow.storage.facts.deadlinerows import step_json
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

if TYPE_CHECKING:
    from sqlalchemy import Engine


class DeadlineJson(Named):
    """A deadline as ``aftale deadlines --json`` gives it."""

    id: str
    subject: str
    title: str
    duty: str
    basis: str
    basis_text: str
    who: str
    legal_on: str | None
    aim_on: str | None
    original_on: str | None
    status: str
    met_on: str | None
    revision: int
    doubtful: bool
    latest_on: str | None
    latest_gone: bool
    cite: list[str]
    why: list[StepJson]


class VersionJson(TypedDict):
    """The newest text; where there is none yet, the state that one would begin in."""

    number: int | None
    state: str
    late: bool
    sent_on: NotRequired[str | None]
    reply_by: NotRequired[str | None]
    submitted_on: NotRequired[str | None]
    received_on: NotRequired[str | None]
    answered_on: NotRequired[str | None]
    tacit: NotRequired[bool]


class BindingJson(TypedDict):
    """The text that binds."""

    number: int
    state: str


class EndsJson(TypedDict):
    """When the rules behind an agreement end, and how sure that is."""

    confirmed_on: str | None
    candidates: list[str]
    certainty: str
    cite: str


class CouncilJson(TypedDict):
    """A council and its decision on the newest version."""

    code: str
    name: str
    state: str
    version: int | None
    on: str | None


class BlockerJson(TypedDict):
    """What stands in the way, and who can clear it."""

    text: str
    cite: str
    who: str


class StatusJson(Named):
    """An agreement as ``aftale status AGREEMENT --json`` gives it."""

    region: str
    term: str
    regime: str
    as_of: str
    version: VersionJson
    binding: BindingJson | None
    period: str
    effective_on: str | None
    nominal_end: str | None
    nominal_end_source: str | None
    regime_ends: EndsJson | None
    next: DeadlineJson | None
    overdue: list[str]
    blocked_by: list[BlockerJson]
    councils: list[CouncilJson]
    reports: dict[str, str]
    reviews: dict[str, str]
    marks: list[MarkJson]
    missed: list[MissedJson]


class NeedJson(TypedDict):
    """Something that is missing, or a warning."""

    need: str
    text: str
    cite: str
    who: str
    warning: bool


ReadinessJson = TypedDict(
    "ReadinessJson",
    {
        "agreement": str, "unit": str, "unit_name": str, "as_of": str, "regime": str, "for": str, "ready": bool,
        "version": int | None, "parties": list[str], "missing": list[NeedJson], "warnings": list[NeedJson],
        "missed": list[MissedJson],
    },
)  # fmt: skip
"""As ``aftale ready AGREEMENT --json`` gives it; :class:`workflow.rules.agreement.Named`, and what is missing ``for``
the next sending."""


def find_standing(place: Engine | File, rulebook: Rulebook, key: str, as_of: date) -> Standing:
    """One agreement as of a day; :class:`NotFound` for an unknown key and for a day before the agreement could be;
    :class:`Unworkable` where its facts do not fit the rules."""
    with looking(place) as view:
        row = past.agreed(view, key)
        past.must_have_begun(view, rulebook, row, as_of)
        return projection.load(view, rulebook, row, as_of)


def workable(
    place: Engine | File, rulebook: Rulebook, as_of: date
) -> tuple[list[Standing], list[Unworkable]]:
    """All agreements there were, as of a day; and those that cannot be worked out. For what must go on without."""
    with looking(place) as view:
        return projection.load_workable(view, rulebook, past.all_begun(view, rulebook, as_of), as_of)


def deadline_json(standing: Standing, deadline: Deadline) -> DeadlineJson:
    """A deadline as ``aftale deadlines --json`` gives it."""
    return {
        **standing.agreement.named,
        "id": deadline.id,
        "subject": deadline.subject,
        "title": deadline.title,
        "duty": deadline.duty,
        "basis": basis(deadline),
        "basis_text": HVILER_PAA[basis(deadline)],
        "who": deadline.who,
        "legal_on": _iso(deadline.legal_on),
        "aim_on": _iso(deadline.aim_on),
        "original_on": _iso(deadline.original_on),
        "status": deadline.status,
        "met_on": _iso(deadline.met_on),
        "revision": deadline.revision,
        "doubtful": deadline.doubtful,
        "latest_on": _iso(deadline.latest_on),
        "latest_gone": deadline.latest_gone,
        "cite": list(deadline.cite),
        "why": [step_json(step) for step in deadline.why],
    }


def status_json(standing: Standing, rulebook: Rulebook) -> StatusJson:
    """An agreement as ``aftale status AGREEMENT --json`` gives it. Dates are Danish civil dates."""
    agreement, course = standing.agreement, standing.course
    following = next_date(standing, rulebook)
    end = course.nominal_end
    return {
        **agreement.named,
        "region": agreement.region,
        "term": agreement.term.label,
        "regime": agreement.regime.id,
        "as_of": standing.as_of.isoformat(),
        "version": _version_json(standing),
        "binding": _binding_json(standing),
        "period": course.period,
        "effective_on": _iso(course.effective_on),
        "nominal_end": _iso(end.value) if end else None,
        "nominal_end_source": end.source if end else None,
        "regime_ends": _ends(standing),
        "next": deadline_json(standing, following) if following else None,
        "overdue": [d.id for d in standing.deadlines if d.status == "overdue"],
        "blocked_by": [{"text": b.text, "cite": b.cite, "who": b.who} for b in blockers(standing)],
        "councils": councils_json(standing),
        "reports": {"midterm": course.midterm, "final": course.final},
        "reviews": {str(year): state for year, state in course.reviews.items()},
        "marks": marks_json(standing, rulebook),
        "missed": missed_json(standing, rulebook),
    }


def councils_json(standing: Standing) -> list[CouncilJson]:
    """Every council that must approve, the regional one too, with its decision on the newest version."""
    current, none_yet = standing.course.current, standing.course.tables.decision.initial
    return [
        {
            "code": party.code,
            "name": party.name,
            "state": current.decisions.get(party.code, none_yet) if current else none_yet,
            "version": current.number if current else None,
            "on": _iso(current.decided_on.get(party.code)) if current else None,
        }
        for party in (standing.agreement.parties if none_yet else ())
    ]


def _ends(standing: Standing) -> EndsJson | None:
    """When the rules behind the agreement end, and how sure that is; ``None`` where nothing ends them."""
    ends, ended = standing.agreement.regime.ends, standing.course.law_ended
    if not ends and not ended:
        return None
    confirmed = standing.rules_end_on
    return {
        "confirmed_on": _iso(confirmed),
        "candidates": [day.isoformat() for day in ends.candidates] if ends and not confirmed else [],
        "certainty": "bekræftet" if confirmed else ends.certainty if ends else "",
        "cite": ended.source if ended else ends.cite if ends else "",
    }


def _binding_json(standing: Standing) -> BindingJson | None:
    """The number and state of the text that binds: the newest one's where no later one is on its way."""
    current, older = standing.course.current, binding(standing)
    if standing.course.period not in ("in_force", "hold_over") or not (found := older or current):
        return None
    return {"number": found.number, "state": found.state}


def _version_json(standing: Standing) -> VersionJson:
    current = standing.course.current
    if current is None:
        return {"number": None, "state": standing.course.tables.version.initial, "late": False}
    sent = [fact for fact in standing.story.named("submitted") if fact.version == current.number]
    fulfilled = standing.fulfilled_by(sent[-1]) if sent else None
    late = bool(fulfilled and fulfilled.status == "met_late")
    return {
        "number": current.number,
        "state": current.state,
        "sent_on": _iso(current.sent_on),
        "reply_by": _iso(current.reply_by),
        "submitted_on": _iso(current.submitted_on),
        "late": late,
        "received_on": _iso(current.received_on),
        "answered_on": _iso(current.answered_on),
        "tacit": current.tacit,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def readiness_json(standing: Standing, rulebook: Rulebook) -> ReadinessJson:
    """As ``aftale ready AGREEMENT --json`` gives it."""
    found, current = readiness(standing, rulebook), standing.course.current
    told: list[NeedJson] = [
        {"need": m.need, "text": m.text, "cite": m.cite, "who": m.who, "warning": m.warning} for m in found
    ]
    return {
        **standing.agreement.named,
        "as_of": standing.as_of.isoformat(),
        "regime": standing.agreement.regime.id,
        "for": next_sending(standing),
        "ready": all(m.warning for m in found),
        "version": current.number if current else None,
        "parties": [party.code for party in standing.agreement.parties],
        "missing": [m for m in told if not m["warning"]],
        "warnings": [m for m in told if m["warning"]],
        "missed": missed_json(standing, rulebook),
    }
