"""``aftale alarm ...``: what a person must see, and that somebody has seen to it."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, open_desk, who

alarm = typer.Typer(help="The open alarms.", no_args_is_help=True)


@alarm.command("list")
def list_(db: Db = None, json: Json = False) -> None:
    """List the open alarms, the newest first."""
    from workflow.services.views import titles
    from workflow.services.watch.heartbeat import open_alarms

    with open_desk(db) as desk:
        found = [one.model_dump(mode="json") for one in open_alarms(desk.engine)]
        names = titles.bodies(desk.rulebook)
    if json:
        show.as_json(found)
        return
    rows = [
        (
            str(one["id"]),
            one["raised_at"][:16].replace("T", " "),
            one["level"],
            titles.named(names, one["text"]),
        )
        for one in found
    ]
    show.table(("nr.", "siden (UTC)", "grad", "alarm"), rows)


@alarm.command("end")
def end(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="NO...", help="From `aftale alarm list`.", show_default=False),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="What was done; it stays on the alarm.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who did it; default: this account.")] = None,
    db: Db = None,
) -> None:
    """Say that these alarms have been seen to. One that ends with its cause is refused."""
    from workflow.services.watch.minding import end_alarms

    with open_desk(db) as desk:
        count = end_alarms(desk.engine, numbers or [], why, by or who(), clock.now())
    show.say(f"afsluttet: {count}")
