"""What a person must see of letters and alarms: of the installation, of some regions, or of one council. Read-only.

Nobody is told that there is nothing where nothing was looked up: :func:`attention` is asked about exactly what its
reader may see.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Engine, func, select
from sqlmodel import Session, col

from workflow.services.delivery.handling import why_stopped
from workflow.services.people.contacts.reach import unreachable
from workflow.services.views.overview import STOPPED, WAITING
from workflow.services.watch.heartbeat import open_alarms
from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import OWED
from workflow.storage.tables import AgreementRow, Alarm, Contact, Notice
from workflow.values import dataclass

_OF_ONE = (
    "contact",
    "address",
    "notice",
    "plan",
    "contacts",
)  # alarms that concern somebody; the others concern all


@dataclass(frozen=True, slots=True)
class Attention:
    """``halted`` is why nothing is sent at all ("": it is). ``unreachable`` are functions without a mailbox to which
    letters are owed, each with how many; ``stopped`` counts letters a person must decide on, ``waiting`` those that are
    due."""

    halted: str
    unreachable: list[tuple[str, int]]
    stopped: int
    waiting: int
    alarms: list[Alarm]

    @property
    def calm(self) -> bool:
        """Whether nothing of it asks for a person."""
        return not (self.halted or self.unreachable or self.stopped or self.alarms)


def attention(
    engine: Engine, rulebook: Rulebook, regions: Collection[str] | None, lane: str, at: datetime, today: date
) -> Attention:
    """Of ``regions`` (ids; ``None``: all), of one council alone where ``lane`` is its code; ``at`` is aware, ``today``
    the Danish day."""
    within: list[ColumnElement[bool]] = [] if regions is None else [col(AgreementRow.region).in_(regions)]
    if lane:
        within.append(col(Notice.recipient).startswith(f"{lane}/", autoescape=True))
    with reading(engine) as session:
        owed = _counted(session, [*within, col(Notice.state).in_(OWED)])
        stopped = sum(_counted(session, [*within, col(Notice.state).in_(STOPPED)]).values())
        due = sum(
            _counted(session, [*within, col(Notice.state).in_(WAITING), col(Notice.next_at) <= at]).values()
        )
        alarms = [one for one in open_alarms(engine) if _concerns(session, rulebook, one, regions, lane)]
    nowhere = set(unreachable(engine, owed, today))
    alarms = [one for one in alarms if one.key.removeprefix("contact:") not in nowhere]
    alarms = [one for one in alarms if one.key != "outbox:stopped"]
    return Attention(
        why_stopped(engine),
        [(to, count) for to, count in owed.items() if to in nowhere],
        stopped,
        due,
        alarms,
    )


def concerning(engine: Engine, rulebook: Rulebook, regions: Collection[str] | None, lane: str) -> list[Alarm]:
    """Every open alarm about something of ``regions`` or of the council ``lane``, or of the whole installation; the
    newest first."""
    with reading(engine) as session:
        return [one for one in open_alarms(engine) if _concerns(session, rulebook, one, regions, lane)]


def _counted(session: Session, which: list[ColumnElement[bool]]) -> dict[str, int]:
    query = (
        select(col(Notice.recipient), func.count())
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(*which)
        .group_by(col(Notice.recipient))
        .order_by(col(Notice.recipient))
    )
    return {str(to): int(count) for to, count in session.execute(query)}


def _concerns(
    session: Session, rulebook: Rulebook, alarm: Alarm, regions: Collection[str] | None, lane: str
) -> bool:
    """Whether an alarm is about something of these regions, or of this council; one of the installation concerns
    everybody but a council."""
    if regions is None and not lane:
        return True
    kind, _, rest = alarm.key.partition(":")
    if kind not in _OF_ONE:
        return not lane
    if kind == "contact":
        return _mine(rulebook, {rest.partition("/")[0]}, regions, lane)
    if kind == "plan":
        return not lane and (regions is None or rest.partition("/")[0] in regions)
    if kind == "address":
        bodies = set(session.scalars(select(col(Contact.body)).where(col(Contact.email) == rest)))
        return _mine(rulebook, bodies, regions, lane)
    number = rest.partition(":")[0]
    if kind != "notice" or not number.isdecimal():
        return False  # of mailboxes everywhere: what is missing here is asked for by name
    found = session.execute(
        select(col(Notice.recipient), col(AgreementRow.region))
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(col(Notice.id) == int(number))
    ).first()
    if found is None:
        return False
    recipient, region = found
    return recipient.startswith(f"{lane}/") if lane else regions is None or region in regions


def _mine(rulebook: Rulebook, bodies: set[str], regions: Collection[str] | None, lane: str) -> bool:
    if lane:
        return lane in bodies
    if regions is None:
        return True
    own = set(regions) | {m.code for m in rulebook.memberships if m.region in regions}
    own |= {cluster.id for cluster in rulebook.clusters if cluster.region in regions}
    own |= {region.code for region in rulebook.regions if region.id in regions and region.code}
    return bool(bodies & own)
