"""A council's calendar behind the link of a letter: the link that asks when it meets, or the one that asks what it
decided. It holds while the mailbox is the council's, and lets whoever has it keep the days to come of that one council.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.mail.links import Ask, Calendar, reader_of
from workflow.services.councils.asking import SORRY, find_question
from workflow.services.meetings.naming import Names
from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import languages_chosen, mailboxes
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Linked:
    """Whose calendar it is, and the mailbox (``by``) through which it is kept. ``closed`` says in Danish why it cannot
    be changed by this link any more, empty while it can; ``dead``: the link was withdrawn, and shows nothing.
    ``language``: the mailbox's, empty where nobody chose one."""

    council: str
    name: str
    by: str
    closed: str = ""
    dead: bool = False
    language: str = ""


def by_calendar_link(engine: Engine, rulebook: Rulebook, calendar: Calendar | None, today: date) -> Linked:
    """What the link of the letter that asks for meeting days opens on that Danish day. :class:`NotFound` for one that
    is forged, or whose mailbox is no longer the council's. Reads only."""
    if calendar is None:
        raise NotFound(SORRY)
    with reading(engine) as session:
        boxes = mailboxes(session, calendar.council, today)
        by = next((email for email in boxes if reader_of(email) == calendar.reader), "")
        language = languages_chosen(session, by).get(by, "") if by else ""
    if not by:
        raise NotFound(SORRY)
    closed = (
        phrase("linket gjaldt mødedagene i %(year)s", year=calendar.year)
        if today.year > calendar.year
        else ""
    )
    return Linked(calendar.council, Names(rulebook).name(calendar.council), by, closed, language=language)


def by_answer_link(engine: Engine, rulebook: Rulebook, ask: Ask | None, today: date) -> Linked:
    """What the link of a letter that asks for the council's decision opens; as :func:`by_calendar_link`."""
    with reading(engine) as session:
        _, asked = find_question(session, rulebook, ask, today, "")
    return Linked(asked.council.code, asked.council.name, asked.by, asked.closed, asked.dead, asked.language)
