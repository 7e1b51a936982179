"""The text travels with the question: which files a letter carries, and what changed in the text since the version its
council last approved. Reads only.

What is carried is named when a letter is planned (the digests) and again with each fact until it is written; then it is
settled how: in it, or behind a link.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import NamedTuple, TypedDict

from sqlalchemy import ColumnElement, Row, func, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import kept as as_facts
from workflow.language import phrase
from workflow.lifecycle.text import Version
from workflow.mail.links import ANSWERS
from workflow.mail.writing.factparts import (
    CarriedFacts,
    ChangedFacts,
    ComparedFacts,
    FileFacts,
    NamedFile,
    PapersFacts,
)
from workflow.mail.writing.words import shortened
from workflow.rules.facts import Fact
from workflow.rules.ladder import LetterRule
from workflow.rules.words import capital
from workflow.services.papers.paragraphs import paragraphs
from workflow.storage.facts import documents
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import Document
from workflow.values import dataclass

MOST_CHANGES = 200  # of a page
IN_A_LETTER, WORDS = 20, 300  # changes that a letter tells, and characters of each
READABLE = 180  # days that a letter's links to its files hold
UNREADABLE = phrase(
    "Ændringer kan kun findes i Word-filer (.docx) og ren tekst; den ene af teksterne er noget andet"
)
NO_FILE = phrase("Den ene af teksterne er ikke lagt ind, så de kan ikke sammenlignes")
_YES = ("council-approved", "council-remarks")
_DRAFT = "consultation-opened"  # its file is the draft: no version of the text has one yet


class Wanted(NamedTuple):
    """A file before its bytes are looked up: ``what`` it is, its digest, and what the fact that brought it calls it."""

    what: str
    digest: str
    name: str


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


def named(standing: Standing, number: int, heard: Fact | None = None) -> list[Wanted]:
    """The files of a version: the text (or the draft of the hearing that ``heard`` opened) and its annexes."""
    version = standing.course.version(number)
    if heard and heard.document:
        text = Wanted(phrase("Udkastet"), heard.document, heard.document_name)
    elif version:
        text = Wanted(phrase("Teksten"), version.document, version.document_name)
    else:
        text = Wanted("", "", "")
    annexes = [fact for fact in standing.story.named("annex-added") if fact.version in (None, number)]
    return [
        *([text] if text.digest else []),
        *(
            Wanted(
                phrase("Bilag: %(source)s", source=fact.source) if fact.source else phrase("Bilag"),
                fact.document,
                fact.document_name,
            )
            for fact in annexes
            if fact.document
        ),
    ]


def kept(session: Session, wanted: list[Wanted]) -> list[Paper]:
    """Those of the ``wanted`` files that are kept here, each with its name and size."""
    rows = _rows(session, [one.digest for one in wanted])
    return [
        Paper(one.what, one.digest, documents.called(row, one.name), row.octets)
        for one in wanted
        if (row := rows.get(one.digest))
    ]


def _rows(session: Session, digests: list[str]) -> dict[str, Row[tuple[str, str, int]]]:
    """Digest, name and size (``octets``) of the files that are kept here, by digest."""
    size: ColumnElement[int] = func.length(col(Document.content)).label("octets")
    query = select(col(Document.digest), col(Document.name), size)
    return {row.digest: row for row in session.execute(query.where(col(Document.digest).in_(digests)))}


def carried(standing: Standing, letter: LetterRule, fact: Fact | None = None) -> CarriedFacts | None:
    """The files that a letter carries, as facts of it: with a letter about an event they go along, with a reminder
    their links. ``fact`` is the event, or the hearing that a reminder is about; ``None`` where it carries none."""
    if not letter.carries:
        return None
    version = standing.course.version(fact.version or 0) if fact else None
    version = version or standing.course.current
    if letter.carries == "answer":
        whose = standing.agreement.regime.words.authority.genitive
        said = phrase("%(whose)s brev", whose=capital(whose))
        files = [Wanted(said, fact.document, fact.document_name)] if fact and fact.document else []
    else:
        heard = fact if fact and fact.event == _DRAFT else None
        files = named(standing, version.number if version else 0, heard)
    told: list[NamedFile] = [
        {"what": as_facts(one.what), "digest": one.digest, "name": one.name} for one in files
    ]
    return {"attach": bool(letter.event), "asks": letter.name in ANSWERS, "files": told} if told else None


def last_yes(standing: Standing, version: Version, code: str) -> tuple[Version | None, int, date] | None:
    """The version before this one that a council last approved, its number and the day; ``None`` where it approved
    none. The version is ``None`` where it is no longer known."""
    before = [
        fact
        for fact in standing.story.named(*_YES)
        if fact.council == code and fact.version and fact.version < version.number
    ]
    if not before:
        return None
    last = max(before, key=lambda fact: (fact.version or 0, fact.no))
    return standing.course.version(last.version or 0), last.version or 0, last.on


def changed_for(standing: Standing, code: str, number: int | None = None) -> ComparedFacts | None:
    """What a letter to council ``code`` compares, as facts of it; ``None`` where it approved nothing before, or a file
    is missing."""
    version = (standing.course.version(number) if number else None) or standing.course.current
    found = last_yes(standing, version, code) if version else None
    if not (version and version.document and found):
        return None
    earlier, since, on = found
    if not (earlier and earlier.document):
        return None
    return {"since": since, "on": on.isoformat(), "from": earlier.document, "to": version.document}


class FilesTold(TypedDict):
    """The part of a letter's facts that is about its files."""

    papers: PapersFacts | None
    changed: ChangedFacts | None


