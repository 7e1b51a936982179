"""The page of a letter whose time is over tells what became of it, also of one that was never sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, plain
from tests.post import notice, owe
from tests.services.lived import hand_over
from tests.smtp_server import ScriptedServer
from workflow.faces.daemon.workplace import Workplace
from workflow.services.delivery.handling import cancel
from workflow.services.keeping.retention import Periods, forget_due
from workflow.services.keeping.sealing import seal_new
from workflow.storage.database import writing


@pytest.mark.ticked
def test_a_letter_that_was_refused_and_cancelled_is_not_said_to_have_been_sent(
    signed_in: SignIn, place: Workplace
) -> None:
    refused, sent = owe(place.engine, 2, due_at=MORNING)
    with ScriptedServer({"RCPT": lambda line: "550 5.1.1 unknown" if "raad1@" in line else None}) as server:
        hand_over(place.engine, server, MORNING)
    assert (notice(place.engine, refused).state, notice(place.engine, sent).state) == ("refused", "accepted")
    cancel(place.engine, [str(refused)], "ringet", "Kirsten", MORNING)
    seal_new(place.engine, MORNING)
    with writing(place.engine) as session:
        session.execute(text("UPDATE deadline SET status = 'met' WHERE status IN ('upcoming', 'overdue')"))
    assert forget_due(place.engine, Periods(people=36500), MORNING + timedelta(days=9000))["letters"]
    secretary: TestClient = signed_in("secretariat")  # the pass ends the sessions, too
    never, went = (plain(secretary.get(f"/breve/{number}")) for number in (refused, sent))
    assert "Brevet blev aldrig overgivet til en mailserver." in never and "At brevet blev sendt" not in never
    assert "At brevet blev sendt, bevares." in went and "aldrig" not in went
    for page in (never, went):
        assert "raad1@" not in page and "raad2@" not in page and "mailserverens egne ord" not in page
