"""A round run through beforehand: the daemon's own passes, morning by morning, on a database that is thrown away.

Facts are recorded at seven Danish time on the day they happened, the passes run at the send hour, and every letter
goes into a sink. Days on which nothing wakes are passed over. The same input gives the same ledger, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby

from sqlalchemy import Engine, bindparam, func, select
from sqlmodel import SQLModel

from workflow.mail.sending.sink import Sink
from workflow.mail.writing.letters import Letters
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.rules.facts import Fact
from workflow.rules.hours import Hours
from workflow.services.delivery.sending import deliver
from workflow.services.facts.agreements import open_agreement
from workflow.services.facts.several import Several
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.reminders import plan
from workflow.services.rounds.demo import demo_contacts
from workflow.services.rounds.importing import as_they_happened, placed, said
from workflow.services.rounds.ledger import Day, look, mails, told
from workflow.services.rounds.roundfile import AgreementEntry
from workflow.storage import meta
from workflow.storage.asking import through
from workflow.storage.copies.throwaway import throwaway
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, DeadlineRow, Notice
from workflow.values import dataclass

INSTANCE = "proeve"  # stands in every Message-ID, so that no rehearsed letter can pass for a real one
MORNING = 7  # the Danish hour at which a day's facts are recorded
BY = "prøve"
TOGETHER = 25  # reminders a commit, as many as the daemon's where nobody has set another number
_wakes, _date, _notice = (
    SQLModel.metadata.tables[str(table.__tablename__)].c for table in (AgreementRow, DeadlineRow, Notice)
)
_FALLS = (_date.legal_on > bindparam("today"), _date.status.in_(("upcoming", "overdue")))
_NEXT = select(
    select(func.min(_wakes.wake_on)).scalar_subquery(),
    select(func.min(_date.legal_on)).where(*_FALLS).scalar_subquery(),
    select(func.min(_notice.next_at))
    .where(_notice.state.in_(("planned", "ready", "refused")))
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a rehearsal is played with: rules, letters (of :data:`INSTANCE`), the send hour and the site's address."""

    rulebook: Rulebook
    letters: Letters
    send_hour: int = 8
    link: str = ""


def nobody(_day: date) -> None:
    """The ``on_day`` that nobody listens to."""


async def rehearse(
    stage: Stage,
    first: date,
    last: date,
    *,
    rounds: Sequence[AgreementEntry] = (),
    source: Engine | None = None,
    region: str | None = None,
    every_day: bool = False,
    on_day: Callable[[date], None] = nobody,
) -> list[Day]:
    """The days from ``first`` to ``last`` (Danish, both lived) on which anything happened.

    ``rounds`` are opened on the first day, with mailboxes under ``.example``; or else ``source`` is copied, and
    neither it nor any mail server is written to. What happened before ``first`` is recorded on it; facts after
    ``last`` are left out. ``every_day`` passes over nothing: the ledger is the same. A fact that cannot be is
    :class:`Refused`, with its place in the file.
    """
    wanted = [entry for entry in rounds if region in (None, entry.region)]
    with throwaway(None if rounds else source, region) as engine:
        with writing(engine) as session:
            meta.drop(session, "held")
        if rounds:
            import_contacts(engine, stage.rulebook, demo_contacts(stage.rulebook))
        play = _Play(stage, engine, wanted, first)
        days: list[Day] = []
        today: date | None = first
        while today is not None and today <= last:
            on_day(today)
            day = await play.live(today)
            if day:
                days.append(day)
            today = today + timedelta(days=1) if every_day else play.next_day(today)
        return days


class _Play:
    def __init__(self, stage: Stage, engine: Engine, entries: Sequence[AgreementEntry], first: date) -> None:
        self.stage, self.engine = stage, engine
        known = [placed(stage.rulebook, entry, first) for entry in entries]
        self.entries = {entry.key: entry for entry in sorted(known, key=lambda entry: entry.key)}
        self.to_come: dict[date, list[tuple[str, str, Fact]]] = defaultdict(list)
        for key, entry in self.entries.items():
            for where, _, fact in as_they_happened(entry, self._councils(entry, first), BY):
                self.to_come[max(fact.on, first)].append((key, where, fact))
        self.first, self.before = first, look(engine, stage.rulebook)

    def _councils(self, entry: AgreementEntry, first: date) -> list[str]:
        book = self.stage.rulebook
        if any(one.id == entry.regime and one.unit.body != "region" for one in book.law.regimes):
            whole = (entry.region, entry.label, entry.term, first, entry.municipality, entry.regime)
            return [party.code for party in book.agreement(*whole).parties]
        return [party.code for party in book.parties(entry.region, first, entry.municipality)]

    async def live(self, today: date) -> Day | None:
        """One day: what happens, the passes, and what came of it; ``None`` where nothing did."""
        early, at = _danish(today, MORNING), _danish(today, self.stage.send_hour)
        happened = self._open(early) if today == self.first else []
        for key, these in groupby(self.to_come.pop(today, ()), key=lambda one: one[0]):
            happened += [(key, fact) for fact in self._record(key, [one[1:] for one in these], early)]
        plan(self.engine, self.stage.rulebook, at, self.stage.send_hour, link=self.stage.link)
        sink = Sink()
        report = await deliver(
            self.engine, self.stage.letters, sink, lambda: at, BY, instance=INSTANCE, stop=lambda: False,
            limit=1_000_000, per_minute=0, window=TOGETHER, hours=Hours(self.stage.rulebook.days, self.stage.send_hour),
        )  # fmt: skip
        with reading(self.engine):  # one look for both
            after = look(self.engine, self.stage.rulebook, self.before)
            sent = mails(self.engine, at, sink.taken)
        day = told(today, happened, self.before, after, sent, report.alarms)
        self.before = after
        return day

    def _record(self, key: str, placed: Sequence[tuple[str, Fact]], at: datetime) -> list[Fact]:
        """What happened to one agreement on a day: an end of the rules too, since here it is only tried."""
        with writing(self.engine) as session:
            row = journal.find(session, key, lock=True)
            several = Several(session, self.stage.rulebook, row, today=danish_day(at), at=at)
            for where, fact in placed:
                several.add(fact, partial(said, f"{key}, {where}"))
            several.follow()
        return [fact for _, fact in placed]

    def _open(self, at: datetime) -> list[tuple[str, Fact]]:
        opened = []
        for key, entry in self.entries.items():
            opening = Fact(0, "opened", self.first, source=entry.source, by=BY)
            open_agreement(
                self.engine, self.stage.rulebook, opening, region=entry.region, term=entry.term, label=entry.label,
                at=at, effective=entry.effective, nominal_end=entry.nominal_end,
                nominal_end_source=entry.nominal_end_source, municipality=entry.municipality,
                regime=entry.regime,
            )  # fmt: skip
            opened.append((key, opening))
        return opened

    def next_day(self, today: date) -> date | None:
        """The next day on which a fact comes, an agreement wakes, a date falls or a letter is due."""
        at = _danish(today, self.stage.send_hour)
        with reading(self.engine) as session:
            wakes, falls, due = through(session).execute(_NEXT, {"today": today}).one()
        days = [*self.to_come, *filter(None, (wakes, falls))]
        days += [danish_day(max(due, at + timedelta(days=1) if due <= at else due))] if due else []
        return max(min(days), today + timedelta(days=1)) if days else None


def _danish(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), COPENHAGEN)
