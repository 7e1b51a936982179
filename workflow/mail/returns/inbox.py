"""The local inbox: a real SMTP server on loopback that keeps every letter as an ``.eml`` file.

It stands where no mail server is configured, so that a first try sends nothing to anybody and every letter can be
opened and read. It runs in the caller's event loop; the time of arrival comes from the caller.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import re
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

_log = logging.getLogger(__name__)
LARGEST = 20_000_000  # bytes in one letter


class LocalInbox:
    """``async with LocalInbox(folder, port, now) as inbox``: letters arrive in ``folder`` until the block ends.

    ``port`` 0 takes a free one; :attr:`port` tells which. ``now`` returns an aware instant, shown in UTC in the
    file names. Raises ``OSError`` when the port is taken or the folder cannot be made.
    """

    def __init__(self, folder: Path, port: int, now: Callable[[], datetime]) -> None:
        self.folder, self.port, self._now = folder, port, now
        self._server: asyncio.Server | None = None
        self._open: weakref.WeakSet[SMTP] = weakref.WeakSet()

    async def __aenter__(self) -> LocalInbox:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # the letters hold links that act
        loop = asyncio.get_running_loop()

        def one() -> SMTP:
            session = SMTP(
                self, hostname="localhost", ident="Aftalefrist", data_size_limit=LARGEST, loop=loop
            )
            self._open.add(session)
            return session

        self._server = await loop.create_server(one, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_exc: object) -> None:
        if self._server is not None:
            self._server.close()
            for session in list(self._open):
                if session.transport is not None:
                    session.transport.close()
            await self._server.wait_closed()
            self._server = None

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one letter; 452 when the disk will not have it, so that the sender tries again."""
        try:
            path = keep(self.folder, self._now(), envelope.rcpt_tos[0], envelope.content)
        except OSError as error:
            _log.error("the local inbox could not keep a letter: %s", error, extra={"action": "inbox.failed"})
            return "452 4.3.1 The local inbox could not keep the letter"
        return f"250 2.0.0 Kept as {path.name}"


def keep(folder: Path, at: datetime, to: str, raw: bytes) -> Path:
    """Write ``raw`` whole or not at all, under a name that sorts by time and is never used twice."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H.%M.%SZ")
    whom = re.sub(r"[^A-Za-z0-9@._-]", "_", to)[:80]
    half = folder / f".{stamp}-{os.getpid()}-{os.urandom(4).hex()}.half"
    try:
        with open(half, "xb", opener=_for_its_owner) as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        path = _name(folder, stamp, whom, half)
    finally:
        half.unlink(missing_ok=True)
    listing = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listing)
    finally:
        os.close(listing)
    return path


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _name(folder: Path, stamp: str, whom: str, half: Path) -> Path:
    for number in itertools.count(1):
        path = folder / f"{stamp}-{number:03d}-{whom}.eml"
        try:
            path.hardlink_to(half)  # unlike a rename it refuses a name in use
        except FileExistsError:
            continue
        return path
    raise AssertionError("unreachable: the numbers do not end")
