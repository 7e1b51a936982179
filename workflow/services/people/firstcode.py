"""The first person: whoever holds the code that the daemon said at its start, while nobody can sign in.

The code is used once, ends after :data:`CODE_LASTS`, and lies here as a hash. With the first person, however added, it
is dead.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Engine, delete, func, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.services.people.grasp import Grasp
from workflow.services.people.persons import put_person
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Person, hash_of
from workflow.storage.tables import Meta

CODE_LASTS = timedelta(hours=24)
KEY = "first_codes"  # the meta key: a line "DIGEST INSTANT" for each daemon that started
MOST = 5  # daemons that may have said one
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that reads like another
_GROUPS, _LONG = 7, 4  # 137 bits: kept as a plain hash, so it must be beyond guessing by itself


def nobody(engine: Engine) -> bool:
    """Whether the site has nobody who ever could sign in, and is no demo."""
    with reading(engine) as session:
        return _nobody(session)


def offer_code(engine: Engine, at: datetime) -> str | None:
    """A new code; ``None`` where somebody can sign in, or could."""
    if not nobody(engine):
        return None
    code = "-".join("".join(secrets.choice(SIGNS) for _ in range(_LONG)) for _ in range(_GROUPS))
    with writing(engine) as session:
        kept = [line for line in _lines(session) if _ends(line) > at][-(MOST - 1) :]
        kept.append(f"{hash_of(plain(code))} {(at + CODE_LASTS).isoformat()}")
        meta.put(session, KEY, "\n".join(kept))
    return code


def first_person(
    engine: Engine, rulebook: Rulebook, *, code: str, email: str, name: str, at: datetime
) -> Person:
    """Make the first administrator and use every code up. :class:`NotFound` for a wrong code, one that has ended, and
    where somebody was first: which of these is not told. :class:`Invalid` as
    :func:`workflow.services.people.persons.add_person`, and the code stays good."""
    with writing(engine) as session:
        found = next((line for line in _lines(session) if line.startswith(f"{hash_of(plain(code))} ")), "")
        if not found or _ends(found) <= at or not _nobody(session):
            raise NotFound(phrase("Koden kan ikke bruges."))
        used = session.execute(delete(Meta).where(col(Meta.key) == KEY))
        assert isinstance(used, CursorResult)
        if used.rowcount != 1:  # another was first, this very moment
            raise NotFound(phrase("Koden kan ikke bruges."))
        return put_person(
            session, rulebook, email=email, name=name, role="administrator", region="", body="", valid_to=None, at=at,
            grasp=Grasp(by=phrase("engangskoden ved opsætningen")),
        )  # fmt: skip


def plain(code: str) -> str:
    """A code as it is compared, however it was typed."""
    return "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())


def _nobody(session: Session) -> bool:
    known = session.execute(select(func.count()).select_from(Person)).scalar_one()
    return known == 0 and meta.get(session, "demo") != "yes"


def _lines(session: Session) -> list[str]:
    return (meta.get(session, KEY) or "").splitlines()


def _ends(line: str) -> datetime:
    return datetime.fromisoformat(line.partition(" ")[2])
