"""``aftale note`` and ``aftale log``: what people note about an agreement, and all that happened about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import Db, Json, open_desk, who
from workflow.rules.days import COPENHAGEN

Agreement = Annotated[str, typer.Argument(metavar="AGREEMENT", autocompletion=completing.agreements)]


def note(
    agreement: Agreement,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to keep; it cannot be changed.")],
    about: Annotated[
        str,
        typer.Option(
            "--about", metavar="CODE", help="The council it is about.", autocompletion=completing.councils
        ),
    ] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who notes it; default: this account.")] = None,
    db: Db = None,
) -> None:  # fmt: skip
    """Keep a note about an agreement or one of its councils. The law reads none of it."""
    from workflow.services.desk.notes import write_note

    with open_desk(db) as desk:
        kept = write_note(desk.engine, desk.rulebook, agreement, about, text, by or who(), clock.now())
    show.say(f"notat nr. {kept.number} er gemt")


def log(
    agreement: Agreement,
    about: Annotated[
        str, typer.Option("--about", metavar="CODE", help="Only what is about this council.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", help="How many, the newest first.", min=1, max=5000)] = 50,
    db: Db = None,
    json: Json = False,
) -> None:
    """Tell what happened about an agreement: journal, letters, answers and notes, the newest first."""
    from workflow.services.desk.happened import Wanted, happened
    from workflow.storage.database import reading
    from workflow.storage.facts import journal

    with open_desk(db) as desk:
        with reading(desk.engine) as session:
            key = journal.find(session, agreement).key
        found = happened(desk.engine, desk.rulebook, [key], Wanted(body=about), limit)
    if json:
        show.as_json(
            [asdict(one) | {"at": one.at.isoformat(), "on": one.on and one.on.isoformat()} for one in found]
        )
        return
    rows = [
        (f"{one.at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}", one.what, one.body, one.by, one.said)
        for one in found
    ]
    show.table(("hvornår", "hvad", "hvem det angår", "af", "oplysning"), rows)


COMMANDS = {"note": note, "log": log}
