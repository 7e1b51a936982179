"""The text travels with the question: which files a letter carries, and what changed in the text since the version its
council last approved. Reads only.

What is carried is named when a letter is planned (the digests) and again with each fact until it is written; then it is
settled how: in it, or behind a link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import kept as as_facts
from workflow.language import phrase
from workflow.lifecycle.text import Version
from workflow.mail.links import ANSWERS
from workflow.mail.writing.words import shortened, stort
from workflow.rules.facts import Fact
from workflow.rules.ladder import LetterRule
from workflow.services.papers.paragraphs import paragraphs
from workflow.storage.facts import documents
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import Document

MOST_CHANGES = 200  # of a page
IN_A_LETTER, WORDS = 20, 300  # changes that a letter tells, and characters of each
READABLE = 180  # days that a letter's links to its files hold
UNREADABLE = phrase(
    "Ændringer kan kun findes i Word-filer (.docx) og ren tekst; den ene af teksterne er noget andet"
)
NO_FILE = phrase("Den ene af teksterne er ikke lagt ind, så de kan ikke sammenlignes")
_YES = ("council-approved", "council-remarks")
_DRAFT = "consultation-opened"  # its file is the draft: no version of the text has one yet


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


def named(standing: Standing, number: int, draft: str = "") -> list[tuple[str, str]]:
    """What each file of a version is, and its digest: the text (or the ``draft`` that was heard) and its annexes."""
    version = standing.course.version(number)
    text = draft or (version.document if version else "")
    annexes = [fact for fact in standing.story.named("annex-added") if fact.version in (None, number)]
    return [
        *([(phrase("Udkastet") if draft else phrase("Teksten"), text)] if text else []),
        *(
            (
                phrase("Bilag: %(source)s", source=fact.source) if fact.source else phrase("Bilag"),
                fact.document,
            )
            for fact in annexes
            if fact.document
        ),
    ]


def kept(session: Session, wanted: list[tuple[str, str]]) -> list[Paper]:
    """Those of the ``wanted`` files that are kept here, each with its name and size."""
    size = func.length(col(Document.content))
    query = select(col(Document.digest), col(Document.name), size)
    these = query.where(col(Document.digest).in_([digest for _, digest in wanted]))
    rows = {digest: (name, octets) for digest, name, octets in session.execute(these)}
    return [Paper(what, digest, *rows[digest]) for what, digest in wanted if digest in rows]


def carried(standing: Standing, letter: LetterRule, fact: Fact | None = None) -> dict[str, Any] | None:
    """The files that a letter carries, as facts of it: with a letter about an event they go along, with a reminder
    their links. ``fact`` is the event, or the hearing that a reminder is about; ``None`` where it carries none."""
    if not letter.carries:
        return None
    version = standing.course.version(fact.version or 0) if fact else None
    version = version or standing.course.current
    files: list[tuple[str, str]]
    if letter.carries == "answer":
        whose = standing.agreement.regime.words.authority.genitive
        files = (
            [(phrase("%(whose)s brev", whose=stort(whose)), fact.document)] if fact and fact.document else []
        )
    else:
        heard = bool(fact and fact.event == _DRAFT)
        files = named(
            standing, version.number if version else 0, (fact.document or "") if fact and heard else ""
        )
    told = [{"what": as_facts(what), "digest": digest} for what, digest in files]
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


def changed_for(standing: Standing, code: str, number: int | None = None) -> dict[str, Any] | None:
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


def completed(session: Session, facts: dict[str, Any], today: date) -> dict[str, Any]:
    """What the facts of a letter say of its files when it is planned: names and sizes, until when the links hold, and
    the changed paragraphs in short."""
    papers, changed = facts.get("papers"), facts.get("changed")
    if not papers:
        return {"papers": None, "changed": None}
    files = kept(session, [(one["what"], one["digest"]) for one in papers["files"]])
    told: dict[str, Any] = {
        "attach": papers["attach"],
        "until": readable_until(today),
        "files": [
            {"what": as_facts(one.what), "digest": one.digest, "name": one.name, "size": one.size}
            for one in files
        ],
    }
    return {
        "papers": told if files else None,
        "changed": _in_short(session, changed) if changed else None,
    }


def readable_until(today: date) -> str:
    """The last day (ISO) on which the links of a letter that is planned or copied ``today`` open its files."""
    return (today + timedelta(days=READABLE)).isoformat()


def _in_short(session: Session, changed: dict[str, Any]) -> dict[str, Any]:
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
