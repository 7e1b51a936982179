"""Reminders that go in one mail."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy import Engine

from tests.mail.samples import sample
from tests.post import notices, owe

MAILBOX = "raad1@kommune.example"
MORNING = datetime(2027, 3, 2, 7, tzinfo=UTC)  # eight o'clock in Denmark, the day after AT, a Tuesday


def one(engine: Engine, number: int, legal_on: str | None = "2027-07-01", **more: Any) -> int:
    """Owe a reminder to the first council about an agreement of its own; ``legal_on`` None has no date."""
    _, facts = sample("submission-countdown to the regional council")
    facts["agreement"] |= {"key": f"nordjylland/{number}", "label": str(number)}
    facts |= {"today": "2027-03-01", "due_on": "2027-03-01", "late": False}
    facts["letter"] = {"title": "Påmindelse", "next": f"Gør nr. {number}."}
    deadline = facts["deadline"]
    assert deadline is not None
    deadline |= {"legal_on": legal_on, "aim_on": legal_on, "status": "upcoming"}
    facts["deadline"] = deadline if legal_on else None
    values: dict[str, Any] = {
        "recipient": "0001/council",
        "facts": json.dumps(facts),
        "contacts": number == 1,
    } | more
    return owe(engine, first=number, **values)[0]


def three(engine: Engine) -> list[int]:
    return [one(engine, 1), one(engine, 2, "2027-04-01"), one(engine, 3)]


def states(engine: Engine) -> list[tuple[str, int | None]]:
    return [(row.state, row.carried_by) for row in notices(engine)]


def text(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())
