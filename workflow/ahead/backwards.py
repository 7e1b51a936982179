"""plan(...): from the date that holds back to the last day for each step, and which council sets it.

*Latest* is the last day that can still hold; *preferred* leaves the gaps people are comfortable with. Every day carries
the :class:`workflow.rules.anchors.Step` that led to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from workflow.ahead.roads import Lane, Road, first_road, last_road, roads
from workflow.rules.anchors import Step
from workflow.rules.days import BusinessDays, spoken

_BESIDE = ("note", "aim", "judged")  # the steps of an explanation that leave its date where it is


@dataclass(frozen=True, slots=True)
class Gap:
    """How long one step needs before the next: days at the least, and days that are comfortable. ``cite`` says who
    agreed it; none of them is law."""

    id: str
    title: str
    least: int
    comfortable: int
    cite: str
    law: str = ""
    """The provision that asks for the step itself, where there is one."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of a round. ``steps``: those before the text is sent, the last first; ``agenda``: how long before a
    meeting its agenda closes where nobody has said; ``tight``: fewer days left than this are tight."""

    submission: Gap
    decisions: Gap
    dispatch: Gap
    steps: tuple[Gap, ...]
    agenda: int
    tight: int
    finance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What the plan is asked on ``as_of``. ``sent_on``: the text is with the councils since; ``decided``: who has said
    yes to it and when; ``meets``: the day a council has told; ``done``: the day of each step already behind."""

    by: date
    by_why: tuple[Step, ...]
    as_of: date
    lanes: tuple[Lane, ...]
    reply_by: date | None = None
    sent_on: date | None = None
    decided: Mapping[str, date] = field(default_factory=dict)
    meets: Mapping[str, date] = field(default_factory=dict)
    done: Mapping[str, date] = field(default_factory=dict)
    against: tuple[str, ...] = ()
    """The councils that said no or set conditions: a new text must go out, and every council decide anew."""
    note: str = ""
    """What must be said of the date before anything else, in Danish."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step with the last day that holds and the day that is comfortable; ``None`` where nobody can say."""

    id: str
    title: str
    latest_on: date | None
    preferred_on: date | None
    why: tuple[Step, ...]
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedCouncil:
    """One council: the road that can begin latest, whether it still can (``None``: no calendar), and how much is left
    before it must begin: days, and meetings that may be missed. ``first``: the road that decides soonest."""

    lane: Lane
    road: Road | None
    usable: bool | None
    slack_days: int | None
    slack_meetings: int | None
    first: Road | None
    decided_on: date | None
    meets_on: date | None
    why: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class BackwardPlan:
    """The round seen backwards. ``dispatch_by``: the last day to send the text so that every council can decide in time
    (``None``: no such day, or no calendar); ``blocking``: the codes of the councils that set it. A new text, after a no
    or a change, must go out by the same day."""

    asked: Question
    dispatch_by: date | None
    blocking: tuple[str, ...]
    steps: tuple[PlannedStep, ...]
    councils: tuple[PlannedCouncil, ...]

    @property
    def unknown(self) -> list[PlannedCouncil]:
        """The councils whose calendar nobody has told."""
        return [one for one in self.councils if one.usable is None and one.decided_on is None]

    @property
    def lost(self) -> list[PlannedCouncil]:
        """The councils that can no longer decide in time."""
        return [one for one in self.councils if one.usable is False]

    @property
    def left(self) -> bool:
        """Whether a plan is left: the date has not passed, and no council is lost."""
        return self.asked.as_of <= self.asked.by and not self.lost


def plan(asked: Question, gaps: Gaps, days: BusinessDays) -> BackwardPlan:
    """The plan for what is ``asked``; pure."""
    councils = tuple(_council(asked, lane, gaps) for lane in asked.lanes)
    known = [one for one in councils if one.lane.known]
    without = tuple(one.lane.code for one in known if one.road is None)
    starts = {one.lane.code: one.road.starts_on for one in known if one.road}
    dispatch_by = min(starts.values(), default=None) if not without else None
    blocking = without or tuple(code for code, on in starts.items() if on == dispatch_by)
    steps = _steps(asked, gaps, days, councils, dispatch_by, blocking)
    return BackwardPlan(asked, dispatch_by, blocking, steps, councils)


