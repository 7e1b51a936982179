"""The translations of one language as its ``.po`` files hold them, and the way back from a sentence to its message.

What is stored is Danish and stays as it is. :func:`recalled` finds the message that a stored sentence was made of, with
the values that stand in it, so that a reader of another language is told the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from workflow.errors import Misconfigured
from workflow.values import dataclass, field

_VALUE = re.compile(r"%\(([\w.]+)\)([a-z])|%%")
_NAMED = re.compile(r"\{(\w+(?:\.\w+)?)\}")
_SMALL = re.compile(r"\b[a-zæøå]{3,}\b")
_BOTH = {"status", "plan", "region", "klynge"}  # words of both languages, and one of names
_SPOKEN = re.compile(r"\b(at|der|det|den|er|har|skal|ikke|som|hvis|når)\b")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LETTERS = re.compile(r"[^\W\d_]")
LEAST, LEAST_OF_NUMBERS = 6, 2  # letters of its own that a message needs to be known again
WHOLE = 60  # characters of a message that may hold a Danish sentence of somebody's own
LONGEST, MOST = 2000, 20_000  # characters of a sentence that is looked for, and sentences that are remembered


@dataclass(frozen=True, slots=True)
class Made:
    """A message with values: ``forms`` of one that counts, the ``values`` (name, and ``d`` for a number) between its
    ``pieces`` of text, the ``longest`` of these, and how many letters are its own."""

    message: str
    forms: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    pieces: tuple[str, ...]
    longest: str
    weight: int

    def fits(self, text: str) -> dict[str, str] | None:
        """The values that make it ``text``, each the shortest; ``None`` where it is not made of this."""
        first, *between, last = self.pieces
        if not (text.startswith(first) and text.endswith(last)):
            return None
        at, end = len(first), len(text) - len(last)
        found: dict[str, str] = {}
        for (name, kind), piece in zip(self.values, [*between, ""], strict=True):
            until = text.find(piece, at + 1, end) if piece else end
            value = text[at:until]
            if (
                until <= at
                or found.setdefault(name, value) != value
                or (kind == "d" and not _NUMBER.fullmatch(value))
            ):
                return None
            at = until + len(piece)
        return found


@dataclass(frozen=True)
class Catalogue:
    """The translations of one language: of a message, and of a pair (one, many) in the order of its plural ``form``."""

    language: str
    form: Callable[[int], int]
    said: dict[str, str] = field(default_factory=dict)
    counted: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    retold: dict[str, str] = field(default_factory=dict, repr=False)
    """Stored sentences that were said again; thrown away when they are many."""

    @cached_property
    def made(self) -> list[Made]:
        """Every message with values, what says most of its own first."""
        plain = [(message, ()) for message in self.said]
        pairs = [(one, forms) for pair, forms in self.counted.items() for one in pair]
        found = (made for message, forms in [*plain, *pairs] if (made := _made(message, forms)))
        return sorted(found, key=lambda one: (-one.weight, len(one.values)))

    @cached_property
    def short(self) -> list[Made]:
        """Messages with too few letters of their own to be known by them, ``"i %(body)s"``, and those that were filled
        with a regime's words before they were stored, ``"{authority} svarer"``."""
        made = [one for message in self.said if (one := _made(message, (), least=0))]
        kept = [one for one in made if one.weight < LEAST and "".join(one.pieces).strip(" .,-")]
        kept += [one for message in self.filled if (one := _made(message, (), least=0))]
        return sorted(kept, key=lambda one: (-one.weight, len(one.values)))

    @cached_property
    def filled(self) -> dict[str, str]:
        """The messages with a regime's words in braces, as messages with values."""
        named = ((message, said) for message, said in self.said.items() if _NAMED.search(message))
        return {_percent(message): _percent(said) for message, said in named}


def _made(message: str, forms: tuple[str, ...], least: int = LEAST) -> Made | None:
    values, pieces, piece, at = [], [], "", 0
    for value in _VALUE.finditer(message):
        piece += message[at : value.start()]
        at = value.end()
        if value[1]:
            values.append((value[1], value[2]))
            pieces.append(piece)
            piece = ""
        else:
            piece += "%"
    pieces.append(piece + message[at:])
    weight = sum(len(_LETTERS.findall(one)) for one in pieces)
    numbers = all(kind == "d" for _, kind in values)
    if not values or "" in pieces[1:-1] or weight < (LEAST_OF_NUMBERS if numbers else least):
        return None
    return Made(message, forms, tuple(values), tuple(pieces), max(pieces, key=len), weight)


def recalled(catalogue: Catalogue, text: str) -> tuple[str, dict[str, str | int]] | None:
    """The translation of the message that ``text`` was made of, still with its values, and what they were in Danish;
    ``None`` where no message fits. Of several that fit it is the one with the most words of its own."""
    if len(text) > LONGEST:
        return None
    for one in catalogue.made:
        if one.longest in text and (values := one.fits(text)) is not None:
            kinds = dict(one.values)
            told = {name: int(value) if kinds[name] == "d" else value for name, value in values.items()}
            count = next((int(value) for value in values.values() if _NUMBER.fullmatch(value)), 2)
            return (one.forms[catalogue.form(count)] if one.forms else catalogue.said[one.message]), told
    return None


