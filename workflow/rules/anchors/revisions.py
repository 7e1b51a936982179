"""The date that each rule gives, and the dates it has given before: which fact moved it, and how often.

What is asked every morning of the same facts and a few more is walked on from where it was: the dates after the facts
that were there already are kept, of the :data:`MOST` agreements asked of last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from workflow.language import phrase
from workflow.rules.agreement import Agreement, rules_of
from workflow.rules.anchors import Found, Step, find
from workflow.rules.anchors.yearly import YEARLY, of_years, too_early
from workflow.rules.facts import Fact
from workflow.rules.found import as_given
from workflow.rules.readings import read
from workflow.rules.regime import Law, Regime
from workflow.rules.silence import SIGNED
from workflow.rules.story import Story, tell
from workflow.values import dataclass, field, replace

MOST = 64
MOVERS = frozenset(
    "opened deviation submitted withdrawn received effective nominal-end sst-refused correction rules-accepted".split()
) | {SIGNED}
Under = Callable[[Sequence[Fact]], tuple[Agreement, Law]]
"""The agreement and the law it lived under when just these facts were recorded."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many dates a deadline has had, the one before the present, and the day the present became known."""

    revision: int = 1
    previous_on: date | None = None
    changed_on: date | None = None
    on: date | None = None  # the present one


def dates(agreement: Agreement, story: Story, law: Law, as_of: date) -> dict[Key, tuple[Found, Regime]]:
    """Rule and subject -> what was found. A later regime's rule takes over for dates from its first day on."""
    return _listed(_found(agreement, story, law, as_of), as_of)


def _listed(found: Sequence[_Dated], as_of: date) -> dict[Key, tuple[Found, Regime]]:
    return {one.key: (one.found, one.regime) for one in found if not one.later or not one.too_early(as_of)}


class _Dated(NamedTuple):
    """What one rule found. ``later``: for a year after its first, which is listed only when it has come near."""

    found: Found
    regime: Regime
    later: bool

    @property
    def key(self) -> Key:
        return self.found.rule.id, self.found.subject

    def too_early(self, as_of: date) -> bool:
        return too_early(self.found.subject, self.found.on, as_of)


def _found(agreement: Agreement, story: Story, law: Law, as_of: date) -> list[_Dated]:
    """What every rule finds; of ``as_of`` only its :func:`_turn` counts."""
    dates: list[_Dated] = []
    for rule, regime, reach in rules_of(agreement, law):
        known = as_given(rule, regime, as_of)
        if known is None or (reach and as_of < regime.in_force_on):
            continue  # nobody knew this rule yet
        days = law.business_days(rule.also_closed)
        yearly = known.due.anchor == YEARLY
        plains = find(agreement, known, story, as_of.year + 1 if yearly else as_of.year)
        for plain in of_years(known, plains, story, law.silences, days) if yearly else plains:
            found = read(agreement, law.silences, plain, story, days)
            if reach:
                if (found.on or as_of) < max(reach.starts_on, rule.applies_from or reach.starts_on):
                    continue  # by its earliest reading the day lies under the rule it replaces
                step = Step(
                    phrase(
                        "Fra %(day)s gælder %(instrument)s også for denne aftale",
                        day=reach.starts_on,
                        instrument=regime.instrument,
                    ),
                    reach.starts_on,
                    reach.cite,
                )
                found = replace(found, steps=(step, *found.steps))
            dates.append(_Dated(found, regime, yearly and found.subject != plains[0].subject))
    return dates


def dates_of(agreement: Agreement, story: Story, law: Law, as_of: date) -> Mapping[Key, tuple[Found, Regime]]:
    """:func:`dates`, kept for the next day on which nothing has happened since."""
    return _listed(_dates(Whose(agreement, law, _turn(agreement, law, as_of)), _Day(as_of), story), as_of)


@lru_cache(maxsize=MOST)
def _dates(whose: Whose, day: _Day, story: Story) -> Sequence[_Dated]:
    return _found(whose.agreement, story, whose.law, day.as_of)


