"""``aftale sender``: how each region signs its letters."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, open_desk, who

sender = typer.Typer(help="How each region signs its letters.", no_args_is_help=True)
Region = Annotated[str, typer.Argument(help="A region's id, e.g. nordjylland.")]


@sender.command("show")
def show_(region: Region, db: Db = None) -> None:
    """Show one region's name as sender, closing lines and reply address."""
    from workflow.services.people.contacts.senders import find_sender

    with open_desk(db) as desk:
        line = find_sender(desk.engine, desk.rulebook, region)
    rows = [
        ("navn", line.name),
        ("svar til", line.reply_to),
        *(("hilsen", one) for one in line.signature.splitlines()),
    ]
    show.table(("hvad", "regionens eget"), [(what, said or "ikke sat") for what, said in rows])


@sender.command("set")
def set_(
    region: Region,
    name: Annotated[str | None, typer.Option("--name", help="Stands beside the sender's address.")] = None,
    signature: Annotated[
        list[str] | None, typer.Option("--line", help="One line below the greeting; once for each line.")
    ] = None,
    reply_to: Annotated[
        str | None, typer.Option("--reply-to", metavar="ADDRESS", help="Where answers go.")
    ] = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Set what is named; the rest stays. An empty text takes it away again."""
    from workflow.services.people.contacts.senders import FIELDS, find_sender, set_sender

    with open_desk(db) as desk:
        line = find_sender(desk.engine, desk.rulebook, region)
        typed = {field: str(getattr(line, field)) for field in FIELDS}
        typed |= {"name": name} if name is not None else {}
        typed |= {"reply_to": reply_to} if reply_to is not None else {}
        typed |= {"signature": "\n".join(signature)} if signature else {}
        set_sender(desk.engine, desk.rulebook, region, typed, by or who(), clock.now())
    show.say(f"{region}: gemt; breve, der skrives fra nu af, følger det")
