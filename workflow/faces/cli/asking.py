"""What a question needs: the rules and the database, opened the shortest way there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workflow.faces.cli import remembered
from workflow.storage.asking import File, plain_file
from workflow.storage.law import compiled, rulebook
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.places import find_folder
from workflow.values import dataclass

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Asking:
    """The rules, and the database: its file alone where that is enough."""

    rulebook: Rulebook
    place: Engine | File


@dataclass(frozen=True, slots=True)
class Tables:
    """The rules, and the database with its tables mapped."""

    rulebook: Rulebook
    engine: Engine


@contextmanager
def open_asking(db: str | None) -> Iterator[Asking]:
    """Open what a question needs, close it afterwards; raises as :func:`workflow.faces.cli.desk.open_desk`."""
    url, rules = _rules(db)
    if (file := plain_file(url)) is not None:
        yield Asking(rules, file)
        return
    with _connected(rules, url) as found:
        yield Asking(rules, found.engine)


@contextmanager
def open_tables(db: str | None) -> Iterator[Tables]:
    """The same for what needs the tables, with the rules as they were kept ready."""
    url, rules = _rules(db)
    with _connected(rules, url) as found:
        yield found


def _rules(db: str | None) -> tuple[str, Rulebook]:
    settings = remembered.settings(db)
    compiled.keep_in(settings.data_dir / "cache")
    return settings.db, rulebook.load(find_folder("calendars", settings.calendars))


@contextmanager
def _connected(rules: Rulebook, url: str) -> Iterator[Tables]:
    from workflow.storage.database import connect

    engine = connect(url)
    try:
        yield Tables(rules, engine)
    finally:
        engine.dispose()
