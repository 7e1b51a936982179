"""``aftale meetings``: the days on which councils and their committees meet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Json, open_desk, who
from workflow.faces.cli.law.acts import UNCHANGED, DryRun
from workflow.storage.filereading import read_file

meetings = typer.Typer(help="The days on which councils and their committees meet.", no_args_is_help=True)
Body = Annotated[str, typer.Argument(metavar="BODY", help="A council's code, or its name in any spelling.")]
Organ = Annotated[str, typer.Option("--organ", help="The committee; left out: the council itself.")]
_WORDS = {
    "added": "nyt",
    "changed": "ændret",
    "unchanged": "uændret",
    "gone": "falder væk",
    "left-out": "holdes ikke",
}


@meetings.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV or Excel with body;organ;date;agenda_closes, ICS, or Danish text or a web page with --body",
        ),
    ],
    source: Annotated[
        str, typer.Option("--source", help="Where the days were published; default: the file's name.")
    ] = "",
    body: Annotated[str, typer.Option("--body", help="Whose meetings, where the file does not say.")] = "",
    year: Annotated[
        int | None, typer.Option("--year", help="The year of days without one.", min=2000, max=2100)
    ] = None,
    marked: Annotated[
        bool,
        typer.Option(
            "--marked", help="Take the days that carry a mark too; look at them with --dry-run first."
        ),
    ] = False,
    dry_run: DryRun = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Import meeting days, all or nothing; what is there already is left alone. A day that is not plain is refused."""
    from workflow.services.meetings.dropping import dropped
    from workflow.services.meetings.keeping import import_meetings, read_file

    with open_desk(db) as desk:
        proposed = read_file(
            desk.rulebook, file.name, _content(file), body=body, year=year, today=clock.today()
        )
        missing = dropped(desk.engine, proposed, source or file.name, clock.today())
        done = import_meetings(
            desk.engine, desk.rulebook, proposed, source=source or file.name, by=by or who(), at=clock.now(),
            marked=marked, dry_run=dry_run,
        )  # fmt: skip
        names = _names(desk.rulebook)
    counts = {what: done.count(what) for what in _WORDS}
    if json:
        told = [
            {
                "body": one.meeting.body, "name": names.name(one.meeting.body), "organ": one.meeting.organ,
                "date": one.meeting.on.isoformat(), "agenda_closes": _iso(one.meeting.agenda_closes),
                "time": one.meeting.time, "line": one.meeting.line, "change": one.what, "mark": one.meeting.doubt,
            }
            for one in done.changes
        ]  # fmt: skip
        show.as_json(
            {"added": counts["added"], "changed": counts["changed"], "unchanged": counts["unchanged"],
             "gone": counts["gone"], "dry_run": dry_run, "meetings": told,
             "dropped": [{"body": one.body, "organ": one.organ, "date": one.on.isoformat()} for one in missing]}
        )  # fmt: skip
        return
    if dry_run:
        rows = [
            (names.name(one.meeting.body), one.meeting.organ or "rådet selv", show.long_day(one.meeting.on),
             str(one.meeting.agenda_closes or ""), _WORDS[one.what], one.meeting.doubt)
            for one in done.changes
        ]  # fmt: skip
        show.table(("råd", "organ", "møde", "dagsorden lukker", "", "se på"), rows)
    for one in missing:
        where = f"{names.name(one.body)}{', ' + one.organ if one.organ else ''}, {show.long_day(one.on)}"
        show.say(
            f"bemærk: {where}: stod i samme kilde før, men gør det ikke nu; holdes mødet ikke: aftale meetings remove "
            f"{one.body} {one.on} --why TEXT"
        )
    show.say("møder: " + ", ".join(f"{number} {_WORDS[what]}" for what, number in counts.items() if number))
    if dry_run:
        show.say(UNCHANGED)


@meetings.command("list")
def list_(
    body: Body,
    everything: Annotated[bool, typer.Option("--all", help="Also the meetings that are not held.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """List a council's meetings with the source of each."""
    from workflow.services.meetings.keeping import list_meetings

    with open_desk(db) as desk:
        code, name, found = list_meetings(desk.engine, desk.rulebook, body, gone=everything)
    if json:
        show.as_json(
            [
                {
                    "body": code, "name": name, "organ": one.organ, "date": one.on.isoformat(),
                    "agenda_closes": _iso(one.agenda_closes), "time": one.time, "source": one.source,
                    "read_on": one.read_on.isoformat(), "gone_on": _iso(one.gone_on), "gone_why": one.gone_why,
                }
                for one in found
            ]
        )  # fmt: skip
        return
    if not found:
        show.say(f"{name}: ingen mødedage er indlæst; aftale meetings import FILE")
        return
    rows = [
        (one.organ or "rådet selv", show.long_day(one.on), one.time, str(one.agenda_closes or ""),
         f"falder væk: {one.gone_why}" if one.gone_on else "", f"{one.source}, læst {one.read_on}")
        for one in found
    ]  # fmt: skip
    show.line(name, "bold")
    show.table(("organ", "møde", "kl.", "dagsorden lukker", "", "kilde"), rows)


@meetings.command("remove")
def remove(
    body: Body,
    on: Annotated[str, typer.Argument(metavar="D", help="The day of the meeting, ISO.")],
    organ: Organ = "",
    why: Annotated[str, typer.Option("--why", help="Where that was read.")] = "fjernet",
    by: By = None,
    db: Db = None,
) -> None:
    """A meeting is not held after all: plans no longer count on it."""
    from workflow.services.meetings.keeping import remove_meeting

    day = clock.day(on, "D")
    with open_desk(db) as desk:
        gone = remove_meeting(
            desk.engine, desk.rulebook, body, day, committee=organ, why=why, by=by or who(), at=clock.now()
        )
    show.say(f"mødet {show.long_day(gone.on)} er taget ud")


def _content(file: Path) -> bytes:
    try:
        return read_file(file)
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror or error}; giv en fil, der kan læses") from error


def _names(rulebook: Any) -> Any:
    from workflow.services.meetings.naming import Names

    return Names(rulebook)


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
