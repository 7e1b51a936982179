"""Long lists a page at a time: agreements, deadlines and letters. Read-only.

Every page begins after the last row of the one before (no OFFSET), so the thousandth costs what the first does.
``regions`` are ids; ``None`` is every region, which an index then need not be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from json import loads
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, UnaryExpression, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.services.due.dates import BASES
from workflow.services.people.contacts.reach import unreachable
from workflow.storage.database import reading
from workflow.storage.letters.outbox import NOWHERE, OWED, word
from workflow.storage.tables import AgreementRow, DeadlineRow, Notice
from workflow.values import dataclass, replace

STATUSES = ("overdue", "upcoming", "passed", "met", "met_late", "breached", "lapsed", "undated")
Regions = Collection[str] | None
EXPORTED = 1000  # rows read at a time
_LARGE: tuple[Any, ...] = (Notice.body, Notice.facts)
_NAMED = select(AgreementRow).where(
    col(AgreementRow.region) == bindparam("region"), col(AgreementRow.label) == bindparam("label")
)


@dataclass(frozen=True, slots=True)
class ListedDeadline:
    """A deadline of the projection with its agreement's key and state."""

    id: int
    agreement: str
    region: str
    rule: str
    subject: str
    title: str
    duty: str
    who: str
    status: str
    legal_on: date | None
    aim_on: date | None
    original_on: date | None
    met_on: date | None
    doubtful: bool
    cite: str
    latest_on: date | None = None
    regime: str = ""
    latest_gone: bool = False

    @property
    def basis(self) -> str:
        """What the date rests on, as :func:`workflow.services.due.dates.basis` says it."""
        return BASES[self.duty]


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """A notice as a list shows it. ``mail`` is the number of the one whose mail told it; instants are aware UTC."""

    id: int
    mail: int
    agreement: str
    letter: str
    deadline: str
    subject_of: str
    rung: str
    recipient: str
    address: str
    due_on: date
    at: datetime
    state: str
    state_text: str
    late: bool
    uncertain: bool
    attempts: int
    answer: str
    accepted_at: datetime | None
    why: str = ""
    next_at: datetime | None = None
    regime: str = ""

    @property
    def shown_at(self) -> datetime | None:
        """When it was handed over, or is to be."""
        return self.accepted_at or self.next_at

    @property
    def reason(self) -> str:
        """Why it has not gone, in Danish or the mail server's words; empty for one that has."""
        return "" if self.state in ("accepted", "confirmed") else self.why or self.answer


def find(session: Session, region: str, label: str) -> AgreementRow:
    """One agreement's row; :class:`NotFound` says nothing of the others, since not everybody may see them."""
    row = session.scalars(_NAMED, {"region": region, "label": label}).one_or_none()
    if row is None:
        raise NotFound(phrase("aftalen findes ikke"))
    return row


def agreements(
    engine: Engine, regions: Regions, after: tuple[str, str] = ("", ""), limit: int = 50
) -> Sequence[AgreementRow]:
    """Agreements of ``regions`` by region and label, the first after the key ``after``."""
    region, label = col(AgreementRow.region), col(AgreementRow.label)
    later = tuple_(region, label) > after
    query = select(AgreementRow).where(later, *_within(regions)).order_by(region, label).limit(limit)
    with reading(engine) as session:
        return session.scalars(query).all()


def deadlines(
    engine: Engine, regions: Regions, status: str, after: tuple[date, int] | None, limit: int,
    until: date | None = None,
) -> list[ListedDeadline]:  # fmt: skip
    """Dates of one status by day, the first after the row ``after`` (its date and id), to ``until`` where given."""
    on, number = col(DeadlineRow.legal_on), col(DeadlineRow.id)
    query = _deadlines(regions).where(col(DeadlineRow.status) == status).order_by(on, number).limit(limit)
    if until:
        query = query.where(on <= until)
    if after and status == "undated":
        query = query.where(number > after[1])
    elif after:
        query = query.where(tuple_(on, number) > after)
    with reading(engine) as session:
        return [_deadline(*row) for row in session.execute(query)]


def every_deadline(
    engine: Engine, regions: Regions, status: str = "", page: int = EXPORTED, until: date | None = None
) -> Iterator[ListedDeadline]:
    """All of them for an export, or those of one ``status``, to ``until`` where given, read ``page`` at a time: whoever
    takes them slowly holds no transaction open."""
    number = col(DeadlineRow.id)
    query = _deadlines(regions).order_by(number).limit(page)
    if status:
        query = query.where(col(DeadlineRow.status) == status)
    if until:
        query = query.where(col(DeadlineRow.legal_on) <= until)
    after = 0
    while True:
        with reading(engine) as session:
            found = [_deadline(*row) for row in session.execute(query.where(number > after))]
        yield from found
        if len(found) < page:
            return
        after = found[-1].id


