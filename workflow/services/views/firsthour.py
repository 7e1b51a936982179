"""What a fresh installation still lacks until its first letter goes out, looked up and never assumed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import Engine, func, select
from sqlmodel import col

from workflow.services.people.grasp import EVERYBODY
from workflow.services.people.persons import persons_of
from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.trials import TrialMail
from workflow.storage.people.people import Person
from workflow.storage.tables import AgreementRow, Contact, Notice
from workflow.values import dataclass

ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class FirstHour:
    """Where the installation stands. ``trial`` is the last trial mail, ``others`` those who can sign in and administer
    nothing, ``mailboxes`` how many letters can go to, ``agreements`` their keys, ``sent`` how many letters the mail
    server took, ``next_at`` when the next one may go (aware), ``waiting`` those that wait for a person."""

    administrators: list[Person]
    others: list[Person]
    trial: TrialMail | None
    mailboxes: int
    agreements: list[str]
    sent: int
    waiting: int
    next_at: datetime | None


def first_hour(engine: Engine, rulebook: Rulebook, today: date) -> FirstHour:
    """Look everything up as it is on that Danish day."""
    persons = [
        one for one in persons_of(engine, rulebook, EVERYBODY, today)
        if one.valid_to is None or one.valid_to >= today
    ]  # fmt: skip
    with reading(engine) as session:
        alive = (col(Contact.valid_to).is_(None) | (col(Contact.valid_to) >= today)) & (
            col(Contact.refused_at).is_(None)
        )
        counted = session.execute(select(col(Notice.state), func.count()).group_by(col(Notice.state)))
        states = Counter({row[0]: row[1] for row in counted})
        return FirstHour(
            administrators=[one for one in persons if one.role == "administrator"],
            others=[one for one in persons if one.role != "administrator"],
            trial=session.scalars(select(TrialMail).order_by(col(TrialMail.id).desc()).limit(1)).first(),
            mailboxes=session.execute(select(func.count()).select_from(Contact).where(alive)).scalar_one(),
            agreements=[
                row.key
                for row in session.scalars(select(AgreementRow).order_by(col(AgreementRow.id)).limit(3))
            ],
            sent=states[ACCEPTED] + states["confirmed"],
            waiting=states["unanswered"] + states["held"],
            next_at=session.execute(
                select(func.min(Notice.next_at)).where(col(Notice.state).in_(("planned", "ready")))
            ).scalar_one(),
        )
