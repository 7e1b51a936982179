"""What may be shown once: remembered in this process for as long as it would hold."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 10_000  # remembered; the oldest go first, and each is of the last minutes


class Once:
    """Knows what was shown within ``lasts``. Only digests are kept."""

    def __init__(self, lasts: timedelta) -> None:
        self.lasts = lasts
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, value: str, at: datetime) -> bool:
        """Whether ``value`` is shown for the first time."""
        key = hashlib.sha256(value.encode("utf-8", "replace")).digest()
        with self._lock:
            while self._seen and (
                len(self._seen) > MOST or next(iter(self._seen.values())) <= at - self.lasts
            ):
                self._seen.popitem(last=False)
            if key in self._seen:
                return False
            self._seen[key] = at
            return True
