"""How often somebody may try. Kept in memory: a restart forgets, and each daemon counts for itself.

That is enough for what nobody can guess (every secret has 192 random bits or more): it spares work. What must hold over
all hosts, the mails to one mailbox, is counted in the database (:func:`workflow.services.people.signin.offer_link`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from fastapi import HTTPException, Request

MOST_KEYS = 10_000  # whoever invents more names than this lets the oldest go


def client_of(request: Request) -> str:
    """The address a request came from: whose tries are counted."""
    return request.client.host if request.client else ""


class Pace:
    """At most ``count`` tries of one key in any ``seconds``. Safe to ask from several threads."""

    def __init__(self, count: int, seconds: int) -> None:
        self.count, self.span = count, timedelta(seconds=seconds)
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, at: datetime) -> None:
        """Count one try; 429 with Retry-After when ``key`` has none left at ``at``, which is then not counted."""
        with self._lock:
            tries = self._recent(key, at)
            if len(tries) >= self.count:
                raise self._spent(tries, at)
            tries.append(at)
            self._tries[key] = tries
            self._tries.move_to_end(key)
            while len(self._tries) > MOST_KEYS:
                self._tries.popitem(last=False)

    def refuse_if_spent(self, key: str, at: datetime) -> None:
        """429 when ``key`` has no try left; counts nothing."""
        with self._lock:
            tries = self._recent(key, at)
            if len(tries) >= self.count:
                raise self._spent(tries, at)

    def _recent(self, key: str, at: datetime) -> deque[datetime]:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= at - self.span:
            tries.popleft()
        return tries

    def _spent(self, tries: deque[datetime], at: datetime) -> HTTPException:
        wait = max(1, int((tries[0] + self.span - at).total_seconds()) + 1)
        return HTTPException(429, "For mange forsøg. Vent lidt, og prøv igen.", {"Retry-After": str(wait)})
