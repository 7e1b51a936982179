"""The weekly message that the daemon runs, with what comes next and the heads of the journals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine

from workflow.language import full, phrase
from workflow.mail.sending.channels import Channel, Telling, Webhook
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.rules.endings import coming_on
from workflow.services.due.dates import next_date
from workflow.services.keeping.heads import Head, heads
from workflow.services.views.overview import count_waiting, next_letter_at
from workflow.services.views.status import workable
from workflow.services.watch.heartbeat import open_alarms
from workflow.services.watch.telling import tell_one
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.law.rulebook import Rulebook

EVERY_DAYS = 7


async def say_alive(
    engine: Engine,
    rulebook: Rulebook,
    channels: Sequence[Channel],
    at: datetime,
    instance: str,
    send_hour: int,
) -> bool:
    """Say it once a week, at the send hour (Danish time) or later; whether it was said now. Tried again at the next
    pass when no channel took it. ``instance`` is the database's name."""
    local = at.astimezone(COPENHAGEN)
    with reading(engine) as session:
        last = meta.get(session, "alive_on")
    if not channels or local.hour < send_hour:
        return False
    if last and (local.date() - date.fromisoformat(last)).days < EVERY_DAYS:
        return False
    week = f"{instance}/alive/{local.date()}"
    text = alive_text(engine, rulebook, at)
    if not await tell_one(channels, Telling("alive", "alive", phrase("Aftalefrist kører"), text, at, week)):
        return False
    with writing(engine) as session:
        meta.put(session, "alive_on", local.date().isoformat())
    return True


async def tell_heads(
    engine: Engine, channels: Sequence[Channel], new: Sequence[Head], at: datetime, instance: str
) -> None:
    """Tell the second channel the heads that were written now: a program each time, a person's mailbox once a Danish
    day. What no channel took stands in the file, and goes along with the next."""
    today = danish_day(at).isoformat()
    with reading(engine) as session:
        told_today = (meta.get(session, "heads_told") or "") >= today
    ways = [way for way in channels if isinstance(way, Webhook)] if told_today else channels
    if not new or not ways:
        return
    text = "\n".join(
        [phrase("Kædernes hoveder (gem dem):"), *(f"- {h.key} {h.count} {h.digest}" for h in new)]
    )
    telling = Telling(
        "heads", "heads", "Aftalefrist: hoveder", text + "\n", at, f"{instance}/heads/{at:%Y%m%d%H}"
    )
    if await tell_one(ways, telling) and not told_today:
        with writing(engine) as session:
            meta.put(session, "heads_told", today)


def alive_text(engine: Engine, rulebook: Rulebook, at: datetime) -> str:
    """The message in Danish; its last lines are the journals' heads."""
    today = danish_day(at)
    found, broken = workable(engine, rulebook, today)
    coming = [
        (on, standing.agreement.key, deadline.title)
        for standing in found
        if (deadline := next_date(standing, standing.rules)) and (on := coming_on(deadline, today))
    ]
    letter = next_letter_at(engine)
    lines = [phrase("Aftalefrist kører. Det er %(today)s.", today=full(today)), ""]
    if letter:
        lines.append(
            phrase(
                "Næste brev: %(at)s.",
                at=format(letter.astimezone(COPENHAGEN), "%d.%m.%Y kl. %H.%M"),
            )
        )
    if coming:
        on, key, title = min(coming)
        lines.append(phrase("Næste frist: %(title)s, %(key)s, %(on)s.", title=title, key=key, on=full(on)))
    else:
        lines.append(phrase("Der er ingen kommende frist."))
    lines += [
        phrase("Kan ikke regnes efter: %(where)s: %(problem)s", where=one.where, problem=one.problem)
        for one in broken
    ]
    lines.append(
        phrase(
            "Breve, der venter: %(letters)s. Åbne alarmer: %(alarms)s.",
            letters=count_waiting(engine, at),
            alarms=len(open_alarms(engine)),
        )
    )
    lines += [
        "",
        phrase("Kommer denne besked ikke i otte dage, så se efter."),
        "",
        "Journalernes hoveder (gem dem):",
    ]
    lines += [f"- {head.key} {head.count} {head.digest}" for head in heads(engine, at)]
    return "\n".join(lines) + "\n"
