"""Where the law is silent: the readings that can be argued, the one this house keeps to, and why. Read-only and pure.

A lawyer must be able to see that a date rests on a choice. Only what changes a date is listed (law.md 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.rules.days import spoken
from workflow.rules.regime import DeadlineRule
from workflow.rules.timeline import Deadline
from workflow.services.planning.letterfacts import PAIRS
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the texts: the date it gives (Danish civil, ``None``: none), its basis and what speaks for it.
    ``kept``: this house keeps to it."""

    said: str
    on: date | None
    cite: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """A question the texts leave open, and its readings."""

    question: str
    readings: tuple[Reading, ...]


def silences(standing: Standing, rulebook: Rulebook, deadline: Deadline) -> list[Silence]:
    """Every open question behind the date of ``deadline``, in the order in which they change it."""
    if deadline.legal_on is None:
        return []
    rule = _rule(rulebook, deadline)
    found = [*_two_formulas(standing, deadline), *_strict(deadline, rule), *_which_year(deadline, rule)]
    return [*found, *_closed_day(rulebook, deadline, rule), *_ended(standing, deadline)]


def _rule(rulebook: Rulebook, deadline: Deadline) -> DeadlineRule | None:
    rules = (rule for regime in rulebook.law.regimes for rule in regime.deadlines)
    return next((rule for rule in rules if (rule.id, rule.cite) == (deadline.id, deadline.cite)), None)


def _two_formulas(standing: Standing, deadline: Deadline) -> Iterator[Silence]:
    """The order and the guidance give each their formula for both status reports (O-57 to O-61)."""
    other = standing.deadline(PAIRS[deadline.id]) if deadline.id in PAIRS else None
    if other is None or other.legal_on is None or deadline.legal_on is None:
        return
    earlier = min(deadline.legal_on, other.legal_on)
    yield Silence(
        "Bekendtgørelsen og vejledningen regner hver sin dato; påmindelserne følger den tidligste",
        tuple(
            Reading(each.title, each.legal_on, each.cite[0], kept=each.legal_on == earlier)
            for each in (deadline, other)
        ),
    )


def _strict(deadline: Deadline, rule: DeadlineRule | None) -> Iterator[Silence]:
    if rule and rule.due.strict and rule.due.add and deadline.legal_on:
        after = deadline.legal_on + timedelta(days=1)
        yield Silence(
            "Er selve dagen rettidig?",
            (
                Reading("Nej: det skal være sket, før dagen begynder", deadline.legal_on, rule.cite[0], True),
                Reading(f"Ja: {spoken(after, False)} kan også læses som rettidig", after, rule.cite[0]),
            ),
        )


def _which_year(deadline: Deadline, rule: DeadlineRule | None) -> Iterator[Silence]:
    if rule and rule.due.anchor == "calendar-year":
        said = "Regnet fra ikrafttrædelsen: inden tolv måneder fra den forrige gennemgang"
        yield Silence(
            "Hvad er et år?",
            (
                Reading("Kalenderåret", deadline.legal_on, rule.cite[0], True),
                Reading(said, None, rule.cite[0]),
            ),
        )


def _closed_day(rulebook: Rulebook, deadline: Deadline, rule: DeadlineRule | None) -> Iterator[Silence]:
    """No rule moves a date for a weekend; practice for complaints rolls forward, by analogy only (trap 6)."""
    assert deadline.legal_on is not None
    days = rulebook.law.business_days(rule.also_closed if rule else ())
    closed = days.why_closed(deadline.legal_on)
    if closed is None:
        return
    yield Silence(
        f"Fristen falder på {closed[0]}",
        (
            Reading("Datoen flyttes ikke; den er sidste dag", deadline.legal_on, deadline.cite[0], True),
            Reading(
                "Første hverdag efter, som ved klagefrister og forældelse; kun analogt",
                days.on_or_after(deadline.legal_on),
                "Forældelsesloven § 27 (analogi)",
            ),
        ),
    )


def _ended(standing: Standing, deadline: Deadline) -> Iterator[Silence]:
    ends = standing.agreement.regime.ends
    if not deadline.doubtful or ends is None or deadline.legal_on is None:
        return
    readings = [Reading("Fristen vises, til ophøret er afklaret", deadline.legal_on, deadline.cite[0], True)]
    for day in ends.candidates:
        gone = day <= deadline.legal_on
        said = (
            f"Reglerne er ophævet fra {spoken(day, False)}; pligten {'er bortfaldet' if gone else 'består'}"
        )
        readings.append(Reading(said, None if gone else deadline.legal_on, ends.cite))
    yield Silence("Gælder reglen stadig?", tuple(readings))
