"""What the pass of delivery does when addresses, letters, servers and lines fail."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import update

from tests.post import AT, add_contact, attempts, notice, open_alarms, owe
from tests.services.conftest import Desk
from tests.smtp_server import DROP, HANG, HASTY, ScriptedServer
from workflow.services.delivery.misgivings import refusal_key
from workflow.services.delivery.recording import Report
from workflow.storage.database import writing
from workflow.storage.letters import outbox
from workflow.storage.tables import Contact


@pytest.mark.fault("F14")
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


@pytest.mark.fault("F15")
def test_one_refused_address_stops_nobody_else_and_the_next_contact_gets_a_letter_of_its_own(
    desk: Desk,
) -> None:
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


@pytest.mark.fault("F15")
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


@pytest.mark.fault("F15")
def test_an_address_that_is_refused_again_after_it_was_mended_is_told_again(desk: Desk) -> None:
    owe(desk.engine)
    with ScriptedServer({"RCPT": "550 5.1.1 unknown"}) as server:
        assert len(desk.passes(server).alarms) == 2, "the address, and that there is no other"
        with writing(desk.engine) as session:
            session.execute(update(Contact).values(refused_at=None))
        again = desk.passes(server).alarms
    assert [text for text in again if "raad1@kommune.example" in text]
    assert list(open_alarms(desk.engine)).count("address:raad1@kommune.example") == 1


@pytest.mark.fault("F60")
def test_a_body_without_a_mailbox_raises_an_alarm_and_its_letter_stays_owed(desk: Desk) -> None:
    [one] = owe(desk.engine, contacts=False)
    with ScriptedServer() as server:
        report = desk.passes(server)
        assert report.alarms == (
            "Ingen gyldig mailadresse hos 0001/council. Brevet sendes, når en kontakt er oprettet.",
        )
        assert notice(desk.engine, one).state == "planned"
        assert desk.passes(server) == Report()
        with writing(desk.engine) as session:
            add_contact(session, "0001", "sekretariat@kommune.example", function="secretariat-municipal")
        assert desk.passes(server).accepted == 1
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F37")
@pytest.mark.fault("F40")
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


@pytest.mark.fault("F18")
@pytest.mark.parametrize("reply", ["552 5.3.4 too big", "554 5.7.1 spam"])
def test_what_policy_refuses_waits_four_hours_and_a_person_is_told(desk: Desk, reply: str) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"DOT": [reply]}) as server:
        assert desk.passes(server).refused == 1
        row = notice(desk.engine, one)
        assert (row.next_at, row.outcome) == (AT + timedelta(hours=4), "policy_refused")
        assert outbox.word(row.state, row.outcome) == "tilbageholdt"
        assert open_alarms(desk.engine) == {refusal_key("content", reply[4:]): "alarm"}
        desk.later(hours=4)
        assert desk.passes(server).accepted == 1
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F19")
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


@pytest.mark.fault("F21")
@pytest.mark.parametrize("action", [HANG, DROP])
@pytest.mark.parametrize("verb", ["DATA", "BODY", "DOT"])
def test_when_the_line_dies_after_the_intent_the_same_bytes_go_again_and_say_so(
    desk: Desk, verb: str, action: str
) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({verb: [action]}) as server:
        report = desk.passes(server, patience=HASTY)
        assert (report.uncertain, len(report.alarms)) == (1, 1)
        row = notice(desk.engine, one)
        assert outbox.word(row.state, row.outcome, row.uncertain) == "usikker"
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 1
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, row.copies) == ("accepted", True, 1)
    assert {letter.raw for letter in server.letters} == {row.body}
    assert len(server.letters) <= 2


@pytest.mark.fault("F21")
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT"])
def test_a_hang_before_the_intent_delays_one_letter_and_the_others_go_on(desk: Desk, verb: str) -> None:
    ids = owe(desk.engine, 3)
    with ScriptedServer({verb: [HANG]}) as server:
        report = desk.passes(server, patience=HASTY)
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


def test_after_five_days_a_letter_needs_a_person_and_is_still_tried(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"RCPT": "451 4.3.0 not now"}) as server:
        desk.passes(server)
        desk.later(days=5)
        report = desk.passes(server)
        assert report.deferred == 1
        assert "Kræver handling" in report.alarms[0]
        assert open_alarms(desk.engine) == {f"notice:{one}:person": "person"}
        server.script.clear()
        desk.later(hours=1)
        assert desk.passes(server).accepted == 1
