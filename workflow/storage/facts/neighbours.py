"""A region's other agreements: who takes over from whom, and who must be looked at again when one changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, col

from workflow.rules.terms import find_term
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow


def succeeded_on(session: Session, rulebook: Rulebook, row: AgreementRow) -> date | None:
    """The day the agreement's successor took effect or will; ``None`` where none is concluded."""
    if row.effective_on is None:
        return None
    region, effective_on, concluded_on = (
        col(AgreementRow.region), col(AgreementRow.effective_on), col(AgreementRow.concluded_on)
    )  # fmt: skip
    first: date | None = session.scalar(
        select(func.min(effective_on)).where(
            region.in_(_line(rulebook, row.region)), col(AgreementRow.id) != row.id, same_kind(rulebook, row),
            concluded_on.is_not(None), effective_on > row.effective_on,
        )
    )  # fmt: skip
    return first


def of_same_kind(rulebook: Rulebook, row: AgreementRow) -> Sequence[str]:
    """The regimes of agreements that can succeed this one: a local health plan takes over from no health agreement."""
    own = rulebook.law.regime_of(find_term(rulebook.law.terms, row.term), row.regime)
    return rulebook.law.of_kind(own.kind)


def same_kind(rulebook: Rulebook, row: AgreementRow) -> ColumnElement[bool]:
    """The agreements under one of those regimes."""
    return col(AgreementRow.regime).in_(of_same_kind(rulebook, row))


def wake_neighbours(session: Session, rulebook: Rulebook, row: AgreementRow) -> None:
    """Let the planner look again at the region's other agreements: this one may have taken over from them."""
    earlier = [region.id for region in rulebook.regions if row.region in _line(rulebook, region.id)]
    session.execute(
        update(AgreementRow)
        .where(
            col(AgreementRow.region).in_(earlier), col(AgreementRow.id) != row.id, same_kind(rulebook, row)
        )
        .values(wake_on=date(1, 1, 1))
        .execution_options(synchronize_session=False)
    )


def _line(rulebook: Rulebook, region: str) -> list[str]:
    """The region and the one that takes over from it (Hovedstaden and Sjælland end in Østdanmark)."""
    heir = rulebook.region(region).successor
    return [region, heir] if heir else [region]
