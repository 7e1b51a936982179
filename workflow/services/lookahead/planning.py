"""The backward plan of one agreement: its date, its text and its councils' meetings, asked of :mod:`workflow.ahead`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from workflow.ahead.backwards import BackwardPlan, Gap, Gaps, Question, plan
from workflow.ahead.roads import Committee, Lane, Sitting, stages
from workflow.errors import NotPossible
from workflow.language import full, phrase
from workflow.rules.agreement import Council, Named
from workflow.rules.found import StepJson
from workflow.rules.timeline import Deadline
from workflow.services.lookahead.telling import Verdict, verdict
from workflow.services.meetings.naming import called_now
from workflow.storage.asking import File, looking
from workflow.storage.facts import past, projection
from workflow.storage.facts.deadlinerows import step_json
from workflow.storage.facts.meetingdays import Held
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOT_BINDING = phrase(
    "Reglen bag fristen er ophævet efter enhver læsning: planen gælder kun, hvis I har aftalt at holde dagen"
)
_WITH_THE_COUNCILS = ("in_council_approval", "fully_approved")
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


def held_to(standing: Standing) -> Deadline | None:
    """The date that the councils are held to: :func:`target`, and while they have the text, :func:`agreed_target`."""
    current = standing.course.current
    asked = current is not None and current.state in _WITH_THE_COUNCILS
    return agreed_target(standing) if asked else target(standing)


def target(standing: Standing) -> Deadline | None:
    """The date that holds: the earliest open day by which the text must be with the Authority."""
    sent = [d for d in standing.deadlines if d.open and _sends(standing, d)]
    return min(sent, key=lambda d: d.legal_on or date.max, default=None)


def agreed_target(standing: Standing) -> Deadline | None:
    """:func:`target`; where there is none, the date of a text not yet sent in whose rule has ended, though nobody has
    confirmed on which day: a round may be held to it by agreement, and the plan says so."""
    if (found := target(standing)) or standing.course.concluded:
        return found
    gone = [
        d
        for d in standing.deadlines
        if d.status == "lapsed" and d.doubtful and d.legal_on and _sends(standing, d)
    ]
    return min(gone, key=lambda d: d.legal_on or date.max, default=None)


def _sends(standing: Standing, deadline: Deadline) -> bool:
    rule = standing.agreement.regime.rule(deadline.id)
    return rule is not None and "submitted" in rule.met_by


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
    """What is behind already. A text that a council said no to is not with the councils: a new one must go out."""
    current, noted = standing.course.current, standing.course.noted
    done = {gap.id: noted[gap.id][-1].on for gap in gaps.steps if noted[gap.id]}
    if current is None or current.state not in _WITH_THE_COUNCILS:
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


def lanes(standing: Standing, by: date, gaps: Gaps) -> list[Lane]:
    """One lane a council. A calendar is known when it tells of a meeting, held or not, in the year of ``by``, or for a
    date early in the year in the year before."""
    own: dict[str, list[Held]] = {party.code: [] for party in standing.agreement.parties}
    for one in standing.meetings:
        if one.body in own:  # on another day there were other parties
            own[one.body].append(one)
    return [_lane(party, own[party.code], by, gaps) for party in standing.agreement.parties]


def lane_of(standing: Standing, code: str, by: date, gaps: Gaps) -> Lane:
    """The lane of one council."""
    party = next(party for party in standing.agreement.parties if party.code == code)
    return _lane(party, [one for one in standing.meetings if one.body == code], by, gaps)


def _lane(party: Council, own: Sequence[Held], by: date, gaps: Gaps) -> Lane:
    years = {by.year, by.year - 1} if by.month <= 2 else {by.year}
    known = any(not one.organ and one.on.year in years for one in own)
    held = [one for one in own if one.gone_on is None]
    names = sorted({called_now(one.organ) for one in held if one.organ})
    committees = [
        Committee(name, _sittings(m for m in held if called_now(m.organ) == name)) for name in names
    ]
    council = _sittings([m for m in held if not m.organ])
    return Lane(party.code, party.name, council, stages(committees, gaps.finance), known)


def _sittings(meetings: Iterable[Held]) -> tuple[Sitting, ...]:
    return tuple(
        Sitting(
            m.on, m.agenda_closes, phrase("%(source)s, læst %(read_on)s", source=m.source, read_on=m.read_on)
        )
        for m in meetings
    )


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
