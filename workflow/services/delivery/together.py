"""A window of reminders said one after the other on one line, which share their commits.

The intents of all are committed before the first DATA, the answers when the last has come, or earlier: when one is not
a plain yes, when a second has gone by, when the server falls silent, when we are told to stop. What was not begun then
is given back, in no doubt. A kill leaves at most the window in doubt, every one flagged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from workflow.errors import Conflict
from workflow.mail.answers import CHANNEL_VERBS, Answer
from workflow.services.delivery.conversations import PATIENCE, Hand, Mailer
from workflow.services.delivery.recording import record_accepted
from workflow.services.delivery.settling import BRIEFLY, settle
from workflow.storage.database import writing
from workflow.storage.letters import windows
from workflow.storage.letters.outbox import Claim
from workflow.values import dataclass, field

KEPT = 1.0  # seconds that an answer waits for others to be recorded with it
_OF_THE_ROAD = ("own_fault", "channel_refused", "uncertain")


@dataclass
class Together:
    """``say`` says one letter: what it is told runs before DATA, and the last tells whether DATA was begun. ``record``
    writes down one answer that is no plain yes and tells its kind; ``recorded`` is told of each letter that was
    accepted. The rest is as in :func:`workflow.services.delivery.sending.deliver`."""

    engine: Engine
    hand: Hand
    wire: Mailer
    at: Callable[[], datetime]
    lease: timedelta
    stop: Callable[[], bool]
    pauses: Sequence[float]
    on_step: Callable[[str, int], None]
    say: Callable[[Claim, Mailer, Callable[[], None], Callable[[], bool]], Coroutine[object, None, Answer]]
    record: Callable[[Claim, Answer], Awaitable[str]]
    recorded: Callable[[int], None]
    left: list[Claim] = field(init=False)
    intended: set[int] = field(default_factory=set)
    until: datetime | None = None
    saying: bool = False
    ending: bool = False
    kept: list[windows.Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = list(self.hand.claims)

    async def go(self) -> None:
        """All of them. Cancelled, the letter being said is brought to its end, and the others are given back."""
        going = asyncio.create_task(self._all())
        cancelled = False
        while not going.done():
            try:
                await asyncio.wait({going})
            except asyncio.CancelledError:
                cancelled = self.ending = True
                if not self.saying:
                    going.cancel()
        if cancelled:
            if not going.cancelled() and (error := going.exception()) is not None:
                raise asyncio.CancelledError from error
            raise asyncio.CancelledError
        going.result()

    async def _all(self) -> None:
        loop = asyncio.get_running_loop()
        kept_since = loop.time()
        try:
            while self.left and not self.ending and not self.stop():
                claim = self.left[0]
                self.hand.now, self.hand.began = claim, loop.time()
                self.on_step("talking", claim.id)
                answer = await self._say(claim)
                self.left = self.left[1:]
                if answer is None:
                    continue
                self.on_step("sent", claim.id)
                if answer.kind == "accepted":
                    kept_since = kept_since if self.kept else loop.time()
                    self.kept.append(windows.Taken(claim, answer.code, answer.text, answer.verb, self.at()))
                    if loop.time() - kept_since > KEPT:
                        await self._keep()
                elif await self._took_the_road_away(claim, answer):
                    break
        finally:
            try:
                await self._keep()
            finally:
                await self._let_go(self.left)

    async def _say(self, claim: Claim) -> Answer | None:
        """What the server answered; ``None`` where the letter was taken from us before anything was said."""
        saying = asyncio.ensure_future(
            self.say(claim, self.wire, lambda: self._about_to_say(claim), lambda: self.saying)
        )
        try:
            await asyncio.wait({saying}, timeout=PATIENCE)
            if not saying.done():  # another line may take the others, and what was answered is not held up
                await self._keep()
                await self._let_go(self.left[1:])
                self.left = [claim]
            return await saying
        except Conflict:
            return None
        except asyncio.CancelledError:
            saying.cancel()
            await asyncio.wait({saying})
            if self.saying:  # the loop itself is being torn down: nobody knows what became of this one
                self.left = self.left[1:]
                await self.record(claim, Answer("uncertain", 0, "afbrudt", "DATA"))
            raise
        finally:
            self.saying = False

    def _about_to_say(self, claim: Claim) -> None:
        """The intents of all are in the database before the first of them is said; none is said past its lease."""
        if self.until is None:
            now = self.at()
            with writing(self.engine) as session:
                self.intended = windows.intend(session, self.left, now, self.lease)
            self.until = now + self.lease
        if claim.id not in self.intended or self.at() >= self.until:
            raise Conflict(f"notice {claim.id} was taken over by another worker; nothing was sent")
        if not self.saying:  # else it is asked once more, before the letter itself
            self.saying = True
            self.on_step("intent", claim.id)

    async def _took_the_road_away(self, claim: Claim, answer: Answer) -> bool:
        """Record an answer that is no yes; whether the next letter should not be tried on this road as it is."""
        await self._keep()
        kind = await self.record(claim, answer)
        self.hand.ended.append((claim.id, kind))
        self.on_step("recorded", claim.id)
        return (
            kind in _OF_THE_ROAD
            or answer.kind in _OF_THE_ROAD
            or answer.verb in CHANNEL_VERBS
            or not answer.code
        )

    async def _keep(self) -> None:
        answered, self.kept = self.kept, []
        if not answered:
            return
        await settle(lambda: record_accepted(self.engine, answered), self.pauses, self.stop)
        for one in answered:
            self.hand.ended.append((one.claim.id, "accepted"))
            self.recorded(one.claim.id)
            self.on_step("recorded", one.claim.id)

    async def _let_go(self, claims: Sequence[Claim]) -> None:
        if not claims:
            return

        def commit() -> None:
            with writing(self.engine) as session:
                windows.let_go(session, claims, self.at())

        await settle(commit, BRIEFLY, self.stop)
