"""The bytes of letters whose time is over: removed with the addresses they went to or were refused at, and with what
mail servers said, when nothing rests on them.

A letter's number, key, body and function, Message-ID, SHA-256, dates and state stay, and of each attempt when it was
made and what came of it. The seal over what stays says when the rest was removed, so that whoever looks, proves or
reckons afterwards can say so instead of finding a hole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow.storage.database import reading, writing
from workflow.storage.seals import REMOVED, SINCE_KINDS, Seal, columns_of, seal, sum_of
from workflow.storage.tables import AgreementRow, Attempt, Bounce, DeadlineRow, Notice

AT_ONCE = 100  # letters whose bytes are held in memory
OPEN = ("upcoming", "overdue")  # a duty that is not over: its agreement keeps every letter
ON_THEIR_WAY = (
    "unanswered",
    "planned",
    "ready",
    "refused",
    "held",
    "quarantined",
    "claimed",
    "intent",
    "carried",
)
_BY_THE_LETTER = or_(func.length(col(Notice.body)) > 0, col(Notice.address) != "", col(Notice.answer) != "")
_BY_AN_ATTEMPT = or_(col(Attempt.address) != "", col(Attempt.text) != "")
_BY_A_RETURN = and_(
    col(Bounce.text) != "", col(Bounce.raw) == b""
)  # its bytes go first, with a seal of their own


def remove_letters(engine: Engine, before: date, at: datetime) -> int:
    """Remove what is left to remove of letters about agreements whose council term ended before then and which have no
    duty that is open; of how many. A letter that was never sent holds an address, too, where one was tried. One that
    shares a mail waits for all that it tells. A letter that no longer fits its seal stays as it is, since it proves
    that somebody changed it; so does one that is not sealed yet."""
    with reading(engine) as session:
        over = _over(session, before)
        due = list(session.scalars(_due(over))) if over else []
    done = 0
    for first in range(0, len(due), AT_ONCE):
        with writing(engine) as session:
            done += _remove(session, due[first : first + AT_ONCE], at)
    return done


def _over(session: Session, before: date) -> list[int]:
    """The agreements whose letters may go."""
    open_one = exists().where(
        col(DeadlineRow.agreement_id) == col(AgreementRow.id), col(DeadlineRow.status).in_(OPEN)
    )
    rows = session.execute(select(col(AgreementRow.id), col(AgreementRow.term)).where(~open_one))
    return [number for number, term in rows if date(int(term[-4:]), 12, 31) < before]


def _due(over: Sequence[int]) -> Any:
    told = aliased(Notice)
    of_others = exists().where(col(told.carried_by) == col(Notice.id), col(told.agreement_id).not_in(over))
    sealed = exists().where(col(Seal.kind) == "letter", col(Seal.about) == col(Notice.id))
    return (
        select(col(Notice.id))
        .where(
            col(Notice.agreement_id).in_(over),
            col(Notice.state).not_in(ON_THEIR_WAY),
            or_(
                _BY_THE_LETTER,
                exists().where(col(Attempt.notice_id) == col(Notice.id), _BY_AN_ATTEMPT),
                exists().where(col(Bounce.notice_id) == col(Notice.id), _BY_A_RETURN),
            ),
            or_(col(Notice.accepted_at).is_(None), sealed),
            ~of_others,
        )
        .order_by(col(Notice.id))
    )


def _remove(session: Session, ids: Sequence[int], at: datetime) -> int:
    fit = _fitting(session, "letter", col(Notice.id).in_(ids))
    tried = _fitting(session, "attempt", and_(col(Attempt.notice_id).in_(fit), _BY_AN_ATTEMPT))
    returned = and_(col(Bounce.notice_id).in_(fit), _BY_A_RETURN)
    held = {
        *session.scalars(select(col(Notice.id)).where(col(Notice.id).in_(fit), _BY_THE_LETTER)),
        *session.scalars(select(col(Attempt.notice_id)).where(col(Attempt.id).in_(tried))),
        *session.scalars(select(col(Bounce.notice_id)).where(returned)),
    }
    why = case((col(Notice.state) == "bounced", ""), else_=col(Notice.why))  # what the return said
    session.execute(
        update(Notice).where(col(Notice.id).in_(fit)).values(body=b"", address="", answer="", why=why)
    )
    session.execute(update(Attempt).where(col(Attempt.id).in_(tried)).values(address="", text=""))
    session.execute(update(Bounce).where(returned).values(text=""))
    seal(session, REMOVED, fit, at)
    seal(session, SINCE_KINDS["attempt"][-1], tried, at)
    return len(held)


def _fitting(session: Session, kind: str, which: Any) -> list[int]:
    """Those of the rows that fit their newest seal, and those that have none to fit."""
    rows = session.execute(select(*columns_of(kind)).where(which)).all()
    kinds = (kind, *SINCE_KINDS[kind])
    known = session.execute(
        select(col(Seal.about), col(Seal.kind), col(Seal.sum))
        .where(and_(col(Seal.kind).in_(kinds), col(Seal.about).in_([row.id for row in rows])))
        .order_by(col(Seal.no))
    )
    sums = {about: (of, said) for about, of, said in known}
    return [row.id for row in rows if row.id not in sums or sum_of(sums[row.id][0], row) == sums[row.id][1]]
