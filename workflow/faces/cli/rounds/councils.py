"""Commands about the councils of one text, many at once: fill, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, Key, open_desk, who
from workflow.storage.filereading import read_file

councils = typer.Typer(help="The councils of one text, many at once: fill, undo.", no_args_is_help=True)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would record; change nothing.")]


def fill(
    agreement: Key,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Text, CSV or Excel, a line a council; - reads stdin.")
    ],
    source: Annotated[
        str, typer.Option("--source", help="Where it can be read; for every line changed.")
    ] = "",
    told_on: Annotated[
        str, typer.Option("--told-on", metavar="D", help="The day meeting days were told; default: today.")
    ] = "",
    dry_run: DryRun = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Record meeting days and decisions from a block or sheet, as *Ret rådene* does: all of it or nothing."""
    import hashlib

    from workflow.services.councils.block import read_block, read_sheet
    from workflow.services.councils.filling import by_block, labels
    from workflow.services.councils.grid import lines
    from workflow.services.facts.batch import foretell_all, record_all
    from workflow.services.facts.once import Once
    from workflow.services.meetings.naming import Names
    from workflow.storage.database import reading
    from workflow.storage.facts import journal, projection

    content = _content(file)
    with open_desk(db) as desk:
        with reading(desk.engine) as session:
            row = journal.find(session, agreement)
            standing, head = projection.load(session, desk.rulebook, row, clock.today()), row.head
        names, current = Names(desk.rulebook), standing.course.current
        version = current.number if current else 0
        if content.startswith(b"PK") or file.suffix.casefold() == ".csv":
            found = read_sheet(file.name, content, standing.agreement, names, version)
        else:
            found = read_block(content.decode("utf-8-sig", "replace"), standing.agreement, names, version)
        steps, wrong = by_block(standing, found, source, told_on, by or who())
        if wrong:
            said = labels(lines(standing), wrong)
            told = "\n".join(f"{said[key].replace('line-', 'linje ')}: {text}" for key, text in wrong.items())
            raise Invalid(f"intet er registreret:\n{told}")
        facts = (
            foretell_all(desk.engine, desk.rulebook, agreement, steps, clock.today()).facts if steps else ()
        )
        asked = 0
        if facts and not dry_run:
            once = Once(by or who(), hashlib.sha256(content).hexdigest() + head, source)
            at, today = clock.now(), clock.today()
            answer = record_all(
                desk.engine, desk.rulebook, agreement, steps, once, today=today, at=at, head=head
            )
            asked = int(_number(answer, "unanswered"))
    if json:
        show.as_json(
            [{"no": f.no, "event": f.event, "council": f.council, "on": f.on.isoformat(),
              "due": f.due.isoformat() if f.due else None, "corrects": f.corrects} for f in facts]
        )  # fmt: skip
        return
    for fact in facts:
        day = f" {show.long_day(fact.due)}" if fact.due else ""
        print(
            f"{fact.no}  {fact.event}  {fact.council or ''}  {fact.on}{day}{' ' + fact.source if fact.corrects else ''}"
        )
    show.say(f"{'ville registrere' if dry_run else 'registreret'}: {len(facts)} linjer")
    if facts and not dry_run:
        show.say(f"fortrydes med: aftale councils undo {agreement} {facts[0].no} --why TEXT")
    show.asked(asked, agreement)


def undo(
    agreement: Key,
    first: Annotated[
        int, typer.Argument(metavar="NO", help="The first line of the act, as fill printed it.")
    ],
    why: Annotated[str, typer.Option("--why", help="Why it was wrong; it stands in the journal.")],
    by: By = None,
    db: Db = None,
) -> None:
    """Take everything one act recorded of the councils back: a correction for each of its lines that still holds."""
    from workflow.services.facts.batch import undo as take_back

    if not why.strip():
        raise Invalid("--why is empty; say why it was wrong")
    with open_desk(db) as desk:
        done = take_back(
            desk.engine, desk.rulebook, agreement, first, why.strip(), by or who(), today=clock.today(), at=clock.now()
        )  # fmt: skip
    show.say(f"fortrudt: {done} linjer" if done else "var fortrudt allerede; intet er ændret")


def _number(answer: str, name: str) -> int:
    from json import loads

    return int(loads(answer)[name])


def _content(file: Path) -> bytes:
    try:
        return read_file(file)
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}; give a file that can be read") from error


councils.command("fill")(fill)
councils.command("undo")(undo)
