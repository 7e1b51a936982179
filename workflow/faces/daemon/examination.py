"""What ``aftale doctor`` looks at: everything the daemon needs, each with its verdict and the cure."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from workflow.errors import AftaleError, Misconfigured, Unreachable
from workflow.faces.daemon.workplace import (
    Workplace,
    channels,
    handed_over,
    link_secret,
    mail_target,
    open_workplace,
    sign_in,
)
from workflow.mail.sending import dnsreport
from workflow.mail.sending.maildir import count, unseen
from workflow.mail.sending.smtp import Wire
from workflow.mail.sending.target import loopback
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.services.delivery.handling import why_stopped
from workflow.services.keeping.verifying import verify
from workflow.services.law.unsigned import SIGNED, lacking
from workflow.services.people.contacts.contacts import coverage
from workflow.services.views.status import workable
from workflow.services.watch.heartbeat import LONG_AWAY, MOST, last_tick, newest_stamp, open_alarms
from workflow.settings import PLACEHOLDER, Settings
from workflow.settings import load as load_settings
from workflow.storage import jobs, meta
from workflow.storage.database import MOVED_CURE, reading, sqlite_path
from workflow.storage.migrations import HEAD
from workflow.storage.shape import differences
from workflow.storage.troubles import as_told, said_by
from workflow.values import dataclass

LITTLE = 200_000_000  # bytes; less free disk is told as ill
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. ``verdict``: ok, note, ill, unreachable or misconfigured."""

    check: str
    verdict: str
    said: str


class Ill(Exception):
    """A check found something wrong that is no setting; ``verdict`` as in :class:`Finding`."""

    def __init__(self, said: str, verdict: str = "ill") -> None:
        super().__init__(said)
        self.verdict = verdict


def examine(db: str | None, at: datetime) -> list[Finding]:
    """Every check at the aware instant ``at``, in the order in which they need each other. Sends nothing."""
    try:
        settings = load_settings(db=db)
    except Misconfigured as error:
        return [Finding("settings", "misconfigured", str(error))]
    found = [
        Finding("settings", "ok", f"data in {settings.data_dir}"),
        _look("disk", lambda: _disk(settings)),
    ]
    try:
        with open_workplace(settings, reads_only=True) as place:
            names = ", ".join(regime.instrument for regime in place.rulebook.law.regimes)
            found += [
                _look("database", lambda: _database(place)),
                _look("schema", lambda: _schema(place)),
                _look("daemons", lambda: _daemons(place)),
                Finding("rules", "ok", f"{names} (digest {place.rulebook.digest[:12]})"),
                _look("law", lambda: _law(place)),
                Finding("templates", "ok", f"{len(place.letters.names())} letters"),
            ]
            found += [_look(name, check) for name, check in _checks(place, at)]
            return found
    except Unreachable as error:
        found.append(Finding("database", "unreachable", str(error)))
    except AftaleError as error:
        found.append(Finding("database, rules or templates", "misconfigured", str(error)))
    except (DBAPIError, OSError) as error:  # it opens and cannot be read: the cause is what is asked for
        found.append(Finding("database", "ill", str(as_told(error) or said_by(error))))
    return found + [_look(name, check) for name, check in _outside(settings, at)]


def _outside(settings: Settings, at: datetime) -> list[tuple[str, Callable[[], str]]]:
    """What needs no database, so that one fault hides no other."""
    return [
        ("relay", lambda: _relay(settings, at)),
        ("dns", lambda: _dns(settings)),
        ("contact", lambda: _contact(settings)),
        ("bounces", lambda: _bounces(settings)),
        ("journal mailbox", lambda: _journal_mailbox(settings)),
        ("second channel", lambda: _second(settings)),
    ]


def _checks(place: Workplace, at: datetime) -> list[tuple[str, Callable[[], str]]]:
    return [
        ("journal", lambda: _journal(place)),
        ("contacts", lambda: _contacts(place, at)),
        ("links", lambda: _links(place)),
        *_outside(place.settings, at),
        ("clock", lambda: _clock(place, at)),
        ("last tick", lambda: _tick(place, at)),
        ("sending", lambda: _sending(place)),
        ("alarms", lambda: _alarms(place)),
    ]


def _look(name: str, check: Callable[[], str]) -> Finding:
    try:
        said = check()
    except Ill as found:
        return Finding(name, found.verdict, str(found))
    except Misconfigured as error:
        return Finding(name, "misconfigured", str(error))
    except Unreachable:
        raise
    except AftaleError as error:  # what is stored cannot be read as the law has it: an edited journal, say
        return Finding(name, "ill", f"cannot be told: {error}")
    return Finding(name, "note" if said.startswith("NOTE") else "ok", said.removeprefix("NOTE "))


def _disk(settings: Settings) -> str:
    folder = next(f for f in (settings.data_dir, *settings.data_dir.parents) if f.exists())
    free = shutil.disk_usage(folder).free
    if free < LITTLE:
        raise Ill(f"{free // 1_000_000} MB free at {folder}: make room, or letters stop being written")
    return f"{free // 1_000_000} MB free at {folder}"


def _database(place: Workplace) -> str:
    with reading(place.engine) as session:
        if where := meta.get(session, "moved"):
            raise Misconfigured("database", f"everything in it was moved to {where}", MOVED_CURE)
    return place.settings.shown_db


def _law(place: Workplace) -> str:
    """Which rules no lawyer has signed, and which dates have no words of the law behind them."""
    said = lacking(place.rulebook)
    return f"NOTE {said}" if said else SIGNED


def _schema(place: Workplace) -> str:
    with place.engine.connect() as connection:
        if found := differences(connection):
            raise Ill(f"its tables are not those of this program: {'; '.join(found[:5])}; see aftale upgrade")
    return f"{HEAD}, and every table has the shape of this program"


