"""The end of a regime: when it may come, how sure that is, and what it does to a duty. Pure.

An end that nobody has confirmed (Act 719/2025 § 24) has three zones. Before the first candidate a duty is *sure*: the
law held whichever is true. From the first to the day before the last it is in *doubt*, and stays alive. From the last
candidate on it is *gone*: no candidate leaves it alive, so nothing counts down to it and nothing calls it overdue. Once
an end is confirmed there are two: before it, and *ended*. A duty whose day had passed while the law held stays
unfulfilled: no text read says that a repeal undoes a breach.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from workflow.language import Phrase, noted, phrase
from workflow.rules.facts import Fact
from workflow.values import dataclass, replace

CONFIRMED = noted("bekræftet")
SURE, DOUBT, GONE, ENDED = "sure", "doubt", "gone", "ended"
GONE_SAID = phrase("bortfaldet under begge mulige datoer")
BREACHED_SAID = phrase("ikke opfyldt i tide; reglerne er siden ophævet")
BREACHED_IN_DOUBT_SAID = phrase("ikke opfyldt i tide, hvis reglen gjaldt den dag; reglerne er siden ophævet")
BREACHED_BY_ONE_SAID = phrase(
    "ikke opfyldt i tide efter den ene læsning, bortfaldet efter den anden; reglerne er siden ophævet"
)
BREACHED_BY_ONE_IN_DOUBT_SAID = phrase(
    "ikke opfyldt i tide efter den ene læsning, hvis reglen gjaldt den dag, bortfaldet efter den anden; reglerne er "
    "siden ophævet"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a day: Danish words, where it was read, the candidate it points to (``None``: neither)
    and how much it weighs."""

    said: str
    cite: str
    points_to: date | None
    weight: str


@dataclass(frozen=True, slots=True)
class Ending:
    """When a regime ends: candidates while unconfirmed, or one confirmed date, each the first day without it.
    ``known_on`` is the day the act that ends it was given: nobody could doubt the regime before."""

    candidates: tuple[date, ...]
    known_on: date
    certainty: str
    cite: str
    note: str = ""
    confirmed_on: date | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def gone_on(self) -> date:
        """The first day on which the rules are gone whatever is true; with one unconfirmed candidate there is none."""
        if self.confirmed_on:
            return self.confirmed_on
        return max(self.candidates) if len(set(self.candidates)) > 1 else date.max

    def zone(self, day: date) -> str:
        """Where a duty on ``day`` stands: ``sure``, ``doubt``, ``gone`` (under every candidate) or ``ended``."""
        if self.confirmed_on:
            return ENDED if day >= self.confirmed_on else SURE
        if day >= self.gone_on:
            return GONE
        return DOUBT if day >= min(self.candidates) else SURE

    def doubtful(self, day: date) -> bool:
        """Whether a duty on ``day`` may already have lost its law."""
        return self.zone(day) == DOUBT

    def lapsed(self, day: date) -> bool:
        """Whether a duty on ``day`` has lost its law, whatever is true."""
        return day >= self.gone_on

    @property
    def days_said(self) -> str:
        """The candidates in Danish: ``"1. januar 2026 eller 1. januar 2027"``."""
        days: list[date] = sorted(set(self.candidates))
        said: str = phrase("%(day)s", day=days[0]) if days else ""
        for day in days[1:]:
            said = phrase("%(one)s eller %(other)s", one=said, other=day)
        return said


def repealed(ends: Ending, as_of: date) -> Phrase:
    """That the rule ends, in Danish: once the last candidate has come the question is only which day it was."""
    if as_of >= ends.gone_on:
        return phrase("Reglen er ophævet pr. %(days)s", days=ends.days_said)
    return phrase(
        "Reglen kan være ophævet pr. %(days)s (%(certainty)s)", days=ends.days_said, certainty=ends.certainty
    )


def end_known(ends: Ending | None, as_of: date) -> Ending | None:
    """``ends`` if anybody had given the rules that end on ``as_of``."""
    return None if ends and as_of < ends.known_on else ends


