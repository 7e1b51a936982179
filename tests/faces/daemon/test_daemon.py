"""The daemon in a real process: what it says, whom it refuses, how it ends, and what a kill costs."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tests.conftest import ROOT, Aftale
from tests.faces.conftest import MORNING, Start, later
from tests.post import notices, open_alarms
from tests.smtp_server import ScriptedServer
from workflow.services.watch.heartbeat import beat, last_tick
from workflow.settings import Settings
from workflow.storage.database import connect, reading
from workflow.storage.tables import Attempt, Notice

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = connect(settings.db)
    yield engine
    engine.dispose()


def get(settings: Settings, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def letters(settings: Settings) -> dict[str, list[bytes]]:
    """What lies in the inbox, by Message-ID."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(settings.inbox.glob("*.eml")):
        raw = path.read_bytes()
        found.setdefault(message_from_bytes(raw, policy=policy.default)["Message-ID"], []).append(raw)
    return found


def test_it_says_where_it_works_by_which_rules_and_what_comes_next_then_serves_its_page(
    start: Start, settings: Settings
) -> None:
    daemon = start(at=None)
    assert "aftale.db" in daemon.until("database")
    assert "BEK 1248/2022" in daemon.until("rules")
    assert "local inbox" in daemon.until("mail")
    assert str(settings.port) in daemon.until("page")
    assert " 20" in daemon.until("next ")
    daemon.until("planned")
    code, said = get(settings, "/healthz")
    assert (code, json.loads(said)["status"]) == (200, "ok")
    code, page = get(settings, "/")
    assert code == 200
    assert "Region Nordjylland" in page
    assert daemon.stops() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_exits_0(start: Start, number: signal.Signals) -> None:
    daemon = start()
    daemon.until("step recorded")
    assert daemon.stops(number) == 0


def test_a_second_daemon_on_the_same_file_is_refused_and_told_by_whom(start: Start, aftale: Aftale) -> None:
    first = start()
    first.until("step recorded")
    refused = aftale("daemon", code=4)
    assert f"process {first.process.pid}" in refused.err
    assert first.stops() == 0


def test_a_killed_daemon_leaves_no_lock_behind(start: Start) -> None:
    first = start()
    first.until("step recorded")
    assert first.stops(signal.SIGKILL) == -signal.SIGKILL
    second = start(later(hours=1))
    second.until("step recorded", "waiting   0")
    assert second.stops() == 0


def test_a_port_in_use_is_said_before_anything_is_sent(
    aftale: Aftale, settings: Settings, engine: Engine
) -> None:
    with socket.create_server(("127.0.0.1", settings.port)):
        refused = aftale("daemon", code=78, AFTALE_PORT=str(settings.port))
    assert str(settings.port) in refused.err
    assert notices(engine) == []


@pytest.mark.fault("F12")
def test_sigterm_during_data_finishes_the_letter_in_hand_and_no_other(
    start: Start, settings: Settings, engine: Engine
) -> None:
    at_the_dot, may_answer = threading.Event(), threading.Event()

    def slowly(_line: str) -> None:
        at_the_dot.set()
        may_answer.wait(30)

    with ScriptedServer({"DOT": slowly}) as server:
        daemon = start(
            AFTALE_SMTP_HOST="127.0.0.1",
            AFTALE_SMTP_PORT=str(server.port),
            AFTALE_SENDER="frist@nord.example",
            AFTALE_HOLD_ABOVE="0",  # the first plan of the demo is more than goes unseen
        )
        assert at_the_dot.wait(30)
        daemon.process.send_signal(signal.SIGTERM)
        daemon.until("stopping")
        assert daemon.process.returncode is None
        may_answer.set()
        assert daemon.ends() == 0
        assert len(server.letters) == 1
    now = notices(engine)
    [mail] = [notice for notice in now if notice.message_id and notice.state == "accepted"]
    told = [notice for notice in now if notice.carried_by == mail.id]
    assert {notice.state for notice in told} <= {"accepted"}
    assert sum(notice.state == "accepted" for notice in now) == 1 + len(told)
    untouched = [notice for notice in now if notice.state != "accepted"]
    assert {notice.state for notice in untouched} <= {"planned", "ready", "carried"}, (
        "written or not, none is in hand"
    )
    assert untouched and {notice.attempts for notice in untouched} == {0}


