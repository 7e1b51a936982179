"""What one connection may take: so many at once, so long for its headers, so long for its body.

The page and the mailer share a process and its file table. A stranger who opens connections and says nothing would
take all of it, and then no letter goes out; so idle connections are few and short-lived, whoever holds them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 250  # at once; a page needs six, and a process may usually hold 1,024 files
HEADERS_S, BODY_S = 10.0, 60.0  # seconds for a request's headers, and for its body after them


class Bounded(H11Protocol):
    """uvicorn's own protocol with limits in time and number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None
        self._waits_for: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or hang up at once where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """Read on; more bytes buy no more time."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Answered: the next request has its own time, after the pause uvicorn allows between two."""
        super().on_response_complete()
        self._stop_watching()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock with the connection."""
        self._stop_watching()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Start a clock where a new kind of waiting begins, and stop it where nothing is awaited from the client."""
        state = self.conn.their_state
        if state is self._waits_for:
            return
        self._stop_watching()
        if state in (h11.IDLE, h11.SEND_BODY):
            self._waits_for = state
            patience = HEADERS_S if state is h11.IDLE else BODY_S
            self._patience = self.loop.call_later(patience, self._too_slow)

    def _stop_watching(self) -> None:
        self._waits_for = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
