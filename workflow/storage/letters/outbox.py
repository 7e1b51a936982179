"""The outbox: guarded updates that move a notice, each true or false, never twice.

Every update repeats its condition, so a worker that was paused, fenced off or overtaken changes nothing. All
instants are aware UTC. Nothing here talks to the world; the caller owns the transaction.

    planned -> ready -> claimed -> intent -> accepted -> confirmed | bounced
    claimed -> ready     the lease ended, or the try failed before the intent; accepted when a copy was found
    intent  -> ready     the try failed; flagged ``uncertain`` when nobody knows what became of it
    claimed -> refused   the address was refused for good, or given up; ready again as soon as there is another
    intent  -> held      the last of so many tries of which nobody knows what became; a person decides
    planned -> quarantined   the letter could not be written
    planned -> carried   told in another's mail; it shares that one's outcome (bundles.py)
    superseded -> planned | ready   withdrawn before it went, and owed again (planning/reminders.py)
    unanswered -> planned | told | cancelled   history until a person has answered (planning/answering.py)
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, bindparam, func, insert, select, true, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.errors import Conflict, NotPossible
from workflow.language import noted, phrase
from workflow.storage.letters.bundles import companions, follow
from workflow.storage.letters.late import close_late
from workflow.storage.letters.prepared import INTEND, STORE, claiming, closing
from workflow.storage.seals import seal
from workflow.storage.tables import ABANDONED, GIVEN_UP, TOO_LARGE, Attempt, Notice
from workflow.values import dataclass

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]

TURNED_AWAY = ("address_refused", GIVEN_UP, TOO_LARGE)
"""What a letter is written anew after: for another address, or for the same one without its files."""
OWED = ("planned", "refused")  # waiting to be written, for the first time or for another address

WORDS = {
    "unanswered": noted("venter på dit svar"),
    "planned": noted("planlagt"),
    "ready": noted("klar"),
    "carried": noted("samlet i dagens mail"),
    "claimed": noted("under afsendelse"),
    "intent": noted("under afsendelse"),
    "accepted": noted("overgivet til mailserver"),
    "confirmed": noted("bekræftet modtaget"),
    "bounced": noted("returneret"),
    "refused": noted("afvist"),
    "held": noted("tilbageholdt"),
    "quarantined": noted("tilbageholdt"),
    "superseded": noted("erstattet"),
    "cancelled": noted("annulleret"),
    "told": noted("sendt i hånden"),
}
NOWHERE = noted("kan ikke nås")  # what is owed to a function that has no mailbox
_WORDS_WAITING = {
    "deferred": noted("forsinket"),
    "channel_refused": noted("forsinket"),
    "own_fault": noted("forsinket"),
    "policy_refused": noted("tilbageholdt"),
    "mailbox_full": noted("forsinket"),
    "uncertain": noted("usikker"),
}


def word(state: str, outcome: str = "", uncertain: bool = False) -> str:
    """The Danish word people read for a notice; one that may exist in two copies always says *usikker*."""
    said = _WORDS_WAITING.get(outcome, WORDS[state]) if state == "ready" else WORDS[state]
    return phrase("%(state)s (usikker)", state=said) if uncertain and said != "usikker" else said


@dataclass(frozen=True)
class Owed:
    """A notice still to be written. ``turned_away`` is how often it was refused and is written anew, ``too_large`` how
    often of these for its size."""

    id: int
    key: str
    letter: str
    statutory: bool
    rung: str
    due_on: date
    recipient: str
    facts: str
    state: str
    why: str
    turned_away: int
    too_large: int


@dataclass(frozen=True)
class Claim:
    """One try, held until its lease ends: the bytes and the ``fence`` that every later update must match."""

    id: int
    fence: int
    attempts: int
    recipient: str
    address: str
    message_id: str
    body: bytes
    uncertain: bool
    statutory: bool = False


_ALONE = (_notice.c.statutory == true()) | (_notice.c.alone == true())
_ENDED = select(func.count()).where(_attempt.c.notice_id == _notice.c.id)
_TO_WRITE = (
    select(
        *(_notice.c[name] for name in Owed.__dataclass_fields__ if name in _notice.c),
        _ENDED.where(_attempt.c.outcome.in_(TURNED_AWAY)).label("turned_away"),
        _ENDED.where(_attempt.c.outcome == TOO_LARGE).label("too_large"),
    )
    .where(_notice.c.state.in_(OWED))
    .order_by(_notice.c.id)
)
_AT_ONCE = _TO_WRITE.where(_ALONE, _notice.c.id > bindparam("after")).limit(bindparam("most"))
_CAN_WAIT = _TO_WRITE.where(~_ALONE, _notice.c.next_at <= bindparam("at", type_=_notice.c.next_at.type))
_FREED = (
    update(_notice)
    .where(_notice.c.lease_until <= bindparam("at", type_=_notice.c.lease_until.type))
    .values(state="ready", owner="", lease_until=None)
    .returning(_notice.c.id, _notice.c.fence)
)
_FREE = _FREED.where(_notice.c.state == "claimed")
_FREE_IN_DOUBT = _FREED.where(_notice.c.state == "intent").values(
    uncertain=True, outcome="uncertain", answer=bindparam("said")
)
_BROKEN_OFF = phrase("afbrudt efter afsendelsen begyndte")


def owed(session: Session, after: int, limit: int) -> list[Owed]:
    """The next notices to be written at once, each alone, by id, from the one after ``after``."""
    return [Owed(**row._mapping) for row in session.execute(_AT_ONCE, {"after": after, "most": limit})]


def reminders(session: Session, at: datetime) -> list[Owed]:
    """The notices that can wait for a day's mail and whose time to be written has come ``at`` this instant, by id."""
    return [Owed(**row._mapping) for row in session.execute(_CAN_WAIT, {"at": at})]


