"""The heading of a contacts file: which column is which, however an office calls it."""

from __future__ import annotations

import re
import unicodedata

COLUMNS = ("body", "function", "name", "email", "priority", "valid_from", "valid_to", "language")
NEEDED = ("body", "function", "email")
CODE = "code"  # a council's code in a column of its own, beside its name
REMARK = "remark"  # what is written for people; not kept
_CALLED = {
    "body": ("organ", "kommune", "råd", "myndighed", "kommunenavn"),
    CODE: ("kode", "kommunekode", "kommunenr", "kommunenummer", "myndighedskode", "organkode"),
    "function": ("funktion", "rolle"),
    "name": ("navn", "kontakt", "kontaktperson", "navn på kontakt", "kontaktens navn"),
    "email": (
        "mail", "mailadresse", "emailadresse", "epost", "epostadresse", "postkasse", "adresse", "emailaddress",
    ),
    "priority": ("prioritet", "nr", "nummer", "rækkefølge"),
    "valid_from": (
        "gælder fra", "gyldig fra", "fra", "fra og med", "gyldig fra og med", "gælder fra og med", "startdato",
    ),
    "valid_to": (
        "gælder til", "gyldig til", "til", "til og med", "gyldig til og med", "gælder til og med", "slutdato",
        "gyldig tom", "gælder tom", "tom",
    ),
    "language": ("sprog",),
    REMARK: ("bemærkning", "bemærkninger", "note", "noter", "kommentar", "kommentarer", "remark", "remarks", "notes"),
}  # fmt: skip


def _plain(said: str) -> str:
    """The words alone: without brackets, signs, blanks and capitals, å in one piece."""
    text = re.sub(r"\([^()]*\)", " ", unicodedata.normalize("NFC", said).casefold())
    return re.sub(r"[^\w]|_", "", text)


_COLUMN = {_plain(word): name for name, words in _CALLED.items() for word in (name, *words)}


def column(cell: str) -> str:
    """The column a cell of the heading names; the cell itself, in lower case, where nobody knows it."""
    return _COLUMN.get(_plain(cell), " ".join(cell.casefold().split()))


def columns(cells: list[str]) -> list[str]:
    """The heading's columns, without the empty ones at its end. A code alone is the body's."""
    found = [column(cell) for cell in cells]
    while found and not found[-1]:
        found.pop()
    if CODE in found and "body" not in found:
        found[found.index(CODE)] = "body"
    return found


def fits(found: list[str]) -> bool:
    """Whether these are the columns of a contacts file: all that is needed, nothing strange, each once."""
    kept = [name for name in found if name != REMARK]
    return set(NEEDED) <= set(kept) <= {*COLUMNS, CODE} and len(set(kept)) == len(kept)
