"""The passes, as the daemon runs them for ever and ``aftale tick`` once: plan what is owed, deliver what is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from workflow.faces.daemon.workplace import Workplace, heads_file, letters_file
from workflow.mail.sending.smtp import Wire
from workflow.rules.days import danish_day
from workflow.rules.hours import Hours
from workflow.services.delivery.handling import why_stopped
from workflow.services.delivery.sending import LEASE, deliver, nothing
from workflow.services.delivery.settling import BRIEFLY
from workflow.services.desk.monday import plan_mondays
from workflow.services.keeping.heads import read_heads, write_restored
from workflow.services.keeping.restoring import notice_restored
from workflow.services.keeping.sealing import seal_new
from workflow.services.keeping.traces import write_traces
from workflow.services.law.changing import take_in
from workflow.services.people.contacts.reach import unreachable
from workflow.services.people.contacts.turning import ask_at_turn
from workflow.services.planning.owing import Owed
from workflow.services.planning.reminders import plan
from workflow.services.views.overview import TriedNotice, count_waiting, tried_notices
from workflow.services.watch.heartbeat import beat
from workflow.storage.tables import Notice
from workflow.values import dataclass, field

MOST_LETTERS = 5000  # a pass; the rest goes in the next one


@dataclass(slots=True)
class TickReport:
    """What one tick did. ``held`` says in Danish why nothing was done, ``stopped`` why nothing may be sent; ``waiting``
    counts letters still to be sent.

    ``planned`` are notices written down now (in a dry run: that would be), ``sent`` those the mail server took,
    ``deferred`` those it did not take this time, each with its answer.
    """

    at: str
    dry_run: bool = False
    held: str = ""
    stopped: str = ""
    planned: list[dict[str, Any]] = field(default_factory=list)
    superseded: int = 0
    sent: list[TriedNotice] = field(default_factory=list)
    deferred: list[TriedNotice] = field(default_factory=list)
    waiting: int = 0
    alarms: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As ``aftale tick --json`` gives it."""
        return asdict(self)

    def lines(self) -> list[str]:
        """As ``aftale tick`` prints it."""
        if self.held:
            return [f"held: {self.held}"]
        would = "would plan" if self.dry_run else "planned"
        lines = [f"{'asks' if notice['history'] else would}  {_said(notice)}" for notice in self.planned]
        lines += [f"sent  {_said(notice)}  {_where(notice)}" for notice in self.sent]
        lines += [
            f"not sent  {_said(notice)}  {notice['state_text']}: {notice['answer']}"
            for notice in self.deferred
        ]
        lines += [f"alarm  {text}" for text in self.alarms]
        if self.stopped:
            lines.append(
                f"held: al afsendelse er standset: {self.stopped}. Slip den: aftale outbox release --all"
            )
        counted = f"{would} {len(self.planned)}, sent {len(self.sent)}, not sent {len(self.deferred)}"
        return [*lines, f"{self.at}: {counted}, replaced {self.superseded}, waiting {self.waiting}"]


def _said(notice: Mapping[str, object]) -> str:
    late = ", late" if notice["late"] else ""
    about = f"{notice['letter']} {notice['rung']}".strip()
    lost = ", cannot be reached" if notice.get("unreachable") else ""
    return f"{notice['agreement']}  {about}  to {notice['recipient']}  (due {notice['due_on']}{late}{lost})"


def _where(notice: TriedNotice) -> str:
    return f"<{notice['address']}>" if notice["address"] else "in the day's mail"


def never() -> bool:
    """The ``stop`` of a pass that is not to be stopped."""
    return False


async def tick(
    place: Workplace,
    at: datetime,
    *,
    dry_run: bool = False,
    clock: Callable[[], datetime] | None = None,
    on_step: Callable[[str, int], None] = nothing,
) -> TickReport:
    """Plan and deliver once at the aware instant ``at``.

    ``clock`` is the running clock of a real tick: it records the heartbeat and is held back when it cannot be
    right. Without one the tick is a rehearsal at that instant: time stands still, the heartbeat is left alone,
    and no rate limits it, since a minute never passes.
    """
    report = TickReport(at.astimezone(UTC).isoformat(), dry_run)
    if clock and not dry_run:
        report.held = beat(place.engine, at)
    if report.held:
        return report
    plan_pass(place, at, report)
    if not dry_run:
        await deliver_pass(
            place, clock or (lambda: at), report, standing_still=clock is None, eager=True, on_step=on_step
        )
    report.stopped = why_stopped(place.engine)
    report.waiting = count_waiting(place.engine, at)
    return report


