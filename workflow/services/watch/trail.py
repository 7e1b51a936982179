"""The audit trail: sign-ins, refusals, exports and readings of what is close to people, beside the acts in the journal.

Kept for :data:`KEPT`, then removed from the oldest on. Instants are aware.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine, or_, select
from sqlmodel import col

from workflow.language import phrase
from workflow.rules.days import COPENHAGEN
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act
from workflow.storage.facts.trail import Seen, add_seen, forget_before
from workflow.values import dataclass

KEPT = timedelta(days=365)
MOST = 200  # rows on a page
KINDS = {  # what a row says -> what readers call it
    "signed-in": "loggede ind",
    "link-asked": phrase("bad om et link til at logge ind"),
    "sign-in-failed": phrase("kunne ikke logge ind"),
    "code-failed": phrase("forkert engangskode ved opsætningen"),
    "signed-out": "loggede ud",
    "sessions-ended": "afsluttede egne sessioner",
    "token-refused": phrase("viste en nøgle, der ikke gælder"),
    "forged": phrase("sendte en formular, der ikke er vores"),
    "refused": phrase("bad om noget uden for sin adgang"),
    "too-often": phrase("blev bremset for mange forsøg"),
    "wrong-link": phrase("brugte et link, der ikke gælder"),
    "export": phrase("tog en udtrækning"),
    "document": phrase("læste et dokument"),
    "letter": phrase("hentede et brev eller et bevis"),
    "contacts": phrase("så kontakter"),
    "people": phrase("så personer"),
    "trail": phrase("så sporet"),
    "feed-made": "lavede en kalenderadresse",
    "feed-renewed": phrase("fornyede en kalenderadresse"),
    "feed-ended": phrase("ophævede en kalenderadresse"),
    "left-out": phrase("flere hændelser end der skrives ned"),
}
DONE = {  # room of the journal of acts -> what readers call it
    "person": "person", "token": "nøgle", "contact": "kontakt", "settings": "indstillinger", "sender": "afsender",
    "link": "links",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail: what was seen, or (``act``) what was done."""

    at: datetime
    what: str
    who: str
    called: str
    client: str
    about: str
    status: int
    act: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: of somebody (part of address or name), of one kind (a key of :data:`KINDS`, or ``"done"``), between
    two Danish days, both included."""

    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None


def note(engine: Engine, seen: Seen) -> None:
    """Write one row."""
    with writing(engine) as session:
        add_seen(session, seen)


def forget_old(engine: Engine, at: datetime, kept: timedelta = KEPT) -> int:
    """Remove what is older than ``kept``; how many rows."""
    with reading(engine) as session:
        if session.scalars(select(col(Seen.no)).where(col(Seen.at) < at - kept).limit(1)).first() is None:
            return 0
    with writing(engine) as session:
        return forget_before(session, at - kept)


def entries(engine: Engine, asked: Asked, limit: int = MOST) -> list[Entry]:
    """The newest ``limit`` lines that fit, the newest first: rows of the trail and acts of the journal."""
    found = []
    if asked.what != "done":
        found += [_seen(row) for row in _rows(engine, asked, limit)]
    if asked.what in ("", "done"):
        found += [_done(act) for act in _acts(engine, asked, limit)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _rows(engine: Engine, asked: Asked, limit: int) -> Sequence[Seen]:
    query = select(Seen).order_by(col(Seen.no).desc()).limit(limit)
    if asked.what:
        query = query.where(col(Seen.what) == asked.what)
    if asked.who:
        columns = (Seen.who, Seen.called, Seen.about, Seen.client)
        query = query.where(or_(*(col(one).icontains(asked.who, autoescape=True) for one in columns)))
    if asked.since:
        query = query.where(col(Seen.at) >= _midnight(asked.since))
    if asked.until:
        query = query.where(col(Seen.at) < _midnight(asked.until + timedelta(days=1)))
    with reading(engine) as session:
        return session.scalars(query).all()


def _acts(engine: Engine, asked: Asked, limit: int) -> Sequence[Act]:
    query = select(Act).where(col(Act.room).in_(DONE)).order_by(col(Act.no).desc()).limit(limit)
    if asked.who:
        columns = (Act.by, Act.about)
        query = query.where(or_(*(col(one).icontains(asked.who, autoescape=True) for one in columns)))
    if asked.since:
        query = query.where(col(Act.at) >= _midnight(asked.since))
    if asked.until:
        query = query.where(col(Act.at) < _midnight(asked.until + timedelta(days=1)))
    with reading(engine) as session:
        return session.scalars(query).all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN)


def _seen(row: Seen) -> Entry:
    return Entry(row.at, row.what, row.who, row.called, row.client, row.about, row.status, False)


def _done(act: Act) -> Entry:
    return Entry(act.at, f"{act.room}/{act.what}", "", act.by, "", act.about, 0, True)
