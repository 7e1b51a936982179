"""A region's other agreements: who must be looked at again when one changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col

from workflow.storage.facts.past import line, of_same_kind
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow


def same_kind(rulebook: Rulebook, row: AgreementRow) -> ColumnElement[bool]:
    """The agreements under one of those regimes."""
    return col(AgreementRow.regime).in_(of_same_kind(rulebook, row))


def wake_neighbours(session: Session, rulebook: Rulebook, row: AgreementRow) -> None:
    """Let the planner look again at the region's other agreements: this one may have taken over from them."""
    earlier = [region.id for region in rulebook.regions if row.region in line(rulebook, region.id)]
    session.execute(
        update(AgreementRow)
        .where(
            col(AgreementRow.region).in_(earlier), col(AgreementRow.id) != row.id, same_kind(rulebook, row)
        )
        .values(wake_on=date(1, 1, 1))
        .execution_options(synchronize_session=False)
    )
