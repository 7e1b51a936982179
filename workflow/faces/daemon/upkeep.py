"""The passes beside planning and delivering: tell the operator, take in what came back."""

from __future__ import annotations

import asyncio
from datetime import datetime

from workflow.faces.daemon.workplace import Workplace, channels, heads_file
from workflow.mail.maildir import seen, unseen
from workflow.services.delivery.bounces import Taken, take_bounce
from workflow.services.keeping.heads import write_heads
from workflow.services.people.contacts import watch_contacts
from workflow.services.watch.alive import say_alive
from workflow.services.watch.telling import tell_alarms


async def tell_pass(place: Workplace, at: datetime) -> None:
    """Alarms by the second channel, the weekly sign of life; once a day who has no mailbox and the journals' heads."""
    await asyncio.to_thread(watch_contacts, place.engine, place.rulebook, at)
    ways = channels(place.settings)
    await tell_alarms(place.engine, ways, at, place.instance)
    await say_alive(place.engine, place.rulebook, ways, at, place.instance, place.settings.send_hour)
    await asyncio.to_thread(write_heads, place.engine, heads_file(place.settings), at)


def bounce_pass(place: Workplace, at: datetime) -> list[Taken]:
    """Take in what lies in the maildir; each mail is marked as seen once it is recorded."""
    folder = place.settings.bounce_maildir
    if folder is None:
        return []
    taken = []
    for path, raw in unseen(folder):
        taken.append(take_one(place, raw, at))
        seen(folder, path)
    return taken


def take_one(place: Workplace, raw: bytes, at: datetime) -> Taken:
    """Take in one mail that came back."""
    bounce = place.letters.envelope_from
    return take_bounce(place.engine, place.rulebook, raw, at, bounce=bounce, secret=place.secret)
