"""``aftale person ...`` and ``aftale token ...``: who may use the site, and which programs may read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, noted, open_desk, who
from workflow.faces.cli.exits import FAILED
from workflow.faces.cli.given import load_rules
from workflow.mail.addresses import folded
from workflow.rules.days import danish_day

person = typer.Typer(help="The people who may sign in.", no_args_is_help=True)
token = typer.Typer(help="The keys of programs that read.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address that gets the link to sign in.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Which program it is for.")]
Region = Annotated[str, typer.Option("--region", metavar="R", help="Region id, e.g. nordjylland.")]
Called = Annotated[str, typer.Option("--name", help="What readers call the person.")]
Role = Annotated[
    str, typer.Option("--role", help="secretariat, council, coordinator, authority or administrator.")
]
Body = Annotated[str, typer.Option("--body", metavar="CODE", help="The council's code, for role council.")]
Until = Annotated[str | None, typer.Option("--until", metavar="D", help="The last day; default: none.")]


@person.command("add")
def person_add(
    email: Email,
    name: Called,
    role: Role,
    region: Region = "",
    body: Body = "",
    until: Until = None,
    db: Db = None,
) -> None:
    """Let a person sign in, or change what the person may do. A secretariat and mostly a coordinator has a region."""
    from workflow.services.people.grasp import Grasp
    from workflow.services.people.persons import add_person

    last = clock.day(until, "--until") if until else None
    with open_desk(db) as desk:
        added = add_person(
            desk.engine, desk.rulebook, email=email, name=name, role=role, region=region, body=body, valid_to=last,
            at=clock.now(), grasp=Grasp(by=who()),
        )  # fmt: skip
    show.say(f"{added.email} kan logge ind som {added.role} {added.region or added.body}".rstrip())


@person.command("invite")
def person_invite(
    email: Email,
    name: Called,
    role: Role,
    region: Region = "",
    body: Body = "",
    until: Until = None,
    by: By = None,
    db: Db = None,
) -> None:
    """Let somebody new sign in, and send the mail with the link, as /personer does. Exit 1 where it is not taken."""
    from workflow.faces.daemon.handing import send_invitation
    from workflow.faces.daemon.workplace import open_workplace
    from workflow.services.people.grasp import Grasp
    from workflow.services.people.inviting import invite

    last = clock.day(until, "--until") if until else None
    with open_workplace(*load_rules(db)) as place:
        made = invite(
            place.engine, place.rulebook, email=email, name=name, role=role, region=region, body=body, valid_to=last,
            at=clock.now(), grasp=Grasp(by=by or who()),
        )  # fmt: skip
        failed = send_invitation(place, clock.now, made, by or who())
    if failed:
        show.say(f"{made.person.email} har adgang, men mailen blev ikke taget imod: {failed}")
        raise typer.Exit(FAILED)
    show.say(f"{made.person.email} har adgang, og invitationen er afleveret til mailserveren")


@person.command("week")
def person_week(
    email: Email,
    off: Annotated[bool, typer.Option("--off", help="Send it no longer.")] = False,
    db: Db = None,
) -> None:
    """Let a person have the Monday mail, or no longer."""
    from workflow.services.desk.monday import choose

    with open_desk(db) as desk:
        choose(desk.engine, folded(email), not off, clock.now())
    show.say(f"mandagsmailen til {email} er {'stoppet' if off else 'valgt'}")


@person.command("language")
def person_language(
    email: Email,
    language: Annotated[str, typer.Argument(metavar="CODE", help="What the person reads: da, en.")],
    by: By = None,
    db: Db = None,
) -> None:
    """Let the site and the mails speak another language to a person."""
    from workflow.services.people.sessions import choose_language

    with open_desk(db) as desk:
        choose_language(desk.engine, folded(email), language, by or who(), clock.now())
    show.say(f"sproget for {email} er {language}")


@person.command("list")
def person_list(db: Db = None, json: Json = False) -> None:
    """List everybody who may or might sign in."""
    from workflow.services.people.persons import list_persons

    with open_desk(db) as desk:
        found = list_persons(desk.engine)
        noted(desk.engine, "people", "aftale person list")
    if json:
        show.as_json([one.model_dump(mode="json", exclude={"id"}) for one in found])
        return
    rows = [(one.role, one.region or one.body, one.name, one.email, str(one.valid_to or "")) for one in found]
    show.table(("rolle", "region eller råd", "navn", "mailadresse", "gælder til"), rows)


@person.command("end")
def person_end(email: Email, db: Db = None) -> None:
    """End a person's access now, in every browser."""
    from workflow.services.people.grasp import Grasp
    from workflow.services.people.persons import end_person

    with open_desk(db) as desk:
        ended = end_person(desk.engine, email, clock.now(), grasp=Grasp(by=who()))
    show.say(f"{ended.email} kan ikke længere logge ind")


