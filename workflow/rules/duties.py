"""Duties without a date of their own: so many meetings a year, and what is asked for though the law sets no day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Danish (what users read) and English (for the developer)."""

    da: str
    en: str


@dataclass(frozen=True, slots=True)
class CheckedBy:
    """Who has checked a rule against the law: a lawyer's name and office, the day, and the text that was read."""

    name: str
    office: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """A body's least number of meetings in a calendar year. ``body``: ssu, piu, political or professional.

    ``first_year`` and ``last_year`` bound the years it holds for (0: unbounded); ``stands_alone``: it rests on an act
    of its own, so the regime's end does not touch it (BEK 1615/2025); ``advice``: when in the year others find it best
    to meet, in Danish with who says so, which binds nobody."""

    body: str
    minimum: int
    cite: str
    first_year: int = 0
    last_year: int = 0
    stands_alone: bool = False
    advice: str = ""
    checked_by: CheckedBy | None = None

    def holds_in(self, year: int) -> bool:
        """Whether it governs that calendar year."""
        return self.first_year <= year <= (self.last_year or year)


@dataclass(frozen=True, slots=True)
class TaskRule:
    """A duty for which the law sets no date: asked for, never overdue.

    ``when``: *term* (the new committees of an election term), *year* (each calendar year) or *after* (each fact of the
    event ``after``, about ``about`` where given, ``days`` later). ``per``: the body it falls on, or each cluster.
    ``done_by``: the events that end the asking.
    """

    id: str
    title: Text
    next: str
    duty: str
    when: str
    per: str
    to: tuple[str, ...]
    done_by: tuple[str, ...]
    cite: tuple[str, ...]
    checked_on: date
    after: str = ""
    about: str = ""
    days: int = 0
    obligations: tuple[str, ...] = ()
    checked_by: CheckedBy | None = None
