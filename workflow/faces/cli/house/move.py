"""``aftale move``: copies everything to another database; only one of the two can send."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.errors import Invalid, Misconfigured
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, open_desk, who


def move(
    to: Annotated[
        str | None, typer.Option("--to", metavar="URL", help="The empty database to move to.")
    ] = None,
    back: Annotated[
        bool, typer.Option("--back", help="This database, moved away, is the one after all.")
    ] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who does it; default: this account.")] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Copy everything to an empty database, from SQLite to PostgreSQL or back, and compare it there.

    Stop the daemon first. All or nothing; afterwards this database is read only. With --back it is not, and what
    was recorded or sent from the other one since is not here."""
    from workflow import settings as settings_module
    from workflow.faces.daemon.lock import only_one
    from workflow.services.keeping import moving
    from workflow.storage.database import sqlite_path

    if (to is None) is not back:
        raise Invalid("skriv enten --to URL eller --back")
    if to is None:
        with open_desk(db) as desk, only_one(sqlite_path(desk.settings.db)):
            place = moving.back(desk.engine)
            here = desk.settings.shown_db
        if json:
            show.as_json({"database": here, "moved_to": place})
            return
        show.say(f"{here} can be written in again; it had been moved to {place}. Stop every daemon there.")
        show.say("Sending is still held. When nothing was sent from there: aftale outbox release --all")
        return
    try:
        target = settings_module.load(db=to)
    except Misconfigured as error:
        raise Misconfigured("--to", error.problem, error.cure) from error
    with open_desk(db) as desk, only_one(sqlite_path(desk.settings.db)):
        moved = moving.move(desk.engine, target.db, target.shown_db, by or who(), clock.now())
        source = desk.settings.shown_db
    if json:
        heads = [{"agreement": a, "facts": count, "head": head} for a, (count, head) in moved.heads.items()]
        show.as_json({"from": source, "to": target.shown_db, "rows": moved.rows, "heads": heads})
        return
    for name, count in moved.rows.items():
        print(f"{count:>8}  {name}")
    for agreement, (count, head) in moved.heads.items():
        print(f"same head  {agreement}  {count} facts  {head}")
    show.say(f"moved and compared: {source} -> {target.shown_db}")
    show.say("Next: set AFTALE_DB to the new database on every host, aftale doctor, then start the daemons.")
    show.say(
        "The old one can be read and no more. To go back, before anything was recorded or sent from the new one:"
    )
    show.say(f"  aftale move --back --db {source}")
    show.say(f"  aftale outbox release --all --db {source}")


COMMANDS = {"move": move}
