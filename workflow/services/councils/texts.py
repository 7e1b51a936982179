"""The text a council is asked about: its file and annexes, for whoever holds the question's link, and what changed in
it since the version this council last approved. Reads only."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.mail.links import Ask
from workflow.services.councils.asking import Question, find_question
from workflow.services.planning.travelling import (
    MOST_CHANGES,
    NO_FILE,
    Changed,
    Paper,
    compared,
    kept,
    last_yes,
    named,
)
from workflow.storage.database import reading
from workflow.storage.facts import documents
from workflow.storage.law.rulebook import Rulebook


def papers_of(engine: Engine, asked: Question) -> list[Paper]:
    """The text and its annexes, as far as their files were given."""
    with reading(engine) as session:
        return kept(session, named(asked.standing, asked.version.number))


def paper(
    engine: Engine, rulebook: Rulebook, ask: Ask | None, digest: str, today: date, person: str = ""
) -> tuple[str, bytes]:
    """Name and content of one file of the text that ``ask`` is about. :class:`NotFound` for any other file, and as
    :func:`workflow.services.councils.asking.question`; a link that was withdrawn opens nothing."""
    with reading(engine) as session:
        asked = find_question(session, rulebook, ask, today, person)[1]
        files = named(asked.standing, asked.version.number)
        asked_for = next((one for one in files if one.digest == digest), None)
        if asked.dead or asked_for is None:
            raise NotFound(phrase("filen hører ikke til den tekst, der spørges om"))
        found = documents.read(session, digest)
        return documents.called(found, asked_for.name), found.content


def changed_since(engine: Engine, asked: Question) -> Changed | None:
    """What changed since the version this council last approved; ``None`` where it approved none before."""
    last = last_yes(asked.standing, asked.version, asked.council.code)
    if last is None:
        return None
    earlier, since, on = last
    if not (earlier and earlier.document and asked.version.document):
        return Changed(since, on, (), NO_FILE)
    with reading(engine) as session:
        parts, said = compared(
            earlier.document, asked.version.document, lambda one: documents.read(session, one).content
        )
    return Changed(since, on, parts[:MOST_CHANGES], said, max(0, len(parts) - MOST_CHANGES))
