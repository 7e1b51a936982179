"""What is recorded of an agreement, read and not changed: who it is, its facts, who took over from it.

Read by :mod:`workflow.storage.asking`, so that a question needs no more than the file. What is to be changed is read
as a row of its table, by :mod:`workflow.storage.facts.journal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow.errors import Invalid, NotFound
from workflow.rules.agreement import Opened
from workflow.rules.days import danish_day, spoken
from workflow.rules.facts import Fact
from workflow.rules.terms import find_term
from workflow.storage.asking import ask, day, moment
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.units import word_of
from workflow.values import dataclass

if TYPE_CHECKING:
    from workflow.storage.asking import View

MOST_NAMED = 20  # agreements told to whoever asked for one that is not there
FACT = (
    'fact.no, fact.event, fact."on", fact.version, fact.council, fact.due, fact.source, fact."by", fact.corrects, '
    "fact.known_on, fact.about, fact.time, fact.document, fact.document_name, fact.recorded_at"
)
"""The columns of a fact, in the order :func:`fact_of` reads them."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement as it is kept; see :class:`workflow.storage.tables.AgreementRow`. ``first_on`` is the day of the
    first fact."""

    id: int
    region: str
    label: str
    term: str
    regime: str
    unit: str | None
    first_rules: str
    effective_on: date | None
    first_on: date | None

    @property
    def key(self) -> str:
        """``"nordjylland/2024-2027"``."""
        return f"{self.region}/{self.label}"


_AGREED = (
    "SELECT id, region, label, term, regime, unit, first_rules, effective_on, "
    '(SELECT fact."on" FROM fact WHERE fact.agreement_id = agreement.id AND fact.no = 1) FROM agreement'
)


BY_UNIT = "label = :named OR (unit = :unit AND substr(label, length(label) - :cut) = :ending)"
"""An agreement by its unit's name or id: ``vendsyssel/2027`` for ``nordjylland/vendsyssel-2027``."""


def unit_params(unit: str, label: str) -> dict[str, str | int]:
    """What :data:`BY_UNIT` is asked with, beside ``unit IS NOT NULL``."""
    return {"unit": unit, "named": f"{word_of(unit)}-{label}", "ending": f"-{label}", "cut": len(label)}


def split_key(key: str) -> tuple[str, str]:
    """``"nordjylland/2024-2027"`` -> region and label; :class:`Invalid` otherwise."""
    region, slash, label = key.partition("/")
    if not (slash and region and label):
        raise Invalid(f"{key!r} is no agreement; write REGION/LABEL, e.g. nordjylland/2024-2027")
    return region, label


def agreed(view: View, key: str) -> Agreed:
    """The agreement; :class:`NotFound` lists what there is."""
    region, label = split_key(key)
    found = ask(view, f"{_AGREED} WHERE region = :region AND label = :label", region=region, label=label)
    if not found:
        by_unit = f"{_AGREED} WHERE unit IS NOT NULL AND ({BY_UNIT})"
        found = ask(view, by_unit, **unit_params(region, label))
    if len(found) != 1:
        raise unknown(view, key)
    return _agreed(found[0])


def unknown(view: View, key: str) -> NotFound:
    """That there is no such agreement, and which there are."""
    some = f"SELECT region, label FROM agreement ORDER BY region, label LIMIT {MOST_NAMED + 1}"
    known = [f"{region}/{label}" for region, label in ask(view, some)]
    more = " ..." if len(known) > MOST_NAMED else ""
    there = ", ".join(known[:MOST_NAMED]) + more if known else "none yet (aftale open)"
    return NotFound(f"no agreement {key}; there is {there}")


def all_begun(view: View, rulebook: Rulebook, as_of: date) -> list[Agreed]:
    """Every agreement that could be spoken of on ``as_of``, by region and label."""
    every = (_agreed(row) for row in ask(view, f"{_AGREED} ORDER BY region, label"))
    return [one for one in every if has_begun(rulebook, one.term, one.first_on, as_of)]


