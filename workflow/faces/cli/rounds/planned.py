"""What ``aftale plan`` answers. Nothing here knows typer: a plain question is answered without it."""

from __future__ import annotations

from typing import Any

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.asking import open_asking
from workflow.faces.cli.exits import FAILED
from workflow.faces.cli.rounds.answers import Asked


def plan(asked: Asked) -> None:
    """What ``aftale plan`` prints; ends the process with code 1 when no plan is left."""
    from workflow.services.lookahead.planning import plan_json, plan_of
    from workflow.services.lookahead.telling import verdict

    on = clock.day(asked.as_of, "--as-of") if asked.as_of else clock.today()
    with open_asking(asked.db) as desk:
        standing, found = plan_of(desk.place, desk.rulebook, asked.agreement or "", on)
        tight = desk.rulebook.gaps.tight
    if asked.json:
        show.as_json(plan_json(standing, found))
    else:
        show.line(f"{standing.agreement.key}, som det så ud {show.long_day(on)}", "bold")
        if found.asked.note:
            show.line(f"Bemærk: {found.asked.note}.", show.SOON)
        said = verdict(found, tight)
        show.line(f"{said.colour}: {said.text}")
        show.table(("trin", "senest", "helst", "sket"), [_step(step) for step in found.steps])
        headings = ("råd", "sidste møde", "dagsorden lukker", "dage tilbage", "møder i reserve", "")
        show.table(headings, [_council(one) for one in found.councils])
        dispatch = next(step for step in found.steps if step.id == "dispatch")
        for number, step in enumerate(dispatch.why, start=1):
            show.line(f"{number}. {step.text.removesuffix('.')}. [{step.cite}]")
    if not found.left:
        raise SystemExit(FAILED)


def _step(step: Any) -> tuple[str, ...]:
    done = "ikke registreret; teksten er sendt" if step.unseen else show.long_day(step.done_on)
    return (step.title, show.long_day(step.latest_on), show.long_day(step.preferred_on), done)


def _council(one: Any) -> tuple[str, ...]:
    from workflow.services.lookahead.telling import council_word

    meeting = one.road.council if one.road else None
    closes = meeting.agenda_closes if meeting else None
    return (
        one.lane.name, show.long_day(meeting.on if meeting else None), str(closes or ""),
        "" if one.slack_days is None else str(one.slack_days),
        "" if one.slack_meetings is None else str(one.slack_meetings), council_word(one),
    )  # fmt: skip
