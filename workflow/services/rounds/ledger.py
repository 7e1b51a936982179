"""The ledger of a rehearsal: what happened on a day, what changed, which dates fell, and who was written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.orm import defer
from sqlmodel import SQLModel, col

from workflow.rules.days import spoken
from workflow.rules.endings import (
    BREACHED_BY_ONE_IN_DOUBT_SAID,
    BREACHED_BY_ONE_SAID,
    BREACHED_IN_DOUBT_SAID,
    BREACHED_SAID,
)
from workflow.rules.facts import Fact
from workflow.services.delivery.enclosing import whole
from workflow.services.due.minimums import MINIMUMS
from workflow.storage.asking import through
from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, DeadlineRow, Notice
from workflow.values import dataclass

STATUS = {
    "upcoming": "kommer", "overdue": "overskredet", "met": "opfyldt", "met_late": "opfyldt for sent",
    "lapsed": "bortfaldet", "breached": BREACHED_SAID, "waived": "frafaldet", "undated": "uden dato",
    "breached in doubt": BREACHED_IN_DOUBT_SAID, "breached by one": BREACHED_BY_ONE_SAID,
    "breached by one in doubt": BREACHED_BY_ONE_IN_DOUBT_SAID,
}  # fmt: skip

NEVER: Mapping[str, Sight] = {}
_FACTS: Any = Notice.facts  # kilobytes a notice, and not told here
_IN_LAW = (col(DeadlineRow.duty).not_in(("agreed", "none")), col(DeadlineRow.rule) != MINIMUMS)
_row = SQLModel.metadata.tables[str(AgreementRow.__tablename__)].c
_EVERY = select(
    _row.id,
    _row.region,
    _row.label,
    _row.regime,
    _row.version,
    _row.version_state,
    _row.period_state,
    _row.stamp,
).order_by(_row.region, _row.label)
_date = SQLModel.metadata.tables[str(DeadlineRow.__tablename__)].c
_DATES = (
    select(
        _date.rule,
        _date.subject,
        _date.title,
        _date.legal_on,
        _date.status,
        _date.latest_gone,
        _date.doubtful,
    )
    .where(_date.agreement_id == bindparam("agreement"), *_IN_LAW)
    .order_by(_date.rule, _date.subject)
)
_AT = bindparam("at", type_=SQLModel.metadata.tables[str(Notice.__tablename__)].c.accepted_at.type)
_ACCEPTED = (
    select(Notice)
    # the first is in the index of the list of all letters
    .where(func.coalesce(col(Notice.accepted_at), col(Notice.next_at)) == _AT, col(Notice.accepted_at) == _AT)
    .order_by(col(Notice.id))
    .options(defer(_FACTS))
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail handed over: what it tells (``"annual-review -30d"``, several in a digest) with the notices' keys, to
    whom, and its bytes."""

    tells: tuple[str, ...]
    keys: tuple[str, ...]
    to: str
    subject: str
    statutory: bool
    raw: bytes


class MailJson(TypedDict):
    """A mail without its bytes."""

    tells: list[str]
    keys: list[str]
    to: str
    subject: str
    statutory: bool


class DayJson(TypedDict):
    """One lived day as ``aftale rehearse --json`` gives it."""

    on: str
    happened: list[str]
    changed: list[str]
    reached: list[str]
    alarms: list[str]
    mails: list[MailJson]


