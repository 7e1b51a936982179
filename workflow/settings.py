"""What an operator can choose, and from where: flag, ``AFTALE_*``, secret file, TOML file, what the set-up page wrote
(:mod:`workflow.storage.ownsettings`), default, in this order.

The TOML file is the first that exists of ``$XDG_CONFIG_HOME/aftalefrist/aftale.toml`` (``~/.config`` when unset)
and ``/etc/aftalefrist/aftale.toml``; its keys are the field names below. A secret (:data:`SECRETS`) may instead lie
in a file named by its variable with ``_FILE`` added, e.g. ``AFTALE_SMTP_PASSWORD_FILE``, or under its field name in
``$CREDENTIALS_DIRECTORY`` (systemd ``LoadCredential=``). A misspelt name is refused, never ignored. Services
receive values, not this object.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from workflow.errors import Misconfigured
from workflow.mail.writing.enclosing import ATTACHED
from workflow.sources import PREFIX, SECRETS, config_places, data_home
from workflow.storage.filereading import read_toml_text
from workflow.storage.ownsettings import read_own
from workflow.storage.settingtypes import (
    FILE_TYPES,
    LOOPBACK,
    Database,
    Days,
    FileTypes,
    Folder,
    LinkSecret,
    Mailbox,
    OwnFolder,
    Port,
    Scanner,
    SecretAddress,
    WebAddress,
)

ELSEWHERE = {"AFTALE_DEBUG", "AFTALE_TEST_POSTGRES", "AFTALE_TORTURE"}  # read by __main__ and by the tests
PLACEHOLDER = "aftalefrist@localhost"


def _own_page(chosen: Mapping[str, Any]) -> str:
    host = str(chosen["host"])
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{chosen['port']}"


class Settings(BaseSettings):
    """One run's settings; ``description`` is the cure an operator is told. Read them by :func:`load`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    data_dir: Folder = Field(
        default_factory=data_home, description="Write a folder, e.g. /var/lib/aftalefrist"
    )
    db: Database = Field(
        default_factory=lambda chosen: f"sqlite:///{chosen['data_dir'] / 'aftale.db'}",
        repr=False,
        description="Write sqlite:////var/lib/aftalefrist/aftale.db or postgresql://host/name?sslmode=verify-full",
    )
    inbox: Folder = Field(
        default_factory=lambda chosen: chosen["data_dir"] / "inbox", description="Write a folder"
    )
    calendars: OwnFolder = Field(default=None, description="Write a folder of your own calendars, or nothing")
    templates: OwnFolder = Field(default=None, description="Write a folder of your own templates, or nothing")
    languages: OwnFolder = Field(
        default=None, description="Write a folder with a folder of .po files for each language, or nothing"
    )

    smtp_host: str = Field(default="", description="Write the mail server's name; empty is the local inbox")
    smtp_port: Port = 587
    smtp_starttls: Literal["auto", "required", "never"] = Field(
        default="auto", description="Write auto (required off loopback), required, or never (loopback only)"
    )
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    sender: Mailbox = PLACEHOLDER
    reply_to: Mailbox = ""
    bounce: Mailbox = ""
    bounce_maildir: OwnFolder = Field(default=None, description="Write the maildir that bounces come to")
    journal_maildir: OwnFolder = Field(
        default=None, description="Write the maildir of copies of what is sent"
    )
    smtp_oauth_url: SecretAddress = ""
    smtp_oauth_client_id: str = Field(default="", description="Write the application's id")
    smtp_oauth_client_secret: SecretStr = Field(default=SecretStr(""), description="Better a secret file")
    smtp_oauth_scope: str = Field(
        default="https://outlook.office365.com/.default", description="Write the scope your provider names"
    )

    alarm_smtp_host: str = Field(default="", description="Write another mail server than smtp_host")
    alarm_smtp_port: Port = 587
    alarm_smtp_to: Mailbox = ""
    alarm_smtp_username: str = Field(default="", description="Write the name to sign in with there")
    alarm_smtp_password: SecretStr = Field(default=SecretStr(""), description="Better a secret file")
    alarm_webhook: SecretAddress = ""
    watch_url: SecretAddress = ""

    host: str = Field(default="127.0.0.1", min_length=1, description="Write an address to listen on")
    port: Port = 8025
    metrics_open: bool = Field(default=False, description="Write true or false")
    base_url: WebAddress = Field(
        default_factory=_own_page, description="Write the page's address as readers see it: https://host/path"
    )

    oidc_issuer: SecretAddress = ""
    oidc_client_id: str = Field(default="", description="Write the application's id")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="Better a secret file")
    oidc_domains: str = Field(
        default="", description="Write your organisation's mail domains: rn.dk, aalborg.dk"
    )
    oidc_acr: str = Field(default="", description="Write the acr values that are good enough: a, b")
    oidc_amr: str = Field(default="", description="Write methods of which the token names one: mfa, hwk")
    oidc_groups: dict[str, str] = Field(
        default_factory=dict, description='Write a table: "GROUP ID" = "secretariat nordjylland"'
    )
    oidc_groups_claim: str = Field(default="groups", min_length=1, description="Write the claim's name")
    sign_in_by_mail: bool = Field(default=True, description="Write true or false")

    link_secret: LinkSecret = SecretStr("")

    evidence_types: FileTypes = ", ".join(FILE_TYPES)
    evidence_gigabytes: int = Field(default=20, ge=1, le=10_000, description="Write gigabytes, 1 to 10000")
    scanner: Scanner = ""
    scanner_away: Literal["hold", "take"] = Field(default="hold", description="Write hold or take")

    key_days: Days = 365
    keep_people_days: Days = 365
    keep_mailboxes_days: Days = 365
    keep_returns_days: Days = 365
    keep_letters_days: Days = 1825
    keep_trials_days: Days = 90
    keep_alarms_days: Days = 1095
    keep_trail_days: Days = 365
    keep_mail_files_days: Days = 90

    # Nothing is sent between 00:00 and 04:00 Danish time: that night may be an hour longer or shorter.
    send_hour: int = Field(default=8, ge=4, le=23, description="Write an hour from 4 to 23, Danish time")
    reminder_window: int = Field(default=25, ge=1, le=100, description="Write letters a commit, 1 to 100")
    attachments_mb: int = Field(
        default=ATTACHED // 1024**2,
        ge=0,
        le=20,
        description="Write MB of files in one letter, 0 to 20; 0: links",
    )
    per_minute: int = Field(default=30, ge=1, le=600, description="Write letters a minute, 1 to 600")
    hold_above: int = Field(default=50, ge=0, description="Write a number; 0 never holds reminders back")
    tick_seconds: int = Field(default=60, ge=1, le=3600, description="Write seconds, 1 to 3600")
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="Write auto, text or json"
    )

    @model_validator(mode="after")
    def _has_a_sender(self) -> Settings:
        away = self.smtp_host not in ("", *LOOPBACK)
        if away and self.sender == PLACEHOLDER:
            raise Misconfigured("AFTALE_SENDER", f"letters go to {self.smtp_host} without a sender", "Set it")
        return self

    @model_validator(mode="after")
    def _has_both_halves(self) -> Settings:
        for name, other in (
            ("alarm_smtp_host", "alarm_smtp_to"),
            ("alarm_smtp_to", "alarm_smtp_host"),
            ("smtp_oauth_url", "smtp_oauth_client_id"),
            ("smtp_oauth_url", "smtp_username"),
            ("oidc_issuer", "oidc_client_id"),
        ):
            if getattr(self, name) and not getattr(self, other):
                raise Misconfigured(f"{PREFIX}{other.upper()}", f"{name} is set and this is not", "Set both")
        return self

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Settings:
        if not self.sign_in_by_mail and not self.oidc_issuer:
            where = "AFTALE_SIGN_IN_BY_MAIL"
            raise Misconfigured(where, "nobody could sign in: there are no work accounts", "Set oidc_issuer")
        return self

    @property
    def contact(self) -> str:
        """The mailbox to write to about the site, as it is chosen now; empty where nobody chose one."""
        return self.reply_to or ("" if self.sender == PLACEHOLDER else self.sender)

    @property
    def shown_db(self) -> str:
        """The database URL as it may be printed: without its password."""
        parts = urlsplit(self.db)
        return self.db.replace(f":{parts.password}@", ":***@", 1) if parts.password else self.db

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Highest first; see the module's docstring."""
        from_files = [InitSettingsSource(settings_cls, found) for found in (_secret_files(), _toml())]
        return (init_settings, env_settings, *from_files, _OwnSource(settings_cls))


