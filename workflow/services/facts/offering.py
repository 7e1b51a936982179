"""What can be recorded now, and why the rest cannot. There is no second table of what follows what: each event is
tried on the facts there are, and the lifecycle answers."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.errors import NotPossible
from workflow.language import noted
from workflow.lifecycle.course import COUNCIL_EVENTS, TOLD
from workflow.lifecycle.following import walk
from workflow.rules.facts import DONE, Fact
from workflow.services.facts.intake import RECORDABLE, complete
from workflow.services.facts.subjects import subjects
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass, replace

# The events in the order an agreement's course runs; a test holds that every event stands here once.
COURSE = {
    noted("Udkast og inddragelse"): (
        "piu-meeting-held", "drafting-opened", "cluster-input", "goals-set", "annex-added", "revision-opened",
    ),
    noted("Høring og tiltrædelse"): ("consultation-opened", "consultation-closed", "endorsed"),
    noted("Rådene"): (
        "sent-for-approval", "council-scheduled", "council-approved", "council-remarks", "council-conditional",
        "council-postponed", "council-rejected", "evidence",
    ),
    noted("Myndigheden"): (
        "submitted", "received", "info-requested", "info-supplied", "refusal-discussed", "sst-approved",
        "sst-refused", "deviation", "revised-date-set",
    ),
    noted("Plan og rådgivning"): (
        "involvement-held", "statements-received", "advice-asked", "advice-received", "adopted", "change-adopted",
        "change-sent",
    ),
    noted("Kontrakt og anmodning"): (
        "concluded", "authority-told", "notice-given", "notice-received", "request-sent", "copy-sent",
        "answer-received",
    ),
    noted("Aftaleperioden"): ("effective", "nominal-end", "published", "withdrawn"),
    noted("Møder og opfølgning"): (
        "meeting-planned", "meeting-held", "cluster-dialogue", "annual-review-held", "status-adopted",
        "midterm-sent", "final-sent",
        "shared", "communication-agreed", "follow-up-planned", "date-agreed", "date-kept", "duty-done",
    ),
    noted("Udvalg, klynger og patienter"): (
        "constituting-meeting-held", "constituted", "chair-elected", "rules-of-procedure", "piu-invited",
        "piu-procedure-set", "piu-heard",
        "piu-seats-offered", "piu-dialogue-invited", "piu-meeting-requested", "working-group-set-up",
        "piu-group-invited",
    ),
    noted("Regionens og kommunernes planer"): (
        "plan-hearing-opened", "plan-hearing-answered", "practice-plan-consulted", "practice-plan-shown",
        "practice-plan-received", "practice-plan-advised", "practice-plan-adopted", "policy-received",
        "policy-assessed",
    ),
}  # fmt: skip

OF_COMMITTEES_ALONE = {
    "piu-meeting-held", "cluster-input", "goals-set", "revised-date-set", "cluster-dialogue", "annual-review-held",
    "communication-agreed", "follow-up-planned", *COURSE["Udvalg, klynger og patienter"],
    *COURSE["Regionens og kommunernes planer"],
} - {"constituting-meeting-held"}  # fmt: skip
"""What happens in the committees around a health agreement; of another round only where its rules ask for it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One event: possible where ``why`` is empty, for ``councils`` and about ``about`` where it concerns such; else why
    not, with the provision in ``cite``."""

    event: str
    why: str = ""
    cite: str = ""
    councils: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


def offers(standing: Standing, rulebook: Rulebook) -> dict[str, list[Offer]]:
    """Every event but corrections, as the course runs, tried on the standing's day."""
    here = {group: [event for event in events if _has(standing, event)] for group, events in COURSE.items()}
    return {
        group: [offer(standing, rulebook, event, first=True) for event in events]
        for group, events in here.items()
        if events
    }


def _has(standing: Standing, event: str) -> bool:
    """Whether a round of this kind has the event at all: a step of its course, what a duty of its rules is done by, or
    something that happens in any round."""
    regime = standing.agreement.regime
    asked = {met for rule in regime.deadlines for met in rule.met_by}
    asked |= {done for task in regime.tasks for done in task.done_by}
    if event == DONE or (event in OF_COMMITTEES_ALONE and not regime.other_bodies):
        return event in asked
    return event not in TOLD or standing.course.tables.knows(event)


def offer(standing: Standing, rulebook: Rulebook, event: str, first: bool = False) -> Offer:
    """Whether ``event`` can be recorded, and of whom or what. With ``first`` one that works is enough to know."""
    assert event in RECORDABLE
    councils: list[str] = []
    about: list[str] = []
    refusal: NotPossible | None = None
    for trial in _trials(standing, rulebook, event):
        try:
            walk(standing.agreement, (*standing.facts, trial), standing.rules.law)
        except NotPossible as error:
            refusal = refusal or error
            continue
        councils += [trial.council] if trial.council and trial.council not in councils else []
        about += [trial.about] if trial.about and trial.about not in about else []
        if first:
            return Offer(event)
    if refusal and not (councils or about):
        return Offer(event, refusal.why, refusal.cite)
    return Offer(event, councils=tuple(councils), about=tuple(about))


def _trials(standing: Standing, rulebook: Rulebook, event: str) -> Iterator[Fact]:
    """The event today, of each council and about each thing it can concern, with a date and a source to please."""
    today = standing.as_of
    needs_council = event in COUNCIL_EVENTS or event == "published"
    councils: list[str | None] = [None]
    if needs_council:
        councils = [party.code for party in standing.agreement.parties]
    for about in subjects(standing.agreement, rulebook, event) or [""]:
        for council in councils:
            trial = Fact(0, event, today, council=council, due=today, source="-", about=about)
            yield replace(
                complete(standing.agreement, standing.facts, trial),
                no=len(standing.facts) + 1,
                known_on=today,
            )
