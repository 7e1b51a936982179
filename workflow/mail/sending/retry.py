"""When a notice is tried again, when people are told, and when the channel is given a rest. All pure.

Waits are lengths of real time, not Danish civil time. Nothing here ever gives a notice up; a mailbox it does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from workflow.values import dataclass

STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30))
POLICY_WAIT = timedelta(hours=4)
TRIES = 5  # at one mailbox that is full, slow or unwilling; then the letter takes the body's next one
WITHIN = timedelta(days=3)
FULL_WAITS = tuple(timedelta(hours=hours) for hours in (4, 8, 20, 40))  # the fifth try ends the third day
DOUBTS = (
    5  # tries of which nobody knows whether the letter arrived; each may be a copy, so then a person is asked
)
WARN_AFTER, ALARM_AFTER, PERSON_AFTER = timedelta(minutes=30), timedelta(hours=4), timedelta(days=5)
EARLY = timedelta(
    minutes=2
)  # people are told *by* then; a pass comes once a minute and may wait for the server
JITTER = 0.2  # at most a fifth longer, so that a queue that failed together does not return together


def backoff(tries: int, spread: float) -> timedelta:
    """The wait after the ``tries``-th failed try (from 1); ``spread`` in [0, 1) is a random number."""
    step = STEPS[min(max(tries, 1), len(STEPS)) - 1]
    return step * (1 + JITTER * spread)


def wait_for_mailbox(
    tries: int, since: datetime, at: datetime, *, person_decides: bool = False
) -> timedelta | None:
    """How long after the ``tries``-th refusal by one mailbox it is asked again, the first having been ``since``;
    ``None`` when it is given up. Where a ``person_decides`` it is asked every :data:`POLICY_WAIT` meanwhile."""
    if at - since >= WITHIN or (tries >= TRIES and not person_decides):
        return None
    return POLICY_WAIT if person_decides else FULL_WAITS[max(tries, 1) - 1]


def severity(since: datetime, at: datetime) -> str:
    """How loud to be about something that has failed ``since``: ``""``, ``warning``, ``alarm`` or ``person``."""
    waited = at - since + EARLY
    if waited >= PERSON_AFTER:
        return "person"
    if waited >= ALARM_AFTER:
        return "alarm"
    return "warning" if waited >= WARN_AFTER else ""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Five failures in a row on the road to the server, or one refusal that speaks of the road: from then one probe
    every five minutes.

    It spares the notices: while it is open they are not tried, so they do not each collect failures.
    """

    failures: int = 0
    failed_at: datetime | None = None

    TRIP = 5
    PROBE_EVERY = timedelta(minutes=5)

    @classmethod
    def of(cls, newest_first: Iterable[tuple[int, datetime]]) -> Breaker:
        """The breaker after these attempts, each (how many failures of the channel it counts for, ended at)."""
        breaker = cls()
        for failed, ended_at in newest_first:
            if not failed:
                break
            breaker = cls(breaker.failures + int(failed), breaker.failed_at or ended_at)
        return breaker

    @property
    def tripped(self) -> bool:
        """Whether the channel is given a rest, but for one probe at a time."""
        return self.failures >= self.TRIP

    def allows(self, at: datetime) -> bool:
        """Whether a try may be made ``at`` this instant."""
        if not self.tripped or self.failed_at is None:
            return True
        return at >= self.failed_at + self.PROBE_EVERY