def plan_pass(place: Workplace, at: datetime, report: TickReport) -> None:
    """Write down what is owed at ``at``; first look at rules that have changed since the last time."""
    if not report.dry_run:
        take_in(place.engine, place.rulebook, at, report.alarms)
        settings = place.settings
        heads = heads_file(settings)
        if notice_restored(
            place.engine, place.rulebook, letters_file(settings), read_heads(heads), at, place.instance,
            settings.send_hour,
        ):  # fmt: skip
            write_restored(place.engine, heads, at)
    done = plan(
        place.engine, place.rulebook, at, place.settings.send_hour, report.dry_run, place.settings.base_url
    )
    to = [notice.recipient for notice in done.planned] if report.dry_run else []
    nowhere = unreachable(place.engine, to, danish_day(at))
    report.planned += [
        _owed(notice) | ({"unreachable": notice.recipient in nowhere} if report.dry_run else {})
        for notice in done.planned
    ]
    if not report.dry_run:
        settings = place.settings
        ask_at_turn(place.engine, place.rulebook, at, settings.base_url)
        mails = plan_mondays(place.engine, place.rulebook, at, settings.send_hour, settings.base_url)
        report.planned += [_personal(notice) for notice in mails]
    report.superseded += done.superseded
    report.alarms += done.alarms


async def deliver_pass(
    place: Workplace,
    now: Callable[[], datetime],
    report: TickReport,
    *,
    stop: Callable[[], bool] = never,
    standing_still: bool = False,
    writes: bool = True,
    eager: bool = False,
    limit: int = MOST_LETTERS,
    lease: timedelta = LEASE,
    pauses: Sequence[float] = BRIEFLY,
    on_step: Callable[[str, int], None] = nothing,
) -> None:
    """Write what is owed and hand over what is due by ``now()``; without ``writes``, or with ``limit`` 0, only one of
    these. ``stop`` is asked between letters; a letter begun is finished."""
    tried: list[int] = []
    place = place.with_keys()

    def step(name: str, notice_id: int) -> None:
        if name == "recorded":
            tried.append(notice_id)
        on_step(name, notice_id)

    unlimited = standing_still or not place.settings.smtp_host  # the local inbox need not be spared
    async with place.mail(now) as target:
        done = await deliver(
            place.engine,
            place.letters,
            Wire(target),
            now,
            place.owner,
            instance=place.instance,
            stop=stop,
            limit=limit,
            writes=writes,
            eager=eager,
            overlap=not standing_still,
            lease=lease,
            window=place.settings.reminder_window,
            per_minute=0 if unlimited else place.settings.per_minute,
            hold_above=0 if unlimited else place.settings.hold_above,
            secret=place.secret,
            journal=place.settings.journal_maildir,
            pauses=pauses,
            hours=Hours(place.rulebook.days, place.settings.send_hour),
            on_step=step,
        )
    write_traces(place.engine, letters_file(place.settings), place.instance)
    seal_new(place.engine, now())
    report.alarms += done.alarms
    for notice in tried_notices(place.engine, tried):
        (report.sent if notice["state"] == "accepted" else report.deferred).append(notice)


def _personal(notice: Notice) -> dict[str, Any]:
    return {
        "key": notice.key,
        "agreement": notice.key.partition("|")[0],
        "letter": notice.letter,
        "deadline": None,
        "rung": "",
        "recipient": notice.recipient,
        "due_on": notice.due_on.isoformat(),
        "late": False,
        "history": False,
    }


def _owed(notice: Owed) -> dict[str, Any]:
    return {
        "key": notice.key,
        "agreement": notice.key.partition("|")[0],
        "letter": notice.letter.name,
        "deadline": notice.deadline.id if notice.deadline else None,
        "rung": notice.rung,
        "recipient": notice.recipient,
        "due_on": notice.due_on.isoformat(),
        "late": notice.late,
        "history": notice.history,
    }
