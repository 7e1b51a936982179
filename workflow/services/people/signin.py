"""Signing in: a link by mail, redeemed once by the browser that asked for it, and the session that follows.

Instants are aware; days are Danish. Whether an address is known is told to nobody but its mailbox.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.rules.days import danish_day
from workflow.storage.database import reading, writing
from workflow.storage.people import people
from workflow.storage.people.contacts import languages_chosen
from workflow.storage.people.people import Link, Person, SessionRow, Token, hash_of
from workflow.values import dataclass

LINK_LASTS = timedelta(minutes=10)
MOST_LINKS = (
    4  # for one person at one asker's wish, over all hosts: a mailbox is not flooded by asking each of them
)
MOST_IN_ALL = (
    20  # for one person at once: so many that no single stranger uses them up and locks the person out
)
MOST_AGENT = 200  # characters of what a browser calls itself that are kept
MOST_SESSIONS = 20  # of one person at once
SESSION_LASTS = timedelta(hours=12)  # however busy; how long a session may lie idle is the gate's to know


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser calls itself and the address it came from: for its person to know the session by."""

    agent: str = ""
    client: str = ""


_UNNAMED = Device()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its secret, and where the person was going."""

    session: str
    target: str


def offer_link(
    engine: Engine, email: str, browser: str, target: str, at: datetime, asker: str = ""
) -> tuple[str, str] | None:
    """A link's secret for whoever has this address, and the address as it is kept, to which it is sent. It is bound to
    ``browser`` (its secret) and good for :data:`LINK_LASTS`. ``None`` for an address nobody has, and where ``asker``
    (the address asked from) got :data:`MOST_LINKS` in that time, or all together :data:`MOST_IN_ALL`. ``target`` is a
    local path."""
    secret = secrets.token_urlsafe(32)
    with writing(engine) as session:
        person = people.person_by_email(session, folded(email), danish_day(at))
        if person is None or person.id is None:
            return None
        people.forget_ended(session, at)
        own, every = people.count_links(session, person, hash_of(asker))
        if own >= MOST_LINKS or every >= MOST_IN_ALL:
            return None
        session.add(
            Link(
                digest=hash_of(secret),
                person_id=person.id,
                browser=hash_of(browser),
                asker=hash_of(asker),
                target=target,
                made_at=at,
                ends_at=at + LINK_LASTS,
            )
        )
        return secret, person.email


def language_of(engine: Engine, email: str, otherwise: str) -> str:
    """The language that whoever has this address chose; ``otherwise`` where nobody did."""
    with reading(engine) as session:
        return languages_chosen(session, email).get(email, otherwise)


def redeem(engine: Engine, link: str, browser: str, at: datetime, device: Device = _UNNAMED) -> SignedIn:
    """Use the link up and begin a session. :class:`NotFound` where it is unknown, used, too old, of another browser,
    or its person has ended: which of these is not told."""
    with writing(engine) as session:
        done = enter_by(session, hash_of(link), hash_of(browser), at, device)
        if done is None:
            raise NotFound(phrase("Linket kan ikke bruges."))
        return done


def enter_by(session: Session, link: str, browser: str, at: datetime, device: Device) -> SignedIn | None:
    """:func:`redeem` of a link and a browser (their hashes) in the caller's transaction; ``None`` for a refusal."""
    if not people.use_link(session, link, browser, at):
        return None
    used = session.get(Link, link)
    assert used is not None
    person = session.get(Person, used.person_id)
    if person is None or (person.valid_to and person.valid_to < danish_day(at)):
        return None
    return SignedIn(begin(session, person, at, device), used.target)


def begin_for(engine: Engine, email: str, at: datetime, device: Device = _UNNAMED) -> str | None:
    """The secret of a new session for the person whom an identity provider vouched for; ``None`` for a stranger."""
    with writing(engine) as session:
        person = people.person_by_email(session, folded(email), danish_day(at))
        return begin(session, person, at, device) if person else None


def begin(session: Session, person: Person, at: datetime, device: Device) -> str:
    """The secret of a new session of this person, in the caller's transaction. Beyond :data:`MOST_SESSIONS` the oldest
    ends."""
    secret = secrets.token_urlsafe(32)
    people.forget_ended(session, at)
    assert person.id is not None
    people.end_oldest(session, person.id, MOST_SESSIONS - 1)
    session.add(
        SessionRow(
            digest=hash_of(secret), person_id=person.id, started_at=at, ends_at=at + SESSION_LASTS,
            agent=device.agent[:MOST_AGENT], client=device.client,
        )
    )  # fmt: skip
    person.signed_in_at = at
    session.add(person)
    return secret


def who(engine: Engine, session_secret: str, at: datetime) -> Person | None:
    """Whose session this is; ``None`` when it or the person has ended. Reads only."""
    with reading(engine) as session:
        return people.person_of(session, hash_of(session_secret), at, danish_day(at))


def which(engine: Engine, token: str, at: datetime) -> Token | None:
    """The token a program showed; ``None`` when it is unknown, revoked or past its last day. Reads only."""
    with reading(engine) as session:
        return people.token_of(session, hash_of(token), danish_day(at))


def sign_out(engine: Engine, session_secret: str) -> None:
    """End one session; nothing happens where it has ended."""
    with writing(engine) as session:
        session.execute(delete(SessionRow).where(col(SessionRow.digest) == hash_of(session_secret)))
