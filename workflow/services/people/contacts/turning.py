"""Before a term ends the planner asks every body itself which mailbox is its own, where no secretariat has done so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.rules.agreement import Region
from workflow.rules.days import danish_day
from workflow.services.people.contacts.confirming import ask_in
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Meta

LEAD = timedelta(days=21)  # before the term's last day: those who are asked still hold their seats then
RECENT = timedelta(days=62)  # whom a secretariat asked so shortly before is not asked again
BY = "Aftalefrist"
_DONE = "asked_at_turn:"  # the meta key, with the region's id: the last day of the term it is done for
_OVER = ("ended", "rules_ended")


def asking_day(rulebook: Rulebook, ends_on: date) -> date:
    """The business day on which it asks before a term that ends on ``ends_on``."""
    return rulebook.days.on_or_after(ends_on - LEAD)


def ask_at_turn(engine: Engine, rulebook: Rulebook, at: datetime, link: str) -> list[str]:
    """Ask the bodies of every region whose term ends within :data:`LEAD`, once a term and not on a closed day; the
    functions that were asked. A daemon that was down asks as long as the term lasts."""
    today = danish_day(at)
    ends_on = next(
        (term.ends_on for term in rulebook.law.terms if asking_day(rulebook, term.ends_on) <= today <= term.ends_on),
        None,
    )  # fmt: skip
    if ends_on is None or rulebook.days.why_closed(today):
        return []
    asked = list[str]()
    for region in rulebook.regions:
        with reading(engine) as session:
            wanted = _wanted(session, region, ends_on)
        if wanted:
            with writing(engine) as session:
                asked += _ask(session, rulebook, region, ends_on, at, link)
    return asked


def _wanted(session: Session, region: Region, ends_on: date) -> AgreementRow | None:
    """The region's newest agreement that is not over, where its bodies have not been asked; ``None`` otherwise."""
    if meta.get(session, _DONE + region.id) == ends_on.isoformat():
        return None
    alive = col(AgreementRow.period_state).not_in(_OVER)
    query = select(AgreementRow).where(col(AgreementRow.region) == region.id, alive)
    return session.scalars(query.order_by(col(AgreementRow.id).desc()).limit(1)).first()


def _ask(
    session: Session, rulebook: Rulebook, region: Region, ends_on: date, at: datetime, link: str
) -> list[str]:
    key = _DONE + region.id
    meta.put_first(session, key, "")
    session.scalars(select(col(Meta.value)).where(col(Meta.key) == key).with_for_update()).one()
    row = _wanted(session, region, ends_on)
    if row is None:
        return []  # another daemon was first
    meta.put(session, key, ends_on.isoformat())
    return ask_in(session, rulebook, row, BY, at, link, at - RECENT)[0]
