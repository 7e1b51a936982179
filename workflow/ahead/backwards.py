"""plan(...): from the date that holds back to the last day for each step, and which council sets it.

*Latest* is the last day that can still hold; *preferred* leaves the gaps people are comfortable with. Every day carries
the :class:`workflow.rules.anchors.Step` that led to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from workflow.ahead.roads import Lane, Road, first_road, last_road, roads
from workflow.ahead.roadsteps import cited, no_calendar, road_steps, too_late
from workflow.language import full, phrase
from workflow.rules.anchors import Step
from workflow.rules.days import BusinessDays
from workflow.values import dataclass, field


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
    """One step with the last day that holds and the day that is comfortable; ``None`` where nobody can say. ``unseen``:
    the text went out and it is not recorded; its days are those of a new text."""

    id: str
    title: str
    latest_on: date | None
    preferred_on: date | None
    why: tuple[Step, ...]
    done_on: date | None = None
    unseen: bool = False


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
    why = road_steps(asked, lane, road, gaps) if lane.known else no_calendar(lane)
    if decided_on or not lane.known:
        return PlannedCouncil(
            lane, road, True if decided_on else None, None, None, first, decided_on, meets_on, why
        )
    left = max((max((one.starts_on - asked.as_of).days, 0) for one in able), default=None)
    spare = max(len(able) - 1, 0) if able else None
    if road and not able:
        why = (*why, too_late(asked, road, first))
    return PlannedCouncil(lane, road, bool(able), left, spare, first, None, meets_on, why)


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
                Step(phrase("Alle råd har besluttet senest %(last)s", last=full(last)), last, cited(asked), "start"),
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
            text = phrase("Skal ligge før %(latest)s", latest=latest)
            why.append(Step(text, latest, gap.law or gap.cite, "start"))
            latest = latest - timedelta(days=gap.least)
            text = phrase("Mindst %(least)s dage før er %(latest)s", least=gap.least, latest=full(latest))
            why.append(Step(text, latest, gap.cite, "add", f"-{gap.least} days"))
            if closed := days.why_closed(latest):
                latest = days.on_or_before(latest)
                text = phrase(
                    "Det er %(reason)s; hverdagen før er %(latest)s", reason=closed[0], latest=full(latest)
                )
                why.append(Step(text, latest, closed[1] or gap.cite, "moved"))
        if preferred is not None:
            preferred = days.on_or_before(preferred - timedelta(days=gap.comfortable))
            why.append(_wish(gap, preferred))
        if done := asked.done.get(gap.id):
            why.append(Step(phrase("Det er sket %(done)s", done=full(done)), done, phrase("journalen")))
        elif asked.sent_on:
            text = phrase(
                "Teksten blev sendt %(sent)s, uden at dette er registreret; dagene gælder kun en ny tekst",
                sent=full(asked.sent_on),
            )
            why.append(Step(text, asked.sent_on, phrase("journalen")))
        unseen = asked.sent_on is not None and done is None
        found.append(PlannedStep(gap.id, gap.title, latest, preferred, tuple(why), done, unseen))
    return tuple(found)


def _wish(gap: Gap, on: date) -> Step:
    return Step(
        phrase("Helst %(comfortable)s dage før: %(on)s", comfortable=gap.comfortable, on=full(on)),
        on,
        gap.cite,
        "aim",
    )


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
        text = phrase(
            "Dagen sættes af %(names)s: senest %(dispatch_by)s skal teksten være sendt",
            names=names,
            dispatch_by=full(dispatch_by),
        )
        steps = (*steps, Step(text, dispatch_by, setting.road.council.source if setting.road else ""))
    if preferred:
        steps = (*steps, _wish(gaps.dispatch, preferred))
    return (*steps, *missing)


def _without_calendar(councils: Sequence[PlannedCouncil]) -> tuple[Step, ...]:
    """Who must decide and has told no calendar; and who has decided, and would have to tell it for a new text."""
    unknown = [one for one in councils if not one.lane.known]
    steps = []
    if waiting := [one.lane.name for one in unknown if one.decided_on is None]:
        steps.append(
            Step(
                phrase(
                    "Uden mødekalender er %(count)s råd: %(names)s",
                    count=len(waiting),
                    names=", ".join(waiting),
                ),
                None,
                "mangler",
            )
        )
    if decided := [one.lane.name for one in unknown if one.decided_on]:
        text = phrase(
            "%(count)s råd har besluttet uden at oplyse en mødekalender: %(names)s",
            count=len(decided),
            names=", ".join(decided),
        )
        steps.append(
            Step(
                phrase("%(text)s. Skal en ny tekst godkendes, kan dagen blive tidligere", text=text),
                None,
                "mangler",
            )
        )
    return tuple(steps)
