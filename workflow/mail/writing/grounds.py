"""What a letter says that a date rests on: a provision, or what a council was asked or has told.

Filters of the letters over a deadline's facts. A date that was asked for or told has no provision behind it, and is
called neither agreed nor a deadline of law.
"""

from __future__ import annotations

from workflow.language import noted, worded
from workflow.mail.writing.factparts import DeadlineFacts
from workflow.mail.writing.words import pligt

ASKED = {  # what binds in a day that somebody was asked for or has told, by the date's id
    "council-reply": noted("dato for svar, ikke en lovbestemt frist"),
    "consultation": noted("dato for svar, ikke en lovbestemt frist"),
    "council-met": noted("rådets egen dato, ikke en lovbestemt frist"),
    "council-agenda": noted("rådets egen dato, ikke en lovbestemt frist"),
}
_HEARD = ("council-reply", "consultation", "council-met", "council-agenda")


def oplyst(deadline: DeadlineFacts) -> bool:
    """Whether what a date cites is where it was heard, and no provision. A reply that nobody set a day for has the
    law's own."""
    return deadline["id"] in _HEARD and deadline["duty"] in ("agreed", "none")


def pligten(deadline: DeadlineFacts, whose: str = "") -> str:
    """What binds in a date, as :func:`workflow.mail.writing.words.pligt` says it by its duty."""
    asked = ASKED.get(deadline["id"]) if deadline["duty"] == "agreed" else None
    return worded(asked) if asked else pligt(deadline["duty"], whose)


GROUNDS = {f.__name__: f for f in (oplyst, pligten)}
