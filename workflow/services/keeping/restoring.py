"""After a backup was restored: sending is held, and a person is shown what the older database does not know.

What was planned since the copy is planned again at once, and so is known before anything is released: every letter that
was owed by then may have gone out before the loss, so it is marked uncertain and goes only by a person's word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlmodel import col

from workflow.language import phrase
from workflow.mail.writing.mime import message_id
from workflow.rules.days import COPENHAGEN, spoken
from workflow.services.delivery.handling import OpenNotice, hold_everything, list_open
from workflow.services.keeping.heads import Head
from workflow.services.keeping.traces import Trace, forgotten, read_traces
from workflow.services.keeping.verifying import Broken, verify
from workflow.services.planning.reminders import plan
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.alarms import raise_alarm
from workflow.storage.tables import FactRow, Notice
from workflow.values import dataclass, field, replace

UNSENT = ("planned", "ready", "claimed", "intent", "refused", "unanswered")
MAYBE_SENT = ("planned", "ready", "claimed", "intent", "refused")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the restored database says, against what may have happened since. ``newest_at`` is its last stamp; the
    letters in ``waiting`` wait for a person's word, since they may have gone out before the loss; ``sent`` are the
    numbers of those that ``letters.log`` says went out; ``lost`` are journals of which a later head is known."""

    newest_at: datetime | None
    waiting: list[OpenNotice] = field(default_factory=list)
    lost: list[Broken] = field(default_factory=list)
    sent: dict[int, str] = field(default_factory=dict)


def reconcile(
    engine: Engine, rulebook: Rulebook, logged: Iterable[Head], by: str, at: datetime, *,
    send_hour: int = 8, traces: Iterable[Trace] = (), instance: str = "",
) -> Comparison:  # fmt: skip
    """Hold all sending at ``at``, plan what is owed by then, let it all wait for a person, and compare.

    ``logged`` are the heads and ``traces`` the letters written down outside the database, ``instance`` its name."""
    hold_everything(engine, phrase("databasen er genskabt fra en sikkerhedskopi og skal ses efter"), by, at)
    told = {trace.message_id: trace for trace in traces}
    newest = _newest(engine)
    plan(engine, rulebook, at, send_hour)
    copy = spoken_instant(newest) if newest else phrase("før den første linje")
    with writing(engine) as session:
        doubtful = session.scalars(select(Notice).where(col(Notice.state).in_(MAYBE_SENT))).all()
        for notice in doubtful:
            trace = told.get(notice.message_id or message_id(instance, notice.key))
            notice.state, notice.uncertain, notice.owner, notice.lease_until = "unanswered", True, "", None
            notice.why = phrase(
                "databasen er genskabt fra en kopi fra %(copy)s; brevet kan være sendt siden", copy=copy
            )
            if trace:
                sent_at = spoken_instant(datetime.fromisoformat(trace.at))
                notice.why = phrase(
                    "sendt %(sent_at)s ifølge letters.log, før databasen blev genskabt fra en kopi fra "
                    "%(copy)s",
                    sent_at=sent_at,
                    copy=copy,
                )
        meta.put(session, "traces_settled", max((t.at for t in told.values()), default=""))
    return replace(compare(engine, logged), newest_at=newest)


def notice_restored(
    engine: Engine, rulebook: Rulebook, file: Path, logged: Iterable[Head], at: datetime, instance: str,
    send_hour: int = 8,
) -> bool:  # fmt: skip
    """Whether the database turned out to be an older copy that nobody said was put back (``cp``, a snapshot): then it
    is treated as :func:`reconcile` does, with an alarm. Asked before anything is planned or sent."""
    newest = forgotten(engine, file, instance)
    if newest is None:
        return False
    traces = read_traces(file, instance)
    reconcile(
        engine, rulebook, logged, "Aftalefrist", at, send_hour=send_hour, traces=traces, instance=instance
    )
    text = phrase(
        "Databasen er en ældre kopi: letters.log kender breve, som den ikke ved er sendt, senest "
        "fra %(taken)s. Al afsendelse er standset. Se brevene igennem: aftale history "
        "list; slip derefter resten: aftale outbox release --all",
        taken=spoken_instant(datetime.fromisoformat(newest.at)),
    )
    with writing(engine) as session:
        raise_alarm(session, "outbox:restored", "alarm", text, at)
    return True


def spoken_instant(at: datetime) -> str:
    """``"2. november 2026 kl. 8.05"``, Danish time."""
    local = at.astimezone(COPENHAGEN)
    return f"{spoken(local.date(), False)} kl. {local.hour}.{local:%M}"


def compare(engine: Engine, logged: Iterable[Head]) -> Comparison:
    """The comparison alone; changes nothing."""
    waiting = [notice for notice in list_open(engine, "unanswered") if notice["state"] in UNSENT]
    sent = {notice["id"]: notice["why"] for notice in waiting if notice["why"].startswith("sendt ")}
    return Comparison(_newest(engine), waiting, verify(engine, None, logged)[1], sent)


def _newest(engine: Engine) -> datetime | None:
    """The last stamp in the database."""
    with reading(engine) as session:
        stamps = [
            session.scalar(select(func.max(column)))
            for column in (col(FactRow.recorded_at), col(Notice.planned_at), col(Notice.accepted_at))
        ]
    return max((_aware(stamp) for stamp in stamps if stamp), default=None)


def _aware(stamp: datetime) -> datetime:
    """SQLite's max() of a column loses its zone on the way."""
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
