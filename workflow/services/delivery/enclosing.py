"""The files that go with a letter: taken along when it is written, and put back when its bytes are sent or shown.

A letter's row names its files by digest (:mod:`workflow.mail.writing.enclosing`); the files themselves are kept once,
as they came with a fact, and no fact is ever removed. So the bytes of a letter are the same every time, or an error.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import NotFound
from workflow.mail.links import file_link
from workflow.mail.writing.enclosing import Enclosed, files_named, filled
from workflow.mail.writing.factparts import PapersFacts
from workflow.mail.writing.facts import PlannedFacts
from workflow.storage.database import reading
from workflow.storage.facts import documents
from workflow.storage.letters.outbox import Claim
from workflow.values import replace


def linked(facts: PlannedFacts, secret: str, notice_id: int) -> PapersFacts | None:
    """What a letter's facts say of its files, with the link that opens each."""
    papers = facts.get("papers")
    if not papers:
        return papers
    files = [
        one | {"link": file_link(facts.get("link", ""), secret, notice_id, place)}
        for place, one in enumerate(papers["files"])
    ]
    return papers | {"files": files}


def taken_along(
    session: Session, facts: PlannedFacts, most: int | None
) -> tuple[PapersFacts | None, list[Enclosed]]:
    """How a letter tells its files, and those that go in it: all of them, up to ``most`` octets together
    (``None``: the recipient's server took none) and while it asks for something; else none, and their links stand in
    their place."""
    papers = facts.get("papers")
    if not papers:
        return None, []
    large = most is not None and sum(one["size"] for one in papers["files"]) > most
    along = papers["attach"] and most is not None and not large and not facts["over"]
    told = papers | {"along": along, "most": most // 1024**2 if most and papers["attach"] and large else 0}
    files = papers["files"] if along else []
    return told, [Enclosed(one["name"], documents.read(session, one["digest"]).content) for one in files]


def whole(session: Session, body: bytes) -> bytes:
    """A letter's stored bytes as they are sent. :class:`NotFound` or ``ValueError`` where a file is not what it was."""
    return filled(body, lambda digest: documents.read(session, digest).content)


def as_sent(session: Session, body: bytes) -> bytes | None:
    """The same for who looks at a letter afterwards: ``None`` where a file of it is gone or no longer what it was."""
    try:
        return whole(session, body)
    except (NotFound, ValueError):
        return None


def to_send(engine: Engine, claimed: Claim) -> Claim:
    """The letter with the bytes that go on the wire; raises as :func:`whole`."""
    if not files_named(claimed.body):
        return claimed
    with reading(engine) as session:
        return replace(claimed, body=whole(session, claimed.body))