def _daemons(place: Workplace) -> str:
    if sqlite_path(place.settings.db):
        return "one may work on this file"
    jobs.require(place.engine)
    count = jobs.live_workers(place.engine)
    at_work = f"{count} workers, two a daemon, share this database"
    return at_work if count else "NOTE none is at work: aftale daemon"


def _journal(place: Workplace) -> str:
    count, broken = verify(place.engine, None)
    if broken:
        bad = broken[0]
        raise Ill(f"{bad.agreement}, row {bad.no}: {bad.why}; see aftale verify, restore a backup")
    return f"{count} chains whole"


def _contacts(place: Workplace, at: datetime) -> str:
    today = danish_day(at)
    for one in workable(place.engine, place.rulebook, today)[1]:
        raise Ill(f"cannot be told: {one}")
    if missing := coverage(place.engine, place.rulebook, today):
        few = ", ".join(missing[:5])
        raise Ill(f"{len(missing)} functions have no live contact ({few}): aftale contacts import")
    return "every function of every open agreement can be written to"


def _links(place: Workplace) -> str:
    if not place.keys.newest:
        return "NOTE no secret signs links yet; it is made at the first start"
    if place.keys.was_inside:
        return (
            "NOTE their key lay in the database before it was moved out, so it lies in older copies: aftale link "
            "rotate, when no council is just being asked"
        )
    return f"signed by the secret of {link_secret(place.settings).place}"


def _relay(settings: Settings, at: datetime) -> str:
    if not settings.smtp_host:
        return f"NOTE {mail_target(settings)}"

    async def knock() -> str:
        async with handed_over(settings, sign_in(settings, lambda: at), lambda: at) as target:
            wire = Wire(target)
            answer = await wire.knock()
            await wire.close()
        if answer.kind != "accepted":
            said = f"{answer.code} {answer.text}".removeprefix("0 ")
            raise Ill(f"{mail_target(settings)} fails at {answer.verb}: {said}", "unreachable")
        return f"{mail_target(settings)} would take a letter"

    return asyncio.run(knock())


def _dns(settings: Settings) -> str:
    if settings.sender == PLACEHOLDER:
        return "NOTE no sender of your own yet, so there is nothing to look up"
    domain = settings.sender.rpartition("@")[2]
    back = (settings.bounce or settings.sender).rpartition("@")[2]
    relay = "" if loopback(settings.smtp_host) else settings.smtp_host
    dkim = f"whether the relay signs with DKIM for {domain} is seen in a prøvemail (aftale contacts test ADDRESS)"
    try:
        well, ill = dnsreport.report(domain.strip(">"), back.strip(">"), relay)
    except dnsreport.Silent:
        pass
    else:
        return f"NOTE {'; '.join([*ill, *well, dkim])}" if ill else "; ".join([*well, dkim])
    return (
        f"NOTE no name server answers; look up yourself: "
        f"TXT {back} must name your relay (v=spf1 ...), the relay must sign with DKIM for "
        f"{domain}, TXT _dmarc.{domain} must exist, and MX {back} must lead to where bounces are read"
    )


def _contact(settings: Settings) -> str:
    nobody = "NOTE nobody to tell of a hole in the site, so there is no security.txt: set reply_to or sender"
    return f"security.txt names {settings.contact}" if settings.contact else nobody


def _bounces(settings: Settings) -> str:
    if settings.bounce_maildir is None:
        return "NOTE nobody reads what comes back: set bounce_maildir, or pipe it into aftale bounce"
    waiting = sum(1 for _ in unseen(settings.bounce_maildir))
    if "{notice}" not in settings.bounce:
        return "NOTE bounce holds no {notice}: a return address cannot be told from a forged one"
    return f"{settings.bounce_maildir}, {waiting} not yet seen"


def _journal_mailbox(settings: Settings) -> str:
    if settings.journal_maildir is None:
        return "NOTE none: a letter in doubt is sent again without being looked for; set journal_maildir"
    if not (copies := count(settings.journal_maildir)):
        return f"NOTE {settings.journal_maildir} is empty: does the relay put a copy of everything there?"
    return f"{settings.journal_maildir}, {copies} copies"


def _second(settings: Settings) -> str:
    found = channels(settings)
    if not found:
        return "NOTE alarms stay in the log and on the page: set alarm_smtp_host and alarm_smtp_to, or alarm_webhook"
    return ", ".join(type(channel).__name__ for channel in found)


def _clock(place: Workplace, at: datetime) -> str:
    newest, known = last_tick(place.engine), newest_stamp(place.engine)
    if known and at < known - MOST:
        raise Ill(f"it is earlier than the newest tick or fact ({_danish(known)}): set the clock")
    if newest and at - newest > LONG_AWAY:
        raise Ill(
            f"{(at - newest).days} days since the newest tick: is the clock right? Then outbox release --all"
        )
    return _danish(at)


def _danish(at: datetime) -> str:
    return f"{at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M} in Denmark"


def _tick(place: Workplace, at: datetime) -> str:
    newest = last_tick(place.engine)
    if newest is None:
        return "NOTE no daemon has run on this database yet: aftale daemon"
    if at - newest > LATE:
        raise Ill(f"the last one was {_danish(newest)}: start the daemon")
    return _danish(newest)


def _sending(place: Workplace) -> str:
    if stopped := why_stopped(place.engine):
        raise Ill(f"nothing is sent: {stopped}; see aftale outbox list, then aftale outbox release --all")
    return "goes on"


def _alarms(place: Workplace) -> str:
    found = [alarm for alarm in open_alarms(place.engine) if alarm.level != "warning"]
    if found:
        raise Ill(f"{len(found)} open; the newest: {found[0].text}")
    return "none is open"
