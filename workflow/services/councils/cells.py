"""One cell of the councils' table as people fill it in: a day in any Danish form, a decision in words."""

from __future__ import annotations

import re
from datetime import date

from workflow.errors import Invalid
from workflow.language import in_every_language, phrase
from workflow.rules.days import MONTHS, WEEKDAYS, said_day
from workflow.services.meetings.reading.tokens import dates_in

LONGEST_DAY = 60
_SHORT = re.compile(r"(\d{1,2})[-. ]+([a-zæøå]{3,9})\.?[-. ]+(\d{4}|\d{2})", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = {
    "godkendt": "council-approved",
    "ja": "council-approved",
    "tiltrådt": "council-approved",
    "vedtaget": "council-approved",
    "godkendt med bemærkninger": "council-remarks",
    "med bemærkninger": "council-remarks",
    "godkendt med forbehold": "council-conditional",
    "med forbehold": "council-conditional",
    "udsat": "council-postponed",
    "forkastet": "council-rejected",
    "afvist": "council-rejected",
    "ikke godkendt": "council-rejected",
    "nej": "council-rejected",
}
_NONE_YET = (
    phrase("ikke sendt"),
    "afventer",
    phrase("på dagsorden"),
    phrase("skal tages op igen"),
)  # as the sheet this program made says it
_EVIDENCE = phrase("godkendt, bekræftet skriftligt")
STANDS = "stands"
"""The word for a decision that says only what stands already (the written confirmation of a yes)."""


def cell_day(text: str, year: int | None = None) -> date | None:
    """The one day the cell names; ``None`` where it names none. ``year`` is that of a heading, for days without one.
    A weekday that does not fit its date names none: one of the two is wrong."""
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST_DAY:
        return None
    try:
        return said_day(plain)
    except ValueError:
        pass
    if found := _SHORT.fullmatch(plain):
        months = [number for number, name in enumerate(MONTHS, 1) if name.startswith(found[2].casefold())]
        try:
            return (
                date(int(found[3]) + 2000 * (len(found[3]) == 2), months[0], int(found[1]))
                if months
                else None
            )
        except ValueError:
            return None
    read = dates_in(plain, year)
    if (
        len(read) != 1
        or read[0].on is None
        or not all(_of_a_day(word) for word in _WORD.findall(plain.casefold()))
    ):
        return None
    only_weekend = phrase("%(on)s er en %(one)s", on=read[0].on, one=WEEKDAYS[read[0].on.weekday()])
    return read[0].on if read[0].doubt in ("", only_weekend) else None


def _of_a_day(word: str) -> bool:
    named = len(word) >= 2 and any(name.startswith(word) for name in (*WEEKDAYS, *MONTHS))
    return named or word in ("d", "den", "kl", "klokken")


def day_fault(text: str) -> str:
    """Why the cell names no day, in Danish, and what would work."""
    read = dates_in(" ".join(text.split()), None) if len(text) <= LONGEST_DAY else []
    said = read[0].doubt if len(read) == 1 else ""
    if said == "året mangler":
        return phrase("Skriv året med, fx 16. juni 2027.")
    return (
        f"{said}. Ret dagen."
        if said.endswith("dag")
        else phrase("Skriv en dag, som findes, fx 16. juni 2027.")
    )


def decision_in(text: str, strict: bool = True) -> str | None:
    """The event a decision's words mean: "" for none yet, :data:`STANDS` for what stands already; ``None`` for words
    that mean none, or with ``strict`` :class:`Invalid`."""
    plain = " ".join(text.casefold().split()).strip(" .!")
    for danish, event in _WORDS.items():
        if plain == danish or plain in in_every_language(danish):
            return event
    if plain in in_every_language(_EVIDENCE):
        return STANDS
    if any(plain in in_every_language(one) for one in _NONE_YET) or (strict and says_nothing(plain)):
        return ""
    if strict:
        raise Invalid(
            phrase(
                "»%(one)s« er ingen beslutning; skriv godkendt, godkendt med bemærkninger, godkendt med "
                "forbehold, udsat eller forkastet",
                one=text[:40],
            )
        )
    return None


def says_nothing(text: str) -> bool:
    """Whether a cell is filled in for the eye only."""
    return text.strip() in ("", "-", "–", "?", "ja/nej", "x", "X")
