"""One mailbox at a time: add, change, end, put a deputy in, as a person types it on the site or the command line.

Every act is one transaction and stands in the journal of acts. What is typed is read as a contacts file is
(:mod:`workflow.services.people.contacts.contactrow`); what is wrong is told beside its field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotFound
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.mail.writing.words import stort
from workflow.rules.days import danish_day, said_day
from workflow.services.people.contacts.contactrow import Line, begin
from workflow.services.people.contacts.contacts import FIELDS, forget_alarms, said_in, until_the_seat_lapses
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, acts_of, record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import ROOM
from workflow.storage.tables import Contact

DEPUTY = 0  # the rank of a deputy: asked before everybody else
LARGEST = 2**31


class WrongFields(Invalid):
    """What was typed cannot be used: ``wrong`` holds a Danish sentence for each field (as a contacts file calls it)."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        self.wrong = dict(wrong)
        super().__init__("; ".join(f"{name}: {text}" for name, text in wrong.items()))


def find_contact(engine: Engine, number: int) -> Contact:
    """The mailbox with this number; :class:`NotFound` for none."""
    with reading(engine) as session:
        return _find(session, number)


def history_of(engine: Engine, contact: Contact, limit: int = 20) -> list[Act]:
    """What was done to the mailboxes of this function of this body; the newest first."""
    with reading(engine) as session:
        return acts_of(session, ROOM, [f"{contact.body}/{contact.function}"], limit)


def seen(contact: Contact) -> str:
    """What a form carries, so that nobody overwrites what another changed meanwhile."""
    told = "|".join(str(getattr(contact, name)) for name in (*FIELDS, "refused_at"))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def as_typed(contact: Contact) -> dict[str, str]:
    """The mailbox as a person would type it; days as ISO, since a form shows them again."""
    return {name: str(getattr(contact, name) or "") for name in FIELDS}


def add_contact(
    engine: Engine, rulebook: Rulebook, typed: Mapping[str, str], by: str, at: datetime
) -> Contact:
    """Add the mailbox that was typed (by the columns of a contacts file); the same words again change nothing.

    :class:`WrongFields` for what cannot be used, :class:`Conflict` where the function has the address already."""
    line = read_line(rulebook, typed, at)
    with writing(engine) as session:
        said = said_in(line)
        values = {"body": line.body, "function": line.function, **said}
        for one in _of(session, line.body, line.function):
            if folded(one.email) == folded(line.email):
                if all(getattr(one, name) == value for name, value in values.items()):
                    return one
                raise Conflict(
                    phrase(
                        "%(email)s står der allerede for samme organ og funktion; ret den i stedet",
                        email=one.email,
                    )
                )
        contact = Contact(body=line.body, function=line.function, **said)
        session.add(contact)
        session.flush()
        _tell(session, contact, "added", {}, said, by, at)
        return contact


def change_contact(
    engine: Engine, rulebook: Rulebook, number: int, typed: Mapping[str, str], by: str, at: datetime,
    was: str = "",
) -> Contact:  # fmt: skip
    """Give the mailbox what was typed; body and function stay. A new address is tried though the old one was struck
    off. ``was`` is :func:`seen` of what the person looked at.

    :class:`WrongFields` and :class:`Conflict` as :func:`add_contact`, or where somebody changed it meanwhile."""
    with writing(engine) as session:
        contact = _find(session, number)
        own = {"body": contact.body, "function": contact.function}
        typed = dict(typed)
        deputy = contact.priority == DEPUTY and typed.get("priority", "").strip() in ("", str(DEPUTY))
        line = read_line(rulebook, typed | own | ({"priority": "1"} if deputy else {}), at)
        values = said_in(line)
        values["priority"] = DEPUTY if deputy else values["priority"]
        different = {name: value for name, value in values.items() if getattr(contact, name) != value}
        if not different:
            return contact
        if was and was != seen(contact):
            raise Conflict(
                phrase("kontakten er ændret af en anden imens; se den igen, og ret det, der mangler")
            )
        if "email" in different:
            for one in _of(session, contact.body, contact.function):
                if one.id != contact.id and folded(one.email) == folded(line.email):
                    raise WrongFields(
                        {"email": phrase("Adressen står der allerede for samme organ og funktion.")}
                    )
            if contact.refused_at is not None:
                different["refused_at"] = None
            forget_alarms(session, contact.email, at)
        before = {name: getattr(contact, name) for name in different}
        for name, value in different.items():
            setattr(contact, name, value)
        _tell(session, contact, "changed", before, different, by, at)
        return contact


