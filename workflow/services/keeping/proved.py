"""Does everything that proves still fit its seal? Letters' bytes, attempts, returns, reports, states, documents.

Read row by row, so memory stays flat. A letter's state is no seal's, since it goes on after the letter was handed over:
it must follow from what is sealed or journalled.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, and_, exists, func, or_, select
from sqlmodel import Session, col

from workflow.services.keeping.verifying import Broken
from workflow.services.planning.choosing import ROOM
from workflow.storage import meta
from workflow.storage.database import reading
from workflow.storage.facts.acts import Act
from workflow.storage.facts.heard import HEARING
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.seals import KINDS, SINCE, SINCE_KINDS, Seal, broken_seal, columns_of, sum_of
from workflow.storage.tables import AgreementRow, Attempt, Bounce, Document, FactRow, Notice
from workflow.values import dataclass, field

SEALS, DOCUMENTS = "segl", "dokumenter"
HANDED_OVER = ("accepted", "confirmed", "bounced")
_seal = Seal.__table__  # type: ignore[attr-defined]
_MOST = 100  # of one kind that are named


@dataclass(slots=True)
class Proved:
    """``sealed`` things by kind, how many of them were ``taken_up`` and from which instant (ISO, UTC) all of it is
    vouched for ("" before the first pass), and what is ``broken``."""

    sealed: dict[str, int] = field(default_factory=dict)
    taken_up: int = 0
    since: str = ""
    broken: list[Broken] = field(default_factory=list)


def prove_all(engine: Engine) -> Proved:
    """Look at everything that is sealed, at every document, and at what the letters' states rest on."""
    found = Proved()
    with reading(engine) as session:
        found.since = meta.get(session, SINCE) or ""
        counted = select(_seal.c.kind, _seal.c.taken_up, func.count()).group_by(
            _seal.c.kind, _seal.c.taken_up
        )
        for kind, taken_up, count in session.execute(counted):
            found.sealed[kind] = found.sealed.get(kind, 0) + count
            found.taken_up += count if taken_up else 0
        if bad := broken_seal(session):
            found.broken.append(Broken(SEALS, *bad))
        for kind in KINDS:
            found.broken += _misfits(session, kind)
        found.broken += _documents(session)
        if found.since:
            found.broken += _beside(session)
            found.broken += _states(session)
    return found


def _misfits(session: Session, kind: str) -> Iterator[Broken]:
    """What is gone or differs from its seal. An attempt answered late fits its later seal, a return that was emptied
    by its period or a person's erasure only has to be empty, a letter whose time is over fits the seal over what was
    left of it."""
    table, said = KINDS[kind].table, KINDS[kind].said
    query = (
        select(_seal.c.about, _seal.c.sum, _seal.c.at, *columns_of(kind))
        .join_from(_seal, table, table.c.id == _seal.c.about, isouter=True)
        .where(_seal.c.kind == kind)
        .order_by(_seal.c.no)
    )
    if later := SINCE_KINDS.get(kind):
        over = _seal.alias()
        query = query.where(~exists().where(over.c.kind.in_(later), over.c.about == _seal.c.about))
    named = 0
    with closing(session.execute(query, execution_options={"yield_per": 200})) as rows:
        for row in rows:
            if row.id is None:
                why = "is gone"
            elif row.sum != sum_of(kind, row):
                why = "was changed"
            else:
                continue
            named += 1
            if named <= _MOST:
                yield Broken(
                    SEALS, row.about, f"{said} {row.about} {why}; sealed {row.at:%Y-%m-%d %H:%M} UTC"
                )
    if named > _MOST:
        yield Broken(SEALS, 0, f"{named - _MOST} more of: {said}")


