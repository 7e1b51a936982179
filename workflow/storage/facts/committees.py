"""What belongs to a region's committees and not to one of its agreements: their meetings and how they were set up.

Such a fact is recorded once, on any of the region's agreements, and counts for the committee under all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from workflow.rules.agreement import Opened
from workflow.rules.facts import OF_COMMITTEES, Fact, live
from workflow.storage.asking import SEEN, ask, day
from workflow.storage.facts.past import FACT, fact_of
from workflow.values import dataclass

if TYPE_CHECKING:
    from workflow.storage.asking import View


@dataclass(frozen=True, slots=True)
class Committees:
    """The region's committees as its other agreements know them.

    ``told``: what each of the others that says something of them knows, in the order of its journal.
    ``in_force_from``: the first day on which one of the others was in force; ``planned_before``: one that is not yet
    in force comes before the agreement itself.
    """

    told: tuple[tuple[Fact, ...], ...] = ()
    in_force_from: date | None = None
    planned_before: bool = False

    def happened(self, event: str, as_of: date, own: Iterable[Fact]) -> list[Fact]:
        """Every such fact known on ``as_of``, ``own`` first; one of the same body and day is counted once."""
        found = list(own)
        seen = {(fact.about, fact.value) for fact in found}
        for facts in self.told:
            for fact in live(facts, as_of):
                if fact.event == event and (fact.about, fact.value) not in seen:
                    seen.add((fact.about, fact.value))
                    found.append(fact)
        return found

    def carried(self, period: str, as_of: date) -> bool:
        """Whether the committees are written to through this agreement: the one in force, else the earliest to come."""
        if period != "planned":
            return period in ("in_force", "hold_over")
        if self.in_force_from and self.in_force_from <= as_of:
            return False
        return not self.planned_before


def committees(view: View, row: Opened, regimes: Sequence[str]) -> Committees:
    """Read them for one agreement, from the others of its region under one of ``regimes``."""
    region = _region(view, row.region, tuple(regimes))
    in_force = [day for id_, day in region.in_force if id_ != row.id]
    return Committees(
        tuple(facts for id_, facts in region.told if id_ != row.id),
        min(in_force, default=None),
        any((term, label) < (row.term, row.label) for id_, term, label in region.planned if id_ != row.id),
    )


@dataclass(frozen=True, slots=True)
class _Region:
    """What a region's agreements know, each part beside the agreement's id.

    ``told``: the facts of the committees and what corrects any, of those that have some. ``planned``: the
    first two, which is one more than an agreement asks for: itself does not count.
    """

    told: list[tuple[int, tuple[Fact, ...]]]
    in_force: list[tuple[int, date]]
    planned: list[tuple[int, str, str]]


def _region(view: View, region: str, regimes: tuple[str, ...]) -> _Region:
    """Asked once a view that only reads: it has one view of the database, and may look at many agreements."""
    kept: dict[tuple[str, tuple[str, ...]], _Region] = view.info.get(SEEN, {})
    if (region, regimes) not in kept:
        kept[region, regimes] = _read(view, region, regimes)
    return kept[region, regimes]


_THERE = "agreement.region = :region AND agreement.regime IN :regimes"
_AGREEMENTS = (
    "SELECT id, CASE WHEN effective_on > concluded_on THEN effective_on ELSE concluded_on END, '', '' FROM agreement "
    f"WHERE {_THERE} AND effective_on IS NOT NULL AND concluded_on IS NOT NULL UNION ALL "
    f"SELECT * FROM (SELECT id, CAST(NULL AS date), term, label FROM agreement WHERE {_THERE} "
    "AND (effective_on IS NULL OR concluded_on IS NULL) ORDER BY term, label LIMIT 2) AS planned"
)
_TOLD = (
    f"SELECT fact.agreement_id, {FACT} FROM fact WHERE fact.event IN :said AND fact.agreement_id IN "
    f"(SELECT fact.agreement_id FROM fact JOIN agreement ON agreement.id = fact.agreement_id WHERE {_THERE} "
    "AND fact.event IN :events) ORDER BY fact.agreement_id, fact.no"
)


def _read(view: View, region: str, regimes: tuple[str, ...]) -> _Region:
    events = tuple(OF_COMMITTEES)
    told: dict[int, list[Fact]] = {}
    said = (*events, "correction")
    found = [(id_, day(on), *of) for id_, on, *of in ask(view, _AGREEMENTS, region=region, regimes=regimes)]
    if len(found) > 1:  # the only one has nobody to tell it anything
        for id_, *row in ask(view, _TOLD, region=region, regimes=regimes, events=events, said=said):
            told.setdefault(id_, []).append(fact_of(row))
    return _Region(
        [(one, tuple(facts)) for one, facts in told.items()],
        [(one, on) for one, on, *_ in found if on],
        [(one, term, label) for one, on, term, label in found if not on],
    )
