"""Make a new database: schema, its own instance name, and in a demo the real agreements, contacts under .example."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import Engine

from workflow.storage import meta
from workflow.storage.database import create, reading, writing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesets import keep
from workflow.storage.migrations import HEAD
from workflow.storage.tables import Meta
from workflow.values import dataclass


def is_demo(engine: Engine) -> bool:
    """Whether this database was made as the demo."""
    with reading(engine) as session:
        return meta.get(session, "demo") == "yes"


@dataclass(frozen=True, slots=True)
class Made:
    """What ``init`` made."""

    schema: str
    agreements: int = 0
    contacts: int = 0


def set_up(url: str, rulebook: Rulebook, *, at: datetime, today: date, demo: bool) -> Made:
    """Create the database at ``url``; :class:`workflow.errors.Misconfigured` if one is there.

    ``instance`` is random and part of every Message-ID, so two installations never produce the same one.
    """
    engine = create(url)
    try:
        with writing(engine) as session:
            keep(session, rulebook, at)
            session.add_all(
                [
                    Meta(key="instance", value=secrets.token_hex(6)),
                    Meta(key="created_at", value=at.isoformat()),
                    Meta(key="rules", value=rulebook.digest),
                    Meta(key="demo", value="yes" if demo else "no"),
                ]
            )
        if not demo:
            return Made(HEAD)
        from workflow.services.rounds.demo import demo as fill_demo

        filled = fill_demo(engine, rulebook, today=today, at=at)
        return Made(HEAD, filled.agreements, filled.contacts)
    finally:
        engine.dispose()
