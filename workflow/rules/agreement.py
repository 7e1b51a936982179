"""The agreement a timeline is folded for: who, which term, which rules. Facts tell the rest."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.rules.regime import Regime
from workflow.rules.terms import Term


@dataclass(frozen=True, slots=True)
class Council:
    """A council that must approve: a municipal council, or the regional council under the region's code."""

    code: str
    name: str
    regional: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """``region/label`` is the key people type; ``parties`` are all councils of the region, in code order."""

    region: str
    region_name: str
    label: str
    term: Term
    regime: Regime
    parties: tuple[Council, ...]

    @property
    def key(self) -> str:
        """``"nordjylland/2024-2027"``."""
        return f"{self.region}/{self.label}"

    def council(self, code: str) -> Council | None:
        """The party with this code, or ``None`` for a council outside the region."""
        return next((party for party in self.parties if party.code == code), None)
