"""When a person was last here: what is new is counted from the end of the visit before this one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.rules.days import danish_day
from workflow.storage.database import reading, writing
from workflow.storage.people.people import Person, Seen, person_by_email

PAUSE = timedelta(hours=2)  # whoever was away longer comes for a new visit; a session lies idle as long
KEPT_EVERY = timedelta(minutes=5)  # how exactly the end of a visit is kept: reading a page seldom writes


def come(engine: Engine, email: str, at: datetime) -> datetime | None:
    """The person with this address looks at the desk ``at`` this instant: until when the visit before lasted, ``None``
    for the first one and for an address nobody has. The same all through one visit."""
    with reading(engine) as session:
        person = person_by_email(session, email, danish_day(at)) if email else None
        known = session.get(Seen, person.id) if person else None
        if person is None or (known and at - known.seen_at < KEPT_EVERY):
            return known.before_at if known else None
    with writing(engine) as session:
        session.scalars(select(Person).where(col(Person.id) == person.id).with_for_update()).one()
        found = session.get(Seen, person.id)
        if found is None:
            session.add(Seen(person_id=person.id or 0, seen_at=at))
            return None
        if at - found.seen_at >= PAUSE:
            found.before_at = found.seen_at
        found.seen_at = max(at, found.seen_at)
        return found.before_at
