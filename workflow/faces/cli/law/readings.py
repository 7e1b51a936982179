"""Commands about what the law leaves open: readings, readings list, readings sign."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, open_desk
from workflow.faces.cli.law.acts import UNCHANGED, DryRun, Yes, asked

readings = typer.Typer(
    help="Where the law is silent: list the questions, sign a reading.", no_args_is_help=False
)


@readings.callback(invoke_without_command=True)
def readings_default(context: typer.Context, db: Db = None, json: Json = False) -> None:
    """Where the law is silent: the questions, the dates they touch, and who has signed a reading."""
    if context.invoked_subcommand is None:
        _list(db, json)


@readings.command("list")
def readings_list(db: Db = None, json: Json = False) -> None:
    """List the questions the law leaves open, with the dates each reading gives."""
    _list(db, json)


@readings.command("sign")
def readings_sign(
    silence: Annotated[str, typer.Argument(metavar="QUESTION", help="Its id; a wrong one lists them.")],
    reading: Annotated[str, typer.Argument(metavar="READING", help="Its id; a wrong one lists them.")],
    name: Annotated[str, typer.Option("--name", help="Who answers for it.")],
    office: Annotated[str, typer.Option("--office", help="That person's office.")],
    ground: Annotated[
        str, typer.Option("--ground", help="Why: a text, an answer, an agreement between the parties.")
    ],
    agreement: Annotated[
        list[str] | None,
        typer.Option("--agreement", help="Only this one; may be repeated. Default: all it touches."),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Sign a reading: from now on one date stands, and one letter says so."""
    from workflow.services.facts.readings import replaced, sign_reading

    with open_desk(db) as desk:
        done = asked(
            lambda dry: sign_reading(
                desk.engine, desk.rulebook, silence=silence, reading=reading, name=name, office=office, ground=ground,
                agreements=agreement or (), today=clock.today(), at=clock.now(), dry_run=dry,
            ),
            f"læsningen {reading} af {silence} underskrives", dry_run, yes,
        )  # fmt: skip
    told: list[dict[str, Any]] = [
        {
            "agreement": one.after.agreement.key, "no": one.fact.no, "withdrawn": one.withdrawn,
            "instead_of": replaced(one, silence),
            "deadlines": [
                {"id": d.id, "subject": d.subject, "legal_on": str(d.legal_on), "status": d.status}
                for d in one.after.deadlines
                for r in d.readings if r.silence.id == silence
            ],
        }
        for one in done
    ]  # fmt: skip
    if json:
        show.as_json(told)
        return
    for one in told:
        show.say(f"{one['agreement']}: læsningen {reading} af {silence} er underskrevet af {name}, {office}")
        if one["instead_of"]:
            reading_before, by = one["instead_of"]
            show.say(f"  i stedet for læsningen {reading_before}, underskrevet af {by}")
        for d in one["deadlines"]:
            show.say(
                f"  {d['id']}{':' + d['subject'] if d['subject'] else ''}: {show.long_day(d['legal_on'])}"
            )
    if dry_run:
        show.say(UNCHANGED)


def _list(db: Any, json: bool) -> None:
    from workflow.services.views.readings import question_json, questions
    from workflow.services.views.status import workable

    with open_desk(db) as desk:
        standings, _ = workable(desk.engine, desk.rulebook, clock.today())
        found = questions(desk.rulebook, standings)
    if json:
        show.as_json([question_json(one) for one in found])
        return
    for index, one in enumerate(found):
        print("\n" * bool(index), end="")
        state = (
            "åben" if one.open else "afgjort eller uden åbne datoer" if one.touched else "rører ingen dato"
        )
        show.line(f"{one.silence.id}  {one.silence.question} ({state})", "bold")
        for reading in one.silence.readings:
            show.line(f"  {reading.id}: {reading.said} ({reading.cite})")
        for key, deadline, read in one.shown:
            subject = f":{deadline.subject}" if deadline.subject else ""
            dates = "; ".join(
                f"læst som {reading.id}: {show.long_day(on)}"
                for reading, on in zip(one.silence.readings, read.dates, strict=True)
            )
            signed = f"; {read.signed} underskrevet af {read.by}" if read.signed else ""
            show.line(f"  {key} {deadline.id}{subject}: {dates}{signed}")
