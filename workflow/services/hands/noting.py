"""What was said by phone about a letter, and everything a person did to it: the journal's lines, read and written."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid
from workflow.services.delivery.handling import find_notice, noted
from workflow.services.planning.handled import EVENT, Handled, handled
from workflow.storage import journal
from workflow.storage.database import reading, writing
from workflow.storage.tables import AgreementRow, FactRow, Notice

LONGEST = 2000  # characters
TWICE = timedelta(minutes=10)  # the same words by the same person so soon are one note


def note(engine: Engine, reference: str, text: str, by: str, at: datetime) -> int:
    """Keep ``text`` (a phone call, say) with this letter; the letter's number. :class:`Invalid` where it is empty or
    longer than :data:`LONGEST`. The same words again within ten minutes are one note."""
    if not text.strip():
        raise Invalid("skriv notatet, fx »ringet 3/12, byrådet 16/12«")
    if len(text) > LONGEST:
        raise Invalid(f"notatet er på {len(text)} tegn; skriv det på højst {LONGEST}")
    with writing(engine) as session:
        notice = find_notice(session, reference)
        row = session.get_one(AgreementRow, notice.agreement_id, with_for_update=True)
        said = select(FactRow).where(
            col(FactRow.agreement_id) == row.id, col(FactRow.event) == EVENT,
            col(FactRow.about) == f"note|{notice.id}", col(FactRow.by) == by, col(FactRow.recorded_at) > at - TWICE,
        )  # fmt: skip
        words = " ".join(text.split())
        if not any(one.source == words for one in session.scalars(said)):
            noted(session, "note", [notice], by, at, text)
        return notice.id or 0


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
