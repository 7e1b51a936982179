"""Owed notices become bytes: whose mailbox, which words, once.

A statutory letter goes alone and at once. Everything else to one mailbox is told in one mail a Danish day; what
comes later the same day waits for the next morning. Bundle and bytes are one transaction, so a bundle is whole or is
not there. A letter that cannot be written stops alone and raises an alarm. A body that cannot be reached keeps its
notice owed: it is written in the first pass after somebody adds a mailbox.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.language import SOURCE, noted, phrase
from workflow.mail.links import ANSWERS, links_in
from workflow.mail.writing.enclosing import Enclosed
from workflow.mail.writing.facts import PlannedFacts, SenderFacts, party_told, told_on
from workflow.mail.writing.letters import Letters, Rendered, message_id
from workflow.rules.days import danish_day
from workflow.rules.hours import Hours, day_began
from workflow.services.delivery import digest
from workflow.services.delivery.digest import Reminder
from workflow.services.delivery.enclosing import linked, taken_along
from workflow.services.delivery.mails import Mail, keep_mails, keep_together
from workflow.services.delivery.raising import tell
from workflow.services.delivery.reaching import told_already, whom
from workflow.services.people.contacts.senders import in_letters
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, withdrawn
from workflow.storage.letters import bundles, outbox
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.people.contacts import languages_chosen
from workflow.values import dataclass, field

FIRST, BATCH = 10, 100  # few first, so that sending can begin


@dataclass(frozen=True)
class Writer:
    """What writing needs: ``at`` tells the instant, ``instance`` stands in every Message-ID, ``hours`` say when the
    next day's mail goes, ``secret`` signs the links that a reader can act on.

    ``alarms`` collects the texts of alarms raised, ``quarantined`` the ids of letters that could not be written.
    """

    engine: Engine
    letters: Letters
    instance: str
    hours: Hours
    at: Callable[[], datetime]
    stop: Callable[[], bool]
    on_step: Callable[[str, int], None]
    secret: str = ""
    alarms: list[str] = field(default_factory=list)
    quarantined: list[int] = field(default_factory=list)
    senders: dict[str, SenderFacts] = field(default_factory=dict)  # by region; read once a pass
    languages: dict[str, str] = field(default_factory=dict)  # by address; read at the start of a pass

    async def everything(self) -> None:
        """Write every notice owed; the loop breathes between letters. What goes alone is kept a batch at a time."""
        after = 0
        self._listen()
        while not self.stop():
            at = self.at()
            with reading(self.engine) as session:
                owed = outbox.owed(session, after, BATCH if after else FIRST)
                batch = [(notice, whom(session, notice, at)) for notice in owed]
            if not batch:
                break
            written = []
            for notice, contact in batch:
                if self.stop():
                    break
                written += self._alone(notice, contact, at)
                await asyncio.sleep(0)
            self._keep(written, at)
            after = owed[-1].id
        after, mails = 0, list[Mail]()
        for address, group in self._mailboxes().items():
            if self.stop():
                break
            mails += self._together(address, group)
            if len(mails) >= (BATCH if after else FIRST):
                self._keep_mails(mails)
                after, mails = len(mails), []
            await asyncio.sleep(0)
        self._keep_mails(mails)

    def again(self, notice_id: int) -> None:
        """Write one notice for its next address, after the last one was refused, and with it what it carried."""
        at = self.at()
        self._listen()
        with reading(self.engine) as session:
            found = [one for one in outbox.owed(session, notice_id - 1, 1) if one.id == notice_id]
            contacts = [whom(session, one, at) for one in found]
        for notice, contact in zip(found, contacts, strict=True):
            self._keep(self._alone(notice, contact, at), at)
        if found:
            return
        for address, group in self._mailboxes().items():
            self._keep_mails(self._together(address, group))

    def _alone(
        self, notice: outbox.Owed, contact: tuple[str, str] | None, at: datetime
    ) -> list[tuple[outbox.Owed, str, Rendered]]:
        """The letter, or nothing when there is no mailbox or it cannot be written."""
        if contact is None:
            self._unreachable(notice, at)
            return []
        name, address = contact
        try:
            written = self._written(notice, self._facts(notice, address), name, address, at)
        except Exception as error:  # noqa: BLE001  one letter that cannot be written must not stop the others
            self._quarantine(notice, error, at)
            return []
        return [(notice, address, written)]

    def _keep(self, letters: list[tuple[outbox.Owed, str, Rendered]], at: datetime) -> None:
        def keep(session: Session, one: tuple[outbox.Owed, str, Rendered]) -> bool:
            kept = not told_already(session, one[0], one[1]) and self._store(session, *one)
            if kept and one[0].why:
                clear_alarms(session, f"contact:{one[0].recipient}", at)
            return kept

        for notice, _, _ in keep_together(self.engine, letters, keep):
            self.on_step("rendered", notice.id)

    def _mailboxes(self) -> dict[str, list[Reminder]]:
        """Everything that can wait and whose time has come, by address, in the order it was planned. To a mailbox that
        has had its mail today it waits for tomorrow's."""
        at = self.at()
        boxes: dict[str, list[Reminder]] = {}
        with reading(self.engine) as session:
            waiting = [(notice, whom(session, notice, at)) for notice in outbox.reminders(session, at)]
        for notice, contact in waiting:
            if contact is None:
                self._unreachable(notice, at)
                continue
            try:
                facts = told_on(self._facts(notice, contact[1]), danish_day(at))
                reminder = Reminder(notice, facts, contact[0])
                _ = reminder.about, reminder.urgency
            except (ValueError, LookupError, TypeError) as error:
                self._quarantine(notice, error, at)
                continue
            boxes.setdefault(contact[1], []).append(reminder)
        return self._with_room(boxes, at)

    def _with_room(self, boxes: dict[str, list[Reminder]], at: datetime) -> dict[str, list[Reminder]]:
        with reading(self.engine) as session:
            waits = bundles.taken_of(session, list(boxes), day_began(at))
        if later := [one.notice.id for address in waits for one in boxes[address]]:
            with writing(self.engine) as session:
                bundles.postpone(session, later, self.hours.tomorrow(at))
        return {address: group for address, group in boxes.items() if address not in waits}

    def _together(self, address: str, group: list[Reminder]) -> list[Mail]:
        """``group`` written in one mail to ``address``, to be kept; nothing where it cannot be written."""
        at = self.at()
        rows = digest.told(group)
        carrier = rows[0]
        try:
            letter, facts = digest.letter(rows)
            written = self._written(carrier.notice, facts, carrier.name, address, at, letter)
        except Exception as error:  # noqa: BLE001  one letter that cannot be written must not stop the others
            return self._sort_out(address, group, carrier, error)
        return [Mail(address, carrier, group, written, at)]

    def _keep_mails(self, mails: list[Mail]) -> None:
        for mail in keep_mails(self.engine, mails, self._store):
            self.on_step("rendered", mail.carrier.notice.id)

    def _sort_out(
        self, address: str, group: list[Reminder], carrier: Reminder, error: Exception
    ) -> list[Mail]:
        """A mail could not be written: stop the letters that cannot be written alone, and go on with the rest."""
        at = self.at()
        if len(group) == 1:
            self._quarantine(carrier.notice, error, at)
            return []
        sound = [one for one in group if self._can_be_written(address, one, at)]
        if len(sound) < len(group):
            return self._together(address, sound) if sound else []
        told = phrase(
            "Dagens samlede mail til %(address)s kan ikke skrives; den mest presserende sendes alene: "
            "%(error)s",
            address=address,
            error=error,
        )
        with writing(self.engine) as session:
            tell(session, ("letter:digest", "alarm", told), at, self.alarms)
        return self._together(address, [carrier])

    def _can_be_written(self, address: str, one: Reminder, at: datetime) -> bool:
        try:
            self._written(one.notice, one.facts, one.name, address, at)
        except Exception as error:  # noqa: BLE001  recorded on the row
            self._quarantine(one.notice, error, at)
            return False
        return True

    def _listen(self) -> None:
        """Learn which mailboxes read another language than Danish."""
        self.languages.clear()
        with reading(self.engine) as session:
            self.languages.update(languages_chosen(session))

    def _written(
        self,
        notice: outbox.Owed,
        facts: PlannedFacts,
        name: str,
        address: str,
        at: datetime,
        letter: str = "",
    ) -> Rendered:
        """The letter of a notice, or ``letter`` with others in it, in the language of its mailbox, and with the files
        it takes along; once refused for its size it takes none."""
        language, papers, files = self.languages.get(address, SOURCE), None, list[Enclosed]()
        if facts.get("papers"):
            with reading(self.engine) as session:
                most = None if notice.too_large else self.letters.attached
                papers, files = taken_along(session, facts, most)
        return self.letters.render(
            letter or notice.letter,
            facts | {"papers": papers},
            name,
            address,
            self._id(notice),
            at,
            language,
            files,
        )

    def _facts(self, notice: outbox.Owed, address: str) -> PlannedFacts:
        """What the letter is written from, with the links that are this mailbox's own."""
        facts: PlannedFacts = json.loads(notice.facts)
        if type(facts) is not dict:
            raise TypeError("the facts of the letter are no object")
        region, desk = facts["agreement"]["region"], facts["agreement"].get("desk")
        if desk and danish_day(self.at()).isoformat() > desk["after"]:  # who has ended writes no letters
            region = desk["region"]
            facts = {**facts, "agreement": {**facts["agreement"], "writes": desk["name"]}}
        if region not in self.senders:
            with reading(self.engine) as session:
                self.senders[region] = in_letters(session, region)
        facts = {**facts, **self.senders[region]}
        version = facts["version"]
        edition = self._edition(facts, version["number"]) if notice.letter in ANSWERS and version else 0
        links = links_in(facts, self.secret, notice.letter, notice.id, address, edition, notice.statutory)
        return {**facts, **links, "papers": linked(facts, self.secret, notice.id)}

    def _edition(self, facts: PlannedFacts, version: int) -> int:
        with reading(self.engine) as session:
            row = journal.find(session, facts["agreement"]["key"])
            return withdrawn.times(session, row, party_told(facts), version)

    def _id(self, notice: outbox.Owed) -> str:
        # who refused it may have seen the first id; what is written anew is a message of its own
        key = f"{notice.key}~{notice.turned_away}" if notice.turned_away else notice.key
        return message_id(self.instance, key, self.letters.domain)

    def _store(self, session: Session, notice: outbox.Owed, address: str, written: Rendered) -> bool:
        return outbox.store_rendering(
            session,
            notice.id,
            address=address,
            message_id=self._id(notice),
            subject=written.subject,
            body=written.kept,
            digest=written.digest,
            template=written.template,
        )

    def _unreachable(self, notice: outbox.Owed, at: datetime) -> None:
        text = noted("Ingen gyldig mailadresse hos %(whom)s. Brevet sendes, når en kontakt er oprettet.")
        why = phrase(text, whom=notice.recipient)
        if notice.why == why:
            return
        with writing(self.engine) as session:
            outbox.note(session, notice.id, why)
            tell(session, (f"contact:{notice.recipient}", "alarm", why), at, self.alarms)

    def _quarantine(self, notice: outbox.Owed, error: Exception, at: datetime) -> None:
        why = f"{type(error).__name__}: {error}".replace("\x00", "")[:1000]
        told = phrase(
            "Brev %(id)s (%(letter)s) kan ikke skrives og er standset: %(why)s",
            id=notice.id,
            letter=notice.letter,
            why=why,
        )
        with writing(self.engine) as session:
            if outbox.quarantine(session, notice.id, why):
                self.quarantined.append(notice.id)
                tell(session, (f"notice:{notice.id}:quarantined", "alarm", told), at, self.alarms)
