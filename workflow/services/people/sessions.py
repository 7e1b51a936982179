"""What is one's own: where one is signed in, and ending that, one by one or all the others at once; the language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound
from workflow.language import SOURCE, languages, phrase
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.people.people import Person, SessionRow, hash_of

MARK = 16  # hex signs of a session's hash that tell it from one's others; they open nothing


def own_sessions(engine: Engine, email: str, at: datetime) -> Sequence[SessionRow]:
    """The sessions of the person with this address (as it is kept) that have not ended, the newest first."""
    query = select(SessionRow).join(Person, col(Person.id) == col(SessionRow.person_id))
    with reading(engine) as session:
        return session.scalars(
            query.where(col(Person.email) == email, col(SessionRow.ends_at) > at).order_by(
                col(SessionRow.started_at).desc()
            )
        ).all()


def end_own(engine: Engine, email: str, mark: str) -> None:
    """End the session whose hash begins with ``mark``, if it is this person's; nothing happens where it has ended."""
    with writing(engine) as session:
        for one in _of(session, email):
            if one.digest[:MARK] == mark:
                session.delete(one)


def end_others(engine: Engine, email: str, secret: str) -> None:
    """End every session of this person but the one with this ``secret``."""
    with writing(engine) as session:
        ended = [one.digest for one in _of(session, email) if one.digest != hash_of(secret)]
        session.execute(delete(SessionRow).where(col(SessionRow.digest).in_(ended)))


def choose_language(engine: Engine, email: str, language: str, by: str, at: datetime) -> None:
    """Let site and mails speak ``language`` to the person with this address (as it is kept); Danish is "" or "da".

    :class:`Invalid` for a language there is none of, :class:`NotFound` for an unknown address."""
    if language and language not in languages():
        raise Invalid(phrase("sproget findes ikke her; vælg et af %(names)s", names=", ".join(languages())))
    chosen = "" if language == SOURCE else language
    with writing(engine) as session:
        person = session.scalars(select(Person).where(col(Person.email) == email)).first()
        if person is None:
            raise NotFound(f"no person has the address {email!r}; see: aftale person list")
        if person.language != chosen:
            told = {"was": person.language or SOURCE, "becomes": chosen or SOURCE}
            person.language = chosen
            record_act(session, "person", email, "language", told, by, at)


def _of(session: Session, email: str) -> Sequence[SessionRow]:
    query = select(SessionRow).join(Person, col(Person.id) == col(SessionRow.person_id))
    return session.scalars(query.where(col(Person.email) == email)).all()
