"""What was said by phone about a letter (a note of its agreement that names it), and what persons did to it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.mail.writing.facts import PlannedFacts, party_told
from workflow.services.delivery.handling import find_notice
from workflow.services.desk.notes import Note, about, as_note, write_note
from workflow.services.due.handled import EVENT, Handled, handled
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.facts.acts import Act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, FactRow, Notice


def note(engine: Engine, rulebook: Rulebook, reference: str, text: str, by: str, at: datetime) -> Note:
    """Keep ``text`` with this letter: a note about its agreement, and about the council it went to.
    :class:`workflow.errors.Invalid` where it is empty or too long. The same words again within ten minutes are one."""
    with reading(engine) as session:
        notice = find_notice(session, reference)
        row = session.get_one(AgreementRow, notice.agreement_id)
        facts: PlannedFacts = json.loads(notice.facts)
        told = party_told(facts)  # the council that its successor took over from
    council = told if notice.recipient.endswith("/council") else ""
    return write_note(engine, rulebook, row.key, council, text, by, at, letter=notice.id or 0)


def notes_on(engine: Engine, notice: Notice) -> list[Note]:
    """The notes about this letter, in order."""
    with reading(engine) as session:
        row = session.get_one(AgreementRow, notice.agreement_id)
        named = col(Act.said).contains(f'"letter": {notice.id}', autoescape=True)
        found = session.scalars(select(Act).where(about((row.key,)), named).order_by(col(Act.no)))
        return [as_note(act) for act in found if act.told.get("letter") == notice.id]


def acts_on(engine: Engine, notice: Notice) -> list[Handled]:
    """Everything persons did to this letter, in order."""
    with reading(engine) as session:
        return acts_in(session, notice)


def acts_in(session: Session, notice: Notice) -> list[Handled]:
    """:func:`acts_on` in the caller's transaction."""
    rows = session.scalars(
        select(FactRow)
        .where(col(FactRow.agreement_id) == notice.agreement_id, col(FactRow.event) == EVENT)
        .order_by(col(FactRow.no))
    )
    acts = handled(journal.read(row) for row in rows)
    return [one for one in acts if one.about(notice.key, notice.id)]
