"""Whether the database can be used at all, and an alarm that does not need it when it cannot.

Alarms are rows, so a database that is away, full, read-only or replaced would raise none. Here its state is kept in
memory: a word is written every :data:`EVERY` seconds; trouble is told by the second channel once it has
lasted :data:`PATIENCE` seconds, and told again when it is over. The site asks :attr:`Outage.trouble` for ``/readyz``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from workflow.errors import Conflict, Misconfigured
from workflow.faces.daemon.workplace import Workplace, channels
from workflow.mail.sending.channels import Telling
from workflow.rules.days import COPENHAGEN
from workflow.services.watch.heartbeat import remember_outage
from workflow.services.watch.telling import tell_one
from workflow.storage.database import sqlite_path
from workflow.storage.troubles import BUSY, NOT_OURS, probe, trouble_of

EVERY = 10.0  # seconds between two looks
SILENT = 15.0  # seconds that an answer is waited for; with EVERY: /readyz knows within 25
PATIENCE = 45.0  # seconds of trouble before a person is told: the alarm goes within 75
AGAIN = 60.0  # seconds between two tries to tell
MOVED = "alt i databasen er flyttet til en anden"
_log = logging.getLogger("aftale.outage")


class Outage:
    """``trouble`` is why the database cannot be used, in Danish, ``""`` while it can; ``told`` whether a channel took
    the alarm about it. ``passed`` gives the seconds that really went by."""

    def __init__(
        self, place: Callable[[], Workplace], clock: Callable[[], datetime], passed: Callable[[], float]
    ) -> None:
        self._place, self._clock, self._passed = place, clock, passed
        self.trouble, self.told = "", False
        self._began: tuple[datetime, float] | None = None
        self._tried: float | None = None
        self._over: Telling | None = None
        self._probing: asyncio.Task[str] | None = None

    async def look(self) -> None:
        """Look once, and tell what there is to tell."""
        trouble = await self._ask()
        if trouble:
            await self._goes_on(trouble)
        elif self._began:
            await self._ends()
        if self._over and self._may_try() and await self._tell(self._over):
            self._over = None

    async def _ask(self) -> str:
        """Why it cannot be used; one probe at a time, since one that hangs holds its thread."""
        if self._probing is None:
            self._probing = asyncio.create_task(asyncio.to_thread(self._probed))
        done, _ = await asyncio.wait({self._probing}, timeout=SILENT)
        if not done:
            return f"databasen svarer ikke inden for {SILENT:.0f} sekunder"
        found, self._probing = self._probing.result(), None
        return found

    def _probed(self) -> str:
        place = self._place()
        try:
            probe(place.engine, place.instance)
        except Conflict:
            return BUSY.danish
        except Misconfigured as error:
            return NOT_OURS.danish if NOT_OURS.english in str(error) else MOVED
        except (SQLAlchemyError, OSError) as error:
            if sqlite_path(place.settings.db):
                place.engine.dispose()  # a file that was put back is another file than the one held open
            trouble = trouble_of(error)
            return trouble.danish if trouble else f"databasen svarer med en fejl ({type(error).__name__})"
        return ""

    async def _goes_on(self, trouble: str) -> None:
        if self._began is None:
            self._began, self._tried, self._over = (self._clock(), self._passed()), None, None
        if trouble != self.trouble:
            _log.error("the database cannot be used: %s", trouble, extra={"action": "database.unusable"})
        self.trouble = trouble
        at, since = self._began
        if not self.told and self._passed() - since >= PATIENCE and self._may_try():
            text = (
                f"Databasen har ikke kunnet bruges siden {_said(at)}: {trouble}. Så længe registreres, planlægges og "
                "sendes intet; det, der er skrevet, er der endnu. Se aftale doctor."
            )
            self.told = await self._tell(
                self._telling("alarm", "Aftalefrist: databasen kan ikke bruges", text)
            )

    async def _ends(self) -> None:
        assert self._began
        at, trouble, place = self._began[0], self.trouble, self._place()
        text = f"Databasen kan bruges igen. Fra {_said(at)} til {_said(self._clock())} kunne den ikke: {trouble}."
        _log.warning("the database can be used again: %s", text, extra={"action": "database.usable"})
        if self.told:
            self._over = self._telling("alive", "Aftalefrist: databasen kan bruges igen", text)
        self.trouble, self.told, self._began, self._tried = "", False, None, None
        await asyncio.to_thread(remember_outage, place.engine, text, at, self._clock())

    def _telling(self, level: str, subject: str, text: str) -> Telling:
        assert self._began
        place = self._place()
        name = f"{place.instance}/database/{self._began[0].isoformat()}/{level}"
        return Telling("database", level, subject, text, self._clock(), name)

    def _may_try(self) -> bool:
        return self._tried is None or self._passed() - self._tried >= AGAIN

    async def _tell(self, telling: Telling) -> bool:
        self._tried = self._passed()
        ways = channels(self._place().settings)
        return bool(ways) and await tell_one(ways, telling)


def _said(at: datetime) -> str:
    return f"{at.astimezone(COPENHAGEN):%d.%m.%Y kl. %H.%M.%S}"
