"""The wire: one letter, one recipient, one verb at a time, until the server has answered.

aiosmtplib's conveniences are not used: ``send_message`` writes the letter anew, ``sendmail`` hides which recipient
was refused, and ``start_tls=None`` gives the password away when STARTTLS has been stripped. What is sent here is
the stored bytes. No answer but *accepted* leaves a connection in use: a late reply must never be taken for the
answer to the next command.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import aiosmtplib

from workflow.errors import Misconfigured
from workflow.mail.answers import AFTER_DOT, Answer, classify
from workflow.mail.verp import verp
from workflow.values import dataclass, field

__all__ = ["SmtpTarget", "Wire", "stuffed", "verp"]

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+@[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+")


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


class Wire:
    """One connection to the mail server, opened at the first letter and kept until something goes wrong."""

    def __init__(self, target: SmtpTarget) -> None:
        self.target = target
        self._client: aiosmtplib.SMTP | None = None
        self._context: ssl.SSLContext | None = None
        self._usable = False
        self._verb = "CONNECT"
        self._to = ""

    async def send(
        self, envelope_from: str, to: str, raw: bytes, before_data: Callable[[], None], envid: str = ""
    ) -> Answer:
        """Hand ``raw`` to the server for the one address ``to``; never raises for what the server or line does.

        ``before_data`` runs when RCPT is accepted and DATA not yet said: it commits the intent. What it raises is
        passed on, and DATA is never said. Cancellation closes the connection and is passed on. ``envid`` comes back in
        the delivery reports of a server that knows DSN (RFC 3461).
        """
        if not _ADDRESS.fullmatch(to):
            return Answer("own_fault", 0, f"not one plain address: {to!r}", "RCPT")
        intended, self._to = False, to
        try:
            client = await self._ready()
            await self._envelope(client, envelope_from, to, raw, envid)
        except _TROUBLE as error:
            return await self._failed(error, intended)
        except BaseException:
            self.abort()
            raise
        try:
            self._usable = False  # until the answer after the dot is in hand
            before_data()
        except BaseException:
            self.abort()
            raise
        intended = True
        try:
            answer = await self._data(client, raw)
        except _TROUBLE as error:
            return await self._failed(error, intended)
        except BaseException:
            self.abort()
            raise
        self._usable = answer.kind == "accepted"
        return answer

    def another(self) -> Wire:
        """A connection of its own to the same server."""
        return Wire(self.target)

    async def knock(self) -> Answer:
        """Connect, encrypt and sign in as for a letter, and send none; ``accepted`` when the server would take one."""
        try:
            await self._ready()
        except _TROUBLE as error:
            return await self._failed(error, False)
        return Answer("accepted", 0, "", self._verb)

    async def close(self) -> None:
        """Say QUIT, briefly, and hang up. Call it after the outcome is recorded."""
        client, self._client, self._usable = self._client, None, False
        if client is None:
            return
        try:
            if client.is_connected:
                async with asyncio.timeout(min(5.0, self.target.timeout)):
                    await client.execute_command(b"QUIT")
        except _TROUBLE as error:
            # the letters before it are answered for; a missing 221 changes nothing
            _log.debug("no answer to QUIT: %s", error, extra={"action": "smtp.no-goodbye"})
        finally:
            _hang_up(client)

    def abort(self) -> None:
        """Hang up without a word."""
        if self._client is not None:
            _hang_up(self._client)
        self._client, self._usable = None, False

    async def _ready(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._usable and self._client.is_connected:
            return self._client
        await self.close()
        target = self.target
        self._verb = "CONNECT"
        if self._context is None and (target.tls_from_start or target.must_encrypt):
            self._context = ssl.create_default_context(cafile=target.ca_file or None)
        client = self._client = aiosmtplib.SMTP(
            hostname=target.host,
            port=target.port,
            local_hostname=target.hello or None,
            use_tls=target.tls_from_start,
            start_tls=False,
            tls_context=self._context,
            timeout=target.timeout,
        )
        async with asyncio.timeout(target.connect_timeout):
            await client.connect()
        await self._say("EHLO", client.ehlo())
        if target.must_encrypt:
            await self._say("STARTTLS", client.starttls(timeout=target.timeout))
            await self._say("EHLO", client.ehlo())
        if target.token is not None:
            token = await self._say("AUTH", target.token())
            await self._say("AUTH", client.auth_xoauth2(target.username, token))
        elif target.username:
            await self._say("AUTH", client.login(target.username, target.password))
        self._usable = True
        return client

    async def _envelope(self, client: aiosmtplib.SMTP, sender: str, to: str, raw: bytes, envid: str) -> None:
        options: list[str] = []
        wanted: list[str] = []
        self._verb = "MAIL"
        if not raw.isascii():
            if not client.supports_extension("8bitmime"):
                raise aiosmtplib.SMTPNotSupported("the letter is 8-bit and the server takes 7-bit only")
            options.append("BODY=8BITMIME")
        if envid and client.supports_extension("dsn"):
            options += ["RET=HDRS", f"ENVID={envid}"]
            wanted.append("NOTIFY=FAILURE,DELAY")
        await self._say("MAIL", client.mail(sender, options=options))
        await self._say("RCPT", client.rcpt(to, options=wanted))

    async def _data(self, client: aiosmtplib.SMTP, raw: bytes) -> Answer:
        # not client.data(): it cannot tell a 251 after the dot from a 251 in the place of 354
        reply = await self._say("DATA", client.execute_command(b"DATA"))
        if reply.code != 354:
            return classify(reply.code, reply.message, True, "DATA", self._to)
        self._verb = AFTER_DOT
        protocol = client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("connection lost after 354")
        protocol.write(stuffed(raw))
        async with asyncio.timeout(self.target.after_dot_timeout):
            reply = await protocol.read_response()
        return classify(reply.code, reply.message, True, AFTER_DOT, self._to)

    async def _say(self, verb: str, step: Awaitable[_T]) -> _T:
        self._verb = verb
        async with asyncio.timeout(self.target.timeout):
            return await step

    async def _failed(self, error: Exception, intended: bool) -> Answer:
        """The answer for a conversation that broke; the connection is ended unless the server may still hear QUIT."""
        self._usable = False
        verb, text = self._verb, str(error) or type(error).__name__
        if verb == "AUTH" and self.target.token_refused is not None:
            self.target.token_refused()
        if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 100:
            return classify(error.code, error.message, intended, verb, self._to)
        self.abort()
        if _certificate(error) or not isinstance(error, _LINE_BROKE):
            kind = "uncertain" if intended else "own_fault"
            return Answer(kind, 0, text, verb)
        return classify(0, text, intended, verb)


def _hang_up(client: aiosmtplib.SMTP) -> None:
    """End the connection now: closed in order, TLS would wait half a minute for the other side's farewell."""
    transport = client.transport
    client.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def stuffed(raw: bytes) -> bytes:
    """``raw`` as DATA carries it: CRLF lines, a leading dot doubled, the final dot."""
    lines = re.sub(rb"\r\n|\n|\r", b"\r\n", raw)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines) + b".\r\n"


_TROUBLE = (aiosmtplib.SMTPException, OSError, ValueError, RuntimeError, asyncio.TimeoutError)
_LINE_BROKE = (OSError, asyncio.TimeoutError)  # SMTPServerDisconnected and SMTPTimeoutError are OSErrors too


def _certificate(error: BaseException | None) -> bool:
    """Whether a failed certificate check is somewhere behind ``error``."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