def store_rendering(
    session: Session,
    notice_id: int,
    *,
    address: str,
    message_id: str,
    subject: str,
    body: bytes,
    digest: str,
    template: str,
) -> bool:
    """Keep the bytes that will be sent, always these; false when another wrote them first or it is owed no more."""
    new = {"address": address, "message_id": message_id, "subject": subject, "body": body, "digest": digest}
    told = {f"new_{name}": value for name, value in (new | {"template": template}).items()}
    result = session.execute(STORE, told | {"notice": notice_id})
    return isinstance(result, CursorResult) and result.rowcount == 1


def quarantine(session: Session, notice_id: int, why: str) -> bool:
    """Stop a notice whose letter cannot be written; the others go on."""
    return _changed(session, notice_id, _notice.c.state.in_(OWED), state="quarantined", why=why)


def note(session: Session, notice_id: int, why: str) -> bool:
    """Say on a notice that is still owed why it has not been written."""
    return _changed(session, notice_id, _notice.c.state.in_(OWED), why=why)


def claim(
    session: Session, at: datetime, owner: str, lease: timedelta, busy: Collection[str] = ()
) -> Claim | None:
    """Take the notice longest due that goes to none of the ``busy`` domains, for ``lease``; ``None`` when there is
    none. Writes the attempt."""
    row = session.execute(claiming(busy), {"at": at, "by": owner, "until": at + lease}).first()
    if row is None:
        return None
    taken = Claim(**row._mapping)
    session.execute(
        insert(_attempt).values(
            notice_id=taken.id, fence=taken.fence, owner=owner, address=taken.address, started_at=at
        )
    )
    return taken


def intent(session: Session, claimed: Claim, at: datetime, lease: timedelta) -> None:
    """Write that DATA is about to be said. :class:`Conflict` when the claim is no longer ours: then do not say it."""
    told = {"notice": claimed.id, "held": claimed.fence, "until": at + lease}
    result = session.execute(INTEND, told)
    if not (isinstance(result, CursorResult) and result.rowcount == 1):
        raise Conflict(f"notice {claimed.id} was taken over by another worker; nothing was sent")
    _close(session, claimed.id, claimed.fence, intent_at=at)


