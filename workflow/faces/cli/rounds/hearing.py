"""``aftale hearing``: the register of a hearing: who was asked, who answered, what became of each remark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, Key, attached, open_desk, who
from workflow.faces.cli.rounds import hearing_told
from workflow.faces.cli.rounds.hearing_found import On, Party, Version, as_json, party_of, register_of

hearing = typer.Typer(
    help="The register of a hearing: who answered, what became of each remark.", no_args_is_help=True
)


@hearing.command("list")
def list_(agreement: Key, version: Version = None, db: Db = None, json: Json = False) -> None:
    """List the parties with their answers to the minute, and every remark with what became of it."""
    from workflow.services.hearing.note import LATE, became, minute

    with open_desk(db) as desk:
        _, register = register_of(desk, agreement, version)
    if json:
        show.as_json(as_json(register))
        return
    rows = [
        (one.id, one.name, ", ".join(minute(a.at) + f" ({LATE})" * a.late for a in register.answers_of(one.id)) or "–",
         str(len(register.remarks_of(one.id))))
        for one in register.parties
    ]  # fmt: skip
    show.line(f"Høringen om version {register.version}, svar senest {minute(register.closes_at)}", "bold")
    show.table(("id", "part", "svarede", "bemærkninger"), rows)
    for one in register.remarks:
        sender = register.party(one.party)
        print(
            f"{one.item}. {sender.name if sender else one.party}: {one.text} [{became(one)}] (linje {one.number})"
        )


@hearing.command("ask")
def ask(
    agreement: Key,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Who was asked beside the councils and clusters.")
    ],
    on: On,
    email: Annotated[str, typer.Option("--email", help="Where its answer goes.")] = "",
    private: Annotated[bool, typer.Option("--private", help="A person: the name is not published.")] = False,
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Add somebody who was asked."""
    from workflow.services.hearing.entering import add_party

    day = clock.day(on, "--on")
    with open_desk(db) as desk:
        number = add_party(
            desk.engine, desk.rulebook, agreement, name, day, by or who(), clock.now(), email=email, private=private,
            version=version,
        )  # fmt: skip
    show.say(f"p{number}: {name} er tilføjet")


@hearing.command("answer")
def answer(
    agreement: Key,
    party: Party,
    on: On,
    time: Annotated[str, typer.Option("--time", help="The Danish clock time it came, HH:MM.")],
    source: Annotated[str, typer.Option("--source", help="Where it is filed.")] = "",
    document: Annotated[Path | None, typer.Option("--document", help="The answer as a file.")] = None,
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Enter that a party answered; after the hearing's end it is taken and marked."""
    from workflow.services.hearing.entering import take_answer

    day = clock.day(on, "--on")
    with open_desk(db) as desk:
        _, register = register_of(desk, agreement, version)
        identity = party_of(register, party)
        number = take_answer(
            desk.engine, desk.rulebook, agreement, identity, day, time, by or who(), clock.now(), source=source,
            attached=attached(document) if document else None, version=version,
        )  # fmt: skip
        late = next(
            one.late for one in register_of(desk, agreement, version)[1].answers if one.number == number
        )
    show.say(f"linje {number}: svaret er gemt" + ("; det kom efter høringens udløb" if late else ""))


@hearing.command("remark")
def remark(
    agreement: Key,
    party: Party,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One remark, word for word or short.")],
    where: Annotated[str, typer.Option("--where", help="The place in the draft.")] = "",
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Enter one remark of a party as an item."""
    from workflow.services.hearing.entering import add_remark

    with open_desk(db) as desk:
        identity = party_of(register_of(desk, agreement, version)[1], party)
        number = add_remark(
            desk.engine,
            desk.rulebook,
            agreement,
            identity,
            text,
            by or who(),
            clock.now(),
            where=where,
            version=version,
        )
        item = next(o.item for o in register_of(desk, agreement, version)[1].remarks if o.number == number)
    show.say(f"bemærkning nr. {item} er gemt (linje {number})")


@hearing.command("decide")
def decide(
    agreement: Key,
    item: Annotated[int, typer.Argument(metavar="NR", help="The remark's number in the hearing.", min=1)],
    taken: Annotated[bool, typer.Option("--taken/--not-taken", help="What becomes of it.")],
    because: Annotated[str, typer.Option("--because", help="Why; needed where it is not taken.")] = "",
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Say what becomes of a remark; again, and the last holds."""
    from workflow.services.hearing.entering import decide as enter

    with open_desk(db) as desk:
        enter(
            desk.engine,
            desk.rulebook,
            agreement,
            item,
            taken,
            because,
            by or who(),
            clock.now(),
            version=version,
        )
    show.say(f"bemærkning nr. {item} er {'taget med' if taken else 'ikke taget med'}")


@hearing.command("strike")
def strike(
    agreement: Key,
    number: Annotated[
        int, typer.Argument(metavar="LINE", help="The line's number, as list --json tells it.", min=1)
    ],
    why: Annotated[str, typer.Option("--why", help="What was wrong.")],
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Strike out a line that was wrong; it stays in the journal with the reason."""
    from workflow.services.hearing.entering import strike as enter

    with open_desk(db) as desk:
        enter(desk.engine, desk.rulebook, agreement, number, why, by or who(), clock.now(), version=version)
    show.say(f"linje {number} er slettet")


hearing.command("reply")(hearing_told.reply)
hearing.command("note")(hearing_told.note)
hearing.command("publish")(hearing_told.publish)
