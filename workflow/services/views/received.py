"""What the authority was sent: the versions submitted to it and the statuses, and nothing of how they came about."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, and_, or_, select
from sqlmodel import col

from workflow.rules.facts import live
from workflow.storage.database import reading
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass

REPORTS = {"midterm-sent": "Midtvejsstatus", "final-sent": "Slutstatus"}


@dataclass(frozen=True, slots=True)
class Sending:
    """One thing the authority was sent, on a Danish day; ``document`` is the kept file's SHA-256 or ``""``,
    ``name`` what it is called."""

    what: str
    on: date
    state: str = ""
    answered_on: date | None = None
    unanswered: str = ""
    document: str = ""
    name: str = ""


def submitted_agreements(
    engine: Engine, regions: tuple[str, ...] | None, after: tuple[str, str], limit: int
) -> list[AgreementRow]:
    """Agreements of which a version has been approved by all and submitted, after one of them; ``None`` for every
    region."""
    query = (
        select(AgreementRow)
        .where(
            col(AgreementRow.concluded_on).is_not(None),
            or_(
                col(AgreementRow.region) > after[0],
                and_(col(AgreementRow.region) == after[0], col(AgreementRow.label) > after[1]),
            ),
        )
        .order_by(col(AgreementRow.region), col(AgreementRow.label))
        .limit(limit)
    )
    if regions is not None:
        query = query.where(col(AgreementRow.region).in_(regions))
    with reading(engine) as session:
        return list(session.scalars(query))


def sendings(standing: Standing) -> list[Sending]:
    """Everything of the agreement that was sent to the authority by then, the oldest first."""
    versions = [
        Sending(
            f"Version {one.number}",
            one.submitted_on,
            one.state_name,
            one.answered_on,
            one.unanswered,
            one.document,
            one.document_name,
        )
        for one in standing.course.versions
        if one.submitted_on
    ]
    reports = [
        Sending(REPORTS[fact.event], fact.on, document=fact.document, name=fact.document_name)
        for fact in live(standing.facts, standing.as_of)
        if fact.event in REPORTS and fact.on <= standing.as_of
    ]
    return sorted(versions + reports, key=lambda one: one.on)
