"""What a question needs: the rules and the database, opened the shortest way there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.faces.cli import remembered
from workflow.storage.asking import File, plain_file
from workflow.storage.law import compiled, rulebook
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.places import find_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Asking:
    """The rules, and the database: its file alone where that is enough."""

    rulebook: Rulebook
    place: Engine | File


@contextmanager
def open_asking(db: str | None) -> Iterator[Asking]:
    """Open what a question needs, close it afterwards; raises as :func:`workflow.faces.cli.desk.open_desk`."""
    settings = remembered.settings(db)
    compiled.keep_in(settings.data_dir / "cache")
    rules = rulebook.load(find_folder("calendars", settings.calendars))
    if (file := plain_file(settings.db)) is not None:
        yield Asking(rules, file)
        return
    from workflow.storage.database import connect

    engine = connect(settings.db)
    try:
        yield Asking(rules, engine)
    finally:
        engine.dispose()
