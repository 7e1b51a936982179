"""The daemon and a real Postfix, both killed again and again: nothing lost, no copy silent, every bounce understood."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests import forked
from tests.faces.daemon import daemon_process
from tests.forked import Forked
from tests.post import AT, LEASE, add_contact, notice, notices, owe
from tests.reliability import keep, version
from tests.torture import postfix
from tests.torture.postfix import Postfix, free_port
from tests.torture.quiet import quiet_ground
from tests.torture.worker import STEPS, die, one_pass
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import Bounce

pytestmark = [
    pytest.mark.torture,
    pytest.mark.slow,
    pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not() or "-"),
]
AWAY = timedelta(minutes=25)  # each daemon starts so much after the last: leases have ended, waits are over
DEALT_WITH = ("accepted", "bounced")
PATIENCE = 150  # seconds until everything must have been dealt with


@pytest.fixture
def relay() -> Iterator[Postfix]:
    with TemporaryDirectory(prefix="aftale-postfix-") as home:
        Path(home).chmod(0o755)  # Postfix works as several users
        one = Postfix(Path(home))
        yield one
        one.kill()


def ground(url: str, count: int) -> Engine:
    """``count`` letters for an agreement that the planner has nothing to say about; each body has a second mailbox."""
    engine = quiet_ground(url)
    owe(engine, count, statutory=True, deadline="")
    with writing(engine) as session:
        for number in range(1, count + 1):
            add_contact(session, f"{number:04d}", f"sekretariat{number}@kommune.example", priority=2)
    return engine


def killed_together(daemon: Forked, relay: Postfix, steps: int, chance: random.Random) -> None:
    """Kill both when so many steps have been taken: one first, the other a moment later."""
    said, stuck = [], threading.Timer(PATIENCE, daemon.kill)
    stuck.start()
    while steps > 0:
        said.append(daemon.stdout.readline())
        assert said[-1], "the daemon ended by itself, or did nothing any more:\n" + "".join(said[-30:])
        steps -= said[-1].startswith("step ")
    stuck.cancel()
    both = [daemon.kill, relay.kill]
    chance.shuffle(both)
    for kill in both:
        time.sleep(chance.uniform(0, 0.3))  # the random instant itself
        kill()
    daemon.communicate()


def left(engine: Engine, relay: Postfix) -> list[str]:
    """What is still to be dealt with, in words: letters, the relay's queue, returns that nobody has read."""
    waiting = [
        f"{row.id} {row.state} {row.outcome}" for row in notices(engine) if row.state not in DEALT_WITH
    ]
    queued, unread = relay.queued(), [one.name for one in (relay.bounces / "new").iterdir()]
    return [*waiting, *([f"queued: {queued}"] if queued else []), *unread]


@pytest.mark.fault("F26")
def test_daemon_and_postfix_killed_together(
    database_url: str, relay: Postfix, clean_env: dict[str, str], tmp_path: Path, torture: bool
) -> None:
    count, kills = (1000, 20) if torture else (60, 3)
    seed = int(os.environ.get("AFTALE_SEED", random.randrange(10**6)))
    print(f"seed {seed}: run it again with AFTALE_SEED={seed}")
    chance = random.Random(seed)
    engine = ground(database_url, count)
    env = clean_env | {
        "AFTALE_DB": database_url, "AFTALE_PORT": str(free_port()), "AFTALE_TICK_SECONDS": "1",
        "AFTALE_LOG_FORMAT": "text", "AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(relay.port),
        "AFTALE_SENDER": "frist@nord.example", "AFTALE_BOUNCE": "retur+{notice}@nord.example",
        "AFTALE_BOUNCE_MAILDIR": str(relay.bounces), "AFTALE_PER_MINUTE": "600", "AFTALE_HOLD_ABOVE": "0",
    }  # fmt: skip

    (tmp_path / "data").mkdir()
    at, begun = AT, time.monotonic()

    def start(out: Path | None = None) -> Forked:
        nonlocal at
        relay.start()
        at += AWAY
        now: datetime = at + timedelta(seconds=time.monotonic() - begun)
        return Forked(daemon_process.main, [now.isoformat()], env, tmp_path, out=out)

    for to_come in range(kills, 0, -1):
        waiting = sum(row.state not in ("accepted", "bounced") for row in notices(engine))
        steps = waiting * (len(STEPS) - 1) // to_come  # a letter begun before a kill has fewer left
        killed_together(start(), relay, chance.randint(0, steps), chance)
    said = tmp_path / "last"
    last = start(said)
    until = time.monotonic() + PATIENCE
    while left(engine, relay) and time.monotonic() < until and last.returncode is None:
        time.sleep(0.2)
    last.send_signal(signal.SIGTERM)
    last.communicate()
    relay.kill()
    assert not left(engine, relay), said.read_text()[-3000:]
    check(engine, relay, count, kills)


