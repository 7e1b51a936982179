"""What one connection may take: so many at once, so long for its headers, so long for its body.

The page and the mailer share a process and its file table. A stranger who opens connections and says nothing would
take all of it, and then no letter goes out; so idle connections are few and short-lived, whoever holds them. Nor may
a stranger keep the others out: where there are too many, the one that has kept us waiting longest makes room.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from itertools import chain
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 250  # at once; a page needs six, and a process may usually hold 1,024 files
IN_ONE_GO, A_SECOND = 10, 500  # are taken at most; what strangers cost the mailer is bounded so
QUEUE = 2048  # wait in the kernel, which costs no file
HEADERS_S, BODY_S = 10.0, 60.0  # seconds for a request's headers, and for its body after them


class Bounded(H11Protocol):
    """uvicorn's own protocol with limits in time and number; each server has a class of its own (:func:`bounded`)."""

    idle: ClassVar[OrderedDict[Bounded, None]]  # no question has come, or all are answered; longest first
    slow: ClassVar[OrderedDict[Bounded, None]]  # the rest of a question is awaited, or an answer is not read

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None
        self._waits_for: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection; where there are too many, hang up on whoever has kept us waiting longest."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > MOST:
            next(chain(self.idle, self.slow), self)._hang_up()
        if not transport.is_closing():
            self._queue()

    def data_received(self, data: bytes) -> None:
        """Read on; more bytes buy no more time."""
        super().data_received(data)
        self._watch()
        self._queue()

    def on_response_complete(self) -> None:
        """Answered: the next request has its own time, after the pause uvicorn allows between two; one that was sent
        along with this begins here."""
        self._stop_watching()
        super().on_response_complete()
        if self._under_way():
            self._watch()
        self._queue()

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._queue()

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._queue()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock with the connection."""
        self._forget()
        super().connection_lost(exc)

    def _hang_up(self) -> None:
        self._forget()
        self.connections.discard(self)  # its place is free; that it is gone is told a moment later
        self.transport.abort()

    def _forget(self) -> None:
        self._stop_watching()
        self.idle.pop(self, None)
        self.slow.pop(self, None)

    def _under_way(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _queue(self) -> None:
        """Stand where it belongs, and where it stands already, stay in front of those who came later."""
        if self not in self.connections:
            return
        idle = not self._under_way()
        slow = not idle and (self._waits_for is h11.SEND_BODY or self.flow.write_paused)
        for queue, belongs in ((self.idle, idle), (self.slow, slow)):
            if belongs:
                queue.setdefault(self)
            else:
                queue.pop(self, None)

    def _watch(self) -> None:
        """Start a clock where a new kind of waiting begins, and stop it where nothing is awaited from the client."""
        state = self.conn.their_state
        if state is self._waits_for:
            return
        self._stop_watching()
        if state in (h11.IDLE, h11.SEND_BODY):
            self._waits_for = state
            patience = HEADERS_S if state is h11.IDLE else BODY_S
            self._patience = self.loop.call_later(patience, self._hang_up)

    def _stop_watching(self) -> None:
        self._waits_for = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def bounded() -> type[Bounded]:
    """The protocol of one server, whose connections make room for each other."""
    return type("Bounded", (Bounded,), {"idle": OrderedDict(), "slow": OrderedDict()})
