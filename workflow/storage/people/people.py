"""Who may sign in, and what they signed in with. Of a secret only its SHA-256 lies here, never the secret.

The secrets are 256 random bits, so a plain hash of one cannot be turned round; a password would need more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    CursorResult,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    false,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Field, Session, SQLModel, col

from workflow.storage.inserting import insert_once

ROLES = ("secretariat", "council", "coordinator", "authority", "administrator")


class Person(SQLModel, table=True):
    """A person who may sign in. ``email`` is in small letters; ``body`` is a council's code, for councils only;
    ``region`` is empty for councils (it follows from the body) and for those who see every region: an administrator
    with one has that region's people alone. ``valid_to`` is the last Danish day. ``given_by`` gave the role, or the
    directory's group ``from_group``. ``issuer`` and ``subject`` are the work account that signed in first; ``language``
    is empty where nobody chose one."""

    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="ck_role"),
    )
    id: int | None = Field(default=None, primary_key=True)
    email: str
    name: str
    role: str
    region: str = ""
    body: str = ""
    added_at: datetime
    valid_to: date | None = None
    given_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    from_group: str = Field(default="", sa_column_kwargs={"server_default": ""})
    issuer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    subject: str = Field(default="", sa_column_kwargs={"server_default": ""})
    invited_at: datetime | None = None
    signed_in_at: datetime | None = None
    language: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Seen(SQLModel, table=True):
    """When a person was last at the desk: ``seen_at`` in this visit, ``before_at`` at the end of the one before."""

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    seen_at: datetime
    before_at: datetime | None = None


class SessionRow(SQLModel, table=True):
    """One browser that is signed in, until ``ends_at`` at the latest; ``agent`` is what it calls itself, ``client`` the
    address it came from, for the person to know it by."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_person", "person_id"),)
    digest: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    started_at: datetime
    ends_at: datetime
    agent: str = Field(default="", sa_column_kwargs={"server_default": ""})
    client: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Link(SQLModel, table=True):
    """One magic link: used once, before ``ends_at``, by the browser that asked for it (``browser``: a hash; empty in
    an invitation, which nobody asked for); ``asker`` is the hash of the address it was asked from."""

    __tablename__ = "magic_link"
    __table_args__ = (Index("ix_magic_link_person", "person_id"),)
    digest: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    browser: str
    asker: str = Field(default="", sa_column_kwargs={"server_default": ""})
    target: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None


class CodeTry(SQLModel, table=True):
    """How often a browser (its hash) tried a sign-in code, until ``ends_at``; kept for browsers that asked for nothing
    too, so that what a wrong try costs says nothing."""

    __tablename__ = "code_try"
    browser: str = Field(primary_key=True)
    tries: int
    ends_at: datetime


class Token(SQLModel, table=True):
    """A program's key to read with, of one region or (``""``) all; ``valid_to`` is its last Danish day."""

    __table_args__ = (UniqueConstraint("digest"), UniqueConstraint("name"))
    id: int | None = Field(default=None, primary_key=True)
    name: str
    region: str = ""
    digest: str
    added_at: datetime
    valid_to: date | None = None
    revoked_at: datetime | None = None


class Feed(SQLModel, table=True):
    """A calendar at a secret address, of which the SHA-256 (hex) is kept; ``region`` and ``body`` are empty for all.
    ``mine``: only what falls to the secretariat, or to the council ``body``. ``valid_to`` is its last Danish day."""

    __table_args__ = (UniqueConstraint("digest"),)
    id: int | None = Field(default=None, primary_key=True)
    digest: str
    name: str
    region: str = ""
    body: str = ""
    mine: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    made_by: str
    made_at: datetime
    valid_to: date | None = None
    revoked_at: datetime | None = None


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_by_email(session: Session, email: str, on: date) -> Person | None:
    """The person with this address (folded as addresses are compared), if valid ``on`` that Danish day."""
    return session.scalars(select(Person).where(col(Person.email) == email, _valid(Person, on))).first()


def person_of(session: Session, digest: str, at: datetime, on: date) -> Person | None:
    """Whose session this is, if neither it nor the person has ended."""
    return session.scalars(_OF_SESSION, {"digest": digest, "at": at, "on": on}).first()


def token_of(session: Session, digest: str, on: date) -> Token | None:
    """The token with this hash, if neither revoked nor past its last day."""
    return session.scalars(_OF_PROGRAM, {"digest": digest, "on": on}).first()