def check(engine: Engine, relay: Postfix, count: int, kills: int) -> None:
    rows = notices(engine)
    assert {row.state for row in rows} == {"accepted", "bounced"}
    by_id = {row.message_id: row for row in rows}
    delivered: Counter[str] = Counter()
    differ = 0
    for path in (relay.letters / "new").iterdir():
        raw = path.read_bytes()
        message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"])
        body = by_id[message_id].body
        assert body is not None
        delivered[message_id] += 1
        differ += not raw.endswith(body.replace(b"\r\n", b"\n"))
    with reading(engine) as session:
        matched = Counter(session.scalars(select(col(Bounce.notice_id))))
        kinds = set(session.scalars(select(col(Bounce.kind)).distinct()))
    reports = sum(1 for _ in (relay.bounces / "cur").iterdir())
    unknown = [
        row
        for row in rows
        if row.address.startswith("raad") and row.address.split("@")[0][-2:] in ("00", "50")
    ]
    lost = [row.key for row in rows if not delivered[row.message_id] and not matched[row.id or 0]]
    copies = {row.id: delivered[row.message_id] + matched[row.id or 0] - 1 for row in rows}
    extra = sum(copies.values())
    silent = [row.key for row in rows if copies[row.id] > 0 and not row.uncertain]
    assert kinds == {"failed"}
    assert sum(matched.values()) == reports >= len(unknown) == count // 50
    assert {row.id for row in unknown} == set(matched) == {row.id for row in rows if row.state == "bounced"}
    assert len(rows) == count + len(unknown), "each that came back went to the body's next mailbox"
    assert not lost
    assert not silent
    assert extra <= kills
    assert differ == 0
    keep(
        "postfix",
        f"{postfix.version()}, {version(engine)}",
        {
            "notices": count,
            "kills of Postfix": kills,
            "kills of the daemon": kills,
            "lost": len(lost),
            "extra copies": extra,
            "silent copies": len(silent),
            "copies that differ": differ,
            "reports (DSN)": reports,
            "matched": sum(matched.values()),
        },
        long=count == 1000,
    )
    engine.dispose()


@pytest.mark.fault("F6")
def test_killed_after_the_dot_the_copy_in_the_journal_mailbox_spares_a_second_one(
    database_url: str, relay: Postfix
) -> None:
    """One of three; the world's own time, since Postfix dates what it stores."""
    relay.keep_copies()
    relay.start()
    engine, now = connect(database_url), datetime.now(UTC)
    ids = owe(engine, 3, statutory=True, due_at=now)
    killed = forked.CONTEXT.Process(target=die, args=(database_url, relay.port, now, "sent", ids[1]))
    killed.start()
    killed.join(PATIENCE)
    assert killed.exitcode == -signal.SIGKILL
    assert notice(engine, ids[1]).state == "intent", "it died with the 250 heard and not recorded"
    until = time.monotonic() + PATIENCE
    while relay.queued() and time.monotonic() < until:
        time.sleep(0.1)
    one_pass(database_url, relay.port, lambda: now + LEASE, journal=relay.journal)
    while relay.queued() and time.monotonic() < until:
        time.sleep(0.1)
    relay.kill()
    rows = [notice(engine, one) for one in ids]
    assert [(row.state, row.uncertain, row.copies) for row in rows] == [("accepted", False, 0)] * 3
    assert "fundet i journalpostkassen: new/" in rows[1].answer
    arrived = Counter(
        str(BytesHeaderParser().parsebytes(path.read_bytes())["Message-ID"])
        for path in (relay.letters / "new").iterdir()
    )
    assert arrived == {row.message_id: 1 for row in rows}
    engine.dispose()
