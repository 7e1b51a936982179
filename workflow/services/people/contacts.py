"""The mailboxes letters go to: import them, list them, and find who cannot be reached.

Contacts are an operator's own data and expire, so what is asked is always "who, on that day". Seats end with the
council's period (31 December of an election year: BEK 1248/2022 §§ 8, 14, 16 and 26), and with them the mailboxes of
chairs, clusters and patient committees; a body's main mailbox stays. Which mailbox a letter takes is
:func:`workflow.storage.contacts.live_contact`.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as plus
from dataclasses import replace as changed_to
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.mail.addresses import folded
from workflow.rules.days import danish_day
from workflow.services.people.contactsheet import Line, councils, read_sheet
from workflow.services.planning.recipients import expand
from workflow.services.views.status import workable
from workflow.storage import meta
from workflow.storage.alarms import clear_alarms, raise_alarm
from workflow.storage.contacts import live_contact
from workflow.storage.database import reading, writing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import Alarm, Contact

__all__ = ["ContactsReport", "coverage", "import_contacts", "list_contacts", "live_contact", "watch_contacts"]
APPOINTED = ("cluster", "piu", "chair", "vice-chair")
AHEAD = timedelta(days=30)
NAMED = 5


@dataclass(frozen=True, slots=True)
class ContactsReport:
    """What an import did, in mailboxes, and how what was not plain in the file was read."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    read: tuple[str, ...] = plus(default=(), compare=False)


def import_contacts(
    engine: Engine,
    rulebook: Rulebook,
    source: Path | str,
    *,
    replace: bool = False,
    at: datetime | None = None,
) -> ContactsReport:
    """Import a CSV or Excel file (``Path``) or CSV text (``str``): all of it, or nothing and
    :class:`workflow.errors.Invalid`.

    A mailbox is the same when body, function and address are. With ``replace`` the file is the whole truth for each
    function of each body it names: their other mailboxes are removed, and an address that was refused is tried
    again. Bodies the file does not name are left alone. With ``at`` (aware) the mailboxes of those who are appointed
    for a period end with it, unless the file gives their last day, and the alarms of refused addresses that are tried
    again or gone end.
    """
    sheet = read_sheet(rulebook, source)
    lines = sheet.lines
    if at:
        lines = [_until_the_seat_lapses(rulebook, line, danish_day(at)) for line in lines]
    with writing(engine) as session:
        report, mended = _store(session, lines, replace)
        if at:
            for email in mended:
                clear_alarms(session, f"address:{email}", at)
                clear_alarms(session, f"full:{email}", at)
    return changed_to(report, read=sheet.read)


def _store(session: Session, lines: list[Line], replace: bool) -> tuple[ContactsReport, set[str]]:
    """What was done, and the addresses that were lifted or removed."""
    there = {(c.body, c.function, folded(c.email)): c for c in session.scalars(select(Contact))}
    added = changed = removed = 0
    mended: set[str] = set()
    named = {(line.body, line.function, folded(line.email)) for line in lines}
    for line in lines:
        contact = there.get((line.body, line.function, folded(line.email)))
        values = {field: getattr(line, field) for field in Line.__dataclass_fields__}
        if contact is None:
            session.add(Contact(**values))
            added += 1
            continue
        if replace and contact.refused_at is not None:
            values["refused_at"] = None
            mended.add(contact.email)
        different = {field: value for field, value in values.items() if getattr(contact, field) != value}
        for field, value in different.items():
            setattr(contact, field, value)
        changed += bool(different)
    if replace:
        functions = {(line.body, line.function) for line in lines}
        for key, contact in there.items():
            if key[:2] in functions and key not in named:
                session.delete(contact)
                removed += 1
                mended.add(contact.email)
    return ContactsReport(added, changed, len(lines) - added - changed, removed), mended


def _until_the_seat_lapses(rulebook: Rulebook, line: Line, on: date) -> Line:
    if line.valid_to or line.function not in APPOINTED:
        return line
    cluster = next((cluster for cluster in rulebook.clusters if cluster.id == line.body), None)
    region, since = cluster.region if cluster else line.body, line.valid_from or on
    ends = [day for term in rulebook.law.terms for day in term.seats_end(line.function, region)]
    return changed_to(line, valid_to=min((day for day in ends if day >= since), default=None))


def list_contacts(engine: Engine, rulebook: Rulebook, region: str | None = None) -> list[Contact]:
    """Every mailbox, or those of one region's secretariat, councils and clusters; :class:`workflow.errors.NotFound`
    for an unknown region. By body, function and priority."""
    query = select(Contact).order_by(
        col(Contact.body), col(Contact.function), col(Contact.priority), col(Contact.id)
    )
    if region is not None:
        found = rulebook.region(region)
        bodies = [found.id, *(party.code for party in rulebook.parties(found.id, date.max))]
        bodies += [cluster.id for cluster in rulebook.clusters if cluster.region == found.id]
        query = query.where(col(Contact.body).in_(bodies))
    with reading(engine) as session:
        return list(session.scalars(query))


def coverage(engine: Engine, rulebook: Rulebook, on: date) -> list[str]:
    """Who has no mailbox of its own ``on`` that Danish day, as ``"Aalborg Kommune (0851/council)"``: the secretariats,
    councils and clusters of every agreement that still has a dated duty open, or that lost one by an end nobody has
    confirmed: letters about it still go out, the one that tells of the end among them."""
    owed_to: dict[str, str] = {}
    names = {code: party.name for code, party in councils(rulebook).items()}
    names |= {cluster.id: cluster.name for cluster in rulebook.clusters}
    for standing in workable(engine, rulebook, on)[0]:
        if any(one.open or (one.status == "lapsed" and one.doubtful) for one in standing.deadlines):
            for recipient in expand(standing, standing.rules, ("secretariat", "all-councils", "clusters")):
                body = recipient.partition("/")[0]
                owed_to[recipient] = names.get(body, standing.agreement.region_name)
    missing = []
    with reading(engine) as session:
        for recipient, name in owed_to.items():
            body, _, function = recipient.partition("/")
            if live_contact(session, body, function, on, own=True) is None:
                missing.append(f"{name} ({recipient})")
    return missing


def watch_contacts(engine: Engine, rulebook: Rulebook, at: datetime) -> list[str]:
    """Once a Danish day: an alarm for whoever will have no mailbox within 30 days, cleared when everybody has one.
    Who is missing; nothing on later calls the same day. Until it is mended letters take the body's other mailboxes."""
    today = danish_day(at)
    with reading(engine) as session:
        if (meta.get(session, "contacts_on") or "") >= today.isoformat():
            return []
    missing = sorted({*coverage(engine, rulebook, today), *coverage(engine, rulebook, today + AHEAD)})
    more = f" og {len(missing) - NAMED} til" if len(missing) > NAMED else ""
    text = f"Uden egen postkasse nu eller inden for {AHEAD.days} dage: {', '.join(missing[:NAMED])}{more}. "
    text += (
        "Breve går så længe til organets øvrige postkasser; har det ingen, standses de. Indlæs nye kontakter."
    )
    with writing(engine) as session:
        known = select(col(Alarm.text)).where(col(Alarm.key) == "contacts", col(Alarm.cleared_at).is_(None))
        if not missing or session.scalars(known).first() != text:
            clear_alarms(session, "contacts", at)
        if missing:
            raise_alarm(session, "contacts", "alarm", text, at)
        meta.put(session, "contacts_on", today.isoformat())
    return missing
