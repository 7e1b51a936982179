"""tell(facts, as_of) -> the story of one agreement: what happened, in the order it happened, and what of it stands.

The one reading of the facts. The machines walk it, the deadlines count from its steps and are met by them, the letters
tell them: none of the three can know a step that the others do not. Nothing is computed here but order and names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from workflow.rules.facts import Fact, live
from workflow.values import dataclass, field

_ORDER = (
    "opened deviation constituting-meeting-held notice-received request-sent copy-sent answer-received "
    "piu-meeting-held cluster-input drafting-opened revision-opened goals-set consultation-opened consultation-closed "
    "involvement-held statements-received advice-asked advice-received adopted endorsed annex-added sent-for-approval "
    "council-scheduled council-postponed council-conditional council-rejected council-approved council-remarks "
    "evidence concluded submitted change-adopted change-sent authority-told received info-requested info-supplied "
    "refusal-discussed sst-refused sst-approved withdrawn effective notice-given nominal-end status-adopted "
    "midterm-sent final-sent published shared meeting-planned meeting-held annual-review-held regime-confirmed "
    "reading-signed duty-done history-answered letter-handled"
).split()
_RANK = {event: index for index, event in enumerate(_ORDER)}
SENDS = ("submitted", "request-sent")
TAKEN_BACK = {
    "withdrawn": (*SENDS, "copy-sent", "received", "info-requested", "info-supplied"),
    "sst-approved": ("refusal-discussed",),
    "sst-refused": ("refusal-discussed",),
}
"""What a step takes back of its own version: a text that is withdrawn was not submitted for any duty, and
an answer settles the refusal that was only possible, with the day that was given for a text that avoids it. To take the
text back for that does not."""
ANSWERS = ("sst-approved", "sst-refused")
SILENCE = "sst-silent"
"""The authority's last day has passed without an answer: a step that nobody records."""
ADOPTED = ("midterm-adopted", "final-adopted")
"""Steps whose event needs its subject to be told apart: which report the committee adopted."""


@dataclass(frozen=True, slots=True)
class Story:
    """``steps`` is everything that happened, in order, corrections applied; ``undone`` the steps that a later one
    took back, and the answers that came too late to be one; ``ended_on`` the day the next agreement took over, once it
    has come; ``silences`` the last days of an authority that had not answered by then, where that approves."""

    steps: tuple[Fact, ...]
    undone: frozenset[Fact] = frozenset()
    ended_on: date | None = None
    silences: tuple[Fact, ...] = ()
    _standing: dict[str, list[tuple[int, Fact]]] = field(init=False, repr=False, compare=False)
    """The steps that stand by their names, each with its place: a rule asks for few names, and there are many rules."""

    def __post_init__(self) -> None:
        standing: dict[str, list[tuple[int, Fact]]] = {}
        for place, fact in enumerate(self.steps):
            if not self.undone or fact not in self.undone:  # whose hash is that of all it holds
                standing.setdefault(step_name(fact), []).append((place, fact))
        object.__setattr__(self, "_standing", standing)

    def __hash__(self) -> int:
        return hash((len(self.steps), self.ended_on, self.silences))  # equality compares the steps

    def named(self, *names: str) -> list[Fact]:
        """The steps that stand and go by one of ``names``, in order."""
        found = [one for name in set(names) for one in self._standing.get(name, ())]
        return [fact for _, fact in (sorted(found, key=_place) if len(names) > 1 else found)]

    def first(self, name: str) -> Fact | None:
        """The first step of this name that stands, or ``None``."""
        found = self._standing.get(name)
        return found[0][1] if found else None

    def newest(self, name: str) -> Fact | None:
        """The newest *known* step of a kind: what sets a date is overruled by what was learnt after it.

        A revision inside the period moves no date of the agreement, so a version later than the first that was
        submitted does not count.
        """
        first = min((fact.version or 1 for fact in self.named("submitted")), default=99)
        found = [fact for fact in self.named(name) if (fact.version or 0) <= first]
        return max(found, key=lambda fact: (fact.known_on or date.min, fact.no), default=None)

    @property
    def walked(self) -> list[Fact]:
        """The steps with the silences among them, each after all that happened on its day."""
        return sorted([*self.steps, *self.silences], key=lambda fact: fact.on)

    def silence(self, version: int | None) -> Fact | None:
        """The silence that approved this version, or ``None``."""
        return next((one for one in self.silences if one.version == version), None)

    def until(self, fact: Fact) -> list[Fact]:
        """What had happened when ``fact`` had, itself the last; a silence is no step of the journal's."""
        return list(self.steps[: self._next(fact)])

    def after(self, fact: Fact) -> list[Fact]:
        """What has happened since ``fact``."""
        return list(self.steps[self._next(fact) :])

    def _next(self, fact: Fact) -> int:
        """The place of the step after ``fact``: after a silence the first of a later day."""
        if fact.event == SILENCE:
            return sum(one.on <= fact.on for one in self.steps)
        return self.steps.index(fact) + 1


def tell(facts: Iterable[Fact], as_of: date, succeeded_on: date | None = None) -> Story:
    """The story of the facts known on ``as_of`` (a Danish civil date). ``succeeded_on``: the day the next agreement
    takes effect; it ends this story once it has come."""
    steps = in_order(live(facts, as_of))
    ended_on = succeeded_on if succeeded_on and as_of >= succeeded_on else None
    return Story(tuple(steps), taken_back(steps), ended_on)


def taken_back(steps: Sequence[Fact]) -> frozenset[Fact]:
    """The steps that a later one among them took back."""
    return frozenset(
        before
        for index, fact in enumerate(steps)
        if fact.event in TAKEN_BACK
        for before in steps[:index]
        if before.version == fact.version and before.event in TAKEN_BACK[fact.event]
    )


def _place(one: tuple[int, Fact]) -> int:
    return one[0]


def step_name(fact: Fact) -> str:
    """What a rule's ``met_by`` calls this step: its event; for an adopted report which one."""
    return f"{fact.about}-adopted" if fact.event == "status-adopted" else fact.event


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in the order they happened: day, version, the natural order of a day, journal number.

    The natural order of a day is to send and then to take back; a text that had been sent before that day is taken back
    first, and may be sent again the same day. Nothing of this depends on the order of typing."""
    found = sorted(facts, key=lambda f: (f.on, f.version or 0, _RANK.get(f.event, len(_RANK)), f.no))
    if any(fact.event == "withdrawn" for fact in found):
        _take_back_first(found)
    return found


def _take_back_first(steps: list[Fact]) -> None:
    """Put each ``withdrawn`` before the sending that follows it the same day, in place."""
    for gone in [fact for fact in steps if fact.event == "withdrawn"]:
        at = steps.index(gone)
        own = [
            one for one in steps[:at] if one.version == gone.version and one.event in (*SENDS, "withdrawn")
        ]
        today = [one for one in own if one.on == gone.on and one.event in SENDS]
        before = [one for one in own if one.on < gone.on]
        lay = bool(before) and before[-1].event in SENDS
        if today and (lay or len(today) > 1):
            again = today[0] if lay else today[1]
            steps.remove(gone)
            steps.insert(steps.index(again), gone)
