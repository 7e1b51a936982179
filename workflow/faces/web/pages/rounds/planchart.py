"""A backward plan as a drawing: where each day stands, in user units. The template draws it, and two tables beside it
say the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil, PlannedStep
from workflow.language import month_in_words, noted, phrase
from workflow.values import dataclass

WIDTH, LABEL, ROW, TOP = 1160, 250, 24, 34
_MARGIN = 14  # days on either side


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at one day of a row; ``kind`` is latest, wish, done, meeting or told."""

    x: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A row: its words, its marks, and the bar from closing agenda to meeting; ``kind`` is its colour."""

    text: str
    y: float
    kind: str
    marks: tuple[Mark, ...]
    bar: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template needs; ``chain`` are the points of the line through what sets the day."""

    width: int
    height: int
    months: tuple[tuple[str, float], ...]
    lanes: tuple[Lane, ...]
    chain: tuple[tuple[float, float], ...]
    today: float | None
    dispatch: float | None
    by: float


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def __call__(self, on: date) -> float:
        inside = WIDTH - LABEL - 24
        return round(LABEL + inside * (on - self.first).days / max((self.last - self.first).days, 1), 1)


def draw(found: BackwardPlan, tight: int) -> Chart:
    """The drawing of a plan; a council with fewer than ``tight`` days left is drawn as tight."""
    asked = found.asked
    days = [asked.as_of, asked.by]
    days += [on for step in found.steps for on in (step.latest_on, step.done_on) if on]
    days += [one.road.starts_on for one in found.councils if one.road]
    days += [one.meets_on for one in found.councils if one.meets_on]
    first, last = min(days) - timedelta(days=_MARGIN), max(days) + timedelta(days=_MARGIN)
    x = _Scale(max(first, asked.by - timedelta(days=500)), last)
    ordered = list(reversed(found.steps))
    before = [step for step in ordered if step.id not in ("decisions", "submission")]
    after = [step for step in ordered if step.id in ("decisions", "submission")]
    lanes = [_step(x, step, number) for number, step in enumerate(before)]
    at = {one.lane.code: len(before) + number for number, one in enumerate(found.councils)}
    lanes += [_council(x, one, at[one.lane.code], found, tight) for one in found.councils]
    lanes += [_step(x, step, len(before) + len(found.councils) + number) for number, step in enumerate(after)]
    months = tuple(
        (month_in_words(on)[:3] + (f" {on.year}" if on.month == 1 else ""), x(on)) for on in _firsts(x)
    )
    height = TOP + ROW * len(lanes) + 10
    dispatch = x(found.dispatch_by) if found.dispatch_by and found.dispatch_by >= x.first else None
    return Chart(
        WIDTH, height, months, tuple(lanes), _chain(x, found, before, at, len(lanes)), x(asked.as_of), dispatch,
        x(asked.by),
    )  # fmt: skip


def _firsts(x: _Scale) -> list[date]:
    found, on = [], date(x.first.year, x.first.month, 1)
    while on <= x.last:
        if on >= x.first:
            found.append(on)
        on = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return found


def _y(number: int) -> float:
    return TOP + ROW * number + ROW / 2


def _step(x: _Scale, step: PlannedStep, number: int) -> Lane:
    marks = [
        Mark(x(on), kind, phrase("%(step)s, %(when)s %(day)s", step=step.title, when=said, day=on))
        for on, kind, said in (
            (step.preferred_on, "wish", noted("helst")), (step.latest_on, "latest", noted("senest")),
            (step.done_on, "done", noted("sket")),
        )
        if on and on >= x.first and not step.unseen
    ]  # fmt: skip
    return Lane(step.title, _y(number), "step", tuple(marks))


def _council(x: _Scale, one: PlannedCouncil, number: int, found: BackwardPlan, tight: int) -> Lane:
    road = one.road
    kind = "good"
    if one.usable is False:
        kind = "late"
    elif one.usable is None and not one.decided_on:
        kind = "unknown"
    elif one.slack_days is not None and one.slack_days < tight:
        kind = "soon"
    marks = [
        Mark(
            x(sitting.on),
            "meeting",
            phrase("%(council)s: møde %(day)s", council=one.lane.name, day=sitting.on),
        )
        for sitting in one.lane.sittings
        if max(x.first, found.asked.as_of) <= sitting.on <= x.last
    ]
    if one.meets_on and x.first <= one.meets_on <= x.last:
        marks.append(
            Mark(
                x(one.meets_on),
                "told",
                phrase("%(council)s: på dagsordenen %(day)s", council=one.lane.name, day=one.meets_on),
            )
        )
    bar = (x(road.starts_on), x(road.council.on)) if road and road.starts_on >= x.first else None
    return Lane(one.lane.name, _y(number), kind, tuple(marks), bar)


def _chain(
    x: _Scale, found: BackwardPlan, before: Sequence[PlannedStep], at: dict[str, int], rows: int
) -> tuple[tuple[float, float], ...]:
    """From the dispatch through the council that sets the day to the date itself."""
    setting = next((one for one in found.councils if one.lane.code in found.blocking), None)
    if found.dispatch_by is None or setting is None or setting.road is None or found.dispatch_by < x.first:
        return ()
    dispatch = next((number for number, step in enumerate(before) if step.id == "dispatch"), 0)
    row = _y(at[setting.lane.code])
    committees = tuple(
        (x(sitting.on), row) for _, sitting in setting.road.committees if sitting.on >= x.first
    )
    return (
        (x(found.dispatch_by), _y(dispatch)), (x(setting.road.starts_on), row), *committees,
        (x(setting.road.council.on), row), (x(found.asked.by), _y(rows - 1)),
    )  # fmt: skip
