"""``aftale call``: which councils are silent, whom to call, and the note of a call."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import By, Db, Json, Key, open_desk, who


def call(
    agreement: Key,
    heard: Annotated[
        str,
        typer.Option(
            "--heard", metavar="CODE", help="The council that was spoken to; its reminders stop.",
            autocompletion=completing.councils,
        ),
    ] = "",
    note: Annotated[str, typer.Option("--note", help="What was said; needed with --heard.")] = "",
    goes_on: Annotated[bool, typer.Option("--keep-reminding", help="Keep the note, stop nothing.")] = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:  # fmt: skip
    """The silent councils: person, deputy, director, the next reminder and the note prepared for the call."""
    from workflow.services.desk.calling import calls, calls_json, take_call
    from workflow.services.views.status import find_standing

    if bool(heard) != bool(note):
        raise Invalid("--heard KODE og --note TEKST hører sammen")
    with open_desk(db) as desk:
        if heard:
            kept = take_call(
                desk.engine, desk.rulebook, agreement, heard, note, by or who(), clock.now(), not goes_on
            )
            show.say(
                f"notat nr. {kept.number} er gemt" + "; rådet får ikke flere påmindelser" * (not goes_on)
            )
            return
        standing = find_standing(desk.engine, desk.rulebook, agreement, clock.today())
        found = calls(desk.engine, standing)
    if json:
        show.as_json(calls_json(standing, found))
        return
    if not found:
        show.say("alle råd har svaret eller oplyst deres mødedag")
    for one in found:
        show.line(f"{one.code} {one.name}", "bold")
        for person in one.people:
            show.line(f"  {person.role}: {person.name} {person.email}".rstrip())
        if not one.people:
            show.line("  ingen kontakt er registreret: aftale contacts add")
        reminded = (
            f"gav lyd fra sig {one.heard_on}" if one.heard_on
            else f"næste påmindelse {show.long_day(one.next_on)} kan ikke nås" if one.next_on and one.lost
            else f"næste påmindelse {show.long_day(one.next_on)}" if one.next_on else "ingen flere påmindelser"
        )  # fmt: skip
        show.line(f"  {one.told} breve sendt; {reminded}")
        show.line(f"  {one.text.splitlines()[0]}")


COMMANDS = {"call": call}