def completed(
    session: Session, papers: CarriedFacts | None, changed: ComparedFacts | None, today: date
) -> FilesTold:
    """What the facts of a letter say of its files when it is planned: names and sizes, until when the links hold, and
    the changed paragraphs in short."""
    if not papers:
        return {"papers": None, "changed": None}
    rows = _rows(session, [one["digest"] for one in papers["files"]])
    files: list[FileFacts] = [
        {
            "what": one["what"],
            "digest": one["digest"],
            "name": documents.called(row, one["name"]),
            "size": row.octets,
        }
        for one in papers["files"]
        if (row := rows.get(one["digest"]))
    ]
    told: PapersFacts = {"attach": papers["attach"], "until": readable_until(today), "files": files}
    return {
        "papers": told if files else None,
        "changed": _in_short(session, changed) if changed else None,
    }


def readable_until(today: date) -> str:
    """The last day (ISO) on which the links of a letter that is planned or copied ``today`` open its files."""
    return (today + timedelta(days=READABLE)).isoformat()


def _in_short(session: Session, changed: ComparedFacts) -> ChangedFacts:
    try:
        parts, said = compared(
            changed["from"], changed["to"], lambda one: documents.read(session, one).content
        )
    except NotFound:  # the letter goes all the same; `aftale verify` names the file
        parts, said = (), NO_FILE
    return {
        "since": changed["since"],
        "on": changed["on"],
        "said": said,
        "count": len(parts),
        "parts": [[what, shortened(text, WORDS)] for what, text in parts[:IN_A_LETTER]],
    }


def compared(old: str, new: str, read: Callable[[str], bytes]) -> tuple[tuple[tuple[str, str], ...], str]:
    """The paragraphs that were taken out ("ud") and put in ("ind") between two kept files (``read(digest)``), in the
    order of the new one; or why they cannot be compared."""
    if old == new:
        return (), ""
    found = _COMPARED.get((old, new))
    if found is None:
        before, after = paragraphs(read(old)), paragraphs(read(new))
        found = ((), UNREADABLE) if before is None or after is None else (_differences(before, after), "")
        while len(_COMPARED) >= MOST_COMPARED:
            _COMPARED.pop(next(iter(_COMPARED)), None)
        _COMPARED[old, new] = found
    return found


# Forty councils are told the same: digests name what never changes, so the answer holds.
_COMPARED: dict[tuple[str, str], tuple[tuple[tuple[str, str], ...], str]] = {}
MOST_COMPARED = 8


def _differences(old: list[str], new: list[str]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            found += [("ud", text) for text in old[a:b]] + [("ind", text) for text in new[c:d]]
    return tuple(found)
