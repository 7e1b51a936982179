"""Is every journal as it was written? The chain in the database, and the heads that lie outside it.

An edited, removed, swapped or added fact breaks the chain. A chain cut off at its end, or made whole again by somebody
who can write in the database, no longer agrees with a head written down earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.services.keeping.heads import ACTS, CHAINS, SEALS, TRAIL, Head, holding
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.facts.acts import Act, broken_act
from workflow.storage.facts.trail import Seen, broken_seen, gone_before
from workflow.storage.seals import Seal
from workflow.storage.tables import AgreementRow, FactRow
from workflow.values import dataclass

_CHAIN_TABLES: dict[str, Any] = {SEALS: Seal, ACTS: Act, TRAIL: Seen}


@dataclass(frozen=True, slots=True)
class Broken:
    """The first bad row of one agreement's journal, or of another chain (:data:`CHAINS`): its number (0 where it is not
    one row) and what is wrong."""

    agreement: str
    no: int
    why: str


def verify(engine: Engine, key: str | None, logged: Iterable[Head] = ()) -> tuple[int, list[Broken]]:
    """How many journals were looked at, and what is broken. ``logged`` are the heads kept outside the database.
    :class:`NotFound` for an unknown agreement that no head speaks of."""
    kept = [head for head in holding(logged) if key in (None, head.key)]
    broken: dict[str, Broken] = {}
    with reading(engine) as session:
        found = {row.key: row for row in journal.all_agreements(session)}
        chosen = found if key is None else {key: found[key]} if key in found else {}
        if key and not chosen and not kept:
            raise NotFound(f"no agreement {key}; there is {', '.join(found) or 'none yet'}")
        for name, row in chosen.items():
            if bad := _first_bad(session, name, row):
                broken[name] = bad
        for head in kept:
            of_chain = head.key in CHAINS
            bad = _chain_against(session, head) if of_chain else _against(session, found.get(head.key), head)
            if bad and (head.key not in broken or bad.no < broken[head.key].no):
                broken[head.key] = bad
        if key is None:
            owners = select(col(AgreementRow.id))
            strays = select(func.count()).select_from(FactRow).where(col(FactRow.agreement_id).not_in(owners))
            if count := session.scalar(strays):
                broken[""] = Broken("", 0, f"{count} facts belong to no agreement")
            if bad_act := broken_act(session):
                broken[ACTS] = Broken(ACTS, *bad_act)
            if bad_seen := broken_seen(session):
                broken[TRAIL] = Broken(TRAIL, *bad_seen)
    return len(chosen), list(broken.values())


def _first_bad(session: Session, name: str, agreement: AgreementRow) -> Broken | None:
    before, number = "", 0
    ids = session.scalars(
        select(col(FactRow.id)).where(col(FactRow.agreement_id) == agreement.id).order_by(col(FactRow.no))
    ).all()
    for number, fact_id in enumerate(ids, start=1):
        try:
            row = session.get_one(FactRow, fact_id)
            digest = journal.digest(row)
        except (ValueError, TypeError, AttributeError, LookupError):
            return Broken(name, number, f"fact {number} cannot be read")
        if row.no != number or row.previous != before:
            return Broken(name, number, f"fact {number} is missing or out of place")
        if row.digest != digest:
            return Broken(name, number, f"fact {number} was changed")
        before = row.digest
    if number != agreement.fact_count or before != agreement.head:
        return Broken(name, number + 1, f"it ends at fact {number} but {agreement.fact_count} were recorded")
    return None


def _chain_against(session: Session, head: Head) -> Broken | None:
    """One of the installation's own chains; of the trail the oldest rows go with their year."""
    table = _CHAIN_TABLES[head.key]
    row = session.execute(select(col(table.digest)).where(col(table.no) == head.count)).scalar_one_or_none()
    if row == head.digest or (row is None and head.key == TRAIL and head.count <= gone_before(session)):
        return None
    why = "is gone; it was there" if row is None else "or one before it is not what it was"
    return Broken(head.key, head.count, f"row {head.count} {why} at {head.at}")


def _against(session: Session, agreement: AgreementRow | None, head: Head) -> Broken | None:
    if agreement is None:
        return Broken(head.key, 0, f"the whole agreement is gone; it had {head.count} facts at {head.at}")
    if head.count == 0:
        return None
    digest = session.scalars(
        select(col(FactRow.digest)).where(
            col(FactRow.agreement_id) == agreement.id, col(FactRow.no) == head.count
        )
    ).first()
    if digest is None:
        return Broken(head.key, head.count, f"fact {head.count} is gone; it was there at {head.at}")
    if digest != head.digest:
        return Broken(
            head.key, head.count, f"fact {head.count} or one before it is not what it was at {head.at}"
        )
    return None
