"""What stands between an agreement and its next step, and which text binds meanwhile. Read-only."""

from __future__ import annotations

from datetime import date

from workflow.language import phrase
from workflow.lifecycle.guards import Blocker
from workflow.lifecycle.spoken import taken_back
from workflow.lifecycle.text import Version
from workflow.rules.regime import Regime
from workflow.services.planning.readiness import awaited
from workflow.storage.facts.projection import Standing

_UNDONE = ("sst_refused", "withdrawn", "superseded", "lapsed")


def blockers(standing: Standing) -> list[Blocker]:
    """What stands between here and the version's next step, each with its provision and who can clear it."""
    agreement, course = standing.agreement, standing.course
    cite = agreement.regime.cite
    found: list[Blocker] = []
    text: str
    current = course.current
    unasked = standing.submission_gone and (current is None or not current.submitted_on)
    if standing.law_gone or unasked or standing.story.ended_on:
        return found  # the rules have ended or no longer ask for it, or the next agreement has taken over
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
        found.append(Blocker(awaited(standing, current), cite("decide"), "sst"))
    elif current.state == "withdrawn" and cite("unanimity") and not current.revision:
        found.append(Blocker(taken_back(current.number, current.sendable), cite("unanimity"), "ssu"))
    elif current.state == "sst_refused":
        found.append(
            Blocker(
                phrase("en ændret version skal godkendes af alle råd og genindsendes"),
                cite("refuse"),
                "councils",
            )
        )
    undated = course.effective_on is None and (
        current is None or current.state not in ("withdrawn", "lapsed")
    )
    if undated and (cite("metadata") or _counted_from_it(agreement.regime)):
        found.append(Blocker(phrase("ikrafttrædelsesdatoen er ikke registreret"), cite("metadata"), "ssu"))
    elif course.period == "planned" and course.effective_on and course.effective_on <= standing.as_of:
        found.append(_not_begun(agreement.regime, course.effective_on))
    if standing.without_end:
        text = phrase("aftalens udløb er ikke registreret, så slutstatus har ingen dato")
        found.append(Blocker(text, "", "ssu"))
    return found


def _counted_from_it(regime: Regime) -> bool:
    """Whether a date of the rules is counted from the day the text takes effect."""
    return any(rule.due.anchor in ("effective", "calendar-year") for rule in regime.deadlines)


def _not_begun(regime: Regime, on: date) -> Blocker:
    """The day has come, and the step of the course that lets it begin is not recorded."""
    step = next((one for one in ("constitution", "adopt", "request") if regime.cite(one)), "concluded")
    text = {
        "constitution": phrase(
            "det konstituerende møde er ikke registreret, og perioden begyndte %(day)s", day=on
        ),
        "adopt": regime.words.phrase(
            "%(document)s skulle være trådt i kraft %(day)s, men er ikke vedtaget", day=on
        ),
        "request": regime.words.phrase(
            "%(document)s skulle være trådt i kraft %(day)s, men er ikke sendt", day=on
        ),
        "concluded": regime.words.phrase(
            "%(document.short)s skulle være trådt i kraft %(day)s, men er ikke indgået", day=on
        ),
    }[step]
    held = (rule.cite[0] for rule in regime.deadlines if "constituting-meeting-held" in rule.met_by)
    cite = next(held, regime.cite(step)) if step == "constitution" else regime.cite(step)
    return Blocker(text, cite, "regional-council")


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
