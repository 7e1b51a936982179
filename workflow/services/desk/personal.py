"""Letters to one person rather than to a function of a body: the Monday mail, and reasons somebody hands on.

They are notices as all others are: written once, sent alone, proved. Their recipient is ``person/ADDRESS`` for somebody
who may sign in, ``reader/ADDRESS`` for an address that somebody typed.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Unpack

from sqlmodel import Session

from workflow.mail.writing.facts import OwnFacts, PlannedFacts
from workflow.rules.days import danish_day
from workflow.rules.hours import not_at_night
from workflow.rules.timeline import Deadline
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.reminders import whom_to_ask
from workflow.services.views.titles import OWN
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import AgreementRow, Notice


def personal(
    session: Session, row: AgreementRow, standing: Standing, letter: str, about: str, to: tuple[str, str, str],
    at: datetime, link: str, tell: Deadline | None = None, asked_for: bool = False, **more: Unpack[OwnFacts],
) -> Notice:  # fmt: skip
    """The notice of ``letter`` (one of :data:`workflow.services.views.titles.OWN`), not yet added. ``to`` is kind, name
    and address; ``about`` tells it from others of its kind to the same address; ``more`` are the letter's own facts."""
    kind, name, address = to
    today, recipient = danish_day(at), f"{kind}/{address}"
    facts = letter_facts(standing, standing.rules, recipient, today, tell=tell)
    told: PlannedFacts = {
        **facts,
        "asked_for": asked_for,
        "papers": None,
        "changed": None,
        "recipient": {"body": kind, "name": name, "function": kind, "regional": False},
        "ask": whom_to_ask(session, standing.rules, row, today),
        "link": link,
        "version": None,
        "letter": {"title": OWN[letter], "next": ""},
        **more,
    }
    return Notice(
        key=f"{row.key}|{letter}|{about}|{recipient}", agreement_id=row.id or 0, letter=letter, recipient=recipient,
        due_on=today, planned_at=at, next_at=not_at_night(at), alone=True,
        facts=json.dumps(told, ensure_ascii=False, sort_keys=True), rules=standing.rules.digest,
    )  # fmt: skip
