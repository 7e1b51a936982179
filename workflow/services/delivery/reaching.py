"""Whose mailbox a notice goes to, and whether that mailbox has just been told the same."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.rules.days import danish_day
from workflow.storage.letters import bundles, outbox, worn
from workflow.storage.people.contacts import live_contact

_DESKS = ("secretariat-", "chair", "vice-chair")  # the functions one person may have both sides of


def told_already(session: Session, notice: outbox.Owed, address: str) -> bool:
    """Whether the other side of the same desk, read in the same mailbox, has just been written this letter: it carries
    this one too."""
    desk = next((name for name in _DESKS if f"/{name}" in notice.recipient), "")
    twin = bundles.twin(session, notice.id, address, desk) if desk else None
    return twin is not None and bundles.carry(session, twin, [notice.id])


def whom(session: Session, notice: outbox.Owed, at: datetime) -> tuple[str, str] | None:
    """Name and address of the mailbox that a notice goes to now; ``None`` where its body has none left."""
    body, _, function = notice.recipient.partition("/")
    # only what was sent before can have given a mailbox up: a first letter need not ask
    tried = notice.turned_away or "~retur" in notice.key
    but = worn.given_up(session, notice.id) if tried else []
    first = live_contact(session, body, function, danish_day(at), but=but)
    if first is None or '"deputy": true' not in notice.facts:
        return first
    # a reminder that was not answered is tried with whoever stands in
    return live_contact(session, body, function, danish_day(at), own=True, but=[*but, first[1]]) or first
