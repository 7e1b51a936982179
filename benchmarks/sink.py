"""The cheapest mail server that speaks the protocol, in a process of its own, so that what is compared is its client.

It says yes to everything, offers PIPELINING, and counts what a client handed over: a letter is counted by its
Message-ID, so a copy is seen as one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_HELLO = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
_SAID = {b"DATA": b"354 go\r\n", b"EHLO": _HELLO, b"QUIT": b"221 bye\r\n"}


@dataclass
class Counted:
    """What came in since it was last asked for: letters with their octets, the different Message-IDs and recipients
    among them, and the seconds from the first connection to the last letter."""

    letters: int = 0
    octets: int = 0
    ids: set[bytes] = field(default_factory=set)
    recipients: set[bytes] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0


class _Conversation(asyncio.Protocol):
    def __init__(self, counted: list[Counted]) -> None:
        self.counted, self.rest, self.in_letter = counted, bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        now = self.counted[0]
        now.first = now.first or time.monotonic()
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        said = b""
        while True:
            end = b"\r\n.\r\n" if self.in_letter else b"\r\n"
            at = self.rest.find(end)
            if at < 0:
                break
            line = bytes(self.rest[:at])
            del self.rest[: at + len(end)]
            said += self._answer(line)
        if said:
            self.transport.write(said)
        if said.endswith(_SAID[b"QUIT"]):
            self.transport.close()

    def _answer(self, line: bytes) -> bytes:
        now = self.counted[0]
        if self.in_letter:
            self.in_letter = False
            now.letters, now.octets, now.last = now.letters + 1, now.octets + len(line), time.monotonic()
            if found := _ID.search(line):
                now.ids.add(found[1])
            return b"250 ok\r\n"
        verb = line[:4].upper()
        self.in_letter = verb == b"DATA"
        if verb == b"RCPT":
            now.recipients.add(line)
        return _SAID.get(verb, b"250 ok\r\n")


def _serve(asked: Connection) -> None:
    async def serve() -> None:
        loop, counted, over = asyncio.get_running_loop(), [Counted()], asyncio.Event()
        server = await loop.create_server(lambda: _Conversation(counted), "127.0.0.1", 0)
        asked.send(server.sockets[0].getsockname()[1])

        def answer() -> None:
            try:
                asked.recv()
            except EOFError:
                over.set()
                return
            asked.send(counted[0])
            counted[0] = Counted()

        loop.add_reader(asked.fileno(), answer)
        await over.wait()

    asyncio.run(serve())


@dataclass(frozen=True)
class Sink:
    """A mail server that runs: its port on 127.0.0.1, and what it was given since it was last asked."""

    port: int
    _line: Connection

    def counted(self) -> Counted:
        """What came in since the last call; counting begins anew."""
        self._line.send("counted")
        found = self._line.recv()
        assert isinstance(found, Counted)
        return found


@contextmanager
def sink() -> Iterator[Sink]:
    """A mail server for as long as the block lasts."""
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=_serve, args=(its,))
    process.start()
    its.close()
    try:
        yield Sink(mine.recv(), mine)
    finally:
        mine.close()
        process.join()
