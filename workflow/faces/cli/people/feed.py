"""``aftale feed ...``: calendars that people subscribe to at a secret address."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, open_desk, who
from workflow.rules.days import danish_day

Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="The last day it holds.")]
feed = typer.Typer(help="Calendars to subscribe to, at secret addresses.", no_args_is_help=True)


@feed.command("add")
def add(
    region: Annotated[str, typer.Option("--region", help="Only this region's dates.")] = "",
    body: Annotated[
        str, typer.Option("--body", metavar="CODE", help="Only the dates of this council's agreements.")
    ] = "",
    mine: Annotated[
        bool, typer.Option("--mine", help="Only what falls to that region's secretariat, or to that council.")
    ] = False,
    name: Annotated[str, typer.Option("--name", help="What the calendar is called.")] = "",
    by: Annotated[
        str | None, typer.Option("--by", help="Who subscribes (e-mail); default: this account.")
    ] = None,
    until: Until = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Make a calendar and print its address, once: only its hash is kept. Without --region and --body: everything."""
    from workflow.services.views.calendars.feeds import add_feed

    last = clock.day(until, "--until") if until else None
    with open_desk(db) as desk:
        at = clock.now()
        made, secret = add_feed(
            desk.engine,
            desk.rulebook,
            region=region,
            body=body,
            name=name,
            by=by or who(),
            at=at,
            mine=mine,
            valid_to=last or danish_day(at) + timedelta(days=desk.settings.key_days),
        )
        address = f"{desk.settings.base_url.rstrip('/')}/kalender/{secret}.ics"
    if json:
        show.as_json(made | {"address": address})
        return
    print(address, flush=True)
    show.say(f"nr. {made['id']}, {made['name']}: abonnér på adressen; den vises kun nu")


@feed.command("list")
def list_(db: Db = None, json: Json = False) -> None:
    """List the calendars: of what, made by whom, and whether they still answer."""
    from workflow.services.views.calendars.feeds import list_feeds

    with open_desk(db) as desk:
        found = list_feeds(desk.engine)
    if json:
        show.as_json(found)
        return
    rows = [
        (str(one["id"]), one["name"], one["region"] or one["body"] or "alle", one["made_by"], one["made_at"][:10],
         one["valid_to"] or "",
         f"ophævet {one['revoked_at'][:10]}" if one["revoked_at"] else "i brug")
        for one in found
    ]  # fmt: skip
    show.table(("nr.", "navn", "frister for", "af", "lavet", "gælder til", "tilstand"), rows)


@feed.command("renew")
def renew(
    number: Annotated[int, typer.Argument(metavar="NO", help="From `aftale feed list`.", min=1)],
    until: Until = None,
    db: Db = None,
) -> None:
    """Let a calendar go on at the same address, for as many days as key_days says or until a day."""
    from workflow.services.views.calendars.feeds import renew_feed

    last = clock.day(until, "--until") if until else None
    with open_desk(db) as desk:
        at = clock.now()
        last = last or danish_day(at) + timedelta(days=desk.settings.key_days)
        going = renew_feed(desk.engine, number, last, at)
    show.say(f"nr. {going['id']}, {going['name']}, gælder til og med {going['valid_to']}")


@feed.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(metavar="NO", help="From `aftale feed list`.", min=1)],
    db: Db = None,
) -> None:
    """End a calendar for good: its address answers 404 from now on."""
    from workflow.services.views.calendars.feeds import revoke_feed

    with open_desk(db) as desk:
        ended = revoke_feed(desk.engine, number, clock.now())
    show.say(f"ophævet: nr. {ended['id']}, {ended['name']}")
