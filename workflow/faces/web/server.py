"""The page's server inside the daemon's loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from workflow.errors import Misconfigured
from workflow.faces.web.connections import Bounded


class _Uvicorn(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: uvicorn would raise SIGTERM again and kill the daemon before it has drained."""
        yield


class Page:
    """``app`` on one socket, taken at once so that a port in use is said before anything is sent."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
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
        config = uvicorn.Config(
            app, http=Bounded, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3,
            server_header=False,
        )  # fmt: skip
        self._server = _Uvicorn(config)

    @property
    def port(self) -> int:
        """The port it listens on: where 0 was asked for, the free one that was taken."""
        return int(self._socket.getsockname()[1])

    async def serve(self) -> None:
        """Answer until :meth:`stop`."""
        await self._server.serve(sockets=[self._socket])

    async def stop(self, serving: asyncio.Task[None]) -> None:
        """Let answers under way end, for three seconds, and close. What ended the server earlier is raised."""
        self._server.should_exit = True
        await serving
        self._socket.close()
