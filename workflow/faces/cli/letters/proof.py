"""Commands that prove: proof (one letter, as a zip) and verify (every journal)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.errors import Conflict
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, MaybeKey, noted, open_desk
from workflow.faces.cli.exits import FAILED

if TYPE_CHECKING:
    from workflow.services.keeping.proved import Proved


def proof(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Number, key or Message-ID.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.zip", help="Where to write it; must not exist.")
    ],
    db: Db = None,
) -> None:
    """Write everything that proves what became of one letter: its bytes, attempts, answers, bounces, journal."""
    from workflow.services.keeping.proving import packed, prove

    with open_desk(db) as desk:
        files = prove(desk.engine, notice)
        noted(desk.engine, "letter", f"aftale proof {notice}")
    try:
        with open(out, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(packed(files))
    except FileExistsError as error:
        raise Conflict(f"{out} findes og overskrives ikke") from error
    show.say(f"dokumentation: {out} ({len(files)} filer; læs README.txt)")


def verify(agreement: MaybeKey = None, db: Db = None, json: Json = False) -> None:
    """Check every chain, also against the heads kept outside the database, and everything that proves against its seal:
    letters, attempts, returns, reports, states, documents. Exit 1 names the first bad row of each chain and what was
    changed. With AGREEMENT its journal alone."""
    from workflow.faces.daemon.workplace import heads_file
    from workflow.services.keeping import verifying
    from workflow.services.keeping.heads import read_heads
    from workflow.services.keeping.proved import Proved, prove_all

    with open_desk(db) as desk:
        logged = read_heads(heads_file(desk.settings))
        count, broken = verifying.verify(desk.engine, agreement, logged)
        proved = Proved() if agreement else prove_all(desk.engine)
    broken += proved.broken
    if json:
        found = [{"agreement": bad.agreement, "no": bad.no, "why": bad.why} for bad in broken]
        seals = {"sealed": proved.sealed, "taken_up": proved.taken_up, "since": proved.since or None}
        show.as_json({"journals": count, "heads": len(logged), **seals, "broken": found})
    else:
        for bad in broken:
            print(f"BROKEN  {bad.agreement or 'journal'}, row {bad.no}: {bad.why}")
        if not agreement:
            show.say(sealed_said(proved))
        show.say(f"{count} journals, {len(logged)} heads outside the database, {len(broken)} broken")
    if broken:
        raise typer.Exit(FAILED)


def sealed_said(proved: Proved) -> str:
    """How much is under a seal, and from when on."""
    if not proved.since:
        return "nothing was sealed yet: the daemon, aftale tick or aftale upgrade takes up what is there"
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(proved.sealed.items()))
    said = f"sealed: {counted or 'nothing yet'}"
    if proved.taken_up:
        when = proved.since[:16].replace("T", " ")
        said += f"; {proved.taken_up} were there before and are vouched for from {when} UTC on"
    return said


COMMANDS = {"proof": proof, "verify": verify}