def _deadlines(regions: Regions) -> Select[DeadlineRow, AgreementRow]:
    why: Any = DeadlineRow.why
    joined = select(DeadlineRow, AgreementRow).join(
        AgreementRow, col(AgreementRow.id) == col(DeadlineRow.agreement_id)
    )
    return joined.where(*_within(regions)).options(defer(why))


def _within(regions: Regions) -> list[ColumnElement[bool]]:
    return [] if regions is None else [col(AgreementRow.region).in_(regions)]


def _deadline(row: DeadlineRow, agreement: AgreementRow) -> ListedDeadline:
    return ListedDeadline(
        row.id or 0, agreement.key, agreement.region, row.rule, row.subject, row.title,
        row.duty, row.who, row.status, row.legal_on, row.aim_on, row.original_on, row.met_on,
        row.doubtful, "; ".join(loads(row.cite)), row.latest_on, agreement.regime,
        row.latest_gone,
    )  # fmt: skip


def letters(
    engine: Engine,
    regions: Regions,
    *,
    agreement: int | None = None,
    rule: tuple[str, str] | None = None,
    lane: str = "",
    before: int | None = None,
    until: datetime | None = None,
    on: date | None = None,
    limit: int = 50,
) -> list[ListedLetter]:
    """Letters, the newest planned first: of one agreement (its row's id), of one of its deadlines (rule and subject),
    to one council alone (its code), those before a number, those planned before an instant. With ``on`` (today, Danish)
    one that is owed to a function without a mailbox says so."""
    which = [] if agreement is None else [col(Notice.agreement_id) == agreement]
    if rule is not None:
        which += [col(Notice.deadline) == rule[0], col(Notice.subject_of) == rule[1]]
    if lane:
        which.append(col(Notice.recipient).startswith(f"{lane}/", autoescape=True))
    if before is not None:
        which.append(col(Notice.id) < before)
    if until is not None:
        which.append(col(Notice.planned_at) < until)
    return letters_where(engine, regions, which, [col(Notice.id).desc()], limit, on)


Order = UnaryExpression[int | None] | UnaryExpression[datetime]


def letters_where(
    engine: Engine, regions: Regions, which: Sequence[ColumnElement[bool]], order: Sequence[Order],
    limit: int, on: date | None,
) -> list[ListedLetter]:  # fmt: skip
    """At most ``limit`` letters of which ``which`` is true, in ``order``; ``on`` as in :func:`letters`. The agreements
    are looked up from the letters, never the letters from the agreements: the order is an index's."""
    carrier: Any = aliased(Notice)
    query: Select[Any] = (
        select(Notice, AgreementRow, carrier.id)
        .outerjoin(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .outerjoin(carrier, carrier.id == col(Notice.carried_by))
        .where(*of_regions(regions), *which)
        .order_by(*order)
        .limit(limit)
        .options(*(defer(column) for column in _LARGE))
    )
    with reading(engine) as session:
        found = [_letter(*row) for row in session.execute(query)]
    return found if on is None else _with_reach(engine, found, on)


def of_regions(regions: Regions) -> list[ColumnElement[bool]]:
    """A condition on an outer join's agreement that gives the database no reason to begin with the agreements."""
    return [] if regions is None else [func.coalesce(col(AgreementRow.region), "").in_(regions)]


def _with_reach(engine: Engine, found: list[ListedLetter], on: date) -> list[ListedLetter]:
    nowhere = set(unreachable(engine, [one.recipient for one in found if one.state in OWED], on))
    return [
        replace(one, state_text=NOWHERE) if one.state in OWED and one.recipient in nowhere else one
        for one in found
    ]


def every_letter(
    engine: Engine, regions: Regions, *, agreement: int | None = None, lane: str = "", until: datetime | None = None,
    on: date | None = None, page: int = EXPORTED,
) -> Iterator[ListedLetter]:  # fmt: skip
    """All of them for an export, the newest planned first, read ``page`` at a time."""
    before: int | None = None
    while True:
        found = letters(
            engine, regions, agreement=agreement, lane=lane, before=before, until=until, on=on, limit=page
        )
        yield from found
        if len(found) < page:
            return
        before = found[-1].id


def _letter(notice: Notice, agreement: AgreementRow, carrier: int | None) -> ListedLetter:
    return ListedLetter(
        notice.id or 0, carrier or notice.id or 0, agreement.key, notice.letter,
        notice.deadline, notice.subject_of, notice.rung, notice.recipient, notice.address, notice.due_on,
        notice.accepted_at or notice.planned_at, notice.state,
        word(notice.state, notice.outcome, notice.uncertain), notice.late, notice.uncertain, notice.attempts,
        notice.answer, notice.accepted_at, notice.why, notice.next_at, agreement.regime,
    )  # fmt: skip
