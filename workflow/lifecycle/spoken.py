"""What stands inside a refusal or another sentence, which is Danish now and may be said in another language later.

Days, reasons, and what follows a text that was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.errors import NotPossible
from workflow.language import Phrase, noted, phrase

_WEEKDAYS = (
    noted("mandag"), noted("tirsdag"), noted("onsdag"), noted("torsdag"), noted("fredag"), noted("lørdag"),
    noted("søndag"),
)  # fmt: skip


def the_day(on: date) -> Phrase:
    """``"lørdag den 1. juli 2023"`` as a value of a phrase: a bare date there is said without its weekday."""
    return phrase("%(weekday)s den %(day)s", weekday=_WEEKDAYS[on.weekday()], day=on)


def why_with(refusal: NotPossible) -> str:
    """Why, with the provision, as a value of a phrase: ``str(refusal)`` forgets what the reason was made of."""
    return phrase("%(why)s (%(cite)s)", why=refusal.why, cite=refusal.cite) if refusal.cite else refusal.why


def listed(said: Sequence[str]) -> str:
    """The sentences (one at least) after one another as a value of a phrase."""
    *before, last = said
    return phrase("%(before)s; %(last)s", before=listed(before), last=last) if before else last


def below(said: Sequence[str]) -> str:
    """The sentences (one at least) below one another as a value of a phrase."""
    *before, last = said
    return phrase("%(before)s\n%(last)s", before=below(before), last=last) if before else last


def taken_back(number: int, sendable: bool) -> str:
    """What must follow a text that was taken back; ``sendable``: every council's yes to it stands."""
    said = (
        noted(
            "version %(number)s er trukket tilbage; indsend den igen, eller send en ny version til godkendelse i rådene"
        )
        if sendable
        else noted("version %(number)s er trukket tilbage; en ny version skal sendes til rådene")
    )
    return phrase(said, number=number)
