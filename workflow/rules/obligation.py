"""What the law asks of somebody, with or without a date, and what in this program tracks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflow.rules.duties import Text

TRACKERS = ("deadline", "task", "prompt", "quota", "event", "letter")


@dataclass(frozen=True, slots=True)
class Source:
    """A text the law was read in: how much of it was read, and how far to trust it."""

    key: str
    name: str
    url: str
    read: str
    trust: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row of the law. ``tracked_by`` holds pairs of :data:`TRACKERS` and a name; where it is empty,
    ``not_tracked`` says why. ``partly``: what of a tracked duty nothing tracks."""

    id: str
    text: Text
    force: str
    cite: tuple[str, ...]
    tracked_by: tuple[tuple[str, str], ...] = ()
    not_tracked: Text | None = None
    partly: Text | None = None

    @property
    def kept(self) -> str:
        """How far it is tracked: ``wholly``, ``partly`` or ``not``."""
        return "not" if not self.tracked_by else "partly" if self.partly else "wholly"


@dataclass(frozen=True, slots=True)
class Obligations:
    """All of them, and the texts they were read in."""

    sources: tuple[Source, ...]
    listed: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """The law's own words for one provision, spelt as the rules cite it; ``url`` is where the text can be read."""

    cite: str
    text: str
    checked_on: date
    url: str


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The numbered text in which an act that is cited without a year stood from a day on. ``seen_to``: the last day on
    which a text that was read shows it as the one in force."""

    key: str
    act: str
    name: str
    starts_on: date
    seen_to: date


def cited_in(consolidations: Iterable[Consolidation], cites: Iterable[str], on: date) -> list[str]:
    """How the acts among ``cites`` that are cited without a year were consolidated on a day, in Danish; that it was
    not looked up, where no text that was read says so."""
    used = {cite.partition(" ")[0] for cite in cites}
    told: dict[str, str] = {}
    for one in consolidations:
        if one.key in used:
            told.setdefault(one.key, f"{one.key} er {one.act.lower()} i den affattelse, der gjaldt den dag; "
                                     f"lovbekendtgørelsen er ikke slået op")  # fmt: skip
            if one.starts_on <= on <= one.seen_to:
                told[one.key] = f"{one.key} er {one.act.lower()}, jf. {one.name}"
    return list(told.values())
