"""Notes about an agreement or one of its councils: *ringet 3/12, byrådet 16/12*. No fact, and the law reads none of it;
kept in the journal of acts, so that nothing of it is lost or changed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, case, func, or_, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound
from workflow.language import phrase
from workflow.rules.days import danish_day
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.acts import Act, record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

ROOM, WROTE = "note", "wrote"
MOST = 2000  # letters of one note
_CODE = len("#0851")  # what an act about a council has behind the agreement's key
_TWICE = timedelta(minutes=10)  # the same words again within this are one note, sent twice


@dataclass(frozen=True, slots=True)
class Note:
    """One note; ``body`` is the council's code, "" where it is about the agreement. ``at`` is aware UTC."""

    number: int
    agreement: str
    body: str
    text: str
    by: str
    at: datetime


def write_note(
    engine: Engine, rulebook: Rulebook, key: str, body: str, text: str, by: str, at: datetime, letter: int = 0
) -> Note:
    """Keep a note about the agreement ``key``, or about its council ``body`` (a code), and about the letter with that
    number (0: about none). The same words sent twice are one note. :class:`Invalid` for no words or too many,
    :class:`NotFound` for an agreement or a council not there."""
    said = "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip()
    if not said:
        raise Invalid("skriv noget i notatet")
    if len(said) > MOST:
        raise Invalid(
            phrase("notatet er på %(count)s tegn; der er plads til %(most)s", count=len(said), most=MOST)
        )
    with writing(engine) as session:
        row = journal.find(session, key)
        standing = projection.load(session, rulebook, row, danish_day(at))
        if body and standing.agreement.council(body) is None:
            raise NotFound(phrase("rådet er ikke med i aftalen"))
        about = f"{key}#{body}" if body else key
        newest = session.scalars(
            select(Act).where(col(Act.room) == ROOM, col(Act.about) == about).order_by(col(Act.no).desc())
        ).first()
        told: dict[str, object] = {"text": said} | ({"letter": letter} if letter else {})
        if newest and newest.by == by and newest.told == told and at - newest.at < _TWICE:
            return as_note(newest)
        return as_note(record_act(session, ROOM, about, WROTE, told, by, at))


def newest_notes(engine: Engine, key: str) -> dict[str, Note]:
    """The newest note about each council of one agreement, by code."""
    found: dict[str, Note] = {}
    with reading(engine) as session:
        query = select(Act).where(about((key,)), col(Act.about).contains("#")).order_by(col(Act.no))
        for act in session.scalars(query):
            note = as_note(act)
            found[note.body] = note
    return found


def about(keys: Collection[str], body: str = "") -> ColumnElement[bool]:
    """The acts that are notes about these agreements, or about one council of them."""
    if body:
        return (col(Act.room) == ROOM) & col(Act.about).in_([f"{key}#{body}" for key in keys])
    council = func.length(col(Act.about)) - _CODE
    key = case((col(Act.about).like("%#____"), func.substr(col(Act.about), 1, council)), else_=col(Act.about))
    return (col(Act.room) == ROOM) & key.in_(list(keys))


def about_regions(regions: Collection[str]) -> ColumnElement[bool]:
    """The acts that are notes about any agreement of these regions."""
    those = [col(Act.about).startswith(f"{region}/", autoescape=True) for region in regions]
    return (col(Act.room) == ROOM) & or_(False, *those)


def as_note(act: Act) -> Note:
    """An act of this room as the note it is."""
    key, _, body = act.about.partition("#")
    return Note(act.no, key, body, str(act.told["text"]), act.by, act.at)


def notes_in(session: Session, which: ColumnElement[bool], limit: int) -> list[Note]:
    """The newest notes that ``which`` chooses, in the caller's transaction."""
    query = select(Act).where(which).order_by(col(Act.no).desc()).limit(limit)
    return [as_note(act) for act in session.scalars(query)]
