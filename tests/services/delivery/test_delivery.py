"""The pass of delivery against a scripted mail server and real databases; time is a value that the test moves."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import update

from tests.post import AT, notice, notices, owe
from tests.services.conftest import Desk
from tests.smtp_server import HANG, ScriptedServer
from workflow.services.delivery.recording import Report
from workflow.storage.database import writing
from workflow.storage.letters import outbox
from workflow.storage.tables import Notice


def test_every_letter_due_is_written_and_handed_over_once(desk: Desk) -> None:
    ids = owe(desk.engine, 3)
    with ScriptedServer() as server:
        assert desk.passes(server) == Report(accepted=3)
        assert desk.passes(server) == Report()
    assert [letter.to for letter in server.letters] == [f"raad{n}@kommune.example" for n in (1, 2, 3)]
    for row, letter in zip(notices(desk.engine), server.letters, strict=True):
        assert (row.state, row.accepted_at, row.body) == ("accepted", AT, letter.raw)
        assert message_from_bytes(letter.raw)["Message-ID"] == row.message_id
        assert f"retur+{row.message_id[1:].partition('@')[0]}@nord.example" in letter.sender
    one = [step for step, notice_id in desk.steps if notice_id == ids[0]]
    assert one == ["rendered", "claimed", "talking", "intent", "sent", "recorded"]


def test_the_outcome_is_recorded_before_quit(desk: Desk) -> None:
    [one] = owe(desk.engine)
    states: list[str] = []

    def at_quit(_line: str) -> None:
        states.append(notice(desk.engine, one).state)

    with ScriptedServer({"QUIT": at_quit}) as server:
        desk.passes(server)
    assert states == ["accepted"]


def test_the_database_is_free_while_the_mail_server_answers(desk: Desk) -> None:
    [one] = owe(desk.engine)
    seen: list[str] = []

    def look(_line: str) -> None:
        # a write would wait for a minute if the pass held a transaction
        with writing(desk.engine) as session:
            session.execute(update(Notice).values(rules="seen"))
        seen.append(notice(desk.engine, one).state)

    with ScriptedServer({"RCPT": look, "DOT": look}) as server:
        assert desk.passes(server).accepted == 1
    assert seen == ["claimed", "intent"]


def test_nothing_is_sent_before_its_hour_but_what_the_law_asks_is_written(desk: Desk) -> None:
    [one] = owe(desk.engine, due_at=AT + timedelta(hours=1), statutory=True)
    [two] = owe(desk.engine, first=2, due_at=AT + timedelta(hours=1))
    with ScriptedServer() as server:
        assert desk.passes(server) == Report()
        assert notice(desk.engine, one).state == "ready"
        assert notice(desk.engine, two).state == "planned"  # more may come for the same mail
        desk.later(hours=1)
        assert desk.passes(server).accepted == 2


def test_nothing_is_sent_at_night(desk: Desk) -> None:
    owe(desk.engine)
    desk.at = datetime.fromisoformat("2027-03-02T00:30:00+01:00")
    with ScriptedServer() as server:
        assert desk.passes(server) == Report()
        desk.at = datetime.fromisoformat("2027-03-02T04:00:00+01:00")
        assert desk.passes(server).accepted == 1


@pytest.mark.fault("F55")
def test_letters_go_at_so_many_a_minute(desk: Desk) -> None:
    owe(desk.engine, 7)
    with ScriptedServer() as server:
        assert desk.passes(server, per_minute=3).accepted == 3
        desk.later(seconds=59)
        assert desk.passes(server, per_minute=3).accepted == 0
        desk.later(seconds=1)
        assert desk.passes(server, per_minute=3).accepted == 3


def test_a_pass_stops_between_letters_when_it_is_told_to(desk: Desk) -> None:
    owe(desk.engine, 3)

    def enough() -> bool:
        return any(step == "recorded" for step, _ in desk.steps)

    with ScriptedServer() as server:
        assert desk.passes(server, stop=enough).accepted == 1
        assert desk.passes(server, limit=1).accepted == 1


@pytest.mark.fault("F56")
def test_a_moved_deadline_leaves_what_it_replaced_unsent(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with writing(desk.engine) as session:
        session.execute(update(Notice).values(state="superseded"))
    with ScriptedServer() as server:
        assert desk.passes(server) == Report()
    assert notice(desk.engine, one).state == "superseded"


@pytest.mark.fault("F12")
def test_cancelling_before_the_intent_gives_the_letter_back(desk: Desk) -> None:
    [one] = owe(desk.engine)

    async def stopped(server: ScriptedServer) -> None:
        sending = asyncio.create_task(desk.sends(server))
        while "RCPT" not in server.verbs():
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    with ScriptedServer({"RCPT": [HANG]}) as server:
        asyncio.run(stopped(server))
        row = notice(desk.engine, one)
        assert (row.state, row.uncertain) == ("ready", False)
        assert desk.passes(server).accepted == 1
    assert len(server.letters) == 1


@pytest.mark.fault("F12")
def test_cancelling_after_the_intent_waits_for_the_answer_and_records_it(desk: Desk) -> None:
    [one] = owe(desk.engine)

    async def stopped(server: ScriptedServer) -> None:
        sending = asyncio.create_task(desk.sends(server))
        while ("intent", one) not in desk.steps:
            await asyncio.sleep(0)
        for _ in range(3):
            sending.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await sending

    with ScriptedServer() as server:
        asyncio.run(stopped(server))
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, len(server.letters)) == ("accepted", False, 1)


@pytest.mark.fault("F11")
def test_a_worker_fenced_off_before_data_sends_nothing(desk: Desk) -> None:
    [one] = owe(desk.engine)

    def overtake(_line: str) -> None:
        with writing(desk.engine) as session:
            outbox.release_expired(session, AT + timedelta(hours=1))
            assert outbox.claim(session, AT + timedelta(hours=1), "other", timedelta(hours=1))

    with ScriptedServer({"RCPT": [overtake]}) as server:
        assert desk.passes(server) == Report()
    row = notice(desk.engine, one)
    assert (row.owner, row.fence, row.state) == ("other", 2, "claimed")
    assert not server.letters
