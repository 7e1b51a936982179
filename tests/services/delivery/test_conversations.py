"""No letter stops another: conversations side by side, and sending that begins with the first letter written."""

from __future__ import annotations

import pytest

from tests.post import add_contact, notice, open_alarms, owe
from tests.services.conftest import Desk
from tests.smtp_server import HANG, ScriptedServer
from workflow.storage.database import writing


def owe_apart(desk: Desk, count: int, first: int = 1) -> list[int]:
    """Letters of law, each to a domain of its own."""
    ids = owe(desk.engine, count, first=first, contacts=False, statutory=True)
    with writing(desk.engine) as session:
        for number in range(first, first + count):
            add_contact(session, f"{number:04d}", f"raad@kommune{number}.example")
    return ids


@pytest.mark.fault("F81")
def test_a_receiver_that_hangs_after_the_dot_costs_only_its_own_letter(desk: Desk) -> None:
    first, *others = owe_apart(desk, 43)
    hung: list[str] = []

    def dot(_line: str) -> str | None:
        if hung:
            return None
        hung.append("")
        owe_apart(desk, 1, first=44)  # falls due while it hangs
        return HANG

    with ScriptedServer({"DOT": dot}) as server:
        report = desk.passes(server, patience=15)
    assert (report.accepted, report.uncertain) == (43, 1)
    recorded = [one for step, one in desk.steps if step == "recorded"]
    assert recorded[-1] == first, (
        "the others, also the one that fell due meanwhile, were out before the hang ended"
    )
    assert [notice(desk.engine, one).state for one in others] == ["accepted"] * 42
    assert open_alarms(desk.engine) == {f"notice:{first}:uncertain": "warning"}
    assert server.connections == 2, "one line hangs, one serves the rest"


@pytest.mark.fault("F81")
def test_a_domain_that_hangs_has_one_letter_in_hand_at_first(desk: Desk) -> None:
    [one] = owe(desk.engine, 1, statutory=True)
    [two] = owe(desk.engine, 1, first=2, statutory=True)
    with ScriptedServer({"DOT": [HANG]}) as server:
        report = desk.passes(server, patience=6)
    assert (report.accepted, report.uncertain) == (1, 1)
    assert [(step, number) for step, number in desk.steps if step in ("claimed", "recorded")] == [
        ("claimed", one), ("recorded", one), ("claimed", two), ("recorded", two),
    ]  # fmt: skip


def test_sending_begins_with_the_first_letter_written(desk: Desk) -> None:
    ids = owe_apart(desk, 150)
    with ScriptedServer() as server:
        assert desk.passes(server, overlap=True, limit=200).accepted == 150
    begun = next(number for number, (step, _one) in enumerate(desk.steps) if step == "claimed")
    assert begun < desk.steps.index(("rendered", ids[-1]))
