"""Commands about rule sets: a lawyer's signature (sign), what a new set would change (pending), and a person's answer
(accept, decline)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import By, Db, Json, open_desk, who
from workflow.faces.cli.given import load_rules
from workflow.faces.cli.law.acts import UNCHANGED, DryRun
from workflow.rules.words import NEUTRAL

if TYPE_CHECKING:
    from workflow.services.law.differing import Difference

rules = typer.Typer(
    help="The rules: who has signed them, what new ones would change, and whether they are taken on.",
    no_args_is_help=True,
)
Which = Annotated[
    list[str] | None,
    typer.Option(
        "--agreement", metavar="AGREEMENT", help="Only this one; may be repeated.",
        autocompletion=completing.agreements,
    ),
]  # fmt: skip
Every = Annotated[bool, typer.Option("--all", help="Every agreement that waits.")]
Ground = Annotated[
    str, typer.Option("--ground", "--source", help="Why: the provision on entry into force or transition.")
]


def rules_pending(db: Db = None, json: Json = False) -> None:
    """List what the rules in the calendars would change for each agreement nobody has answered for. Changes nothing."""
    from workflow.services.law.changing import pending

    with open_desk(db) as desk:
        found = pending(desk.engine, desk.rulebook, clock.today())
        digest = desk.rulebook.digest
    if json:
        show.as_json({"rules": digest, "waiting": [_json(one) for one in found]})
        return
    for one in found:
        _say(one)
    show.say(
        f"nye regler {digest[:12]} venter på svar for {_agreements(found)}: aftale rules accept|decline"
        if found
        else "ingen nye regler venter på svar"
    )


def rules_accept(
    ground: Ground, agreement: Which = None, every: Every = False, dry_run: DryRun = False, by: By = None,
    db: Db = None, json: Json = False,
) -> None:  # fmt: skip
    """Take the rules in the calendars on from today: dates and letters follow them, the days before do not."""
    from workflow.services.law.changing import accept

    _answer(accept, "følger de nye regler", ground, agreement, every, dry_run, by, db, json)


def rules_decline(
    ground: Ground, agreement: Which = None, every: Every = False, dry_run: DryRun = False, by: By = None,
    db: Db = None, json: Json = False,
) -> None:  # fmt: skip
    """Leave the rules in the calendars: the agreement goes on under those it has. The ground is the transitional
    provision."""
    from workflow.services.law.changing import decline

    _answer(decline, "følger fortsat de hidtidige regler", ground, agreement, every, dry_run, by, db, json)


def rules_sign(
    regime: Annotated[str, typer.Argument(metavar="REGIME", help="E.g. bek-1248-2022.")],
    rule: Annotated[
        list[str], typer.Argument(metavar="RULE...", help='Its id, "quota ssu", regime, or all.')
    ],
    name: Annotated[str, typer.Option("--name", help="The lawyer who has read them.")],
    office: Annotated[str, typer.Option("--office", help="Where the lawyer sits.")],
    text: Annotated[str, typer.Option("--text", help="What was read: the act, its text and where.")],
    on: Annotated[str, typer.Option("--on", metavar="D", help="The day it was read.")],
    db: Db = None,
) -> None:
    """Sign rules as checked against the law, in your own copy of the calendars. No date moves by it."""
    from workflow.rules.obligation import CheckedBy
    from workflow.services.law.undersigning import sign

    settings, rulebook = load_rules(db)
    by = CheckedBy(name, office, clock.day(on, "--on"), text)
    done = sign(settings.calendars, rulebook, regime, rule, by, clock.today())
    show.say(f"underskrevet af {name}, {office}: {', '.join(done)}")
    show.say("en dæmon, der kører, læser reglerne igen efter en genstart eller systemctl reload")


def _answer(
    act: Callable[..., list[Difference]], what: str, ground: str, agreements: list[str] | None, every: bool,
    dry_run: bool, by: str | None, db: str | None, json: bool,
) -> None:  # fmt: skip
    if every == bool(agreements):
        raise Invalid("name agreements by --agreement REGION/LABEL, or write --all")
    with open_desk(db) as desk:
        keys = None if every else agreements
        done = act(desk.engine, desk.rulebook, keys, by or who(), ground, clock.now(), dry_run=dry_run)
    if json:
        show.as_json([_json(one) for one in done])
        return
    for one in done:
        _say(one)
        show.say(f"{one.agreement} {what}")
    if dry_run:
        show.say(UNCHANGED)


def _agreements(found: list[Difference]) -> str:
    return "1 aftale" if len(found) == 1 else f"{len(found)} aftaler"


def _say(one: Difference) -> None:
    show.line(f"{one.agreement}  {one.before[:12]} -> {one.after[:12]}", "bold")
    for date in one.dates:
        days = [show.long_day(day) if day else "uden dato" for day in (date.before, date.after)]
        show.line(f"  {date.title}{f' ({date.subject})' if date.subject else ''}: {days[0]} -> {days[1]}")
    for said in one.said:
        show.line(f"  {said}")
    if one.letters:
        show.line(f"  {len(one.letters)} breve ville gå ud nu:")
        told: dict[str, list[str]] = {}
        for letter in one.letters:
            title = f"{NEUTRAL.said(letter.letter.title.da)} {letter.rung}".strip()
            told.setdefault(title, []).append(letter.recipient)
        for title, recipients in told.items():
            show.line(f"    {title}: {', '.join(recipients)}")
    if one.withdrawn:
        show.line(f"  {one.withdrawn} breve, der ikke er sendt, ville blive trukket tilbage")
    if one.problem:
        show.line(f"  kan ikke regnes efter de nye regler: {one.problem}", show.LATE)


def _json(one: Difference) -> dict[str, Any]:
    return {
        "agreement": one.agreement,
        "from": one.before,
        "to": one.after,
        "dates": [
            {
                "id": d.rule, "subject": d.subject, "title": d.title,
                "from": d.before.isoformat() if d.before else None, "to": d.after.isoformat() if d.after else None,
            }
            for d in one.dates
        ],
        "changes": list(one.said),
        "letters": [
            {"letter": o.letter.name, "rung": o.rung, "recipient": o.recipient, "due_on": o.due_on.isoformat()}
            for o in one.letters
        ],
        "withdrawn": one.withdrawn,
        "problem": one.problem or None,
    }  # fmt: skip


rules.command("sign")(rules_sign)
rules.command("pending")(rules_pending)
rules.command("accept")(rules_accept)
rules.command("decline")(rules_decline)
