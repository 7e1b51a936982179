"""The day's mail to one mailbox, written and not kept yet: many are kept in one transaction, each whole or not.

What the database refuses of one would undo the others with it, at every pass anew: then each is kept on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from workflow.mail.writing.letters import Rendered
from workflow.rules.hours import day_began
from workflow.services.delivery.digest import Reminder
from workflow.storage.database import writing
from workflow.storage.letters import bundles
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.letters.outbox import Owed
from workflow.values import dataclass

T = TypeVar("T")
Store = Callable[[Session, Owed, str, Rendered], bool]


@dataclass(frozen=True, slots=True)
class Mail:
    """``group`` told in one mail to ``address``, under the number of its ``carrier``, written ``at`` this instant."""

    address: str
    carrier: Reminder
    group: list[Reminder]
    written: Rendered
    at: datetime


def keep_mails(engine: Engine, mails: Sequence[Mail], store: Store) -> list[Mail]:
    """Keep these in one transaction, each with what it carries; ``store`` keeps the bytes. Those that were kept: of one
    where another worker was first, or that tells what is owed no more, nothing is changed; the next pass sees which.
    Errors as in :func:`keep_together`."""
    # in one order for all workers: each mailbox is locked until the commit
    ordered = sorted(mails, key=lambda one: one.address)
    return keep_together(engine, ordered, lambda session, mail: _keep(session, mail, store))


def keep_together(engine: Engine, items: Sequence[T], keep: Callable[[Session, T], bool]) -> list[T]:
    """Keep these in one transaction; those of which ``keep`` said that it did. Where the database refuses one of them,
    each is kept in a transaction of its own, and the first refusal is passed on when the others are kept. What is the
    database's own trouble (lost, locked, full) is passed on at once: the next would only meet it again."""
    if not items:
        return []
    try:
        with writing(engine) as session:
            return [one for one in items if keep(session, one)]
    except DBAPIError as error:
        if len(items) == 1 or error.connection_invalidated:
            raise
    kept: list[T] = []
    refused: list[DBAPIError] = []
    for one in items:
        try:
            with writing(engine) as session:
                kept += [one] if keep(session, one) else []
        except OperationalError:
            raise
        except DBAPIError as error:
            refused.append(error)
    if refused:
        raise refused[0]
    return kept


def _keep(session: Session, mail: Mail, store: Store) -> bool:
    others = [one.notice.id for one in mail.group if one is not mail.carrier]
    whole = session.begin_nested() if others else None  # one alone is a single statement
    kept = not bundles.taken(session, mail.address, day_began(mail.at))
    kept = kept and store(session, mail.carrier.notice, mail.address, mail.written)
    kept = kept and bundles.carry(session, mail.carrier.notice.id, others)
    if whole is not None and not kept:
        whole.rollback()
    elif whole is not None:
        whole.commit()
    for one in mail.group if kept else ():
        if one.notice.why:
            clear_alarms(session, f"contact:{one.notice.recipient}", mail.at)
    return kept
