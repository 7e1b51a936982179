"""The journal: append, read, verify. A fact is never edited; a trigger in the database refuses it too.

Facts of one agreement form a hash chain: each digest covers the fact and the digest before it, and the agreement
row keeps the newest digest and the count, so an edited, removed or reordered fact is found by :func:`verify`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, bindparam, select, text, tuple_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel, col

from workflow.errors import Conflict
from workflow.language import phrase
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact, live
from workflow.storage.facts.past import BY_UNIT, fact_of, facts, split_key, unit_params, unknown
from workflow.storage.tables import AgreementRow, FactRow
from workflow.values import replace

_agreement = SQLModel.metadata.tables[str(AgreementRow.__tablename__)]
_STATE = (
    "version", "version_state", "period_state", "fact_count", "head", "wake_on", "projected_on", "effective_on",
    "concluded_on", "rules", "first_rules", "asked_rules",
)  # fmt: skip
_GUARDED = (
    update(_agreement)
    .where(_agreement.c.id == bindparam("this"), _agreement.c.stamp == bindparam("seen"))
    .values({name: bindparam(f"new_{name}", type_=_agreement.c[name].type) for name in (*_STATE, "stamp")})
)
_NAMED = (
    select(AgreementRow).where(
        col(AgreementRow.region) == bindparam("region"), col(AgreementRow.label) == bindparam("of")
    ),
    select(AgreementRow).where(col(AgreementRow.unit).is_not(None), text(f"({BY_UNIT})")),
)


def find(session: Session, key: str, lock: bool = False) -> AgreementRow:
    """The agreement's row, locked until the transaction ends where ``lock``; :class:`NotFound` lists what there is."""
    region, label = split_key(key)
    told = {"region": region, "of": label} | unit_params(region, label)
    for query in _NAMED:
        found = session.scalars(query.with_for_update() if lock else query, told).all()
        if len(found) == 1:
            return found[0]
    raise unknown(session, key)


def all_agreements(session: Session, *which: ColumnElement[bool]) -> Sequence[AgreementRow]:
    """Every agreement, or ``which``, by region and label."""
    return session.scalars(
        select(AgreementRow).where(*which).order_by(col(AgreementRow.region), col(AgreementRow.label))
    ).all()


def agreements_after(
    session: Session, regions: Sequence[str] | None, after: str, limit: int, *which: ColumnElement[bool]
) -> Sequence[AgreementRow]:
    """At most ``limit`` agreements, or ``which`` of them, by region and label, from the one after the key ``after``
    ("": the first)."""
    query = select(AgreementRow).where(*which).limit(limit)
    query = query.order_by(col(AgreementRow.region), col(AgreementRow.label))
    if regions is not None:
        query = query.where(col(AgreementRow.region).in_(regions))
    if after:
        query = query.where(tuple_(col(AgreementRow.region), col(AgreementRow.label)) > split_key(after))
    return session.scalars(query).all()


def rows(session: Session, agreement: AgreementRow) -> Sequence[FactRow]:
    """The agreement's journal rows in the order they were recorded."""
    query = select(FactRow).where(col(FactRow.agreement_id) == agreement.id).order_by(col(FactRow.no))
    return session.scalars(query).all()


def newest_end(session: Session, regime: str) -> Fact | None:
    """The end of a regime that was confirmed last on any of its agreements, and not taken back since."""
    ended = select(col(FactRow.agreement_id)).where(col(FactRow.event) == "regime-confirmed")
    rows_of = all_agreements(session, col(AgreementRow.regime) == regime, col(AgreementRow.id).in_(ended))
    held = [fact for row in rows_of for fact in live(facts(session, row), date.max)]
    found = [fact for fact in held if fact.event == "regime-confirmed"]
    return max(found, key=lambda fact: (fact.known_on or date.min, fact.no), default=None)


def append(session: Session, agreement: AgreementRow, fact: Fact, recorded_at: datetime) -> Fact:
    """Add one fact at the end of the chain; its number is given here. The caller holds the agreement's lock."""
    assert agreement.id is not None
    numbered = replace(fact, no=agreement.fact_count + 1, entered_on=danish_day(recorded_at))
    row = FactRow(
        agreement_id=agreement.id,
        no=numbered.no,
        event=fact.event,
        on=fact.on,
        known_on=fact.known_on,
        version=fact.version,
        council=fact.council,
        due=fact.due,
        source=fact.source,
        by=fact.by,
        corrects=fact.corrects,
        about=fact.about,
        time=fact.time,
        document=fact.document or None,
        document_name=fact.document_name,
        recorded_at=recorded_at,
        previous=agreement.head,
        digest="",
    )
    row.digest = digest(row)
    session.add(row)
    agreement.head, agreement.fact_count = row.digest, numbered.no
    return numbered


def digest(row: FactRow) -> str:
    """SHA-256 over the fact's content and the digest before it."""
    content = {
        name: str(getattr(row, name))
        for name in (
            "agreement_id",
            "no",
            "event",
            "on",
            "known_on",
            "version",
            "council",
            "due",
            "source",
            "by",
        )
    }
    set_since = ("about", "time", "document", "document_name")  # chains from before each of them still verify
    content |= {name: str(getattr(row, name)) for name in set_since if getattr(row, name)}
    content |= {"corrects": str(row.corrects), "recorded_at": row.recorded_at.astimezone(UTC).isoformat()}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256((row.previous + "\n" + canonical).encode()).hexdigest()


def verify(session: Session, agreement: AgreementRow) -> str | None:
    """``None`` when the chain is whole; else which fact breaks it and how."""
    before = ""
    number = 0
    for number, row in enumerate(rows(session, agreement), start=1):
        if row.no != number or row.previous != before:
            return f"fact {number} is missing or out of place"
        if row.digest != digest(row):
            return f"fact {number} was changed"
        before = row.digest
    if number != agreement.fact_count or before != agreement.head:
        return f"the journal ends at fact {number} but {agreement.fact_count} were recorded"
    return None


def store_state(session: Session, row: AgreementRow, seen_stamp: int) -> None:
    """Write the agreement's state unless somebody moved it meanwhile: one guarded update, or :class:`Conflict`."""
    values = {name: getattr(row, name) for name in _STATE} | {"stamp": seen_stamp + 1}
    told = {f"new_{name}": value for name, value in values.items()}
    # past the session, which would write what was set on the row unguarded first
    result = session.connection().execute(_GUARDED, told | {"this": row.id, "seen": seen_stamp})
    for name, value in values.items():  # written: the session need not write or read it again
        set_committed_value(row, name, value)
    if result.rowcount != 1:
        session.expire(row)
        raise Conflict(phrase("%(key)s er ændret af en anden imens; se aftalen igen, og gentag", key=row.key))


def read(row: FactRow) -> Fact:
    """One journal row as the fact it holds."""
    return fact_of([
        row.no, row.event, row.on, row.version, row.council, row.due, row.source, row.by, row.corrects, row.known_on,
        row.about, row.time, row.document, row.document_name, row.recorded_at,
    ])  # fmt: skip
