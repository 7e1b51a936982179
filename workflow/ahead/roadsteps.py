"""Why a council must have the matter by a day: the steps back from its last meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.ahead.roads import Lane, Road
from workflow.language import full, phrase
from workflow.rules.anchors import Step

if TYPE_CHECKING:
    from workflow.ahead.backwards import Gaps, Question

_BESIDE = ("note", "aim", "judged")  # the steps of an explanation that leave its date where it is


def no_calendar(lane: Lane) -> tuple[Step, ...]:
    """That nobody has told the council's calendar."""
    return (
        Step(
            phrase("%(lane)s: ingen har oplyst, hvornår rådet holder møde", lane=lane.name),
            None,
            phrase("mangler"),
        ),
    )


def road_steps(asked: Question, lane: Lane, road: Road | None, gaps: Gaps) -> tuple[Step, ...]:
    """From the day it must have decided back to the day its first agenda closes; that no meeting fits where ``road`` is
    ``None``."""
    begin = Step(
        phrase("Rådet skal have besluttet senest %(by)s", by=full(asked.by)), asked.by, cited(asked), "start"
    )
    if road is None:
        later = min((one for one in lane.sittings if one.on > asked.by), key=lambda one: one.on, default=None)
        text = phrase("%(lane)s har intet møde, hvor sagen kan nås inden %(by)s", lane=lane.name, by=asked.by)
        if later:
            text = phrase("%(none)s; det første derefter er %(on)s", none=text, on=full(later.on))
        return (
            begin,
            Step(text, later.on if later else None, later.source if later else phrase("mødekalenderen")),
        )
    text = phrase(
        "Det sidste møde, hvor %(lane)s kan beslutte, er %(on)s", lane=lane.name, on=full(road.council.on)
    )
    steps = [begin, Step(text, road.council.on, road.council.source, "moved")]
    meetings = [(phrase("rådet"), road.council), *reversed(road.committees)]
    for index, (name, sitting) in enumerate(meetings):
        if index:
            text = phrase("Før det behandles sagen i %(name)s %(on)s", name=name, on=full(sitting.on))
            steps.append(Step(text, sitting.on, sitting.source, "moved"))
    name, sitting = road.first
    which = (
        phrase("Dagsordenen til mødet i %(name)s", name=name)
        if name
        else phrase("Dagsordenen til rådets møde")
    )
    if sitting.agenda_closes:
        steps.append(
            Step(
                phrase("%(which)s lukker %(on)s", which=which, on=full(road.starts_on)),
                road.starts_on,
                sitting.source,
                "moved",
            )
        )
    else:
        text = phrase(
            "%(which)s: ingen har oplyst, hvornår den lukker; her regnes med %(agenda)s dage før, %(on)s",
            which=which,
            agenda=gaps.agenda,
            on=full(road.starts_on),
        )
        span = f"-{gaps.agenda} days"
        steps.append(Step(text, road.starts_on, gaps.dispatch.cite, "add", span))
    return tuple(steps)


def too_late(asked: Question, road: Road, first: Road | None) -> Step:
    """That the road's first agenda has closed, and when the council can decide at the earliest."""
    text = phrase("%(day)s er det for sent til det møde", day=asked.as_of)
    if first:
        text = phrase("%(late)s; rådet kan tidligst beslutte %(on)s", late=text, on=full(first.council.on))
    return Step(text, first.council.on if first else None, road.council.source)


def cited(asked: Question) -> str:
    """The provision that sets the date: that of the last step that moved it."""
    return next((step.cite for step in reversed(asked.by_why) if step.kind not in _BESIDE), phrase("aftalt"))
