"""A connection on which commands go out together and are answered in their order (RFC 2920).

aiosmtplib opens it, encrypts it and signs in; from then on it is ours, since that library drops an answer for which
nobody waits yet.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque

from aiosmtplib import SMTPResponse, SMTPResponseException, SMTPServerDisconnected

_LONGEST = 64 * 1024  # octets of answers that nobody has read
_LINE = re.compile(rb"(\d{3})([ -]?)([^\n]*)\n")


class Line(asyncio.Protocol):
    """Takes ``transport`` over. An answer too many ends the connection: it may be a late one, and must not be taken for
    the answer to the next command."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._rest = b""
        self._text: list[str] = []
        self._answers: deque[SMTPResponse] = deque()
        self._awaited = 0  # answers that have not come
        self._ended: Exception | None = None
        self._heard = asyncio.Event()
        transport.set_protocol(self)

    @property
    def usable(self) -> bool:
        """Whether it is open and everything that was said has been answered and heard."""
        return (
            self._ended is None
            and not self._awaited
            and not self._answers
            and not self._transport.is_closing()
        )

    def say(self, *commands: str) -> None:
        """Say these together. ``ValueError`` for one that is not a line of ASCII."""
        if any("\r" in one or "\n" in one or not one.isascii() for one in commands):
            raise ValueError("a command of SMTP is one line of ASCII")
        self._awaited += len(commands)
        self._transport.write("".join(f"{one}\r\n" for one in commands).encode("ascii"))

    def hand_over(self, stuffed: bytes) -> None:
        """The content of a letter with its final dot, which has an answer as a command has."""
        self._awaited += 1
        self._transport.write(stuffed)

    async def hear(self) -> SMTPResponse:
        """The next answer. Raises what ended the connection before it came."""
        while not self._answers:
            if self._ended is not None:
                raise self._ended
            self._heard.clear()
            await self._heard.wait()
        return self._answers.popleft()

    async def part(self) -> None:
        """Say QUIT, and wait for its answer or the end."""
        if self._ended is None and not self._transport.is_closing():
            self.say("QUIT")
            while self._awaited or self._answers:
                await self.hear()

    def data_received(self, data: bytes) -> None:
        """Read whole lines; what is no answer, or one too many, ends the connection."""
        self._rest += data
        while found := _LINE.match(self._rest):
            self._rest = self._rest[found.end() :]
            self._text.append(found[3].strip().decode("utf-8", "surrogateescape"))
            if found[2] != b"-":
                self._answered(int(found[1]))
        if b"\n" in self._rest or len(self._rest) > _LONGEST or len(self._text) > _LONGEST // 80:
            said = self._rest.partition(b"\n")[0][:200].decode("utf-8", "replace").strip()
            self._end(SMTPResponseException(-1, f"Malformed SMTP response line: {said}"))

    def _answered(self, code: int) -> None:
        text, self._text = "\n".join(self._text), []
        if not self._awaited:
            self._end(SMTPServerDisconnected(f"an answer to nothing: {code} {text[:200]}"))
            return
        self._awaited -= 1
        self._answers.append(SMTPResponse(code, text))
        self._heard.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will be heard."""
        lost = SMTPServerDisconnected("Connection lost")
        lost.__cause__ = exc
        self._end(lost)

    def _end(self, why: Exception) -> None:
        self._ended = self._ended or why
        self._transport.abort()
        self._heard.set()
