"""The database server dies under load and comes back: daemons wait for it, and what they know survives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import Cluster, cluster
from tests.faces.daemon.fleet import Fleet, accepted, owe_letters, tally, until
from tests.reliability import keep, version
from tests.smtp_server import ScriptedServer
from workflow.storage.database import connect, create

pytestmark = [pytest.mark.timeout(1800), pytest.mark.xdist_group("fleet"), pytest.mark.slow]


@pytest.fixture
def own() -> Iterator[Cluster]:
    with cluster() as own:
        yield own


@pytest.mark.torture
@pytest.mark.fault("F31")
def test_the_database_killed_under_load_loses_nothing_and_doubles_nothing(
    own: Cluster, tmp_path: Path, clean_env: dict[str, str], torture: bool
) -> None:
    """The daemons are not started again: they find the server by themselves when it is back. An answer in hand waits
    for it; only a letter whose intent was committed and not acknowledged waits for its lease, and goes once."""
    count, blows = (1000, 10) if torture else (90, 2)
    create(own.url).dispose()
    engine = connect(own.url)
    owe_letters(engine, count)
    with ScriptedServer() as server:
        fleet = Fleet(own.url, server, tmp_path, clean_env)
        try:
            for _ in range(3):
                fleet.start(LEASE="60")
            for blow in range(1, blows + 1):
                fleet.has_sent(count * blow // (blows + 2))
                own.kill()
                own.start()
            engine.dispose()
            seconds = until(lambda: accepted(engine) == count, "every letter is handed over")
            print(f"all handed over {seconds:.1f} s after the last restart")
            assert [fleet.stop(host) for host in list(fleet.hosts)] == [0, 0, 0]
            told = tally(engine, server)
            figures = told.figures(count, **{"database killed": blows})
            keep("workers", f"3 daemons, the server killed, {version(engine)}", figures, long=torture)
        finally:
            fleet.end()
            print(fleet.logs())
            engine.dispose()
    assert (told.lost, told.extra, told.silent, told.altered) == (0, 0, 0, 0)
