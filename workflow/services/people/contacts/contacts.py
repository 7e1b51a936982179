"""The mailboxes letters go to: import them, list them, and find who cannot be reached.

Contacts are an operator's own data and expire, so what is asked is always "who, on that day". Seats end with the
council's period (31 December of an election year: BEK 1248/2022 §§ 8, 14, 16 and 26), and with them the mailboxes of
chairs, clusters and patient committees; a body's main mailbox stays. Which mailbox a letter takes is
:func:`workflow.storage.people.contacts.live_contact`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NotRequired, TypedDict

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.rules.days import danish_day
from workflow.services.meetings.naming import Names
from workflow.services.people.contacts.contactdoubts import doubts
from workflow.services.people.contacts.contactrow import Line, councils
from workflow.services.people.contacts.contactsheet import Sheet, read_sheet
from workflow.services.people.contacts.contactwords import Mistake, Unreadable, say
from workflow.services.planning.recipients import expand
from workflow.services.views.status import workable
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.people.contacts import ROOM, live_contact
from workflow.storage.tables import Alarm, Contact
from workflow.values import dataclass
from workflow.values import field as plus
from workflow.values import replace as changed_to

__all__ = ["ContactsReport", "coverage", "import_contacts", "list_contacts", "live_contact", "watch_contacts"]
APPOINTED = ("cluster", "piu", "chair", "vice-chair")
AHEAD = timedelta(days=30)
NAMED = 5


FIELDS = ("name", "email", "priority", "valid_from", "valid_to", "language")


@dataclass(frozen=True, slots=True)
class ContactsReport:
    """What an import did, in mailboxes, and how what was not plain in the file was read."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    read: tuple[str, ...] = plus(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one mailbox: ``what`` is added, changed, unchanged or removed; ``line`` is that of the
    file (0: the file does not name it); ``was`` and ``becomes`` hold what differs."""

    what: str
    line: int
    body: str
    function: str
    email: str
    was: dict[str, object] = plus(default_factory=dict)
    becomes: dict[str, object] = plus(default_factory=dict)


def import_contacts(
    engine: Engine,
    rulebook: Rulebook,
    source: Path | str | bytes,
    *,
    replace: bool = False,
    at: datetime | None = None,
    by: str = "",
) -> ContactsReport:
    """Import a CSV or Excel file (``Path``, or its ``bytes``) or CSV text (``str``): all of it, or nothing and
    :class:`workflow.errors.Invalid`.

    A mailbox is the same when body, function and address are. With ``replace`` the file is the whole truth for each
    function of each body it names: their other mailboxes are removed, and an address that was refused is tried
    again. Bodies the file does not name are left alone. With ``at`` (aware) the mailboxes of those who are appointed
    for a period end with it, unless the file gives their last day, the alarms of refused addresses that are tried
    again or gone end, and the journal tells what ``by`` changed.
    """
    sheet = read_sheet(rulebook, source)
    lines = lapsing(rulebook, sheet, at)
    with writing(engine) as session:
        changes = carry_out(session, lines, sheet.numbers, replace, by, at)
    counted = Counter(one.what for one in changes)
    return ContactsReport(
        **{what: counted[what] for what in ("added", "changed", "unchanged", "removed")},
        read=tuple(str(how) for how in (*sheet.read, *doubts(rulebook, lines, sheet.numbers, at))),
    )


class Mailbox(TypedDict):
    """What is said of a mailbox, beside whose it is: :data:`FIELDS`."""

    name: str
    email: str
    priority: int
    valid_from: date | None
    valid_to: date | None
    language: NotRequired[str]


def said_in(line: Line) -> Mailbox:
    """What a line says of its mailbox; a file without a column for the language leaves that as it is."""
    said: Mailbox = {
        "name": line.name, "email": line.email, "priority": line.priority, "valid_from": line.valid_from,
        "valid_to": line.valid_to,
    }  # fmt: skip
    return said if line.language is None else said | {"language": line.language}


def lapsing(rulebook: Rulebook, sheet: Sheet, at: datetime | None) -> list[Line]:
    """The mailboxes of a file, those of the appointed with the last day of their seats."""
    return (
        [until_the_seat_lapses(rulebook, line, danish_day(at)) for line in sheet.lines] if at else sheet.lines
    )


def refuse_others(rulebook: Rulebook, sheet: Sheet, regions: Collection[str] | None) -> None:
    """:class:`Unreadable` where the file names a body outside of ``regions`` (``None``: all)."""
    if regions is None:
        return
    outside = [
        Mistake(number, "body", "", say("{said!r} is not of your region", said=line.body),
                say("leave the line out, or ask an administrator"))
        for number, line in zip(sheet.numbers, sheet.lines, strict=True)
        if not regions_of(rulebook, line.body) & set(regions)
    ]  # fmt: skip
    if outside:
        raise Unreadable(mistakes=outside)


def foreseen(session: Session, lines: list[Line], numbers: list[int], replace: bool) -> list[Change]:
    """What importing ``lines`` would do, in the order of the file and then what it would remove. Writes nothing."""
    there = {(c.body, c.function, folded(c.email)): c for c in session.scalars(select(Contact))}
    found = []
    for number, line in zip(numbers, lines, strict=True):
        contact = there.get((line.body, line.function, folded(line.email)))
        values: dict[str, object] = {**said_in(line)}
        was: dict[str, object] = {}
        if contact is not None:
            if replace and contact.refused_at is not None:
                values["refused_at"] = None
            was = {
                name: getattr(contact, name)
                for name, value in values.items()
                if getattr(contact, name) != value
            }
            values = {name: values[name] for name in was}
        what = "added" if contact is None else "changed" if was else "unchanged"
        found.append(Change(what, number, line.body, line.function, line.email, was, values))
    if replace:
        functions = {(line.body, line.function) for line in lines}
        named = {(line.body, line.function, folded(line.email)) for line in lines}
        for key, contact in there.items():
            if key[:2] in functions and key not in named:
                was = {field: getattr(contact, field) for field in FIELDS}
                found.append(Change("removed", 0, contact.body, contact.function, contact.email, was))
    return found


def carry_out(
    session: Session, lines: list[Line], numbers: list[int], replace: bool, by: str, at: datetime | None
) -> list[Change]:
    """Import ``lines`` in the caller's transaction; see :func:`import_contacts`."""
    changes = foreseen(session, lines, numbers, replace)
    there = {(c.body, c.function, folded(c.email)): c for c in session.scalars(select(Contact))}
    for change in changes:
        key = (change.body, change.function, folded(change.email))
        if change.what == "added":
            new = Contact(body=change.body, function=change.function, name="", email=change.email)
            session.add(_changed(new, change.becomes))
        elif change.what == "changed":
            _changed(there[key], change.becomes)
        elif change.what == "removed":
            session.delete(there[key])
        if at and change.what != "unchanged":
            about = f"{change.body}/{change.function}"
            told = {"email": change.email, "was": change.was, "becomes": change.becomes}
            record_act(session, ROOM, about, change.what, told, by, at)
            if change.what == "removed" or "refused_at" in change.becomes:
                forget_alarms(session, there[key].email, at)
    return changes


