"""Everything a pass needs, built once from the settings: database, rules, letters, and where mail goes."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine

from workflow.faces import clock as wall
from workflow.language import also_from
from workflow.mail.sending.channels import Channel, MailChannel, Webhook
from workflow.mail.sending.oauth import ClientCredentials
from workflow.mail.sending.target import SmtpTarget, loopback
from workflow.mail.writing.letters import Letters
from workflow.services.facts.evidence import Doors
from workflow.services.keeping.linkkeys import Keys, Outside, find_keys, keys_of
from workflow.services.law.changing import must_have_regimes
from workflow.services.people.contacts.trials import Road
from workflow.services.rounds.setup import is_demo
from workflow.services.watch.heartbeat import find_instance, instance_of
from workflow.settings import Settings
from workflow.storage.database import connect
from workflow.storage.law import rulebook as rulebooks
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.places import find_folder
from workflow.values import dataclass, field, replace


@dataclass(frozen=True)
class Workplace:
    """One process's database, rules and letters. ``owner`` names the process on what it claims; ``instance`` is the
    database's own name, part of every Message-ID, ``keys`` sign its links and return addresses; ``token`` signs in."""

    settings: Settings
    engine: Engine
    rulebook: Rulebook
    letters: Letters
    instance: str
    owner: str
    keys: Keys = field(default_factory=Keys)
    token: ClientCredentials | None = None

    @property
    def secret(self) -> str:
        """The key that signs now."""
        return self.keys.newest

    @property
    def lets_guests_in(self) -> bool:
        """Whether nobody at this machine need sign in: at the demo, while it answers this machine alone."""
        here = self.settings.host, urlsplit(self.settings.base_url).hostname or ""
        return is_demo(self.engine) and all(loopback(host) for host in here)

    @property
    def road(self) -> Road:
        """The way the letters go, for a trial mail."""
        return Road(self.mail, self.settings.sender, self.letters.envelope_from, self.secret)

    def with_keys(self) -> Workplace:
        """The same place with the keys of the moment, which may have been changed on any host. :class:`Misconfigured`
        where this host has not the secret they are made from."""
        keys = find_keys(self.engine, self.instance, link_secret(self.settings))
        return self if keys in (None, self.keys) else replace(self, keys=keys)

    def with_rules(self, rulebook: Rulebook) -> Workplace:
        """The same place under other rules, with its letters read again. :class:`Misconfigured` changes nothing."""
        must_have_regimes(self.engine, rulebook)
        letters = load_letters(self.settings, self.instance)
        letters.check([letter.name for letter in rulebook.letters])
        return replace(self, rulebook=rulebook, letters=letters)

    def with_own(self, chosen: Mapping[str, str | int], clock: Callable[[], datetime]) -> Workplace:
        """The same place with the settings a person chose on the site, its letters read again for their sender.
        ``pydantic.ValidationError`` or :class:`Misconfigured` where they cannot be."""
        known = self.settings.model_dump(exclude_unset=True)
        settings = Settings(**(known | dict(chosen)))
        letters = load_letters(settings, self.instance)
        return replace(self, settings=settings, letters=letters, token=sign_in(settings, clock))

    def mail(self, now: Callable[[], datetime]) -> AbstractAsyncContextManager[SmtpTarget]:
        """Where letters are handed over: :func:`handed_over`."""
        return handed_over(self.settings, self.token, now)


@asynccontextmanager
async def handed_over(
    settings: Settings, token: ClientCredentials | None, now: Callable[[], datetime]
) -> AsyncIterator[SmtpTarget]:
    """Where letters are handed over. Without a mail server the local inbox is open as long as the block lasts."""
    if settings.smtp_host:
        yield SmtpTarget(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_starttls,
            settings.smtp_username,
            settings.smtp_password.get_secret_value(),
            token=token,
            token_refused=token.forget if token else None,
        )
        return
    from workflow.mail.returns.inbox import LocalInbox

    async with LocalInbox(settings.inbox, 0, now) as inbox:
        yield SmtpTarget("127.0.0.1", inbox.port)


@contextmanager
def open_workplace(
    settings: Settings, rulebook: Rulebook | None = None, clock: Callable[[], datetime] = wall.now,
    reads_only: bool = False,
) -> Iterator[Workplace]:  # fmt: skip
    """Open everything, close the database at the end. :class:`Misconfigured` names what is wrong and the cure.
    ``clock`` is aware and tells when a token ends. ``reads_only``: a database that has neither name nor keys yet is
    given none."""
    also_from(*([settings.languages] if settings.languages else []))
    rulebook = rulebook or load_rulebook(settings)
    engine = connect(settings.db)
    try:
        must_have_regimes(engine, rulebook)
        instance = find_instance(engine) if reads_only else instance_of(engine)
        outside = link_secret(settings)
        keys = find_keys(engine, instance, outside) if reads_only else keys_of(engine, instance, outside)
        letters = load_letters(settings, instance)
        letters.check([letter.name for letter in rulebook.letters])
        owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        token = sign_in(settings, clock)
        yield Workplace(settings, engine, rulebook, letters, instance, owner, keys or Keys(), token)
    finally:
        engine.dispose()


def sign_in(settings: Settings, clock: Callable[[], datetime]) -> ClientCredentials | None:
    """Where the token to sign in with comes from; ``None`` where the mail server wants a password or nothing."""
    if not settings.smtp_oauth_url:
        return None
    return ClientCredentials(
        settings.smtp_oauth_url,
        settings.smtp_oauth_client_id,
        settings.smtp_oauth_client_secret.get_secret_value(),
        settings.smtp_oauth_scope,
        clock,
    )


def channels(settings: Settings) -> list[Channel]:
    """The ways to the operator that do not go through the letters' mail server; none where none is set."""
    found: list[Channel] = []
    if settings.alarm_smtp_host:
        password = settings.alarm_smtp_password.get_secret_value()
        target = SmtpTarget(
            settings.alarm_smtp_host, settings.alarm_smtp_port, "auto", settings.alarm_smtp_username, password,
            connect_timeout=15, timeout=20, after_dot_timeout=60,
        )  # fmt: skip
        found.append(MailChannel(target, settings.sender, settings.alarm_smtp_to))
    if settings.alarm_webhook:
        found.append(Webhook(settings.alarm_webhook))
    return found


def heads_file(settings: Settings) -> Path:
    """Where the journals' heads are written, outside the database."""
    return settings.data_dir / "heads.log"


def link_secret(settings: Settings) -> Outside:
    """The secret that links are signed by, outside the database."""
    return Outside(settings.data_dir / "link.key", settings.link_secret.get_secret_value())


def doors(settings: Settings) -> Doors:
    """Which files may come in as evidence."""
    types = tuple(settings.evidence_types.split(", "))
    return Doors(types, settings.scanner, settings.scanner_away == "take")


def letters_file(settings: Settings) -> Path:
    """Where the letters handed over are written, outside the database."""
    return settings.data_dir / "letters.log"


def load_rulebook(settings: Settings) -> Rulebook:
    """The rules as they lie on disk now."""
    return rulebooks.load(find_folder("calendars", settings.calendars))


def load_letters(settings: Settings, instance: str) -> Letters:
    """The letters as they lie on disk now, of this database and this sender."""
    return Letters(
        templates(settings) / "emails", instance, settings.sender, settings.reply_to, settings.bounce,
        settings.attachments_mb * 1024**2,
    )  # fmt: skip


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
