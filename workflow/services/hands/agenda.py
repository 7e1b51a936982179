"""The days ahead as one list: letters that are planned, those still to come, and those that go nowhere. Read-only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import defer
from sqlmodel import col

from workflow.rules.days import COPENHAGEN, danish_day
from workflow.services.hands.offered import offered_ahead, offered_on
from workflow.services.hands.upcoming import DAYS, Upcoming, upcoming
from workflow.services.people.contacts.reach import unreachable
from workflow.services.views.listing import of_regions
from workflow.services.views.titles import duty
from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import NOWHERE, OWED, word
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass

GENERIC = "duty"  # the letter of every duty that has none of its own
MOST = 150  # rows; the rest is in the list of all letters
_GOING = ("planned", "ready", "carried", "claimed", "intent")
_STUCK = ("held", "quarantined", "refused")
_LARGE: tuple[Any, ...] = (Notice.body, Notice.facts)


@dataclass(frozen=True, slots=True)
class Line:
    """One letter. ``on``: the Danish day it goes; ``number``: of its row, 0 where it is not planned yet; ``acts``: what
    a person is offered; ``why``: why it stands as it does, and what was said of it; ``duty``: what a letter
    of any duty is about."""

    on: date
    key: str
    number: int
    agreement: str
    letter: str
    subject: str
    rung: str
    recipient: str
    statutory: bool
    state: str
    said: str
    why: str
    acts: tuple[str, ...]
    duty: str = ""

    @property
    def region(self) -> str:
        """The id of the agreement's region."""
        return self.agreement.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Agenda:
    """``days`` by day; ``stuck`` go nowhere until somebody acts; ``left`` are agreements that were not looked at;
    ``more`` says that rows were left out."""

    days: list[tuple[date, list[Line]]]
    stuck: list[Line]
    left: list[str]
    more: bool


def agenda(
    engine: Engine, rulebook: Rulebook, regions: Collection[str] | None, lane: str, today: date, *, days: int = DAYS,
    send_hour: int = 8,
) -> Agenda:  # fmt: skip
    """What goes from ``today`` (Danish) and ``days`` days on, of ``regions`` (``None``: all), to one body alone where
    ``lane`` is its code."""
    ahead, left = upcoming(
        engine, rulebook, today, regions=regions, lane=lane, days=days, send_hour=send_hour
    )
    last = today + timedelta(days=days)
    rows, more = _planned(engine, regions, lane, last)
    nowhere = set(unreachable(engine, [row.recipient for row, _ in rows if row.state in OWED], today))
    written = [
        _of_row(rulebook, row, where, today, row.state in OWED and row.recipient in nowhere)
        for row, where in rows
    ]
    to_come = [_of_ahead(one) for one in ahead if one.on <= last]
    stuck = [one for one in written if one.state in _STUCK or one.said == NOWHERE]
    going = sorted(
        [one for one in written if one not in stuck] + to_come,
        key=lambda one: (one.on, one.recipient, one.key),
    )
    by_day: dict[date, list[Line]] = {}
    for one in going[:MOST]:
        by_day.setdefault(one.on, []).append(one)
    return Agenda(list(by_day.items()), stuck[:MOST], left, more or len(going) > MOST or len(stuck) > MOST)


def _planned(
    engine: Engine, regions: Collection[str] | None, lane: str, last: date
) -> tuple[Sequence[tuple[Notice, AgreementRow]], bool]:
    end = datetime.combine(last + timedelta(days=1), time(), COPENHAGEN).astimezone(UTC)
    which = of_regions(regions)
    if lane:
        which.append(col(Notice.recipient).startswith(f"{lane}/", autoescape=True))
    found: list[tuple[Notice, AgreementRow]] = []
    with reading(engine) as session:
        for state in (*_STUCK, *_GOING):  # each its own span of the index
            query = (
                select(Notice, AgreementRow)
                .outerjoin(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
                .where(col(Notice.state) == state, *which)
                .order_by(col(Notice.next_at), col(Notice.id))
                .limit(MOST + 1)
                .options(*(defer(column) for column in _LARGE))
            )
            if state in _GOING:
                query = query.where(col(Notice.next_at) < end)
            found += [(notice, row) for notice, row in session.execute(query)]
    found.sort(key=lambda one: (one[0].next_at, one[0].id))
    return found[:MOST], len(found) > MOST


def _of_row(rulebook: Rulebook, notice: Notice, agreement: AgreementRow, today: date, lost: bool) -> Line:
    said = NOWHERE if lost else word(notice.state, notice.outcome, notice.uncertain)
    return Line(
        max(danish_day(notice.next_at), today), notice.key, notice.id or 0, agreement.key, notice.letter,
        notice.subject_of, notice.rung, notice.recipient, notice.statutory, notice.state, said,
        notice.why or notice.answer,
        tuple(one for one in offered_on(notice) if one not in ("note", "hold", "cancel")),
        duty(rulebook, agreement.regime, notice.letter, notice.deadline),
    )  # fmt: skip


def _of_ahead(one: Upcoming) -> Line:
    owed = one.owed
    any_duty = bool(owed.letter.generic) or owed.letter.name == GENERIC
    said = "sprunget over" if one.skipped else NOWHERE if one.lost else "kommer"
    why = one.act.spoken if one.act else ""
    return Line(
        one.on, owed.key, 0, one.agreement, owed.letter.name, owed.deadline.subject if owed.deadline else "",
        owed.rung, owed.recipient, owed.letter.statutory, "cancelled" if one.skipped else "coming", said, why,
        offered_ahead(one), owed.deadline.title if owed.deadline and any_duty else "",
    )  # fmt: skip
