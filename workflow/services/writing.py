"""Owed notices become bytes: whose mailbox, which words, once.

A letter that cannot be written stops alone and raises an alarm. A body that cannot be reached keeps its notice
owed: it is written in the first pass after somebody adds a mailbox.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from workflow.mail.letters import Letters, Rendered, message_id
from workflow.rules.days import COPENHAGEN
from workflow.storage import outbox
from workflow.storage.alarms import clear_alarms, raise_alarm
from workflow.storage.contacts import live_contact
from workflow.storage.database import reading, writing

BATCH = 100


@dataclass(frozen=True)
class Writer:
    """What writing needs: ``at`` tells the instant, ``instance`` stands in every Message-ID.

    ``alarms`` collects the texts of alarms raised, ``quarantined`` the ids of letters that could not be written.
    """

    engine: Engine
    letters: Letters
    instance: str
    at: Callable[[], datetime]
    stop: Callable[[], bool]
    on_step: Callable[[str, int], None]
    alarms: list[str] = field(default_factory=list)
    quarantined: list[int] = field(default_factory=list)

    async def everything(self) -> None:
        """Write every notice owed; the loop breathes between letters."""
        after = 0
        while not self.stop():
            with reading(self.engine) as session:
                batch = outbox.owed(session, after, BATCH)
            if not batch:
                return
            for notice in batch:
                if self.stop():
                    return
                self._one(notice)
                await asyncio.sleep(0)
            after = batch[-1].id

    def again(self, notice_id: int) -> None:
        """Write one notice for its next address, after the last one was refused."""
        with reading(self.engine) as session:
            found = outbox.owed(session, notice_id - 1, 1)
        if found and found[0].id == notice_id:
            self._one(found[0])

    def _one(self, notice: outbox.Owed) -> None:
        body, _, function = notice.recipient.partition("/")
        at = self.at()
        with reading(self.engine) as session:
            contact = live_contact(session, body, function, at.astimezone(COPENHAGEN).date())
        if contact is None:
            self._unreachable(notice, at)
            return
        name, address = contact
        # a refused address may have seen the first id; another address gets a message of its own
        key = f"{notice.key}~{notice.turned_away}" if notice.turned_away else notice.key
        own_id = message_id(self.instance, key)
        try:
            written = self.letters.render(
                notice.letter, json.loads(notice.facts), name, address, own_id, date=at
            )
        except Exception as error:  # noqa: BLE001  one letter that cannot be written must not stop the others
            self._quarantine(notice, error, at)
            return
        self._keep(notice, address, own_id, written, at)

    def _keep(self, notice: outbox.Owed, address: str, own_id: str, written: Rendered, at: datetime) -> None:
        with writing(self.engine) as session:
            kept = outbox.store_rendering(
                session,
                notice.id,
                address=address,
                message_id=own_id,
                subject=written.subject,
                body=written.raw,
                digest=written.digest,
                template=written.template,
            )
            if kept and notice.why:
                clear_alarms(session, f"contact:{notice.recipient}", at)
        if kept:
            self.on_step("rendered", notice.id)

    def _unreachable(self, notice: outbox.Owed, at: datetime) -> None:
        why = f"Ingen gyldig mailadresse hos {notice.recipient}. Brevet sendes, når en kontakt er oprettet."
        if notice.why == why:
            return
        with writing(self.engine) as session:
            outbox.note(session, notice.id, why)
            if raise_alarm(session, f"contact:{notice.recipient}", "alarm", why, at):
                self.alarms.append(why)

    def _quarantine(self, notice: outbox.Owed, error: Exception, at: datetime) -> None:
        why = f"{type(error).__name__}: {error}".replace("\x00", "")[:1000]
        told = f"Brev {notice.id} ({notice.letter}) kan ikke skrives og er standset: {why}"
        with writing(self.engine) as session:
            if outbox.quarantine(session, notice.id, why):
                self.quarantined.append(notice.id)
                if raise_alarm(session, f"notice:{notice.id}:quarantined", "alarm", told, at):
                    self.alarms.append(told)
