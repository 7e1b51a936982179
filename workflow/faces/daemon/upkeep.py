"""The passes beside planning and delivering: tell the operator, take in what came back."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DataError

from workflow.faces.daemon.workplace import Workplace, channels, heads_file
from workflow.mail.sending.maildir import PARTS, prune, seen, unseen
from workflow.services.delivery.bounces import Taken, set_aside, take_bounce
from workflow.services.keeping.heads import write_heads
from workflow.services.keeping.retention import Periods, done_today, forget_due
from workflow.services.people.contacts.contacts import watch_contacts
from workflow.services.people.programs import watch_tokens
from workflow.services.watch.alive import say_alive, tell_heads
from workflow.services.watch.telling import tell_alarms
from workflow.settings import Settings
from workflow.storage.facts.projection import UNWORKABLE

_log = logging.getLogger("aftale.keeping")
# what one mail can be made to raise, and no other mail is the worse for
POISON = (DataError, UnicodeError, RecursionError, AttributeError, AssertionError, OverflowError)


async def tell_pass(place: Workplace, at: datetime) -> None:
    """Alarms by the second channel, the weekly sign of life; the chains' heads, and once a day who has no mailbox.

    First what needs no rules: an agreement that cannot be worked out must not keep an alarm from going out."""
    ways = channels(place.settings)
    await tell_alarms(place.engine, ways, at, place.instance)
    new = await asyncio.to_thread(write_heads, place.engine, heads_file(place.settings), at)
    await tell_heads(place.engine, ways, new, at, place.instance)
    await asyncio.to_thread(watch_contacts, place.engine, place.rulebook, at)
    await asyncio.to_thread(watch_tokens, place.engine, at)
    await asyncio.to_thread(forget_pass, place, at)
    await say_alive(place.engine, place.rulebook, ways, at, place.instance, place.settings.send_hour)


def forget_pass(place: Workplace, at: datetime) -> dict[str, int]:
    """Once a Danish day: remove what is about persons and whose time is over, and the files of mails whose letters and
    returns stand in the database."""
    if done_today(place.engine, at):
        return {}
    removed = forget_due(place.engine, periods_of(place.settings), at)
    before = at - timedelta(days=place.settings.keep_mail_files_days)
    for kind, folder, parts in (
        ("return files", place.settings.bounce_maildir, ("cur",)),  # what is in new was not read yet
        ("journal files", place.settings.journal_maildir, PARTS),
    ):
        if folder and (gone := prune(folder, before, parts)):
            removed[kind] = gone
    if removed:
        said = ", ".join(f"{kind} {count}" for kind, count in removed.items())
        _log.info("removed what was due: %s", said, extra={"action": "retention"})
    return removed


def periods_of(settings: Settings) -> Periods:
    """How long what is kept, as the settings have it."""
    return Periods(
        settings.keep_people_days, settings.keep_mailboxes_days, settings.keep_returns_days,
        settings.keep_trials_days, settings.keep_alarms_days, settings.keep_trail_days,
        settings.keep_letters_days,
    )  # fmt: skip


def bounce_pass(place: Workplace, at: datetime) -> list[Taken]:
    """Take in what lies in the maildir; each mail is marked as seen once it is recorded. One about an agreement that
    cannot be worked out stays, and what it raises is raised at the end: the others go on. One that breaks the reading
    is set aside by its name, with an alarm."""
    folder = place.settings.bounce_maildir
    if folder is None:
        return []
    taken, failed = [], None
    for path, raw in unseen(folder):
        try:
            taken.append(take_one(place, raw, at))
        except POISON as error:
            set_aside(place.engine, seen(folder, path, flagged=True).name, error, at)
            continue
        except UNWORKABLE as error:
            failed = failed or error
            continue
        seen(folder, path)
    if failed:
        raise failed
    return taken


def take_or_keep(place: Workplace, raw: bytes, at: datetime) -> Taken | Path:
    """Take in one mail that a mail server hands over, or keep one that breaks the reading: the file it lies in."""
    try:
        return take_one(place, raw, at)
    except POISON as error:  # refused, the mail server would bring it again for days
        folder = place.settings.data_dir / "returns-set-aside"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{hashlib.sha256(raw).hexdigest()[:16]}.eml"
        path.write_bytes(raw)
        set_aside(place.engine, str(path), error, at)
        return path


def take_one(place: Workplace, raw: bytes, at: datetime) -> Taken:
    """Take in one mail that came back."""
    bounce = place.letters.envelope_from
    return take_bounce(place.engine, place.rulebook, raw, at, bounce=bounce, secrets=place.keys.returns(at))
