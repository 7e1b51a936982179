"""``aftale contacts``: the mailboxes letters go to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, noted, open_desk, who
from workflow.faces.cli.exits import FAILED
from workflow.faces.cli.given import load_rules
from workflow.rules.days import danish_day

contacts = typer.Typer(help="The mailboxes letters go to.", no_args_is_help=True)


@contacts.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV or .xlsx: body,function,name,email,priority,valid_from,valid_to,language",
        ),
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="The file is the whole truth for each function it names: other mailboxes are removed, and an address "
            "that was refused is tried again.",
        ),
    ] = False,
    db: Db = None,
) -> None:
    """Import mailboxes: each joint secretariat's two or more, and each council's. All or nothing."""
    from workflow.services.people.contacts.contacts import import_contacts

    with open_desk(db) as desk:
        report = import_contacts(desk.engine, desk.rulebook, file, replace=replace, at=clock.now(), by=who())
    for how in report.read:
        show.say(f"read: {how}")
    counted = f"contacts: {report.added} added, {report.changed} changed, {report.unchanged} unchanged"
    show.say(f"{counted}, {report.removed} removed" if replace else counted)


@contacts.command("list")
def list_(
    region: Annotated[str | None, typer.Argument(help="Only this region's bodies.")] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """List the mailboxes, with the functions they serve."""
    from workflow.services.people.contacts.contacts import list_contacts
    from workflow.services.views import titles

    with open_desk(db) as desk:
        found = list_contacts(desk.engine, desk.rulebook, region)
        noted(desk.engine, "contacts", f"aftale contacts list {region or ''}".strip())
        names = titles.bodies(desk.rulebook)
    if json:
        show.as_json([contact.model_dump(mode="json") for contact in found])
        return
    if region and not found:
        raise Invalid(f"no contacts for {region}; import them: aftale contacts import FILE.csv")
    rows = [
        (str(c.id), titles.recipient(names, f"{c.body}/{c.function}"), str(c.priority), c.name, c.email,
         f"afvist {danish_day(c.refused_at)}" if c.refused_at else str(c.valid_to or ""))
        for c in found
    ]  # fmt: skip
    show.table(("kontakt", "hvem", "nr.", "navn", "postkasse", "gælder til"), rows)


Number = Annotated[int, typer.Argument(metavar="NR", help="Its number, as `aftale contacts list` shows it.")]
Email = Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="The mailbox's address.")]
Name = Annotated[str | None, typer.Option("--name", help="What it is called.")]
Rank = Annotated[str | None, typer.Option("--priority", metavar="N", help="1 is asked first.")]
First = Annotated[
    str | None, typer.Option("--from", metavar="D", help="First day it is used; empty: no such day.")
]
Last = Annotated[
    str | None, typer.Option("--to", metavar="D", help="Last day it is used; empty: no such day.")
]

Tongue = Annotated[str | None, typer.Option("--language", metavar="CODE", help="What it reads: da, en.")]


def _typed(**given: str | None) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


@contacts.command("add")
def add_(
    body: Annotated[str, typer.Argument(help="A region's id, a council's code or name, a cluster's id.")],
    function: Annotated[str, typer.Argument(help="What it serves, e.g. council or secretariat-region.")],
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    name: Name = None,
    priority: Rank = None,
    first: First = None,
    last: Last = None,
    language: Tongue = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Add one mailbox."""
    from workflow.services.people.contacts.mailboxes import add_contact

    typed = _typed(name=name, priority=priority, valid_from=first, valid_to=last, language=language)
    typed |= {"body": body, "function": function, "email": address}
    with open_desk(db) as desk:
        made = add_contact(desk.engine, desk.rulebook, typed, by or who(), clock.now())
    show.say(f"kontakt {made.id}: {made.email}")


