"""The least number of meetings of a year, body by body (O-10 to O-13). Pure; neither late nor overdue.

What a year is the rules do not say (``calendars/readings.toml``, *meeting-year*): until somebody signs a reading the
earlier day is asked for, and a year is called missed only after the later.
"""

from __future__ import annotations

from datetime import date, timedelta

from workflow.language import full, phrase
from workflow.rules.anchors import Step
from workflow.rules.endings import BREACHED_IN_DOUBT_SAID, DOUBT, GONE, GONE_SAID, Ending
from workflow.rules.facts import Fact
from workflow.rules.obligation import QuotaRule
from workflow.rules.readings import told, year_of_meetings
from workflow.rules.regime import Regime
from workflow.rules.silence import Alternative
from workflow.rules.spans import next_by
from workflow.rules.timeline import Deadline
from workflow.services.due.once import once
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass, replace

SHORTLY = 45  # days before a day that only one reading gives


@dataclass(frozen=True, slots=True)
class Quota:
    """How one body's meetings of a calendar year stand against the minimum. ``ends`` is the end of the rule
    behind it, ``None`` where none is known of; ``since`` the day from which anything was asked of the body at all,
    ``advice`` when in the year others find it best to meet. ``reading`` holds the last day of the calendar year and the
    day by which the next meeting must come if the year is any twelve months (``None``: both readings give one day).
    ``running_from`` is the first of those months. ``told_on``: the newest day on which one of its meetings became
    known."""

    about: str
    name: str
    year: int
    held: int
    planned: int
    minimum: int
    cite: str
    ends: Ending | None = None
    since: date | None = None
    advice: str = ""
    reading: Alternative | None = None
    told_on: date | None = None
    running_from: date | None = None

    @property
    def running_on(self) -> date | None:
        """The day that the running year gives, where it is or may be the rule and falls in this year."""
        one = self.reading
        if one is None or one.signed == one.silence.readings[0].id or one.dates[1].year > self.year:
            return None
        return one.dates[1]

    def asked_by(self, on: date) -> date:
        """The day that is reminded of: the earliest reading still ahead of ``on``."""
        running = self.running_on
        settled = self.reading and self.reading.signed
        return running if running and (settled or on <= running <= self._last) else self._last

    def asked_from(self, on: date) -> date | None:
        """The first day on which that is done: a day of one reading alone is asked about once, shortly before."""
        by = self.asked_by(on)
        days = [self.since]
        if self.running_on and self.running_on < by:
            days.append(self.running_on + timedelta(days=1))  # until then the other day was asked about
        if by == self.running_on:  # it may have come near only now: what lay before was asked by another day
            days += [by - timedelta(days=SHORTLY), self.told_on]
        return max((day for day in days if day), default=None)

    @property
    def late_after(self) -> date:
        """The last day on which the year is not yet called missed."""
        one = self.reading
        if one is None or one.signed == one.silence.readings[0].id:
            return self._last
        return one.dates[1] if one.signed else max(one.dates)

    def state(self, on: date) -> str:
        """``lapsed`` where the rules do not last the year out; else ``ok``, ``at_risk`` or, once the year is over,
        ``missed``: what a year in force fell short of, the end of the rules does not make good."""
        if self.ends and self.ends.lapsed(self._last):
            return "lapsed"
        if self.reading and self.reading.signed == self.reading.silence.readings[1].id:
            short = self.running_on is not None
        else:
            reached = self.held + (self.planned if on.year == self.year else 0) >= self.minimum
            short = not reached or bool(self.running_on and on <= self.running_on)
        return "ok" if not short else "at_risk" if on <= self.late_after else "missed"

    @property
    def doubtful(self) -> bool:
        """Whether which day the rules end is open, and decides for this year."""
        return bool(self.ends and self.ends.zone(self._last) in (DOUBT, GONE))

    def said(self, on: date, words: str) -> str:
        """Its state in Danish: ``words``, the plain ones for it, and what the end of the rules makes of them."""
        state = self.state(on)
        if state == "lapsed" and self.doubtful:
            return GONE_SAID
        if state == "missed" and self.ends and on >= self.ends.gone_on:
            return (
                BREACHED_IN_DOUBT_SAID
                if self.doubtful
                else phrase("%(words)s; reglerne er siden ophævet", words=words)
            )
        return (
            phrase("%(words)s; reglen kan være ophævet", words=words)
            if self.doubtful and state != "ok"
            else words
        )

    @property
    def _last(self) -> date:
        return date(self.year, 12, 31)


