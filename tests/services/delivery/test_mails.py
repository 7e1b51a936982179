"""Reminders' mails are kept many in one transaction: few commits, and none of them stops another."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.post import AT, INSTANCE, letters, notices, owe
from tests.services.delivery.bundled import states, three
from workflow.mail.writing.letters import Rendered
from workflow.rules.days import BusinessDays
from workflow.rules.hours import Hours
from workflow.services.delivery import mails
from workflow.services.delivery.writing import FIRST, Writer
from workflow.storage.database import writing
from workflow.storage.letters import outbox


def writer(engine: Engine, seen: list[int]) -> Writer:
    hours = Hours(BusinessDays(()))
    return Writer(
        engine, letters(), INSTANCE, hours, lambda: AT, lambda: False, lambda _step, one: seen.append(one)
    )


def test_the_mails_of_forty_mailboxes_share_two_commits_the_first_of_them_early(engine: Engine) -> None:
    owe(engine, 40)
    seen: list[int] = []
    writes: list[int] = []
    told = writer(engine, seen)

    @event.listens_for(engine, "commit")
    def _commit(connection: object) -> None:
        if connection.get_execution_options().get("writing"):  # type: ignore[attr-defined]
            writes.append(1)

    asyncio.run(told.everything())
    assert len(writes) == 2 and len(seen) == 40 and FIRST < 40
    assert {row.state for row in notices(engine)} == {"ready"}


def test_a_mail_that_another_worker_was_first_with_stops_no_other(engine: Engine) -> None:
    ids = owe(engine, 3)
    seen: list[int] = []
    told = writer(engine, seen)
    found = [mail for to, group in told._mailboxes().items() for mail in told._together(to, group)]
    with writing(engine) as session:  # the other worker
        assert outbox.quarantine(session, ids[1], "prøve")
    kept = mails.keep_mails(engine, found, told._store)
    assert [mail.carrier.notice.id for mail in kept] == [ids[0], ids[2]]
    assert [row.state for row in notices(engine)] == ["ready", "quarantined", "ready"]


def test_a_mail_is_kept_with_all_that_it_carries_or_not_at_all(engine: Engine) -> None:
    three(engine)
    owe(engine, 1, first=900)
    seen: list[int] = []
    told = writer(engine, seen)
    found = [mail for to, group in told._mailboxes().items() for mail in told._together(to, group)]
    carried = next(one.notice.id for one in found[0].group if one is not found[0].carrier)
    with writing(engine) as session:
        assert outbox.quarantine(session, carried, "prøve")
    kept = mails.keep_mails(engine, found, told._store)
    assert [mail.address for mail in kept] == [found[1].address]
    assert sorted(state for state, _ in states(engine)) == ["planned", "planned", "quarantined", "ready"]


def refusing(monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    """The database refuses what is written of the letter ``refused``, whatever is written with it."""
    store = Writer._store

    def broken(told: Writer, session: Session, owed: outbox.Owed, address: str, letter: Rendered) -> bool:
        if owed.id == refused:
            session.execute(text("INSERT INTO notice (id) VALUES (:id)"), {"id": refused})
        return store(told, session, owed, address, letter)

    monkeypatch.setattr(Writer, "_store", broken)


@pytest.mark.parametrize("statutory", [False, True], ids=["the day's mails", "letters that go alone"])
def test_what_the_database_refuses_of_one_undoes_no_other_and_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, statutory: bool
) -> None:
    ids = owe(engine, 4, statutory=statutory)
    refusing(monkeypatch, ids[1])
    seen: list[int] = []
    with pytest.raises(DBAPIError):
        asyncio.run(writer(engine, seen).everything())
    assert [row.state for row in notices(engine)] == ["ready", "planned", "ready", "ready"]


def test_what_the_database_refused_only_together_is_kept_one_by_one(engine: Engine) -> None:
    owe(engine, 3)
    told = writer(engine, [])
    found = [mail for to, group in told._mailboxes().items() for mail in told._together(to, group)]
    tries: list[int] = []

    def once(session: Session, owed: outbox.Owed, address: str, letter: Rendered) -> bool:
        tries.append(owed.id)
        if len(tries) == 2:
            session.execute(text("INSERT INTO notice (id) VALUES (:id)"), {"id": owed.id})
        return told._store(session, owed, address, letter)

    assert len(mails.keep_mails(engine, found, once)) == 3
    assert {row.state for row in notices(engine)} == {"ready"}
