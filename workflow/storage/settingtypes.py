"""How the values of settings are written, and what is said of those that cannot be right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

LOOPBACK = ("localhost", "127.0.0.1", "::1")
ENCRYPTED = ("require", "verify-ca", "verify-full")  # what libpq falls back from to nothing less
_OWN_HTTP = [("http", host) for host in LOOPBACK]


def _folder(value: object) -> object:
    if value == "":  # Path("") would be the folder the process happens to stand in
        raise ValueError("this names no folder")
    return Path(value).expanduser().absolute() if isinstance(value, str | Path) else value


def _no_folder(value: object) -> object:
    return None if value == "" else _folder(value)


def _database(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "sqlite" and url.startswith("sqlite:///") and len(parts.path) > 1
        fits = fits or (parts.scheme in ("postgresql", "postgresql+psycopg") and len(parts.path) > 1)
        parts.port  # noqa: B018  reading it is what checks it
    except ValueError:
        fits = False
    if not fits:  # the text may hold a password, so it is not repeated
        raise ValueError("this is no database URL")
    asked = parse_qs(parts.query)
    told = (parts.hostname, *asked.get("host", []), *asked.get("hostaddr", []), *asked.get("service", []))
    away = [host for host in told if host and not host.startswith("/")]
    if not set(away) <= set(LOOPBACK) and asked.get("sslmode", [""])[-1] not in ENCRYPTED:
        raise ValueError(
            "another machine's database without TLS; add ?sslmode=verify-full&sslrootcert=system, or at least "
            "?sslmode=require"
        )
    return url


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        )
        parts.port  # noqa: B018  reading it is what checks it
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("this is no web address")
    return url.rstrip("/")


def _secret_address(url: str) -> str:
    """An address we call: it carries what opens it, so it must be https off this machine."""
    parts = urlsplit(url)
    if url and not (
        parts.hostname and (parts.scheme == "https" or (parts.scheme, parts.hostname) in _OWN_HTTP)
    ):
        raise ValueError("this is no https address")  # the text may hold a secret, so it is not repeated
    return url


def _mailbox(address: str) -> str:
    from pydantic.networks import validate_email  # what reads addresses is imported where one is written

    return validate_email(address)[1] if address else address


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < 32:
        raise ValueError("it is shorter than 32 characters")
    return secret


def _scanner(where: str) -> str:
    host, _, port = where.rpartition(":")
    if where and not where.startswith("/") and not (host.strip("[]") in LOOPBACK and port.isdigit()):
        raise ValueError("this is neither a socket file nor a port of this machine")
    return where


def _file_types(names: str) -> str:
    found = [one.strip().lower().lstrip(".") for one in names.split(",") if one.strip()]
    if not found or (strange := sorted(set(found) - set(FILE_TYPES))):
        raise ValueError(f"there is no type {strange[0]}" if found else "this names no type")
    return ", ".join(found)


FILE_TYPES = (
    "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "msg", "rtf", "png", "jpg", "jpeg", "tif",
    "tiff", "txt", "csv", "eml", "ics",
)  # fmt: skip
Scanner = Annotated[
    str, AfterValidator(_scanner), Field(description="Write /run/clamav/clamd.ctl or 127.0.0.1:3310")
]
FileTypes = Annotated[
    str, AfterValidator(_file_types), Field(description=f"Write some of: {', '.join(FILE_TYPES)}")
]
LinkSecret = Annotated[
    SecretStr, AfterValidator(_long_enough), Field(description="Write 32 random characters or more")
]
Folder = Annotated[Path, BeforeValidator(_folder)]
OwnFolder = Annotated[Path | None, BeforeValidator(_no_folder)]
Days = Annotated[int, Field(ge=30, le=3650, description="Write a number of days, 30 to 3650")]
Port = Annotated[int, Field(ge=1, le=65535, description="Write a port from 1 to 65535")]
SecretAddress = Annotated[
    str, AfterValidator(_secret_address), Field(repr=False, description="Write https://...")
]
Mailbox = Annotated[
    str, AfterValidator(_mailbox), Field(description="Write one e-mail address and nothing else")
]


Database = Annotated[str, AfterValidator(_database)]
WebAddress = Annotated[str, AfterValidator(_address)]
