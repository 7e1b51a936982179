"""Whose mailbox a notice goes to. A notice is owed to a function of a body; the address is looked up when it is
rendered, so that a changed mailbox is no second duty."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, case, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from workflow.storage.facts.acts import record_act
from workflow.storage.people.people import Person, person_by_email
from workflow.storage.tables import Contact

ROOM = "contact"  # of the journal of acts

_contact = SQLModel.metadata.tables[str(Contact.__tablename__)]
_person_table = SQLModel.metadata.tables[str(Person.__tablename__)]
_ON = bindparam("day", type_=_contact.c.valid_to.type)
_OF_FUNCTION: ColumnElement[bool] = _contact.c.function == bindparam("function")
_LIVE: list[ColumnElement[bool]] = [
    _contact.c.body == bindparam("body"),
    _contact.c.refused_at.is_(None),
    or_(_contact.c.valid_from.is_(None), _contact.c.valid_from <= _ON),
    or_(_contact.c.valid_to.is_(None), _contact.c.valid_to >= _ON),
]
_FIRST: Select[tuple[str, str]] = (
    select(_contact.c.name, _contact.c.email)
    .where(*_LIVE)
    .order_by(case((_OF_FUNCTION, 0), else_=1), _contact.c.priority, _contact.c.id)
    .limit(1)
)
_OWN = _FIRST.where(_OF_FUNCTION)
_CHOSEN = [
    (query, query.where(table.c.email == bindparam("email")))
    for table in (_person_table, _contact)
    for query in [
        select(table.c.email, table.c.language).where(table.c.language != "").order_by(table.c.id.desc())
    ]
]


PERSONAL = ("person", "reader")  # bodies of recipients that are one person, known by the address itself


def live_contact(
    session: Session, body: str, function: str, on: date, own: bool = False, but: Collection[str] = ()
) -> tuple[str, str] | None:
    """Name and address valid ``on`` that Danish day and not refused: the function's own mailboxes by priority, then
    any other mailbox of the same body (not with ``own``), ``but`` for these addresses. ``None`` when there is none;
    ``valid_to`` is its last day."""
    if body in PERSONAL:
        return _person(session, body, function, on) if function not in but else None
    asked = {"body": body, "function": function, "day": on}
    which = _OWN if own else _FIRST
    found = session.execute(which.where(_contact.c.email.not_in(list(but))) if but else which, asked).first()
    return (found.name, found.email) if found else None


def _person(session: Session, kind: str, email: str, on: date) -> tuple[str, str] | None:
    if kind == "reader":
        return "", email
    person = person_by_email(session, email, on)  # type: ignore[arg-type]  # it asks no more than any session can
    return (person.name, person.email) if person else None


def languages_chosen(session: Session, email: str = "") -> dict[str, str]:
    """The language of each mailbox and person that somebody chose one for, by address; of ``email`` alone where given.
    A mailbox's own comes before that of the person who signs in with the address."""
    chosen: dict[str, str] = {}
    for everybody, of_one in _CHOSEN:
        found = session.execute(of_one, {"email": email}) if email else session.execute(everybody)
        chosen |= {one.email: one.language for one in found}
    return chosen


def mailboxes(session: Session, body: str, on: date) -> list[str]:
    """Every address of a body that is valid ``on`` that Danish day and not refused."""
    found = select(_contact.c.email).where(*_LIVE).order_by(_contact.c.id)
    return list(session.execute(found, {"body": body, "day": on}).scalars())


def refuse_address(session: Session, email: str, at: datetime) -> bool:
    """Strike ``email`` off, wherever it stands: the mail server refused it for good. A person may lift it again. False
    when it was struck off already."""
    struck = session.execute(
        update(_contact)
        .where(_contact.c.email == email, _contact.c.refused_at.is_(None))
        .values(refused_at=at)
        .returning(_contact.c.body, _contact.c.function)
    ).all()
    for body, function in struck:
        record_act(session, ROOM, f"{body}/{function}", "struck-off", {"email": email}, "mailserveren", at)
    return bool(struck)


def lift(
    session: Session, emails: Collection[str], bodies: Collection[str] | None, by: str, at: datetime
) -> list[str]:
    """Let letters go again to these addresses that were struck off, or only where they serve ``bodies``; those that
    were."""
    where = [_contact.c.email.in_(list(emails)), _contact.c.refused_at.is_not(None), *_of(bodies)]
    lifted = session.execute(
        update(_contact)
        .where(*where)
        .values(refused_at=None)
        .returning(_contact.c.body, _contact.c.function, _contact.c.email)
    ).all()
    for body, function, email in lifted:
        record_act(session, ROOM, f"{body}/{function}", "restored", {"email": email}, by, at)
    return sorted({one.email for one in lifted})


def struck_off(
    session: Session, since: datetime, until: datetime, bodies: Collection[str] | None = None
) -> list[str]:
    """The addresses that were struck off from ``since`` until before ``until``, of ``bodies`` or of all."""
    found = select(_contact.c.email).where(
        _contact.c.refused_at >= since, _contact.c.refused_at < until, *_of(bodies)
    )
    return sorted(set(session.execute(found).scalars()))


def _of(bodies: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if bodies is None else [_contact.c.body.in_(list(bodies))]
