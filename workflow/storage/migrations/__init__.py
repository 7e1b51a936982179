"""One history of the schema for both databases: alembic without an ini file.

``HEAD`` is the newest revision, kept as a constant so that opening a database imports no alembic; a test compares
it with the scripts. A script names its tables and columns itself and never imports a model: the model goes on, the
script stays as it was published.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

HEAD = "0037"


def configured(connection: Connection | None = None) -> Config:
    """An alembic configuration for these scripts, speaking over ``connection``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run every missing migration inside the caller's transaction."""
    from alembic import command

    command.upgrade(configured(connection), "head")
