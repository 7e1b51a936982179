"""What one bad answer does to its letter and to the others of the pass."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.post import AT, FOLDER, INSTANCE, attempts, notice, notices, open_alarms, owe
from tests.services.conftest import Desk
from tests.services.lived import hand_over
from tests.smtp_server import DRIP, HASTY, ScriptedServer
from workflow.mail.writing.letters import Letters
from workflow.services.delivery.recording import Report


@pytest.mark.fault("F16")
def test_a_421_in_the_middle_of_a_session_delays_one_letter_and_the_others_go_by_a_new_line(
    desk: Desk,
) -> None:
    ids = owe(desk.engine, 3)
    with ScriptedServer({"MAIL": [None, "421 4.3.2 shutting down"]}) as server:
        assert desk.passes(server) == Report(accepted=2, deferred=1)
        assert server.connections == 2
        desk.later(minutes=1)
        assert desk.passes(server) == Report(accepted=1)
    assert len(server.letters) == 3
    assert not any(notice(desk.engine, one).uncertain for one in ids)


@pytest.mark.fault("F17")
def test_a_451_after_the_dot_means_try_again_and_leaves_no_doubt(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"DOT": ["451 4.3.0 try later"]}) as server:
        assert desk.passes(server) == Report(deferred=1)
        row = notice(desk.engine, one)
        assert (row.state, row.outcome, row.next_at) == ("ready", "deferred", AT + timedelta(minutes=1))
        desk.later(minutes=1)
        assert desk.passes(server) == Report(accepted=1)
    row = notice(desk.engine, one)
    assert (row.uncertain, row.copies, len({letter.raw for letter in server.letters})) == (False, 0, 1)


@pytest.mark.fault("F19")
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_sign_in_that_is_missing_is_our_fault_and_ends_no_letter(desk: Desk, verb: str) -> None:
    ids = owe(desk.engine, 2)
    with ScriptedServer({verb: "535 5.7.8 authentication required"}) as server:
        assert desk.passes(server).deferred == 2
        assert open_alarms(desk.engine) == {"mail:fault": "alarm"}
        assert {notice(desk.engine, one).state for one in ids} == {"ready"}
        server.script.clear()
        desk.later(minutes=1)
        assert desk.passes(server).accepted == 2
    assert open_alarms(desk.engine) == {}


@pytest.mark.fault("F20")
def test_a_251_after_the_dot_is_a_yes(desk: Desk) -> None:
    [one] = owe(desk.engine)
    with ScriptedServer({"DOT": "251 2.1.5 user not local; will forward"}) as server:
        assert desk.passes(server) == Report(accepted=1)
        assert desk.passes(server) == Report()
    assert [(attempt.code, attempt.outcome) for attempt in attempts(desk.engine, one)] == [(251, "accepted")]


@pytest.mark.fault("F22")
@pytest.mark.parametrize(("verb", "kind"), [("RCPT", "deferred"), ("DOT", "uncertain")])
def test_a_server_that_answers_a_byte_at_a_time_is_left_and_the_others_go_on(
    desk: Desk, verb: str, kind: str
) -> None:
    ids = owe(desk.engine, 3)
    with ScriptedServer({verb: [DRIP]}) as server:
        report = desk.passes(server, patience=HASTY)
    assert (report.accepted, getattr(report, kind)) == (2, 1)
    assert [notice(desk.engine, one).state for one in ids] == ["ready", "accepted", "accepted"]


@pytest.mark.fault("F25")
def test_a_yes_that_comes_too_late_is_not_taken_for_the_next_letters_answer(desk: Desk) -> None:
    """The 550 to the second recipient follows a late 250 to the first."""
    ids = owe(desk.engine, 2)

    given_up = threading.Event()

    def late(_line: str) -> str:
        given_up.wait(10)
        return "250 2.1.5 late"

    def refused(_line: str) -> str:
        given_up.set()
        return "550 5.1.1 unknown"

    with ScriptedServer({"RCPT": [late, refused]}) as server:
        desk.passes(server, patience=HASTY)
    assert [notice(desk.engine, one).outcome for one in ids] == ["deferred", "address_refused"]
    assert server.letters == []


@pytest.mark.fault("F39")
def test_a_template_that_raises_stops_its_own_letters_and_no_other(desk: Desk, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "emails"))
    text = folder / "in-force" / "annual-review.html"
    text.write_text(
        text.read_text(encoding="utf-8").replace("{% block lead %}", "{% block lead %}{{ 1 // 0 }}"),
        encoding="utf-8",
    )
    owe(desk.engine, 1, letter="annual-review", statutory=True)
    owe(desk.engine, 2, first=2)
    with ScriptedServer() as server:
        report = hand_over(desk.engine, server, AT, letters=Letters(folder, INSTANCE, "frist@nord.example"))
    assert (report.accepted, report.quarantined) == (2, 1)
    bad, *rest = notices(desk.engine)
    assert (bad.state, {row.state for row in rest}) == ("quarantined", {"accepted"})
    assert "ZeroDivisionError" in bad.why
    assert set(open_alarms(desk.engine)) == {f"notice:{bad.id}:quarantined"}
