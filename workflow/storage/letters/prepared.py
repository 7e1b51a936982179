"""The statements of sending that stand ready: building one costs several times what running it does."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, case, func, select, true, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import SQLModel

from workflow.storage.tables import Attempt, Notice

_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_attempt = SQLModel.metadata.tables[str(Attempt.__tablename__)]
_CLAIMED = ("id", "fence", "attempts", "recipient", "address", "message_id", "body", "uncertain", "statutory")

_due = (_notice.c.state == "ready") & (_notice.c.next_at <= bindparam("at", type_=_notice.c.next_at.type))

TAKEN = {  # what a letter becomes that the worker ``by`` claims ``until`` its lease ends
    "state": "claimed",
    "owner": bindparam("by"),
    "lease_until": bindparam("until"),
    "fence": _notice.c.fence + 1,
    "attempts": _notice.c.attempts + 1,
}


def claiming(busy: Collection[str]) -> ReturningUpdate[Any]:
    """Takes the letter longest due ``at`` an instant, for the worker ``by``, ``until`` its lease ends; none to the
    ``busy`` domains."""
    return (
        _claim(*(~func.lower(_notice.c.address).endswith(f"@{one}", autoescape=True) for one in busy))
        if busy
        else _CLAIM
    )


def _claim(*elsewhere: ColumnElement[bool]) -> ReturningUpdate[Any]:
    longest = (
        select(_notice.c.id)
        .where(_due, *elsewhere)
        .order_by(_notice.c.next_at, _notice.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # left out on SQLite, where one writer holds the whole file
        .scalar_subquery()
    )
    return (
        update(_notice)
        .where(_notice.c.id == longest, _due)  # repeated: the subquery alone lets two workers through
        .values(TAKEN)
        .returning(*(_notice.c[name] for name in _CLAIMED))
    )


_CLAIM = _claim()


@cache  # one for each set of columns, of which there are four
def closing(names: tuple[str, ...], late: bool = False) -> Update:
    """Writes these columns, each from ``new_COLUMN``, on the attempt of ``notice`` under the fence ``held`` while it is
    open; ``late``: though it was ended already, by whoever took it for dead."""
    ours = [_attempt.c.notice_id == bindparam("notice"), _attempt.c.fence == bindparam("held")]
    if not late:
        ours.append(_attempt.c.ended_at.is_(None))
    return update(_attempt).where(*ours).values({name: bindparam(f"new_{name}") for name in names})


RENDERED = ("address", "message_id", "subject", "body", "digest", "template")
STORE = (
    update(_notice)
    .where(
        _notice.c.id == bindparam("notice"),
        _notice.c.state.in_(("planned", "refused")),
        _notice.c.body.is_(None),
    )
    .values({name: bindparam(f"new_{name}") for name in RENDERED} | {"state": "ready", "why": ""})
)
"""Keeps the bytes of a notice that is owed and has none: each column of :data:`RENDERED` from ``new_COLUMN``."""

INTEND = (
    update(_notice)
    .where(
        _notice.c.id == bindparam("notice"),
        _notice.c.fence == bindparam("held"),
        _notice.c.state == "claimed",
    )
    .values(
        state="intent",
        lease_until=bindparam("until"),
        copies=_notice.c.copies + case((_notice.c.uncertain == true(), 1), else_=0),
    )
)
"""Says that DATA is about to be said of one letter, where it is ours still; what is in doubt may now be a copy."""

DUE, CLAIMED = _due, _CLAIMED  # several are claimed as one is: storage/letters/windows.py
