"""Alarms go to the operator by a second channel, each once, tried again until one channel takes it.

The log is the last resort and always has them; the database keeps what has been told, so that a restart tells nothing
twice. Warnings stay on the status page.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, or_, select, update
from sqlmodel import col

from workflow.errors import DeliveryError
from workflow.mail.sending.channels import Channel, Telling
from workflow.mail.sending.retry import backoff
from workflow.storage.database import reading, writing
from workflow.storage.tables import Alarm

LOUD = ("alarm", "person")
AT_ONCE = 20  # messages a pass; a storm of alarms must not take hours of it
_log = logging.getLogger("aftale.alarms")


async def tell_alarms(engine: Engine, channels: Sequence[Channel], at: datetime, instance: str) -> int:
    """Tell every open alarm that has not been told; how many were taken by a channel. ``instance`` is the database's
    name, part of each message's id."""
    query = (
        select(Alarm)
        .where(
            col(Alarm.cleared_at).is_(None),
            col(Alarm.told_at).is_(None),
            col(Alarm.level).in_(LOUD),
            or_(col(Alarm.tell_at).is_(None), col(Alarm.tell_at) <= at),
        )
        .order_by(col(Alarm.id))
        .limit(AT_ONCE)
    )
    if not channels:
        return 0
    with reading(engine) as session:
        waiting = session.scalars(query).all()
    told = 0
    for alarm in waiting:
        telling = Telling(
            alarm.key,
            alarm.level,
            "Aftalefrist: alarm",
            alarm.text,
            alarm.raised_at,
            f"{instance}/{alarm.id}",
        )
        taken = await tell_one(channels, telling)
        told += taken
        tries = alarm.tell_tries + 1
        values = {"told_at": at} if taken else {"tell_at": at + backoff(tries, 0)}
        with writing(engine) as session:
            session.execute(update(Alarm).where(col(Alarm.id) == alarm.id).values(tell_tries=tries, **values))
        if not taken:
            break  # the next would wait for the same dead channel
    return told


async def tell_one(channels: Sequence[Channel], telling: Telling) -> bool:
    """Try every channel; whether one took it. What failed is logged."""
    taken = False
    for channel in channels:
        try:
            await channel.tell(telling)
            taken = True
        except (OSError, ValueError, DeliveryError) as error:
            _log.error(
                "%s did not take the alarm %s: %s",
                type(channel).__name__,
                telling.key,
                error,
                extra={"action": "alarm.channel-failed"},
            )
    if not taken:
        _log.critical("no channel took this: %s", telling.text, extra={"action": "alarm.untold"})
    return taken
