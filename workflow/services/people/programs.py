"""The keys of programs that read: add, list, revoke."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.errors import Conflict, Invalid, NotFound
from workflow.mail.writing.words import clean
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Token, hash_of

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
        record_act(
            session, ROOM, called, "added", {"region": region, "valid_to": str(valid_to or "")}, by, at
        )
    return secret


def list_tokens(engine: Engine) -> list[Token]:
    """Every token, also those revoked, by name."""
    with reading(engine) as session:
        return list(session.scalars(select(Token).order_by(col(Token.name))))


def revoke_token(engine: Engine, name: str, at: datetime, by: str = "") -> None:
    """Let a token open nothing from now on; :class:`NotFound` for an unknown name."""
    with writing(engine) as session:
        token = session.scalars(select(Token).where(col(Token.name) == name)).first()
        if token is None:
            raise NotFound(f"no token is named {name!r}; see: aftale token list")
        if token.revoked_at is None:
            token.revoked_at = at
            session.add(token)
            record_act(session, ROOM, name, "revoked", {}, by, at)
