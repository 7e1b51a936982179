"""The law as values: a regime, its deadline rules and how each date is found. Frozen, self-checking, from no file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.rules.courserule import CourseRule
from workflow.rules.days import BusinessDays, ClosedDay
from workflow.rules.endings import Ending, end_known
from workflow.rules.obligation import CheckedBy, DeadlineRule, QuotaRule, TaskRule, Text
from workflow.rules.silence import Silence
from workflow.rules.terms import Term
from workflow.rules.words import NEUTRAL, Words
from workflow.values import dataclass, field, replace

HEALTH_AGREEMENT = "health-agreement"
MOST_READ = 256  # regimes as they could be read on a day
UNITS = ("region", "health-council", "municipality", "group")
OTHER_BODIES = ("clusters", "piu", "chairs")  # health clusters, patient committee, the committee's chairs
PARTIES = (
    "all-councils",  # the regional council and every municipal council of the unit
    "municipal-councils",  # the unit's municipal councils alone
    "one-council",  # the unit's own: the municipal one, or for a health council and a region the regional one
    "one-municipality",  # the regional council and that of one municipality, or the region's round kept whole
)
"""Who the parties of a round are, and so who approves its text."""


@dataclass(frozen=True, slots=True)
class ReachesBack:
    """This regime also governs another regime's agreements from a day on (BEK 1248/2022 § 31, stk. 3). ``steps`` are
    those that the other one does not know and that this one asks of an agreement that is running already."""

    regime: str
    starts_on: date
    cite: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """Councils that have a round together without being a region or a health council: ``councils`` are their codes, the
    regional one's too where it takes part. Both ends of its life are inclusive, an empty one is open."""

    id: str
    name: str
    region: str
    councils: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class UnitRule:
    """What a round belongs to: one of :data:`UNITS`; ``groups`` are those a regime of groups names."""

    body: str = "region"
    groups: tuple[NamedGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Regime:
    """One executive order with its guidance. Chosen by the agreement's term, never by today's date. Regimes of one
    ``kind`` succeed each other, each term once; those of another stand beside them and may govern the same term."""

    id: str
    title: Text
    instrument: str
    in_force_on: date
    terms: tuple[str, ...]
    committee: str
    secretariat: str
    parties: str
    deadlines: tuple[DeadlineRule, ...]
    provisions: dict[str, str]
    course: CourseRule
    shared_terms: tuple[str, ...] = ()
    other_bodies: tuple[str, ...] = ()
    """Whom a round concerns beside its parties: some of :data:`OTHER_BODIES`. Nobody else is written to."""
    words: Words = NEUTRAL  # told, never reckoned with
    words_of_pair: Words | None = None  # those of an agreement with one municipality, where they are others
    unit: UnitRule = UnitRule()
    tacit_approval: bool = False
    ends: Ending | None = None
    reaches_back: tuple[ReachesBack, ...] = ()
    quotas: tuple[QuotaRule, ...] = ()
    tasks: tuple[TaskRule, ...] = ()
    checked_by: CheckedBy | None = None
    """Who has checked the provisions behind the steps; each dated rule has a signature of its own."""
    magistrates: tuple[str, ...] = ()
    """Codes of the municipalities whose council itself decides who sits for it: they have no single mayor's rule."""
    kind: str = HEALTH_AGREEMENT
    later_sources: tuple[tuple[str, date], ...] = ()
    """Sources younger than the regime itself, with the day each took effect: nobody was bound by them before."""
    standing_on: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Lifecycle step -> the provisions it has rested on, the newest first; ``provisions`` is the one in effect."""
    times: dict[str, str] = field(default_factory=dict)
    """Lifecycle step -> the law's own words for when it is taken, where it has some but no day."""
    later_order: str = ""
    """The order that governs its agreements too from a day on; from then its end is theirs."""

    @property
    def ending_order(self) -> str:
        """The order whose end is the end of the agreement's rules."""
        return self.later_order or self.instrument

    def as_known(self, as_of: date) -> Regime:
        """The regime as it could be read on ``as_of``: without an end that nobody had given it yet, with each step
        resting on the first of its provisions that had taken effect, and each duty without a date on those that had."""
        ends = end_known(self.ends, as_of)
        found = {step: self.citable(cites, as_of) for step, cites in self.standing_on.items()}
        provisions = {step: cites[0] for step, cites in found.items() if cites}
        tasks = tuple(
            task if cites == task.cite else replace(task, cite=cites)
            for task in self.tasks
            if (cites := self.citable(task.cite, as_of))
        )
        if (ends, provisions, tasks) == (self.ends, self.provisions, self.tasks):
            return self
        return replace(self, ends=ends, provisions=provisions, tasks=tasks)

    def under(self, later: Regime, reach: ReachesBack, since: date, as_of: date) -> Regime:
        """The regime as it could be read on ``as_of``, its agreements governed by ``later`` too ``since`` that day: the
        committee and the end are the later order's, each step rests on its provision from then on, and
        the steps that it alone knows are asked where it asks them of a running agreement."""
        both = {
            step: (*later.standing_on.get(step, ()), *self.standing_on.get(step, (cite,)))
            for step, cite in self.provisions.items()
        }
        new = {step: later.standing_on.get(step, (later.cite(step),)) for step in reach.steps}
        both = {**new, **both}
        coming = (*self.later_sources, *later.later_sources, (later.instrument, since))
        return replace(
            self, standing_on=both, later_sources=coming, ends=later.ends, committee=later.committee,
            words=replace(self.words, committee=later.words.committee), later_order=later.instrument,
        ).as_known(as_of)  # fmt: skip

    def binds_from(self, step: str) -> date:
        """The day from which a lifecycle step rests on the provision it rests on now."""
        return self.bound_from((self.cite(step),))

    def bound_from(self, cites: tuple[str, ...]) -> date:
        """The day from which somebody is bound by ``cites``: that of the newest of them, at the earliest that of the
        order itself."""
        days = [day for key, day in self.later_sources if any(cite.startswith(key) for cite in cites)]
        return max(days, default=self.in_force_on)

    @property
    def own_round(self) -> bool:
        """Whether its rounds are a municipality's alone, and so looked after by it; one with the region is the
        region's to look after."""
        return self.unit.body == "municipality" and self.parties == "one-council"

    def task(self, task_id: str) -> TaskRule | None:
        """The undated duty with this id, or ``None``."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def rule(self, rule_id: str) -> DeadlineRule | None:
        """The rule with this id, or ``None`` where the regime has no such duty."""
        return next((rule for rule in self.deadlines if rule.id == rule_id), None)

    def cite(self, step: str) -> str:
        """The provision behind a lifecycle step (``"submit"``, ``"unanimity"`` ...); empty if it has none."""
        return self.provisions.get(step, "")

    def cite_on(self, step: str, on: date) -> str:
        """:meth:`cite` as it was on a day: the first of its provisions in effect; empty before the order."""
        if on < self.in_force_on:
            return ""
        found = self.citable(self.standing_on.get(step, (self.cite(step),)), on)
        return found[0] if found else ""

    def citable(self, cites: tuple[str, ...], as_of: date) -> tuple[str, ...]:
        """The provisions among ``cites`` that had taken effect on ``as_of``."""
        coming = tuple(key for key, since in self.later_sources if as_of < since)
        return tuple(cite for cite in cites if not cite.startswith(coming)) if coming else cites


@dataclass(frozen=True, slots=True)
class Law:
    """Everything the calendars say that a deadline depends on."""

    closed: tuple[ClosedDay, ...]
    terms: tuple[Term, ...]
    regimes: tuple[Regime, ...]
    silences: tuple[Silence, ...] = ()
    _kept: dict[object, BusinessDays] = field(default_factory=dict, init=False, repr=False, compare=False)
    _read: dict[tuple[int, date, str], tuple[Regime, Regime]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def business_days(self, options: tuple[str, ...] = ()) -> BusinessDays:
        """The calendar of a rule that also closes on ``options``; made once for each."""
        if options not in self._kept:
            self._kept[options] = BusinessDays(self.closed, options)
        return self._kept[options]

    def regimes_of(self, term: Term) -> list[Regime]:
        """Every regime that governs ``term``: one of each kind, or the orders that shared it."""
        return [regime for regime in self.regimes if term.label in regime.terms]

    def regime_of(self, term: Term, named: str = "") -> Regime:
        """The regime that governs an agreement of ``term``: the one ``named`` (an id), or else the only one there is;
        where several stand side by side, the health agreements' one, which the program began with.

        :class:`Invalid` past the last rule, where there is none, where several govern the term and none is named, and
        where the one named is not there: another law never takes its place.
        """
        found = self.regimes_of(term)
        if named:
            chosen = next((regime for regime in found if regime.id == named), None)
            if chosen is None:
                lost = f"regime {named} is not in the calendars"
                if any(regime.id == named for regime in self.regimes):
                    lost = f"regime {named} does not govern the term {term.label} in the calendars"
                raise Invalid(lost)
            return chosen
        if not found:
            raise Invalid(
                phrase(
                    "ingen regel dækker valgperioden %(label)s, og der gættes ikke på en dato",
                    label=term.label,
                )
            )
        first = [regime for regime in found if regime.kind == HEALTH_AGREEMENT]
        if len(first) != 1 and (len(found) > 1 or self.of_kind(HEALTH_AGREEMENT)):
            known = ", ".join(f"{regime.id} ({regime.instrument})" for regime in found)
            raise Invalid(
                phrase(
                    "der gættes ikke på, hvilke regler en runde i valgperioden %(label)s følger; de mulige "
                    "er: %(known)s; angiv ét af dem (regime)",
                    label=term.label,
                    known=known,
                )
            )
        return (first or found)[0]

    def in_force(self, kind: str, on: date) -> Regime | None:
        """The regime of this kind that was the law on a day, whatever agreement is asked about."""
        came = [regime for regime in self.regimes if regime.kind == kind and regime.in_force_on <= on]
        return max(came, key=lambda regime: regime.in_force_on, default=None)

    def known(self, regime: Regime, as_of: date) -> Regime:
        """What governed an agreement of ``regime`` as it could be read on ``as_of``: before the order was in force, the
        one it replaced (no provision is cited before its day); with a later one that reaches back, both. Of the days
        asked of last it is kept: each question about an agreement asks it several times."""
        return self._once(regime, as_of, self._known)

    def as_known(self, regime: Regime, as_of: date) -> Regime:
        """:meth:`Regime.as_known`, kept of the days asked of last."""
        return self._once(regime, as_of, Regime.as_known)

    def _once(self, regime: Regime, as_of: date, work: Callable[[Regime, date], Regime]) -> Regime:
        asked = id(regime), as_of, work.__name__
        found = self._read.get(asked)
        if found is None:
            if len(self._read) >= MOST_READ:
                self._read.clear()
            # the regime too, so that no other is given its number
            found = self._read[asked] = regime, work(regime, as_of)
        return found[1]

    def _known(self, regime: Regime, as_of: date) -> Regime:
        earlier = self.in_force(regime.kind, as_of) if as_of < regime.in_force_on else None
        if earlier is None:
            later = self.successor_of(regime)
            since = max(later[0].in_force_on, later[1].starts_on) if later else date.max
            return regime.under(*later, since, as_of) if later and since <= as_of else regime.as_known(as_of)
        coming = (regime.instrument, regime.in_force_on)
        return replace(earlier.as_known(as_of), later_sources=(*earlier.later_sources, coming))

    def of_kind(self, kind: str) -> list[str]:
        """Ids of the regimes of this kind."""
        return [regime.id for regime in self.regimes if regime.kind == kind]

    def successor_of(self, regime: Regime) -> tuple[Regime, ReachesBack] | None:
        """The later regime that reaches back to this one's agreements, if any."""
        reaching = ((later, reach) for later in self.regimes for reach in later.reaches_back)
        return next((one for one in reaching if one[1].regime == regime.id), None)