@contacts.command("change")
def change_(
    number: Number,
    email: Email = None,
    name: Name = None,
    priority: Rank = None,
    first: First = None,
    last: Last = None,
    language: Tongue = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Change one mailbox; what is not named stays as it is."""
    from workflow.services.people.contacts.mailboxes import as_typed, change_contact, find_contact

    typed = _typed(
        email=email, name=name, priority=priority, valid_from=first, valid_to=last, language=language
    )
    with open_desk(db) as desk:
        was = as_typed(find_contact(desk.engine, number))
        made = change_contact(desk.engine, desk.rulebook, number, was | typed, by or who(), clock.now())
    show.say(f"kontakt {made.id}: {made.email}")


@contacts.command("end")
def end_(
    number: Number,
    on: Annotated[str, typer.Option("--on", metavar="D", help="The last day it is used.")],
    by: By = None,
    db: Db = None,
) -> None:
    """End one mailbox: it is used that day too, and not after it."""
    from workflow.services.people.contacts.mailboxes import end_contact

    with open_desk(db) as desk:
        made = end_contact(desk.engine, number, on, by or who(), clock.now())
    show.say(f"kontakt {made.id}: {made.email} bruges til og med {made.valid_to}")


@contacts.command("deputy")
def deputy_(
    number: Number,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Who is written to instead.")],
    first: Annotated[str, typer.Option("--from", metavar="D", help="First day.")],
    last: Annotated[str, typer.Option("--to", metavar="D", help="Last day.")],
    name: Name = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Let another mailbox be written to first for a span of days; it ends by itself."""
    from workflow.services.people.contacts.mailboxes import put_deputy

    typed = _typed(email=address, name=name, valid_from=first, valid_to=last)
    with open_desk(db) as desk:
        made = put_deputy(desk.engine, desk.rulebook, number, typed, by or who(), clock.now())
    show.say(f"kontakt {made.id}: {made.email} fra {made.valid_from} til og med {made.valid_to}")


@contacts.command("restore")
def restore_(
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="[ADDRESS]...", help="As `aftale contacts list` shows them.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="All that were struck off on this Danish day.")
    ] = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Take addresses into use again that were struck off by mistake: some, or those of a whole day in one act."""
    from workflow.services.people.contacts.strikes import restore

    with open_desk(db) as desk:
        day = clock.day(on, "--on") if on else None
        lifted = restore(desk.engine, addresses or [], day, by or who(), clock.now())
    for address in lifted:
        show.say(f"bruges igen: {address}")


@contacts.command("ask")
def ask_(
    region: Annotated[str, typer.Argument(help="A region's id, e.g. nordjylland.")],
    by: By = None,
    db: Db = None,
) -> None:
    """Ask every body of a region which mailbox is its own: a letter with a link each, in the next pass."""
    from workflow.services.people.contacts.confirming import ask_bodies
    from workflow.services.views import titles

    settings, _ = load_rules(db)
    with open_desk(db) as desk:
        link = settings.base_url
        asked, nowhere = ask_bodies(desk.engine, desk.rulebook, region, by or who(), clock.now(), link)
        names = titles.bodies(desk.rulebook)
    show.say(f"{len(asked)} spørges med næste udsendelse")
    for one in nowhere:
        show.say(f"har ingen postkasse at spørge: {titles.recipient(names, one)}")


@contacts.command("answers")
def answers_(region: Annotated[str, typer.Argument(help="A region's id.")], db: Db = None) -> None:
    """List what each body was asked about its mailbox, and what it answered."""
    from workflow.services.people.contacts.takingup import questions_of
    from workflow.services.views import titles

    with open_desk(db) as desk:
        found = questions_of(desk.engine, desk.rulebook, region)
        names = titles.bodies(desk.rulebook)
    rows = [
        (
            str(one.id),
            titles.recipient(names, f"{one.body}/{one.function}"),
            one.state,
            one.answer,
            one.email,
            one.by,
        )
        for one in found
    ]
    show.table(("nr.", "hvem", "tilstand", "svar", "ny postkasse", "fra"), rows)


@contacts.command("take")
def take_(number: Number, by: By = None, db: Db = None) -> None:
    """Take up what a body answered about its mailbox."""
    from workflow.services.people.contacts.takingup import take_up

    with open_desk(db) as desk:
        done = take_up(desk.engine, desk.rulebook, number, by or who(), clock.now())
    show.say(f"svar {done.id} er taget op")


@contacts.command("turn-down")
def turn_down_(
    number: Number, why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")], by: By = None,
    db: Db = None,
) -> None:  # fmt: skip
    """Leave the mailboxes as they are, whatever a body answered."""
    from workflow.services.people.contacts.takingup import turn_down

    with open_desk(db) as desk:
        done = turn_down(desk.engine, number, why, by or who(), clock.now())
    show.say(f"svar {done.id} er afvist")


@contacts.command("test")
def test_(
    mailbox: Annotated[str, typer.Argument(metavar="ADDRESS|CODE", help="A mailbox, or a council's code.")],
    wait: Annotated[
        int, typer.Option("--wait", min=0, max=3600, metavar="SECONDS", help="How long to wait for a return.")
    ] = 60,
    db: Db = None,
) -> None:
    """Send one trial mail by the letters' own road, and wait for it to come back. Exit 1 when it is refused or does."""
    from workflow.faces.cli.letters import trial
    from workflow.faces.daemon.workplace import open_workplace

    settings, rulebook = load_rules(db)
    with open_workplace(settings, rulebook) as place:
        to = trial.mailbox(place, mailbox, clock.now())
        answer, message_id = trial.send(place, to, who(), clock.now())
        show.say(trial.said(place, answer, to))
        if answer.kind != "accepted":
            raise typer.Exit(FAILED)
        if settings.bounce_maildir is None:
            show.say(
                "ingen læser, hvad der kommer retur: sæt bounce_maildir. Spørg modtageren, om mailen kom frem"
            )
            return
        report = trial.wait_for_return(place, message_id, wait)
    if report is None:
        show.say(f"intet kom retur inden for {wait} sekunder. Spørg modtageren, om mailen kom frem")
        return
    show.say(
        f"den kom retur ({report.kind}{' ' + report.about if report.about else ''}): {report.status} {report.text}"
    )
    if report.kind == "failed":
        raise typer.Exit(FAILED)
