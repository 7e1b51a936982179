"""What belongs to a region's committees and not to one of its agreements: their meetings and how they were set up.

Such a fact is recorded once, on any of the region's agreements, and counts for the committee under all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from workflow.rules.facts import OF_COMMITTEES, Fact, live
from workflow.storage.journal import read
from workflow.storage.tables import AgreementRow, FactRow


@dataclass(frozen=True, slots=True)
class Beside:
    """Another agreement of the region: its place in time, and what it knows of the committees."""

    order: tuple[str, str]  # term and label
    in_force_from: date | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Committees:
    """The region's committees as its other agreements know them; ``order`` is the place of the agreement itself."""

    order: tuple[str, str] = ("", "")
    others: tuple[Beside, ...] = ()

    def happened(self, event: str, as_of: date, own: Iterable[Fact]) -> list[Fact]:
        """Every such fact known on ``as_of``, ``own`` first; one of the same body and day is counted once."""
        found = list(own)
        seen = {(fact.about, fact.value) for fact in found}
        for other in self.others:
            for fact in live(other.facts, as_of):
                if fact.event == event and (fact.about, fact.value) not in seen:
                    seen.add((fact.about, fact.value))
                    found.append(fact)
        return found

    def carried(self, period: str, as_of: date) -> bool:
        """Whether the committees are written to through this agreement: the one in force, else the earliest to come."""
        if period != "planned":
            return period in ("in_force", "hold_over")
        if any(other.in_force_from and other.in_force_from <= as_of for other in self.others):
            return False
        return all(self.order <= other.order for other in self.others if other.in_force_from is None)


def committees(session: Session, row: AgreementRow, *same_kind: ColumnElement[bool]) -> Committees:
    """Read them for one agreement, from the others of its region."""
    own = (row.term, row.label)
    which = (col(AgreementRow.region) == row.region, col(AgreementRow.id) != row.id, *same_kind)
    others = session.scalars(select(AgreementRow).where(*which)).all()
    if not others:
        return Committees(own)
    events = (*OF_COMMITTEES, "correction")
    ids = [other.id for other in others]
    query = select(FactRow).where(col(FactRow.agreement_id).in_(ids), col(FactRow.event).in_(events))
    told: dict[int | None, list[Fact]] = {other.id: [] for other in others}
    for fact in session.scalars(query.order_by(col(FactRow.agreement_id), col(FactRow.no))):
        told[fact.agreement_id].append(read(fact))
    return Committees(
        own,
        tuple(Beside((one.term, one.label), _in_force_from(one), tuple(told[one.id])) for one in others),
    )


def _in_force_from(row: AgreementRow) -> date | None:
    return max(row.effective_on, row.concluded_on) if row.effective_on and row.concluded_on else None
