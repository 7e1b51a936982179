"""Which letters go, or do not go, to whom: those that wait and those that are to come. Read-only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.rules.days import danish_day
from workflow.services.planning.counting import to_come
from workflow.services.planning.recipients import expand
from workflow.storage.database import reading
from workflow.storage.facts.projection import load_workable
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import OWED
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass

AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Coming:
    """One letter to one function: its ``kind``, the Danish day it is or was to go, of which agreement, and its number
    where it ``waits`` already (0: it is not written down yet)."""

    kind: str
    on: date
    agreement: str
    waits: int = 0


def letters_to(
    engine: Engine, rulebook: Rulebook, regions: Collection[str], today: date
) -> dict[str, list[Coming]]:
    """By function ("0851/council") the letters of these regions' agreements that wait on the Danish day ``today``, and
    those that fall within 60 days as things stand; by day."""
    found: dict[str, list[Coming]] = {}
    awake = select(AgreementRow).where(
        col(AgreementRow.region).in_(regions), col(AgreementRow.wake_on) <= today + AHEAD
    )  # of the others nothing falls in those days
    with reading(engine) as session:
        for recipient, coming in _waiting(session, regions):
            found.setdefault(recipient, []).append(coming)
        standings = load_workable(session, rulebook, session.scalars(awake), today)[0]
    for standing in standings:
        for rung in to_come(standing.rules, standing, today):
            if rung.due_on > today + AHEAD:
                continue
            coming = Coming(rung.letter.name, rung.due_on, standing.agreement.key)
            for recipient in expand(standing, standing.rules, rung.letter.to, rung.deadline):
                found.setdefault(recipient, []).append(coming)
    return {recipient: sorted(letters, key=lambda one: one.on) for recipient, letters in found.items()}


def _waiting(session: Session, regions: Collection[str]) -> list[tuple[str, Coming]]:
    query = (
        select(Notice, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(col(AgreementRow.region).in_(regions), col(Notice.state).in_(OWED))
    )
    return [
        (one.recipient, Coming(one.letter, danish_day(one.next_at), row.key, one.id or 0))
        for one, row in session.execute(query)
    ]
