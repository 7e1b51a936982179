"""What belongs to a region's committees and not to one of its agreements: their meetings and how they were set up.

Such a fact is recorded once, on any of the region's agreements, and counts for the committee under all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, or_, select
from sqlmodel import Session, col

from workflow.rules.facts import OF_COMMITTEES, Fact, live
from workflow.storage.database import SEEN
from workflow.storage.facts.journal import read
from workflow.storage.tables import AgreementRow, FactRow


@dataclass(frozen=True, slots=True)
class Committees:
    """The region's committees as its other agreements know them.

    ``told``: what each of the others that says something of them knows, in the order of its journal.
    ``in_force_from``: the first day on which one of the others was in force; ``planned_before``: one that is not yet
    in force comes before the agreement itself.
    """

    told: tuple[tuple[Fact, ...], ...] = ()
    in_force_from: date | None = None
    planned_before: bool = False

    def happened(self, event: str, as_of: date, own: Iterable[Fact]) -> list[Fact]:
        """Every such fact known on ``as_of``, ``own`` first; one of the same body and day is counted once."""
        found = list(own)
        seen = {(fact.about, fact.value) for fact in found}
        for facts in self.told:
            for fact in live(facts, as_of):
                if fact.event == event and (fact.about, fact.value) not in seen:
                    seen.add((fact.about, fact.value))
                    found.append(fact)
        return found

    def carried(self, period: str, as_of: date) -> bool:
        """Whether the committees are written to through this agreement: the one in force, else the earliest to come."""
        if period != "planned":
            return period in ("in_force", "hold_over")
        if self.in_force_from and self.in_force_from <= as_of:
            return False
        return not self.planned_before


def committees(session: Session, row: AgreementRow, regimes: Sequence[str]) -> Committees:
    """Read them for one agreement, from the others of its region under one of ``regimes``."""
    region = _region(session, row.region, tuple(regimes))
    in_force = [day for id_, day in region.in_force if id_ != row.id]
    return Committees(
        tuple(facts for id_, facts in region.told if id_ != row.id),
        min(in_force, default=None),
        any((term, label) < (row.term, row.label) for id_, term, label in region.planned if id_ != row.id),
    )


@dataclass(frozen=True, slots=True)
class _Region:
    """What a region's agreements know, each part beside the agreement's id.

    ``told``: the facts of the committees and what corrects any, of those that have some. ``planned``: the
    first two, which is one more than an agreement asks for: itself does not count.
    """

    told: list[tuple[int, tuple[Fact, ...]]]
    in_force: list[tuple[int, date]]
    planned: list[tuple[int, str, str]]


def _region(session: Session, region: str, regimes: tuple[str, ...]) -> _Region:
    """Asked once a session that only reads: it has one view of the database, and may look at many agreements."""
    kept: dict[tuple[str, tuple[str, ...]], _Region] = session.info.get(SEEN, {})
    if (region, regimes) not in kept:
        kept[region, regimes] = _read(session, region, regimes)
    return kept[region, regimes]


def _read(session: Session, region: str, regimes: tuple[str, ...]) -> _Region:
    there = (col(AgreementRow.region) == region, col(AgreementRow.regime).in_(regimes))
    id_, term, label = col(AgreementRow.id), col(AgreementRow.term), col(AgreementRow.label)
    effective, concluded = col(AgreementRow.effective_on), col(AgreementRow.concluded_on)
    day = case((effective > concluded, effective), else_=concluded)
    in_force = select(id_, day).where(*there, effective.is_not(None), concluded.is_not(None))
    planned = select(id_, term, label).where(*there, or_(effective.is_(None), concluded.is_(None)))
    say = select(col(FactRow.agreement_id)).join(AgreementRow).where(
        *there, col(FactRow.event).in_(OF_COMMITTEES)
    )  # fmt: skip
    query = select(FactRow).where(
        col(FactRow.agreement_id).in_(say), col(FactRow.event).in_((*OF_COMMITTEES, "correction"))
    )
    told: dict[int, list[Fact]] = {}
    for fact in session.scalars(query.order_by(col(FactRow.agreement_id), col(FactRow.no))):
        told.setdefault(fact.agreement_id, []).append(read(fact))
    return _Region(
        [(one, tuple(facts)) for one, facts in told.items()],
        [(one, on) for one, on in session.execute(in_force)],
        [(one, of, called) for one, of, called in session.execute(planned.order_by(term, label).limit(2))],
    )
