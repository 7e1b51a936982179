"""One list of every letter a reader may see, the newest day first: of one week, state, body or kind. Read-only.

A letter's day is when the mail server took it, or when it is next tried. Every page begins after the last row of the
one before and asks an index, so the last page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, false, func, select, true, tuple_
from sqlmodel import col

from workflow.language import phrase
from workflow.rules.days import COPENHAGEN
from workflow.services.people.contacts.reach import unreachable
from workflow.services.views.listing import ListedLetter, Order, letters_where
from workflow.storage.database import reading
from workflow.storage.letters.outbox import OWED
from workflow.storage.tables import Notice
from workflow.values import dataclass

STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "venter": (phrase("Venter på at blive sendt"), ("planned", "ready", "carried", "claimed", "intent")),
    "kan-ikke-naas": (phrase("Kan ikke nås"), OWED),
    "standset": (phrase("Standset: tilbageholdt eller afvist"), ("held", "quarantined", "refused")),
    "dit-svar": (phrase("Venter på dit svar"), ("unanswered",)),
    "overgivet": (phrase("Overgivet til mailserver"), ("accepted",)),
    "bekraeftet": (phrase("Bekræftet modtaget"), ("confirmed",)),
    "returneret": ("Returneret", ("bounced",)),
    "usikker": (phrase("Usikkert, om det er modtaget"), ()),
    "annulleret": (phrase("Annulleret eller sprunget over"), ("cancelled",)),
    "erstattet": ("Erstattet", ("superseded",)),
    "i-haanden": (phrase("Sendt i hånden"), ("told",)),
}
_SHOWN: ColumnElement[Any] = func.coalesce(col(Notice.accepted_at), col(Notice.next_at))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
After = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the week that begins on the Monday ``week`` (Danish), a key of :data:`STATES`, a ``body``
    (its code or id), a ``kind`` of letter; empty is any."""

    week: date | None = None
    state: str = ""
    body: str = ""
    kind: str = ""


def every_letter(
    engine: Engine, regions: Collection[str] | None, lane: str, asked: Asked, after: After | None, limit: int,
    today: date,
) -> list[ListedLetter]:  # fmt: skip
    """At most ``limit`` letters of ``regions`` (``None``: all), to one body alone where ``lane`` is its code, from the
    one after ``after``. One owed to a function without a mailbox ``today`` says so."""
    which = [_to(body) for body in (lane, asked.body) if body]
    if asked.week:
        first, last = (_midnight(asked.week + timedelta(days=days)) for days in (0, 7))
        which += [first <= _SHOWN, last > _SHOWN]
    if asked.kind:
        which.append(col(Notice.letter) == asked.kind)
    if asked.state == "usikker":
        which.append(col(Notice.uncertain) == true())
    if asked.state == "kan-ikke-naas":
        which.append(_unreachable(engine, today))
    if after:
        which += [after[0] >= _SHOWN, tuple_(_SHOWN, col(Notice.id)) < after]
    order: list[Order] = [_SHOWN.desc(), col(Notice.id).desc()]
    found: list[ListedLetter] = []
    for state in STATES[asked.state][1] if asked.state else ():  # each its own span of the index
        own = [*which, col(Notice.state) == state]
        found += letters_where(engine, regions, own, order, limit, today)
    if not asked.state or not STATES[asked.state][1]:
        found = letters_where(engine, regions, which, order, limit, today)
    return sorted(found, key=lambda one: (one.shown_at or _EPOCH, one.id), reverse=True)[:limit]


def after_of(text: str) -> After | None:
    """Where a page begins, as :func:`text_of` wrote it; ``None`` for nothing, ``ValueError`` for anything else."""
    if not text:
        return None
    since, _, number = text.partition("-")
    if not (since.isdecimal() and number.isdecimal() and len(since) < 18 and len(number) < 18):
        raise ValueError("no place in the list")
    return _EPOCH + timedelta(microseconds=int(since)), int(number)


def text_of(last: ListedLetter) -> str:
    """The place after ``last`` in an address: microseconds since 1970 and the letter's number."""
    at = last.shown_at or _EPOCH
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{last.id}"


def _to(body: str) -> ColumnElement[bool]:
    """Every function of one body, as a span of the index: "0" is the character after "/"."""
    return (col(Notice.recipient) >= f"{body}/") & (col(Notice.recipient) < f"{body}0")


def _unreachable(engine: Engine, today: date) -> ColumnElement[bool]:
    owed: list[str] = []
    with reading(engine) as session:
        for state in OWED:
            to = select(col(Notice.recipient)).where(col(Notice.state) == state)
            owed += session.scalars(to.order_by(col(Notice.next_at)))  # by the index that the outbox asks
    nowhere = unreachable(engine, owed, today)
    return col(Notice.recipient).in_(nowhere) if nowhere else false()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN).astimezone(UTC)
