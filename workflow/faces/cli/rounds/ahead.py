"""Commands that look ahead: plan, whatif and chance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import AsOf, By, Db, Json, Key, MaybeKey, who
from workflow.faces.cli.given import load_rules
from workflow.faces.cli.rounds import planned
from workflow.faces.cli.rounds.answers import Asked
from workflow.storage.filereading import read_file

WORTH_A_CALL = 0.005  # below half a percentage point a call changes nothing that can be told


def plan(agreement: Key, as_of: AsOf = None, db: Db = None, json: Json = False) -> None:
    """The round planned backwards: by when the text must be sent, and which council sets that day. Exit code 1 when no
    plan is left."""
    planned.plan(Asked(agreement, as_of=as_of, db=db, json=json))


def whatif(
    agreement: Key,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE.toml", help="A named deviation, or a file; a wrong one lists them."
        ),
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Record it: the facts and the meetings, with --source.")
    ] = False,
    source: Annotated[str, typer.Option("--source", help="Where it was read; needed with --keep.")] = "",
    as_of: AsOf = None,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Today beside a branch in which something went otherwise: dates, slack, letters. Changes nothing unless kept."""
    from workflow.faces.cli.asking import open_tables
    from workflow.services.lookahead.branching import branch_off, find_branch, read_branch
    from workflow.services.lookahead.comparing import branch_json

    if keep and as_of:
        raise Invalid("--as-of ser tilbage, og --keep gemmer i dag; vælg én af dem")
    on, path = clock.day(as_of, "--as-of") if as_of else clock.today(), Path(name)
    with open_tables(db) as desk:
        if path.suffix == ".toml" or path.is_file():
            branch = read_branch(name, content_of(path))
        else:
            branch = find_branch(desk.rulebook, name)
        if keep:
            from workflow.services.lookahead.keeping import keep_branch

            found = keep_branch(
                desk.engine, desk.rulebook, agreement, branch, source=source, by=by or who(), today=clock.today(),
                at=clock.now(),
            )  # fmt: skip
        else:
            found = branch_off(desk.engine, desk.rulebook, agreement, branch, on)
        tight = desk.rulebook.gaps.tight
    if json:
        show.as_json(branch_json(found, tight, kept=keep))
        return
    _tell(found, tight)
    show.say(
        "gemt med sin kilde" if keep else "prøve: intet er registreret; gem den med --keep --source TEXT"
    )


def _tell(found: Any, tight: int) -> None:
    from workflow.services.lookahead.comparing import coloured, councils, dates, states
    from workflow.services.views import titles

    show.line(f"{found.branch.title}, set {show.long_day(found.as_of)}", "bold")
    for word, side in (("i dag", found.before), ("grenen", found.after)):
        said = coloured(side, tight)
        show.line(f"{word:<7} {f'{said.colour}: {said.text}' if said else 'intet at planlægge'}")
    changed = [(d["title"], show.long_day(d["before"]), show.long_day(d["after"])) for d in dates(found)]
    if changed:
        show.table(("frist", "i dag", "grenen"), changed)
    if rows := [(one.what, one.before, one.after) for one in states(found)]:
        show.table(("tilstand", "i dag", "grenen"), rows)
    if rows := [(lane.name, _left(was), _left(now)) for lane, was, now in councils(found)]:
        show.table(("råd", "i dag", "grenen"), rows)
    show.line(f"breve: {len(found.letters)} flere, {found.withdrawn} trækkes tilbage")
    rules = found.after.standing.rules
    named = titles.letters(rules)
    for name in dict.fromkeys(one.letter.name for one in found.letters):
        to = [one.recipient for one in found.letters if one.letter.name == name]
        who = "; ".join(titles.recipient(titles.bodies(rules), one) for one in to)
        show.line(f"  {named.get(name, name)}, {len(to)}: {who}")


def _left(one: Any) -> str:
    from workflow.services.lookahead.telling import council_word

    if one is None:
        return "–"
    if one.decided_on or one.road is None:
        return council_word(one)
    left = f"{one.slack_days} dage tilbage" if one.usable else "for sent"
    return f"møde {one.road.council.on}, {left}"


def content_of(path: Path) -> bytes:
    """The bytes of a file a person named; :class:`Invalid` where it cannot be read."""
    try:
        return read_file(path)
    except OSError as error:
        raise Invalid(f"{path}: {error.strerror or error}; giv en fil, der kan læses") from error


def chance(
    agreement: MaybeKey = None,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="How well it would have told the published rounds.")
    ] = False,
    as_of: AsOf = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """The chance that every council says yes by the date, and the three calls that would raise it most."""
    from workflow.faces.cli.asking import open_tables
    from workflow.services.lookahead.chances import chance_json, chance_of, percent, said, why

    if backtest == bool(agreement):
        raise Invalid("giv enten en aftale, f.eks. nordjylland/2024-2027, eller --backtest")
    if not agreement:
        _back_test(load_rules(db)[1], json)
        return
    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_tables(db) as desk:
        standing, found = chance_of(desk.engine, desk.rulebook, agreement, on)
    if json:
        show.as_json(chance_json(standing, found))
        return
    show.line(said(found), "bold")
    for one in (one for one in found.calls if one.raises >= WORTH_A_CALL):
        show.line(
            f"Ring til {one.name}: et sikkert ja hæver den med {one.raises * 100:.0f} procentpoint ({why(one)})."
        )
    if rows := [
        (one.name, "har besluttet" if one.decided_on else percent(one.probability), why(one))
        for one in found.councils
    ]:
        show.table(("råd", "chance", "hvorfor"), rows)


def _back_test(rulebook: Any, json: bool) -> None:
    from workflow.services.lookahead.chances import back_tested, tested_json, tested_said

    found = back_tested(rulebook)
    if json:
        show.as_json(tested_json(found, rulebook))
        return
    show.line(tested_said(found), "bold")
    show.table(
        ("måde at forudsige på", "Brier-tal"), [(one.name, f"{one.brier:.4f}") for one in found.scores]
    )
    show.table(
        ("runde", "kilde", "udfaldet"), [(one.title, one.source, one.inferred) for one in rulebook.rounds]
    )


COMMANDS = {"plan": plan, "whatif": whatif, "chance": chance}
