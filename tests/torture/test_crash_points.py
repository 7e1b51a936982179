"""Every step of a sending at which the program can die, against every kind of answer the mail server can give.

The second of three letters is killed in a process of its own; the second life begins when its lease has ended, the
third five hours later. The mail server gives the answer in question to the first try of that letter that it hears
to the end, and takes the next.
"""

from __future__ import annotations

import signal
import threading
from datetime import datetime, timedelta

import pytest

from tests.forked import CONTEXT
from tests.post import AT, LEASE, notice, notices, open_alarms, owe
from tests.reliability import keep, version
from tests.smtp_server import DROP, ScriptedServer
from tests.torture.worker import die, one_pass
from workflow.storage.database import connect

pytestmark = [pytest.mark.torture, pytest.mark.slow]
VICTIM = 2

ANSWERS = {"250": "250 2.0.0 queued", "4xx": "451 4.3.0 later", "5xx": "554 5.7.1 no", "drop": DROP}
MEANS = {"250": "accepted", "4xx": "deferred", "5xx": "policy_refused", "drop": "uncertain"}
POINTS = {  # the step that on_step names; "" where the mail server pulls the trigger
    "written": "rendered", "claimed": "claimed", "before MAIL": "talking", "intent": "intent",
    "in the letter": "", "after the dot": "", "after the answer": "sent", "recorded": "recorded",
}  # fmt: skip
FLAGGED = ("intent", "in the letter", "after the dot", "after the answer")


class Trigger:
    """The mail server's part: kill the worker at ``point``, and give the victim's first whole try its answer."""

    def __init__(self, server: ScriptedServer, point: str, answer: str) -> None:
        self.server, self.shot, self.answers = server, point, [answer]
        self.worker, self.started = CONTEXT.Process(target=die), threading.Event()
        server.script |= {"BODY": self.in_the_letter, "DOT": self.after_the_dot}

    def at_victim(self) -> bool:
        return f"<raad{VICTIM}@" in next(line for line in reversed(self.server.heard) if "RCPT" in line)

    def shoots(self, point: str) -> bool:
        if self.shot != point or not self.at_victim():
            return False
        self.shot = ""
        self.started.wait()
        self.worker.kill()
        return True

    def in_the_letter(self, _line: str) -> str | None:
        return DROP if self.shoots("in the letter") else None

    def after_the_dot(self, _line: str) -> str | None:
        if self.shoots("after the dot"):
            return DROP
        return self.answers.pop() if self.at_victim() and self.answers else None

    def first_life(self, url: str) -> int | None:
        """Let the worker run until it is dead; its exit code."""
        self.worker = CONTEXT.Process(target=die, args=(url, self.server.port, AT, POINTS[self.shot], VICTIM))
        self.worker.start()
        self.started.set()
        self.worker.join(100)
        code = self.worker.exitcode
        self.worker.close()
        return code


def by_cause(alarms: dict[str, str]) -> dict[str, str]:
    """Alarms without the print of the server's words that ends the key of a refusal."""
    return {
        key.rsplit(":", 1)[0] if key.startswith("refusal:") else key: kind for key, kind in alarms.items()
    }


@pytest.mark.fault("F2")
@pytest.mark.fault("F3")
@pytest.mark.fault("F4")
@pytest.mark.fault("F5")
@pytest.mark.fault("F6")
@pytest.mark.fault("F7")
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("point", POINTS)
def test_killed_there_and_answered_so(database_url: str, point: str, answer: str) -> None:
    engine = connect(database_url)
    owe(engine, 3, statutory=True)

    def live(at: datetime) -> None:
        one_pass(database_url, server.port, lambda: at, lambda _step, _one: None)

    with ScriptedServer() as server:
        trigger = Trigger(server, point, ANSWERS[answer])
        assert trigger.first_life(database_url) == -signal.SIGKILL

        live(AT + LEASE)
        heard_last = answer if POINTS[point] not in ("sent", "recorded") else "250"
        if (point, answer) == ("recorded", "5xx"):  # a person has four hours to decide
            heard_last = "5xx"
        row = notice(engine, VICTIM)
        assert row.outcome == MEANS[heard_last]
        assert row.state == ("accepted" if heard_last == "250" else "ready")
        told = {"refusal:policy": "alarm"} if heard_last == "5xx" else {}
        if heard_last != "250" and (point in FLAGGED or answer == "drop"):
            told |= {"notice:2:uncertain": "warning"}
        assert by_cause(open_alarms(engine)) == told

        live(AT + LEASE + timedelta(hours=5))
    rows = notices(engine)
    assert [row.state for row in rows] == ["accepted"] * 3, "nothing is lost"
    assert [row.uncertain for row in rows] == [False, point in FLAGGED or answer == "drop", False]
    assert open_alarms(engine) == {}
    for row in rows:
        heard = [letter.raw for letter in server.letters if letter.to == row.address]
        again = point in ("after the dot", "after the answer") or (answer != "250" and row.id == VICTIM)
        both = point == "after the dot" and answer != "250"
        assert len(heard) == (1 + again + both if row.id == VICTIM else 1)
        assert set(heard) == {row.body}, "a copy is the same bytes, so it has the same Message-ID"
    perhaps_taken = sum(letter.to == rows[1].address for letter in server.letters) - (
        answer in ("4xx", "5xx")
    )
    flag = ", flagged" if rows[1].uncertain else ""
    assert perhaps_taken == 1 or flag, "no copy is silent"
    keep(
        "crash points",
        f"{version(engine)}, {list(POINTS).index(point) + 1} {point}",
        {answer: f"{perhaps_taken}{flag}"},
    )
    engine.dispose()
