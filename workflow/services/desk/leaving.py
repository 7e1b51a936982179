"""What goes out next: letters that are written down already, and the reminders that will be, if nothing changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import defer
from sqlmodel import col

from workflow.rules.days import danish_day
from workflow.rules.ladder import Rung, coming
from workflow.services.planning.recipients import expand
from workflow.services.views import titles
from workflow.services.views.overview import WAITING
from workflow.storage.database import reading
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Notice

_LARGE: tuple[Any, ...] = (Notice.body, Notice.facts)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One kind of letter of one agreement on a Danish day, and to whom (``"0851/council"``); ``path`` leads to it."""

    on: date
    agreement: str
    what: str
    to: tuple[str, ...]
    path: str


def reminders_ahead(standing: Standing) -> list[Rung]:
    """The reminders of one agreement still ahead while nothing changes. Of two formulas for one duty the letters follow
    the earlier."""
    if standing.course.period in ("ended", "rules_ended"):
        return []
    current = standing.course.current
    states = frozenset((current.state if current else "draft",))
    return coming(standing.deadlines, standing.rules.letters, standing.rules.days, states, standing.as_of)


def leaving(
    engine: Engine, rulebook: Rulebook, standings: Iterable[Standing], regions: Collection[str] | None, lane: str,
    at: datetime, days: int,
) -> list[Leaving]:  # fmt: skip
    """What leaves by the end of ``days`` days after ``at`` (aware), the first first; of one council's (``lane``: its
    code) alone where one is named."""
    until = danish_day(at) + timedelta(days=days)
    found = _written(engine, rulebook, regions, lane, until) + [
        Leaving(
            rung.due_on, standing.agreement.key, rung.letter.title.da, to,
            f"/aftaler/{standing.agreement.key}/frister/{_name(rung)}",
        )
        for standing in standings
        for rung in reminders_ahead(standing)
        if rung.due_on <= until and (to := _to(standing, rung, lane))
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.agreement, one.what))


def _name(rung: Rung) -> str:
    return f"{rung.deadline.id}{'/' + rung.deadline.subject if rung.deadline.subject else ''}"


def _to(standing: Standing, rung: Rung, lane: str) -> tuple[str, ...]:
    everybody = expand(standing, standing.rules, rung.letter.to, rung.deadline)
    return tuple(one for one in everybody if not lane or one.partition("/")[0] == lane)


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
