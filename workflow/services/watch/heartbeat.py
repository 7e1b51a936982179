"""The daemon's life signs in the database: its newest tick, a clock that cannot be right, passes that fail."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Row, select
from sqlmodel import Session, col

from workflow.language import phrase
from workflow.rules.days import COPENHAGEN
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.tables import Alarm, FactRow

MOST = timedelta(minutes=1)  # a clock may be this much wrong
BEYOND_BELIEF = timedelta(days=1)  # from here a jump makes every date wrong, and is not got over by waiting
LONG_AWAY = timedelta(
    days=90
)  # nobody lets a daemon rest so long: the clock is wrong, or a person must look first


def instance_of(engine: Engine) -> str:
    """This database's own name, chosen at random once: part of every Message-ID, never changed."""
    if found := find_instance(engine):
        return found
    with writing(engine) as session:
        meta.put_first(session, "instance", secrets.token_hex(6))
        return str(meta.get(session, "instance"))


def find_instance(engine: Engine) -> str:
    """That name, or ``""`` before it was chosen; writes nothing."""
    with reading(engine) as session:
        return meta.get(session, "instance") or ""


def last_tick(engine: Engine) -> datetime | None:
    """The newest tick of any daemon on this database (aware UTC); ``None`` before the first."""
    with reading(engine) as session:
        value = meta.get(session, "last_tick")
    return datetime.fromisoformat(value) if value else None


def beat(engine: Engine, at: datetime, jumped: timedelta = timedelta(0), host: str = "") -> str:
    """Record a tick at ``at``; the Danish reason why nothing may be planned or sent now, or ``""``.

    ``jumped`` is how far the wall clock moved more than the time that really passed. A clock that jumped, that is
    earlier than the newest tick or fact, or months later than the tick, is not believed: an alarm is raised, and no
    letter is written by it until it is right again or a person vouches for it. ``host`` names the machine where there
    are many: the clock of one says nothing of the others'.
    """
    alarm = f"clock ({host})" if host else "clock"
    with writing(engine) as session:
        value = meta.get(session, "last_tick")
        newest = datetime.fromisoformat(value) if value else None
        why = _why_not_believed(at, newest, _recorded(session), jumped)
        if why:
            raise_alarm(session, alarm, "alarm", f"{host}: {why}" if host else why, at)
        else:
            clear_alarms(session, alarm, at)
            if newest is None or at > newest:  # never by a clock that is not believed: it could not be undone
                meta.put(session, "last_tick", at.astimezone(UTC).isoformat())
    return why


def vouch(engine: Engine, at: datetime) -> None:
    """A person says that ``at`` is the right time: later ticks are measured against it."""
    with writing(engine) as session:
        clear_alarms(session, "clock", at)
        if meta.get(session, "last_tick"):
            meta.put(session, "last_tick", at.astimezone(UTC).isoformat())
        if fact := _newest_fact(session):
            meta.put(session, "vouched_fact", str(fact.id))


def pass_failed(engine: Engine, what: str, error: str, at: datetime) -> None:
    """Raise the alarm of a pass that did not come to its end."""
    text = phrase(
        "Dæmonens gennemløb »%(what)s« fejler: %(error)s. Det prøves igen ved næste gennemløb.",
        what=what,
        error=error,
    )
    with writing(engine) as session:
        raise_alarm(session, f"pass:{what}", "alarm", text, at)


def pass_works(engine: Engine, what: str, at: datetime) -> None:
    """Clear that alarm; ``what`` empty clears those of every pass."""
    with writing(engine) as session:
        clear_alarms(session, f"pass:{what}", at)


def remember_outage(engine: Engine, text: str, began: datetime, ended: datetime) -> None:
    """Leave a trace of a time in which the database could not be used: an alarm that is over."""
    with writing(engine) as session:
        raise_alarm(session, "database", "alarm", text, began)
        session.flush()
        clear_alarms(session, "database", ended)


def open_alarms(engine: Engine) -> Sequence[Alarm]:
    """What a person must see, the newest first."""
    query = select(Alarm).where(col(Alarm.cleared_at).is_(None)).order_by(col(Alarm.raised_at).desc())
    with reading(engine) as session:
        return session.scalars(query).all()


def newest_stamp(engine: Engine) -> datetime | None:
    """The newest instant this database knows of, a tick or a fact: no right clock is earlier (aware UTC)."""
    with reading(engine) as session:
        recorded = _recorded(session)
    return max((known for known in (last_tick(engine), recorded) if known), default=None)


def _recorded(session: Session) -> datetime | None:
    """When the newest fact was recorded; ``None`` when a person has since vouched for the clock."""
    fact = _newest_fact(session)
    if fact is None or fact.id <= int(meta.get(session, "vouched_fact") or 0):
        return None
    recorded: datetime = fact.recorded_at
    return recorded


def _newest_fact(session: Session) -> Row[tuple[int, datetime]] | None:
    query = select(col(FactRow.id), col(FactRow.recorded_at)).order_by(col(FactRow.id).desc()).limit(1)
    return session.execute(query).first()


def _why_not_believed(
    at: datetime, newest: datetime | None, recorded: datetime | None, jumped: timedelta
) -> str:
    for known, what in (
        (newest, phrase("seneste gennemløb")),
        (recorded, phrase("den seneste registrering")),
    ):
        if known and at < known - MOST:
            local = known.astimezone(COPENHAGEN)
            return phrase(
                "Uret går bagud: det er tidligere end %(what)s (%(local)s). Intet sendes, før uret er "
                "rettet, eller nogen har set efter: aftale outbox release --all.",
                what=what,
                local=format(local, "%d.%m.%Y kl. %H.%M"),
            )
    if newest and at - newest > LONG_AWAY:
        local = newest.astimezone(COPENHAGEN)
        return phrase(
            "Seneste gennemløb var %(local)s: uret er forkert, eller programmet har stået stille i "
            "%(days)s dage. Intet sendes, før nogen har set efter: aftale outbox release --all.",
            local=format(local, "%d.%m.%Y"),
            days=(at - newest).days,
        )
    if abs(jumped) > MOST:
        seconds = round(jumped.total_seconds())
        until = (
            phrase("i dette gennemløb")
            if abs(jumped) < BEYOND_BELIEF
            else phrase("før uret er rettet, eller dæmonen genstartes")
        )
        return phrase(
            "Uret sprang %(seconds)s sekunder. Intet sendes %(until)s. Se uret efter.",
            seconds=format(seconds, "+d"),
            until=until,
        )
    return ""
