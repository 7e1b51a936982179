"""What the law asks of somebody, with or without a date, and what in this program tracks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.rules.regime import Text

TRACKERS = ("deadline", "prompt", "quota", "event", "letter")


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
    ``not_tracked`` says why."""

    id: str
    text: Text
    force: str
    cite: tuple[str, ...]
    tracked_by: tuple[tuple[str, str], ...] = ()
    not_tracked: str = ""


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
