"""Signing in by a work account: whose it is, and what it may do here.

The account that signs in first is bound to its person: from then on the provider's own name for it (``sub``) counts,
and another account with the same address is refused. An access is given here by a person, or by a group of the
directory that the settings name; a person's word is not changed by a group.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Refused
from workflow.rules.days import danish_day
from workflow.services.people.grasp import Grasp
from workflow.services.people.persons import MOST_NAME, end_in, put_person
from workflow.services.people.signin import Device, begin
from workflow.storage.database import writing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Person
from workflow.values import dataclass

BY_GROUP = "arbejdskontoens grupper"  # who gives what a group gives, in the journal


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a provider vouches for. ``email`` is as it is kept; ``groups`` is ``None`` where the token does not tell
    them, as when they are too many for it."""

    issuer: str
    subject: str
    email: str
    name: str
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a group gives: as :func:`workflow.services.people.persons.add_person` takes it."""

    role: str
    region: str = ""
    body: str = ""


def read_grant(said: str) -> Grant:
    """``"secretariat nordjylland"``, ``"council 0851"``, ``"coordinator"``; whether it can be is seen when it is
    given."""
    role, _, place = said.strip().partition(" ")
    return Grant(role, "", place.strip()) if role == "council" else Grant(role, place.strip())


def begin_for_account(
    engine: Engine, rulebook: Rulebook, account: Account, grants: Mapping[str, Grant], at: datetime, device: Device
) -> str | None:  # fmt: skip
    """The secret of a new session; ``None`` for an account that has no access here. ``grants`` by group, the first that
    fits counts. A group gives, changes and ends access; whoever was given it by a person keeps that."""
    today = danish_day(at)
    with writing(engine) as session:
        person = _known(session, account)
        bound = person is not None and person.subject and (person.issuer, person.subject)
        if bound and bound != (account.issuer, account.subject):
            return None  # the address is another account's
        person = _by_groups(session, rulebook, person, account, grants, at)
        if person is None or _ended(person, today):
            return None
        person.issuer, person.subject = account.issuer, account.subject
        return begin(session, person, at, device)


def _known(session: Session, account: Account) -> Person | None:
    bound = select(Person).where(col(Person.issuer) == account.issuer, col(Person.subject) == account.subject)
    found = session.scalars(bound).first()
    return found or session.scalars(select(Person).where(col(Person.email) == account.email)).first()


def _by_groups(
    session: Session, rulebook: Rulebook, person: Person | None, account: Account, grants: Mapping[str, Grant],
    at: datetime,
) -> Person | None:  # fmt: skip
    """The person as the groups would have it."""
    if account.groups is None or (person is not None and not person.from_group):
        return person
    group = next((name for name in grants if name in account.groups), "")
    if not group:
        if person is not None and not _ended(person, danish_day(at)):
            end_in(session, person, at, Grasp(by=BY_GROUP), keeps_group=True)
        return person
    grant = grants[group]
    same = person is not None and not _ended(person, danish_day(at)) and (
        (person.role, person.region, person.body, person.from_group) == (grant.role, grant.region, grant.body, group)
    )  # fmt: skip
    if same:
        return person
    try:
        return put_person(
            session, rulebook, email=person.email if person else account.email, name=account.name[:MOST_NAME],
            role=grant.role, region=grant.region, body=grant.body, valid_to=None, at=at, grasp=Grasp(by=BY_GROUP),
            from_group=group,
        )  # fmt: skip
    except Refused:  # a group that names what is not there, or would make less of the last administrator
        return person


def _ended(person: Person, today: date) -> bool:
    return person.valid_to is not None and person.valid_to < today
