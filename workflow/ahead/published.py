"""Rounds that were held and published, and how well the chance would have told them: a back-test by Brier score.

Each round is foretold from the others alone. The score of a way to foretell is the mean of the squared distance between
its figure and what happened (1 in time, 0 late): 0 is perfect, and always saying a half gives 0.25.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from workflow.ahead.chance import LEAST, Record, rate_of, within
from workflow.values import dataclass

MONTH = 30  # days between a council's meetings, where its calendar was not published


@dataclass(frozen=True, slots=True)
class Late:
    """A council that had told a day after the date (Danish civil day)."""

    council: str
    told: date
    source: str


@dataclass(frozen=True, slots=True)
class Round:
    """A published round. ``everybody``: all councils of the region said yes in time, but those that were ``late``.
    ``inferred`` says what the outcome rests on, ``known_on`` when it was first known."""

    id: str
    title: str
    region: str
    sent_on: date | None
    by: date
    known_on: date
    everybody: bool
    late: tuple[Late, ...]
    source: str
    inferred: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One council in one round: the meetings it could use, and whether it said yes in time."""

    round: str
    council: str
    meetings: int
    in_time: bool
    soon_enough: bool
    """Whether the text went out by the last safe day: as long before the date as is comfortable."""


@dataclass(frozen=True, slots=True)
class Score:
    """One way to foretell the decisions, and its Brier score."""

    name: str
    brier: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """What was foretold: how many decisions of how many rounds, how many of them late, and the score of each way, the
    chance first; and the same of those that came in time alone, which shows what the late ones decide. No scores where
    the other rounds never hold enough decisions."""

    decisions: int
    rounds: int
    late: int
    scores: tuple[Score, ...]
    in_time: tuple[Score, ...] = ()


def decisions(
    rounds: Sequence[Round], parties: Mapping[str, Sequence[str]], agenda: int, safe: int
) -> list[Decision]:
    """Every published decision. ``parties`` are the codes of each round's councils by the round's id, ``agenda`` the
    days before a meeting its agenda is taken to close, ``safe`` the days before the date a text is comfortably sent."""
    found = []
    for one in rounds:
        late = {council.council for council in one.late}
        soon = one.sent_on is None or (one.by - one.sent_on).days >= safe
        found += [Decision(one.id, code, 0, False, soon) for code in sorted(late)]
        if one.everybody:
            meetings = _meetings(one, agenda)
            codes = [code for code in parties[one.id] if code not in late]
            found += [Decision(one.id, code, meetings, True, soon) for code in codes]
    return found


def _meetings(one: Round, agenda: int) -> int:
    """One a month from the sending on; a single one where nobody said when the text was sent."""
    return max(((one.by - one.sent_on).days - agenda) // MONTH, 1) if one.sent_on else 1


def records(found: Sequence[Decision]) -> dict[str, Record]:
    """What these decisions say of each council. One that had told a day after the date had no meeting to try."""
    own: dict[str, Record] = {}
    for one in found:
        if one.in_time:
            before = own.get(one.council, Record())
            own[one.council] = Record(before.yes + 1, before.tries + 1, before.days)
    return own


def summed(several: Collection[Record]) -> Record:
    """Several records as one."""
    days = tuple(day for record in several for day in record.days)
    return Record(sum(one.yes for one in several), sum(one.tries for one in several), days)


def back_test(found: Sequence[Decision]) -> BackTest:
    """Foretell every decision from those of the other rounds, and score it beside two plain ways."""
    told: list[tuple[float, Decision]] = []
    for name in dict.fromkeys(one.round for one in found):
        own = records([one for one in found if one.round != name])
        everybody = summed(own.values())
        if everybody.yes >= LEAST:
            told += [
                (within(rate_of(everybody, own.get(one.council, Record())), one.meetings), one)
                for one in found if one.round == name
            ]  # fmt: skip
    late = sum(not one.in_time for _, one in told)
    count = len({one.round for _, one in told})
    if not told:
        return BackTest(0, 0, 0, ())
    punctual = [(share, one) for share, one in told if one.in_time]
    return BackTest(len(told), count, late, _scores(told), _scores(punctual))


def _scores(told: Sequence[tuple[float, Decision]]) -> tuple[Score, ...]:
    if not told:
        return ()
    return (
        Score("chancen", _brier([(share, one.in_time) for share, one in told])),
        Score("alle når det", _brier([(1.0, one.in_time) for _, one in told])),
        Score("sidste sikre dag", _brier([(float(one.soon_enough), one.in_time) for _, one in told])),
    )


def _brier(told: Sequence[tuple[float, bool]]) -> float:
    return sum((share - happened) ** 2 for share, happened in told) / len(told)