def end_contact(engine: Engine, number: int, last: str, by: str, at: datetime, was: str = "") -> Contact:
    """Let the mailbox be used until the day ``last`` (as people write it), that day too, and not after it.

    :class:`WrongFields` where that is no day or before its first; :class:`Conflict` as :func:`change_contact`."""
    day = _day(last, "last")
    with writing(engine) as session:
        contact = _find(session, number)
        if contact.valid_to == day:
            return contact
        if was and was != seen(contact):
            raise Conflict(phrase("kontakten er ændret af en anden imens; se den igen, og prøv så"))
        if contact.valid_from and day < contact.valid_from:
            raise WrongFields({"last": phrase("Den sidste dag ligger før den første.")})
        before = {"valid_to": contact.valid_to}
        contact.valid_to = day
        _tell(session, contact, "ended", before, {"valid_to": day}, by, at)
        return contact


def put_deputy(
    engine: Engine, rulebook: Rulebook, number: int, typed: Mapping[str, str], by: str, at: datetime
) -> Contact:
    """Let another mailbox be written to first for a span, instead of this one: ``email``, ``name``, ``valid_from`` and
    ``valid_to`` as typed; both days are needed, and the span ends by itself.

    :class:`WrongFields` and :class:`Conflict` as :func:`add_contact`."""
    wrong = {name: "Skriv en dato." for name in ("valid_from", "valid_to") if not typed.get(name, "").strip()}
    if wrong:
        raise WrongFields(wrong)
    with reading(engine) as session:
        instead = _find(session, number)
    line = read_line(
        rulebook, dict(typed) | {"body": instead.body, "function": instead.function, "priority": "1"}, at
    )
    if line.valid_to and line.valid_to < danish_day(at):
        raise WrongFields({"valid_to": phrase("Dagen er gået; skriv en dag, der kommer.")})
    values = said_in(line) | {"priority": DEPUTY}
    with writing(engine) as session:
        for one in _of(session, instead.body, instead.function):
            if folded(one.email) == folded(line.email):
                if all(getattr(one, name) == value for name, value in values.items()):
                    return one
                text = phrase(
                    "Adressen står der allerede for samme organ og funktion. Ret dens nummer, så den bruges først."
                )
                raise WrongFields({"email": text})
        deputy = Contact(body=instead.body, function=instead.function, **values)
        session.add(deputy)
        session.flush()
        _tell(session, deputy, "deputy", {"instead": instead.email}, values, by, at)
        return deputy


def _tell(
    session: Session, contact: Contact, what: str, was: Mapping[str, object], becomes: Mapping[str, object], by: str,
    at: datetime,
) -> None:  # fmt: skip
    about = f"{contact.body}/{contact.function}"
    told = {"contact": contact.id, "email": contact.email, "was": was, "becomes": becomes}
    record_act(session, ROOM, about, what, told, by, at)


def read_line(rulebook: Rulebook, typed: Mapping[str, str], at: datetime) -> Line:
    """The mailbox that was typed; :class:`WrongFields` for what cannot be used."""
    reader = begin(rulebook)
    line = reader.line(1, {name: typed.get(name, "") for name in ("body", "function", *FIELDS)})
    if line is None:
        wrong: dict[str, str] = {}
        for mistake in reader.mistakes:
            wrong.setdefault(mistake.column, f"{stort(mistake.what.danish)}: {mistake.cure.danish}.")
        raise WrongFields(wrong)
    return until_the_seat_lapses(rulebook, line, danish_day(at))


def _day(text: str, name: str) -> date:
    try:
        return said_day(text)
    except ValueError as error:
        said = (
            phrase("Skriv en dato, som findes, fx 31. december 2029.") if text.strip() else "Skriv en dato."
        )
        raise WrongFields({name: said}) from error


def _of(session: Session, body: str, function: str) -> list[Contact]:
    query = select(Contact).where(col(Contact.body) == body, col(Contact.function) == function)
    return list(session.scalars(query))


def _find(session: Session, number: int) -> Contact:
    found = session.get(Contact, number) if 0 < number < LARGEST else None
    if found is None:
        raise NotFound(phrase("kontakten findes ikke; aftale contacts list viser, hvilke der er"))
    return found
