"""The database goes away while the mail server waits: that is no fault of the mail server's, and nothing is said."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from tests.post import LEASE, attempts, notice, open_alarms, ready
from tests.services.conftest import Desk
from tests.smtp_server import ScriptedServer
from workflow.services.delivery.settling import BRIEFLY


@pytest.mark.fault("F31")
def test_gone_at_the_intent_the_letter_is_given_back_and_goes_out_in_the_next_pass(desk: Desk) -> None:
    [one] = ready(desk.engine)
    waking: list[threading.Thread] = []

    def does(statement: str) -> None:
        with desk.engine.begin() as connection:
            connection.execute(text(statement))

    def goes_away(_line: str) -> None:
        does("ALTER TABLE attempt RENAME TO away")
        event.listen(desk.engine, "handle_error", comes_back, once=True)

    def comes_back(_error: object) -> None:  # once the intent has failed, however long that took
        waking.append(threading.Thread(target=does, args=["ALTER TABLE away RENAME TO attempt"]))
        waking[-1].start()

    with ScriptedServer({"RCPT": [goes_away]}) as server:
        with pytest.raises(DBAPIError):
            desk.passes(server)
        waking[0].join()
        assert server.letters == []
        assert "DATA" not in server.verbs()
        assert (notice(desk.engine, one).state, notice(desk.engine, one).uncertain) == ("ready", False)
        assert open_alarms(desk.engine) == {}
        desk.passes(server)
        assert len(server.letters) == 1
    assert [tried.outcome for tried in attempts(desk.engine, one)] == ["abandoned", "accepted"]


@pytest.mark.fault("F31")
@pytest.mark.fault("F32")
@pytest.mark.parametrize("told_to_stop", [False, True])
def test_gone_with_the_answer_in_hand_it_is_waited_for_and_no_second_copy_goes(
    desk: Desk, told_to_stop: bool
) -> None:
    """Longer than a moment, unless the worker is told to stop: then the doubt is the lesser evil."""
    [one] = ready(desk.engine)
    failed: list[object] = []
    back_at = 2 * len(BRIEFLY)

    def does(statement: str) -> None:
        with desk.engine.begin() as connection:
            connection.execute(text(statement))

    def goes_away(step: str, _notice_id: int) -> None:
        if step == "sent" and not failed:
            does("ALTER TABLE attempt RENAME TO away")
            event.listen(desk.engine, "handle_error", fails)

    def fails(error: object) -> None:
        failed.append(error)
        if len(failed) == back_at:
            waking.start()

    waking = threading.Thread(target=does, args=["ALTER TABLE away RENAME TO attempt"])
    options: dict[str, Any] = {
        "on_step": goes_away, "pauses": [0.01] * 1000, "stop": lambda: told_to_stop and bool(failed)
    }  # fmt: skip
    with ScriptedServer() as server:
        if told_to_stop:
            with pytest.raises(DBAPIError):
                desk.passes(server, **options)
            assert len(failed) == len(BRIEFLY) + 1
            assert notice(desk.engine, one).state == "intent"
            return
        assert desk.passes(server, **options).accepted == 1
        waking.join()
        desk.at += LEASE
        assert desk.passes(server).accepted == 0
    row = notice(desk.engine, one)
    assert (row.state, row.uncertain, len(server.letters)) == ("accepted", False, 1)
