"""The text a council is asked about: its file and annexes, for whoever holds the question's link, and what changed in
it since the version this council last approved. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.mail.links import Ask
from workflow.services.councils.asking import Question, find_question
from workflow.services.councils.paragraphs import paragraphs
from workflow.storage.database import reading
from workflow.storage.facts import documents
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import Document

MOST_CHANGES = 200
_YES = ("council-approved", "council-remarks")
UNREADABLE = phrase(
    "Ændringer vises for Word-filer (.docx) og ren tekst; den ene af teksterne er noget andet"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the text: ``what`` it is ("Teksten", "Bilag: ..."), its digest (SHA-256, hex), name and bytes."""

    what: str
    digest: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different from version ``since``, which the council approved ``on`` that day: by paragraph, what was
    taken out and what came in. ``said`` is why nothing can be shown, or empty; ``more`` how many are left off."""

    since: int
    on: date
    parts: tuple[tuple[str, str], ...]
    said: str = ""
    more: int = 0


def papers_of(engine: Engine, asked: Question) -> list[Paper]:
    """The text and its annexes, as far as their files were given."""
    with reading(engine) as session:
        return papers_in(session, asked.standing, asked.version.number)


def paper(
    engine: Engine, rulebook: Rulebook, ask: Ask | None, digest: str, today: date, person: str = ""
) -> tuple[str, bytes]:
    """Name and content of one file of the text that ``ask`` is about. :class:`NotFound` for any other file, and as
    :func:`workflow.services.councils.asking.question`; a link that was withdrawn opens nothing."""
    with reading(engine) as session:
        asked = find_question(session, rulebook, ask, today, person)[1]
        if asked.dead or digest not in [
            one.digest for one in papers_in(session, asked.standing, asked.version.number)
        ]:
            raise NotFound(phrase("filen hører ikke til den tekst, der spørges om"))
        found = documents.read(session, digest)
        return found.name, found.content


def changed_since(engine: Engine, asked: Question) -> Changed | None:
    """What changed since the version this council last approved; ``None`` where it approved none before."""
    number, code = asked.version.number, asked.council.code
    before = [
        fact
        for fact in asked.standing.story.named(*_YES)
        if fact.council == code and fact.version and fact.version < number
    ]
    if not before:
        return None
    last = max(before, key=lambda fact: (fact.version or 0, fact.no))
    earlier = asked.standing.course.version(last.version or 0)
    since, on = last.version or 0, last.on
    if not (earlier and earlier.document and asked.version.document):
        return Changed(
            since, on, (), phrase("Den ene af teksterne er ikke lagt ind, så de kan ikke sammenlignes")
        )
    if earlier.document == asked.version.document:
        return Changed(since, on, ())
    with reading(engine) as session:
        files = [documents.read(session, one) for one in (earlier.document, asked.version.document)]
        old, new = (paragraphs(one.content) for one in files)
    if old is None or new is None:
        return Changed(since, on, (), UNREADABLE)
    parts = _differences(old, new)
    return Changed(since, on, tuple(parts[:MOST_CHANGES]), "", max(0, len(parts) - MOST_CHANGES))


def _differences(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Paragraphs taken out ("ud") and put in ("ind"), in the order of the new text."""
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            found += [("ud", text) for text in old[a:b]] + [("ind", text) for text in new[c:d]]
    return found


def papers_in(session: Session, standing: Standing, number: int) -> list[Paper]:
    """The text of a version and its annexes, as far as their files were given, in the caller's transaction."""
    version = standing.course.version(number)
    wanted = [(phrase("Teksten"), version.document)] if version and version.document else []
    annexes = [fact for fact in standing.story.named("annex-added") if fact.version in (None, number)]
    wanted += [
        (phrase("Bilag: %(source)s", source=fact.source) if fact.source else phrase("Bilag"), fact.document)
        for fact in annexes
        if fact.document
    ]
    size = func.length(col(Document.content))
    query = select(col(Document.digest), col(Document.name), size)
    rows = {
        digest: (name, bytes_)
        for digest, name, bytes_ in session.execute(
            query.where(col(Document.digest).in_([d for _, d in wanted]))
        )
    }
    return [Paper(what, digest, *rows[digest]) for what, digest in wanted if digest in rows]
