"""Council's answers from a mail: the letters are sent, their links opened, and what came of it is read."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from email import message_from_bytes, policy
from functools import lru_cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from tests.faces.web.conftest import Clock, csrf
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal
from workflow.storage.facts.past import facts

KEY = "nordjylland/2028-2031"
MEETING = "2026-11-23"
LINK = re.compile(r"http://[^\s/]+(/(?:svar|kvitter|bekraeft|moedeplan)/[\w.-]+)")


def happens(place: Workplace, clock: Clock, event: str, **more: object) -> None:
    today = danish_day(clock())
    fact = Fact(0, event, today, by="test", source="test", **more)  # type: ignore[arg-type]
    record(place.engine, place.rulebook, KEY, fact, today=today, at=clock())


def passes(place: Workplace, clock: Clock) -> list[tuple[str, str]]:
    """One pass of the daemon; the inbox after it."""
    asyncio.run(tick(place, clock()))
    return mails_of(place)


def mails_of(place: Workplace) -> list[tuple[str, str]]:
    """Every mail in the inbox as (to, text)."""
    return [_read(path.read_bytes()) for path in sorted(Path(place.settings.inbox).glob("*.eml"))]


@lru_cache(maxsize=1000)
def _read(raw: bytes) -> tuple[str, str]:
    """Ten milliseconds a mail, and a test looks through the same ones again and again."""
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body
    return str(mail["To"]), body.get_content()


def answer(
    client: TestClient, app: FastAPI, link: str, event: str = "council-approved", **more: str
) -> Response:
    data = {"csrf": csrf(client, app), "event": event, "on": MEETING} | more
    return client.post(link, data=data)


def rows(place: Workplace, query: str) -> list[tuple[object, ...]]:
    with reading(place.engine) as session:
        return [tuple(row) for row in session.execute(text(query))]


def reports(place: Workplace) -> list[tuple[object, ...]]:
    return rows(place, "SELECT council, event, state FROM reported_decision ORDER BY id")


def decisions(place: Workplace) -> list[Fact]:
    with reading(place.engine) as session:
        found = facts(session, journal.find(session, KEY))
    return [fact for fact in found if fact.event.startswith("council-")]


def sent_out(place: Workplace, clock: Clock, reply_by: date) -> list[tuple[str, str]]:
    """Send version 1 to the councils, who are asked to answer by that day: what they got."""
    today = danish_day(clock())
    with writing(place.engine) as session:
        session.execute(text("UPDATE agreement SET wake_on = '2999-01-01'"))
    open_agreement(
        place.engine, place.rulebook, Fact(0, "opened", today, source="test", by="test"), region="nordjylland",
        term="2026-2029", label="2028-2031", at=clock(),
    )  # fmt: skip
    happens(place, clock, "sent-for-approval", due=reply_by, version=1)
    return passes(place, clock)


@pytest.fixture
def mails(place: Workplace, asked_demo: Path) -> list[tuple[str, str]]:
    """What the councils got when version 1 was sent to them."""
    return mails_of(place)


@pytest.fixture
def link(mails: list[tuple[str, str]]) -> str:
    """Aalborg's."""
    return next(found[1] for to, body in mails if "aalborg" in to and (found := LINK.search(body)))
