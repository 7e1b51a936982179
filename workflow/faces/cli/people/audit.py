"""``aftale audit``: who came in, was turned away or took something away, and what was done to people and settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, noted, open_desk
from workflow.rules.days import COPENHAGEN


def audit(
    who: Annotated[str, typer.Option("--who", help="Part of an address, a name, a path or a client.")] = "",
    what: Annotated[
        str, typer.Option("--what", help="One kind, e.g. sign-in-failed; done: what was changed.")
    ] = "",
    since: Annotated[
        str | None, typer.Option("--since", metavar="D", help="From this Danish day on.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help="To this Danish day.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="The newest so many.")] = 200,
    db: Db = None,
    json: Json = False,
) -> None:
    """Show the audit trail, the newest first: sign-ins, refusals, exports (a year); changes of people (for good)."""
    from workflow.services.watch.trail import KINDS, Asked, entries

    if what not in ("", "done", *KINDS):
        raise Invalid(f"--what {what!r} is no kind; one of done, {', '.join(KINDS)}")
    first = clock.day(since, "--since") if since else None
    last = clock.day(until, "--until") if until else None
    with open_desk(db) as desk:
        found = entries(desk.engine, Asked(who, what, first, last), limit)
        noted(desk.engine, "trail", f"aftale audit {who} {what}".strip())
    if json:
        show.as_json([asdict(one) | {"at": one.at.isoformat()} for one in found])
        return
    rows = [
        (f"{one.at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M:%S}", one.called or one.who or "ukendt",
         KINDS.get(one.what, one.what), one.about, one.client)
        for one in found
    ]  # fmt: skip
    show.table(("hvornår", "hvem", "hvad", "om", "fra"), rows)


COMMANDS = {"audit": audit}
