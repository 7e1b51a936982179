"""Many workers at once: no notice is ever claimed twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import ROOT
from tests.post import AT, LEASE, notices, ready
from workflow.storage.database import connect, writing
from workflow.storage.letters import outbox


def test_eight_threads_never_claim_the_same_notice_on_postgresql(postgres_url: str) -> None:
    engine = connect(postgres_url)
    ready(engine, 160)

    def worker(name: int) -> list[int]:
        taken = []
        while True:
            with writing(engine) as session:
                found = outbox.claim(session, AT, str(name), LEASE)
            if found is None:
                return taken
            taken.append(found.id)

    with ThreadPoolExecutor(8) as pool:
        taken = [one for part in pool.map(worker, range(8)) for one in part]
    rows = notices(engine)
    engine.dispose()
    assert len(taken) == len(set(taken)) == 160
    assert {row.fence for row in rows} == {1}


CLAIM_ALL = """
import sys
from datetime import datetime, timedelta
from workflow.storage.letters import outbox
from workflow.storage.database import connect, writing
engine = connect(sys.argv[1])
while True:
    with writing(engine) as session:
        found = outbox.claim(session, datetime.fromisoformat(sys.argv[2]), "p", timedelta(minutes=20))
    if found is None:
        break
    print(found.id)
engine.dispose()
"""


def test_four_processes_never_claim_the_same_notice_on_sqlite(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    ready(engine, 60)
    command = [sys.executable, "-c", CLAIM_ALL, sqlite_url, AT.isoformat()]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    taken = [line for worker in workers for line in worker.communicate(timeout=120)[0].split()]
    rows = notices(engine)
    engine.dispose()
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    assert len(taken) == len(set(taken)) == 60
    assert {row.fence for row in rows} == {1}
