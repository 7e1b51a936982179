"""The letters that will be planned in the days ahead as things stand: the planner's own passes, day by day, on paper.

Nothing is written. What a person has said of a letter (skip it, let it wait) is told with it. Letters that are planned
already are rows of the outbox and not among these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.rules.days import COPENHAGEN, danish_day
from workflow.rules.hours import Hours
from workflow.services.due import dates
from workflow.services.due.handled import Handled, steered
from workflow.services.people.contacts.reach import unreachable
from workflow.services.planning.counting import next_owed_on
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.reminders import known_notices
from workflow.storage.database import reading
from workflow.storage.facts import projection
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

DAYS = 14
MOST_AGREEMENTS = 60  # that have anything to do in those days


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One letter to come. ``on`` is the Danish day it goes, unless it is skipped; ``owed`` what it will be written
    from, as of that day; ``act`` what a person has said of it; ``lost``: its function has no mailbox."""

    agreement: str
    region: str
    on: date
    owed: Owed
    act: Handled | None
    lost: bool = False

    @property
    def skipped(self) -> bool:
        """Whether a person has said that it is not to go."""
        return self.act is not None and self.act.act == "skip"

    def as_json(self) -> dict[str, object]:
        """As ``aftale outbox coming --json`` gives it; days are ISO."""
        owed, act = self.owed, self.act
        return {
            "key": owed.key, "agreement": self.agreement, "letter": owed.letter.name, "rung": owed.rung,
            "recipient": owed.recipient, "statutory": owed.letter.statutory, "on": self.on.isoformat(),
            "due_on": owed.due_on.isoformat(), "act": act.act if act else None, "why": act.why if act else None,
            "until": act.until.isoformat() if act and act.until else None, "unreachable": self.lost,
        }  # fmt: skip


def upcoming(
    engine: Engine, rulebook: Rulebook, today: date, *, regions: Collection[str] | None = None, lane: str = "",
    days: int = DAYS, send_hour: int = 8,
) -> tuple[list[Upcoming], list[str]]:  # fmt: skip
    """The letters of ``regions`` (``None``: all), to one body alone where ``lane`` is its code, that will be planned
    from ``today`` (Danish) and ``days`` days on, by day; and the agreements that were not looked at, since they cannot
    be worked out or there are more than :data:`MOST_AGREEMENTS`."""
    last = today + timedelta(days=days)
    query = select(AgreementRow).where(col(AgreementRow.wake_on) <= last)
    if regions is not None:
        query = query.where(col(AgreementRow.region).in_(regions))
    found: list[Upcoming] = []
    left: list[str] = []
    with reading(engine) as session:
        rows = session.scalars(query.order_by(col(AgreementRow.wake_on), col(AgreementRow.id))).all()
        for row in rows[:MOST_AGREEMENTS]:
            try:
                found += of_agreement(session, rulebook, row, today, last, send_hour)
            except projection.UNWORKABLE:
                left.append(row.key)
    left += [row.key for row in rows[MOST_AGREEMENTS:]]
    mine = [one for one in found if not lane or one.owed.recipient.startswith(f"{lane}/")]
    nowhere = set(unreachable(engine, [one.owed.recipient for one in mine], today))
    mine = [replace(one, lost=one.owed.recipient in nowhere) for one in mine]
    return sorted(mine, key=lambda one: (one.on, one.owed.recipient, one.owed.key)), left


def of_agreement(
    session: Session, rulebook: Rulebook, row: AgreementRow, today: date, last: date, send_hour: int
) -> Iterator[Upcoming]:
    """The same of one agreement, to the day ``last``. ``projection.UNWORKABLE`` where it cannot be
    worked out."""
    known = known_notices(session, row)
    day = max(row.wake_on, today)
    while day <= last:
        standing = projection.load(session, rulebook, row, day)
        rules, acts = standing.rules, steered(standing.facts)
        for owed in owed_now(rules, standing, day, day, known):
            if owed.key not in known and not owed.history:
                known[owed.key] = "accepted"
                act = None if owed.letter.statutory else acts.get(owed.key)
                goes = goes_on(owed, day, act, Hours(rules.days, send_hour))
                yield Upcoming(row.key, row.region, goes, owed, act)
        changes = [*projection.changes_on(standing, day), *dates.changes_on(standing, rules, day)]
        rung = next_owed_on(rules, standing, day)
        day = max(min([*changes, *([rung] if rung else [])]), day + timedelta(days=1))


def goes_on(owed: Owed, planned_on: date, act: Handled | None, hours: Hours) -> date:
    """The Danish day a letter that is planned on one goes: at once for a letter of law, else on an open day."""
    if owed.letter.statutory:
        return planned_on
    at = hours.not_before(datetime.combine(planned_on, time(hours.send_hour), COPENHAGEN))
    if act and act.act == "wait" and act.until:
        at = max(at, hours.morning(act.until))
    return danish_day(at)
