"""Summer time, leap days and Danish midnight; a date that moves while its letter is on the wire; a mailbox revoked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import insert, update

from tests.conftest import ROOT
from tests.post import AT, add_contact, notice, notices, open_alarms, owe, ready
from tests.services.conftest import Desk
from tests.services.lived import EVENING, KEY, hand_over, happen, rules
from tests.smtp_server import DROP, ScriptedServer
from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.facts.foretelling import foretell
from workflow.services.planning.reminders import plan
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import connect, writing
from workflow.storage.people.contacts import refuse_address
from workflow.storage.tables import Contact, Notice


@pytest.fixture
def lived(lived_url: str) -> Iterator[Desk]:
    engine = connect(lived_url)
    yield Desk(engine, EVENING)
    engine.dispose()


@pytest.mark.fault("F51")
@pytest.mark.parametrize(
    ("saturday", "monday_utc"),
    [("2028-03-25", "2028-03-27T06:00"), ("2028-10-28", "2028-10-30T07:00")],
    ids=["spring", "autumn"],
)
def test_when_the_clocks_change_a_letter_goes_once_at_the_same_danish_hour(
    desk: Desk, saturday: str, monday_utc: str
) -> None:
    evening = datetime.fromisoformat(saturday).replace(hour=23, minute=30, tzinfo=COPENHAGEN).astimezone(UTC)
    monday = datetime.fromisoformat(monday_utc).replace(tzinfo=UTC)
    later = Desk(desk.engine, evening)
    [law] = owe(desk.engine, statutory=True, due_at=evening + timedelta(hours=1), planned_at=evening)
    [reminder] = owe(desk.engine, first=2, due_at=monday, planned_at=evening)
    with ScriptedServer() as server:
        while later.at < monday + timedelta(hours=3):
            later.passes(server)
            later.later(minutes=30)
    assert len(server.letters) == 2
    sent = {one: notice(desk.engine, one).accepted_at for one in (law, reminder)}
    local = {one: f"{at.astimezone(COPENHAGEN):%a %H:%M}" for one, at in sent.items() if at}
    assert local == {law: "Sun 04:00", reminder: "Mon 08:00"}
    assert sent[reminder] == monday


@pytest.mark.fault("F52")
def test_a_rung_that_falls_on_a_leap_day_is_owed_that_day_and_late_the_day_after(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    opened = Fact(0, "opened", date(2023, 1, 2), by="test")
    open_agreement(
        engine, rules(), opened, region="nordjylland", term="2022-2025", label="2024-2027",
        at=datetime(2023, 1, 2, 8, tzinfo=UTC),
    )  # fmt: skip
    moved = Fact(0, "deviation", date(2023, 3, 1), due=date(2024, 4, 29), source="SST", by="test")
    at = datetime(2023, 3, 1, 8, tzinfo=UTC)
    record(engine, rules(), KEY, moved, today=date(2023, 3, 1), at=at)

    def owed(day: date) -> set[tuple[str, date, bool]]:
        found = plan(engine, rules(), datetime(day.year, day.month, day.day, 9, tzinfo=UTC), dry_run=True)
        return {
            (one.rung, one.due_on, one.late)
            for one in found.planned
            if one.letter.name == "submission-countdown"
        }

    assert {rung for rung, *_ in owed(date(2024, 2, 28))} == {"-90d"}
    assert owed(date(2024, 2, 29)) == {("-60d", date(2024, 2, 29), False)}
    assert owed(date(2024, 3, 1)) == {("-60d", date(2024, 2, 29), True)}
    engine.dispose()


@pytest.mark.fault("F53")
def test_after_danish_midnight_it_is_the_new_day_whatever_zone_the_server_keeps(desk: Desk) -> None:
    """23:30 UTC on 1 March is 2 March in Denmark: a mailbox that begins that day is the one written to."""
    desk.at = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    [one] = owe(desk.engine, contacts=False, statutory=True)
    with writing(desk.engine) as session:
        add_contact(session, "0001", "gammel@kommune.example", valid_to=date(2027, 3, 1))
        add_contact(session, "0001", "ny@kommune.example", priority=2, valid_from=date(2027, 3, 2))
    with ScriptedServer() as server:
        assert desk.passes(server).accepted == 0, "it is night"
        row = notice(desk.engine, one)
        assert row.address == "ny@kommune.example"
        assert message_from_bytes(row.body or b"")["Date"].startswith("Tue, 02 Mar 2027 00:30:00 +0100")
        assert desk.passes(server, quiet=range(0)).accepted == 1


@pytest.mark.fault("F53")
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_the_servers_zone_changes_no_date(zone: str) -> None:
    said = (
        "from datetime import *; from workflow.rules.days import danish_day; from workflow.faces import clock;"
        "days = [danish_day(datetime(2027, 6, 30, hour, tzinfo=UTC)) for hour in (21, 22)];"
        "print(*days, clock.instant('2027-07-01T00:30', '--at', 8))"
    )
    env = os.environ | {"TZ": zone, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", said], check=True, capture_output=True, text=True, env=env, cwd=ROOT
    )
    assert done.stdout == "2027-06-30 2027-07-01 2027-06-30 22:30:00+00:00\n"


@pytest.mark.fault("F55")
def test_two_thousand_due_at_once_go_at_thirty_a_minute(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    [one] = ready(engine, 1, statutory=True)
    same = notice(engine, one).model_dump(exclude={"id", "key"})
    with writing(engine) as session:
        session.execute(insert(Notice), [same | {"key": f"k{number}"} for number in range(1999)])
    desk = Desk(engine)
    with ScriptedServer() as server:
        for _ in range(3):
            assert desk.passes(server, per_minute=30).accepted == 30
            desk.later(seconds=30)
            assert desk.passes(server, per_minute=30).accepted == 0
            desk.later(seconds=30)
    assert len(server.letters) == 90
    engine.dispose()


@pytest.mark.fault("F56")
def test_a_date_that_moves_while_its_letter_is_on_the_wire_is_corrected_after_it(lived: Desk) -> None:
    engine, on = lived.engine, date(2023, 6, 1)
    happen(engine, Fact(0, "deviation", on, due=date(2023, 9, 1), source="SST", by="test"))
    lived.at = datetime(2023, 6, 1, 9, tzinfo=UTC)
    plan(engine, rules(), lived.at)
    moved: list[str] = []

    def move(_line: str) -> None:
        """DATA is said, so the intent is committed."""
        if not moved:
            moved.extend(row.recipient for row in notices(engine) if row.state == "intent")
            again = Fact(0, "deviation", on, due=date(2023, 10, 2), source="SST", by="test")
            record(engine, rules(), KEY, again, today=on, at=lived.at)

    with ScriptedServer({"DATA": move}) as server:
        hand_over(engine, server, lived.at)
    old = [row for row in notices(engine) if row.letter == "deadline-moved"]
    states = {row.recipient: row.state for row in old}
    assert {states[one] for one in moved} == {"accepted"}, "what is on the wire is not torn back"
    assert {state for one, state in states.items() if one not in moved} == {"superseded"}
    told = plan(engine, rules(), lived.at + timedelta(minutes=1)).planned
    corrected = [one for one in told if one.letter.name == "deadline-moved"]
    assert {one.recipient for one in corrected} == states.keys()
    assert {one.deadline.legal_on for one in corrected if one.deadline} == {date(2023, 10, 2)}


@pytest.mark.fault("F56")
def test_who_was_perhaps_told_a_date_is_told_that_it_moved_back(lived: Desk) -> None:
    engine, on = lived.engine, date(2023, 6, 1)
    happen(engine, Fact(0, "deviation", on, due=date(2023, 9, 1), source="SST", by="test"))
    lived.at = datetime(2023, 6, 1, 9, tzinfo=UTC)
    plan(engine, rules(), lived.at)
    with writing(engine) as session:
        others = update(Notice).where(Notice.state == "planned", Notice.recipient != "0851/council")  # type: ignore[arg-type]
        session.execute(others.values(next_at=lived.at + timedelta(days=1)))
    with ScriptedServer({"DOT": [DROP]}) as server:
        assert hand_over(engine, server, lived.at).uncertain == 1
    [perhaps] = [row for row in notices(engine) if row.uncertain]
    slip = Fact(0, "correction", on, source="tastefejl", by="test", corrects=4)
    foretold = foretell(engine, rules(), KEY, slip, on).letters
    record(engine, rules(), KEY, slip, today=on, at=lived.at)
    assert notice(engine, perhaps.id or 0).state == "superseded"
    told = plan(engine, rules(), lived.at + timedelta(minutes=1)).planned
    assert {one.recipient for one in told if one.letter.name == "deadline-moved"} == {
        "0851/council", "nordjylland/secretariat-region", "nordjylland/secretariat-municipal", "1081/council"
    }, "who may have the new date, and who had the first one"  # fmt: skip
    assert {one.key for one in foretold} == {one.key for one in told}, "the preview said so"
    assert not [
        one for one in reckon(engine, rules(), lived.at + timedelta(hours=6)) if one.kind == "missing"
    ]


@pytest.mark.fault("F60")
def test_a_mailbox_revoked_after_planning_is_not_written_to(desk: Desk) -> None:
    one, two, three = owe(desk.engine, 3)
    with writing(desk.engine) as session:
        gone = update(Contact).where(Contact.body.in_(["0001", "0002"]))  # type: ignore[attr-defined]
        session.execute(gone.values(valid_to=AT.date() - timedelta(days=1)))
        add_contact(session, "0001", "efterfoelger@kommune.example", valid_from=AT.date())
    with ScriptedServer() as server:
        assert desk.passes(server).accepted == 2
    assert [letter.to for letter in server.letters] == [
        "efterfoelger@kommune.example", "raad3@kommune.example"
    ]  # fmt: skip
    assert notice(desk.engine, two).state == "planned"
    assert open_alarms(desk.engine) == {"contact:0002/council": "alarm"}
    assert [notice(desk.engine, n).state for n in (one, three)] == ["accepted", "accepted"]


@pytest.mark.fault("F60")
def test_a_mailbox_that_was_refused_is_left_out_by_letters_not_yet_written(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with writing(desk.engine) as session:
        refuse_address(session, "raad1@kommune.example", AT)
    with ScriptedServer() as server:
        assert desk.passes(server).accepted == 0
    assert server.heard == []
    assert notice(desk.engine, one).why.startswith("Ingen gyldig mailadresse hos 0001/council")