@once
def quotas(standing: Standing, rulebook: Rulebook, year: int) -> list[Quota]:
    """Every body of the region with a minimum of meetings under the order that is law on the day, which may be another
    than the agreement's own: the minimum binds the committee. A meeting counts under every agreement of the region."""
    region = rulebook.region(standing.agreement.region)
    if not any(region.holds(day) for day in (date(year, 1, 1), date(year, 12, 31))):
        return []  # it had no committees that year
    law = _law(standing, rulebook, year)
    found = []
    rules = {rule.body: rule for rule in law.quotas if rule.holds_in(year)}
    meetings, planned = standing.of_committees("meeting-held"), standing.of_committees("meeting-planned")
    ends = standing.ends or law.ends  # where the agreement's own order has none, that of the committee's
    for about, kind, name in bodies(standing, rulebook, law.committee):
        if rule := rules.get(kind):
            held = [f for f in meetings if f.about == about and f.on.year == year]
            ahead = [f for f in planned if f.about == about and f.value.year == year]
            coming = sum(f.value > standing.as_of for f in ahead)
            until = None if rule.stands_alone else ends
            since = _first_asked(standing, rulebook, about, kind)
            counts = (len(held), coming, rule.minimum)
            known = _days(meetings, planned, about, standing.as_of, date(year, 12, 31))
            reading, begins = _reading(standing, rulebook, known, rule, since, year)
            told_on = max(
                (f.known_on or f.on for f in (*meetings, *planned) if f.about == about), default=None
            )
            found.append(
                Quota(
                    about,
                    name,
                    year,
                    *counts,
                    rule.cite,
                    until,
                    since,
                    rule.advice,
                    reading,
                    told_on,
                    begins,
                )
            )
    return found


def _days(held: list[Fact], planned: list[Fact], about: str, today: date, last: date) -> list[date]:
    """The days of the body's meetings to the end of the year asked about: those held, and those still to come."""
    days = [f.on for f in held if f.about == about and f.on <= last]
    return days + [f.value for f in planned if f.about == about and today < f.value <= last]


def _reading(
    standing: Standing, rulebook: Rulebook, days: list[date], rule: QuotaRule, since: date | None, year: int
) -> tuple[Alternative | None, date | None]:
    """The two days the year's meetings are wanted by, and the first of the twelve months that end with the second; the
    count begins anew with the members' term."""
    last, region = date(year, 12, 31), standing.agreement.region
    begun = [
        (term.office_of(region) or term).starts_on
        for term in rulebook.law.terms
        if (term.office_of(region) or term).starts_on <= last
    ]
    first = max([*begun, *([since] if since else [])], default=date(year, 1, 1))
    running, begins = next_by(days, rule.minimum, first, min(standing.as_of, last))
    if running < date(year, 1, 1):
        return None, None  # already short the year before, and said of that
    if running > last and sum(day >= first for day in days) >= rule.minimum:
        return None, None  # the year is full by what is held and planned
    return year_of_meetings(rulebook.law.silences, standing.story, last, running, rule.cite), begins


def read(found: Deadline, quota: Quota) -> Deadline:
    """A date that a minimum gives, with both readings of the year where they differ in it."""
    one = quota.reading
    if one is None or found.legal_on is None:
        return found
    later = one.open and max(one.dates) > found.legal_on
    latest = max(one.dates) if later else None
    steps = list(told((one,)))
    if quota.running_from and quota.running_on:
        text = phrase(
            "Et løbende år regnet fra %(first)s ender %(last)s",
            first=full(quota.running_from),
            last=full(one.dates[1]),
        )
        steps.insert(0, Step(text, one.dates[1], quota.cite))
    return replace(found, why=(*found.why, *steps), readings=(one,), latest_on=latest)


def bodies(standing: Standing, rulebook: Rulebook, committee: str = "") -> list[tuple[str, str, str]]:
    """The bodies of the region that meet: what facts call each, its kind in the rules, and its Danish name."""
    found = [
        ("ssu", "ssu", committee or standing.agreement.regime.committee),
        ("piu", "piu", "patientinddragelsesudvalget"),
    ]
    for cluster in rulebook.clusters_of(standing.agreement.region, standing.as_of):
        found += [
            (
                f"{cluster.id}:political",
                "political",
                phrase("det politiske niveau i %(cluster)s", cluster=cluster.name),
            ),
            (
                f"{cluster.id}:professional",
                "professional",
                phrase("det faglige niveau i %(cluster)s", cluster=cluster.name),
            ),
        ]
    return found


def _first_asked(standing: Standing, rulebook: Rulebook, about: str, kind: str) -> date | None:
    """The day of the first order that asked bodies of this kind to meet; for a cluster not before it was formed."""
    own, cluster = standing.agreement.regime.kind, about.partition(":")[0]
    asked = [
        regime.in_force_on
        for regime in rulebook.law.regimes
        if regime.kind == own and any(rule.body == kind for rule in regime.quotas)
    ]
    formed = [one.valid_from for one in rulebook.clusters if one.id == cluster]
    return max([min(asked), *formed]) if asked else None


def _law(standing: Standing, rulebook: Rulebook, year: int) -> Regime:
    """The order that governed the committees at the end of the year, or on the standing's day before that."""
    own = standing.agreement.regime
    on = min(standing.as_of, date(year, 12, 31))
    found = rulebook.law.in_force(own.kind, on)
    return rulebook.law.as_known(found, standing.as_of) if found else own
