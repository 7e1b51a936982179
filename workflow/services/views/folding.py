"""Words as they are looked for: spelt with or without Danish letters, and how well a text holds them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

WHOLE, BEGINS, INSIDE = 0, 1, 2
"""How well a text holds a word: as one of its own, as the beginning of one, or somewhere within one."""

_DANISH = (("å", "aa"), ("æ", "ae"), ("ä", "ae"), ("ø", "o"), ("ö", "o"), ("oe", "o"))
_WORD = re.compile(r"[\w§@.+]+")


def fold(text: str) -> str:
    """Lower case, with one spelling for *aa/å*, *ø/oe/o* and *æ/ae*, however the letters are put together."""
    plain = unicodedata.normalize("NFKC", text.replace("\0", "")).casefold()
    for letter, spelt in _DANISH:
        plain = plain.replace(letter, spelt)
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The folded words of a text; a full stop at the end is no part of one."""
    return [word for found in _WORD.findall(fold(text)) if (word := found.strip("."))]


def rank(text: str, words: Sequence[str]) -> int | None:
    """How well ``text`` holds every one of ``words`` (:func:`words_of`), the worst of them; ``None`` if one is not
    there."""
    own, inside = set(words_of(text)), fold(text)
    worst = WHOLE
    for word in words:
        if word in own:
            continue
        if word not in inside:
            return None
        worst = max(worst, BEGINS if any(one.startswith(word) for one in own) else INSIDE)
    return worst