@dataclass(frozen=True, slots=True)
class Day:
    """One lived day. The lines are Danish and begin with the agreement's key."""

    on: date
    happened: tuple[str, ...]
    changed: tuple[str, ...]
    reached: tuple[str, ...]
    mails: tuple[Mail, ...]
    alarms: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """As the ledger shows it: mails that say the same are one line."""
        yield spoken(self.on).upper() + f"  {self.on}"
        for heading, lines in (
            ("sket", self.happened), ("ændret", self.changed), ("dato", self.reached), ("alarm", self.alarms),
        ):  # fmt: skip
            yield from (f"  {heading:<7}{line}" for line in lines)
        alike: dict[tuple[str, ...], list[str]] = {}
        for mail in self.mails:
            alike.setdefault(("lov" if mail.statutory else "", mail.subject, *mail.tells), []).append(mail.to)
        for (law, subject, *tells), to in alike.items():
            counted = (f"{told} x {times}" if times > 1 else told for told, times in Counter(tells).items())
            yield f"  mail{' §' if law else '  '} {'; '.join(counted)}: {subject}"
            yield f"           til {', '.join(to)}"

    def as_json(self) -> DayJson:
        """Plain values; the mails without their bytes."""
        return {
            "on": self.on.isoformat(), "happened": list(self.happened), "changed": list(self.changed),
            "reached": list(self.reached), "alarms": list(self.alarms),
            "mails": [
                {
                    "tells": list(mail.tells), "keys": list(mail.keys), "to": mail.to, "subject": mail.subject,
                    "statutory": mail.statutory,
                }
                for mail in self.mails
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """One agreement's state and dates as they are stored: rule and subject -> title, date, status. ``stamp`` is another
    whenever they were stored anew."""

    version: str
    period: str
    dates: dict[tuple[str, str], tuple[str, date | None, str]]
    stamp: int = 0


def look(engine: Engine, rulebook: Rulebook, before: Mapping[str, Sight] = NEVER) -> dict[str, Sight]:
    """Every agreement by its key, in order; as it was seen ``before`` where nothing was stored since."""
    with reading(engine) as session:
        connection = through(session)
        found = {}
        for row in connection.execute(_EVERY).all():
            key = f"{row.region}/{row.label}"
            if (seen := before.get(key)) and seen.stamp == row.stamp:
                found[key] = seen
                continue
            law = connection.execute(_DATES, {"agreement": row.id})
            dates = {
                (d.rule, d.subject): (d.title, d.legal_on, _status(d.status, d.latest_gone, d.doubtful))
                for d in law
            }
            version = f"version {row.version}: " if row.version else ""
            course = rulebook.tables_of(row.regime)
            state = version + rulebook.text_said(row.regime, row.version_state)
            found[key] = Sight(state, course.period.states[row.period_state], dates, row.stamp)
    return found


def _status(status: str, latest_gone: bool, doubtful: bool) -> str:
    return "breached" + " by one" * latest_gone + " in doubt" * doubtful if status == "breached" else status


def mails(engine: Engine, at: datetime, taken: Sequence[tuple[str, bytes]]) -> list[Mail]:
    """The mails accepted ``at``, in the order they were ``taken``, each with everything it tells."""
    if not taken:
        return []
    with reading(engine) as session:
        rows = list(session.scalars(_ACCEPTED, {"at": at}))
        carried: dict[int, list[Notice]] = {}
        by_bytes = {}
        for row in rows:
            if row.carried_by:
                carried.setdefault(row.carried_by, []).append(row)
            else:
                by_bytes[row.address, whole(session, row.body or b"")] = row
    found = []
    for to, raw in taken:
        row = by_bytes[to, raw]
        members = [row, *carried.get(row.id or 0, ())]
        tells = tuple(f"{one.letter} {one.rung}{' (forsinket)' if one.late else ''}" for one in members)
        keys = tuple(one.key for one in members)
        found.append(Mail(tells, keys, to, row.subject, row.statutory, raw))
    return found


def told(
    on: date,
    happened: Iterable[tuple[str, Fact]],
    before: Mapping[str, Sight],
    after: Mapping[str, Sight],
    sent: Sequence[Mail],
    alarms: Sequence[str] = (),
) -> Day | None:
    """The day's page, or ``None`` where there is nothing to tell."""
    facts = tuple(_facts(on, happened))
    changed: list[str] = []
    reached: list[str] = []
    for key, now in after.items():
        was = before.get(key, Sight("", "", {}))
        changed += [] if was is now else [f"{key}  {line}" for line in _changes(was, now)]
        for about, (title, legal_on, status) in now.dates.items():
            if legal_on == on:
                reached.append(f"{key}  {_named(title, about[1])}: fristen er i dag ({STATUS[status]})")
    if not (facts or changed or reached or sent or alarms):
        return None
    return Day(on, facts, tuple(changed), tuple(reached), tuple(sent), tuple(alarms))


def _facts(on: date, happened: Iterable[tuple[str, Fact]]) -> Iterator[str]:
    """One line an event; councils that did the same are named together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for key, fact in happened:
        about = [fact.event, f"version {fact.version}" if fact.version else "", fact.about]
        about += [f"dato {fact.due}" if fact.due else "", "" if fact.on == on else f"sket {fact.on}"]
        alike.setdefault((key, *filter(None, about)), []).extend([fact.council] if fact.council else [])
    for (key, *about), councils in alike.items():
        yield f"{key}  {', '.join(about)}{': ' + ' '.join(councils) if councils else ''}"


def _changes(was: Sight, now: Sight) -> Iterator[str]:
    if now.version != was.version:
        yield f"{was.version or 'ny'} -> {now.version}"
    if now.period != was.period:
        yield f"perioden: {was.period or 'ny'} -> {now.period}"
    for key, (title, legal_on, status) in now.dates.items():
        name = _named(title, key[1])
        _, old_on, old_status = was.dates.get(key, (title, None, "undated"))
        if legal_on != old_on:
            yield f"{name}: {old_on or 'ingen dato'} -> {legal_on or 'ingen dato'}"
        if status != old_status and (old_status, status) != ("undated", "upcoming"):
            yield f"{name}: {STATUS[status]}"
    for key in sorted(was.dates.keys() - now.dates.keys()):
        yield f"{_named(was.dates[key][0], key[1])}: udgår"


def _named(title: str, subject: str) -> str:
    return f"{title} ({subject})" if subject else title