def has_begun(rulebook: Rulebook, term: str, first_on: date | None, as_of: date) -> bool:
    """Whether an agreement could be spoken of on ``as_of``: its term had been elected, or it had been opened."""
    elected = any(one.label == term and one.election_on <= as_of for one in rulebook.law.terms)
    return elected or (first_on is not None and first_on <= as_of)


def must_have_begun(view: View, rulebook: Rulebook, row: Opened, as_of: date) -> None:
    """:class:`NotFound` where nobody could speak of the agreement on ``as_of``; shown, it would seem to be there."""
    first = ask(view, 'SELECT "on" FROM fact WHERE agreement_id = :id AND no = 1', id=row.id)
    if not has_begun(rulebook, row.term, day(first[0][0]) if first else None, as_of):
        elected = find_term(rulebook.law.terms, row.term).election_on
        raise NotFound(
            f"{row.key} findes ikke {spoken(as_of)}: der blev først valgt til perioden {row.term} {spoken(elected)}"
        )


def facts(view: View, agreement: Opened) -> list[Fact]:
    """The agreement's facts in the order they were recorded."""
    found = ask(view, f"SELECT {FACT} FROM fact WHERE agreement_id = :id ORDER BY no", id=agreement.id)
    return [fact_of(row) for row in found]


def fact_of(row: Sequence[Any]) -> Fact:
    """The fact whose columns are :data:`FACT`; what is recorded never changes, so it is made of them once."""
    return _fact_of(*row)


@lru_cache(maxsize=2048)
def _fact_of(*row: Any) -> Fact:
    no, event, on, version, council, due, source, by, corrects, known_on, about, time, document, name, at = (
        row
    )
    told = day(on)
    assert told is not None
    return Fact(
        no, event, told, version, council, day(due), source, by, corrects, day(known_on), about, time, document or "",
        name, danish_day(moment(at)),
    )  # fmt: skip


def succeeded_on(view: View, rulebook: Rulebook, row: Opened) -> date | None:
    """The day the agreement's successor took effect or will; ``None`` where none is concluded."""
    if row.effective_on is None:
        return None
    its_own = {"unit": unit} if (unit := _own_unit(rulebook, row)) else {}
    found = ask(
        view,
        "SELECT min(effective_on) FROM agreement WHERE region IN :line AND regime IN :kind AND id <> :id "
        f"AND concluded_on IS NOT NULL AND effective_on > :after{' AND unit = :unit' if its_own else ''}",
        line=line(rulebook, row.region), kind=of_same_kind(rulebook, row), id=row.id, after=row.effective_on,
        **its_own,
    )  # fmt: skip
    return day(found[0][0])


def _own_unit(rulebook: Rulebook, row: Opened) -> str:
    """The unit whose next round succeeds this one; "" where that of the whole region does."""
    own = rulebook.law.regime_of(find_term(rulebook.law.terms, row.term), row.regime)
    return "" if own.unit.body == "region" else row.unit or ""


def of_same_kind(rulebook: Rulebook, row: Opened) -> list[str]:
    """The regimes of agreements that can succeed this one: a local health plan takes over from no health agreement."""
    own = rulebook.law.regime_of(find_term(rulebook.law.terms, row.term), row.regime)
    return list(rulebook.law.of_kind(own.kind))


def line(rulebook: Rulebook, region: str) -> list[str]:
    """The region and the one that takes over from it (Hovedstaden and Sjælland end in Østdanmark)."""
    heir = rulebook.region(region).successor
    return [region, heir] if heir else [region]


def kept(row: Opened) -> Agreed:
    """What of an agreement never changes, and the day it took effect, as a value; without its first day."""
    own = (row.region, row.label, row.term, row.regime, row.unit, row.first_rules)
    return Agreed(row.id or 0, *own, row.effective_on, None)


def _agreed(row: Sequence[Any]) -> Agreed:
    id_, region, label, term, regime, unit, first_rules, effective_on, first_on = row
    return Agreed(id_, region, label, term, regime, unit, first_rules, day(effective_on), day(first_on))
