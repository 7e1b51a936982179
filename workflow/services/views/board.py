"""What stands on the front page: each region's agreements in play, and what a person must look at today. Read-only.

The work is bounded by the number of regions, not of agreements or deadlines: a few agreements a region are folded, the
rest is asked of an index and cut off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Engine, func, select
from sqlmodel import Session, col

from workflow.errors import Unworkable
from workflow.rules.agreement import Region
from workflow.rules.endings import coming_on
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated
from workflow.services.due.quotas import Quota, quotas
from workflow.storage.database import reading
from workflow.storage.facts import projecting, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, DeadlineRow
from workflow.values import dataclass

IN_PLAY = 2  # agreements of a region shown together: the one in force and the next
OVER = ("ended", "rules_ended")
RUNNING = ("in_force", "hold_over")


@dataclass(frozen=True, slots=True)
class Place:
    """A region and its agreements in play, the newest first; and those that cannot be worked out."""

    region: Region
    standings: tuple[Standing, ...]
    broken: tuple[Unworkable, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """A duty whose day has passed, as the projection holds it."""

    agreement: str
    region: str
    rule: str
    subject: str
    title: str
    legal_on: date


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Bodies of one agreement that will not reach their least number of meetings of the year with what is planned: a
    minimum at risk (O-10 to O-13), never an overdue date. ``doubtful``: of how many the rule may have ended by then."""

    agreement: str
    region: str
    bodies: int
    doubtful: int


def counted(rulebook: Rulebook, today: date) -> bool:
    """Whether the year's meetings are counted yet: from the day the letters begin to ask. Before, the year is young."""
    return _near(rulebook, date(today.year, 12, 31), today)


def _near(rulebook: Rulebook, by: date, today: date) -> bool:
    leads = [-day for letter in rulebook.letters if "meetings" in letter.deadline for day in letter.at]
    return (by - today).days <= max(leads, default=0)


def _asked(rulebook: Rulebook, quota: Quota, today: date) -> bool:
    """Whether the letters ask for this body's meetings: of the earlier of two days first, and shortly before it."""
    since = quota.asked_from(today)
    return (since is None or since <= today) and _near(rulebook, quota.asked_by(today), today)


def shortfalls(rulebook: Rulebook, places: Iterable[Place], today: date) -> list[Shortfall]:
    """The minimums at risk on a Danish day, once the letters ask for them."""
    found = []
    for standing in (one for place in places for one in place.standings if one.course.period in RUNNING):
        year = [q for q in quotas(standing, standing.rules, today.year) if _asked(rulebook, q, today)]
        short = [q for q in year if q.state(today) == "at_risk"]
        if short:
            agreement = standing.agreement
            found.append(
                Shortfall(agreement.key, agreement.region, len(short), sum(q.doubtful for q in short))
            )
    return found


def board(engine: Engine, rulebook: Rulebook, regions: Collection[str], as_of: date) -> list[Place]:
    """Each of ``regions`` (ids) that exists ``as_of`` that Danish day or has an agreement by then."""
    with reading(engine) as session:
        present = _present(session)
        lost = _lost(session, rulebook, regions, as_of, present)
        places = [
            _in_play(session, rulebook, region, as_of, lost, present)
            for region in rulebook.regions
            if region.id in regions
        ]
    return [place for place in places if place.standings or place.broken or place.region.holds(as_of)]


def _in_play(
    session: Session,
    rulebook: Rulebook,
    region: Region,
    as_of: date,
    lost: Iterable[AgreementRow],
    present: Collection[str],
) -> Place:
    """Those that had begun by then, of each kind; one that is over is shown only where there is no other."""
    regime, law = col(AgreementRow.regime), rulebook.law
    there = [one for one in law.regimes if one.id in present]
    kinds = [
        [one.id for one in there if one.kind == kind] for kind in dict.fromkeys(one.kind for one in there)
    ]
    looked = [_those(session, rulebook, region, as_of, regime.in_(kind)) for kind in kinds]
    rows = [row for row in lost if row.region == region.id]
    looked.append(projection.load_workable(session, rulebook, rows, as_of))
    return Place(
        region, tuple(one for shown, _ in looked for one in shown), tuple(one for _, unfit in looked for one in unfit)
    )  # fmt: skip


