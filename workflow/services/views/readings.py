"""Where the law is silent: the readings that can be argued, the one this house keeps to, and why. Read-only and pure.

A lawyer must be able to see that a date rests on a choice. Only what changes a date is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypedDict

from workflow.language import noted, phrase
from workflow.rules import silence as argued
from workflow.rules.silence import Alternative
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated
from workflow.services.planning.letterfacts import PAIRS
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass


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
    found = [*_two_formulas(standing, deadline), *map(_argued, deadline.readings)]
    return [*found, *_ended(standing, deadline)]


def _argued(one: Alternative) -> Silence:
    """A question of ``calendars/readings.toml`` for one date: the earlier is kept to, or the one signed."""
    kept = one.dates.index(min(one.dates))
    if one.signed:
        kept = [reading.id for reading in one.silence.readings].index(one.signed)
    return Silence(
        one.silence.question,
        tuple(
            Reading(
                phrase("%(reading)s; underskrevet af %(by)s", reading=reading.said, by=one.by)
                if one.signed and index == kept
                else reading.said,
                on,
                reading.cite,
                index == kept,
            )
            for index, (reading, on) in enumerate(zip(one.silence.readings, one.dates, strict=True))
        ),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One silence over all the agreements it touches: their dates under each reading, and who has signed."""

    silence: argued.Silence
    touched: tuple[tuple[str, Deadline, Alternative], ...]

    @property
    def open(self) -> bool:
        """What some date it touches comes to hangs on it, and nobody has signed a reading of it."""
        return any(decides(deadline, one) for _, deadline, one in self.touched)

    @property
    def shown(self) -> list[tuple[str, Deadline, argued.Alternative]]:
        """Of the dates it touches those that hang on it, and those that somebody has signed a reading of."""
        return [each for each in self.touched if each[2].signed or decides(each[1], each[2])]


def decides(deadline: Deadline, one: Alternative) -> bool:
    """Whether an open question decides about this date: one still to be met, or one that was broken by the one reading
    and not by the other."""
    if not one.open or deadline.open:
        return one.open
    return deadline.disputed and one in (_parting(deadline) or deadline.readings)


def _parting(deadline: Deadline) -> list[Alternative]:
    """The questions that by themselves part what was broken from what was not."""
    met_on = deadline.met_on
    if met_on is None:
        return [one for one in deadline.readings if one.other_duty]
    return [one for one in deadline.readings if one.open and min(one.dates) < met_on <= max(one.dates)]


def questions(rulebook: Rulebook, standings: Iterable[Standing]) -> list[Question]:
    """Every question of the rulebook, in its order, with the dates it touches; one that touches none too."""
    found = list(standings)
    return [
        Question(
            silence,
            tuple(
                (standing.agreement.key, deadline, one)
                for standing in found
                for deadline in dated(standing, standing.rules)
                for one in deadline.readings
                if one.silence.id == silence.id
            ),
        )
        for silence in rulebook.law.silences
    ]


def in_time_by(deadline: Deadline) -> date | None:
    """The date by which something disputed was done in time: the earliest that a reading gives."""
    met_on = deadline.met_on
    days = [day for one in deadline.readings if one.open for day in one.dates if met_on and day >= met_on]
    return min(days, default=deadline.latest_on)


class SaidReading(TypedDict):
    """A reading, in words, and who reads it so."""

    id: str
    said: str
    cite: str


class TouchedJson(TypedDict):
    """A date that a question touches: the day by each reading, and the one that was signed."""

    agreement: str
    deadline: str
    subject: str
    status: str
    dates: dict[str, str]
    signed: str | None
    by: str | None


class QuestionJson(TypedDict):
    """A question that the law is silent about, its readings and the dates it touches."""

    id: str
    question: str
    open: bool
    readings: list[SaidReading]
    touches: list[TouchedJson]


def question_json(question: Question) -> QuestionJson:
    """As ``aftale readings --json`` gives it."""
    silence = question.silence
    return {
        "id": silence.id,
        "question": silence.question,
        "open": question.open,
        "readings": [{"id": one.id, "said": one.said, "cite": one.cite} for one in silence.readings],
        "touches": [
            {
                "agreement": key, "deadline": deadline.id, "subject": deadline.subject, "status": deadline.status,
                "dates": {
                    reading.id: on.isoformat() for reading, on in zip(silence.readings, one.dates, strict=True)
                },
                "signed": one.signed or None, "by": one.by or None,
            }
            for key, deadline, one in question.touched
        ],
    }  # fmt: skip


def _two_formulas(standing: Standing, deadline: Deadline) -> Iterator[Silence]:
    """The order and the guidance give each their formula for both status reports (O-57 to O-61)."""
    other = standing.deadline(PAIRS[deadline.id]) if deadline.id in PAIRS else None
    if other is None or other.legal_on is None or deadline.legal_on is None:
        return
    earlier = min(deadline.legal_on, other.legal_on)
    yield Silence(
        phrase("Bekendtgørelsen og vejledningen regner hver sin dato; påmindelserne følger den tidligste"),
        tuple(
            Reading(each.title, each.legal_on, each.cite[0], kept=each.legal_on == earlier)
            for each in (deadline, other)
        ),
    )


def of_the_rule(one: Alternative) -> bool:
    """Whether an open question is which day the rule itself sets, and not whether a day more is in time."""
    return one.other_duty or (one.open and one.silence.kind == argued.STRICT)


def _ended(standing: Standing, deadline: Deadline) -> Iterator[Silence]:
    ends = standing.ends
    if not deadline.doubtful or ends is None or deadline.legal_on is None:
        return
    shown = deadline.legal_on if deadline.open else None
    said = (
        phrase("Fristen vises, til ophøret er afklaret")
        if deadline.open
        else phrase("Ingen påmindelser og intet overskredet")
    )
    readings = [Reading(said, shown, deadline.cite[0], True)]
    own = deadline.ruled_on or deadline.legal_on
    other = max((max(one.dates) for one in deadline.readings if of_the_rule(one)), default=own)
    for day in ends.candidates:
        gone = day <= own
        said = phrase(
            noted("Reglerne er ophævet fra %(day)s; pligten er bortfaldet")
            if gone
            else noted(
                "Reglerne er ophævet fra %(day)s; pligten består efter den ene læsning af datoen, bortfaldet efter den "
                "anden"
            )
            if day <= other
            else noted("Reglerne er ophævet fra %(day)s; pligten består"),
            day=day,
        )
        readings.append(Reading(said, None if gone else deadline.legal_on, ends.cite))
    yield Silence(phrase("Gælder reglen stadig?"), tuple(readings))
