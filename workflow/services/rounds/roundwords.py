"""What is wrong with a round's file, in Danish for the pages; the terminal has the same in English."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.rules.facts import Fact

MOST = 20  # mistakes told at once
_SAID = {
    "extra_forbidden": phrase("kendes ikke; fjern den, eller ret stavemåden"),
    "missing": phrase("mangler; tilføj den"),
    "date_type": phrase("er ingen dato; skriv den uden anførselstegn, fx 2023-07-01"),
    "too_short": phrase("må ikke være tom; tilføj mindst én"),
    "string_type": phrase("skal være tekst; sæt den i anførselstegn"),
    "int_type": phrase("skal være et helt tal uden anførselstegn"),
    "list_type": phrase('skal være en liste, fx ["0851", "0860"]'),
    "literal_error": phrase("kan ikke være det, der står"),
    "value_error": phrase("stemmer ikke; giv enten council eller councils, ikke begge"),
    "model_type": phrase("skal være en gruppe for sig, fx [[agreement]]"),
}
_PLACES = {"agreement": "aftale", "fact": "hændelse"}


class Unreadable(Invalid):
    """A file that is no round; ``danish`` says to those who read the pages what the message says in English."""

    def __init__(self, english: str, danish: str) -> None:
        super().__init__(english)
        self.danish = danish


def not_toml(error: UnicodeDecodeError | tomllib.TOMLDecodeError) -> str:
    """Why the file cannot be read at all, with the line where it is known."""
    if isinstance(error, UnicodeDecodeError):
        return phrase("filen er ikke gemt som UTF-8; gem den igen som tekst i UTF-8")
    at = getattr(error, "lineno", None) or _after(str(error), "line ")
    where = phrase(" ved linje %(at)s", at=at) if at else ""
    return phrase("filen er ikke skrevet som TOML%(where)s; se eksemplet, og ret linjen", where=where)


def _after(text: str, word: str) -> str:
    digits = text.partition(word)[2]
    return digits[: len(digits) - len(digits.lstrip("0123456789"))]


def mistakes(found: Sequence[tuple[tuple[int | str, ...], str]]) -> str:
    """The mistakes that pydantic found, each by its place and kind, a line each, the first :data:`MOST` of them."""
    lines = [f"{place(where)}: {_SAID.get(kind, 'kan ikke læses; ret værdien')}" for where, kind in found]
    more = phrase("\n… og %(count)s mere", count=len(lines) - MOST) if len(lines) > MOST else ""
    return "\n".join(lines[:MOST]) + more


def place(location: tuple[int | str, ...]) -> str:
    """``("agreement", 0, "fact", 2, "on")`` as ``"aftale 1, hændelse 3, on"``: people count from one."""
    words: list[str] = []
    for part in location:
        if isinstance(part, int):
            words[-1:] = [f"{words[-1]} {part + 1}"] if words else [str(part + 1)]
        elif not part.startswith(("literal[", "list[")):  # pydantic's name for a branch of a union, not a key
            words.append(_PLACES.get(part, part))
    return ", ".join(words) or "filen"


def of_fact(index: int, fact: Fact) -> str:
    """``"hændelse 3 (council-approved 0851, 30. oktober 2023)"``."""
    council = f" {fact.council}" if fact.council else ""
    return phrase(
        "hændelse %(number)s (%(event)s%(council)s, %(on)s)",
        number=index,
        event=fact.event,
        council=council,
        on=fact.on,
    )
