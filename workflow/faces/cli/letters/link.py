"""``aftale link revoke``: the links in letters through which a council says what it decided."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import Db, open_desk, who

link = typer.Typer(help="The links in letters that councils answer through.", no_args_is_help=True)


@link.callback()
def _group() -> None:
    """One command today; named as those of token and feed are."""


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
