"""What the law asks of somebody, with or without a date, and what in this program tracks it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.rules.spans import Due
from workflow.values import dataclass

DUTIES = ("shall", "shall-guidance", "should", "agreed", "fact")
"""What a date binds to; *fact*: it comes by the law itself, nobody owes anything."""
TRACKERS = ("deadline", "task", "prompt", "quota", "event", "letter")


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
class DeadlineRule:
    """One dated duty of a regime. ``met_by`` is the event that fulfils it, ``moved_by`` what may move it."""

    id: str
    title: Text
    duty: str
    who: str
    due: Due
    met_by: tuple[str, ...]
    cite: tuple[str, ...]
    checked_on: date
    moved_by: str = ""
    certainty: str = "certain"
    note: str = ""
    also_closed: tuple[str, ...] = ()
    applies_from: date | None = None
    obligations: tuple[str, ...] = ()
    checked_by: CheckedBy | None = None
    letters: tuple[str, ...] | None = (
        None  # the letters that follow it; None: those that name it, else the generic
    )
    terms: tuple[str, ...] = ()  # those it holds for; all of the regime's where none is named
    regions: tuple[str, ...] = ()  # those whose rounds it holds for; all where none is named
    do: str = ""  # what is to be done, as a Danish imperative without a full stop: letters add by when

    def __post_init__(self) -> None:
        if self.duty not in DUTIES:
            raise Invalid(f"duty {self.duty!r} is unknown; one of {', '.join(DUTIES)}")
        if not self.cite:
            raise Invalid("a rule needs at least one citation")

    def holds_for(self, term: str, region: str) -> bool:
        """Whether it is a rule of the rounds of that region and term."""
        return (not self.terms or term in self.terms) and (not self.regions or region in self.regions)

    @property
    def binding(self) -> bool:
        """Only what the law or the guidance words as a duty can be overdue."""
        return self.duty in ("shall", "shall-guidance")


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
    ``done_by``: the events that end the asking. ``time``: the law's own words for when, where it has some but no day
    ("umiddelbart efter indgåelsen").
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
    time: str = ""
    obligations: tuple[str, ...] = ()
    checked_by: CheckedBy | None = None


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

    @property
    def of_agreements(self) -> tuple[Obligation, ...]:
        """Those of the health agreements."""
        return tuple(one for one in self.listed if not one.id.startswith("R"))

    @property
    def of_reform(self) -> tuple[Obligation, ...]:
        """What the reform brings from 2026 on: R1 to R31."""
        return tuple(one for one in self.listed if one.id.startswith("R"))


@dataclass(frozen=True, slots=True)
class Quotation:
    """The law's own words for one provision, spelt as the rules cite it; ``url`` is where the text can be read.
    ``stands_in``: for an act that is cited without a year, the numbered text that was read."""

    cite: str
    text: str
    checked_on: date
    url: str
    stands_in: Consolidation | None = None

    def seen_on(self, day: date) -> bool:
        """Whether the words were read in a text that is known to have been in force on ``day``."""
        return self.stands_in is None or self.stands_in.holds_on(day)


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The numbered text in which an act that is cited without a year stood from a day on. ``seen_to``: the last day on
    which a text that was read shows it as the one in force."""

    key: str
    act: str
    name: str
    starts_on: date
    seen_to: date

    def holds_on(self, day: date) -> bool:
        """Whether a text that was read shows it as the one in force on ``day``."""
        return self.starts_on <= day <= self.seen_to


def cited_in(consolidations: Iterable[Consolidation], cites: Iterable[str], on: date) -> list[str]:
    """How the acts among ``cites`` that are cited without a year were consolidated on a day, in Danish; that it was
    not looked up, where no text that was read says so."""
    used = {cite.partition(" ")[0] for cite in cites}
    told: dict[str, str] = {}
    for one in consolidations:
        if one.key in used:
            told.setdefault(
                one.key,
                phrase(
                    "%(key)s er %(act)s i den affattelse, der gjaldt den dag; lovbekendtgørelsen er ikke "
                    "slået op",
                    key=one.key,
                    act=one.act.lower(),
                ),
            )
            if one.holds_on(on):
                told[one.key] = phrase(
                    "%(key)s er %(act)s, jf. %(one)s", key=one.key, act=one.act.lower(), one=one.name
                )
    return list(told.values())
