"""The long lists as of an earlier or later day. The projection holds today alone, so agreements are folded, a page of
them at a time; what was not yet known is not there, nor are agreements of terms that were not yet elected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Engine

from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated
from workflow.services.views.listing import ListedDeadline
from workflow.storage.database import reading
from workflow.storage.facts import journal, projecting, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

EXPORTED = 50  # agreements folded at a time


@dataclass(frozen=True, slots=True)
class ListedAgreement:
    """An agreement as a list shows it; the names are those of its row."""

    region: str
    label: str
    term: str
    version: int | None
    version_state: str
    period_state: str
    effective_on: date | None
    concluded_on: date | None
    regime: str


def page_of(
    engine: Engine, rulebook: Rulebook, regions: Sequence[str] | None, after: str, as_of: date, limit: int
) -> tuple[list[Standing], str]:
    """The agreements of terms elected by that Danish day among the next ``limit`` after the key ``after``, and the key
    where the next page begins ("": there is none)."""
    found = standings_after(engine, rulebook, as_of, regions=regions, after=after, limit=limit + 1)
    more = found[limit - 1].agreement.key if len(found) > limit else ""
    return [one for one in found[:limit] if one.agreement.term.election_on <= as_of], more


def listed_agreement(standing: Standing) -> ListedAgreement:
    """The agreement as it stood."""
    agreement, course = standing.agreement, standing.course
    number = course.current.number if course.current else None
    return ListedAgreement(
        agreement.region, agreement.label, agreement.term.label, number, course.listed_state, course.period,
        course.effective_on, course.concluded_on, agreement.regime.id,
    )  # fmt: skip


def every_deadline(
    engine: Engine,
    rulebook: Rulebook,
    regions: Sequence[str] | None,
    as_of: date,
    status: str = "",
    until: date | None = None,
) -> Iterator[ListedDeadline]:
    """All of them for an export, or those of one ``status``, agreement by agreement, a page folded at a time."""
    after = ""
    while True:
        found, after = page_of(engine, rulebook, regions, after, as_of, EXPORTED)
        for standing in found:
            of_status = (
                one
                for one in dated(standing, standing.rules)
                if status in ("", one.status) and within(one, until)
            )
            yield from (_listed(standing, deadline) for deadline in of_status)
        if not after:
            return


def listed_deadlines(
    standings: Sequence[Standing], rulebook: Rulebook, status: str, until: date | None = None
) -> list[ListedDeadline]:
    """Their deadlines of one status, the earliest first."""
    found = [
        _listed(standing, deadline) for standing in standings for deadline in dated(standing, standing.rules)
        if deadline.status == status and within(deadline, until)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.legal_on or date.max, one.agreement))


def within(deadline: Deadline, until: date | None) -> bool:
    """Whether its day is no later than ``until``, where one is given."""
    return until is None or (deadline.legal_on is not None and deadline.legal_on <= until)


def _listed(standing: Standing, d: Deadline) -> ListedDeadline:
    return ListedDeadline(
        0, standing.agreement.key, standing.agreement.region, d.id, d.subject, d.title, d.duty, d.who, d.status,
        d.legal_on, d.aim_on, d.original_on, d.met_on, d.doubtful, "; ".join(d.cite), d.latest_on,
        latest_gone=d.latest_gone,
    )  # fmt: skip


def standings_after(
    engine: Engine, rulebook: Rulebook, as_of: date, *, regions: Sequence[str] | None, after: str, limit: int
) -> list[Standing]:
    """At most ``limit`` agreements as of a day (of ``regions``; ``None``: of all), by region and label, from the one
    after the key ``after`` ("": the first). :class:`Unworkable` for one whose facts do not fit the rules: whoever
    reads a list by program shall not take it for whole."""
    with reading(engine) as session:
        rows = journal.agreements_after(session, regions, after, limit, projecting.begun(rulebook, as_of))
        return [projection.load(session, rulebook, row, as_of) for row in rows]
