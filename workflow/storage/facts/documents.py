"""Files that came with facts, kept whole under their SHA-256.

The same bytes are kept once, whoever brings them; what a file is called belongs to the fact, report or hearing's line
that brought it, so that nobody reads what others call it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.storage.facts.acts import Act
from workflow.storage.facts.heard import HEARING
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.tables import Document, FactRow
from workflow.values import dataclass

MOST_BYTES = 20 * 1024 * 1024
UNNAMED = "fil"
MOST_WAITING = 25 * MOST_BYTES  # of files that nothing uses yet: they go after a day


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it was handed in; ``name`` is for people, ``content`` is what is hashed."""

    name: str
    content: bytes


def keep(session: Session, attached: Attached, at: datetime, most_waiting: int = MOST_WAITING) -> str:
    """Store the file once and give its digest (hex). :class:`Invalid` for an empty or far too large one. Of
    files that were only looked at (a preview) no more than ``most_waiting`` bytes are kept, and :class:`NotPossible`
    says so; each stays until a day after it was looked at last."""
    if not attached.content:
        raise Invalid(phrase("%(attached)s er tom; vælg selve dokumentet", attached=attached.name))
    if len(attached.content) > MOST_BYTES:
        raise Invalid(
            phrase(
                "%(attached)s fylder mere end de %(most)s MB, der gemmes; vælg en mindre fil",
                attached=attached.name,
                most=MOST_BYTES // 1024**2,
            )
        )
    digest = hashlib.sha256(attached.content).hexdigest()
    if (known := session.get(Document, digest)) is None:
        _must_have_room(session, len(attached.content), most_waiting)
        session.add(Document(digest=digest, name="", content=attached.content, kept_at=at))
        session.flush()
    elif digest in _unused(session, col(Document.digest) == digest):
        known.kept_at = at
        session.flush()
    return digest


def forget_unused(session: Session, before: datetime) -> None:
    """Remove files kept before that instant for a fact or a hearing's answer that was never recorded."""
    if left := _unused(session, col(Document.kept_at) < before):
        session.execute(delete(Document).where(col(Document.digest).in_(left)))


def _must_have_room(session: Session, more: int, most: int) -> None:
    waiting = _unused(session, col(Document.kept_at).is_not(None))
    sizes = session.execute(select(col(Document.digest), func.length(col(Document.content))))
    if sum(size for digest, size in sizes if digest in waiting) + more > most:
        raise NotPossible(
            phrase(
                "der ligger for mange filer, som kun har været set på og ikke er brugt; registrér dem, eller prøv igen "
                "i morgen"
            )
        )


def kept_bytes(session: Session) -> int:
    """How many bytes of files lie here."""
    return int(session.scalar(select(func.coalesce(func.sum(func.length(col(Document.content))), 0))) or 0)


def _unused(session: Session, which: ColumnElement[bool]) -> set[str]:
    """Of these files, the digests of those that no fact, report or line of a hearing names."""
    used = exists().where(col(FactRow.document) == col(Document.digest))
    shown = exists().where(col(ReportedDecision.minutes) == col(Document.digest))
    if left := set(session.scalars(select(col(Document.digest)).where(which, ~used, ~shown))):
        heard = session.scalars(select(Act).where(col(Act.room) == HEARING))
        left -= {str(act.told.get("document", "")) for act in heard}
    return left


def called(kept: Document | Row[Any], name: str) -> str:
    """What a file is called by the fact, report or line that gave it ``name``; what was recorded without a name has the
    one that was kept with the bytes then."""
    return name or kept.name or UNNAMED


def read(session: Session, digest: str) -> Document:
    """The kept file with this digest; :class:`NotFound` otherwise."""
    found = session.get(Document, digest)
    if found is None:
        raise NotFound(f"no document {digest} is kept here")
    return found