def count_links(session: Session, person: Person, asker: str) -> tuple[int, int]:
    """How many links of this person have not ended, used or not: those that ``asker`` (a hash) asked for, and all."""
    mine = func.count().filter(col(Link.asker) == asker)
    query = select(mine, func.count()).select_from(Link).where(col(Link.person_id) == person.id)
    own, every = session.execute(query).one()
    return own, every


def use_link(session: Session, digest: str, browser: str, at: datetime) -> bool:
    """Use the link up, in one statement: of two who try at once, one does."""
    used = session.execute(
        update(Link)
        .where(
            col(Link.digest) == digest,
            col(Link.browser).in_((browser, "")),
            col(Link.used_at).is_(None),
            col(Link.ends_at) > at,
        )
        .values(used_at=at)
    )
    assert isinstance(used, CursorResult)
    return used.rowcount == 1


def open_links(session: Session, browser: str, at: datetime) -> Sequence[str]:
    """The hashes of the links that this browser (its hash) asked for and that are neither used nor ended."""
    own = select(col(Link.digest)).where(col(Link.browser) == browser)
    return session.scalars(own.where(col(Link.used_at).is_(None), col(Link.ends_at) > at)).all()


def take_try(session: Session, browser: str, at: datetime, ends_at: datetime, most: int) -> bool:
    """Count one try of a code by this browser (its hash); whether it had one of ``most`` left. The first one lets the
    count end at ``ends_at``."""
    session.execute(delete(CodeTry).where(col(CodeTry.ends_at) <= at))
    session.execute(insert_once(session, CodeTry, browser=browser, tries=0, ends_at=ends_at))
    own = update(CodeTry).where(col(CodeTry.browser) == browser, col(CodeTry.tries) < most)
    taken = session.execute(own.values(tries=col(CodeTry.tries) + 1))
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def forget_ended(session: Session, at: datetime) -> None:
    """Remove sessions, links and counts of tries that no longer matter."""
    session.execute(delete(SessionRow).where(col(SessionRow.ends_at) <= at))
    session.execute(delete(Link).where(col(Link.ends_at) <= at))
    session.execute(delete(CodeTry).where(col(CodeTry.ends_at) <= at))


def end_oldest(session: Session, person_id: int, left: int) -> None:
    """End the oldest sessions of one person, so that no more than ``left`` remain."""
    newest = select(col(SessionRow.digest)).where(col(SessionRow.person_id) == person_id)
    newest = newest.order_by(col(SessionRow.started_at).desc(), col(SessionRow.digest))
    if over := session.scalars(newest).all()[left:]:
        session.execute(delete(SessionRow).where(col(SessionRow.digest).in_(over)))


def shut_out(session: Session, person: Person, at: datetime) -> None:
    """End every session and link of one person, and the calendars that person made."""
    session.execute(delete(SessionRow).where(col(SessionRow.person_id) == person.id))
    session.execute(delete(Link).where(col(Link.person_id) == person.id))
    session.execute(
        update(Feed)
        .where(col(Feed.made_by) == person.email, col(Feed.revoked_at).is_(None))
        .values(revoked_at=at)
    )


def keeps_one(session: Session, person: Person, on: date) -> bool:
    """Whether somebody else administers every region ``on`` that Danish day. Holds the administrators' rows until the
    transaction ends: of two who end each other at once, one does."""
    query = select(Person).where(
        col(Person.role) == "administrator", col(Person.region) == "", _valid(Person, on)
    )
    return any(one.id != person.id for one in session.scalars(query.with_for_update()))


def everybody(session: Session) -> Sequence[Person]:
    """Every person, also those who have ended, by role and address."""
    return session.scalars(select(Person).order_by(col(Person.role), col(Person.email))).all()


def _valid(of: type[Person] | type[Token], on: object):  # type: ignore[no-untyped-def]
    return or_(col(of.valid_to).is_(None), col(of.valid_to) >= on)


# These stand ready, since each request asks them: building one takes as long as running it.
_OF_SESSION = (
    select(Person)
    .join(SessionRow, col(SessionRow.person_id) == col(Person.id))
    .where(
        col(SessionRow.digest) == bindparam("digest"),
        col(SessionRow.ends_at) > bindparam("at"),
        _valid(Person, bindparam("on")),
    )
)
_OF_PROGRAM = select(Token).where(
    col(Token.digest) == bindparam("digest"), col(Token.revoked_at).is_(None), _valid(Token, bindparam("on"))
)
