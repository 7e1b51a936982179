"""The note on a hearing (*høringsnotat*, *hvidbog*) for the committee, what is published of it, and that it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from workflow.errors import Invalid, NotPossible
from workflow.language import SOURCE, phrase, speaking
from workflow.mail.writing.words import antal, clean, stort
from workflow.rules.days import COPENHAGEN, danish_day, spoken
from workflow.services.hearing.register import CITIZEN, PUBLISHED, ROOM, Party, Register, Remark, register_in
from workflow.services.papers.docx import Block
from workflow.storage.database import Writable, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.acts import record_act
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

MOST_WHERE = 300
LATE = "kom efter høringens udløb"


@speaking(SOURCE)  # its digest is kept: the words are Danish, whoever reads
def note(standing: Standing, register: Register, public: bool = False) -> list[Block]:
    """The note's words. ``public``: as it is published, without the names of private persons."""
    agreement, opened = standing.agreement, register.opened
    named = {one.id: _name(one, public) for one in register.parties}
    answered = [one for one in register.parties if register.answers_of(one.id)]
    document = stort(agreement.regime.words.document.definite)
    head = f"{document} {agreement.label} for {agreement.name}, version {register.version}."
    ended = minute(register.closes_at)
    counted = (
        f"{antal(len(answered), 'part', 'parter')} af {len(register.parties)} har svaret, med "
        f"{antal(len(register.remarks), 'bemærkning', 'bemærkninger')}: {_counted(register)}."
    )
    blocks: list[Block] = [
        ("title", "Høringsnotat"),
        ("text", f"{head} Høringen åbnede {spoken(opened.on)} og sluttede {ended}."),
        ("text", counted),
        ("heading", "Hvem der har svaret"),
    ]
    if answered:
        rows = [
            (
                named[one.party],
                minute(one.at),
                LATE if one.late else "i tide",
                str(len(register.remarks_of(one.party))),
            )
            for one in sorted(register.answers, key=lambda one: one.at)
        ]
        blocks.append(("table", ("Part", "Svarede", "Fristen", "Bemærkninger"), rows))
    if silent := [named[one.id] for one in register.silent]:
        blocks += [("heading", "Hvem der ikke har svaret"), *(("bullet", one) for one in silent)]
    if register.remarks:
        blocks.append(("heading", "Bemærkninger"))
        lines = [
            (str(one.item), named[one.party], one.where or "–", one.text, became(one))
            for one in register.remarks
        ]
        blocks.append(("table", ("Nr.", "Part", "Sted", "Bemærkning", "Hvad der blev af den"), lines))
    return blocks


def became(remark: Remark) -> str:
    """What became of a remark, in words: ``"Taget med: ..."``, ``"Ikke taget med, fordi ..."``."""
    if remark.taken is None:
        return phrase("Ikke afgjort")
    if remark.taken:
        return phrase("Taget med: %(how)s", how=remark.because) if remark.because else phrase("Taget med")
    because = remark.because.removeprefix("fordi ").removeprefix("Fordi ")
    return phrase("Ikke taget med, fordi %(why)s", why=because)


def minute(at: datetime) -> str:
    """``"torsdag den 3. maj 2027 kl. 11.42"``, Danish time."""
    local = at.astimezone(COPENHAGEN)
    return f"{spoken(local.date())} kl. {local.hour}.{local:%M}"


def as_text(blocks: Sequence[Block]) -> str:
    """The same words as plain text, to copy: a table's row as lines under each other."""
    lines: list[str] = []
    for one in blocks:
        if len(one) == 3:
            for row in one[2]:
                lines += [f"{name}: {said}" for name, said in zip(one[1], row, strict=True)]
                lines.append("")
        elif one[0] in ("title", "heading"):
            lines += [one[1], "=" * len(one[1]) if one[0] == "title" else "-" * len(one[1]), ""]
        else:
            lines += [f"- {one[1]}" if one[0] == "bullet" else one[1], ""]
    return "\n".join(lines)


def digest(blocks: Sequence[Block]) -> str:
    """SHA-256 (hex) of a note's words."""
    return hashlib.sha256(json.dumps(blocks, ensure_ascii=False).encode()).hexdigest()


def publish(
    engine: Writable, rulebook: Rulebook, key: str, on: date, where: str, by: str, at: datetime, *,
    version: int | None = None,
) -> int:  # fmt: skip
    """Keep that the note was published on that Danish day, and ``where``, with the digest of its words: the act's
    number. :class:`NotPossible` while a remark is undecided; :class:`Invalid` for a day to come or no place."""
    place = clean(where)
    if not place or len(place) > MOST_WHERE:
        raise Invalid(
            phrase(
                "skriv, hvor notatet er offentliggjort, fx adressen på siden; højst %(most)s tegn",
                most=MOST_WHERE,
            )
        )
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        standing = projection.load(session, rulebook, row, danish_day(at))
        register = register_in(session, standing, version)
        if not register.opened.on <= on <= danish_day(at):
            raise Invalid(phrase("dagen skal ligge efter høringens begyndelse og ikke efter i dag"))
        if left := register.undecided:
            numbers = ", ".join(str(one.item) for one in left)
            raise NotPossible(
                phrase(
                    "afgør først, hvad der bliver af hver bemærkning; det mangler for nr. %(numbers)s",
                    numbers=numbers,
                )
            )
        words = digest(note(standing, register, public=True))
        newest = register.published
        if newest and (newest.on, newest.to, newest.digest) == (on, place, words):
            return newest.number
        said = {"on": on.isoformat(), "to": place, "digest": words}
        return record_act(session, ROOM, register.about, PUBLISHED, said, by, at).no


def outdated(standing: Standing, register: Register) -> bool:
    """Whether the register has changed since the note was published."""
    told = register.published
    return told is not None and told.digest != digest(note(standing, register, public=True))


def _name(party: Party, public: bool) -> str:
    return CITIZEN if public and party.private else party.name


def _counted(register: Register) -> str:
    taken = sum(one.taken is True for one in register.remarks)
    left = len(register.undecided)
    not_taken = len(register.remarks) - taken - left
    return f"{taken} er taget med, {not_taken} er ikke" + (f", {left} er ikke afgjort" if left else "")
