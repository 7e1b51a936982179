"""``aftale rehearse``: runs through a round, or the days to come, on a copy that is thrown away."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json
from workflow.faces.cli.given import load_rules

if TYPE_CHECKING:
    from workflow.services.rounds.ledger import Day


def rehearse(
    first: Annotated[str, typer.Option("--from", metavar="D", help="The first Danish day lived.")],
    last: Annotated[str, typer.Option("--to", metavar="D", help="The last Danish day lived.")],
    rounds: Annotated[
        list[Path] | None,
        typer.Option(
            "--round", metavar="FILE", help="Live this round from an empty database; may be repeated."
        ),
    ] = None,
    region: Annotated[str | None, typer.Option("--region", help="Only this region's agreements.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="A new folder for the ledger and every mail (.eml)."),
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Live days through the daemon's own passes and list who would be written to, and when. Nothing real is touched:
    without --round a copy of the database is lived, and no mail leaves the process."""
    from workflow.faces.daemon.workplace import load_letters
    from workflow.services.rounds.rehearsal import INSTANCE, Stage
    from workflow.services.rounds.rehearsal import rehearse as lived
    from workflow.services.rounds.roundfile import read_round
    from workflow.storage.database import connect

    begins, ends = clock.day(first, "--from"), clock.day(last, "--to")
    if ends < begins:
        raise Invalid(f"--to {ends} is before --from {begins}")
    if out and out.exists() and any(out.iterdir()):
        raise Invalid(f"--out {out} is not empty; name a new folder")
    settings, rulebook = load_rules(db)
    if region:
        rulebook.region(region)
    entries = [entry for path in rounds or () for entry in read_round(path)]
    if rounds and not any(region in (None, entry.region) for entry in entries):
        raise Invalid(f"the rounds hold no agreement of {region}")
    stage = Stage(rulebook, load_letters(settings, INSTANCE), settings.send_hour, settings.base_url)
    source = None if rounds else connect(settings.db)
    try:
        with _progress(begins, ends) as on_day:
            days = asyncio.run(
                lived(stage, begins, ends, rounds=entries, source=source, region=region, on_day=on_day)
            )
    finally:
        if source is not None:
            source.dispose()
    ledger = "".join(f"{line}\n" for day in days for line in (*day.lines(), ""))
    if out:
        _write(out, days, ledger)
    if json:
        told = {"from": begins.isoformat(), "to": ends.isoformat(), "days": [day.as_json() for day in days]}
        show.as_json(told)
    elif not out:
        print(ledger, end="")
    mails = sum(len(day.mails) for day in days)
    where = f", kept in {out}" if out else ""
    show.say(
        f"rehearsed {begins} to {ends}: {len(days)} days on which something happened, {mails} mails{where}"
    )


def _write(out: Path, days: Sequence[Day], ledger: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for day in days:
        for number, mail in enumerate(day.mails, start=1):
            what = mail.tells[0].split()[0] if len(mail.tells) == 1 else "digest"
            to = re.sub(r"[^A-Za-z0-9@._-]", "_", mail.to)[:80]
            (out / f"{day.on}-{number:03d}-{what}-{to}.eml").write_bytes(mail.raw)
    (out / "ledger.txt").write_text(ledger, encoding="utf-8")


@contextmanager
def _progress(first: date, last: date) -> Iterator[Callable[[date], None]]:
    """A bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _day: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(first.isoformat(), total=(last - first).days + 1)
        yield lambda day: progress.update(task, completed=(day - first).days, description=day.isoformat())


COMMANDS = {"rehearse": rehearse}
