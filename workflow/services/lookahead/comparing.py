"""A branch told beside today: which dates, which slack, which letters differ. Pure."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from workflow.ahead.backwards import PlannedCouncil
from workflow.ahead.roads import Lane
from workflow.language import phrase
from workflow.mail.writing.words import TILSTANDE
from workflow.rules.agreement import Named
from workflow.rules.endings import state_of
from workflow.rules.timeline import Deadline
from workflow.services.facts.foretelling import Change, changes
from workflow.services.lookahead.branching import Branched, Side
from workflow.services.lookahead.telling import Verdict, verdict


def coloured(side: Side, tight: int) -> Verdict | None:
    """How that side stands in time; ``None`` where it has nothing to plan."""
    return verdict(side.plan, tight) if side.plan else None


def states(found: Branched) -> list[Change]:
    """What stands differently in the branch, in Danish."""
    return changes(found.before.standing, found.after.standing)


class DateBeside(TypedDict):
    """A deadline before and in the branch; its state also in Danish, as every page says it."""

    id: str
    subject: str
    title: str
    before: date | None
    after: date | None
    status_before: str | None
    status_after: str | None
    state_before: str | None
    state_after: str | None


class DateJson(TypedDict):
    """The same with ISO dates."""

    id: str
    subject: str
    title: str
    before: str | None
    after: str | None
    status_before: str | None
    status_after: str | None
    state_before: str | None
    state_after: str | None


class SideJson(TypedDict):
    """How one side stands."""

    by: str | None
    dispatch_by: str | None
    blocking: list[str]
    left: int | None
    colour: str | None
    text: str


class RoadJson(TypedDict):
    """A council's last meeting, its slack and its answer."""

    last_meeting_on: str | None
    agenda_closes_on: str | None
    slack_days: int | None
    slack_meetings: int | None
    usable: bool | None
    decided_on: str | None


class CouncilBeside(TypedDict):
    """A council before and in the branch."""

    code: str
    name: str
    before: RoadJson | None
    after: RoadJson | None


class BranchFact(TypedDict):
    """A fact that the branch supposes."""

    event: str
    on: str | None
    version: int | None
    council: str | None
    due: str | None


class BranchMeeting(TypedDict):
    """A meeting that the branch supposes, or supposes to be gone."""

    body: str
    organ: str
    date: str | None
    agenda_closes: str | None
    gone: bool


class BranchState(TypedDict):
    """What stands differently, in Danish."""

    what: str
    before: str
    after: str


class BranchLetter(TypedDict):
    """A letter that the branch brings."""

    letter: str
    recipient: str
    due_on: str | None


class BranchJson(Named):
    """A branch beside today."""

    name: str
    title: str
    severity: str
    as_of: str
    facts: list[BranchFact]
    meetings: list[BranchMeeting]
    before: SideJson
    after: SideJson
    dates: list[DateJson]
    councils: list[CouncilBeside]
    states: list[BranchState]
    letters: list[BranchLetter]
    withdrawn: int
    kept: bool


def dates(found: Branched) -> list[DateBeside]:
    """The deadlines whose date or state differs; one that is not there on a side has neither."""
    before = {(d.id, d.subject): d for d in found.before.standing.deadlines}
    after = {(d.id, d.subject): d for d in found.after.standing.deadlines}
    titles = {key: one.title for key, one in (after | before).items()}
    told: list[DateBeside] = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        had, has = _stands(was, found.as_of), _stands(now, found.as_of)
        if had != has:
            told.append(
                {"id": key[0], "subject": key[1], "title": titles[key], "before": had[0], "after": has[0],
                 "status_before": had[1], "status_after": has[1], "state_before": had[2], "state_after": has[2]}
            )  # fmt: skip
    return told


def _stands(one: Deadline | None, as_of: date) -> tuple[date | None, str | None, str | None]:
    return (
        (one.legal_on, one.status, state_of(one, TILSTANDE[one.status], as_of)) if one else (None, None, None)
    )


def councils(found: Branched) -> list[tuple[Lane, PlannedCouncil | None, PlannedCouncil | None]]:
    """The councils whose last meeting, slack or answer differs, before and after."""
    before = {one.lane.code: one for one in found.before.plan.councils} if found.before.plan else {}
    after = {one.lane.code: one for one in found.after.plan.councils} if found.after.plan else {}
    lanes = {code: one.lane for code, one in (after | before).items()}
    told = [(lane, before.get(code), after.get(code)) for code, lane in lanes.items()]
    return [(lane, was, now) for lane, was, now in told if _said(was) != _said(now)]


def branch_json(found: Branched, tight: int, *, kept: bool) -> BranchJson:
    """The comparison as ``aftale whatif --json`` gives it; days are ISO."""
    return {
        **found.after.standing.agreement.named,
        "name": found.branch.id,
        "title": found.branch.title,
        "severity": found.branch.severity,
        "as_of": found.as_of.isoformat(),
        "facts": [
            {"event": f.event, "on": _iso(f.on), "version": f.version, "council": f.council, "due": _iso(f.due)}
            for f in found.facts
        ],
        "meetings": [
            {"body": m.body, "organ": m.organ, "date": _iso(m.on), "agenda_closes": _iso(m.agenda_closes),
             "gone": m.gone}
            for m in found.meetings
        ],
        "before": _side(found.before, tight),
        "after": _side(found.after, tight),
        "dates": [{**one, "before": _iso(one["before"]), "after": _iso(one["after"])} for one in dates(found)],
        "councils": [
            {"code": lane.code, "name": lane.name, "before": _said(was), "after": _said(now)}
            for lane, was, now in councils(found)
        ],
        "states": [{"what": one.what, "before": one.before, "after": one.after} for one in states(found)],
        "letters": [
            {"letter": one.letter.name, "recipient": one.recipient, "due_on": _iso(one.due_on)} for one in found.letters
        ],
        "withdrawn": found.withdrawn,
        "kept": kept,
    }  # fmt: skip


def _side(side: Side, tight: int) -> SideJson:
    said, plan = coloured(side, tight), side.plan
    return {
        "by": _iso(plan.asked.by) if plan else None,
        "dispatch_by": _iso(plan.dispatch_by) if plan else None,
        "blocking": list(plan.blocking) if plan else [],
        "left": plan.left if plan else None,
        "colour": said.colour if said else None,
        "text": said.text if said else phrase("Der er intet at planlægge."),
    }


def _said(one: PlannedCouncil | None) -> RoadJson | None:
    if one is None:
        return None
    return {
        "last_meeting_on": _iso(one.road.council.on if one.road else None),
        "agenda_closes_on": _iso(one.road.council.agenda_closes if one.road else None),
        "slack_days": one.slack_days, "slack_meetings": one.slack_meetings, "usable": one.usable,
        "decided_on": _iso(one.decided_on),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
