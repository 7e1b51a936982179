"""Where an agreement stands, what comes next and what blocks it. Read-only; folds the facts as of any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.errors import Unworkable
from workflow.language import noted, phrase
from workflow.lifecycle.guards import Blocker
from workflow.lifecycle.text import Version
from workflow.mail.writing.words import HVILER_PAA
from workflow.rules.timeline import Deadline
from workflow.services.planning.marks import marks_json
from workflow.services.planning.readiness import next_sending, readiness
from workflow.services.views.dates import basis, next_date
from workflow.storage.asking import File, looking
from workflow.storage.facts import past, projection
from workflow.storage.facts.deadlinerows import step_json
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

if TYPE_CHECKING:
    from sqlalchemy import Engine

_UNDONE = ("sst_refused", "withdrawn", "superseded", "lapsed")


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


def deadline_json(standing: Standing, deadline: Deadline) -> dict[str, Any]:
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
        "cite": list(deadline.cite),
        "why": [step_json(step) for step in deadline.why],
    }


def status_json(standing: Standing, rulebook: Rulebook) -> dict[str, Any]:
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
    }


def councils_json(standing: Standing) -> list[dict[str, Any]]:
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


def blockers(standing: Standing) -> list[Blocker]:
    """What stands between here and the version's next step, each with its provision and who can clear it."""
    agreement, course = standing.agreement, standing.course
    cite = agreement.regime.cite
    found: list[Blocker] = []
    text: str
    current = course.current
    if standing.law_gone or (standing.submission_gone and (current is None or not current.submitted_on)):
        return found  # nothing is asked for under rules that have ended, or that no longer ask for it
    if current is None or current.state == "draft":
        if cite("unanimity"):  # else no council approves a text under these rules
            found.append(
                Blocker(phrase("aftalen er ikke sendt til godkendelse i rådene"), cite("unanimity"), "ssu")
            )
    elif current.state in ("in_council_approval", "blocked"):
        for code in (*current.against, *current.pending):
            state = current.decision_name(code)
            text = phrase(
                "%(council)s: %(decision)s (version %(number)s)",
                council=current.names[code], decision=state, number=current.number,
            )  # fmt: skip
            found.append(Blocker(text, cite("unanimity"), code))
    elif current.state == "fully_approved":
        found.append(
            Blocker(phrase("aftalen er klar, men ikke indsendt"), cite("submit"), "regional-council")
        )
    elif current.with_authority:
        text = agreement.regime.words.phrase(
            noted("%(Authority.genitive)s svar afventes")
            if current.received_on
            else noted("%(Authority.genitive)s svar afventes; modtagelsen er ikke bekræftet")
        )
        found.append(Blocker(text, cite("decide"), "sst"))
    elif current.state == "sst_refused":
        found.append(
            Blocker(
                phrase("en ændret version skal godkendes af alle råd og genindsendes"),
                cite("refuse"),
                "councils",
            )
        )
    if course.effective_on is None and (current is None or current.state not in ("withdrawn", "lapsed")):
        found.append(Blocker(phrase("ikrafttrædelsesdatoen er ikke registreret"), cite("metadata"), "ssu"))
    elif course.period == "planned" and course.effective_on and course.effective_on <= standing.as_of:
        text = phrase(
            "aftalen skulle være trådt i kraft %(day)s, men er ikke indgået", day=course.effective_on
        )
        found.append(Blocker(text, cite("concluded"), "regional-council"))
    if course.nominal_end is None and agreement.regime.rule("final-order"):
        text = phrase("aftalens udløb er ikke registreret, så slutstatus har ingen dato")
        found.append(Blocker(text, "", "ssu"))
    return found


def _ends(standing: Standing) -> dict[str, Any] | None:
    """When the rules behind the agreement end, and how sure that is (law.md 5); ``None`` where nothing ends them."""
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


def binding(standing: Standing) -> Version | None:
    """The text that binds while a later one is on its way: the newest that was approved, or concluded and not refused.
    ``None`` while no agreement is in force, and where the newest text itself is the one."""
    course = standing.course
    if course.period not in ("in_force", "hold_over"):
        return None
    sent = [version for version in course.versions if version.submitted_on and version.state not in _UNDONE]
    approved = [version for version in sent if version.state == "sst_approved"]
    newest = max(approved or sent, key=lambda version: version.number, default=None)
    return newest if newest is not course.current else None


def _binding_json(standing: Standing) -> dict[str, Any] | None:
    """The number and state of the text that binds: the newest one's where no later one is on its way."""
    current, older = standing.course.current, binding(standing)
    if standing.course.period not in ("in_force", "hold_over") or not (found := older or current):
        return None
    return {"number": found.number, "state": found.state}


def _version_json(standing: Standing) -> dict[str, Any] | None:
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


def readiness_json(standing: Standing, rulebook: Rulebook) -> dict[str, Any]:
    """As ``aftale ready AGREEMENT --json`` gives it."""
    found, current = readiness(standing, rulebook), standing.course.current
    told = [
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
    }