def settled(ends: Ending | None, fact: Fact) -> Ending:
    """``ends`` as the fact ``regime-confirmed`` settles it: its value is the first day without the rules."""
    if ends is None:
        return Ending(
            (fact.value,), fact.known_on or fact.on, CONFIRMED, fact.source, confirmed_on=fact.value
        )
    cites = dict.fromkeys(part for part in (ends.cite, fact.source) if part)
    return replace(ends, confirmed_on=fact.value, certainty=CONFIRMED, cite="; ".join(cites))


class Told(Protocol):
    """What of a deadline its state is told from."""

    @property
    def status(self) -> str: ...
    @property
    def doubtful(self) -> bool: ...
    @property
    def legal_on(self) -> date | None: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def latest_on(self) -> date | None: ...
    @property
    def latest_gone(self) -> bool: ...


def disputed(one: Told) -> bool:
    """By one reading of its date it was broken, by the other it was not: done in time, or no longer owed."""
    if one.latest_gone:
        return one.status in ("breached", "met_late")
    return one.status == "met_late" and bool(one.met_on and one.latest_on and one.met_on <= one.latest_on)


def state_of(one: Told, words: str, as_of: date | None = None) -> str:
    """A deadline's state in Danish: ``words``, the plain ones for its status, with what an open end of its rules and a
    second reading of its date make of them on ``as_of`` (``None``: before either). Every door says it so."""
    if between(one, as_of):
        return phrase("åben; %(other)s", other=other_said(one, as_of))
    if one.status == "breached" and disputed(one):
        return BREACHED_BY_ONE_IN_DOUBT_SAID if one.doubtful else BREACHED_BY_ONE_SAID
    said = told(one.status, one.doubtful, words)
    if disputed(one):
        if one.latest_gone:
            return phrase("%(state)s efter den ene læsning, bortfaldet efter den anden", state=said)
        return phrase("%(state)s efter den ene læsning, i tide efter den anden", state=said)
    if one.status == "upcoming" and (other := other_said(one)):
        return phrase("%(state)s; %(other)s", state=said, other=other)
    return said


def coming_on(one: Told, as_of: date) -> date | None:
    """The day of it that is still to come: between its two readings that of the later."""
    days = (one.legal_on, None if one.latest_gone else one.latest_on)
    return next((day for day in days if day and day >= as_of), None) if one.status == "upcoming" else None


def between(one: Told, as_of: date | None) -> bool:
    """Whether it is to be met between its two readings: the day of the one has passed, that of the other has not."""
    return one.status == "upcoming" and bool(as_of and one.legal_on and one.legal_on < as_of)


def other_said(one: Told, as_of: date | None = None) -> str:
    """What a second reading makes of a date that is still to be met, in Danish; empty where there is none."""
    if not one.latest_on:
        return ""
    if between(one, as_of):
        said = phrase(
            "efter den ene læsning var datoen %(first)s, efter den anden er den %(day)s",
            first=one.legal_on,
            day=one.latest_on,
        )
        doubt = phrase("%(said)s; det er ikke afklaret, om reglen gjaldt den dag", said=said)
        return doubt if one.doubtful else said
    if one.latest_gone:
        return phrase("kan også læses som %(day)s, og da er pligten bortfaldet", day=one.latest_on)
    return phrase("kan også læses som %(day)s", day=one.latest_on)


def told(status: str, doubtful: bool, words: str) -> str:
    """The same without the readings: ``words``, and what an open end of the rules makes of them."""
    if not doubtful:
        return BREACHED_SAID if status == "breached" else words
    return {
        "lapsed": GONE_SAID,
        "breached": BREACHED_IN_DOUBT_SAID,
        "upcoming": phrase("%(state)s; reglen kan være ophævet", state=words),
        "overdue": phrase("%(state)s, hvis reglen stadig gælder", state=words),
        "met_late": phrase("%(state)s, hvis reglen gjaldt den dag", state=words),
    }.get(status, words)
