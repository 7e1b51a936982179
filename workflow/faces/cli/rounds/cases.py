"""``aftale cases``: each council's case as a document for Word, and whether one still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import By, Db, Desk, Json, Key, open_desk, who
from workflow.faces.cli.exits import FAILED
from workflow.faces.cli.rounds.hearing_found import write_new

cases = typer.Typer(help="Each council's case as a document for Word.", no_args_is_help=True)
MOST_BYTES = 100_000


@cases.command("write")
def write(
    agreement: Key,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="A .zip, or a .docx for one; must not exist.")
    ],
    council: Annotated[str, typer.Option("--council", help="One council alone, by its code.")] = "",
    db: Db = None,
) -> None:
    """Write the case of every council, as one zip, or of one."""
    from workflow.services.papers.cases import find_cases, zipped
    from workflow.services.views.status import find_standing

    wanted = ".docx" if council else ".zip"
    if out.suffix != wanted:
        raise Invalid(f"--out {out}: give a file that ends in {wanted}")
    with open_desk(db) as desk:
        standing = find_standing(desk.engine, desk.rulebook, agreement, clock.today())
        found = find_cases(desk.engine, standing, _ours(desk), _keys(desk)[0], council)
    write_new(out, found[0].word if council else zipped(found))
    show.say(f"{len(found)} sag(er): {out}")


@cases.command("ask")
def ask(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="It stands at the foot of every page.")],
    db: Db = None,
    json: Json = False,
) -> None:
    """Whether a council's document is still the one to decide on; exit 1 where it is outdated."""
    from workflow.services.papers.cases import ask as asked

    with open_desk(db) as desk:
        found = asked(desk.engine, desk.rulebook, _ours(desk), _keys(desk), number, clock.today())
    if json:
        show.as_json(
            {"number": found.number, "agreement": found.agreement, "council": found.council, "version": found.version,
             "holds": found.holds, "why": found.why, "newest": found.newest}
        )  # fmt: skip
    else:
        said = "gælder" if found.holds else f"er forældet: {found.why}"
        print(f"{found.number} ({found.council}, {found.called}, version {found.version}) {said}")
    if not found.holds:
        raise typer.Exit(FAILED)


@cases.command("words")
def words(
    region: Annotated[str, typer.Argument(metavar="REGION", help="E.g. nordjylland")],
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Use the words in this file from now on.")
    ] = None,
    ours: Annotated[bool, typer.Option("--ours", help="Use our own words again.")] = False,
    by: By = None,
    db: Db = None,
) -> None:
    """Print the words a region's cases are made with, or set them."""
    from workflow.services.papers.casetext import find_wording, set_wording

    if file and ours:
        raise Invalid("--file and --ours exclude each other; leave one out")
    with open_desk(db) as desk:
        if file or ours:
            text = _read(file) if file else ""
            set_wording(desk.engine, desk.rulebook, region, text, by or who(), clock.now())
            show.say("gemt; dokumenter, der er lavet før, er forældede, hvis ordene er andre")
            return
        print(find_wording(desk.engine, desk.rulebook, region, _ours(desk))[0])


def _keys(desk: Desk) -> list[str]:
    """What signs the numbers now, and what signed them before."""
    from workflow.faces.daemon.workplace import link_secret
    from workflow.services.keeping.linkkeys import keys_of
    from workflow.services.watch.heartbeat import instance_of

    keys = keys_of(desk.engine, instance_of(desk.engine), link_secret(desk.settings))
    return [keys.newest, *(key for key, _ in keys.ended)]


def _read(file: Path) -> str:
    try:
        return file.read_bytes()[:MOST_BYTES].decode("utf-8-sig")
    except OSError as error:
        raise Invalid(f"--file {file}: {error.strerror}; give a file that can be read") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"--file {file}: this is no UTF-8 text; save it as UTF-8") from error


def _ours(desk: Desk) -> str:
    from workflow.services.papers.casetext import ours
    from workflow.storage.places import find_folder

    return ours(find_folder("templates", desk.settings.templates))
