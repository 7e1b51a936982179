"""The settings and the rules of one command, without a database and without typer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.settings import Settings
    from workflow.storage.law.rulebook import Rulebook


def load_rules(db: str | None, *, ready: bool = False) -> tuple[Settings, Rulebook]:
    """The settings and the rules they point to, without a database; ``ready``: as they were kept ready by an earlier
    start, where no file has changed since."""
    from workflow import settings as settings_module
    from workflow.storage.law import compiled, rulebook
    from workflow.storage.places import find_folder

    settings = settings_module.load(db=db)
    compiled.keep_in(settings.data_dir / "cache" if ready else None)
    return settings, rulebook.load(find_folder("calendars", settings.calendars))
