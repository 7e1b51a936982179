"""A letter that was handed over and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from tests.mail.returned import dsn
from tests.post import notices
from tests.services.lived import EVENING, RETURN, SECRET, rules
from workflow.mail.verp import verp
from workflow.services.delivery.bounces import Taken, take_bounce
from workflow.services.watch.heartbeat import beat
from workflow.services.watch.reckoning import Finding, reckon
from workflow.storage.database import connect, reading
from workflow.storage.tables import Alarm, Contact, Notice

NEXT_DAY = EVENING + timedelta(hours=16)


@pytest.fixture
def engine(lived_url: str) -> Iterator[Engine]:
    engine = connect(lived_url)
    yield engine
    engine.dispose()


def take(engine: Engine, raw: bytes, at: datetime = NEXT_DAY, bounce: str = RETURN) -> Taken:
    return take_bounce(engine, rules(), raw, at, bounce=bounce, secrets=[SECRET])


def pending(engine: Engine) -> Notice:
    """A reminder to Aalborg that was handed over."""
    return next(n for n in notices(engine) if n.letter == "council-pending" and n.recipient == "0851/council")


def failed(sent: Notice, **more: str) -> bytes:
    """The report that a letter did not get through, with our own token."""
    return dsn(verp(RETURN, sent.message_id, SECRET), recipient=sent.address, **more)


def reckoned(engine: Engine, at: datetime) -> list[Finding]:
    beat(engine, at)
    return reckon(engine, rules(), at)


def struck_off(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Contact.email).where(Contact.refused_at.is_not(None))))  # type: ignore[union-attr, call-overload]


def count(engine: Engine, table: type) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def alarm_of(engine: Engine, sent: Notice) -> str:
    """What is told of a mailbox that does not exist: once for all the letters that come back from it."""
    with reading(engine) as session:
        return session.scalars(select(Alarm.text).where(Alarm.key == f"address:{sent.address}")).one()  # type: ignore[call-overload, no-any-return]
