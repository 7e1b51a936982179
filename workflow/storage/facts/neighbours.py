"""A region's other agreements: who must be looked at again when one changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel

from workflow.storage.facts.past import line, of_same_kind
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow

_agreement = SQLModel.metadata.tables[str(AgreementRow.__tablename__)]
_WAKE = (
    update(_agreement)
    .where(
        _agreement.c.region.in_(bindparam("earlier", expanding=True)),
        _agreement.c.id != bindparam("own"),
        _agreement.c.regime.in_(bindparam("kind", expanding=True)),
    )
    .values(wake_on=date(1, 1, 1))
)


def wake_neighbours(session: Session, rulebook: Rulebook, row: AgreementRow) -> None:
    """Let the planner look again at the region's other agreements: this one may have taken over from them."""
    earlier = [region.id for region in rulebook.regions if row.region in line(rulebook, region.id)]
    others = {"earlier": earlier, "own": row.id, "kind": of_same_kind(rulebook, row)}
    session.execute(_WAKE, others)