@pytest.mark.fault("F2")
@pytest.mark.fault("F3")
@pytest.mark.fault("F6")
@pytest.mark.fault("F7")
@pytest.mark.parametrize("step", ["rendered", "claimed", "talking", "intent", "sent", "recorded"])
def test_killed_at_any_step_it_loses_nothing_and_flags_the_one_copy_it_may_make(
    start: Start, settings: Settings, engine: Engine, step: str
) -> None:
    killed = start(STEP_KILL=step)
    assert killed.ends() == -signal.SIGKILL, killed.said
    owed = [notice.key for notice in notices(engine)]
    assert owed

    daemon = start(later(hours=1))  # the lease of what was in hand has ended
    daemon.until(", not sent")
    assert daemon.stops() == 0

    now = notices(engine)
    assert [notice.key for notice in now] == owed
    assert {notice.state for notice in now} == {"accepted"}
    found = letters(settings)
    assert found.keys() == {notice.message_id for notice in now if notice.carried_by is None}
    doubled = {id_: copies for id_, copies in found.items() if len(copies) > 1}
    assert [len(set(copies)) for copies in doubled.values()] == ([1] if step == "sent" else [])
    flagged = {notice.message_id for notice in now if notice.uncertain and notice.carried_by is None}
    assert len(flagged) == (step in ("intent", "sent"))
    assert doubled.keys() <= flagged


@pytest.mark.fault("F50")
def test_a_clock_behind_the_newest_tick_holds_everything_and_the_page_says_that_it_is_ill(
    start: Start, settings: Settings, engine: Engine
) -> None:
    beat(engine, later(days=365))
    daemon = start()
    daemon.until("Uret går bagud")
    assert get(settings, "/healthz")[0] == 503
    assert daemon.stops() == 0
    assert notices(engine) == []
    assert open_alarms(engine) == {"clock": "alarm"}
    assert last_tick(engine) == later(days=365)


@pytest.mark.parametrize("step", ["claimed", "intent"])
@pytest.mark.fault("F87")
def test_a_pass_that_stands_still_ends_the_process_and_the_next_one_sends_what_it_had_in_hand(
    start: Start, settings: Settings, engine: Engine, step: str
) -> None:
    hung = start(STEP_HANG=step)
    hung.until("stands still")
    assert hung.ends() == 70
    [in_hand] = [one for one in notices(engine) if one.state in ("claimed", "intent")]
    assert (in_hand.state, letters(settings)) == (step, {})

    daemon = start(later(hours=1))
    daemon.until(", not sent")
    assert daemon.stops() == 0
    now = notices(engine)
    assert {one.state for one in now} == {"accepted"}
    told = {in_hand.id, *(one.id for one in now if one.carried_by == in_hand.id)}
    assert {one.id for one in now if one.uncertain} == (told if step == "intent" else set())
    assert {len(copies) for copies in letters(settings).values()} == {1}


def test_a_failing_pass_is_told_as_an_alarm_and_tried_again(
    start: Start, settings: Settings, engine: Engine
) -> None:
    settings.inbox.write_text("in the way")
    daemon = start()
    daemon.until("the pass deliver failed")
    assert open_alarms(engine) == {"pass:deliver": "alarm"}
    settings.inbox.unlink()
    daemon.until(", not sent")
    assert daemon.stops() == 0
    assert open_alarms(engine) == {}


@pytest.mark.fault("F46")
@pytest.mark.fault("F48")
def test_sighup_reads_the_rules_again_says_what_differs_and_refuses_broken_ones(
    start: Start, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "calendars", rules)
    daemon = start(AFTALE_CALENDARS=str(rules))
    daemon.until("step recorded")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.until("rules unchanged")

    regime = rules / "regimes" / "bek-1248-2022.toml"
    text = regime.read_text(encoding="utf-8")
    moved = text.replace('"calendar-year", month = 12, day = 31', '"calendar-year", month = 12, day = 30')
    assert moved != text
    regime.write_text(moved, encoding="utf-8")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.until("rules changed")
    assert "2026-12-31 -> 2026-12-30" in daemon.until("nordjylland/2024-2027 annual-review 2026")

    regime.write_text(moved + "\nnonsense = 1\n", encoding="utf-8")
    daemon.process.send_signal(signal.SIGHUP)
    assert "bek-1248-2022.toml" in daemon.until("rules not reloaded")
    assert daemon.stops() == 0


def test_letters_are_sent_one_after_the_other_and_each_once(
    start: Start, settings: Settings, engine: Engine
) -> None:
    daemon = start()
    daemon.until(", not sent")
    assert daemon.stops() == 0
    with reading(engine) as session:
        tries = Counter(session.scalars(select(col(Attempt.notice_id))))
        accepted = session.scalars(select(col(Notice.accepted_at))).all()
    assert set(tries.values()) == {1}
    assert len(letters(settings)) == len(tries)
    assert all(at and MORNING <= at < MORNING + timedelta(minutes=5) for at in accepted)
