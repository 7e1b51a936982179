"""Commands about the law and its acts: ready, quotas, regimes, regime confirm, deviation, bodies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import AsOf, By, Db, Json, Key, load_rules, open_desk, who
from workflow.faces.cli.exits import FAILED
from workflow.rules.facts import Fact

UNCHANGED = "prøve: intet er registreret"
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would do; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first; away from a terminal nobody is asked.")]
regime = typer.Typer(help="One regime: confirm the day its rules end.", no_args_is_help=True)


def ready(agreement: Key, as_of: AsOf = None, db: Db = None, json: Json = False) -> None:
    """List what stands between here and submission (afterwards: the final status). Exit 1 when something is missing."""
    from workflow.services.views.readiness import readiness_json
    from workflow.services.views.status import standings

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        found = readiness_json(standings(desk.engine, desk.rulebook, agreement, on)[0], desk.rulebook)
    if json:
        show.as_json(found)
    else:
        _say_readiness(found)
    if not found["ready"]:
        raise typer.Exit(FAILED)


def _say_readiness(found: dict[str, Any]) -> None:
    what = "indsendelse af aftalen" if found["for"] == "submission" else "slutstatus"
    lacks = "intet mangler" if found["ready"] else f"der mangler {len(found['missing'])}"
    print(f"{found['agreement']}: {lacks} til {what}")
    for kind in ("missing", "warnings"):
        for one in found[kind]:
            by = f" [{one['cite']}]" if one["cite"] else ""
            doer = f"  -> {one['who']}" if one["who"] else ""
            print(f"  {'mangler' if kind == 'missing' else 'bemærk'}:  {one['text']}{by}{doer}")


def quotas(
    agreement: Key,
    year: Annotated[int | None, typer.Option("--year", help="Calendar year; default: the day's own.")] = None,
    as_of: AsOf = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Meetings held and planned in a calendar year against the least number the rules ask for."""
    from workflow.services.planning.prompts import quotas as count
    from workflow.services.views.status import standings

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        standing = standings(desk.engine, desk.rulebook, agreement, on)[0]
        found = count(standing, desk.rulebook, year or on.year)
    told = [
        {
            "body": q.about, "name": q.name, "year": q.year, "held": q.held, "planned": q.planned,
            "minimum": q.minimum, "state": q.state(on), "cite": q.cite,
        }
        for q in found
    ]  # fmt: skip
    if json:
        show.as_json(told)
    elif told:
        rows = [
            (q.about, q.name, str(q.held), str(q.planned), str(q.minimum), show.QUOTA[q.state(on)], q.cite)
            for q in found
        ]
        show.table(("organ", "navn", "holdt", "planlagt", "mindst", "tilstand", "hjemmel"), rows)
        if said := show.rules_end(standing):
            print(f"regler: {said}")
    else:
        show.say(f"{standing.agreement.regime.instrument} fastsætter intet mindste antal møder")


def regimes(db: Db = None, json: Json = False) -> None:
    """List the regimes: terms, instrument, deadlines, when they were checked, and when they end, how surely."""
    from workflow.errors import Misconfigured
    from workflow.services.facts.regimes import ends_confirmed, regime_json

    _, rulebook = load_rules(db)
    confirmed: dict[str, list[str]] = {}
    with suppress(Misconfigured), open_desk(db) as desk:  # the law can be read before there is a database
        confirmed = ends_confirmed(desk.engine, rulebook, clock.today())
    found = [regime_json(one) | {"confirmed": confirmed.get(one.id, [])} for one in rulebook.law.regimes]
    if json:
        show.as_json(found)
        return
    several_kinds = len({one["kind"] for one in found}) > 1
    for index, one in enumerate(found):
        print("\n" * bool(index) + f"{one['id']}  {one['instrument']}, valgperiode {', '.join(one['terms'])}")
        if several_kinds:
            print(f"  art:          {one['kind']}")
        print(f"  kontrolleret: {one['checked_on']}")
        if ends := one["ends"]:
            day = ends["confirmed_on"] or " eller ".join(ends["candidates"])
            known = f"{day} ({ends['certainty']}; {ends['cite']})"
            if own := " og ".join(one["confirmed"]):
                known = f"{own} (bekræftet i journalen; regelfilen siger {day})"
            print(f"  ophører:      {known}")
        for rule in one["deadlines"]:
            print(f"  {rule['id']}: {rule['due']} ({rule['cite'][0]})")


