"""The wire: one letter, one recipient, one verb at a time, until the server has answered.

aiosmtplib's conveniences are not used: ``send_message`` writes the letter anew, ``sendmail`` hides which recipient
was refused, and ``start_tls=None`` gives the password away when STARTTLS has been stripped. What is sent here is
the stored bytes. No answer but *accepted* leaves a connection in use: a late reply must never be taken for the
answer to the next command.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiosmtplib

from workflow.mail.answers import AFTER_DOT, Answer, classify
from workflow.mail.sending.line import Line
from workflow.mail.sending.target import SmtpTarget
from workflow.mail.verp import verp

__all__ = ["SmtpTarget", "Wire", "stuffed", "verp"]

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+@[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+")


class Wire:
    """One connection to the mail server, opened at the first letter and kept until something goes wrong."""

    def __init__(self, target: SmtpTarget) -> None:
        self.target = target
        self._client: aiosmtplib.SMTP | None = None
        self._context: ssl.SSLContext | None = None
        self._line: Line | None = None
        self._usable = False
        self._verb = "CONNECT"
        self._to = ""

    async def send(
        self, envelope_from: str, to: str, raw: bytes, before_data: Callable[[], None], envid: str = "",
        *, at_once: bool = False,
    ) -> Answer:  # fmt: skip
        """Hand ``raw`` to the server for the one address ``to``; never raises for what the server or line does.

        ``before_data`` runs when RCPT is accepted and DATA not yet said: it commits the intent. What it raises is
        passed on, and DATA is never said. Cancellation closes the connection and is passed on. ``envid`` comes back in
        the delivery reports of a server that knows DSN (RFC 3461).

        A server that offers PIPELINING is told MAIL and RCPT together; ``at_once``, for a letter whose intent may be
        committed before anybody has said whether it is welcome, DATA with them; ``before_data`` then runs once more
        before the letter itself, since the worker may have been paused meanwhile.
        """
        if not _ADDRESS.fullmatch(to):
            return Answer("own_fault", 0, f"not one plain address: {to!r}", "RCPT")
        intended, self._to = False, to
        try:
            client = await self._ready()
            at_once = at_once and self._line is not None
            if not at_once:
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
        intended = not at_once
        try:
            if at_once:  # until the server waits for the letter nobody can have it
                await self._envelope(client, envelope_from, to, raw, envid, "DATA")
            intended = True
            answer = await self._data(client, raw, before_data if at_once else None)
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
        client, line = self._client, self._line
        self._client, self._line, self._usable = None, None, False
        if client is None:
            return
        try:
            if client.is_connected:
                async with asyncio.timeout(min(5.0, self.target.timeout)):
                    await (line.part() if line else client.execute_command(b"QUIT"))
        except _TROUBLE as error:
            # the letters before it are answered for; a missing 221 changes nothing
            _log.debug("no answer to QUIT: %s", error, extra={"action": "smtp.no-goodbye"})
        finally:
            _hang_up(client)

    def abort(self) -> None:
        """Hang up without a word."""
        if self._client is not None:
            _hang_up(self._client)
        self._client, self._line, self._usable = None, None, False

    async def _ready(self) -> aiosmtplib.SMTP:
        sound = self._usable and (self._line is None or self._line.usable)
        if self._client is not None and sound and self._client.is_connected:
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
        if client.supports_extension("pipelining") and isinstance(client.transport, asyncio.Transport):
            self._line = Line(client.transport)
        self._usable = True
        return client

    async def _envelope(
        self, client: aiosmtplib.SMTP, sender: str, to: str, raw: bytes, envid: str, *then: str
    ) -> None:
        """Say for whom it is, and ``then`` more commands with it, where the server takes several."""
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
        if (line := self._line) is None:
            await self._say("MAIL", client.mail(sender, options=options))
            await self._say("RCPT", client.rcpt(to, options=wanted))
            return
        line.say(" ".join([f"MAIL FROM:<{sender}>", *options]), " ".join([f"RCPT TO:<{to}>", *wanted]), *then)
        for verb, welcome in (("MAIL", (250,)), ("RCPT", (250, 251))):
            reply = await self._say(verb, line.hear())
            if reply.code not in welcome:
                if then:  # its answer is still to come: nobody may wait for a letter on this connection
                    self.abort()
                raise aiosmtplib.SMTPResponseException(reply.code, reply.message)

    async def _data(
        self, client: aiosmtplib.SMTP, raw: bytes, still: Callable[[], None] | None = None
    ) -> Answer:
        """DATA and the letter; where DATA was said already, ``still`` is asked before the letter is."""
        # not client.data(): it cannot tell a 251 after the dot from a 251 in the place of 354
        line = self._line
        if line is None:
            reply = await self._say("DATA", client.execute_command(b"DATA"))
        else:
            if still is None:
                line.say("DATA")
            reply = await self._say("DATA", line.hear())
        if reply.code != 354:
            return classify(reply.code, reply.message, True, "DATA", self._to)
        if still is not None:
            still()
        self._verb = AFTER_DOT
        if line is not None:
            line.hand_over(stuffed(raw))
            heard = line.hear()
        else:
            protocol = client.protocol
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("connection lost after 354")
            protocol.write(stuffed(raw))
            heard = protocol.read_response()
        async with asyncio.timeout(self.target.after_dot_timeout):
            reply = await heard
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
