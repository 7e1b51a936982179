"""What is told of a hearing: the answer to each sender, the note, its publication. Part of ``aftale hearing``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Key, open_desk, who
from workflow.faces.cli.rounds.hearing_found import On, Party, Version, party_of, register_of, write_new


def reply(
    agreement: Key,
    party: Party,
    to: Annotated[str, typer.Option("--to", help="Send it to this address, through the outbox.")] = "",
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Keep that it was told otherwise.")] = False,
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Print the answer to a party; with --to send it as a letter, with --by-hand keep that it was told."""
    from workflow.services.hands.promised import promised
    from workflow.services.hearing.replying import reply as send
    from workflow.services.hearing.replying import reply_lines

    if to and by_hand:
        raise Invalid("--to and --by-hand exclude each other; leave one out")
    with open_desk(db) as desk:
        standing, register = register_of(desk, agreement, version)
        found = register.party(party_of(register, party))
        assert found is not None
        print("\n\n".join(reply_lines(standing, register, found)))
        if to or by_hand:
            link, at = desk.settings.base_url, clock.now()
            number = send(
                desk.engine, desk.rulebook, agreement, found.id, to, by or who(), at, link, version=version
            )
            goes = promised(desk.engine, [number], at) or "er allerede sendt"
            show.say(f"brev nr. {number} til {to} {goes}" if number else "gemt, at svaret er givet")


def note(
    agreement: Key,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="A file for Word (.docx) or text; must not exist."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="As it is published: private persons unnamed.")
    ] = False,
    version: Version = None,
    db: Db = None,
) -> None:
    """Print the note for the committee, or write it to a file."""
    from workflow.services.hearing.note import as_text
    from workflow.services.hearing.note import note as made
    from workflow.services.papers.docx import docx

    with open_desk(db) as desk:
        blocks = made(*register_of(desk, agreement, version), public)
    if out is None:
        print(as_text(blocks))
        return
    write_new(out, docx(blocks) if out.suffix == ".docx" else as_text(blocks).encode())
    show.say(f"høringsnotat: {out}")


def publish(
    agreement: Key,
    on: On,
    where: Annotated[str, typer.Option("--where", help="Where it can be read, e.g. the page's address.")],
    version: Version = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Keep that the note was published, where, and with which words."""
    from workflow.services.hearing.note import publish as enter

    day = clock.day(on, "--on")
    with open_desk(db) as desk:
        enter(desk.engine, desk.rulebook, agreement, day, where, by or who(), clock.now(), version=version)
    show.say("offentliggørelsen er gemt")
