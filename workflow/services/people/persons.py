"""The people who may sign in and the tokens of programs: add, list, end. Ending is at once, everywhere: sessions, links
and the calendars they made."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.errors import Conflict, Invalid, NotFound
from workflow.mail.addresses import deliverable, folded
from workflow.mail.words import clean
from workflow.rules.days import danish_day
from workflow.storage import people
from workflow.storage.database import reading, writing
from workflow.storage.people import ROLES, Person, Token, hash_of
from workflow.storage.rulebook import Rulebook

PREFIX = "aftale_"  # so that a token found where it should not lie is known for one
_NEEDS = {  # role -> (region, body): must it be given, may it, or may it not
    "secretariat": ("must", "no"),
    "council": ("no", "must"),
    "coordinator": ("may", "no"),
    "authority": ("no", "no"),
    "administrator": ("no", "no"),
}


def add_person(
    engine: Engine,
    rulebook: Rulebook,
    *,
    email: str,
    name: str,
    role: str,
    region: str = "",
    body: str = "",
    valid_to: date | None = None,
    at: datetime,
) -> Person:
    """Let a person sign in, or change what one may do; a change ends that person's sessions and
    calendars, since they may show what is no longer to be seen.

    :class:`Invalid` for an unknown role, a bad address, or a region or body the role does not take;
    :class:`NotFound` for an unknown region or council.
    """
    _check(rulebook, role, region, body)
    address, called = _address(email), clean(name)
    if not called:
        raise Invalid("--name is empty; write the person's name")
    with writing(engine) as session:
        person = session.scalars(select(Person).where(col(Person.email) == address)).first()
        if person is None:
            person = Person(email=address, name=called, role=role, added_at=at)
        else:
            people.shut_out(session, person, at)
        person.name, person.role, person.region, person.body = called, role, region, body
        person.valid_to = valid_to
        session.add(person)
    return person


def list_persons(engine: Engine) -> list[Person]:
    """Everybody who may or might sign in, by role and address."""
    with reading(engine) as session:
        return list(people.everybody(session))


def end_person(engine: Engine, email: str, at: datetime) -> Person:
    """End a person's access now; :class:`NotFound` for an unknown address."""
    with writing(engine) as session:
        person = session.scalars(select(Person).where(col(Person.email) == folded(email))).first()
        if person is None:
            raise NotFound(f"no person has the address {email!r}; see: aftale person list")
        people.shut_out(session, person, at)
        person.valid_to = danish_day(at) - timedelta(days=1)
        session.add(person)
        return person


def add_token(
    engine: Engine, rulebook: Rulebook, name: str, region: str, valid_to: date | None, at: datetime
) -> str:
    """A new token that reads one region, or all (``""``); it is shown here and never again."""
    if region:
        rulebook.region(region)
    called = clean(name)
    if not called:
        raise Invalid("the name is empty; say which program the token is for")
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing(engine) as session:
        if session.scalars(select(Token).where(col(Token.name) == called)).first():
            raise Conflict(f"there is a token named {called!r}; choose another name")
        token = Token(name=called, region=region, digest=hash_of(secret), added_at=at, valid_to=valid_to)
        session.add(token)
    return secret


def list_tokens(engine: Engine) -> list[Token]:
    """Every token, also those revoked, by name."""
    with reading(engine) as session:
        return list(session.scalars(select(Token).order_by(col(Token.name))))


def revoke_token(engine: Engine, name: str, at: datetime) -> None:
    """Let a token open nothing from now on; :class:`NotFound` for an unknown name."""
    with writing(engine) as session:
        token = session.scalars(select(Token).where(col(Token.name) == name)).first()
        if token is None:
            raise NotFound(f"no token is named {name!r}; see: aftale token list")
        token.revoked_at = token.revoked_at or at
        session.add(token)


def _check(rulebook: Rulebook, role: str, region: str, body: str) -> None:
    if role not in ROLES:
        raise Invalid(f"role {role!r} is unknown; one of {', '.join(ROLES)}")
    for what, given, wanted in zip(("--region", "--body"), (region, body), _NEEDS[role], strict=True):
        if given and wanted == "no":
            raise Invalid(f"a person of role {role} takes no {what}; leave it out")
        if not given and wanted == "must":
            raise Invalid(f"a person of role {role} needs {what}")
    if region:
        rulebook.region(region)
    codes = {m.code for m in rulebook.memberships} | {one.code for one in rulebook.regions if one.code}
    if body and body not in codes:
        raise NotFound(f"no council {body!r}; codes are like 0851, a region's own like 1081: aftale bodies")


def _address(email: str) -> str:
    try:
        return deliverable(email)
    except ValueError as error:
        raise Invalid(f"{email!r} is no mail address: {error}") from error