def _council(asked: Question, lane: Lane, gaps: Gaps) -> PlannedCouncil:
    decided_on, meets_on = asked.decided.get(lane.code), asked.meets.get(lane.code)
    road = last_road(lane, asked.by, gaps.agenda)
    ready_on = asked.sent_on or asked.as_of
    able = [
        one for one in roads(lane, asked.by, gaps.agenda)
        if one.starts_on >= ready_on and one.council.on >= asked.as_of
    ]  # fmt: skip
    first = first_road(lane, max(ready_on, asked.as_of) if not asked.sent_on else ready_on, gaps.agenda)
    why = _road_steps(asked, lane, road, gaps) if lane.known else _no_calendar(lane)
    if decided_on or not lane.known:
        return PlannedCouncil(
            lane, road, True if decided_on else None, None, None, first, decided_on, meets_on, why
        )
    left = max((max((one.starts_on - asked.as_of).days, 0) for one in able), default=None)
    spare = max(len(able) - 1, 0) if able else None
    if road and not able:
        why = (*why, _too_late(asked, road, first))
    return PlannedCouncil(lane, road, bool(able), left, spare, first, None, meets_on, why)


def _no_calendar(lane: Lane) -> tuple[Step, ...]:
    return (Step(f"{lane.name}: ingen har oplyst, hvornår rådet holder møde", None, "mangler"),)


def _road_steps(asked: Question, lane: Lane, road: Road | None, gaps: Gaps) -> tuple[Step, ...]:
    begin = Step(f"Rådet skal have besluttet senest {spoken(asked.by)}", asked.by, _cited(asked), "start")
    if road is None:
        later = min((one for one in lane.sittings if one.on > asked.by), key=lambda one: one.on, default=None)
        text = f"{lane.name} har intet møde, hvor sagen kan nås inden {spoken(asked.by, False)}"
        if later:
            text += f"; det første derefter er {spoken(later.on)}"
        return (begin, Step(text, later.on if later else None, later.source if later else "mødekalenderen"))
    text = f"Det sidste møde, hvor {lane.name} kan beslutte, er {spoken(road.council.on)}"
    steps = [begin, Step(text, road.council.on, road.council.source, "moved")]
    meetings = [("rådet", road.council), *reversed(road.committees)]
    for index, (name, sitting) in enumerate(meetings):
        if index:
            text = f"Før det behandles sagen i {name} {spoken(sitting.on)}"
            steps.append(Step(text, sitting.on, sitting.source, "moved"))
    name, sitting = road.first
    which = f"Dagsordenen til mødet i {name}" if name else "Dagsordenen til rådets møde"
    if sitting.agenda_closes:
        steps.append(
            Step(f"{which} lukker {spoken(road.starts_on)}", road.starts_on, sitting.source, "moved")
        )
    else:
        text = f"{which}: ingen har oplyst, hvornår den lukker; her regnes med {gaps.agenda} dage før, "
        span = f"-{gaps.agenda} days"
        steps.append(Step(text + spoken(road.starts_on), road.starts_on, gaps.dispatch.cite, "add", span))
    return tuple(steps)


def _too_late(asked: Question, road: Road, first: Road | None) -> Step:
    text = f"{spoken(asked.as_of, False).capitalize()} er det for sent til det møde"
    if first:
        text += f"; rådet kan tidligst beslutte {spoken(first.council.on)}"
    return Step(text, first.council.on if first else None, road.council.source)


def _cited(asked: Question) -> str:
    """The provision that sets the date: that of the last step that moved it."""
    return next((step.cite for step in reversed(asked.by_why) if step.kind not in _BESIDE), "aftalt")


