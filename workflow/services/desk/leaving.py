"""What goes out next: letters that are written down already, and the reminders that will be, if nothing changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import defer
from sqlmodel import col

from workflow.rules.days import danish_day
from workflow.rules.ladder import Rung
from workflow.rules.ladder import coming as rungs_ahead
from workflow.rules.words import NEUTRAL
from workflow.services.hands.agenda import GENERIC
from workflow.services.hands.upcoming import Upcoming, upcoming
from workflow.services.people.contacts.reach import unreachable
from workflow.services.views import titles
from workflow.services.views.overview import WAITING
from workflow.storage.database import reading
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass, replace

_LARGE: tuple[Any, ...] = (Notice.body, Notice.facts)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One kind of letter of one agreement on a Danish day, and to whom (``"0851/council"``); ``path`` leads to it;
    ``lost`` are those of them without a mailbox."""

    on: date
    agreement: str
    what: str
    to: tuple[str, ...]
    path: str
    lost: tuple[str, ...] = ()


def reminders_ahead(standing: Standing) -> list[Rung]:
    """The reminders of one agreement still ahead while nothing changes. Of two formulas for one duty the letters follow
    the earlier."""
    if standing.course.period in ("ended", "rules_ended"):
        return []
    states = frozenset((standing.course.text_state,))
    return rungs_ahead(
        standing.deadlines, standing.rules.letters, standing.rules.days, states, standing.as_of
    )


def leaving(
    engine: Engine, rulebook: Rulebook, regions: Collection[str] | None, lane: str, at: datetime, days: int,
    send_hour: int,
) -> tuple[list[Leaving], list[str]]:  # fmt: skip
    """What leaves of ``regions`` (``None``: all) by the end of ``days`` days after ``at`` (aware), the first first; of
    one council's (``lane``: its code) alone where one is named. What a person has skipped does not leave. And the
    agreements (keys) whose letters to come were not looked for."""
    today = danish_day(at)
    found = _written(engine, rulebook, regions, lane, today + timedelta(days=days))
    ahead: dict[tuple[date, str, str], list[Upcoming]] = {}
    coming, left = upcoming(
        engine, rulebook, today, regions=regions, lane=lane, days=days, send_hour=send_hour
    )
    for one in coming:
        if not one.skipped:
            ahead.setdefault((one.on, one.agreement, _what(one)), []).append(one)
    found += [
        Leaving(on, key, what, tuple(dict.fromkeys(one.owed.recipient for one in some)), _page(key, some[0]))
        for (on, key, what), some in ahead.items()
    ]
    nowhere = set(unreachable(engine, [to for one in found for to in one.to], today))
    told = [replace(one, lost=tuple(to for to in one.to if to in nowhere)) for one in found]
    return sorted(told, key=lambda one: (one.on, one.agreement, one.what)), left


def _what(one: Upcoming) -> str:
    """What the letter is called; one that any duty can have, by its duty."""
    deadline = one.owed.deadline
    return (
        deadline.title
        if deadline and one.owed.letter.name == GENERIC
        else NEUTRAL.said(one.owed.letter.title.da)
    )


def _page(key: str, one: Upcoming) -> str:
    """The date it is about; the agreement's letters where it is about none."""
    deadline = one.owed.deadline
    if deadline is None:
        return f"/aftaler/{key}/breve"
    return f"/aftaler/{key}/frister/{deadline.id}{'/' + deadline.subject if deadline.subject else ''}"


def _written(
    engine: Engine, rulebook: Rulebook, regions: Collection[str] | None, lane: str, until: date
) -> list[Leaving]:
    called = titles.letters(rulebook)
    query = (
        select(Notice, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(col(Notice.state).in_(WAITING))
        .options(*(defer(column) for column in _LARGE))
        .order_by(col(Notice.id))
    )
    if regions is not None:
        query = query.where(col(AgreementRow.region).in_(regions))
    if lane:
        query = query.where(col(Notice.recipient).startswith(f"{lane}/", autoescape=True))
    grouped: dict[tuple[date, str, str], list[tuple[int, str]]] = {}
    with reading(engine) as session:
        for notice, row in session.execute(query):
            if (on := danish_day(notice.next_at)) <= until:
                told = grouped.setdefault((on, row.key, notice.letter), [])
                told.append((notice.id or 0, notice.recipient))
    return [
        Leaving(
            on, key, called.get(letter, letter), tuple(to for _, to in some),
            f"/breve/{some[0][0]}" if len(some) == 1 else f"/aftaler/{key}/breve",
        )
        for (on, key, letter), some in grouped.items()
    ]  # fmt: skip
