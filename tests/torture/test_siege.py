"""A site under siege: half-open connections and hanging sign-ins by the hundred, and the letters go out all the same.

Each siege is lifted and laid again, so that letters besieged and undisturbed are of the same minutes and machine.
"""

from __future__ import annotations

import resource
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from tests.faces.daemon import daemon_process
from tests.forked import Forked
from tests.post import AT, owe
from tests.reliability import keep, version
from tests.torture.postfix import free_port
from tests.torture.quiet import quiet_ground
from tests.torture.siege import HALF_OPEN, SIGN_INS, Looks, besieged, silent_provider
from tests.torture.test_kills import mail_server
from workflow.storage.database import reading
from workflow.storage.tables import Notice

pytestmark = [pytest.mark.torture, pytest.mark.slow, pytest.mark.timeout(1800)]
PATIENCE = 300.0  # seconds for one batch of letters
MOST_LOG = 1_000_000  # octets
UNIT, LOW = 65536, 1024  # files a process may hold: by deploy/aftale.service, and by an ordinary shell


def sent(daemon: Forked, engine: Engine, count: int, first: int) -> float:
    """Owe so many letters and wait until the last is accepted: the seconds it took."""
    begun = time.monotonic()
    owe(engine, count, first=first, statutory=True, deadline="")
    waiting = select(func.count()).where(col(Notice.state) != "accepted")
    while time.monotonic() - begun < PATIENCE and daemon.returncode is None:
        with reading(engine) as session:
            if not session.scalar(waiting):
                return time.monotonic() - begun
        time.sleep(0.05)
    raise AssertionError(f"not all of {count} letters went out within {PATIENCE} s")


@pytest.mark.fault("F76")
@pytest.mark.parametrize("most", [UNIT, LOW])
def test_letters_go_out_and_readyz_answers_under_siege(
    database_url: str, most: int, clean_env: dict[str, str], tmp_path: Path, torture: bool
) -> None:
    count, pairs = (500, 3) if torture else (30, 1)
    files = min(most, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    engine, ledger, log, port = quiet_ground(database_url), tmp_path / "ledger", tmp_path / "log", free_port()
    (tmp_path / "data").mkdir()
    quiet, under, looks, siege = list[float](), list[float](), list[float](), Counter[str]()
    with silent_provider() as issuer, mail_server(ledger) as smtp:
        env = clean_env | {
            "AFTALE_DB": database_url, "AFTALE_PORT": str(port), "AFTALE_TICK_SECONDS": "1",
            "AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(smtp), "AFTALE_SENDER": "frist@nord.example",
            "AFTALE_BOUNCE": "retur+{notice}@nord.example", "AFTALE_HOLD_ABOVE": "0", "NO_LIMIT": "1",
            "AFTALE_OIDC_ISSUER": issuer, "AFTALE_OIDC_CLIENT_ID": "aftalefrist", "FILES": str(files),
        }  # fmt: skip
        daemon = Forked(daemon_process.main, [AT.isoformat()], env, tmp_path, out=tmp_path / "said", err=log)
        try:
            sent(daemon, engine, 20, 1)  # what only the first letters cost
            for first in range(1000, 1000 + pairs * 2 * count, 2 * count):
                quiet.append(sent(daemon, engine, count, first))
                with besieged(port) as counted, Looks(port) as looked:
                    under.append(sent(daemon, engine, count, first + count))
                siege += counted
                looks += looked.took
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(60) == 0, log.read_text()[-3000:]
        finally:
            daemon.kill()
    database = version(engine)
    engine.dispose()
    taken = Counter(line.split()[0] for line in ledger.read_text(encoding="ascii").splitlines())
    longer, slowest, size = sum(under) / sum(quiet), max(looks), log.stat().st_size
    told = f"undisturbed {quiet}, besieged {under}; /readyz {max(looks):.2f} s; log {size}; {dict(siege)}"
    print(told)
    assert set(taken.values()) == {1}
    assert len(taken) == 20 + 2 * pairs * count
    assert siege["came"] >= pairs * (HALF_OPEN + SIGN_INS)
    assert siege["hung up"] > 0, "more came than there are places for"
    assert slowest < Looks.PATIENCE, "each look was answered"
    assert size < MOST_LOG, log.read_text()[-3000:]
    if torture:  # alone on the machine; beside other tests a time says nothing
        assert longer <= 2, told
        assert slowest <= 2, told
    keep(
        "siege",
        f"{database}, {files:,} files",
        {
            "letters": 2 * pairs * count,
            "undisturbed, 500 letters (s)": f"{sum(quiet) / pairs:.1f}",
            "besieged, 500 letters (s)": f"{sum(under) / pairs:.1f}",
            "strangers who came": siege["came"],
            "hung up on": siege["hung up"],
            "looks at /readyz": len(looks),
            "slowest (ms)": round(slowest * 1000),
            "log (octets)": size,
        },
        long=torture,
    )
