"""Commands about the law: ready, quotas, regimes, bodies."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import AsOf, Db, Json, Key, open_desk
from workflow.faces.cli.exits import FAILED
from workflow.faces.cli.given import load_rules

if TYPE_CHECKING:
    from workflow.rules.words import Words
    from workflow.services.views.bodies import MemberJson, RegionJson


def ready(agreement: Key, as_of: AsOf = None, db: Db = None, json: Json = False) -> None:
    """List what stands between here and submission (afterwards: the final status). Exit 1 when something is missing."""
    from workflow.services.planning.marks import marks_json
    from workflow.services.views import titles
    from workflow.services.views.status import find_standing, readiness_json

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        standing = find_standing(desk.engine, desk.rulebook, agreement, on)
        found = readiness_json(standing, standing.rules) | {"marks": marks_json(standing, standing.rules)}
        names = titles.bodies(standing.rules)
    if json:
        show.as_json(found)
    else:
        words = standing.agreement.regime.words
        _say_readiness(found, words, lambda who: titles.doer(names, who, words))
    if not found["ready"]:
        raise typer.Exit(FAILED)


def _say_readiness(found: dict[str, Any], words: Words, named: Callable[[str], str]) -> None:
    sending = f"{words.submit.act} af {words.document.short}"
    what = sending if found["for"] == "submission" else "slutstatus"
    lacks = "intet mangler" if found["ready"] else f"der mangler {len(found['missing'])}"
    gone = any(one["need"] == "law" for one in found["missing"])
    unmet = any(one["need"] == "unmet" for one in found["missing"])
    if gone:
        lacks = "der er ingen pligt" if found["for"] == "submission" else "der er ikke længere pligt"
    said = "intet skal sendes nu" if found["for"] == "none" else f"{lacks} til {what}"
    if unmet:
        said = "det er ikke afklaret, om noget stadig skal sendes"
    show.line(f"{found['agreement']}: {said}")
    labels = {"missing": "fordi" if gone else "mangler", "warnings": "bemærk"}
    for kind, label in labels.items():
        for one in found[kind]:
            by = f" [{one['cite']}]" if one["cite"] else ""
            doer = f"  -> {named(one['who'])}" if one["who"] else ""
            show.line(f"  {label}:  {one['text']}{by}{doer}")
    for mark in found["marks"]:
        show.line(f"  mærke:  {mark['text']} [{mark['cite']}], nr. {mark['fact']} {mark['event']}")
    for year in found["missed"]:
        show.line(f"  ikke nået:  {year['title']} [{year['cite']}]")


def quotas(
    agreement: Key,
    year: Annotated[int | None, typer.Option("--year", help="Calendar year; default: the day's own.")] = None,
    as_of: AsOf = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Meetings held and planned in a calendar year against the least number the rules ask for."""
    from workflow.services.due.quotas import quotas as count
    from workflow.services.views.status import find_standing

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        standing = find_standing(desk.engine, desk.rulebook, agreement, on)
        found = count(standing, standing.rules, year or on.year)
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
            (
                q.about,
                q.name,
                str(q.held),
                str(q.planned),
                str(q.minimum),
                q.said(on, show.QUOTA[q.state(on)]),
                q.cite,
            )
            for q in found
        ]
        show.table(("organ", "navn", "holdt", "planlagt", "mindst", "tilstand", "hjemmel"), rows)
        if said := show.rules_end(standing):
            show.line(f"regler: {said}")
    else:
        show.say(f"{standing.agreement.regime.instrument} fastsætter intet mindste antal møder")


def regimes(db: Db = None, json: Json = False) -> None:
    """List the regimes: terms, instrument, deadlines, when they were checked, and when they end, how surely."""
    from workflow.errors import Misconfigured
    from workflow.services.facts.ends import ends_confirmed
    from workflow.services.facts.regimes import regime_json

    _, rulebook = load_rules(db)
    confirmed: dict[str, list[str]] = {}
    with suppress(Misconfigured), open_desk(db) as desk:  # the law can be read before there is a database
        confirmed = ends_confirmed(desk.engine, rulebook, clock.today())
    found = [regime_json(one) for one in rulebook.law.regimes]
    if json:
        show.as_json([one | {"confirmed": confirmed.get(one["id"], [])} for one in found])
        return
    for index, one in enumerate(found):
        print("\n" * bool(index), end="")
        show.line(f"{one['id']}  {one['instrument']}, valgperiode {', '.join(one['terms'])}", "bold")
        show.line(f"  slags:        {one['document']}")
        show.line(f"  læst:         {one['checked_on']}")
        if ends := one["ends"]:
            day = " eller ".join(map(show.long_day, ends["candidates"]))
            day = show.long_day(ends["confirmed_on"]) if ends["confirmed_on"] else day
            known = f"{day} ({ends['certainty']}; {ends['cite']})"
            if own := " og ".join(map(show.long_day, confirmed.get(one["id"], []))):
                known = f"{own} (bekræftet i journalen; regelfilen siger {day})"
            show.line(f"  ophører:      {known}", show.SOON)
            for proof in ends["evidence"]:
                show.line(
                    f"    {proof['points_to'] or '-':<10}  {proof['said']} ({proof['cite']}; {proof['weight']})"
                )
        for rule in one["deadlines"]:
            show.line(f"  {rule['id']}: {rule['due']} ({rule['cite'][0]})")


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
            (
                r["id"],
                r["code"] or "",
                r["name"],
                str(len(r["councils"])),
                str(len(r["clusters"])),
                _until(r, r["successor"]),
            )
            for r in found
        ]  # fmt: skip
        show.table(("region", "kode", "navn", "kommuner", "klynger", "gælder"), rows)


def _until(body: RegionJson | MemberJson, successor: str | None = None) -> str:
    heir = f", derefter {successor}" if successor else ""
    return f"{body['valid_from']} - {body['valid_to'] or ''}".rstrip() + heir


def _say_region(region: RegionJson) -> None:
    show.line(
        f"{region['id']}  {region['name']}, kode {region['code'] or '-'}, {_until(region, region['successor'])}"
    )
    if not region["exists"]:
        _say_when(region)
    rows = [(c["code"], c["name"], _until(c), ", ".join(c["clusters"])) for c in region["councils"]]
    if rows:
        show.table(("kode", "råd", "gælder", "klynge"), rows)
    for title, groups in (("klynge", region["clusters"]), ("sundhedsråd", region["health_councils"])):
        for group in groups:
            show.line(f"{title}: {group['id']}  {group['name']}, {len(group['councils'])} kommuner")


def _say_when(region: RegionJson) -> None:
    """That the region is not there that day, and the day to ask about instead."""
    coming = region["on"] < region["valid_from"]
    day = region["valid_from"] if coming else region["valid_to"]
    said = f"{'findes først fra' if coming else 'fandtes til og med'} {show.long_day(day)}"
    show.line(
        f"  findes ikke {show.long_day(region['on'])}; den {said}: aftale bodies {region['id']} --as-of {day}"
    )


COMMANDS = {"ready": ready, "quotas": quotas, "regimes": regimes, "bodies": bodies}
