"""The least number of meetings of a calendar year, body by body (law.md 3e). Pure; neither late nor overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.rules.endings import BREACHED_IN_DOUBT_SAID, DOUBT, GONE, GONE_SAID, Ending
from workflow.rules.regime import Regime
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Quota:
    """How one body's meetings of a calendar year stand against the minimum (law.md 3e). ``ends`` is the end of the rule
    behind it, ``None`` where none is known of; ``since`` the day from which anything was asked of the body at all,
    ``advice`` when in the year others find it best to meet."""

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

    def state(self, on: date) -> str:
        """``lapsed`` where the rules do not last the year out; else ``ok``, ``at_risk`` or, once the year is over,
        ``missed``: what a year in force fell short of, the end of the rules does not make good."""
        if self.ends and self.ends.lapsed(self._last):
            return "lapsed"
        if self.held >= self.minimum or (on.year == self.year and self.held + self.planned >= self.minimum):
            return "ok"
        return "at_risk" if on.year <= self.year else "missed"

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
            return BREACHED_IN_DOUBT_SAID if self.doubtful else f"{words}; reglerne er siden ophævet"
        return f"{words}; reglen kan være ophævet" if self.doubtful and state != "ok" else words

    @property
    def _last(self) -> date:
        return date(self.year, 12, 31)


def quotas(standing: Standing, rulebook: Rulebook, year: int) -> list[Quota]:
    """Every body of the region with a minimum of meetings under the order that is law on the day, which may be another
    than the agreement's own: the minimum binds the committee. A meeting counts under every agreement of the region."""
    law = _law(standing, rulebook, year)
    found = []
    rules = {rule.body: rule for rule in law.quotas if rule.holds_in(year)}
    meetings, planned = standing.of_committees("meeting-held"), standing.of_committees("meeting-planned")
    ends = standing.ends
    for about, kind, name in bodies(standing, rulebook, law.committee):
        if rule := rules.get(kind):
            held = [f for f in meetings if f.about == about and f.on.year == year]
            ahead = [f for f in planned if f.about == about and f.value.year == year]
            coming = sum(f.value > standing.as_of for f in ahead)
            until = None if rule.stands_alone else ends
            since = _first_asked(standing, rulebook, about, kind)
            counts = (len(held), coming, rule.minimum)
            found.append(Quota(about, name, year, *counts, rule.cite, until, since, rule.advice))
    return found


def bodies(standing: Standing, rulebook: Rulebook, committee: str = "") -> list[tuple[str, str, str]]:
    """The bodies of the region that meet: what facts call each, its kind in the rules, and its Danish name."""
    found = [
        ("ssu", "ssu", committee or standing.agreement.regime.committee),
        ("piu", "piu", "patientinddragelsesudvalget"),
    ]
    for cluster in rulebook.clusters_of(standing.agreement.region, standing.as_of):
        found += [
            (f"{cluster.id}:political", "political", f"det politiske niveau i {cluster.name}"),
            (f"{cluster.id}:professional", "professional", f"det faglige niveau i {cluster.name}"),
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
    return found.as_known(standing.as_of) if found else own
