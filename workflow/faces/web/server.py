"""The page's server inside the daemon's loop.

Connections are taken here and not by asyncio, which takes all that wait at once and at any rate: whoever knocks often
enough would have the mailer's time and files.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from workflow.errors import Misconfigured
from workflow.faces.web.connections import A_SECOND, IN_ONE_GO, QUEUE, bounded

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_log = logging.getLogger("aftale.page")

CATCHES_UP = 1.0  # seconds whose connections may be taken at once, after less than that many came


class _Uvicorn(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: uvicorn would raise SIGTERM again and kill the daemon before it has drained."""
        yield


class Page:
    """``app`` on one socket, taken at once so that a port in use is said before anything is sent."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family)
            # An answer is two small writes: without this the second waits 40 ms for the reader to acknowledge
            # the first. Connections inherit it; asyncio sets it only on sockets of its own making.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            where = f"AFTALE_HOST, AFTALE_PORT ({host}:{port})"
            raise Misconfigured(
                where, f"the page cannot listen there: {error.strerror}", "Choose another port"
            ) from error
        self._protocol = bounded()
        self._pause: asyncio.TimerHandle | None = None
        self._full, self._rested = False, 0.0  # until when those that were taken have been paid for
        self._taking = set[asyncio.Task[None]]()
        config = uvicorn.Config(
            app, http=self._protocol, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3,
            server_header=False,
        )  # fmt: skip
        self._server = _Uvicorn(config)

    @property
    def port(self) -> int:
        """The port it listens on: where 0 was asked for, the free one that was taken."""
        return int(self._socket.getsockname()[1])

    async def serve(self) -> None:
        """Answer until :meth:`stop`."""
        self._socket.listen(QUEUE)
        self._socket.setblocking(False)
        self._open()
        await self._server.serve(sockets=[])

    async def stop(self, serving: asyncio.Task[None]) -> None:
        """Let answers under way end, for three seconds, and close. What ended the server earlier is raised."""
        self._close()
        self._server.should_exit = True
        await serving
        self._socket.close()

    def _open(self) -> None:
        asyncio.get_running_loop().add_reader(self._socket, self._take)

    def _close(self, seconds: float = 0.0) -> None:
        """Take no more, for so many seconds where they are named: the others wait in the kernel's queue."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        if self._pause:
            self._pause.cancel()
        self._pause = loop.call_later(seconds, self._open) if seconds else None

    def _take(self) -> None:
        taken = 0
        while taken < IN_ONE_GO:
            try:
                line, _peer = self._socket.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                break
            except OSError as error:  # no file is left; asked at once again it would be the same
                if not self._full:
                    _log.error("no connection can be taken: %s", error, extra={"action": "page.full"})
                self._full = True
                self._pay(taken)
                self._close(1.0)
                return
            taken += 1
            self._full = False
            line.setblocking(False)
            taking = asyncio.create_task(self._answer(line))
            self._taking.add(taking)
            taking.add_done_callback(self._taking.discard)
        now = self._pay(taken)
        if taken == IN_ONE_GO or self._rested > now:
            self._close(max(self._rested - now, 0.001))

    def _pay(self, taken: int) -> float:
        """Put off the next ones by what these cost; the loop's time."""
        now = asyncio.get_running_loop().time()
        self._rested = max(self._rested, now - CATCHES_UP) + taken / A_SECOND
        return now

    async def _answer(self, line: socket.socket) -> None:
        config, state, lifespan = self._server.config, self._server.server_state, self._server.lifespan.state
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: self._protocol(config=config, server_state=state, app_state=lifespan), line
            )
        except ConnectionError:  # gone before it was begun
            line.close()
