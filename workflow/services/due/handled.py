"""What persons did to single letters, as the journal keeps it: one line an act, with who, when and on what ground.

The line is a fact (*letter-handled*) whose ``about`` is ``ACT|WHAT``: the letter's key where the act steers it, else
its numbers. So what was skipped or must wait holds for every later planning pass, for the reckoner, and in a copy of
the database. Pure; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.language import phrase
from workflow.mail.writing.words import clean
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.values import dataclass

EVENT = "letter-handled"
STEERING = ("skip", "wait", "now", "revive")
"""Acts that say when a letter goes; they name it by its key, since it need not be written down yet."""
HEARD = "heard"
"""The act that a council gave a sign of life about a text (``v1:0851``): it is reminded of its answer no more."""
WAITS_FOR = phrase("venter til")
SPOKEN = {
    "skip": "sprunget over",
    "wait": "venter",
    "now": phrase("skal sendes"),  # when is said by hands.promised
    "revive": "sendes alligevel",
    "hold": "tilbageholdt",
    "release": "sluppet",
    "cancel": "annulleret",
    "retry": phrase("prøves igen"),
    "resend": phrase("sendt igen"),
    "confirm": phrase("bekræftet modtaget"),
    HEARD: phrase("har givet lyd fra sig"),
}


@dataclass(frozen=True, slots=True)
class Handled:
    """One act: ``what`` is a letter's key, or numbers parted by spaces; ``until`` the Danish day it waits for."""

    act: str
    what: str
    on: date
    until: date | None
    why: str
    by: str
    no: int

    @property
    def spoken(self) -> str:
        """``"sprunget over: de har svaret (Kirsten)"``: what stands on the letter."""
        said = f"{WAITS_FOR} {spoken(self.until, False)}" if self.until else SPOKEN[self.act]
        return f"{said}{f': {self.why}' if self.why else ''} ({self.by})"

    def about(self, key: str, number: int | None) -> bool:
        """Whether it was done to the letter with this key and number."""
        return self.what == key or (self.act not in STEERING and str(number) in self.what.split())


def line(act: str, what: str, by: str, today: date, *, why: str = "", until: date | None = None) -> Fact:
    """The journal's line of an act done ``today`` (a Danish day)."""
    said, who = clean(why), clean(by)
    return Fact(0, EVENT, today, due=until, source=said, by=who, known_on=today, about=f"{act}|{what}")


def handled(facts: Iterable[Fact]) -> list[Handled]:
    """Every act among ``facts``, in journal order."""
    return [
        Handled(act, what, fact.on, fact.due, fact.source, fact.by, fact.no)
        for fact in facts
        if fact.event == EVENT
        for act, _, what in [fact.about.partition("|")]
    ]


def heard(facts: Iterable[Fact], version: int) -> dict[str, date]:
    """The councils that gave a sign of life about a version, by code, each with the day it first did."""
    found: dict[str, date] = {}
    for one in handled(facts):
        number, _, code = one.what.partition(":")
        if one.act == HEARD and number == f"v{version}":
            found.setdefault(code, one.on)
    return found


def steered(facts: Iterable[Fact]) -> dict[str, Handled]:
    """By key the newest act that says when a letter goes; a letter that is to go after all has none."""
    newest = {one.what: one for one in handled(facts) if one.act in STEERING}
    return {key: one for key, one in newest.items() if one.act != "revive"}
