"""The agreement a timeline is folded for: who, which term, which rules; and the bodies there are. Facts tell the rest.

Bodies are dated, both ends inclusive, an empty end open.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypedDict

from workflow.rules.obligation import DeadlineRule
from workflow.rules.regime import Law, ReachesBack, Regime
from workflow.rules.terms import Term
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Council:
    """A council that must approve: a municipal council, or the regional council under the region's code."""

    code: str
    name: str
    regional: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A region; ``code`` is empty where no official one is known, ``id`` never is. ``ends_by``: the provisions by which
    it ends and ``successor`` takes over."""

    id: str
    code: str
    name: str
    short: str
    valid_from: date
    valid_to: date | None = None
    successor: str | None = None
    ends_by: str = ""

    def holds(self, on: date) -> bool:
        """Whether the region is there that day."""
        return _holds(self, on)


@dataclass(frozen=True, slots=True)
class Membership:
    """A municipal council in a region for a time; one that changes region has two."""

    code: str
    name: str
    full_name: str
    region: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the municipality belongs to the region that day."""
        return _holds(self, on)


@dataclass(frozen=True, slots=True)
class Group:
    """A health cluster or a health council with the codes of its municipalities."""

    id: str
    name: str
    region: str
    valid_from: date
    valid_to: date | None
    councils: tuple[str, ...]

    def holds(self, on: date) -> bool:
        """Whether the group is there that day."""
        return _holds(self, on)


def _holds(body: Region | Membership | Group, on: date) -> bool:
    return body.valid_from <= on and (body.valid_to is None or on <= body.valid_to)


class Named(TypedDict):
    """How every JSON answer names an agreement: its key, and the id and name of the body whose round it is."""

    agreement: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """``region/label`` is the key people type; ``parties`` are all councils of the region, in code order."""

    region: str
    region_name: str
    label: str
    term: Term
    regime: Regime
    parties: tuple[Council, ...]
    unit: str = ""
    """What the round belongs to below the region: a municipality's code, a health council's or a group's id."""
    unit_name: str = ""

    @property
    def name(self) -> str:
        """Whose round it is: the unit's name, or the region's."""
        return self.unit_name or self.region_name

    @property
    def partner(self) -> str:
        """The one municipality that the region made it with; empty where the round is a unit's own, or is all's."""
        named = [one.name for one in self.parties if not one.regional and self.unit and not self.unit_name]
        return named[0] if len(named) == 1 else ""

    @property
    def key(self) -> str:
        """``"nordjylland/2024-2027"``."""
        return f"{self.region}/{self.label}"

    @property
    def named(self) -> Named:
        """How every JSON answer names it."""
        return {"agreement": self.key, "unit": self.unit or self.region, "unit_name": self.name}

    def council(self, code: str) -> Council | None:
        """The party with this code, or ``None`` for a council outside the region."""
        return next((party for party in self.parties if party.code == code), None)


class Opened(Protocol):
    """What must be kept of an agreement to say which law it lives under and to work it out."""

    @property
    def id(self) -> int | None: ...
    @property
    def region(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def term(self) -> str: ...
    @property
    def regime(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def first_rules(self) -> str: ...
    @property
    def effective_on(self) -> date | None: ...
    @property
    def key(self) -> str: ...


def rules_of(agreement: Agreement, law: Law) -> list[tuple[DeadlineRule, Regime, ReachesBack | None]]:
    """The agreement's own rules; those of a regime that reaches back stand behind the own rule they replace."""
    own = agreement.regime
    rules: list[tuple[DeadlineRule, Regime, ReachesBack | None]] = [
        (rule, own, None) for rule in own.deadlines
    ]
    if later := law.successor_of(own):
        regime, reach = later
        rules += [(rule, regime, reach) for rule in regime.deadlines if rule.due.anchor != "term"]
    return rules