def _documents(session: Session) -> Iterator[Broken]:
    rows = session.execute(
        select(col(Document.digest), col(Document.content)), execution_options={"yield_per": 1}
    )
    with closing(rows):
        for digest, content in rows:
            if hashlib.sha256(content).hexdigest() != digest:
                yield Broken(DOCUMENTS, 0, f"the bytes of document {digest} are not those it is called by")
    kept = exists().where(col(Document.digest) == col(FactRow.document))
    lost = select(col(FactRow.document)).where(col(FactRow.document).is_not(None), ~kept).distinct()
    shown = exists().where(col(Document.digest) == col(ReportedDecision.minutes))
    minutes = select(col(ReportedDecision.minutes)).where(col(ReportedDecision.minutes) != "", ~shown)
    heard = session.scalars(select(Act).where(col(Act.room) == HEARING))
    named = {str(act.told.get("document") or "") for act in heard} - {""}
    here = set(session.scalars(select(col(Document.digest)).where(col(Document.digest).in_(named))))
    for digest in sorted({*session.scalars(lost), *session.scalars(minutes), *(named - here)}):
        yield Broken(DOCUMENTS, 0, f"document {digest} is named and is gone")


def _beside(session: Session) -> Iterator[Broken]:
    """Rows that were put in without the program, which would have sealed them."""
    for kind, model in (("return", Bounce), ("report", ReportedDecision)):
        table = KINDS[kind].table
        known = exists().where(_seal.c.kind == kind, _seal.c.about == table.c.id)
        for number in session.scalars(select(table.c.id).where(~known).order_by(table.c.id).limit(_MOST)):
            yield Broken(
                SEALS, number, f"{KINDS[kind].said} {number} was put in beside the program ({model.__name__})"
            )


def _states(session: Session) -> Iterator[Broken]:
    sealed = {
        kind: exists().where(_seal.c.kind == kind, _seal.c.about == col(Notice.id))
        for kind in ("letter", "confirmed")
    }  # fmt: skip
    mail = func.coalesce(col(Notice.carried_by), col(Notice.id))
    taken = exists().where(col(Attempt.notice_id) == mail, col(Attempt.outcome) == "accepted")
    returned = exists().where(col(Bounce.notice_id) == mail)
    handed, state = col(Notice.state).in_(HANDED_OVER), col(Notice.state)
    rules: tuple[tuple[Any, str], ...] = (
        (and_(sealed["letter"], ~handed), "was handed over"),
        (and_(handed, ~sealed["letter"], ~taken), "has no attempt that handed it over"),
        (and_(state == "confirmed", ~sealed["confirmed"]), "was confirmed by nobody"),
        (and_(state != "confirmed", sealed["confirmed"]), "was confirmed"),
        (and_(state == "bounced", ~returned), "has no return"),
    )
    for which, why in rules:
        for one in session.execute(
            select(col(Notice.id), state).where(which).order_by(col(Notice.id)).limit(_MOST)
        ):
            yield Broken(SEALS, one.id, f"letter {one.id} stands as {one.state} but {why}")
    open_reports = select(col(ReportedDecision.id), col(ReportedDecision.state)).where(
        or_(
            and_(col(ReportedDecision.state) == "reported", _settled()),
            and_(col(ReportedDecision.state) != "reported", ~_settled()),
        )
    )
    for one in session.execute(open_reports):
        yield Broken(SEALS, one.id, f"report {one.id} stands as {one.state} but was not left so")
    yield from _put_aside(session)


def _settled() -> Any:
    return exists().where(_seal.c.kind == "settled", _seal.c.about == col(ReportedDecision.id))


def _put_aside(session: Session) -> Iterator[Broken]:
    """Letters that a person cancelled or told by hand: the journal, or the act of a region's settings, says so."""
    query = (
        select(Notice, col(AgreementRow.region))
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(col(Notice.state).in_(("cancelled", "told")))
        .order_by(col(Notice.agreement_id), col(Notice.id))
    )
    by_settings = set(session.scalars(select(col(Act.about)).where(col(Act.room) == ROOM)))
    acts: list[str] = []
    of = 0
    for notice, region in session.execute(query):
        if notice.agreement_id != of:
            of = notice.agreement_id
            said = col(FactRow.event).in_(("letter-handled", "history-answered"))
            acts = list(
                session.scalars(select(col(FactRow.about)).where(col(FactRow.agreement_id) == of, said))
            )
        number = re.compile(rf"\b{notice.id}\b")
        if any(number.search(about) or notice.key in about for about in acts):
            continue
        if notice.state == "cancelled" and "regionens indstillinger" in notice.why and region in by_settings:
            continue
        yield Broken(
            SEALS, notice.id or 0, f"letter {notice.id} stands as {notice.state} but no journal says so"
        )