def _present(session: Session) -> frozenset[str]:
    """The regimes that some agreement was opened under. Each is found from the one before it, a step of an index, so
    that it costs the same among many agreements."""
    regime = col(AgreementRow.regime)
    found = select(func.min(regime).label("id")).cte("found", recursive=True)
    beyond = select(func.min(regime)).where(regime > found.c.id).scalar_subquery()
    found = found.union_all(select(beyond).where(found.c.id.is_not(None)))
    return frozenset(session.scalars(select(found.c.id).where(found.c.id.is_not(None))))


def _lost(
    session: Session, rulebook: Rulebook, regions: Collection[str], as_of: date, present: Collection[str]
) -> Sequence[AgreementRow]:
    """Some of those whose regime no file has: shown as what cannot be worked out."""
    gone = sorted(set(present) - {one.id for one in rulebook.law.regimes})
    if not gone:
        return []
    query = select(AgreementRow).where(
        col(AgreementRow.regime).in_(gone), col(AgreementRow.region).in_(regions)
    )
    return session.scalars(query.where(projecting.begun(rulebook, as_of)).limit(IN_PLAY * len(regions))).all()


def _those(
    session: Session, rulebook: Rulebook, region: Region, as_of: date, which: ColumnElement[bool]
) -> tuple[list[Standing], list[Unworkable]]:
    query = (
        select(AgreementRow)
        .where(col(AgreementRow.region) == region.id, projecting.begun(rulebook, as_of))
        .where(which)
        .order_by(col(AgreementRow.label).desc())
        .limit(IN_PLAY)
    )
    found, unfit = projection.load_workable(session, rulebook, session.scalars(query), as_of)
    alive = [standing for standing in found if standing.course.period not in OVER]
    return alive or found[:1], unfit


def coming(places: Iterable[Place], as_of: date, days: int) -> list[tuple[Standing, Deadline]]:
    """What falls on ``as_of`` or in the ``days`` days after it, whatever it rests on, the earliest first."""
    until = as_of + timedelta(days=days)
    found = [
        (standing, one)
        for place in places
        for standing in place.standings
        for one in dated(standing, standing.rules)
        if (coming_on(one, as_of) or date.max) <= until
    ]
    return sorted(found, key=lambda pair: (coming_on(pair[1], as_of) or date.max, pair[0].agreement.key))


def overdue(
    engine: Engine, regions: Collection[str] | None, limit: int, places: Iterable[Place] = ()
) -> Sequence[Overdue]:
    """The duties of ``regions`` (``None``: all) that are overdue as the daemon last saw it, oldest first, at most
    ``limit``. What ``places``, worked out for the page, know of them since goes before it: no page says two things."""
    folded = {one.agreement.key: one for place in places for one in place.standings}

    def still(key: str, row: DeadlineRow) -> bool:
        found = folded[key].deadline(row.rule, row.subject) if key in folded else None
        return key not in folded or bool(found and found.status == "overdue")

    within = [] if regions is None else [col(AgreementRow.region).in_(regions)]
    query = (
        select(DeadlineRow, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(DeadlineRow.agreement_id))
        .where(col(DeadlineRow.status) == "overdue", *within)
        .order_by(col(DeadlineRow.legal_on), col(DeadlineRow.id))
        .limit(limit)
    )
    with reading(engine) as session:
        return [
            Overdue(a.key, a.region, d.rule, d.subject, d.title, d.legal_on or date.min)
            for d, a in session.execute(query)
            if still(a.key, d)
        ]
