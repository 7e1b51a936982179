"""What every command needs: settings with the command's ``--db``, the rulebook, and the open database."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.errors import Invalid
from workflow.faces.cli import completing
from workflow.faces.cli.given import load_rules
from workflow.values import dataclass

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from workflow.settings import Settings
    from workflow.storage.facts.documents import Attached
    from workflow.storage.law.rulebook import Rulebook

Db = Annotated[
    str | None,
    typer.Option(
        "--db", help="Database URL; default: settings (AFTALE_DB).", metavar="URL", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout and nothing else.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="As it stood on that Danish day; default: today.", metavar="D")
]
By = Annotated[str | None, typer.Option("--by", help="Who records it; default: this account.")]
Key = Annotated[
    str,
    typer.Argument(
        metavar="AGREEMENT",
        help="REGION/LABEL, e.g. nordjylland/2024-2027",
        autocompletion=completing.agreements,
    ),
]
MaybeKey = Annotated[
    str | None,
    typer.Argument(
        metavar="[AGREEMENT]", help="REGION/LABEL; default: all.", autocompletion=completing.agreements
    ),
]


HERE = "kommandolinjen"  # in the trail, where others have an address they came from


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings, rules and the open database of one command."""

    settings: Settings
    rulebook: Rulebook
    engine: Engine


@contextmanager
def open_desk(db: str | None) -> Iterator[Desk]:
    """Open everything, close it afterwards; :class:`workflow.errors.Misconfigured` names what is wrong."""
    from workflow.storage.database import connect

    settings, rulebook = load_rules(db)
    engine = connect(settings.db)
    try:
        yield Desk(settings, rulebook, engine)
    finally:
        engine.dispose()


def who() -> str:
    """Who records a fact when ``--by`` does not say: the account that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a bare container
        return "ukendt"


def noted(engine: Engine, what: str, about: str) -> None:
    """Write into the audit trail that this account took something out: ``what`` is one of its kinds. Where nothing can
    be written (a disk that is full, a database that was moved) the command goes on and stderr says so."""
    from sqlalchemy.exc import DBAPIError

    from workflow.errors import AftaleError
    from workflow.faces import clock
    from workflow.faces.cli import show
    from workflow.services.watch.trail import note
    from workflow.storage.facts.trail import Seen

    seen = Seen(
        no=0, at=clock.now(), what=what, who=who(), called=who(), client=HERE, about=about, previous="", digest=""
    )  # fmt: skip
    try:
        note(engine, seen)
    except (AftaleError, DBAPIError, OSError) as error:
        show.say(f"not written in the audit trail: {str(error).splitlines()[0]}")


def attached(path: Path) -> Attached:
    """The file given as ``--document``; :class:`Invalid` where it cannot be read or may not come in."""
    from workflow import settings
    from workflow.faces.daemon.workplace import doors
    from workflow.services.facts.evidence import admitted
    from workflow.storage.facts.documents import MOST_BYTES, Attached

    try:
        with path.open("rb") as file:
            found = Attached(path.name, file.read(MOST_BYTES + 1))  # one too many is refused
    except OSError as error:
        raise Invalid(f"--document {path}: {error.strerror}; give a file that can be read") from error
    return found if len(found.content) > MOST_BYTES else admitted(found, doors(settings.load()))
