"""One tick, the heartbeat, and a clock that cannot be right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.faces.conftest import MORNING, later
from tests.post import notices, open_alarms
from workflow.errors import Conflict
from workflow.faces.daemon.embedded import Daemon
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.pulse import Pulse
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.services.delivery.sending import LEASE, nothing
from workflow.services.watch.heartbeat import (
    beat,
    instance_of,
    last_tick,
    pass_failed,
    pass_works,
)
from workflow.settings import Settings
from workflow.storage.database import connect


@pytest.fixture
def place(settings: Settings) -> Iterator[Workplace]:
    with open_workplace(settings) as place:
        yield place


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


def test_a_tick_plans_and_sends_and_a_second_one_at_once_does_nothing(place: Workplace) -> None:
    first = asyncio.run(tick(place, MORNING))
    assert first.planned
    assert [notice["key"] for notice in first.sent] == [notice["key"] for notice in first.planned]
    assert {notice["state_text"] for notice in first.sent} == {"overgivet til mailserver"}
    own_mail = [notice for notice in first.sent if notice["message_id"]]
    assert len(list(place.settings.inbox.glob("*.eml"))) == len(own_mail) < len(first.sent)
    again = asyncio.run(tick(place, MORNING))
    assert (again.planned, again.sent, again.deferred, again.waiting) == ([], [], [], 0)


def test_a_dry_run_lists_what_would_be_planned_and_changes_nothing(place: Workplace) -> None:
    dry = asyncio.run(tick(place, MORNING, dry_run=True))
    assert dry.planned
    assert not dry.sent
    assert notices(place.engine) == []
    assert not place.settings.inbox.exists()
    planned = asyncio.run(tick(place, MORNING)).planned
    assert [one | {"unreachable": False} for one in planned] == dry.planned, (
        "the demo's bodies all have mailboxes"
    )


def test_a_report_is_json_and_lines(place: Workplace) -> None:
    report = asyncio.run(tick(place, MORNING))
    assert json.loads(json.dumps(report.as_json()))["sent"]
    assert len(report.lines()) == len(report.planned) + len(report.sent) + 1


def test_a_rehearsal_leaves_the_heartbeat_alone_and_a_real_tick_records_it(place: Workplace) -> None:
    asyncio.run(tick(place, later(days=400)))
    assert last_tick(place.engine) is None
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    assert last_tick(place.engine) == MORNING


@pytest.mark.fault("F50")
def test_a_real_tick_by_a_clock_behind_the_newest_one_does_nothing(place: Workplace) -> None:
    beat(place.engine, later(days=1))
    report = asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    assert "Uret går bagud" in report.held
    assert notices(place.engine) == []


def test_at_night_letters_wait_for_four_oclock_and_reminders_for_the_days_mail_at_eight(
    place: Workplace,
) -> None:
    night = datetime.fromisoformat("2026-11-23T01:00:00+01:00")
    report = asyncio.run(tick(place, night))
    assert report.planned
    assert not report.sent
    statutory = {letter.name for letter in place.rulebook.letters if letter.statutory}
    early = asyncio.run(tick(place, night + timedelta(hours=3)))
    assert {notice["letter"] for notice in early.sent} <= statutory
    morning = asyncio.run(tick(place, night + timedelta(hours=7)))
    assert not {notice["letter"] for notice in morning.sent} & statutory
    assert len(early.sent) + len(morning.sent) == len(report.planned) + len(morning.planned)


def test_a_heartbeat_never_goes_back(engine: Engine) -> None:
    assert beat(engine, later(minutes=5)) == ""
    assert beat(engine, later(minutes=4, seconds=30)) == ""
    assert last_tick(engine) == later(minutes=5)
    assert beat(engine, later(minutes=3)) != ""
    assert open_alarms(engine) == {"clock": "alarm"}
    assert beat(engine, later(minutes=6)) == ""
    assert open_alarms(engine) == {}


def test_a_jump_of_more_than_a_minute_holds_one_tick(engine: Engine) -> None:
    assert "+61 sekunder" in beat(engine, MORNING, timedelta(seconds=61))
    assert open_alarms(engine) == {"clock": "alarm"}
    assert beat(engine, later(minutes=1), timedelta(seconds=1)) == ""
    assert open_alarms(engine) == {}


@pytest.mark.fault("F49")
def test_a_clock_a_year_ahead_leaves_no_stamp_that_could_not_be_undone(engine: Engine) -> None:
    beat(engine, MORNING)
    assert "Intet sendes" in beat(engine, later(days=365), timedelta(days=365))
    assert last_tick(engine) == MORNING


def test_pulse_tells_a_small_jump_once_and_a_great_one_until_the_clock_is_back() -> None:
    wall = [MORNING]
    pulse = Pulse(lambda: wall[0], passed=lambda: 0.0)
    wall[0] = later(hours=2)
    assert not pulse.believed()
    assert pulse.jump() == timedelta(hours=2)
    assert pulse.jump() == timedelta(0)
    wall[0] = later(days=365)
    assert pulse.jump() > timedelta(days=364)
    assert pulse.jump() > timedelta(days=364)
    wall[0] = later(hours=2)
    assert pulse.believed()
    assert pulse.jump() == timedelta(0)


def test_pulse_names_the_pass_that_has_not_moved_for_longer_than_the_patience() -> None:
    passed = [0.0]
    pulse = Pulse(lambda: MORNING, 900, lambda: passed[0])
    pulse.moved("beat")
    pulse.moved("deliver")
    passed[0] = 900
    assert pulse.stalled() == ""
    pulse.moved("beat")
    passed[0] = 901
    assert pulse.stalled() == "deliver"


def test_a_database_keeps_the_name_it_was_given_first(engine: Engine) -> None:
    name = instance_of(engine)
    assert len(name) == 12
    assert instance_of(engine) == name


def test_the_alarm_of_a_failed_pass_ends_when_that_pass_works_again(engine: Engine) -> None:
    pass_failed(engine, "plan", "OSError: full", MORNING)
    pass_failed(engine, "deliver", "OSError: full", MORNING)
    pass_works(engine, "plan", MORNING)
    assert open_alarms(engine) == {"pass:deliver": "alarm"}
    pass_works(engine, "", MORNING)
    assert open_alarms(engine) == {}


@pytest.mark.parametrize(("error", "traced"), [(OSError("full"), False), (ZeroDivisionError("x"), True)])
def test_a_failed_pass_is_one_line_and_only_a_mistake_of_ours_leaves_its_trace(
    place: Workplace, caplog: pytest.LogCaptureFixture, error: Exception, traced: bool
) -> None:
    daemon = Daemon(place, Pulse(lambda: MORNING), nothing, print, LEASE)
    daemon.pass_failed("plan", error)
    [said] = caplog.records
    assert (said.getMessage(), bool(said.exc_info)) == (
        f"the pass plan failed: {type(error).__name__}: {error}",
        traced,
    )
    assert open_alarms(place.engine) == {"pass:plan": "alarm"}


def test_a_database_that_was_busy_once_asks_for_nobody_and_its_alarm_ends_with_the_next_pass(
    place: Workplace,
) -> None:
    daemon = Daemon(place, Pulse(lambda: MORNING), nothing, print, LEASE)

    async def works() -> None: ...

    daemon.passes["plan"] = works
    busy = Conflict("databasen er optaget; intet er ændret; prøv igen")
    daemon.pass_failed("plan", busy)
    assert open_alarms(place.engine) == {}
    daemon.pass_failed("plan", busy)
    assert open_alarms(place.engine) == {"pass:plan": "alarm"}
    asyncio.run(daemon.one_pass("plan"))
    assert open_alarms(place.engine) == {} and not daemon.failed
    daemon.pass_failed("plan", busy)
    assert open_alarms(place.engine) == {}


def test_one_hosts_wrong_clock_holds_that_host_and_is_its_own_alarm(engine: Engine) -> None:
    assert beat(engine, MORNING, host="a") == ""
    assert "bagud" in beat(engine, MORNING - timedelta(minutes=5), host="b")
    assert beat(engine, MORNING, host="a") == "", "the right clock clears nothing of the wrong one's"
    assert list(open_alarms(engine)) == ["clock (b)"]
    assert beat(engine, MORNING, host="b") == ""
    assert open_alarms(engine) == {}


def test_a_pass_that_another_host_may_have_next_is_not_missed_here() -> None:
    now = 0.0
    pulse = Pulse(lambda: MORNING, patience=10, passed=lambda: now)
    pulse.moved("plan")
    pulse.moved("beat")
    pulse.rests("plan")
    now = 11.0
    assert pulse.stalled() == "beat"
    pulse.rests("beat")
    assert pulse.stalled() == ""
