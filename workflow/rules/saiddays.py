"""A day as people in Denmark write it: ISO, or the day first. A Danish Excel turns 2029-12-31 into 31-12-2029."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

FORMS = "2029-12-31, 31-12-2029, 31.12.2029, 31/12/2029 or 31. december 2029"
_MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
_MIDNIGHT = r"(?:[T ]00[:.]00(?:[:.]00(?:\.0+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_MIDNIGHT}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s?([-./])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}){_MIDNIGHT}")
_WORDS = re.compile(r"(?:den )?(\d{1,2})\.? ([a-zæøå]{3,9})\.?,? (\d{4})", re.IGNORECASE)


def said_day(text: str) -> date:
    """The day ``text`` names; a year of four figures leaves one reading. ``ValueError`` says what is wrong."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if found := _ISO.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(plain):
        return date(int(found[4]), int(found[3]), int(found[1]))
    if found := _WORDS.fullmatch(plain):
        months = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(found[2].lower())]
        if len(months) == 1:
            return date(int(found[3]), months[0], int(found[1]))
    raise ValueError("not in that form")