def _changed(contact: Contact, becomes: Mapping[str, object]) -> Contact:
    for field, value in becomes.items():
        setattr(contact, field, value)
    return contact


def forget_alarms(session: Session, email: str, at: datetime) -> None:
    """End what was raised about an address that is tried again or gone."""
    for kind in ("address", "full"):
        clear_alarms(session, f"{kind}:{email}", at)


def regions_of(rulebook: Rulebook, body: str) -> set[str]:
    """The regions a body belongs to: itself, a cluster's, or those a council is or has been in."""
    if any(region.id == body for region in rulebook.regions):
        return {body}
    own = {cluster.region for cluster in rulebook.clusters if cluster.id == body}
    return own or Names(rulebook).regions(body)


def until_the_seat_lapses(rulebook: Rulebook, line: Line, on: date) -> Line:
    """With the last day of the seat that ``line`` serves, unless it gives its own; seats begin ``on`` that Danish day
    or its first."""
    if line.valid_to or line.function not in APPOINTED:
        return line
    cluster = next((cluster for cluster in rulebook.clusters if cluster.id == line.body), None)
    region, since = cluster.region if cluster else line.body, line.valid_from or on
    ends = [day for term in rulebook.law.terms for day in term.seats_end(line.function, region)]
    return changed_to(line, valid_to=min((day for day in ends if day >= since), default=None))


def bodies_of(rulebook: Rulebook, region: str) -> list[str]:
    """The region's own id, and its councils and clusters, past, present and to come."""
    found = rulebook.region(region)
    bodies = [found.id, *(party.code for party in rulebook.parties(found.id, date.max))]
    return bodies + [cluster.id for cluster in rulebook.clusters if cluster.region == found.id]


def list_contacts(engine: Engine, rulebook: Rulebook, region: str | None = None) -> list[Contact]:
    """Every mailbox, or those of one region's secretariat, councils and clusters; :class:`workflow.errors.NotFound`
    for an unknown region. By body, function and priority."""
    query = select(Contact).order_by(
        col(Contact.body), col(Contact.function), col(Contact.priority), col(Contact.id)
    )
    if region is not None:
        query = query.where(col(Contact.body).in_(bodies_of(rulebook, region)))
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
    named = ", ".join(missing[:NAMED])
    text = phrase(
        "Uden egen postkasse nu eller inden for %(days)s dage: %(names)s. Breve går så længe til organets øvrige "
        "postkasser; har det ingen, standses de. Indlæs nye kontakter.",
        days=AHEAD.days,
        names=phrase("%(first)s og %(left)s til", first=named, left=len(missing) - NAMED)
        if len(missing) > NAMED
        else named,
    )
    with writing(engine) as session:
        known = select(col(Alarm.text)).where(col(Alarm.key) == "contacts", col(Alarm.cleared_at).is_(None))
        if not missing or session.scalars(known).first() != text:
            clear_alarms(session, "contacts", at)
        if missing:
            raise_alarm(session, "contacts", "alarm", text, at)
        meta.put(session, "contacts_on", today.isoformat())
    return missing
