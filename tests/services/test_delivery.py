"""The pass of delivery against a scripted mail server and real databases; time is a value that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlalchemy import Engine, update

from tests.post import AT, INSTANCE, add_contact, attempts, letters, notice, notices, open_alarms, owe
from tests.smtp_server import DROP, HANG, ScriptedServer
from workflow.mail.smtp import SmtpTarget, Wire
from workflow.services.delivery import Report, deliver
from workflow.storage import outbox
from workflow.storage.database import connect, writing
from workflow.storage.tables import Notice


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@dataclass
class Desk:
    """A worker with a clock of its own."""

    engine: Engine
    at: datetime = AT
    steps: list[tuple[str, int]] = field(default_factory=list)

    async def sends(self, server: ScriptedServer, **more: Any) -> Report:
        options: dict[str, Any] = {
            "instance": INSTANCE, "stop": lambda: False, "limit": 100, "per_minute": 0, "jitter": lambda: 0.0,
            "on_step": lambda step, one: self.steps.append((step, one)),
        }  # fmt: skip
        target = SmtpTarget("127.0.0.1", server.port, timeout=0.4, connect_timeout=0.4, after_dot_timeout=0.4)
        return await deliver(
            self.engine, letters("retur+{notice}@nord.example"), Wire(target), lambda: self.at, "desk",
            **(options | more),
        )  # fmt: skip

    def passes(self, server: ScriptedServer, **more: Any) -> Report:
        return asyncio.run(self.sends(server, **more))

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


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


def test_nothing_is_sent_before_its_hour_but_it_is_written(desk: Desk) -> None:
    [one] = owe(desk.engine, due_at=AT + timedelta(hours=1))
    with ScriptedServer() as server:
        assert desk.passes(server) == Report()
        assert notice(desk.engine, one).state == "ready"
        desk.later(hours=1)
        assert desk.passes(server).accepted == 1


def test_nothing_is_sent_at_night(desk: Desk) -> None:
    owe(desk.engine)
    desk.at = datetime.fromisoformat("2027-03-02T00:30:00+01:00")
    with ScriptedServer() as server:
        assert desk.passes(server) == Report()
        desk.at = datetime.fromisoformat("2027-03-02T04:00:00+01:00")
        assert desk.passes(server).accepted == 1


def test_greylisting_costs_a_minute_and_no_copy(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"RCPT": ["451 4.7.1 greylisted"]}) as server:
        assert desk.passes(server) == Report(deferred=1)
        assert outbox.word(notice(desk.engine, one).state, notice(desk.engine, one).outcome) == "forsinket"
        desk.later(seconds=59)
        assert desk.passes(server) == Report()
        desk.later(seconds=1)
        assert desk.passes(server).accepted == 1
    row = notice(desk.engine, one)
    assert (len(server.letters), row.copies, row.uncertain) == (1, 0, False)
    assert [attempt.outcome for attempt in attempts(desk.engine, one)] == ["deferred", "accepted"]


def test_one_refused_address_stops_nobody_else_and_the_next_contact_gets_a_letter_of_its_own(desk: Desk) -> None:
    ids = owe(desk.engine, 3)
    with writing(desk.engine) as session:
        add_contact(session, "0002", "sekretariat2@kommune.example", priority=2)

    def rcpt(line: str) -> str | None:
        return "550 5.1.1 unknown" if "raad2@" in line else None

    with ScriptedServer({"RCPT": rcpt}) as server:
        report = desk.passes(server)
    assert (report.accepted, report.refused, len(report.alarms)) == (3, 1, 1)
    assert "raad2@kommune.example" in report.alarms[0]
    assert open_alarms(desk.engine) == {"address:raad2@kommune.example": "alarm"}
    row = notice(desk.engine, ids[1])
    assert (row.state, row.address) == ("accepted", "sekretariat2@kommune.example")
    assert len({letter.to for letter in server.letters}) == 3
    first, second = (attempt.address for attempt in attempts(desk.engine, ids[1]))
    assert (first, second) == ("raad2@kommune.example", "sekretariat2@kommune.example")
    assert len({message_from_bytes(letter.raw)["Message-ID"] for letter in server.letters}) == 3


def test_when_every_address_is_refused_the_letter_waits_for_a_new_one(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"RCPT": ["550 5.1.1 unknown"]}) as server:
        report = desk.passes(server)
        assert (report.refused, report.accepted) == (1, 0)
        row = notice(desk.engine, one)
        assert outbox.word(row.state) == "afvist"
        assert set(open_alarms(desk.engine)) == {"address:raad1@kommune.example", "contact:0001/council"}
        assert desk.passes(server) == Report()
        with writing(desk.engine) as session:
            add_contact(session, "0001", "ny@kommune.example")
        assert desk.passes(server).accepted == 1
    assert set(open_alarms(desk.engine)) == {"address:raad1@kommune.example"}


def test_a_body_without_a_mailbox_raises_an_alarm_and_its_letter_stays_owed(desk: Desk) -> None:
    [one] = owe(desk.engine, contacts=False)
    with ScriptedServer() as server:
        report = desk.passes(server)
        assert report.alarms == ("Ingen gyldig mailadresse hos 0001/council. Brevet sendes, når en kontakt er oprettet.",)
        assert notice(desk.engine, one).state == "planned"
        assert desk.passes(server) == Report()
        with writing(desk.engine) as session:
            add_contact(session, "0001", "sekretariat@kommune.example", function="secretariat-municipal")
        assert desk.passes(server).accepted == 1
    assert open_alarms(desk.engine) == {}


def test_a_letter_that_cannot_be_written_is_quarantined_alone(desk: Desk) -> None:
    [bad] = owe(desk.engine, facts='{"agreement": null}')
    [worse] = owe(desk.engine, first=2, facts="no JSON")
    owe(desk.engine, 2, first=3)
    with ScriptedServer() as server:
        report = desk.passes(server)
    assert (report.accepted, report.quarantined, len(report.alarms)) == (2, 2, 2)
    assert [notice(desk.engine, one).state for one in (bad, worse)] == ["quarantined", "quarantined"]
    assert notice(desk.engine, worse).why
    assert set(open_alarms(desk.engine)) == {f"notice:{one}:quarantined" for one in (bad, worse)}


@pytest.mark.parametrize("reply", ["552 5.3.4 too big", "554 5.7.1 spam"])
def test_what_policy_refuses_waits_four_hours_and_a_person_is_told(desk: Desk, reply: str) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"DOT": [reply]}) as server:
        assert desk.passes(server).refused == 1
        row = notice(desk.engine, one)
        assert (row.next_at, row.outcome) == (AT + timedelta(hours=4), "policy_refused")
        assert outbox.word(row.state, row.outcome) == "tilbageholdt"
        assert open_alarms(desk.engine) == {f"notice:{one}:policy": "alarm"}
        desk.later(hours=4)
        assert desk.passes(server).accepted == 1
    assert open_alarms(desk.engine) == {}


def test_our_own_fault_buries_no_letter(desk: Desk) -> None:
    """Seen once: "503 nested MAIL" after an abandoned transaction made 8 of 2,000 letters terminal."""
    [one] = owe(desk.engine)
    with ScriptedServer({"MAIL": ["503 5.5.1 nested MAIL"]}) as server:
        report = desk.passes(server)
        assert (report.deferred, len(report.alarms)) == (1, 1)
        assert open_alarms(desk.engine) == {"mail:fault": "alarm"}
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 1
    assert server.connections == 2
    assert notice(desk.engine, one).state == "accepted"
    assert open_alarms(desk.engine) == {}


@pytest.mark.parametrize("action", [HANG, DROP])
@pytest.mark.parametrize("verb", ["DATA", "BODY", "DOT"])
def test_when_the_line_dies_after_the_intent_the_same_bytes_go_again_and_say_so(desk: Desk, verb: str, action: str) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({verb: [action]}) as server:
        report = desk.passes(server)
        assert (report.uncertain, len(report.alarms)) == (1, 1)
        row = notice(desk.engine, one)
        assert outbox.word(row.state, row.outcome, row.uncertain) == "usikker"
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 1
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, row.copies) == ("accepted", True, 1)
    assert {letter.raw for letter in server.letters} == {row.body}
    assert len(server.letters) <= 2


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT"])
def test_a_hang_before_the_intent_delays_one_letter_and_the_others_go_on(desk: Desk, verb: str) -> None:
    ids = owe(desk.engine, 3)
    with ScriptedServer({verb: [HANG]}) as server:
        report = desk.passes(server)
        assert (report.deferred, report.accepted) == (1, 2)
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 1
    assert all(notice(desk.engine, one).copies == 0 for one in ids)
    assert len(server.letters) == 3


def test_five_failures_in_a_row_rest_the_channel_and_one_letter_probes(desk: Desk) -> None:
    owe(desk.engine, 8)
    with ScriptedServer({"CONNECT": "421 4.3.2 down"}) as server:
        assert desk.passes(server).deferred == 5
        desk.later(minutes=4)
        assert desk.passes(server) == Report()
        desk.later(minutes=1)
        assert desk.passes(server).deferred == 1
        desk.later(minutes=1)
        assert desk.passes(server) == Report()
        server.script.clear()
        desk.later(minutes=4)
        assert desk.passes(server).accepted > 1
        desk.later(minutes=60)
        desk.passes(server)
    assert len(server.letters) == 8


def test_three_days_without_a_mail_server_lose_nothing_and_people_are_told_in_time(desk: Desk) -> None:
    owe(desk.engine, 4)
    told: dict[str, timedelta] = {}
    with ScriptedServer({"CONNECT": "421 4.3.2 down"}) as server:
        while desk.at < AT + timedelta(days=3):
            if desk.passes(server, quiet=range(0)).alarms:
                told |= {level: told.get(level, desk.at - AT) for level in open_alarms(desk.engine).values()}
            desk.later(minutes=10)
        assert {row.state for row in notices(desk.engine)} == {"ready"}
        assert timedelta(minutes=30) <= told["warning"] <= timedelta(minutes=50)
        assert timedelta(hours=4) <= told["alarm"] <= timedelta(hours=4, minutes=20)
        assert open_alarms(desk.engine) == {"mail:warning": "warning", "mail:alarm": "alarm"}
        server.script.clear()
        for _ in range(5):
            desk.later(minutes=30)
            desk.passes(server, quiet=range(0))
    assert {row.state for row in notices(desk.engine)} == {"accepted"}
    assert len(server.letters) == 4
    assert open_alarms(desk.engine) == {}


def test_after_five_days_a_letter_needs_a_person_and_is_still_tried(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"RCPT": "451 4.2.2 mailbox full"}) as server:
        desk.passes(server)
        desk.later(days=5)
        report = desk.passes(server)
        assert report.deferred == 1
        assert "Kræver handling" in report.alarms[0]
        assert open_alarms(desk.engine) == {f"notice:{one}:person": "person"}
        server.script.clear()
        desk.later(hours=1)
        assert desk.passes(server).accepted == 1


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


def test_a_moved_deadline_leaves_what_it_replaced_unsent(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with writing(desk.engine) as session:
        session.execute(update(Notice).values(state="superseded"))
    with ScriptedServer() as server:
        assert desk.passes(server) == Report()
    assert notice(desk.engine, one).state == "superseded"


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
