"""The questions the law leaves open, as values: their readings, and what they make of one date."""

from __future__ import annotations

from datetime import date

from workflow.rules.facts import Fact
from workflow.rules.story import Story
from workflow.values import dataclass, field, replace

AGREED_END, YEAR, STRICT, CLOSED, DEPARTURE = "agreed-end", "year", "strict-day", "closed-day", "departure"
MEETING_YEAR, SUCCESSION = "meeting-year", "succession"
KINDS = (AGREED_END, YEAR, STRICT, CLOSED, DEPARTURE, MEETING_YEAR, SUCCESSION)
SIGNED = "reading-signed"
OWN_WORDS = (YEAR, STRICT, MEETING_YEAR, SUCCESSION)
"""What the words of the duty's own provision mean: of each order it is asked about that order's own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the texts. The first of a silence is the plain one, the second the other."""

    id: str
    said: str
    cite: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A question the texts leave open. ``terms`` are the election terms it concerns (none: all); for *agreed-end*
    ``recorded`` is the first day after the end as it is recorded and ``instead`` the day the other reading gives."""

    id: str
    kind: str
    question: str
    readings: tuple[Reading, Reading]
    terms: tuple[str, ...] = ()
    recorded: date | None = None
    instead: date | None = None
    _of: dict[str, Silence] = field(default_factory=dict, init=False, repr=False, compare=False)

    def reading(self, name: str) -> Reading | None:
        """The reading with this id."""
        return next((one for one in self.readings if one.id == name), None)

    def of(self, cite: str) -> Silence:
        """The question about a duty that rests on ``cite``: another order's provision says nothing of it."""
        if self.kind not in OWN_WORDS:
            return self
        if cite not in self._of:
            first, second = (replace(one, cite=cite) for one in self.readings)
            self._of[cite] = replace(self, readings=(first, second))
        return self._of[cite]


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a silence makes of one date: the date of each reading, and the reading a person signed (``""``: none)."""

    silence: Silence
    dates: tuple[date, date]
    signed: str = ""
    by: str = ""

    @property
    def other_duty(self) -> bool:
        """Nobody has signed one, and they are two dates of the duty itself, not a day more or less."""
        return self.open and self.silence.kind in (AGREED_END, YEAR, MEETING_YEAR, SUCCESSION)

    @property
    def open(self) -> bool:
        """Nobody has signed one of them."""
        return not self.signed


def signed(story: Story, silence: Silence) -> tuple[str, str]:
    """The reading of a silence that was signed last, and by whom; empty where none is."""
    said = signatures(story, silence)
    return (said[-1].about.partition(":")[2], said[-1].by) if said else ("", "")


def signatures(story: Story, silence: Silence) -> list[Fact]:
    """Every signature under a reading of this silence, the one that holds last."""
    said = [fact for fact in story.named(SIGNED) if fact.about.partition(":")[0] == silence.id]
    return sorted(said, key=lambda fact: (fact.known_on or date.min, fact.no))
