"""Several letters in hand at once, so that none stops another.

Letters go one after the other as long as the mail server answers: that is quick, and in the order they are due. Only
when a conversation has been silent for :data:`PATIENCE` the next letter begins beside it, on a line of its own and to
another domain, since what hangs is mostly one receiver behind the relay. A letter that hangs for ten minutes after its
dot then costs itself ten minutes and the others three seconds; what falls due meanwhile is written and sent too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Protocol

from workflow.mail.answers import Answer
from workflow.storage.letters.outbox import TURNED_AWAY, Claim
from workflow.values import dataclass, field

PATIENCE = 3.0  # seconds without an end before another letter begins
MOST = 10  # conversations at once; mail servers take about twenty from one client
SAME_DOMAIN = 10.0  # seconds before a second letter begins to a domain whose first one hangs, and a third
MOST_TO_ONE = 3
LOOK_AGAIN = 5.0  # seconds between two looks for what has fallen due while letters hang


class Mailer(Protocol):
    """Who hands letters over: :class:`~workflow.mail.sending.smtp.Wire`, or a rehearsal's ``Sink``."""

    async def send(
        self, envelope_from: str, to: str, raw: bytes, before_data: Callable[[], None], envid: str = "",
        *, at_once: bool = False,
    ) -> Answer: ...  # fmt: skip

    async def close(self) -> None: ...

    def another(self) -> Mailer:
        """A line of its own to the same server."""
        ...


@dataclass(eq=False)
class Hand:
    """What one conversation has in hand: ``now`` is being said, since ``began`` (loop time); ``ended`` tells what was
    recorded of each letter (its id)."""

    claims: list[Claim]
    now: Claim
    began: float
    ended: list[tuple[int, str]] = field(default_factory=list)


class Conversations:
    """``next_due`` claims the next letters, to none of these domains and at most so many; ``hand_over`` sends them on a
    line; ``turned_away`` is told of one that needs another address; ``write`` writes what is owed."""

    def __init__(
        self,
        wire: Mailer,
        next_due: Callable[[Collection[str], int], list[Claim]],
        hand_over: Callable[[Hand, Mailer], Awaitable[None]],
        turned_away: Callable[[int], None],
        write: Callable[[], Awaitable[None]] | None,
        stop: Callable[[], bool],
    ) -> None:
        self._next_due, self._hand_over, self._turned_away = next_due, hand_over, turned_away
        self._write, self._stop = write, stop
        self._lines, self._idle = [wire], [wire]
        self._of: dict[asyncio.Task[None], tuple[Hand, Mailer]] = {}
        self._writing: asyncio.Task[None] | None = None
        self.written = asyncio.Event()

    async def all(self, limit: int, *, overlap: bool) -> None:
        """At most ``limit`` letters, and what is owed written first, or with ``overlap`` meanwhile. Cancelled, every
        letter in hand is given back or brought to its end first. What a letter raises is passed on after the others."""
        try:
            if self._write:
                self._writing = asyncio.ensure_future(self._write())
                if not overlap:
                    await asyncio.shield(self._writing)
            await self._all(limit)
        except asyncio.CancelledError as cancelled:
            await self._end(cancelled)
        finally:
            for line in self._lines:
                await line.close()

    async def _all(self, limit: int) -> None:
        loop, begun, failed = asyncio.get_running_loop(), 0, None
        looked_at = loop.time()
        while True:
            if failed is None and begun < limit and not self._stop() and self._may_begin(loop.time()):
                self.written.clear()
                if claims := self._next_due(self._busy(loop.time()), limit - begun):
                    self._begin(Hand(claims, claims[0], loop.time()))
                    begun += len(claims)
                    continue
            if not self._of and self._writing is None:
                break
            if self._write and self._of and self._writing is None and loop.time() - looked_at > LOOK_AGAIN:
                looked_at = loop.time()
                self._writing = None if self._stop() else asyncio.ensure_future(self._write())
            failed = await self._ended() or failed
        if failed is not None:
            raise failed

    def _may_begin(self, now: float) -> bool:
        return len(self._of) < MOST and all(now - hand.began >= PATIENCE for hand, _ in self._of.values())

    def _busy(self, now: float) -> list[str]:
        """The domains that no further letter is begun to: one at a time, but a hang must not stop the domain's rest."""
        ages: dict[str, list[float]] = {}
        for hand, _line in self._of.values():
            ages.setdefault(_domain(hand.now), []).append(now - hand.began)
        return [one for one, of in ages.items() if min(of) < SAME_DOMAIN or len(of) >= MOST_TO_ONE]

    def _begin(self, hand: Hand) -> None:
        if not self._idle:
            self._idle.append(self._lines[0].another())
            self._lines.append(self._idle[-1])
        line = self._idle.pop()
        self._of[asyncio.ensure_future(self._hand_over(hand, line))] = (hand, line)

    async def _ended(self) -> BaseException | None:
        """Wait until a letter ends, or is silent for long, or one more is written; what one of them raised."""
        something = asyncio.ensure_future(self.written.wait())
        waited = {something, *self._of} | ({self._writing} if self._writing else set())
        try:
            await asyncio.wait(waited, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        finally:
            something.cancel()
        failed: BaseException | None = None
        if self._writing and self._writing.done():
            failed, self._writing = self._writing.exception(), None
        for task in [task for task in self._of if task.done()]:
            hand, line = self._of.pop(task)
            self._idle.append(line)
            failed = task.exception() or failed
            for notice_id, kind in hand.ended:
                if kind in TURNED_AWAY:
                    self._turned_away(notice_id)
        return failed

    async def _end(self, cancelled: asyncio.CancelledError) -> None:
        tasks = {*self._of, *([self._writing] if self._writing else [])}
        while pending := {task for task in tasks if not task.done()}:
            for task in pending:
                task.cancel()  # it gives its letter back, or hears the answer first
            with suppress(asyncio.CancelledError):  # told again
                await asyncio.wait(pending)
        errors = [task.exception() for task in tasks if not task.cancelled()]
        raise cancelled from next((error for error in errors if error), None)


def _domain(claim: Claim) -> str:
    return claim.address.rpartition("@")[2].lower()
