"""The daemon's life signs in the database: its newest tick, a clock that cannot be right, passes that fail."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import CursorResult, Engine, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from workflow.rules.days import COPENHAGEN
from workflow.storage.alarms import clear_alarms, raise_alarm
from workflow.storage.database import reading, writing
from workflow.storage.tables import AgreementRow, Alarm, Meta

MOST = timedelta(minutes=1)  # a clock may be this much wrong
BEYOND_BELIEF = timedelta(days=1)  # from here a jump makes every date wrong, and is not got over by waiting
_meta: Table = SQLModel.metadata.tables[str(Meta.__tablename__)]


def instance_of(engine: Engine) -> str:
    """This database's own name, chosen at random once: part of every Message-ID, never changed."""
    with writing(engine) as session:
        _put_first(session, "instance", secrets.token_hex(6))
        return str(_get(session, "instance"))


def last_tick(engine: Engine) -> datetime | None:
    """The newest tick of any daemon on this database (aware UTC); ``None`` before the first."""
    with reading(engine) as session:
        value = _get(session, "last_tick")
    return datetime.fromisoformat(value) if value else None


def beat(engine: Engine, at: datetime, jumped: timedelta = timedelta(0)) -> str:
    """Record a tick at ``at``; the Danish reason why nothing may be planned or sent now, or ``""``.

    ``jumped`` is how far the wall clock moved more than the time that really passed. A clock that jumped, or that
    is earlier than the newest tick, is not believed: an alarm is raised, and no letter is written by it.
    """
    with writing(engine) as session:
        value = _get(session, "last_tick")
        newest = datetime.fromisoformat(value) if value else None
        why = _why_not_believed(at, newest, jumped)
        if why:
            raise_alarm(session, "clock", "alarm", why, at)
        else:
            clear_alarms(session, "clock", at)
            if newest is None or at > newest:  # never by a clock that is not believed: it could not be undone
                _put(session, "last_tick", at.astimezone(UTC).isoformat())
    return why


def adopt_rules(engine: Engine, digest: str) -> bool:
    """Let the planner look at every agreement anew if the rules are not those of last time; whether they are not."""
    with writing(engine) as session:
        if _get(session, "rules") == digest:
            return False
        _put(session, "rules", digest)
        session.execute(update(AgreementRow).values(wake_on=date(1, 1, 1)))
    return True


def pass_failed(engine: Engine, what: str, error: str, at: datetime) -> None:
    """Raise the alarm of a pass that did not come to its end."""
    text = f"Dæmonens gennemløb »{what}« fejler: {error}. Det prøves igen ved næste gennemløb."
    with writing(engine) as session:
        raise_alarm(session, f"pass:{what}", "alarm", text, at)


def pass_works(engine: Engine, what: str, at: datetime) -> None:
    """Clear that alarm; ``what`` empty clears those of every pass."""
    with writing(engine) as session:
        clear_alarms(session, f"pass:{what}", at)


def open_alarms(engine: Engine) -> Sequence[Alarm]:
    """What a person must see, the newest first."""
    query = select(Alarm).where(col(Alarm.cleared_at).is_(None)).order_by(col(Alarm.raised_at).desc())
    with reading(engine) as session:
        return session.scalars(query).all()


def _why_not_believed(at: datetime, newest: datetime | None, jumped: timedelta) -> str:
    if newest and at < newest - MOST:
        local = newest.astimezone(COPENHAGEN)
        return (
            f"Uret går bagud: det er tidligere end seneste gennemløb ({local:%d.%m.%Y kl. %H.%M}). "
            "Intet sendes, før uret er rettet."
        )
    if abs(jumped) > MOST:
        seconds = round(jumped.total_seconds())
        until = (
            "i dette gennemløb"
            if abs(jumped) < BEYOND_BELIEF
            else "før uret er rettet, eller dæmonen genstartes"
        )
        return f"Uret sprang {seconds:+d} sekunder. Intet sendes {until}. Se uret efter."
    return ""


def _get(session: Session, key: str) -> str | None:
    return session.execute(select(_meta.c.value).where(_meta.c.key == key)).scalar_one_or_none()


def _put(session: Session, key: str, value: str) -> None:
    changed = session.execute(update(_meta).where(_meta.c.key == key).values(value=value))
    assert isinstance(changed, CursorResult)
    if changed.rowcount == 0:
        _put_first(session, key, value)


def _put_first(session: Session, key: str, value: str) -> None:
    """Write ``key`` unless it is there: two daemons may start on one database at the same time."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(_meta).values(key=key, value=value).on_conflict_do_nothing())