@person.command("export")
def person_export(email: Email, db: Db = None) -> None:
    """Write everything that names an address, as JSON: what to hand out to whoever asks what is kept about them."""
    from workflow.services.keeping.subject import about

    with open_desk(db) as desk:
        found = about(desk.engine, email)
        noted(desk.engine, "export", "aftale person export")
    show.as_json(found)


@person.command("erase")
def person_erase(
    email: Email,
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept, so name nobody.")] = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Remove what is kept about an address and proves nothing, after access and mailbox were ended."""
    from workflow.services.keeping.subject import GROUNDS, erase

    with open_desk(db) as desk:
        erased = erase(desk.engine, email, why, by or who(), clock.now())
    for kind, count in erased.removed.items():
        show.say(f"removed: {count} {kind}")
    for kind, count in erased.left.items():
        show.say(f"stays: {count} {kind}: {GROUNDS[kind]}")


@token.command("add")
def token_add(name: Name, region: Region = "", until: Until = None, db: Db = None) -> None:
    """Make a key that reads one region, or all without --region. It is printed once and kept as a hash only."""
    from workflow.services.people.programs import add_token

    last = clock.day(until, "--until") if until else None
    with open_desk(db) as desk:
        at = clock.now()
        last = last or danish_day(at) + timedelta(days=desk.settings.key_days)
        secret = add_token(desk.engine, desk.rulebook, name, region, last, at, who())
    print(secret)
    show.say(f"vises kun nu; brug den som: Authorization: Bearer …; den gælder til og med {last}")


@token.command("renew")
def token_renew(name: Name, until: Until = None, db: Db = None) -> None:
    """Let a key go on, for as many days as key_days says or until a day, counted from today."""
    from workflow.services.people.programs import renew_token

    last = clock.day(until, "--until") if until else None
    with open_desk(db) as desk:
        at = clock.now()
        last = last or danish_day(at) + timedelta(days=desk.settings.key_days)
        last = renew_token(desk.engine, name, last, at, who())
    show.say(f"{name} gælder til og med {last}")


@token.command("list")
def token_list(db: Db = None, json: Json = False) -> None:
    """List the keys, without the secret itself."""
    from workflow.services.people.programs import list_tokens

    with open_desk(db) as desk:
        found = list_tokens(desk.engine)
    if json:
        show.as_json([one.model_dump(mode="json", exclude={"id", "digest"}) for one in found])
        return
    rows = [
        (
            one.name,
            one.region or "alle",
            str(one.valid_to or ""),
            "tilbagekaldt" if one.revoked_at else "gælder",
        )
        for one in found
    ]
    show.table(("navn", "region", "gælder til", "tilstand"), rows)


@token.command("revoke")
def token_revoke(name: Name, db: Db = None) -> None:
    """Let a key open nothing from now on."""
    from workflow.services.people.programs import revoke_token

    with open_desk(db) as desk:
        revoke_token(desk.engine, name, clock.now(), who())
    show.say(f"{name} er tilbagekaldt")
