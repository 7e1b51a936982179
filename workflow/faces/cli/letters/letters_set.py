"""``aftale letters``: which letters a region sends, and when."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, open_desk, who

letters = typer.Typer(
    help="Which letters a region sends, when, and with what paragraph.", no_args_is_help=True
)
Region = Annotated[str, typer.Argument(help="A region's id, e.g. nordjylland.")]
Name = Annotated[str, typer.Argument(metavar="LETTER", help="A name of letters.toml, e.g. council-pending.")]


@letters.command("show")
def show_(region: Region, db: Db = None, json: Json = False) -> None:
    """Show what a region has set; what is not named is as letters.toml has it."""
    from workflow.services.planning.choosing import chosen

    with open_desk(db) as desk:
        said = chosen(desk.engine, desk.rulebook, region)
    if json:
        show.as_json(said)
        return
    rows = [
        (name, "slået fra" if one.get("off") else ", ".join(f"{day:+d}" for day in one.get("at", ())) or "som standard",
         one.get("own", ""))
        for name, one in sorted(said.items())
    ]  # fmt: skip
    show.table(("brev", "dage", "eget afsnit"), rows)


@letters.command("set")
def set_(
    region: Region,
    letter: Name,
    off: Annotated[bool, typer.Option("--off", help="Not sent; a statutory letter always is.")] = False,
    before: Annotated[str | None, typer.Option("--before", metavar="DAYS", help='E.g. "30,14,7".')] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="DAYS", help='E.g. "1,15".')] = None,
    own: Annotated[str, typer.Option("--own", metavar="TEXT", help="A paragraph of the region's own.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what changes in 90 days; keep nothing.")
    ] = False,
    by: By = None,
    db: Db = None,
) -> None:
    """Set one letter of a region whole: what is not given is as letters.toml has it."""
    from workflow.errors import Invalid
    from workflow.services.people.contacts.mailboxes import WrongFields
    from workflow.services.planning.choosing import choose, chosen, differences, letter_of, read_choice

    with open_desk(db) as desk:
        rule = letter_of(desk.rulebook, letter)
        usual = [",".join(str(abs(day)) for day in rule.at if (day > 0) is late) for late in (False, True)]
        typed = {"on": "" if off else "1", "own": own}
        typed |= {
            "before": usual[0] if before is None else before,
            "after": usual[1] if after is None else after,
        }
        try:
            choice = read_choice(rule, typed)
        except WrongFields as error:
            raise Invalid("; ".join(f"{name}: {said}" for name, said in error.wrong.items())) from error
        said = {
            key: value for key, value in chosen(desk.engine, desk.rulebook, region).items() if key != letter
        }
        said |= {letter: choice} if choice else {}
        for one in differences(desk.engine, desk.rulebook, region, said, clock.today()):
            sign = "+" if one.comes else "-"
            show.line(
                f"{sign} {one.on} {one.agreement}: {one.letter} {one.place} ({one.about}), {one.to} modtagere"
            )
        if not dry_run:
            choose(desk.engine, desk.rulebook, region, letter, choice, by or who(), clock.now())
    show.say("intet er gemt" if dry_run else f"{region}: gemt")


@letters.command("undo")
def undo_(region: Region, by: By = None, db: Db = None) -> None:
    """Put back what stood before the newest change."""
    from workflow.services.planning.choosing import undo

    with open_desk(db) as desk:
        undo(desk.engine, desk.rulebook, region, by or who(), clock.now())
    show.say(f"{region}: som før den seneste ændring")
