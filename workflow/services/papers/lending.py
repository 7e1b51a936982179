"""A file of a letter, for whoever holds its link: no sign-in, nothing but this file, for a time only. Reads only."""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.mail.writing.facts import PlannedFacts
from workflow.storage.database import reading
from workflow.storage.facts import documents
from workflow.storage.people.contacts import mailboxes
from workflow.storage.tables import Notice

SORRY = phrase(
    "Linket kan ikke bruges. Det er ikke herfra, eller postkassen, det blev sendt til, er ikke længere i brug."
)


def lent(engine: Engine, named: tuple[int, int] | None, today: date) -> tuple[str, bytes]:
    """Name and content of the file that a reading link names (the letter's number, and which of its files) on that
    Danish day. :class:`NotFound` for a link that is forged, or whose mailbox is no longer the body's;
    :class:`NotPossible` for one that has run out."""
    with reading(engine) as session:
        notice = session.get(Notice, named[0]) if named else None
        facts: PlannedFacts | None = json.loads(notice.facts) if notice else None
        papers = facts.get("papers") if facts else None
        if not (named and notice and papers and named[1] < len(papers["files"])):
            raise NotFound(SORRY)
        if not _still_theirs(session, notice, today):
            raise NotFound(SORRY)
        until = date.fromisoformat(papers["until"])
        if until < today:
            said = phrase(
                "Linket gjaldt til og med %(day)s. Skriv til sekretariatet, hvis du skal bruge filen; adressen står i "
                "mailen.",
                day=until,
            )
            raise NotPossible(said)
        one = papers["files"][named[1]]
        return one["name"], documents.read(session, one["digest"]).content


def _still_theirs(session: Session, notice: Notice, today: date) -> bool:
    body = notice.recipient.partition("/")[0]
    return folded(notice.address) in [folded(email) for email in mailboxes(session, body, today)]
