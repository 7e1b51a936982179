"""A database that has lived a while: one agreement, every mailbox, letters planned and really handed over."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine

from tests.conftest import ROOT
from tests.post import INSTANCE, letters
from tests.smtp_server import ScriptedServer
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.rules.facts import Fact
from workflow.services.delivery.recording import Report
from workflow.services.delivery.sending import deliver
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.reminders import plan
from workflow.services.rounds.demo import demo_contacts
from workflow.storage.database import connect
from workflow.storage.law.rulebook import Rulebook, load

KEY = "nordjylland/2024-2027"
SECRET = "5ec2e7" * 10
RETURN = "retur+{notice}@nord.example"
SENT_ON = date(2023, 5, 2)
MORNINGS = [datetime(2023, 5, 2, 7, tzinfo=UTC), datetime(2023, 5, 31, 7, tzinfo=UTC)]  # nine in Denmark
EVENING = MORNINGS[-1].replace(hour=17)


@cache
def rules() -> Rulebook:
    return load(ROOT / "calendars")


def live(url: str) -> None:
    """Opened at New Year, sent to twelve councils on 2 May, and two mornings on which letters went out."""
    engine = connect(url)
    import_contacts(engine, rules(), demo_contacts(rules()))
    opened = Fact(0, "opened", date(2023, 1, 2), source="test", by="test")
    open_agreement(
        engine, rules(), opened, region="nordjylland", term="2022-2025", label="2024-2027",
        at=datetime(2023, 1, 2, 8, tzinfo=UTC), effective=date(2024, 1, 1),
    )  # fmt: skip
    happen(engine, Fact(0, "sent-for-approval", SENT_ON, due=date(2023, 6, 14), source="brev", by="test"))
    with ScriptedServer() as server:
        for at in MORNINGS:
            assert plan(engine, rules(), at).planned
            hand_over(engine, server, at)
    engine.dispose()


def happen(engine: Engine, fact: Fact) -> None:
    at = datetime(fact.on.year, fact.on.month, fact.on.day, 6, tzinfo=UTC)
    record(engine, rules(), KEY, fact, today=fact.on, at=at)


def hand_over(engine: Engine, server: ScriptedServer, at: datetime, **more: Any) -> Report:
    target = SmtpTarget("127.0.0.1", server.port, timeout=5, connect_timeout=5, after_dot_timeout=5)
    options: dict[str, Any] = {
        "letters": letters(RETURN), "instance": INSTANCE, "stop": lambda: False, "limit": 1000, "per_minute": 0,
        "secret": SECRET, "jitter": lambda: 0.0,
    }  # fmt: skip
    return asyncio.run(deliver(engine, wire=Wire(target), at=lambda: at, owner="desk", **(options | more)))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
