"""Which rungs of which deadlines are owed by a day, each with what makes its key unique.

Nothing asks "is it exactly 30 days before today?": a rung is owed from its day on, and of several that were
missed only the most urgent is written, marked late. Lead times are house practice, not law;
they lie in ``calendars/letters.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from workflow.rules.days import BusinessDays
from workflow.rules.obligation import Text
from workflow.rules.timeline import Deadline
from workflow.values import dataclass

GROUPS = (
    "secretariat", "secretariat-region", "regional-council", "all-councils", "pending-councils",
    "pending-directors", "told-council", "uncalendared-councils", "unpublished-councils", "reporting-council",
    "clusters", "meeting-body", "piu", "chairs", "concerned", "concerned-body", "magistrates",
    "responsible", "heir-council",
)  # fmt: skip
QUIET_WEEKS = (28, 30)  # ISO weeks in July in which only statutory letters go out
APART = 2  # days between two reminders of one ladder, at least: never two days running


@dataclass(frozen=True, slots=True)
class LetterRule:
    """One kind of letter: its template, whom it goes to, and what makes it owed.

    Either ``deadline`` with rungs ``at`` (days from the date; negative before) and ``every`` (repeat after the
    last rung, in days, until met; ``stale``: no longer worth sending after so many days), or ``event``/``state``:
    once when that happens. ``during`` limits rungs to a state of the version. From the rung ``deputy`` on the reminder
    goes to the function's next mailbox, where it has one. ``statutory`` letters are never coalesced, held back for a
    quiet day or dropped; an ``always`` one waits as the others do, but no region can switch it off: somebody is waiting
    for its answer. ``next`` is what a digest says of the others, ``next_to`` what it says to a function that has
    a part of its own. ``carries`` is the file that goes with it: the ``text`` and its annexes, or the authority's
    ``answer``.
    """

    name: str
    code: str
    title: Text
    to: tuple[str, ...]
    deadline: tuple[str, ...] = ()
    at: tuple[int, ...] = ()
    every: int = 0
    stale: int = 0
    deputy: int = 0
    event: tuple[str, ...] = ()
    state: str = ""
    during: tuple[str, ...] = ()
    generic: str = ""  # duty, answer or met: it follows whatever has no letter of its own
    statutory: bool = False
    always: bool = False
    next: str = ""
    next_to: tuple[tuple[str, str], ...] = ()
    carries: str = ""
    own: str = ""  # the region's own paragraph

    @property
    def optional(self) -> bool:
        """Whether a region may switch it off and choose its days."""
        return not (self.statutory or self.always)

    def next_for(self, recipient: str) -> str:
        """What a digest tells the function ``recipient`` ("BODY/FUNCTION") to do: its own part, where it has one."""
        return dict(self.next_to).get(recipient.partition("/")[2], self.next)


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder owed: the letter, the deadline it follows, its place on the ladder and the day it was due."""

    letter: LetterRule
    deadline: Deadline
    offset: int
    due_on: date

    @property
    def name(self) -> str:
        """``"-30d"``: days from the deadline."""
        return f"{self.offset:+d}d"


def owed(
    deadlines: Iterable[Deadline],
    letters: Iterable[LetterRule],
    days: BusinessDays,
    states: frozenset[str],
    by: date,
) -> Iterator[Rung]:
    """The one rung of each letter that is owed ``by`` that day: the most urgent whose day has come."""
    for letter, deadline in _followed(list(deadlines), letters, states):
        due = [(on, offset) for offset, on in _rungs(letter, deadline, days, by) if on <= by]
        due = [(on, offset) for on, offset in due if deadline.since is None or on >= deadline.since]
        if letter.stale:
            due = [(on, offset) for on, offset in due if (by - on).days <= letter.stale]
        if due:
            on, offset = max(due)
            yield Rung(letter, deadline, offset, on)


def coming(
    deadlines: Iterable[Deadline],
    letters: Iterable[LetterRule],
    days: BusinessDays,
    states: frozenset[str],
    after: date,
) -> list[Rung]:
    """The rungs that fall after ``after``, earliest first, as long as nothing changes; of a letter that is repeated
    until the duty is met, the next repeat only."""
    found = [
        Rung(letter, deadline, offset, on)
        for letter, deadline in _followed(list(deadlines), letters, states)
        for offset, on in _rungs(letter, deadline, days, after + timedelta(days=letter.every + 14))
        if on > after
    ]
    return sorted(found, key=lambda rung: (rung.due_on, rung.offset, rung.letter.name))


def _followed(
    deadlines: list[Deadline], letters: Iterable[LetterRule], states: frozenset[str]
) -> Iterator[tuple[LetterRule, Deadline]]:
    """Each ladder with the open deadline it follows: of two formulas for one duty, the earlier (O-57 to O-61)."""
    for letter in letters:
        if not letter.at or (letter.during and not states & set(letter.during)):
            continue
        open_ones = [d for d in deadlines if d.id in letter.deadline and d.open and d.legal_on]
        for subject in sorted({d.subject for d in open_ones}):
            same = [d for d in open_ones if d.subject == subject]
            yield letter, min(same, key=lambda d: (d.legal_on or date.max, d.id))


def _rungs(
    letter: LetterRule, deadline: Deadline, days: BusinessDays, until: date
) -> Iterator[tuple[int, date]]:
    """Offsets and days, never two days running. Before the date: counted from the aim; on a closed day or in a quiet
    week, the last business day before. After: counted from the last day that can be called in time; the first
    business day after."""
    assert deadline.legal_on and deadline.aim_on and deadline.late_after
    offsets = list(letter.at)
    if letter.every:
        last = max(offsets[-1], 0)
        beyond = (until - deadline.late_after).days - last
        offsets += [last + letter.every * n for n in range(1, beyond // letter.every + 2) if beyond > 0]
    found = []
    for offset in offsets:
        earlier = offset <= 0
        day = (deadline.aim_on if earlier else deadline.late_after) + timedelta(days=offset)
        found.append((offset, _not_in_july(letter, days, day, earlier=earlier)))
    return _apart(found)


def _apart(rungs: list[tuple[int, date]]) -> Iterator[tuple[int, date]]:
    """Without those that a closed day or July moved onto the eve of the next: the more urgent of the two stays."""
    for (offset, day), (_, following) in pairwise([*rungs, (0, date.max)]):
        if (following - day).days >= APART:
            yield offset, day


def _not_in_july(letter: LetterRule, days: BusinessDays, day: date, earlier: bool) -> date:
    """A business day near ``day``, outside the quiet weeks unless the letter is statutory."""
    week = day.isocalendar().week
    if not letter.statutory and QUIET_WEEKS[0] <= week <= QUIET_WEEKS[1]:
        edge = QUIET_WEEKS[0] - 1 if earlier else QUIET_WEEKS[1] + 1
        day = date.fromisocalendar(day.year, edge, 5 if earlier else 1)
    return days.on_or_before(day) if earlier else days.on_or_after(day)
