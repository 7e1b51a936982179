"""The keys of programs that read: add, list, renew, revoke, and tell of those that end."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotFound
from workflow.language import phrase
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day, spoken
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.people.people import Token, hash_of
from workflow.storage.tables import Alarm

ALARM, AHEAD = "tokens", timedelta(days=30)
ROOM = "token"  # in the journal of acts
PREFIX = "aftale_"  # so that a token found where it should not lie is known for one


def add_token(
    engine: Engine,
    rulebook: Rulebook,
    name: str,
    region: str,
    valid_to: date | None,
    at: datetime,
    by: str = "",
) -> str:
    """A new token that reads one region, or all (``""``); it is shown here and never again. :class:`Invalid` for an
    empty name or a last day that is over."""
    if region:
        rulebook.region(region)
    still_to_come(valid_to, at)
    called = clean(name)
    if not called:
        raise Invalid("the name is empty; say which program the token is for")
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing(engine) as session:
        if session.scalars(select(Token).where(col(Token.name) == called)).first():
            raise Conflict(f"there is a token named {called!r}; choose another name")
        token = Token(name=called, region=region, digest=hash_of(secret), added_at=at, valid_to=valid_to)
        session.add(token)
        record_act(
            session, ROOM, called, "added", {"region": region, "valid_to": str(valid_to or "")}, by, at
        )
    return secret


def still_to_come(valid_to: date | None, at: datetime) -> None:
    """:class:`Invalid` where the last Danish day of a key is over already: it would be shown, and open nothing."""
    if valid_to and valid_to < danish_day(at):
        raise Invalid(phrase("dagen %(day)s er forbi; skriv en dag, der kommer", day=spoken(valid_to, False)))


def renew_token(engine: Engine, name: str, valid_to: date, at: datetime, by: str = "") -> date:
    """Let a token go on until that Danish day, or the later one it has; also one whose last day is over. The day.
    :class:`NotFound` for an unknown name, :class:`Invalid` for one that was revoked or a day that is over."""
    with writing(engine) as session:
        token = _named(session, name)
        if token.revoked_at is not None:
            raise Invalid(
                f"the token {name!r} was revoked and opens nothing again; make another: aftale token add"
            )
        still_to_come(valid_to, at)
        if token.valid_to is None or token.valid_to < valid_to:
            told = {"was": str(token.valid_to or ""), "becomes": str(valid_to)}
            token.valid_to = valid_to
            session.add(token)
            record_act(session, ROOM, name, "renewed", told, by, at)
        return token.valid_to or valid_to


def watch_tokens(engine: Engine, at: datetime) -> list[str]:
    """Keep one alarm while tokens end within :data:`AHEAD` or ended in that time; their names. Cleared when they are
    renewed or revoked, or were let go for as long."""
    today = danish_day(at)
    soon = select(Token).where(
        col(Token.revoked_at).is_(None), col(Token.valid_to).between(today - AHEAD, today + AHEAD)
    )
    with writing(engine) as session:
        found = session.scalars(soon.order_by(col(Token.valid_to), col(Token.name))).all()
        named = ", ".join(f"{one.name} ({spoken(one.valid_to, False)})" for one in found if one.valid_to)
        text = phrase(
            "Nøgler til programmer udløber snart eller er udløbet: %(names)s. Forny dem med aftale token renew NAVN.",
            names=named,
        )
        known = select(col(Alarm.text)).where(col(Alarm.key) == ALARM, col(Alarm.cleared_at).is_(None))
        if not found or session.scalars(known).first() != text:
            clear_alarms(session, ALARM, at)
        if found:
            raise_alarm(session, ALARM, "warning", text, at)
    return [one.name for one in found]


def list_tokens(engine: Engine) -> list[Token]:
    """Every token, also those revoked, by name."""
    with reading(engine) as session:
        return list(session.scalars(select(Token).order_by(col(Token.name))))


def revoke_token(engine: Engine, name: str, at: datetime, by: str = "") -> None:
    """Let a token open nothing from now on; :class:`NotFound` for an unknown name."""
    with writing(engine) as session:
        token = _named(session, name)
        if token.revoked_at is None:
            token.revoked_at = at
            session.add(token)
            record_act(session, ROOM, name, "revoked", {}, by, at)


def _named(session: Session, name: str) -> Token:
    token = session.scalars(select(Token).where(col(Token.name) == name)).first()
    if token is None:
        raise NotFound(f"no token is named {name!r}; see: aftale token list")
    return token
