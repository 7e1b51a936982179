"""An INSERT that leaves a row which is there already alone: two daemons may write the same thing at the same moment."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session


def insert_once(session: Session, table: Any, **values: Any) -> Any:
    """``INSERT ... ON CONFLICT DO NOTHING`` of the session's engine, whose dialect alone is imported."""
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    return dialect.insert(table).values(**values).on_conflict_do_nothing()
