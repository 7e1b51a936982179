"""A secretary skips a letter, lets one wait, sends one now and one again; then the daemon is killed and started anew.

A real daemon, a real mail server. What was said of a letter holds through both, and nothing goes twice.
"""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.faces.conftest import MORNING, Start, later
from tests.smtp_server import ScriptedServer
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import open_workplace
from workflow.rules.days import danish_day
from workflow.services.hands import steering
from workflow.services.hands.resending import resend
from workflow.services.hands.upcoming import upcoming
from workflow.services.watch.reckoning import reckon
from workflow.settings import Settings
from workflow.storage.database import connect, reading
from workflow.storage.tables import Notice

pytestmark = pytest.mark.timeout(180)
REGION, WHY, BY = "nordjylland", "de har ringet", "Kirsten"


def row(engine: Engine, key: str) -> Notice | None:
    with reading(engine) as session:
        return session.scalars(select(Notice).where(col(Notice.key) == key)).first()


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def sent(server: ScriptedServer, notice: Notice | None) -> int:
    """How many mails the server holds with this letter's own Message-ID."""
    wanted = notice.message_id if notice else "none"
    mails = [message_from_bytes(one.raw, policy=policy.default) for one in server.letters]
    return sum(mail["Message-ID"] == wanted for mail in mails)


def test_what_a_secretary_says_of_letters_holds_through_a_kill_and_a_restart(
    start: Start, settings: Settings
) -> None:
    with open_workplace(settings) as place:
        asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
        rulebook = place.rulebook
    engine, now = connect(settings.db), later(hours=1)
    found, _ = upcoming(engine, rulebook, danish_day(now), regions=[REGION])
    skipped, waiting, hurried = [one for one in found if not one.owed.letter.statutory][:3]
    until = waiting.on + timedelta(days=2)
    with reading(engine) as session:
        out = select(Notice).where(col(Notice.state) == "accepted", col(Notice.key).startswith(f"{REGION}/"))
        first = session.scalars(out.where(col(Notice.carried_by).is_(None))).first()
    assert first is not None
    for _ in range(2):  # each button pressed twice
        steering.skip(engine, rulebook, skipped.owed.key, WHY, BY, now)
        steering.wait(engine, rulebook, waiting.owed.key, until, BY, now)
        steering.send_now(engine, rulebook, hurried.owed.key, BY, now)
        copy = resend(engine, rulebook, str(first.id), WHY, BY, now, nth=1)
    with ScriptedServer() as server:
        relay = {"AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(server.port), "NO_LIMIT": "1"}
        relay |= {"AFTALE_SENDER": "frist@nord.example", "AFTALE_HOLD_ABOVE": "0"}
        dies = start(at=now + timedelta(minutes=1), STEP_KILL="claimed", **relay)
        assert dies.ends() == -signal.SIGKILL
        lives = start(at=now + timedelta(hours=1), **relay)
        lives.until("step recorded", times=2)
        lives.process.kill()  # and again, with nothing in hand
        lives.ends()
        kept = row(engine, hurried.owed.key)
        with reading(engine) as session:
            again = session.get_one(Notice, copy)
        assert kept is not None and (kept.state, again.state) == ("accepted", "accepted")
        assert (sent(server, kept), sent(server, again), sent(server, first)) == (1, 1, 0)

        day = start(at=at_nine(skipped.on), **relay)
        day.until("step recorded")  # planning came before
        assert day.stops() == 0
        gone, waits = row(engine, skipped.owed.key), row(engine, waiting.owed.key)
        assert gone is not None and (gone.state, gone.why) == ("cancelled", f"sprunget over: {WHY} ({BY})")
        assert waits is not None and waits.state == "planned" and danish_day(waits.next_at) >= until

        mails = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "sender": "frist@nord.example"}
        with open_workplace(settings.model_copy(update=mails | {"per_minute": 0, "hold_above": 0})) as place:
            for later_on in range(4):  # whoever had a mail that day has the next one the next morning
                at = at_nine(until + timedelta(days=later_on))
                asyncio.run(tick(place, at, clock=lambda at=at: at))
        waits = row(engine, waiting.owed.key)
        assert waits is not None and waits.accepted_at is not None and danish_day(waits.accepted_at) >= until
        assert (sent(server, row(engine, skipped.owed.key)), sent(server, row(engine, hurried.owed.key))) == (
            0,
            1,
        )
        said = [one.said for one in reckon(engine, rulebook, waits.accepted_at)]
    assert not [
        one for one in said if "Sprunget over" in one or "skulle vente" in one or "før sin dag" in one
    ]
    engine.dispose()