def _steps(
    asked: Question, gaps: Gaps, days: BusinessDays, councils: Sequence[PlannedCouncil], dispatch_by: date | None,
    blocking: Sequence[str],
) -> tuple[PlannedStep, ...]:  # fmt: skip
    wished = days.on_or_before(asked.by - timedelta(days=gaps.submission.comfortable))
    decided = days.on_or_before(wished - timedelta(days=gaps.decisions.comfortable))
    last = asked.by - timedelta(days=gaps.decisions.least)
    found = [
        PlannedStep(
            gaps.submission.id, gaps.submission.title, asked.by, wished,
            (*asked.by_why, _wish(gaps.submission, wished)), asked.done.get(gaps.submission.id),
        ),
        PlannedStep(
            gaps.decisions.id, gaps.decisions.title, last, decided,
            (
                Step(f"Alle råd har besluttet senest {spoken(last)}", last, _cited(asked), "start"),
                _wish(gaps.decisions, decided),
            ),
        ),
    ]  # fmt: skip
    starts = [r.starts_on for one in councils if (r := last_road(one.lane, decided, gaps.agenda))]
    preferred = min([*starts, *([dispatch_by] if dispatch_by else [])], default=None)
    if preferred:
        preferred = days.on_or_before(preferred - timedelta(days=gaps.dispatch.comfortable))
    found.append(
        PlannedStep(
            gaps.dispatch.id, gaps.dispatch.title, dispatch_by, preferred,
            _dispatch_why(gaps, councils, dispatch_by, blocking, preferred), asked.sent_on,
        )
    )  # fmt: skip
    latest: date | None = dispatch_by
    for gap in gaps.steps:
        why: list[Step] = []
        if latest is not None:
            text = f"Skal ligge før {spoken(latest, False)}"
            why.append(Step(text, latest, gap.law or gap.cite, "start"))
            latest = latest - timedelta(days=gap.least)
            text = f"Mindst {gap.least} dage før er {spoken(latest)}"
            why.append(Step(text, latest, gap.cite, "add", f"-{gap.least} days"))
            if closed := days.why_closed(latest):
                latest = days.on_or_before(latest)
                text = f"Det er {closed[0]}; hverdagen før er {spoken(latest)}"
                why.append(Step(text, latest, closed[1] or gap.cite, "moved"))
        if preferred is not None:
            preferred = days.on_or_before(preferred - timedelta(days=gap.comfortable))
            why.append(_wish(gap, preferred))
        if done := asked.done.get(gap.id):
            why.append(Step(f"Det er sket {spoken(done)}", done, "journalen"))
        found.append(PlannedStep(gap.id, gap.title, latest, preferred, tuple(why), done))
    return tuple(found)


def _wish(gap: Gap, on: date) -> Step:
    return Step(f"Helst {gap.comfortable} dage før: {spoken(on)}", on, gap.cite, "aim")


def _dispatch_why(
    gaps: Gaps, councils: Sequence[PlannedCouncil], dispatch_by: date | None, blocking: Sequence[str],
    preferred: date | None,
) -> tuple[Step, ...]:  # fmt: skip
    missing = _without_calendar(councils)
    setting = next((one for one in councils if one.lane.code in blocking), None)
    if setting is None:
        return missing
    others = [one.lane.name for one in councils if one.lane.code in blocking and one is not setting]
    steps = setting.why
    if dispatch_by:
        names = ", ".join([setting.lane.name, *others])
        text = f"Dagen sættes af {names}: senest {spoken(dispatch_by)} skal teksten være sendt"
        steps = (*steps, Step(text, dispatch_by, setting.road.council.source if setting.road else ""))
    if preferred:
        steps = (*steps, _wish(gaps.dispatch, preferred))
    return (*steps, *missing)


def _without_calendar(councils: Sequence[PlannedCouncil]) -> tuple[Step, ...]:
    """Who must decide and has told no calendar; and who has decided, and would have to tell it for a new text."""
    unknown = [one for one in councils if not one.lane.known]
    steps = []
    if waiting := [one.lane.name for one in unknown if one.decided_on is None]:
        steps.append(Step(f"Uden mødekalender er {len(waiting)} råd: {', '.join(waiting)}", None, "mangler"))
    if decided := [one.lane.name for one in unknown if one.decided_on]:
        text = f"{len(decided)} råd har besluttet uden at oplyse en mødekalender: {', '.join(decided)}"
        steps.append(Step(f"{text}. Skal en ny tekst godkendes, kan dagen blive tidligere", None, "mangler"))
    return tuple(steps)
