"""Commands about the acts of others that concern many agreements at once: regime confirm, deviation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, open_desk, who
from workflow.faces.cli.law.newregime import new
from workflow.rules.facts import Fact

UNCHANGED = "prøve: intet er registreret"
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would do; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first; away from a terminal nobody is asked.")]
regime = typer.Typer(help="One regime: confirm the day its rules end.", no_args_is_help=True)


def regime_confirm(
    regime: Annotated[
        str, typer.Argument(metavar="REGIME", help="E.g. bek-1248-2022; a wrong one lists them.")
    ],
    ends: Annotated[
        str, typer.Option("--ends", metavar="D", help="The first day on which its rules no longer hold.")
    ],
    source: Annotated[str, typer.Option("--source", help="Where the day was read: act, section.")],
    quote: Annotated[
        str,
        typer.Option(
            "--quote", help="The clause that sets the day, word for word; it stands in the letters."
        ),
    ] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Confirm the day a regime ends, on every open agreement it governs, in one transaction.

    Where there are two administrators or more, one confirms (--by) and another confirms the same day. Letters go from
    the next morning on; until then, and after, `regime retract` takes it back.
    """
    from workflow.services.facts.ends import settle_end
    from workflow.services.law.telling import effects

    day, today = clock.day(ends, "--ends"), clock.today()
    waiting: list[Any] = []

    def settle(dry: bool) -> list[Any]:
        proposal, recorded = settle_end(
            desk.engine, desk.rulebook, regime=regime, ends=day, source=source, quote=quote, by=by or who(),
            today=today, at=clock.now(), dry_run=dry,
        )  # fmt: skip
        waiting[:] = [proposal] if proposal else []
        return recorded

    with open_desk(db) as desk:
        done = asked(settle, f"reglerne i {regime} ophører {show.long_day(ends)}", dry_run, yes)
    found = effects(desk.engine, done, today)
    if waiting:
        show.say(
            f"{waiting[0].name} har bekræftet, at reglerne i {regime} ophører {show.long_day(ends)}. Intet er "
            f"registreret endnu: en anden administrator bekræfter samme dag med samme kommando"
        )
    told: list[dict[str, Any]] = [
        {
            "agreement": one.agreement, "no": one.no, "withdrawn": one.withdrawn,
            "letters_from": one.letters_from.isoformat(), "letters_to": list(one.letters_to),
            "unreachable": list(one.unreachable),
            "lapsed": [_duty(d) for d in one.lapsed], "breached": [_duty(d) for d in one.breached],
        }
        for one in found
    ]  # fmt: skip
    if json:
        show.as_json(told)
        return
    for agreement, one in zip(told, found, strict=True):
        number = len(agreement["letters_to"])
        sent = (
            f"{number} breve fra {show.long_day(agreement['letters_from'])}"
            if number
            else "ingen breve; intet er sendt ud om den"
        )
        if lost := len(one.unreachable):
            sent += f", hvoraf {lost} ikke kan nås"
        show.say(
            f"{agreement['agreement']}: reglerne ophører {show.long_day(ends)}; "
            f"{_withdrawn(agreement['withdrawn'])}; {sent}"
        )
        for duty in agreement["lapsed"]:
            show.say(f"  bortfaldet: {duty['title']}, {show.long_day(duty['legal_on'])}")
        for unmet in one.breached:
            state = show.state(unmet) if unmet.disputed else "ikke opfyldt i tide"
            show.say(f"  {state}: {unmet.title}, {show.long_day(unmet.legal_on)}")
    if dry_run:
        show.say(UNCHANGED)
    elif done:
        show.say(f"tages tilbage med: aftale regime retract {regime} --reason TEXT")


