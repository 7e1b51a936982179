"""One letter in full: what was sent, to whom, every attempt with the server's words, and what came back. Read-only."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable, Sequence
from datetime import date
from email.message import EmailMessage
from functools import partial
from typing import TypedDict

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.errors import NotFound
from workflow.language import noted, phrase
from workflow.mail.writing.cutting import MayUse, cut, cut_mail, nobody
from workflow.mail.writing.facts import PlannedFacts
from workflow.rules.days import danish_day
from workflow.services.delivery.enclosing import as_sent
from workflow.services.delivery.handling import find_notice
from workflow.services.keeping.proving import ATTEMPT_WORDS
from workflow.services.people.contacts.reach import mailbox_in
from workflow.services.views.notices import NoticeJson, notice_json
from workflow.storage.database import reading
from workflow.storage.letters.outbox import NOWHERE, OWED, word
from workflow.storage.seals import removed_on
from workflow.storage.tables import AgreementRow, Attempt, Bounce, Notice
from workflow.values import dataclass

RETURNED = {
    "failed": noted("returneret"),
    "given_up": noted("returneret; postkassen er opgivet for dette brev"),
    "delayed": noted("forsinket"),
    "delivered": noted("afleveret"),
    "relayed": noted("sendt videre"),
    "expanded": noted("delt ud"),
    "loop": noted("vores eget brev kom tilbage"),
    "auto-reply": noted("automatisk svar"),
    "closed": noted("automatisk svar: postkassen er nedlagt"),
    "challenge": noted("holdt tilbage af et filter, som spørger, hvem der skriver"),
    "receipt": noted("læsekvittering"),
    "answer": noted("svar fra en person"),
    "unread": noted("retur, som kun en person kan læse"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice with everything that hangs on it. ``sent`` is the mail as it went out but for what its files hold,
    ``None`` before it is written and after its time (``removed_on``, a Danish day); ``whole()`` gives all its bytes;
    ``mail`` is the notice that carries it where another does."""

    notice: Notice
    agreement: AgreementRow
    state_text: str
    facts: PlannedFacts
    sent: EmailMessage | None
    mail: Notice | None
    carries: Sequence[Notice]
    attempts: Sequence[tuple[Attempt, str]]
    bounces: Sequence[Bounce]
    whole: Callable[[], bytes | None] | None = None
    may_use: MayUse = nobody
    removed_on: date | None = None

    def said_of(self, bounce: Bounce) -> str:
        """What came back, in Danish."""
        return RETURNED.get(bounce.kind, bounce.kind)

    @property
    def text(self) -> str:
        """The text part as the receiver's program shows it, without the links that the reader may not use; empty before
        it is written."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part's source; never to be put into a page as markup."""
        return self._part("html")

    @property
    def mail_bytes(self) -> bytes | None:
        """The mail as a file for this reader: as it was sent where every link in it is theirs."""
        sent = self.whole() if self.whole else None
        return cut_mail(sent, self.may_use) if sent is not None else None

    @property
    def attached(self) -> list[str]:
        """The names of the files that went with it."""
        return (
            [part.get_filename() or phrase("uden navn") for part in self.sent.iter_attachments()]
            if self.sent
            else []
        )

    def _part(self, kind: str) -> str:
        body = self.sent.get_body((kind,)) if self.sent else None
        return cut(str(body.get_content()), self.may_use) if body else ""


def read_letter(engine: Engine, number: int, on: date | None = None) -> Letter:
    """The letter with this number, shown without the links in it that act; :class:`NotFound` otherwise. With ``on``
    (today, Danish) one owed to a function without a mailbox says so."""
    with reading(engine) as session:
        notice = session.get(Notice, number)
        if notice is None:
            raise NotFound(phrase("der er intet brev nr. %(number)s", number=number))
        mail = session.get(Notice, notice.carried_by) if notice.carried_by else None
        carrier = mail or notice
        lost = bool(on and notice.state in OWED and mailbox_in(session, notice.recipient, on) is None)
        tried = select(Attempt).where(col(Attempt.notice_id) == carrier.id).order_by(col(Attempt.fence))
        returned = select(Bounce).where(col(Bounce.notice_id) == carrier.id).order_by(col(Bounce.id))
        carried = select(Notice).where(col(Notice.carried_by) == notice.id).order_by(col(Notice.id))
        return Letter(
            notice,
            session.get_one(AgreementRow, notice.agreement_id),
            NOWHERE if lost else word(notice.state, notice.outcome, notice.uncertain),
            json.loads(notice.facts),
            _parsed(carrier.body),
            mail,
            session.scalars(carried).all(),
            [(one, ATTEMPT_WORDS[one.outcome]) for one in session.scalars(tried)],
            session.scalars(returned).all(),
            partial(_whole, engine, carrier.body) if carrier.body else None,
            removed_on=danish_day(gone) if (gone := removed_on(session, carrier.id)) else None,
        )


class TriedJson(TypedDict):
    """One attempt to hand a letter over."""

    started_at: str
    outcome: str
    outcome_text: str
    verb: str
    code: int
    text: str


class ReturnedJson(TypedDict):
    """What came back."""

    arrived_at: str
    kind: str
    status: str
    text: str


class LetterJson(NoticeJson):
    """A notice with every attempt and what came back."""

    removed_on: str | None
    tried: list[TriedJson]
    returned: list[ReturnedJson]


def letter_json(engine: Engine, reference: str) -> LetterJson:
    """One letter as ``aftale notices NOTICE --json`` gives it: as in the list, with every attempt and what came back.
    ``reference`` is its number, key or Message-ID; :class:`NotFound` when there is none. Instants are ISO in UTC."""
    with reading(engine) as session:
        number = find_notice(session, reference).id or 0
    letter = read_letter(engine, number)
    return {
        **notice_json(letter.notice, letter.agreement, letter.mail),
        "removed_on": letter.removed_on.isoformat() if letter.removed_on else None,
        "tried": [
            {
                "started_at": tried.started_at.isoformat(),
                "outcome": tried.outcome,
                "outcome_text": said,
                "verb": tried.verb,
                "code": tried.code,
                "text": tried.text,
            }
            for tried, said in letter.attempts
        ],
        "returned": [
            {
                "arrived_at": bounce.arrived_at.isoformat(),
                "kind": bounce.kind,
                "status": bounce.status,
                "text": bounce.text,
            }
            for bounce in letter.bounces
        ],
    }


def _whole(engine: Engine, body: bytes) -> bytes | None:
    with reading(engine) as session:
        return as_sent(session, body)


def _parsed(body: bytes | None) -> EmailMessage | None:
    return email.message_from_bytes(body, policy=email.policy.default) if body else None
