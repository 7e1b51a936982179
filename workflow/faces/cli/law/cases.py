"""``aftale test``: a jurist's cases against the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json
from workflow.faces.cli.exits import FAILED
from workflow.faces.cli.given import load_rules

if TYPE_CHECKING:
    from workflow.services.law.trying import Tried

Cases = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]", help="A file of cases; default: calendars/cases/*.toml.", show_default=False
    ),
]


def test(
    file: Cases = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Try the cases a jurist wrote beside the rules. A red one says which rule it met, and the steps to its date.

    Exit 1 when one is red, 78 when a file cannot be read."""
    from workflow.services.law.trying import case_files, try_file
    from workflow.storage.places import find_folder

    settings, rulebook = load_rules(db)
    files = [file] if file else case_files(find_folder("calendars", settings.calendars))
    tried = [one for path in files for one in try_file(path, rulebook)]
    red = [one for one in tried if one.wrong]
    if json:
        show.as_json([_json(one) for one in tried])
    else:
        for one in tried:
            show.verdict("RED" if one.wrong else "ok", f"{one.regime}: {one.name}", 6)
            if not one.wrong:
                continue
            for said in one.wrong:
                print(f"      {said}")
            for d in one.met:
                print(f"      met {d.id} ({'; '.join(d.cite)}):")
                for step in d.why:
                    print(f"        - {step.text}{f' ({step.cite})' if step.cite else ''}")
        show.say(f"{len(tried)} cases, {len(red)} red")
    if red:
        raise typer.Exit(FAILED)


def _json(one: Tried) -> dict[str, Any]:
    met = [
        {
            "rule": d.id, "subject": d.subject, "on": d.legal_on.isoformat() if d.legal_on else None,
            "cite": list(d.cite), "why": [step.text for step in d.why],
        }
        for d in one.met
    ]  # fmt: skip
    return {
        "file": one.file, "regime": one.regime, "case": one.name, "ok": not one.wrong, "wrong": list(one.wrong),
        "met": met,
    }  # fmt: skip


COMMANDS = {"test": test}
