"""Inviting a colleague: the access is given and a link is made in one transaction; whoever calls sends the mail.

The link signs in once, in any browser, within :data:`INVITATION_LASTS`. It works by a button, so that a scanner which
opens it uses nothing up. Whoever lets it pass asks for a link of one's own at the sign-in page.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.rules.days import danish_day
from workflow.services.people.grasp import EVERYBODY, Grasp
from workflow.services.people.persons import ROOM, put_person
from workflow.storage.database import writing
from workflow.storage.facts.acts import record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Link, Person, hash_of
from workflow.values import dataclass

INVITATION_LASTS = timedelta(days=3)
TWICE = timedelta(minutes=1)  # the same invitation again so soon is a second press of the button


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person and the secret of the link to send; empty where the same was sent this minute."""

    person: Person
    link: str
    ends_at: datetime


def invite(
    engine: Engine, rulebook: Rulebook, *, email: str, name: str, role: str, region: str = "", body: str = "",
    valid_to: date | None = None, at: datetime, grasp: Grasp = EVERYBODY,
) -> Invitation:  # fmt: skip
    """Give access to somebody new, with a link to send; as :func:`workflow.services.people.persons.add_person`."""
    with writing(engine) as session:
        known = session.scalars(select(Person).where(col(Person.email) == folded(email))).first()
        if known and known.invited_at and at - known.invited_at < TWICE:
            asked, given = (name, role, region, body, valid_to), known
            if asked == (given.name, given.role, given.region, given.body, given.valid_to):
                return Invitation(known, "", at)
        person = put_person(
            session, rulebook, email=email, name=name, role=role, region=region, body=body, valid_to=valid_to, at=at,
            grasp=grasp, new=True,
        )  # fmt: skip
        return _made(session, person, at, grasp)


def invite_again(
    engine: Engine, rulebook: Rulebook, number: int, at: datetime, grasp: Grasp = EVERYBODY
) -> Invitation:
    """A new link for a person who has access; the earlier ones end. :class:`NotFound` outside ``grasp``, and for one
    who has ended."""
    today = danish_day(at)
    with writing(engine) as session:
        person = session.get(Person, number) if 0 < number < 2**31 else None
        if person is None or (person.valid_to and person.valid_to < today):
            raise NotFound(phrase("Personen findes ikke, eller du har ikke adgang til den."))
        grasp.must_hold(rulebook, person, today)
        if person.invited_at and at - person.invited_at < TWICE:
            return Invitation(person, "", at)
        session.execute(delete(Link).where(col(Link.person_id) == person.id, col(Link.browser) == ""))
        return _made(session, person, at, grasp)


def _made(session: Session, person: Person, at: datetime, grasp: Grasp) -> Invitation:
    secret = secrets.token_urlsafe(32)
    assert person.id is not None
    ends_at = at + INVITATION_LASTS
    session.add(
        Link(
            digest=hash_of(secret), person_id=person.id, browser="", asker=hash_of("invitation"), target="/",
            made_at=at, ends_at=ends_at,
        )
    )  # fmt: skip
    person.invited_at = at
    session.add(person)
    record_act(session, ROOM, person.email, "invited", {"until": ends_at.isoformat()}, grasp.by, at)
    return Invitation(person, secret, ends_at)