def regime_retract(
    regime: Annotated[
        str, typer.Argument(metavar="REGIME", help="E.g. bek-1248-2022; a wrong one lists them.")
    ],
    reason: Annotated[
        str, typer.Option("--reason", help="Why the confirmed day was wrong; it stands in the letters.")
    ],
    dry_run: DryRun = False,
    yes: Yes = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Take a confirmed end back, on every agreement that holds it; whoever was told gets a letter."""
    from workflow.services.facts.ends import retract_end

    with open_desk(db) as desk:
        done = asked(
            lambda dry: retract_end(
                desk.engine, desk.rulebook, regime=regime, reason=reason, by=by or who(), today=clock.today(),
                at=clock.now(), dry_run=dry,
            ),
            f"ophøret af reglerne i {regime} tages tilbage", dry_run, yes,
        )  # fmt: skip
    if json:
        show.as_json([{"agreement": one.after.agreement.key, "no": one.fact.no} for one in done])
        return
    for one in done:
        show.say(f"{one.after.agreement.key}: ophøret er taget tilbage; {_withdrawn(one.withdrawn)}")
    show.say(
        UNCHANGED if dry_run else "den, der har fået brev om ophøret, får brev om, at det er taget tilbage"
    )


def _duty(deadline: Any) -> dict[str, str]:
    on = deadline.legal_on.isoformat()
    return {"id": deadline.id, "subject": deadline.subject, "title": deadline.title, "legal_on": on}


def deviation(
    term: Annotated[str, typer.Option("--term", help="Election term, e.g. 2022-2025.")],
    on: Annotated[str, typer.Option("--on", metavar="D", help="The day the Authority decided it.")],
    due: Annotated[str, typer.Option("--due", metavar="D", help="The new date for submission.")],
    source: Annotated[str, typer.Option("--source", help="The letter, or where it is told.")],
    region: Annotated[
        list[str] | None, typer.Option("--region", help="Only this region; may be repeated. Default: all.")
    ] = None,
    document: Annotated[
        Path | None, typer.Option("--document", metavar="PATH", help="The letter, to hash and keep.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """The Authority departs from the date of submission: record it on every agreement concerned, in one transaction."""
    from workflow.errors import Invalid
    from workflow.faces.cli.desk import attached
    from workflow.services.facts.acts import deviate

    if not source.strip():
        raise Invalid("--source is empty; name the letter, or where the new date is told")
    decided_on, new_on = clock.day(on, "--on"), clock.day(due, "--due")
    fact = Fact(0, "deviation", decided_on, due=new_on, source=source.strip(), by=by or who())
    kept = attached(document) if document else None
    with open_desk(db) as desk:
        done = asked(
            lambda dry: deviate(
                desk.engine, desk.rulebook, fact, term=term, regions=region or (), today=clock.today(), at=clock.now(),
                attached=kept, dry_run=dry,
            ),
            f"fristen for indsendelse flyttes til {due}", dry_run, yes,
        )  # fmt: skip
    told = []
    for one in done:
        before, after = one.before.deadline("submission"), one.after.deadline("submission")
        told.append(
            {
                "agreement": one.after.agreement.key, "no": one.fact.no, "withdrawn": one.withdrawn,
                "from": before.legal_on.isoformat() if before and before.legal_on else None,
                "to": after.legal_on.isoformat() if after and after.legal_on else None,
                "document": one.fact.document or None,
            }
        )  # fmt: skip
    if json:
        show.as_json(told)
        return
    for agreement in told:
        moved = f"{agreement['from']} -> {agreement['to']}"
        show.say(
            f"{agreement['agreement']}: fristen for indsendelse {moved}; {_withdrawn(agreement['withdrawn'])}"
        )
    if dry_run:
        show.say(UNCHANGED)
        return
    show.asked(sum(one.asked for one in done))


def asked(act: Callable[[bool], list[Any]], what: str, dry_run: bool, yes: bool) -> list[Any]:
    """Do what reaches many agreements at once; at a terminal only after they were named and a person said yes."""
    if not (dry_run or yes) and sys.stdin.isatty():
        keys = [one.after.agreement.key for one in act(True)]
        typer.confirm(
            f"{what} i {len(keys)} aftaler ({', '.join(keys)}). Registrér det?", abort=True, err=True
        )
    return act(dry_run)


def _withdrawn(number: Any) -> str:
    return "1 påmindelse trukket tilbage" if number == 1 else f"{number} påmindelser trukket tilbage"


regime.command("confirm")(regime_confirm)
regime.command("retract")(regime_retract)
regime.command("new")(new)
COMMANDS = {"deviation": deviation}
