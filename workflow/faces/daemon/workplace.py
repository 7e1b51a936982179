"""Everything a pass needs, built once from the settings: database, rules, letters, and where mail goes."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from workflow.mail.inbox import LocalInbox
from workflow.mail.letters import Letters
from workflow.mail.smtp import SmtpTarget
from workflow.services.heartbeat import instance_of
from workflow.settings import Settings
from workflow.storage import rulebook as rulebooks
from workflow.storage.database import connect
from workflow.storage.places import find_folder
from workflow.storage.rulebook import Rulebook


@dataclass(frozen=True)
class Workplace:
    """One process's database, rules and letters. ``owner`` names the process on what it claims; ``instance`` is the
    database's own name, part of every Message-ID."""

    settings: Settings
    engine: Engine
    rulebook: Rulebook
    letters: Letters
    instance: str
    owner: str

    def with_rules(self, rulebook: Rulebook) -> Workplace:
        """The same place under other rules, with its letters read again. :class:`Misconfigured` changes nothing."""
        letters = load_letters(self.settings, self.instance)
        letters.check([letter.name for letter in rulebook.letters])
        return replace(self, rulebook=rulebook, letters=letters)

    @asynccontextmanager
    async def mail(self, now: Callable[[], datetime]) -> AsyncIterator[SmtpTarget]:
        """Where letters are handed over. Without a mail server the local inbox is open as long as the block lasts."""
        settings = self.settings
        if settings.smtp_host:
            yield SmtpTarget(
                settings.smtp_host,
                settings.smtp_port,
                settings.smtp_starttls,
                settings.smtp_username,
                settings.smtp_password.get_secret_value(),
            )
            return
        async with LocalInbox(settings.inbox, 0, now) as inbox:
            yield SmtpTarget("127.0.0.1", inbox.port)


@contextmanager
def open_workplace(settings: Settings, rulebook: Rulebook | None = None) -> Iterator[Workplace]:
    """Open everything, close the database at the end. :class:`Misconfigured` names what is wrong and the cure."""
    rulebook = rulebook or load_rulebook(settings)
    engine = connect(settings.db)
    try:
        instance = instance_of(engine)
        letters = load_letters(settings, instance)
        letters.check([letter.name for letter in rulebook.letters])
        owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        yield Workplace(settings, engine, rulebook, letters, instance, owner)
    finally:
        engine.dispose()


def load_rulebook(settings: Settings) -> Rulebook:
    """The rules as they lie on disk now."""
    return rulebooks.load(find_folder("calendars", settings.calendars))


def load_letters(settings: Settings, instance: str) -> Letters:
    """The letters as they lie on disk now, of this database and this sender."""
    return Letters(
        templates(settings) / "emails", instance, settings.sender, settings.reply_to, settings.bounce
    )


def templates(settings: Settings) -> Path:
    """The folder that holds ``emails`` and ``pages``."""
    return find_folder("templates", settings.templates)


def mail_target(settings: Settings) -> str:
    """Where letters go, in words."""
    if not settings.smtp_host:
        return f"local inbox {settings.inbox} (nothing leaves this machine)"
    target = SmtpTarget(settings.smtp_host, settings.smtp_port, settings.smtp_starttls)
    if target.tls_from_start:
        secured = "TLS"
    else:
        secured = "STARTTLS required" if target.must_encrypt else "in clear, on loopback"
    return f"{target.host}:{target.port} ({secured}), from {settings.sender}"