def history(
    facts: Sequence[Fact], under: Under, as_of: date, succeeded_on: date | None
) -> Mapping[Key, Changes]:
    """The dates each deadline has had, in the order the facts were recorded: a letter's key carries the number of the
    date, so that moving from A to B and back to A is told again. ``facts`` are those known on ``as_of``."""
    recorded = sorted(facts, key=lambda fact: fact.no)
    moments = [0, *(index + 1 for index, fact in enumerate(recorded) if fact.event in MOVERS)]
    ended_on = succeeded_on if succeeded_on and as_of >= succeeded_on else None
    whose = whose_of(under, [], as_of, None)
    walk = _walk(whose, ended_on)
    before, kept = walk.before
    shared = _shared(before, recorded)
    path: list[_Moment] = []
    for moment in moments:  # 0: the dates of the term stand before anything is recorded
        whose = whose_of(under, recorded[:moment], as_of, whose) if moment else whose
        place = len(path)
        if moment <= shared and place < len(kept) and kept[place].whose == whose:
            path.append(kept[place])
            continue
        kept = kept[:place]  # from here on it is another story
        learnt_on = recorded[moment - 1].known_on if moment else None
        found = _found(whose.agreement, tell(recorded[:moment], as_of, succeeded_on), whose.law, as_of)
        path.append(_Moment(whose, learnt_on, tuple((one.key, one.found.on, one.later) for one in found)))
    if shared < len(recorded) or len(kept) < len(path):
        walk.before = tuple(recorded), path
    return _changes(path, as_of)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose dates by which law. ``turn`` is all of the day that they depend on; two that are equal give the same."""

    agreement: Agreement
    law: Law
    turn: tuple[int, int]

    def __hash__(self) -> int:
        return hash((self.agreement.key, self.agreement.regime.id, self.turn))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Whose) or self.law is not other.law:
            return False
        return self.turn == other.turn and self.agreement == other.agreement


@dataclass(frozen=True, slots=True)
class _Day:
    """A day beside a turn: of it no date depends on more."""

    as_of: date = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Moment:
    """The dates there were when one mover, and what was recorded before it, was there, each with whether it is listed
    only once it has come near; and the day the mover became known."""

    whose: Whose
    learnt_on: date | None
    dates: tuple[tuple[Key, date | None, bool], ...]


@dataclass(slots=True)
class _Walk:
    """The facts that were walked last, and what they led to at each mover; replaced as one value, never changed."""

    before: tuple[Sequence[Fact], Sequence[_Moment]] = field(default=((), ()))


@lru_cache(maxsize=MOST)
def _walk(whose: Whose, ended_on: date | None) -> _Walk:
    """The walk of before, or an empty one. Kept by the first moment, as a law that was taken on since is a later
    moment's; ``ended_on`` stands in every story."""
    return _Walk()


def whose_of(under: Under, said: Sequence[Fact], as_of: date, before: Whose | None) -> Whose:
    """Whose dates they are once ``said`` is recorded; the very same as ``before`` where nothing has changed."""
    agreement, law = under(said)
    if before and before.agreement is agreement and before.law is law:
        return before
    return Whose(agreement, law, _turn(agreement, law, as_of))


def _turn(agreement: Agreement, law: Law, as_of: date) -> tuple[int, int]:
    """What :func:`dates` asks of a day: its year, and how many of the days have come on which a rule becomes
    another."""
    days = [since for _, since in agreement.regime.later_sources]
    if later := law.successor_of(agreement.regime):
        regime, reach = later
        days += [regime.in_force_on, reach.starts_on, *(since for _, since in regime.later_sources)]
        days += [rule.applies_from for rule in regime.deadlines if rule.applies_from]
    return as_of.year, bisect_right(sorted(days), as_of)


def _shared(before: Sequence[Fact], now: Sequence[Fact]) -> int:
    """How many facts, from the first on, two journals have in common."""
    pairs = zip(before, now, strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one is not other and one != other),
        min(len(before), len(now)),
    )


def _changes(path: Sequence[_Moment], as_of: date) -> dict[Key, Changes]:
    changes: dict[Key, Changes] = {}
    for moment in path:
        now = {
            key: on for key, on, later in moment.dates if not later or not too_early(key[1], on, as_of)
        }  # the last of a key holds, as a later regime's rule takes over
        for key, on in now.items():
            was = changes.get(key)
            if on and was is None:
                changes[key] = Changes(1, None, moment.learnt_on, on)
            elif on and was and on != was.on:
                changes[key] = Changes(was.revision + 1, was.on, moment.learnt_on, on)
    return changes
