"""The database goes away while the mail server waits: that is no fault of the mail server's, and nothing is said."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from tests.post import attempts, notice, open_alarms, ready
from tests.services.conftest import Desk
from tests.smtp_server import ScriptedServer


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
