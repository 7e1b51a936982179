"""The day's mail to one mailbox, written and not kept yet: many are kept in one transaction, each whole or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.mail.writing.letters import Rendered
from workflow.rules.hours import day_began
from workflow.services.delivery.digest import Reminder
from workflow.storage.database import writing
from workflow.storage.letters import bundles
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.letters.outbox import Owed

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
    where another worker was first, or that tells what is owed no more, nothing is changed; the next pass sees which."""
    if not mails:
        return []
    with writing(engine) as session:  # in one order for all workers: each mailbox is locked until the commit
        return [mail for mail in sorted(mails, key=lambda one: one.address) if _keep(session, mail, store)]


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
