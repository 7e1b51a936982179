"""Notices to send: an agreement, its contacts and owed letters in a real database, with the real templates."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from tests.mail.samples import SAMPLES
from workflow.mail.writing.letters import Letters
from workflow.storage.database import reading, writing
from workflow.storage.tables import AgreementRow, Alarm, Attempt, Contact, Notice

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # 10:00 in Denmark
INSTANCE = "nord.example"
FOLDER = Path(__file__).parents[1] / "templates" / "emails"
LEASE = timedelta(minutes=20)
LETTER = "submission-countdown"


@cache
def letters(bounce: str = "") -> Letters:
    return Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>", bounce=bounce)


def owe(
    engine: Engine,
    count: int = 1,
    *,
    first: int = 1,
    due_at: datetime = AT,
    contacts: bool = True,
    facts: str = "",
    **more: Any,
) -> list[int]:
    """Plan ``count`` letters, each to the council of a municipality of its own: ``0001/council`` and so on."""
    told = facts or json.dumps(next(known for name, known in SAMPLES.values() if name == LETTER))
    with writing(engine) as session:
        agreement = session.execute(select(AgreementRow.id)).scalar()  # type: ignore[call-overload]
        if agreement is None:
            row = AgreementRow(
                region="nordjylland", label="2024-2027", term="2022-2025", regime="bek-1248-2022",
                wake_on=date(2027, 3, 1), projected_on=date(2027, 3, 1),
            )  # fmt: skip
            session.add(row)
            session.flush()
            agreement = row.id
        ids = []
        for number in range(first, first + count):
            body = f"{number:04d}"
            if contacts:
                add_contact(session, body, f"raad{number}@kommune.example")
            values = {
                "key": f"nordjylland/2024-2027|submission|1|-30d|{body}/council", "agreement_id": agreement,
                "letter": LETTER, "deadline": "submission", "revision": 1, "rung": "-30d",
                "recipient": f"{body}/council", "due_on": date(2027, 3, 1), "planned_at": AT, "next_at": due_at,
                "facts": told,
            }  # fmt: skip
            made = session.execute(
                insert(Notice).values(values | more).returning(col(Notice.id))
            ).scalar_one()
            assert made is not None
            ids.append(made)
    return ids


def add_contact(session: Session, body: str, email: str, **more: Any) -> None:
    values = {"body": body, "function": "council", "name": f"Kommune {body}", "email": email, "priority": 1}
    session.execute(insert(Contact).values(values | more))


def ready(engine: Engine, count: int = 1, **more: Any) -> list[int]:
    """Letters already written: only the outbox is of interest."""
    values = {
        "state": "ready", "body": b"Subject: x\r\n\r\nx\r\n", "address": "raad@kommune.example", "message_id": "<1@x>"
    }  # fmt: skip
    return owe(engine, count, contacts=False, **(values | more))


def notice(engine: Engine, notice_id: int) -> Notice:
    with reading(engine) as session:
        found = session.get(Notice, notice_id)
    assert found is not None
    return found


def notices(engine: Engine) -> list[Notice]:
    with reading(engine) as session:
        return list(session.scalars(select(Notice).order_by(col(Notice.id))))


def attempts(engine: Engine, notice_id: int) -> list[Attempt]:
    with reading(engine) as session:
        tried = select(Attempt).where(col(Attempt.notice_id) == notice_id)
        return list(session.scalars(tried.order_by(col(Attempt.id))))


def open_alarms(engine: Engine) -> dict[str, str]:
    """Key and level of every alarm that is open."""
    with reading(engine) as session:
        return {one.key: one.level for one in session.scalars(select(Alarm)) if one.cleared_at is None}
