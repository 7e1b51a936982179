"""The backward plan of one agreement: its date, its text and its councils' meetings, asked of :mod:`workflow.ahead`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from workflow.ahead.backwards import BackwardPlan, Gap, Gaps, Question, plan
from workflow.errors import NotPossible
from workflow.language import full, phrase
from workflow.rules.agreement import Named
from workflow.rules.found import StepJson
from workflow.services.due.lanes import lanes
from workflow.services.due.targets import WITH_THE_COUNCILS, agreed_target, held_to
from workflow.services.lookahead.telling import Verdict, verdict
from workflow.storage.asking import File, looking
from workflow.storage.facts import past, projection
from workflow.storage.facts.deadlinerows import step_json
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOT_BINDING = phrase(
    "Reglen bag fristen er ophævet efter enhver læsning: planen gælder kun, hvis I har aftalt at holde dagen"
)
_ASKED_BY = {"consultation-opened": "consultation", "consultation-closed": "consultation",
             "piu-meeting-held": "piu-meeting"}  # fmt: skip


def plan_of(place: Engine | File, rulebook: Rulebook, key: str, as_of: date) -> tuple[Standing, BackwardPlan]:
    """One agreement as of a day with its plan; :class:`NotFound` as for its status, :class:`NotPossible` where there is
    nothing to plan."""
    with looking(place) as view:
        row = past.agreed(view, key)
        past.must_have_begun(view, rulebook, row, as_of)
        standing = projection.load(view, rulebook, row, as_of)
    return standing, backwards(standing)


def maybe_plan(standing: Standing) -> BackwardPlan | None:
    """The plan, or ``None`` where there is nothing to plan."""
    return None if agreed_target(standing) is None else backwards(standing)


def slack_of(standings: Iterable[Standing]) -> dict[str, Verdict]:
    """How each of these agreements stands in time, by key; those that nobody is held to are left out."""
    return {one.agreement.key: _said(one) for one in standings if held_to(one)}


def _said(standing: Standing) -> Verdict:
    found = backwards(standing)
    said = verdict(found, standing.rules.gaps.tight)
    if not found.asked.note:
        return said
    return replace(said, text=phrase("%(said)s %(note)s.", said=said.text, note=NOT_BINDING))


def backwards(standing: Standing) -> BackwardPlan:
    """The plan of an agreement, from the meetings its councils have told; reads nothing."""
    deadline = agreed_target(standing)
    if deadline is None or deadline.legal_on is None:
        raise NotPossible(
            phrase(
                "%(key)s: der er ingen åben frist for indsendelse %(as_of)s, så der er intet at planlægge",
                key=standing.agreement.key,
                as_of=full(standing.as_of),
            )
        )
    gaps = gaps_for(standing.rules.gaps, standing)
    rule = standing.agreement.regime.rule(deadline.id)
    if rule and "concluded" in rule.met_by:  # then nothing is sent to anybody by that day
        gaps = replace(gaps, submission=replace(gaps.submission, title=deadline.title))
    asked = Question(
        deadline.legal_on, deadline.why, standing.as_of,
        tuple(lanes(standing, deadline.legal_on, gaps)), note="" if deadline.open else NOT_BINDING,
        **_told(standing, gaps),
    )  # fmt: skip
    return plan(asked, gaps, standing.rules.days)


def _told(standing: Standing, gaps: Gaps) -> dict[str, Any]:
    """What is behind already. A text that a council said no to is not with the councils: a new one must go out. One
    that was taken back with every yes standing needs no council again."""
    current, noted = standing.course.current, standing.course.noted
    done = {gap.id: noted[gap.id][-1].on for gap in gaps.steps if noted[gap.id]}
    if current is None or not (current.state in WITH_THE_COUNCILS or current.sendable):
        against = tuple(current.names[code] for code in current.against) if current else ()
        return {"done": done, "against": against}
    yes = {code: on for code, on in current.decided_on.items() if current.approved_by(code)}
    return {
        "sent_on": current.sent_on, "reply_by": current.reply_by, "decided": yes, "meets": dict(current.meets_on),
        "done": done,
    }  # fmt: skip


def gaps_for(gaps: Gaps, standing: Standing) -> Gaps:
    """The steps that the agreement's rules know, each with the provision that asks for it."""
    cite = standing.agreement.regime.cite

    def under(gap: Gap) -> Gap:
        return replace(gap, law=cite(_ASKED_BY.get(gap.id, "")))

    asked = [gap for gap in gaps.steps if gap.id not in _ASKED_BY or cite(_ASKED_BY[gap.id])]
    return replace(gaps, steps=tuple(under(gap) for gap in asked))


class PlanStepJson(TypedDict):
    """A step of the round: the last day for it, the day that leaves room, and why."""

    id: str
    title: str
    latest_on: str | None
    preferred_on: str | None
    why: list[StepJson]


class PlanCouncilJson(TypedDict):
    """A council's last meeting and its slack."""

    code: str
    name: str
    last_meeting_on: str | None
    agenda_closes_on: str | None
    slack_days: int | None
    slack_meetings: int | None
    usable: bool | None


class PlanJson(Named):
    """A plan as ``aftale plan --json`` gives it; days are ISO."""

    by: str
    by_why: list[StepJson]
    dispatch_by: str | None
    blocking: list[str]
    steps: list[PlanStepJson]
    councils: list[PlanCouncilJson]


class PlannedJson(PlanJson):
    """The same with how the round stands."""

    colour: str
    text: str
    left: bool


def planned_json(standing: Standing) -> PlannedJson:
    """:func:`plan_json` with how the round stands: ``colour``, ``text``, and whether a plan is ``left``.
    :class:`NotPossible` where there is nothing to plan."""
    found = backwards(standing)
    said = verdict(found, standing.rules.gaps.tight)
    return {**plan_json(standing, found), "colour": said.colour, "text": said.text, "left": found.left}


def plan_json(standing: Standing, found: BackwardPlan) -> PlanJson:
    """The plan as plain values."""
    return {
        **standing.agreement.named,
        "by": found.asked.by.isoformat(),
        "by_why": [step_json(step) for step in found.asked.by_why],
        "dispatch_by": _iso(found.dispatch_by),
        "blocking": list(found.blocking),
        "steps": [
            {
                "id": step.id, "title": step.title, "latest_on": _iso(step.latest_on),
                "preferred_on": _iso(step.preferred_on), "why": [step_json(one) for one in step.why],
            }
            for step in found.steps
        ],
        "councils": [
            {
                "code": one.lane.code, "name": one.lane.name,
                "last_meeting_on": _iso(one.road.council.on if one.road else None),
                "agenda_closes_on": _iso(one.road.council.agenda_closes if one.road else None),
                "slack_days": one.slack_days, "slack_meetings": one.slack_meetings, "usable": one.usable,
            }
            for one in found.councils
        ],
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