def outcome(
    session: Session,
    claimed: Claim,
    kind: str,
    code: int,
    text: str,
    verb: str,
    at: datetime,
    next_at: datetime,
    hold: str = "",
) -> bool:
    """Record what the server answered; ``kind`` is of ``workflow.mail.answers.KINDS``, :data:`GIVEN_UP` or
    :data:`TOO_LARGE`. With ``hold`` (why, in Danish) a letter that would be tried again waits for a person instead.

    False when the fence no longer matches: another worker holds the notice, and only the attempt tells of ours.
    A late *accepted* still counts as long as nobody has claimed the notice again.
    """
    closed = {"ended_at": at, "outcome": kind, "verb": verb, "code": code, "text": text}
    if not _close(session, claimed.id, claimed.fence, **closed):
        close_late(session, claimed.id, claimed.fence, at, **closed)
    said = f"{code} {text}".strip() if code else text
    values: dict[str, Any] = {"outcome": kind, "answer": said, "lease_until": None, "owner": ""}
    states = ["claimed", "intent"]
    if kind == "accepted":
        states.append("ready")
        values |= {"state": "accepted", "accepted_at": at, "uncertain": _notice.c.copies > 0}
    elif kind in TURNED_AWAY:
        values |= {"state": "refused", "body": None, "next_at": at}
    else:
        values |= {"state": "held", "why": hold} if hold else {"state": "ready", "next_at": next_at}
        if kind == "uncertain":
            values["uncertain"] = True
    ours = (_notice.c.fence == claimed.fence) & _notice.c.state.in_(states)
    if not _changed(session, claimed.id, ours, **values):
        return False
    follow(session, claimed.id, kind, values)
    return True


def give_back(session: Session, claimed: Claim, at: datetime) -> bool:
    """Let a claim go that never came to its intent: it is ready again at once."""
    _close(session, claimed.id, claimed.fence, ended_at=at, outcome=ABANDONED)
    ours = (_notice.c.fence == claimed.fence) & (_notice.c.state == "claimed")
    return _changed(session, claimed.id, ours, state="ready", owner="", lease_until=None)


def release_expired(session: Session, at: datetime) -> list[int]:
    """Free what a dead worker held, and return the ids that are now *uncertain*: their worker died after the intent.
    They are ready again with the same bytes, flagged, since zero copies would be worse than two."""
    quiet = session.execute(_FREE, {"at": at}).all()
    unsure = session.execute(_FREE_IN_DOUBT, {"at": at, "said": _BROKEN_OFF}).all()
    for rows, kind in ((quiet, ABANDONED), (unsure, "uncertain")):
        for notice_id, fence in rows:
            _close(session, notice_id, fence, ended_at=at, outcome=kind)
    for notice_id, _fence in unsure:
        follow(session, notice_id, "uncertain", {})
    return [row.id for row in unsure]


def confirm(session: Session, notice_id: int, by: str, at: datetime) -> None:
    """A person says ``at`` this instant that it was received. :class:`NotPossible` unless it was handed over."""
    handed_over = _notice.c.state.in_(("accepted", "bounced"))
    why = phrase("bekræftet af %(by)s", by=by)
    if not _changed(session, notice_id, handed_over, state="confirmed", why=why):
        refused = noted("Brev %(number)s er ikke overgivet til mailserveren og kan ikke være modtaget")
        raise NotPossible(phrase(refused, number=notice_id))
    carried = companions(session, notice_id)  # in the same mail
    for one in carried:
        _changed(session, one, handed_over, state="confirmed", why=why)
    seal(session, "confirmed", (notice_id, *carried), at)


def _changed(session: Session, notice_id: int, guard: ColumnElement[bool], **values: Any) -> bool:
    result = session.execute(update(_notice).where(_notice.c.id == notice_id, guard).values(**values))
    return isinstance(result, CursorResult) and result.rowcount == 1


def _close(session: Session, notice_id: int, fence: int, **values: Any) -> bool:
    named = {f"new_{name}": value for name, value in values.items()}
    result = session.execute(closing(tuple(values)), named | {"notice": notice_id, "held": fence})
    return isinstance(result, CursorResult) and result.rowcount == 1
