"""Several reminders moved at once: claimed, about to be said, accepted, or let go, each step in one transaction.

What a letter may become and the guards are those of :mod:`workflow.storage.letters.outbox`. The number of letters
between two commits is the number of extra copies that a kill can make, all of them flagged: so letters of law, and
letters of which a copy may be out already, are never claimed or about to be said with others; that
such a letter was accepted is recorded here too. The caller owns the transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.letters.bundles import follow
from workflow.storage.letters.late import close_late, ended
from workflow.storage.letters.outbox import Claim
from workflow.storage.letters.prepared import CLAIMED, DUE, TAKEN, closing
from workflow.storage.tables import ABANDONED, Attempt, Notice
from workflow.values import dataclass

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]


@dataclass(frozen=True, slots=True)
class Taken:
    """What the mail server said ``at`` this instant when it took a letter."""

    claim: Claim
    code: int
    text: str
    verb: str
    at: datetime


_NEXT = (
    select(_notice.c.id, _notice.c.statutory, _notice.c.uncertain)
    .where(DUE)
    .order_by(_notice.c.next_at, _notice.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_THESE = _notice.c.id.in_(bindparam("these", expanding=True))
_TAKE = (
    update(_notice)
    .where(_THESE, DUE)  # repeated: see prepared.claiming
    .values(TAKEN)
    .returning(*(_notice.c[name] for name in CLAIMED))
)
_HELD = select(_notice.c.id, _notice.c.fence, _notice.c.state).where(_THESE).with_for_update()
_INTEND = update(_notice).where(_THESE).values(state="intent", lease_until=bindparam("until"))
_ACCEPT = (
    update(_notice)
    .where(_notice.c.id == bindparam("this"))
    .values(
        state="accepted",
        accepted_at=bindparam("then"),
        uncertain=_notice.c.copies > 0,
        outcome="accepted",
        answer=bindparam("said"),
        owner="",
        lease_until=None,
    )
)
_LET_GO = (
    update(_notice)
    .where(_THESE)
    .values(state="ready", owner="", lease_until=None, attempts=_notice.c.attempts - 1)
)
_CARRIERS = (
    select(_notice.c.carried_by)
    .where(_notice.c.carried_by.in_(bindparam("these", expanding=True)), _notice.c.state == "carried")
    .distinct()
)


def beside(session: Session, at: datetime, owner: str, lease: timedelta, most: int) -> list[Claim]:
    """Take the reminders that are due next, at most ``most``, in their order and none before a letter of law that is
    due earlier. Writes the attempts."""
    rows = session.execute(_NEXT, {"at": at, "most": most})
    ids = [row.id for row in takewhile(lambda row: not (row.statutory or row.uncertain), rows)]
    if not ids:
        return []
    found = session.execute(_TAKE, {"these": ids, "at": at, "by": owner, "until": at + lease})
    taken = sorted((Claim(**row._mapping) for row in found), key=lambda one: ids.index(one.id))
    tries = [
        {"notice_id": one.id, "fence": one.fence, "owner": owner, "address": one.address, "started_at": at}
        for one in taken
    ]
    if tries:
        session.execute(insert(_attempt), tries)
    return taken


def intend(session: Session, claims: Collection[Claim], at: datetime, lease: timedelta) -> set[int]:
    """Write that these are about to be said, one after the other; the ids of those that are still ours. What is not
    must not be said."""
    ours = _ours(session, claims, ("claimed",))
    if ours:
        session.execute(_INTEND, {"these": sorted(ours), "until": at + lease})
        _close(session, [one for one in claims if one.id in ours], intent_at=at)
    return ours


def accepted(session: Session, answered: Sequence[Taken]) -> set[int]:
    """Record that the mail server took these; the ids of those that were still ours, as in
    :func:`workflow.storage.letters.outbox.outcome`."""
    ours = _ours(session, [one.claim for one in answered], ("claimed", "intent", "ready"))
    closed: list[dict[str, Any]] = [
        {
            "notice": one.claim.id, "held": one.claim.fence, "new_ended_at": one.at, "new_outcome": "accepted",
            "new_verb": one.verb, "new_code": one.code, "new_text": one.text,
        }
        for one in answered
    ]  # fmt: skip
    over = ended(session, [one.claim.id for one in answered])
    if first := [one for one in closed if (one["notice"], one["held"]) not in over]:
        session.execute(closing(("ended_at", "outcome", "verb", "code", "text")), first)
    for one in answered:
        if (one.claim.id, one.claim.fence) in over:
            close_late(
                session, one.claim.id, one.claim.fence, one.at, ended_at=one.at, outcome="accepted", verb=one.verb,
                code=one.code, text=one.text,
            )  # fmt: skip
    if ours:
        values: list[dict[str, Any]] = [
            {"this": one.claim.id, "said": f"{one.code} {one.text}".strip(), "then": one.at}
            for one in answered
            if one.claim.id in ours
        ]
        session.execute(_ACCEPT, values)
        said = {one["this"]: one for one in values}
        for carrier in session.execute(_CARRIERS, {"these": sorted(ours)}).scalars():
            its = said[carrier]
            shared = {"outcome": "accepted", "answer": its["said"], "accepted_at": its["then"]}
            follow(session, carrier, "accepted", shared)
    return ours


def let_go(session: Session, claims: Collection[Claim], at: datetime) -> set[int]:
    """Give these back, whose dot was never sent: nothing was handed over, so they are ready at once and in no doubt,
    and the try does not count."""
    ours = _ours(session, claims, ("claimed", "intent"))
    if ours:
        session.execute(_LET_GO, {"these": sorted(ours)})
        mine = [one for one in claims if one.id in ours]
        _close(session, mine, ended_at=at, outcome=ABANDONED, intent_at=None)
    return ours


def _ours(session: Session, claims: Collection[Claim], states: tuple[str, ...]) -> set[int]:
    """Those that nobody has claimed since and that are in one of ``states``; their rows stay ours until the commit."""
    fences = {one.id: one.fence for one in claims}
    held = session.execute(_HELD, {"these": sorted(fences)})
    return {row.id for row in held if row.fence == fences[row.id] and row.state in states}


def _close(session: Session, claims: Collection[Claim], **values: Any) -> None:
    named = {f"new_{name}": value for name, value in values.items()}
    session.execute(closing(tuple(values)), [named | {"notice": one.id, "held": one.fence} for one in claims])
