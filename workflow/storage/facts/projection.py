"""Where an agreement stands on a day: its facts folded into deadlines and states by the rules it lived under.

What is kept of it for lists and for the planner is written by :mod:`workflow.storage.facts.projecting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow.errors import Invalid, NotFound, NotPossible, Unworkable
from workflow.lifecycle.course import Course
from workflow.lifecycle.following import follow
from workflow.rules.agreement import Agreement, Council, Opened
from workflow.rules.endings import Ending, settled
from workflow.rules.facts import Fact
from workflow.rules.readings import ends_read
from workflow.rules.regime import Law
from workflow.rules.spans import Span
from workflow.rules.story import SILENCE, Story
from workflow.rules.timeline import Deadline, fold
from workflow.storage.facts import past
from workflow.storage.facts.committees import Committees, committees
from workflow.storage.facts.heard import answered
from workflow.storage.facts.meetingdays import Held, held
from workflow.storage.facts.past import of_same_kind, succeeded_on
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesthen import RulesThen, rules_by_day
from workflow.values import dataclass, field, replace

if TYPE_CHECKING:
    from workflow.storage.asking import View

UNWORKABLE = (Unworkable, Invalid, NotFound, NotPossible, ValueError, LookupError, TypeError)
"""What one agreement raises whose stored facts today's rules cannot work out: the others are none the worse for it."""
MOST = (
    16  # standings that are kept: a fact, its dates, its letters and the pages of a day ask for the same one
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One agreement as it stood on ``as_of``: what it is, its facts, its deadlines, its machines, and the rules it
    lived under that day."""

    agreement: Agreement
    facts: tuple[Fact, ...]
    deadlines: tuple[Deadline, ...]
    course: Course
    as_of: date
    rules: Rulebook
    committees: Committees = field(default_factory=Committees)
    meetings: tuple[Held, ...] = field(default=(), repr=False, compare=False)
    """The days on which its councils meet, as far as they are known."""
    answered: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """The parties of the hearing under way that have answered it."""
    _again: Callable[[Iterable[Fact], date], Standing] | None = field(default=None, repr=False, compare=False)
    kept: dict[object, tuple[Rulebook, Sequence[Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was worked out of it by somebody else, and with which rules: see ``workflow/services/due/once.py``."""

    def deadline(self, rule: str, subject: str = "") -> Deadline | None:
        """The deadline of this rule and subject, if the agreement has it."""
        return next((d for d in self.deadlines if (d.id, d.subject) == (rule, subject)), None)

    @property
    def agreed_ends(self) -> list[date]:
        """The first day after the agreed end: two while its readings are open, the earliest first; none where no end is
        recorded."""
        end = self.course.nominal_end
        told = [one for deadline in self.deadlines for one in deadline.readings]
        return [on for on, _ in ends_read(end, told)] if end else []

    def of_committees(self, event: str) -> list[Fact]:
        """The facts of one event that concern the region's committees, on whichever agreement they were recorded."""
        return self.committees.happened(event, self.as_of, self.course.noted[event])

    @property
    def carries(self) -> bool:
        """Whether the region's committees are written to through this agreement: through one at a time, as long as
        there is a region."""
        there = self.rules.region(self.agreement.region).holds(self.as_of)
        return there and self.committees.carried(self.course.period, self.as_of)

    @property
    def story(self) -> Story:
        """What happened and what of it stands: what deadlines, machines and letters are made from."""
        return self.course.story

    def fulfilled_by(self, fact: Fact) -> Deadline | None:
        """The duty that this step fulfilled; ``None`` where it fulfilled none, as a revision inside the period."""
        return next((d for d in self.deadlines if d.met_no == fact.no), None)

    @property
    def submission_due(self) -> Deadline | None:
        """The duty that submitting the present text would fulfil: the submission, or the changed text's own date after
        a refusal. ``None`` where the law gives no date: a revision inside the period, or a text that is submitted."""
        towards = {rule.id for rule in self.agreement.regime.deadlines if "submitted" in rule.met_by}
        open_ones = [d for d in self.deadlines if d.id in towards and not d.met_on and d.legal_on]
        return min(open_ones, key=lambda d: d.legal_on or date.max, default=None)

    @property
    def without_end(self) -> bool:
        """Whether the final status has no date, since no end was agreed and no next agreement has taken over."""
        final = self.deadline("final-order")
        return final is not None and final.legal_on is None and self.course.nominal_end is None

    def told(self, fact: Fact) -> Standing:
        """How the agreement stood on the day of ``fact`` when just that had happened, under the rules of that day.

        The same whenever it is asked and however late the fact was typed in: what happened later, or was first decided
        later, is not in it. ``fact`` is one of the story's steps, or a silence: that one is there when its day is over.
        """
        assert self._again is not None
        happened = [_learnt_in_time(one) for one in self.story.until(fact)]
        return self._again(happened, fact.on + timedelta(days=fact.event == SILENCE))

    def with_only(self, facts: Iterable[Fact]) -> Standing:
        """How it would stand today with these facts alone; raises as :func:`stand`."""
        assert self._again is not None
        return self._again(facts, self.as_of)

    @property
    def rules_end_on(self) -> date | None:
        """The confirmed first day without the agreement's rules; ``None`` while no end is confirmed."""
        return self.ends.confirmed_on if self.ends else None

    @property
    def law_gone(self) -> bool:
        """Whether the rules have ended by the standing's day, whichever candidate is true."""
        return bool(self.ends and self.as_of >= self.ends.gone_on)

    @property
    def submission_gone(self) -> bool:
        """Whether the submission is no longer owed: its day lies where the rules are gone."""
        submission = self.deadline("submission")
        return bool(submission and submission.status == "lapsed")

    @property
    def ends(self) -> Ending | None:
        """The end of the agreement's rules as known: the candidates, or the one day a fact or the file confirms."""
        ended, ends = self.course.law_ended, self.agreement.regime.ends
        return settled(ends, ended) if ended else ends


def stand(
    rules: Rulebook,
    row: Opened,
    facts: Iterable[Fact],
    as_of: date,
    succeeded_on: date | None = None,
    rules_on: RulesThen | None = None,
    beside: Committees | None = None,
    meetings: tuple[Held, ...] = (),
    parties: tuple[Council, ...] = (),
) -> Standing:
    """Fold the facts into deadlines and states by ``rules``, the agreement's own; :class:`NotPossible` where a fact
    cannot be. ``rules_on`` gives those of another day, where they were others; ``parties`` are supposed in place of the
    agreement's own, where some are given."""

    def between(then: Rulebook) -> Agreement:
        found = subject(then, row, as_of)
        return replace(found, parties=parties) if parties else found

    agreement = between(rules)
    known = tuple(facts)

    def under(said: Sequence[Fact]) -> tuple[Agreement, Law]:
        then = rules_on(as_of, said) if rules_on else rules
        return between(then), then.law

    several = rules_on and any(fact.event == "rules-accepted" for fact in known)
    deadlines = tuple(fold(agreement, known, rules.law, as_of, succeeded_on, under if several else None))
    course = follow(agreement, known, rules.law, as_of, succeeded_on)

    def again(facts: Iterable[Fact], day: date) -> Standing:
        then = rules_on(day) if rules_on else rules
        return stand(then, row, facts, day, succeeded_on, rules_on, beside, meetings, parties)

    return Standing(
        agreement, known, deadlines, course, as_of, rules, beside or Committees(), meetings, _again=again
    )


def _learnt_in_time(fact: Fact) -> Fact:
    """The fact as it reads for whoever was there: known the day it happened, however late it was typed in."""
    return replace(fact, known_on=min(fact.known_on, fact.on)) if fact.known_on else fact


def subject(rulebook: Rulebook, row: Opened, as_of: date) -> Agreement:
    """What the facts are about: the agreement under its regime as that was known on ``as_of``."""
    agreement = rulebook.agreement(row.region, row.label, row.term, as_of, row.unit, row.regime)
    return replace(agreement, regime=rulebook.law.known(agreement.regime, as_of))


def load(view: View, rulebook: Rulebook, row: Opened, as_of: date) -> Standing:
    """The agreement's facts from the journal, folded; with the day its successor took effect, if one has.
    :class:`workflow.errors.Unworkable` where its facts do not fit the rules."""
    try:
        return suppose(view, rulebook, row, as_of)
    except Unworkable:
        raise
    except UNWORKABLE as error:
        number = error.fact_no if isinstance(error, NotPossible) else 0
        raise Unworkable(row.key, f"nr. {number}: " * bool(number) + str(error)) from error


def load_workable(
    view: View, rulebook: Rulebook, rows: Iterable[Opened], as_of: date
) -> tuple[list[Standing], list[Unworkable]]:
    """Those of ``rows`` that can be worked out, and what is wrong with the others: for what must go on without."""
    found: list[Standing] = []
    broken: list[Unworkable] = []
    for row in rows:
        try:
            found.append(load(view, rulebook, row, as_of))
        except Unworkable as error:
            broken.append(error)
    return found, broken


def suppose(
    view: View,
    rulebook: Rulebook,
    row: Opened,
    as_of: date,
    supposed: Iterable[Fact] = (),
    parties: tuple[Council, ...] = (),
) -> Standing:
    """:func:`load`, with ``supposed`` facts that are written nowhere, and between other ``parties`` where some are
    given; raises as :func:`stand`. ``rulebook`` are the rules in the calendars; the facts are folded by those the
    agreement lived under on ``as_of``."""
    row = past.kept(row)  # what is kept must not hang on a row of a session
    facts = (*past.facts(view, row), *supposed)
    rules = (rules_on := rules_by_day(view, rulebook, row, facts))(as_of)
    beside = committees(view, row, of_same_kind(rules, row))
    councils = parties or subject(rules, row, as_of).parties
    meetings = held(view, [council.code for council in councils], as_of)
    value = (row, facts, as_of, succeeded_on(view, rules, row), beside, meetings, parties)
    entered = tuple(fact.entered_on for told in (facts, *beside.told) for fact in told)
    found = _stood(_Asked((value, entered), rulebook, rules, rules_on))
    current = found.course.current
    heard = answered(view, row.key, current.number, as_of) if current and current.closes_on else frozenset()
    return found if heard == found.answered else replace(found, answered=heard)


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a standing is made of: by value (of facts also the day of entry, in which equal ones may differ), the
    rules by being the same. ``rules_on`` follows from them."""

    value: tuple[Any, ...]
    rulebook: Rulebook
    rules: Rulebook
    rules_on: RulesThen

    def __hash__(self) -> int:
        return hash((self.value[0][0], self.value[0][2]))  # whose, of which day; equality compares all

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, _Asked) and self.rules is other.rules and self.rulebook is other.rulebook
        return same and self.value == other.value  # type: ignore[attr-defined]


@lru_cache(maxsize=MOST)
def _stood(asked: _Asked) -> Standing:
    (row, facts, as_of, succeeded, *more), _ = asked.value
    return stand(asked.rules, row, facts, as_of, succeeded, asked.rules_on, *more)


def _anniversary(start: date, after: date) -> date:
    """The first day after ``after`` that is whole years from ``start``: the next year's date is listed from then on."""
    found = (
        Span(years, "year").after(start) for years in range(max(after.year - start.year, 0), after.year + 2)
    )
    return next(day for day in found if day > after)


def changes_on(standing: Standing, after: date) -> list[date]:
    """Days after ``after`` on which the projection changes by the calendar alone: a fact becomes known, a date
    passes, the agreement takes effect or runs out, a text of law takes effect, the rules may end or do, a new year
    opens a new annual review."""
    course = standing.course
    days = [fact.known_on for fact in standing.facts if fact.known_on]
    ends = [day for d in standing.deadlines if d.open for day in (d.legal_on, d.latest_on) if day]
    days += [day + timedelta(days=1) for day in ends]
    days += [course.effective_on, _anniversary(course.effective_on, after)] if course.effective_on else []
    days += [course.nominal_end.value] if course.nominal_end else []
    days += [course.law_ended.value] if course.law_ended else []
    days += [version.closes_on + timedelta(days=1) for version in course.versions if version.closes_on]
    # of every regime: one may reach back, and the agreement's own knows no end that is still to be given it
    for regime in standing.rules.law.regimes:
        days += [regime.in_force_on, *(since for _, since in regime.later_sources)]
        days += [reach.starts_on for reach in regime.reaches_back]
        days += [regime.ends.known_on, regime.ends.gone_on] if regime.ends else []
    days.append(date(after.year + 1, 1, 1))
    return [day for day in days if day > after]
