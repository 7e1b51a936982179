"""The days by which councils were asked to answer a hearing or a text for approval. Asked for between the parties,
never law: they stand beside the deadlines, in calendars and lists, and are never one.

A day keeps its name (which question, which version) for ever and counts its changes, as a deadline's trace does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.language import phrase
from workflow.lifecycle.course import BEGINS
from workflow.lifecycle.text import Version
from workflow.rules.facts import Fact, live
from workflow.storage.database import reading
from workflow.storage.facts import projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

TITLES = {
    "consultation-opened": phrase("Høringssvar ønskes"),
    "sent-for-approval": phrase("Svar fra rådet ønskes"),
}
WAITED = {
    "consultation-opened": "in-hearing",
    "sent-for-approval": "with-councils",
}  # while the text stands so
_ANSWERS = ("council-approved", "council-remarks", "council-conditional", "council-rejected")


@dataclass(frozen=True, slots=True)
class ReplyDate:
    """The day asked for by ``event`` about a version; ``time`` of that day where one was named. ``answered``: every
    council that is looked at has decided. ``changes`` and ``fact_no`` as :class:`workflow.rules.traces.Trace`;
    ``gone``: the text was replaced, or the question was corrected away."""

    event: str
    version: int
    on: date
    time: str
    asked_on: date
    answered: bool
    gone: bool = False
    changes: int = 0
    fact_no: int = 0

    @property
    def title(self) -> str:
        """What it is, in Danish."""
        return phrase("%(one)s, version %(version)s", one=TITLES[self.event], version=self.version)


def reply_dates(standing: Standing, council: str = "") -> list[ReplyDate]:
    """Every such day known on the standing's day, the earliest first; as one council (its code) or all see it."""
    party = standing.agreement.council(council)
    wanted = {party.code} if party else {one.code for one in standing.agreement.parties}
    known = sorted(
        (fact for fact in standing.facts if fact.known_by(standing.as_of)), key=lambda fact: fact.no
    )
    found: dict[tuple[str, int], ReplyDate] = {}
    for moment, newest in enumerate(known, start=1):
        now = _asked(live(known[:moment], standing.as_of), wanted)
        for key in found.keys() | now.keys():
            before = found.get(key)
            after = now.get(key) or replace(found[key], gone=True)
            if before is None:
                found[key] = replace(after, fact_no=newest.no)
            elif replace(after, changes=before.changes, fact_no=before.fact_no) != before:
                found[key] = replace(after, changes=before.changes + 1, fact_no=newest.no)
    return sorted(found.values(), key=lambda one: (one.on, one.event, one.version))


def _asked(facts: Sequence[Fact], wanted: set[str]) -> dict[tuple[str, int], ReplyDate]:
    """The days that hold by these facts alone."""
    newest = max((fact.version or 0 for fact in facts if fact.event in BEGINS), default=0)
    found = {}
    for fact in facts:
        if fact.event in TITLES and fact.version and fact.due:
            said = {one.council for one in facts if one.event in _ANSWERS and one.version == fact.version}
            answered = fact.event == "sent-for-approval" and wanted <= said
            found[fact.event, fact.version] = ReplyDate(
                fact.event, fact.version, fact.due, fact.time, fact.on, answered, fact.version < newest
            )
    return found


def open_reply_dates(
    engine: Engine, rulebook: Rulebook, regions: Collection[str] | None, as_of: date, council: str, limit: int
) -> list[tuple[Standing, ReplyDate]]:
    """The days that are still waited for in ``regions`` (``None``: all), the earliest first, of at most ``limit``
    agreements whose text is out for an answer today."""
    query = select(AgreementRow).where(
        col(AgreementRow.version_state).in_(rulebook.states_that_are(*WAITED.values()))
    )
    if regions is not None:
        query = query.where(col(AgreementRow.region).in_(regions))
    query = query.order_by(col(AgreementRow.version_state), col(AgreementRow.region))  # as the index has them
    with reading(engine) as session:
        rows = session.scalars(query.limit(limit)).all()
        loaded, _named_on_the_front_page = projection.load_workable(session, rulebook, rows, as_of)
    return waited_for(loaded, council)


def _waits(version: Version, event: str) -> bool:
    return version.state in version.tables.version.are(WAITED[event])


def waited_for(standings: Sequence[Standing], council: str) -> list[tuple[Standing, ReplyDate]]:
    """The days of these agreements that are still waited for on their day, the earliest first."""
    found = [
        (standing, one)
        for standing in standings
        if (current := standing.course.current) and any(_waits(current, event) for event in WAITED)
        for one in reply_dates(standing, council)
        if current.number == one.version and _waits(current, one.event) and not one.answered
    ]
    return sorted(found, key=lambda pair: (pair[1].on, pair[0].agreement.key))
