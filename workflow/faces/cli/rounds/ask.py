"""Commands that ask: deadlines, why, status, journal. They change nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import AsOf, Db, Json, Key, MaybeKey, open_desk
from workflow.faces.cli.letters import proof
from workflow.faces.cli.rounds import answers
from workflow.faces.cli.watching import Watch


def deadlines(
    agreement: MaybeKey = None, as_of: AsOf = None, watch: Watch = None, db: Db = None, json: Json = False
) -> None:
    """List the deadlines with their legal date, the business day to aim at, and where each stands."""
    answers.deadlines(answers.Asked(agreement, as_of=as_of, db=db, json=json, watch=watch))


def why(
    agreement: Key,
    deadline: Annotated[
        str,
        typer.Argument(
            metavar="DEADLINE",
            help="E.g. submission, or annual-review:2025",
            autocompletion=completing.deadlines,
        ),
    ],
    as_of: AsOf = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Explain a date: each step in words, with its provision."""
    answers.why(answers.Asked(agreement, deadline, as_of, db, json))


def status(
    agreement: MaybeKey = None, as_of: AsOf = None, watch: Watch = None, db: Db = None, json: Json = False
) -> None:
    """Where it stands: each machine's state, the next date, councils pending by name, and what blocks."""
    answers.status(answers.Asked(agreement, as_of=as_of, db=db, json=json, watch=watch))


def journal(agreement: Key, db: Db = None, json: Json = False) -> None:
    """Print the agreement's journal: every fact, who recorded it and when, and whether the chain is whole.

    `aftale journal verify` checks them all, as `aftale verify` does."""
    if agreement == "verify":
        proof.verify(None, db, json)
        return
    from workflow.services.due.handled import EVENT
    from workflow.services.views import titles
    from workflow.services.views.notices import read_journal

    with open_desk(db) as desk:
        facts, broken = read_journal(desk.engine, agreement)
        names, called = titles.bodies(desk.rulebook), titles.letters(desk.rulebook)
    if json:
        show.as_json({"agreement": agreement, "facts": facts, "broken": broken})
        return
    for one in facts:
        if one["event"] == EVENT:
            one["about"] = titles.handling(names, called, one["about"])
    facts = [f | {"about": f["about"][:12]} if f["event"].startswith("rules-") else f for f in facts]
    rows = [
        (
            str(f["no"]), f["on"], f["event"], "" if f["version"] is None else str(f["version"]),
            f["council"] or "", f["about"], f["due"] or "", f["time"], f["source"], f["by"],
            (f["document"] or "")[:12],
        )
        for f in facts
    ]  # fmt: skip
    heads = ("nr.", "dag", "hændelse", "version", "råd", "om", "sætter", "kl.", "kilde", "af", "dokument")
    show.table(heads, rows)
    show.say(f"journalen er brudt: {broken}" if broken else "journalens kæde er hel")


COMMANDS = {"deadlines": deadlines, "why": why, "status": status, "journal": journal}
