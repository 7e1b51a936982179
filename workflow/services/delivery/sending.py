"""One pass of delivery: write what is owed and hand over what is due, each letter in a conversation of its own.

No transaction is open while the mail server answers. The intent is committed before DATA is said, the outcome
before QUIT. A letter begun is finished: cancellation before the intent gives it back, after it waits for the
answer. Every instant comes from ``at`` (aware).
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from workflow.errors import Conflict
from workflow.mail.answers import Answer
from workflow.mail.sending.retry import Breaker
from workflow.mail.verp import token, verp
from workflow.mail.writing.letters import Letters
from workflow.rules.days import COPENHAGEN, BusinessDays
from workflow.rules.hours import Hours
from workflow.services.delivery.conversations import Conversations, Hand, Mailer
from workflow.services.delivery.copies import look_for_copy
from workflow.services.delivery.enclosing import to_send
from workflow.services.delivery.flood import hold_flood
from workflow.services.delivery.misgivings import died_sending, lasting
from workflow.services.delivery.raising import tell
from workflow.services.delivery.recording import Report, record_outcome
from workflow.services.delivery.resting import breaker_of
from workflow.services.delivery.settling import BRIEFLY, settle
from workflow.services.delivery.together import Together
from workflow.services.delivery.writing import Writer
from workflow.storage import meta
from workflow.storage.database import writing
from workflow.storage.letters import attempts, outbox, windows
from workflow.storage.letters.takeover import one_at_a_time
from workflow.values import dataclass, field

LEASE = timedelta(minutes=20)  # longer than the longest conversation the wire allows
QUIET = range(0, 4)  # Danish hours in which nothing is sent
WEEKDAYS = Hours(BusinessDays(()))  # where no calendar is given, only weekends are closed


def nothing(_step: str, _notice_id: int) -> None:
    """The ``on_step`` that does nothing."""


async def deliver(
    engine: Engine,
    letters: Letters,
    wire: Mailer,
    at: Callable[[], datetime],
    owner: str,
    *,
    instance: str,
    stop: Callable[[], bool],
    limit: int,
    per_minute: int = 30,
    window: int = 1,
    hold_above: int = 0,
    writes: bool = True,
    eager: bool = False,
    overlap: bool = False,
    secret: str = "",
    journal: Path | None = None,
    lease: timedelta = LEASE,
    quiet: range = QUIET,
    hours: Hours = WEEKDAYS,
    pauses: Sequence[float] = BRIEFLY,
    jitter: Callable[[], float] = random.random,
    on_step: Callable[[str, int], None] = nothing,
) -> Report:
    """Free what dead workers held, write what is owed, and try at most ``limit`` letters that are due.

    ``owner`` names this worker, ``stop`` is asked between letters. ``per_minute`` 0 means as fast as it goes; it counts
    the tries of every worker. At most ``window`` reminders share their commits, and so many may be in doubt after a
    kill; letters of law go one by one. Of more reminders than ``hold_above`` at once all wait for a person (0: none
    do). Without ``writes`` only what is written already is sent; with ``limit`` 0 it is only written. An ``eager`` pass
    tries one letter although the channel rests. With ``overlap`` sending begins with the first letter written. A
    mailbox has one mail a day of what can wait; the rest waits for the next morning of ``hours``. ``secret`` signs
    return addresses and links. In ``journal``, a maildir of copies of all that was sent, a letter in doubt is looked
    for first. ``pauses`` (seconds): the wait for an absent database. ``on_step`` is told (step, notice id) at
    *rendered, claimed, talking, intent, sent, recorded*. Database errors are passed on, the mail server's never.
    """

    def step(name: str, notice_id: int) -> None:
        if name == "rendered":
            going.written.set()
        on_step(name, notice_id)

    writer = Writer(engine, letters, instance, hours, at, stop, step, secret)
    sender = _Sender(
        engine, at, owner, lease, letters.envelope_from, secret, journal, stop, pauses, jitter, on_step, writer.alarms,
        eager,
    )  # fmt: skip

    async def write() -> None:
        sender.take_over(hold_above)
        await writer.everything()

    going = Conversations(
        wire,
        lambda busy, room: sender.next_due(per_minute, quiet, busy, min(window, room)),
        sender.hand_over,
        writer.again,
        write if writes else None,
        stop,
    )
    await going.all(limit, overlap=overlap)
    if writes:
        sender.tell_what_lasts()
    return Report.of(sender.count, len(writer.quarantined), writer.alarms)


@dataclass
class _Sender:
    engine: Engine
    at: Callable[[], datetime]
    owner: str
    lease: timedelta
    envelope_from: str
    secret: str
    journal: Path | None
    stop: Callable[[], bool]
    pauses: Sequence[float]
    jitter: Callable[[], float]
    on_step: Callable[[str, int], None]
    alarms: list[str]
    eager: bool
    count: Counter[str] = field(default_factory=Counter)
    intended: set[tuple[int, int]] = field(default_factory=set)
    probes: set[int] = field(default_factory=set)

    def take_over(self, hold_above: int) -> None:
        """Hold back a flood, and free what dead workers held."""
        with writing(self.engine) as session:
            if hold_above:
                hold_flood(session, self.at(), hold_above, self.alarms)
            for notice_id in outbox.release_expired(session, self.at()):
                self.count["uncertain"] += 1
                tell(session, died_sending(notice_id), self.at(), self.alarms)

    def tell_what_lasts(self) -> None:
        """Raise the alarms whose time has come, whether or not anything was tried."""
        with writing(self.engine) as session:
            for alarm in lasting(session, self.at()):
                tell(session, alarm, self.at(), self.alarms)

    def next_due(self, per_minute: int, quiet: range, busy: Collection[str], most: int) -> list[outbox.Claim]:
        """Claim the next letter that goes to none of the ``busy`` domains, and where it is a reminder and nothing hangs
        at most ``most`` with it, unless it is night, sending is held, the minute is full or the channel rests."""
        at = self.at()
        if at.astimezone(COPENHAGEN).hour in quiet:
            return []
        with writing(self.engine) as session:
            one_at_a_time(session, "claim")  # so that the rate and the probe are those of all hosts together
            if meta.get(session, "held"):
                return []
            if per_minute and attempts.full_minute(session, at, per_minute):
                return []
            breaker = breaker_of(session)
            probe, eager = breaker.tripped, self.eager
            self.eager = False
            if not breaker.allows(at) and not eager:
                return []
            if probe and attempts.under_way(session, at - Breaker.PROBE_EVERY):
                return []  # another worker is probing
            claimed = outbox.claim(session, at, self.owner, self.lease, busy)
            claims = [claimed] if claimed else []
            if claimed and not (probe or busy or claimed.statutory or claimed.uncertain):
                more = min(most - 1, attempts.left_in_minute(session, at, per_minute) if per_minute else most)
                claims += windows.beside(session, at, self.owner, self.lease, more) if more > 0 else []
        self.probes |= {one.id for one in claims if probe}
        for one in claims:
            self.on_step("claimed", one.id)
        return claims

    async def hand_over(self, hand: Hand, wire: Mailer) -> None:
        """Send what was claimed and record the answers."""
        if len(hand.claims) > 1:
            say = partial(self._say, at_once=True)
            more = (self.on_step, say, self._record, lambda _: self.count.update(["accepted"]))
            await Together(self.engine, hand, wire, self.at, self.lease, self.stop, self.pauses, *more).go()
        else:
            hand.ended.append((hand.now.id, await self._alone(hand.now, wire)))

    async def _alone(self, claimed: outbox.Claim, wire: Mailer) -> str:
        """Send one claimed letter and record the answer; its kind, or ``""`` when it was taken from us.

        Cancelled before the intent the letter is given back; after it the answer is awaited and recorded first.
        """
        trying = asyncio.create_task(self._try(claimed, wire))
        cancelled = False
        while not trying.done():
            try:
                await asyncio.wait({trying})
            except asyncio.CancelledError:
                cancelled = True
                if (claimed.id, claimed.fence) not in self.intended:
                    trying.cancel()
        if cancelled:
            if not trying.cancelled() and (error := trying.exception()) is not None:
                raise asyncio.CancelledError from error
            raise asyncio.CancelledError
        return trying.result()

    async def _try(self, claimed: outbox.Claim, wire: Mailer) -> str:
        now_or_never = (claimed.id, claimed.fence)

        def commit_intent() -> None:
            with writing(self.engine) as session:
                outbox.intent(session, claimed, self.at(), self.lease)
            self.intended.add(now_or_never)
            self.on_step("intent", claimed.id)

        self.on_step("talking", claimed.id)
        try:
            answer = await self._say(claimed, wire, commit_intent, lambda: now_or_never in self.intended)
        except (Conflict, DBAPIError, asyncio.CancelledError) as error:
            # fenced off, the database busy or away at the intent, or told to stop: DATA was not said, unless the loop
            # itself is being torn down
            if now_or_never in self.intended:
                await self._record(claimed, Answer("uncertain", 0, "afbrudt", "DATA"))
            else:
                await settle(lambda: self._give_back(claimed), BRIEFLY, self.stop)
            if not isinstance(error, Conflict):
                raise
            return ""
        self.on_step("sent", claimed.id)
        kind = await self._record(claimed, answer)
        self.on_step("recorded", claimed.id)
        return kind

    async def _say(
        self, claimed: outbox.Claim, wire: Mailer, before_data: Callable[[], None], begun: Callable[[], bool],
        *, at_once: bool = False,
    ) -> Answer:  # fmt: skip
        """What the server answers, or the journal mailbox; ``begun`` tells whether DATA was, ``at_once`` whether the
        intent may come before MAIL."""
        try:
            claimed = to_send(self.engine, claimed)
            return await self._copy(claimed) or await wire.send(
                verp(self.envelope_from, claimed.message_id, self.secret),
                claimed.address,
                claimed.body,
                before_data,
                token(claimed.message_id, self.secret) if self.secret else "",
                at_once=at_once,
            )
        except (Conflict, DBAPIError):
            raise
        except Exception as error:  # noqa: BLE001  recorded on the row: one letter must not stop the others
            return Answer("uncertain" if begun() else "own_fault", 0, f"{type(error).__name__}: {error}", "")

    async def _copy(self, claimed: outbox.Claim) -> Answer | None:
        if self.journal is None or not claimed.uncertain:
            return None
        asked = (self.engine, self.journal, claimed, self.at(), self.alarms)
        return await asyncio.to_thread(look_for_copy, *asked)

    def _give_back(self, claimed: outbox.Claim) -> None:
        with writing(self.engine) as session:
            outbox.give_back(session, claimed, self.at())

    async def _record(self, claimed: outbox.Claim, answer: Answer) -> str:
        kind = ""

        def commit() -> None:
            nonlocal kind
            probe = claimed.id in self.probes
            done = record_outcome(self.engine, claimed, answer, self.at(), self.jitter(), probe=probe)
            kind = done.kind
            self.alarms[:] = [text for text in self.alarms if text not in done.withdrawn] + done.raised

        await settle(commit, self.pauses, self.stop)
        self.count[kind] += 1
        return kind
