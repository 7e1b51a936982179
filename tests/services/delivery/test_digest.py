"""One mail a mailbox a day for what can wait; what the law asks goes alone and at once."""

from __future__ import annotations

import json
import signal
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.post import AT, LEASE, add_contact, notice, notices, owe
from tests.services.conftest import Desk
from tests.services.delivery.bundled import MAILBOX, MORNING, one, states, text, three
from tests.services.delivery.test_killed import STEPS, VICTIM, start
from tests.smtp_server import DROP, ScriptedServer
from workflow.rules.hours import Hours
from workflow.storage.database import connect, writing
from workflow.storage.law import rulebook
from workflow.storage.letters import outbox
from workflow.storage.places import find_folder


def test_reminders_to_one_mailbox_go_in_one_mail_carried_by_the_most_urgent(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer() as server:
        assert desk.passes(server).accepted == 1
    [mail] = server.letters
    assert mail.to == MAILBOX
    told = text(mail.raw)
    assert told.index("Gør nr. 2.") < told.index("Gør nr. 1.") < told.index("Gør nr. 3.")
    assert states(desk.engine) == [("accepted", 2), ("accepted", None), ("accepted", 2)]
    rows = notices(desk.engine)
    assert [row.body for row in rows] == [None, mail.raw, None]
    assert {row.accepted_at for row in rows} == {AT}


def test_while_the_mail_waits_its_companions_are_called_collected(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer({"RCPT": ["451 4.7.1 greylisted"]}) as server:
        assert desk.passes(server).deferred == 1
        first = notices(desk.engine)[0]
        assert outbox.word(first.state) == "samlet i dagens mail"
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 1
    assert {state for state, _ in states(desk.engine)} == {"accepted"}


def test_a_reminder_alone_is_its_own_letter(desk: Desk) -> None:
    one(desk.engine, 1)
    with ScriptedServer() as server:
        desk.passes(server)
    assert "Gør nr. 1." not in text(server.letters[0].raw)
    assert "påmindelser i dag" not in text(server.letters[0].raw)


def test_what_the_law_asks_goes_alone_and_at_once_even_after_the_days_mail(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer() as server:
        desk.passes(server)
        one(desk.engine, 4, statutory=True)
        one(desk.engine, 5, statutory=True)
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 2
    assert len(server.letters) == 3


def test_what_comes_later_the_same_day_waits_for_the_next_morning_and_goes_together(desk: Desk) -> None:
    one(desk.engine, 1)
    with ScriptedServer() as server:
        desk.passes(server)
        for number in (2, 3):
            one(desk.engine, number)
            desk.later(hours=1)
            assert desk.passes(server).accepted == 0
        assert {row.next_at for row in notices(desk.engine)[1:]} == {MORNING}
        desk.at = MORNING - timedelta(minutes=1)
        assert desk.passes(server).accepted == 0
        desk.at = MORNING
        assert desk.passes(server).accepted == 1
    assert states(desk.engine) == [("accepted", None), ("accepted", None), ("accepted", 2)]
    assert "om 121 dage" in text(
        server.letters[1].raw
    )  # counted from the day it went, not from the day before


def test_a_mail_still_on_its_way_holds_back_the_next_one(desk: Desk) -> None:
    """The mail of yesterday that goes out today is today's mail."""
    one(desk.engine, 1)
    with ScriptedServer({"RCPT": ["451 4.7.1 later", "451 4.7.1 later"]}) as server:
        desk.passes(server)
        desk.at = MORNING - timedelta(hours=1)
        one(desk.engine, 2, due_at=MORNING)
        assert desk.passes(server).deferred == 1
        desk.at = MORNING
        assert desk.passes(server).accepted == 1
        assert [row.state for row in notices(desk.engine)] == ["accepted", "planned"]
        desk.at = MORNING + timedelta(days=1)
        assert desk.passes(server).accepted == 1


def test_the_next_morning_is_a_business_day_outside_the_quiet_weeks() -> None:
    hours = Hours(rulebook.load(find_folder("calendars")).law.business_days(()), 8)
    friday = datetime(2023, 7, 7, 12, tzinfo=UTC)
    assert hours.tomorrow(friday) == datetime(2023, 7, 31, 6, tzinfo=UTC)  # week 27, then weeks 28 to 30
    assert hours.not_before(friday) == friday
    assert hours.not_before(friday - timedelta(hours=8)) == friday.replace(hour=6)
    assert hours.not_before(datetime(2024, 3, 28, 9, tzinfo=UTC)) == datetime(
        2024, 4, 2, 6, tzinfo=UTC
    )  # Easter


def test_a_refused_address_lets_all_of_it_be_written_again_to_the_next_contact(desk: Desk) -> None:
    three(desk.engine)
    with writing(desk.engine) as session:
        add_contact(session, "0001", "naeste@kommune.example", priority=2)
    with ScriptedServer({"RCPT": ["550 5.1.1 unknown"]}) as server:
        report = desk.passes(server)
    assert (report.refused, report.accepted) == (1, 1)
    [mail] = server.letters
    assert mail.to == "naeste@kommune.example"
    assert text(mail.raw).count("Gør nr.") == 3
    assert states(desk.engine) == [("accepted", 2), ("accepted", None), ("accepted", 2)]


def test_a_mail_in_doubt_puts_everything_it_tells_in_doubt_and_its_copy_is_the_same(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer({"DOT": [DROP]}) as server:
        assert desk.passes(server).uncertain == 1
        assert [row.uncertain for row in notices(desk.engine)] == [True] * 3
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 1
    assert [(row.state, row.uncertain) for row in notices(desk.engine)] == [("accepted", True)] * 3
    assert len({letter.raw for letter in server.letters}) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("step", "in_doubt", "copies"), STEPS, ids=[step for step, *_ in STEPS])
def test_killed_between_bundle_and_record_loses_none_of_it(
    database_url: str, step: str, in_doubt: bool, copies: int
) -> None:
    """kill -9 at every step: each reminder is told, in one mail, and doubt is shared."""
    engine = connect(database_url)
    assert three(engine)[1] == VICTIM
    with ScriptedServer() as server:
        assert start(database_url, server.port, timedelta(), step).wait(60) == -signal.SIGKILL
        assert start(database_url, server.port, LEASE, "").wait(60) == 0
    assert states(engine) == [("accepted", 2), ("accepted", None), ("accepted", 2)]
    assert {row.uncertain for row in notices(engine)} == {in_doubt}
    assert len(server.letters) == copies
    assert {letter.raw for letter in server.letters} == {notice(engine, VICTIM).body}
    engine.dispose()


@pytest.mark.slow
def test_three_workers_write_one_mail(database_url: str) -> None:
    engine = connect(database_url)
    for number in range(1, 21):
        one(engine, number)
    with ScriptedServer() as server:
        workers = [start(database_url, server.port, timedelta(), "") for _ in range(3)]
        assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    assert len(server.letters) == 1
    assert {state for state, _ in states(engine)} == {"accepted"}
    engine.dispose()


def test_a_reminder_that_cannot_be_written_stops_alone(desk: Desk) -> None:
    three(desk.engine)
    bad = one(desk.engine, 4, letter="unknown-letter")
    worse = one(desk.engine, 5, facts="[]")
    with ScriptedServer() as server:
        report = desk.passes(server)
    assert (report.accepted, report.quarantined) == (
        1,
        1,
    )  # of the digest's rows only what has no facts at all
    assert notice(desk.engine, worse).state == "quarantined"
    assert notice(desk.engine, bad).carried_by == 2


def test_the_same_thing_twice_is_told_once_by_its_newest_rung(desk: Desk) -> None:
    one(desk.engine, 1)
    again = json.loads(notice(desk.engine, 1).facts)
    one(desk.engine, 2, due_on=date(2027, 3, 2), facts=json.dumps(again | {"rung": "-14d"}))
    with ScriptedServer() as server:
        desk.passes(server)
    assert "påmindelser i dag" not in text(server.letters[0].raw)
    assert states(desk.engine) == [("accepted", 2), ("accepted", None)]


def test_what_is_told_at_once_to_both_sides_of_a_desk_goes_once_to_the_mailbox_they_share(desk: Desk) -> None:
    sides = ("secretariat-region", "secretariat-municipal", "council")
    for number, function in enumerate(sides, 1):
        owe(
            desk.engine,
            1,
            first=number,
            contacts=False,
            statutory=True,
            rung="fact3",
            recipient=f"1081/{function}",
        )
        with writing(desk.engine) as session:
            add_contact(session, "1081", MAILBOX, function=function)
    with ScriptedServer() as server:
        assert desk.passes(server).accepted == 2  # the council is asked for something else
    assert [mail.to for mail in server.letters] == [MAILBOX] * 2
    assert states(desk.engine) == [("accepted", None), ("accepted", 1), ("accepted", None)]