def regime_confirm(
    regime: Annotated[
        str, typer.Argument(metavar="REGIME", help="E.g. bek-1248-2022; a wrong one lists them.")
    ],
    ends: Annotated[
        str, typer.Option("--ends", metavar="D", help="The first day on which its rules no longer hold.")
    ],
    source: Annotated[str, typer.Option("--source", help="Where the day was read: act, section.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Confirm the day a regime ends, on every open agreement it governs, in one transaction."""
    from workflow.services.facts.regimes import confirm_end

    fact = Fact(
        0,
        "regime-confirmed",
        clock.today(),
        due=clock.day(ends, "--ends"),
        source=source.strip(),
        by=by or who(),
    )
    with open_desk(db) as desk:
        done = _asked(
            lambda dry: confirm_end(
                desk.engine, desk.rulebook, fact, regime=regime, today=clock.today(), at=clock.now(), dry_run=dry
            ),
            f"reglerne i {regime} ophører {ends}", dry_run, yes,
        )  # fmt: skip
    told: list[dict[str, Any]] = [
        {
            "agreement": one.after.agreement.key, "no": one.fact.no, "withdrawn": one.withdrawn,
            "lapsed": [
                {"id": d.id, "subject": d.subject, "title": d.title, "legal_on": d.legal_on.isoformat()}
                for d in one.after.deadlines if d.status == "lapsed" and d.legal_on and _open_before(one, d)
            ],
        }
        for one in done
    ]  # fmt: skip
    if json:
        show.as_json(told)
        return
    for agreement in told:
        show.say(f"{agreement['agreement']}: reglerne ophører {ends}; {_withdrawn(agreement['withdrawn'])}")
        for duty in agreement["lapsed"]:
            show.say(f"  bortfaldet: {duty['title']}, {show.long_day(duty['legal_on'])}")
    if dry_run:
        show.say(UNCHANGED)
        return
    show.say(f"aftaler, der åbnes senere: skriv confirmed_on = {ends} under [ends] i regelfilen for {regime}")


def _open_before(one: Any, deadline: Any) -> bool:
    before = one.before.deadline(deadline.id, deadline.subject)
    return before is None or before.status != "lapsed"


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
    from workflow.faces.cli.tell import attached
    from workflow.services.facts.acts import deviate

    if not source.strip():
        raise Invalid("--source is empty; name the letter, or where the new date is told")
    decided_on, new_on = clock.day(on, "--on"), clock.day(due, "--due")
    fact = Fact(0, "deviation", decided_on, due=new_on, source=source.strip(), by=by or who())
    kept = attached(document) if document else None
    with open_desk(db) as desk:
        done = _asked(
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


def _asked(act: Callable[[bool], list[Any]], what: str, dry_run: bool, yes: bool) -> list[Any]:
    """Do what reaches many agreements at once; at a terminal only after they were named and a person said yes."""
    if not (dry_run or yes) and sys.stdin.isatty():
        keys = [one.after.agreement.key for one in act(True)]
        typer.confirm(
            f"{what} i {len(keys)} aftaler ({', '.join(keys)}). Registrér det?", abort=True, err=True
        )
    return act(dry_run)


def _withdrawn(number: Any) -> str:
    return "1 påmindelse trukket tilbage" if number == 1 else f"{number} påmindelser trukket tilbage"


def bodies(
    region: Annotated[str | None, typer.Argument(help="Only this region, with its councils.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", "--on", metavar="D", help="As they are that day; default: today.")
    ] = None,
    json: Json = False,
) -> None:
    """List the regions; of one region its councils with code and validity, its clusters and its successor."""
    from workflow.services.views.bodies import bodies_json

    _, rulebook = load_rules(None)
    found = bodies_json(rulebook, region, clock.day(as_of, "--as-of") if as_of else clock.today())
    if json:
        show.as_json(found)
    elif region:
        _say_region(found[0])
    else:
        rows = [
            (r["id"], r["code"] or "", r["name"], str(len(r["councils"])), str(len(r["clusters"])), _until(r))
            for r in found
        ]
        show.table(("region", "kode", "navn", "kommuner", "klynger", "gælder"), rows)


def _until(body: dict[str, Any]) -> str:
    heir = f", derefter {body['successor']}" if body.get("successor") else ""
    return f"{body['valid_from']} - {body['valid_to'] or ''}".rstrip() + heir


def _say_region(region: dict[str, Any]) -> None:
    print(f"{region['id']}  {region['name']}, kode {region['code'] or '-'}, {_until(region)}")
    if not region["exists"]:
        _say_when(region)
    rows = [(c["code"], c["name"], _until(c), ", ".join(c["clusters"])) for c in region["councils"]]
    if rows:
        show.table(("kode", "råd", "gælder", "klynge"), rows)
    for title, kind in (("klynge", "clusters"), ("sundhedsråd", "health_councils")):
        for group in region[kind]:
            print(f"{title}: {group['id']}  {group['name']}, {len(group['councils'])} kommuner")


def _say_when(region: dict[str, Any]) -> None:
    """That the region is not there that day, and the day to ask about instead."""
    coming = region["on"] < region["valid_from"]
    day = region["valid_from"] if coming else region["valid_to"]
    said = f"findes først fra {day}" if coming else f"fandtes til og med {day}"
    print(f"  findes ikke den {region['on']}; den {said}: aftale bodies {region['id']} --as-of {day}")


regime.command("confirm")(regime_confirm)
COMMANDS = {"ready": ready, "quotas": quotas, "regimes": regimes, "deviation": deviation, "bodies": bodies}
