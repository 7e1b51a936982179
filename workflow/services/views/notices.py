"""Reading what was recorded and told: the notices and the journal, as plain values."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import aliased, defer
from sqlmodel import col

from workflow.services.people.contacts.reach import unreachable
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.letters.outbox import NOWHERE, OWED, word
from workflow.storage.tables import AgreementRow, FactRow, Notice

AT_ONCE = 500  # notices read at a time


class NoticeJson(TypedDict):
    """A notice as ``aftale notices --json`` gives it."""

    id: int | None
    key: str
    agreement: str
    unit: str
    letter: str
    deadline: str | None
    revision: int
    rung: str
    recipient: str
    address: str | None
    subject: str | None
    due_on: str
    planned: str
    state: str
    state_text: str
    reachable: bool | None
    late: bool
    attempts: int
    uncertain: bool
    carried_by: str | None
    answer: str
    accepted_at: str | None
    message_id: str | None
    told_on: str | None
    why: str | None


class FactJson(TypedDict):
    """A line of the journal as ``aftale journal --json`` gives it."""

    no: int
    event: str
    on: str
    known_on: str | None
    version: int | None
    council: str | None
    due: str | None
    source: str
    by: str
    corrects: int | None
    about: str
    time: str
    document: str | None
    document_name: str | None
    recorded_at: str
    digest: str


def list_notices(engine: Engine, key: str | None, on: date | None = None) -> list[NoticeJson]:
    """All that :func:`each_notice` tells."""
    return list(each_notice(engine, key, on))


def each_notice(engine: Engine, key: str | None, on: date | None = None) -> Iterator[NoticeJson]:
    """Every notice of one agreement or of all, in the order they were due. Instants are ISO in UTC. With ``on`` (today,
    Danish) one owed to a function without a mailbox says so.

    Read some at a time, each time anew: a million take no more memory than a thousand, and nobody who writes waits
    for whoever reads on slowly.
    """
    which = select(col(Notice.id)).order_by(col(Notice.due_on), col(Notice.id))
    with reading(engine) as session:
        if key:
            which = which.where(col(Notice.agreement_id) == journal.find(session, key).id)
        ids = array("q", (one for one in session.scalars(which.execution_options(yield_per=10_000)) if one))
    for start in range(0, len(ids), AT_ONCE):
        these = ids[start : start + AT_ONCE]
        with reading(engine) as session:
            found = session.execute(_with_carriers().where(col(Notice.id).in_(these)))
            told = {notice.id: notice_json(notice, *others) for notice, *others in found}
        yield from _with_reach(engine, [told[one] for one in these if one in told], on)


def _with_reach(engine: Engine, told: list[NoticeJson], on: date | None) -> list[NoticeJson]:
    """The same with ``reachable``: whether there is a mailbox it can go to, ``None`` where nobody looked or it went."""
    owed = [one for one in told if one["state"] in OWED and on]
    nowhere = set(unreachable(engine, [one["recipient"] for one in owed], on)) if on else set()
    for one in owed:
        one["reachable"] = one["recipient"] not in nowhere
        one["state_text"] = one["state_text"] if one["reachable"] else NOWHERE
    return told


def notices_after(
    engine: Engine, *, key: str | None = None, regions: Sequence[str] | None = None, body: str = "",
    planned_by: datetime | None = None, after: int = 0, limit: int, on: date | None = None,
) -> list[NoticeJson]:  # fmt: skip
    """At most ``limit`` notices, in the order they were planned, from the one after the number ``after``: of one
    agreement, of some regions', to one ``body``, or planned before ``planned_by`` (aware)."""
    query = _with_carriers().where(col(Notice.id) > after).order_by(col(Notice.id)).limit(limit)
    if regions is not None:
        query = query.where(col(AgreementRow.region).in_(regions))
    if body:
        query = query.where(col(Notice.recipient).startswith(f"{body}/", autoescape=True))
    if planned_by:
        query = query.where(col(Notice.planned_at) < planned_by)
    with reading(engine) as session:
        if key:
            query = query.where(col(Notice.agreement_id) == journal.find(session, key).id)
        told = [notice_json(*found) for found in session.execute(query)]
    return _with_reach(engine, told, on)


def _with_carriers() -> Any:
    """Notices with their agreements and, where another's mail tells them, with that one; without the letters."""
    carrier = aliased(Notice)
    large: tuple[Any, ...] = (Notice.body, Notice.facts, carrier.body, carrier.facts)
    return (
        select(Notice, AgreementRow, carrier)
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .outerjoin(carrier, col(carrier.id) == col(Notice.carried_by))
        .options(*(defer(column) for column in large))
    )


def notice_json(notice: Notice, agreement: AgreementRow, carrier: Notice | None) -> NoticeJson:
    """A notice told in another's mail shows that mail: its address, subject, attempts and Message-ID."""
    mail = carrier or notice
    return {
        "id": notice.id,
        "key": notice.key,
        "agreement": agreement.key,
        "unit": agreement.unit or agreement.region,
        "letter": notice.letter,
        "deadline": notice.deadline or None,
        "revision": notice.revision,
        "rung": notice.rung,
        "recipient": notice.recipient,
        "address": mail.address or None,
        "subject": mail.subject or None,
        "due_on": notice.due_on.isoformat(),
        "planned": notice.planned_at.isoformat(),
        "state": notice.state,
        "state_text": word(notice.state, notice.outcome, notice.uncertain),
        "reachable": None,
        "late": notice.late,
        "attempts": mail.attempts,
        "uncertain": notice.uncertain,
        "carried_by": carrier.key if carrier else None,
        "answer": notice.answer,
        "accepted_at": notice.accepted_at.isoformat() if notice.accepted_at else None,
        "message_id": mail.message_id or None,
        "told_on": notice.told_on.isoformat() if notice.told_on else None,
        "why": notice.why or None,
    }


def read_journal(engine: Engine, key: str) -> tuple[list[FactJson], str | None]:
    """Every fact of an agreement as recorded, and what breaks the chain, if anything does."""
    with reading(engine) as session:
        row = journal.find(session, key)
        return [_fact(fact) for fact in journal.rows(session, row)], journal.verify(session, row)


def facts_after(
    engine: Engine, key: str, *, known_by: date | None = None, after: int = 0, limit: int
) -> list[FactJson]:
    """At most ``limit`` facts of an agreement in the order they were recorded, from the one after number ``after``;
    with ``known_by`` only those an as-of question on that day may see."""
    query = select(FactRow).where(col(FactRow.no) > after).order_by(col(FactRow.no)).limit(limit)
    if known_by:
        query = query.where(or_(col(FactRow.known_on).is_(None), col(FactRow.known_on) <= known_by))
    with reading(engine) as session:
        query = query.where(col(FactRow.agreement_id) == journal.find(session, key).id)
        return [_fact(row) for row in session.scalars(query)]


def _fact(fact: FactRow) -> FactJson:
    return {
        "no": fact.no,
        "event": fact.event,
        "on": fact.on.isoformat(),
        "known_on": fact.known_on.isoformat() if fact.known_on else None,
        "version": fact.version,
        "council": fact.council,
        "due": fact.due.isoformat() if fact.due else None,
        "source": fact.source,
        "by": fact.by,
        "corrects": fact.corrects,
        "about": fact.about,
        "time": fact.time,
        "document": fact.document,
        "document_name": fact.document_name or None,
        "recorded_at": fact.recorded_at.isoformat(),
        "digest": fact.digest,
    }