class _OwnSource(PydanticBaseSettingsSource):
    """What the set-up page wrote, in the data folder that the sources above name."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False  # the whole file is read at once

    def __call__(self) -> dict[str, Any]:
        named = self.current_state.get("data_dir")
        return read_own(Path(named).expanduser() if named else data_home())


def load(**flags: object) -> Settings:
    """The settings of this process; a flag that is ``None`` was not given. :class:`Misconfigured` names the setting,
    the file or variable it came from, and what would work."""
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    names = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    names |= {f"{PREFIX}{name}_FILE".upper() for name in SECRETS} | ELSEWHERE
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() not in names:
            raise Misconfigured(variable, "there is no such setting", _nearest(variable.upper(), names))
    try:
        return Settings(**given)
    except ValidationError as error:
        raise _refusal(error, given) from error


def config_file(etc: Path = Path("/etc")) -> Path | None:
    """The TOML file that is read, if there is one."""
    return next((place for place in config_places(etc) if place.exists()), None)


def _toml() -> dict[str, Any]:
    path = config_file()
    if path is None:
        return {}
    try:
        found = read_toml_text(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(str(path), f"it cannot be read: {error}", "Mend it or move it away") from error
    for key in found:
        if key not in Settings.model_fields:
            raise Misconfigured(
                str(path), f"there is no setting {key!r}", _nearest(key, Settings.model_fields)
            )
    return found


def _secret_files() -> dict[str, Any]:
    found = {}
    for name in SECRETS:
        variable = f"{PREFIX}{name}_FILE".upper()
        credential = Path(os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull, name)
        path = Path(os.environ[variable]) if os.environ.get(variable) else credential
        if path == credential and not path.exists():
            continue
        try:
            found[name] = path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            where = variable if path != credential else str(path)
            raise Misconfigured(
                where, f"the secret cannot be read: {error}", "Name a readable text file"
            ) from error
    return found


def _nearest(name: str, known: Iterable[str]) -> str:
    tails = {
        each.removeprefix(PREFIX): each for each in sorted(known)
    }  # the shared prefix would make all look alike
    near = difflib.get_close_matches(name.removeprefix(PREFIX), tails, n=1)
    return f"Did you mean {tails[near[0]]}?" if near else f"Known: {', '.join(tails.values())}"


def _refusal(error: ValidationError, flags: Mapping[str, object]) -> Misconfigured:
    """The first thing wrong and where it came from; the value is repeated unless it may hold a secret."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    variable = next((key for key in os.environ if key.upper() == f"{PREFIX}{name}".upper()), "")
    where = variable or (
        f"the secret {name}" if name in _secret_files() else f"{config_file() or 'settings.toml'}: {name}"
    )
    if name in flags:
        where = f"--{name.replace('_', '-')}"
    said = first["msg"].removeprefix("Value error, ").rstrip(".")
    problem = said if name in SECRETS else f"{first['input']!r}: {said}"
    return Misconfigured(where, problem, Settings.model_fields[name].description or "")