def retold(catalogue: Catalogue, text: str, again: Callable[[str, Any], Any]) -> str:
    """A stored Danish text, once it is no message of its own: made of one (``again`` says a value by its name and its
    Danish), of several sentences, or of parts with a sign between. What is not known stays as it is."""
    if (said := catalogue.said.get(text)) is not None:
        return said
    if (kept := catalogue.retold.get(text)) is not None:
        return kept
    found = _retold(catalogue, text, again)
    if len(text) <= LONGEST:
        if len(catalogue.retold) > MOST:
            catalogue.retold.clear()  # many threads read it, so nobody reads back what he has put in
        catalogue.retold[text] = found
    return found


def _retold(catalogue: Catalogue, text: str, again: Callable[[str, Any], Any]) -> str:
    if (said := _made_of(catalogue, text, again)) is not None:
        return said
    for between in _BETWEEN:
        first, parted, rest = text.rpartition(between) if between == " (" else text.partition(between)
        if parted and any(_made_of(catalogue, part, again) is not None for part in (first, rest)):
            return f"{retold(catalogue, first, again)}{between}{retold(catalogue, rest, again)}"
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(text)), len(text)]
    return text if len(cuts) == 2 else "".join(_by_sentences(catalogue, text, cuts, again))


def _by_sentences(
    catalogue: Catalogue, text: str, cuts: list[int], again: Callable[[str, Any], Any]
) -> Iterator[str]:
    """Each sentence, or some that are one message, in the reader's language where it is known."""
    at = 0
    while at < len(cuts) - 1:
        for until in range(min(at + TOGETHER, len(cuts) - 1), at, -1):
            whole = text[cuts[at] : cuts[until]]
            plain = whole.rstrip()
            if (said := _made_of(catalogue, plain, again)) is not None:
                yield said + whole[len(plain) :]
                break
        else:
            until = at + 1
            yield text[cuts[at] : cuts[until]]
        at = until


def _made_of(catalogue: Catalogue, text: str, again: Callable[[str, Any], Any]) -> str | None:
    if (plain := catalogue.said.get(text)) is not None:
        return plain
    if (found := recalled(catalogue, text)) is None:
        return _short(catalogue, text, again)
    message, values = found
    told = {name: again(name, value) for name, value in values.items()}
    if not all(_wholly(str(values[name]), str(said)) for name, said in told.items()) and (
        wholly := _short(catalogue, text, again)
    ):
        return wholly
    if len(message) < WHOLE and any(
        _SPOKEN.search(str(said)) for name, said in told.items() if said == values[name]
    ):
        return None  # a sentence of somebody's own that has a few words in common: half of it would be Danish
    return message % told


def _short(catalogue: Catalogue, text: str, again: Callable[[str, Any], Any]) -> str | None:
    """What a message with hardly a word of its own says, where each of its values is known in the other language."""
    for one in catalogue.short if len(text) <= LONGEST else ():
        if one.longest not in text or (values := one.fits(text)) is None:
            continue
        told = {name: again(name, value) for name, value in values.items()}
        if all(_wholly(values[name], said) for name, said in told.items()):
            message = catalogue.filled.get(one.message) or catalogue.said[one.message]
            return message % {
                name: int(told[name]) if kind == "d" else told[name] for name, kind in one.values
            }
    return None


def _wholly(value: str, said: str) -> bool:
    """Whether nothing of a Danish value is left as it was; numbers and names may be."""
    if _NUMBER.fullmatch(value):
        return True
    return said != value and not {*_SMALL.findall(value)} & {*_SMALL.findall(said)} - _BOTH


# A title and what it is about, provisions one after another, a reason with its provision.
_BETWEEN = (": ", "; ", " (")
_SENTENCE = re.compile(r"[.!?»:] (?=[A-ZÆØÅ»])|\n+")
TOGETHER = 3  # sentences of one message


def read(language: str, folders: Iterable[Path]) -> Catalogue:
    """The catalogue of the language's files in these folders; a message of several is the last one's.
    :class:`Misconfigured` where a file cannot be read."""
    from gettext import c2py

    from babel.core import UnknownLocaleError
    from babel.messages.plurals import get_plural
    from babel.messages.pofile import PoFileError

    try:
        whole = Catalogue(language, c2py(get_plural(language).plural_expr))
        for message in _messages(language, folders):
            _take(whole, message)
    except (OSError, PoFileError, UnicodeDecodeError, UnknownLocaleError) as error:
        raise Misconfigured(f"language {language}", str(error), "Write .po files in UTF-8") from error
    return whole


def _messages(language: str, folders: Iterable[Path]) -> Iterator[Any]:
    from babel.messages.pofile import read_po

    for path in (file for folder in folders for file in sorted((folder / language).glob("*.po"))):
        with path.open("rb") as file:
            yield from read_po(file, locale=language, abort_invalid=True)


def _percent(message: str) -> str:
    """``"{authority} svarer"`` as ``"%(Authority)s svarer"``: what begins a sentence has a capital."""

    def named(found: re.Match[str]) -> str:
        return f"%({found[1].capitalize() if found.start() == 0 else found[1]})s"

    return _NAMED.sub(named, message.replace("%", "%%"))


def _take(whole: Catalogue, message: Any) -> None:
    if not message.id or message.fuzzy:
        return
    if isinstance(message.id, tuple):
        if all(message.string):
            whole.counted[message.id] = tuple(message.string)
    elif message.string:
        whole.said[message.id] = message.string
