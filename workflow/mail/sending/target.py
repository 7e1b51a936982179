"""Where letters are handed over, and what is asked of the way there."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from pathlib import Path

from workflow.errors import Misconfigured
from workflow.values import dataclass, field


@dataclass(frozen=True)
class SmtpTarget:
    """Where letters are handed over. Times are seconds and bound each verb; port 465 means TLS from the start.

    ``starttls``: ``auto`` (required off loopback, plain on it), ``required``, or ``never`` (loopback only:
    :class:`Misconfigured` elsewhere). ``token`` returns a fresh XOAUTH2 token and takes the place of the password;
    ``token_refused`` is told when the server would not have it.
    """

    host: str
    port: int = 25
    starttls: str = "auto"
    username: str = ""
    password: str = field(default="", repr=False)
    token: Callable[[], Awaitable[str]] | None = field(default=None, repr=False)
    token_refused: Callable[[], None] | None = field(default=None, repr=False)
    ca_file: str = ""
    hello: str = ""  # the name we give in EHLO; empty: this machine's
    connect_timeout: float = 30
    timeout: float = 60
    after_dot_timeout: float = 600

    def __post_init__(self) -> None:
        if self.starttls not in ("auto", "required", "never"):
            raise Misconfigured(
                "smtp_starttls", f"{self.starttls!r} is unknown", "Write auto, required or never"
            )
        if self.starttls == "never" and not self.on_loopback:
            raise Misconfigured(
                "smtp_starttls", f"letters to {self.host} would go in clear", "Write auto or required"
            )
        if (self.password or self.token) and not self.username:
            raise Misconfigured("smtp_username", "a password is given but no user name", "Set smtp_username")
        if self.ca_file and not Path(self.ca_file).is_file():
            raise Misconfigured(self.ca_file, "there is no such certificate file", "Mend smtp_ca_file")

    @property
    def on_loopback(self) -> bool:
        """Whether the host is this machine."""
        return loopback(self.host)

    @property
    def tls_from_start(self) -> bool:
        """Port 465 speaks TLS at once (RFC 8314)."""
        return self.port == 465

    @property
    def must_encrypt(self) -> bool:
        """Whether nothing but EHLO may be said before STARTTLS has succeeded."""
        if self.tls_from_start or self.starttls == "never":
            return False
        return self.starttls == "required" or not self.on_loopback


def loopback(host: str) -> bool:
    """Whether an address or a name is this machine; a name other than ``localhost`` never is."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
