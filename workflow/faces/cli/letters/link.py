"""``aftale link ...``: the links in letters through which a council says what it decided."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import Db, open_desk, who
from workflow.rules.days import danish_day

MOST_TEXTS = 1000  # texts with the councils that are looked through
link = typer.Typer(help="The links in letters that councils answer through.", no_args_is_help=True)


@link.command("revoke")
def revoke(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", autocompletion=completing.agreements)],
    council: Annotated[str, typer.Argument(metavar="CODE", autocompletion=completing.councils)],
    version: Annotated[
        int, typer.Option("--version", metavar="N", help="Which text the links ask about.", min=1)
    ],
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who does it; default: this account.")] = None,
    db: Db = None,
) -> None:
    """End every link sent so far to one council about one version. The next letter brings a new one."""
    from workflow.mail.links import Ask
    from workflow.services.councils.asking import withdraw_links

    with open_desk(db) as desk:
        ask = Ask(agreement, version, council)
        withdraw_links(desk.engine, desk.rulebook, ask, why, by or who(), clock.now())
    show.say(f"links til {council} om version {version} af {agreement} er trukket tilbage")


@link.command("rotate")
def rotate(
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who does it; default: this account.")] = None,
    db: Db = None,
) -> None:
    """End every link in every letter sent so far, and sign by a new key. Everybody signs in again."""
    from workflow.faces.daemon.workplace import link_secret
    from workflow.services.councils.asking import questions
    from workflow.services.keeping import linkkeys
    from workflow.services.watch.heartbeat import instance_of

    with open_desk(db) as desk:
        outside, at = link_secret(desk.settings), clock.now()
        anew = linkkeys.rotate(desk.engine, instance_of(desk.engine), outside, why, by or who(), at)
        regions = [region.id for region in desk.rulebook.regions]
        asked = questions(desk.engine, desk.rulebook, regions, "", danish_day(at), "-", MOST_TEXTS)
    show.say("every link in letters sent until now has ended: answering, acknowledging, confirming")
    show.say("a daemon that runs goes on with the new key within a minute; everybody signs in again")
    show.say(
        f"{anew} letters not yet sent are written anew; returns of letters on their way are read for 30 days"
    )
    for one in asked:
        if one.waits:
            about = f"{one.standing.agreement.key}, version {one.version.number}"
            show.say(f"has no link now: {one.council.name}, {about}; its next reminder brings one")
