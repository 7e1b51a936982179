"""No mail server for three days and nights. Everything goes out when it is back, and people were told in time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest

from tests.post import AT, INSTANCE, LEASE, notices, open_alarms, owe
from tests.reliability import keep, version
from tests.smtp_server import ScriptedServer
from tests.torture.postfix import free_port
from tests.torture.worker import LETTERS, SECRET
from workflow.mail.sending.channels import MailChannel
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.recording import Report
from workflow.services.delivery.sending import deliver
from workflow.services.watch.telling import tell_alarms
from workflow.storage.database import connect

pytestmark = [pytest.mark.torture, pytest.mark.slow]
LETTERS_OWED = 40
PROMISED = (timedelta(minutes=30), timedelta(hours=4))
MINUTE, BACK = timedelta(minutes=1), AT + timedelta(hours=72)


@pytest.mark.fault("F13")
@pytest.mark.parametrize("how", ["nothing listens", "421 at once"])
def test_three_days_without_a_mail_server(database_url: str, how: str) -> None:
    engine = connect(database_url)
    owe(engine, LETTERS_OWED, statutory=True)
    raised: dict[str, timedelta] = {}
    heard: list[timedelta] = []

    def tick(at: datetime, port: int, operator: ScriptedServer) -> Report:
        """What the daemon does each minute: deliver, then tell."""
        before = len(operator.letters)
        target = SmtpTarget("127.0.0.1", port, timeout=5, connect_timeout=5, after_dot_timeout=5)
        report = asyncio.run(
            deliver(
                engine, LETTERS, Wire(target), lambda: at, "desk", instance=INSTANCE, stop=lambda: False,
                limit=5000, per_minute=30, lease=LEASE, secret=SECRET,
            )
        )  # fmt: skip
        for level in open_alarms(engine).values():
            raised.setdefault(level, at - AT)
        by_mail = MailChannel(
            SmtpTarget("127.0.0.1", operator.port), "frist@nord.example", "drift@nord.example"
        )
        asyncio.run(tell_alarms(engine, [by_mail], at, INSTANCE))
        heard.extend([at - AT] * (len(operator.letters) - before))
        return report

    with ScriptedServer() as operator, ScriptedServer({"CONNECT": "421 4.3.2 down"}) as server:
        at, down = AT, free_port() if how == "nothing listens" else server.port
        while at < BACK:
            tick(at, down, operator)
            soon = any(timedelta(0) <= promised - (at - AT) <= 15 * MINUTE for promised in PROMISED)
            at += MINUTE if soon else 15 * MINUTE  # the daemon comes each minute
        rows = notices(engine)
        assert {row.state for row in rows} == {"ready"}, "none is given up"
        assert not any(row.uncertain for row in rows)
        assert timedelta(minutes=20) <= raised["warning"] <= PROMISED[0], "neither late nor for every hiccup"
        assert timedelta(hours=3, minutes=45) <= heard[0] == raised["alarm"] <= PROMISED[1], (
            "by the second channel"
        )
        assert open_alarms(engine) == {"mail:warning": "warning", "mail:alarm": "alarm"}
        assert len(heard) == 1
        told = message_from_bytes(operator.letters[0].raw, policy=policy.default).get_content()
        assert "Mailserveren har ikke kunnet bruges i 4 timer" in " ".join(told.split())

        server.script.clear()
        while {row.state for row in notices(engine)} != {"accepted"} and at < BACK + timedelta(hours=2):
            tick(at, server.port, operator)
            at += MINUTE
        rows = notices(engine)
        assert {(row.state, row.uncertain) for row in rows} == {("accepted", False)}
        assert sorted(letter.to for letter in server.letters) == sorted(row.address for row in rows)
        assert open_alarms(engine) == {}
    keep(
        "outage",
        f"{version(engine)}, {how}",
        {
            "notices": LETTERS_OWED,
            "hours down": 72,
            "given up": 0,
            "accepted after the return": len(server.letters),
            "extra copies": 0,
            "first alarm after (min)": int(raised["warning"] / MINUTE),
            "by the second channel after (min)": int(heard[0] / MINUTE),
        },
    )
    engine.dispose()
