"""The words around a council's case: ours, or a region's own. Plain text with fields in braces.

``# `` begins the title, ``## `` a heading, ``- `` an item of a list; an empty line ends a paragraph. ``{tidsplan}``,
``{retsgrundlag}``, ``{forløb}`` and ``{bilag}`` stand alone on their line and become what the facts give. A field that
is written with a capital begins a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Invalid, Misconfigured
from workflow.language import phrase
from workflow.mail.writing.words import stort
from workflow.rules.words import invisible
from workflow.services.papers.docx import Block
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, acts_of, record_act
from workflow.storage.law.rulebook import Rulebook

ROOM = "case-text"  # of the journal of acts; about a region
FILE = "council-case.txt"  # in templates/documents/
MOST = 20_000  # characters
FIELDS = {
    "kommune": phrase("rådets kommune, eller regionen for regionsrådet"),
    "rådet": phrase("kommunalbestyrelsen eller regionsrådet"),
    "region": phrase("regionen, eller den kommune eller gruppe, runden hører til"),
    "parterne": phrase("hvem der skal godkende, fx regionsrådet og alle kommunalbestyrelser"),
    "periode": phrase("aftalens betegnelse, fx 2027-2031"),
    "dokumentet": phrase("hvad teksten hedder efter reglerne"),
    "udvalget": phrase("det udvalg, der har udarbejdet teksten"),
    "myndigheden": phrase("hvem teksten indsendes til"),
    "version": "tekstens nummer",
    "tekstens navn": "filens navn",
    "fingeraftryk": "tekstens SHA-256",
    "sendt": phrase("den dag, teksten blev sendt til rådene"),
    "svar senest": phrase("den aftalte svardag"),
    "rådets møde": phrase("rådets mødedag"),
    "indsendes senest": phrase("den dag, teksten senest skal indsendes"),
}
PARTS = {
    "forløb": phrase("hvad der er sket med teksten, som en liste"),
    "retsgrundlag": "bestemmelserne, ordret",
    "tidsplan": phrase("dagene frem til rådets eget møde, som en tabel"),
    "bilag": phrase("teksten og dens bilag med fingeraftryk, som en liste"),
}
_MUST = ("version", "fingeraftryk")
_FIELD = re.compile(r"\{([^{}\n]*)\}")


def ours(folder: Path) -> str:
    """The words that come with the program (``folder``: the templates); :class:`Misconfigured` where they are gone or
    name a field there is not."""
    file = folder / "documents" / FILE
    try:
        text = file.read_text(encoding="utf-8")
        check(text)
    except (OSError, UnicodeDecodeError, Invalid) as error:
        raise Misconfigured(
            str(file), f"the council's case cannot be read: {error}", "Restore the file"
        ) from error
    return text


def wording(session: Session, region: str, default: str) -> str:
    """The words a region's cases are made with: its own, else ``default``."""
    newest = next(iter(acts_of(session, ROOM, [region], 1)), None)
    return str(newest.told["text"]) or default if newest else default


def find_wording(engine: Engine, rulebook: Rulebook, region: str, default: str) -> tuple[str, list[Act]]:
    """The same, and who set it when, the newest first; :class:`workflow.errors.NotFound` for an unknown region."""
    rulebook.region(region)
    with reading(engine) as session:
        return wording(session, region, default), acts_of(session, ROOM, [region], 10)


def set_wording(engine: Engine, rulebook: Rulebook, region: str, text: str, by: str, at: datetime) -> None:
    """Let the region's cases be made with ``text`` from now on; empty: with ours again. :class:`Invalid` for a field
    there is not, or where the text's version and fingerprint are left out. The same text again is no act."""
    rulebook.region(region)
    said = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if said:
        check(said)
    with writing(engine) as session:
        if wording(session, region, "") != said:
            record_act(session, ROOM, region, "set" if said else "ended", {"text": said}, by, at)


def check(text: str) -> None:
    """:class:`Invalid`, naming what is wrong with these words and what would work."""
    if len(text) > MOST:
        raise Invalid(
            phrase("teksten er på %(count)s tegn; der er plads til %(most)s", count=len(text), most=MOST)
        )
    if any(invisible(line) for line in text.splitlines()):
        raise Invalid(phrase("teksten indeholder et usynligt tegn; skriv den igen uden"))
    known = {*FIELDS, *PARTS}
    used = [name.strip().lower() for name in _FIELD.findall(text)]
    if unknown := [name for name in used if name not in known]:
        raise Invalid(
            phrase(
                "feltet {%(one)s} findes ikke; brug %(listed)s",
                one=unknown[0],
                listed=_listed([*FIELDS, *PARTS]),
            )
        )
    if "{" in (rest := _FIELD.sub("", text)) or "}" in rest:
        raise Invalid("en krølleparentes står alene; skriv et felt som {kommune}")
    for line in text.splitlines():
        inside = [name for name in _FIELD.findall(line) if name.strip().lower() in PARTS]
        if inside and line.strip() != f"{{{inside[0]}}}":
            raise Invalid(phrase("{%(one)s} skal stå alene på sin linje", one=inside[0]))
    if missing := [name for name in _MUST if name not in used]:
        raise Invalid(
            phrase(
                "%(listed)s mangler: rådet skal kunne se, præcis hvilken tekst det godkender",
                listed=_listed(missing),
            )
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def compose(text: str, fields: Mapping[str, str], parts: Mapping[str, Sequence[Block]]) -> list[Block]:
    """The document: ``text`` with its fields filled in. Paragraphs are parted by empty lines."""

    def fill(found: re.Match[str]) -> str:
        name = found[1].strip()
        value = fields[name.lower()]
        return stort(value) if name[:1].isupper() else value

    blocks: list[Block] = []
    open_text: list[str] = []

    def close() -> None:
        if open_text:
            blocks.append(("text", " ".join(open_text)))
            open_text.clear()

    for line in (one.strip() for one in text.splitlines()):
        alone = _FIELD.fullmatch(line)
        if alone and alone[1].strip().lower() in PARTS:
            close()
            blocks += parts[alone[1].strip().lower()]
            continue
        said = _FIELD.sub(fill, line)
        kind = next((kind for sign, kind in _SIGNS if line.startswith(sign)), "")
        if kind or not line:
            close()
        if kind:
            blocks.append((kind, said.split(" ", 1)[1].strip()))
        elif line:
            open_text.append(said)
    close()
    return blocks


_SIGNS = (("## ", "heading"), ("# ", "title"), ("- ", "bullet"))
