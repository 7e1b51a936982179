"""Twenty councils approve at the same moment: twenty are recorded, once each, on a journal that verifies."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from tests.story.living import ROOT, danish, rules
from workflow.errors import AftaleError, NotPossible
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.views.status import find_standing
from workflow.storage.database import connect, reading
from workflow.storage.facts import journal

KEY = "midtjylland/2024-2027"
SENT, DECIDED = date(2023, 10, 2), date(2023, 11, 20)
# One regional council and nineteen municipal ones: exactly twenty.
COUNCILS = [party.code for party in rules().parties("midtjylland", SENT)]

IN_A_PROCESS = """
import sys
from datetime import date
from tests.story.test_concurrent import approve
sys.stdin.readline()
print(approve(sys.argv[1], sys.argv[2]))
"""


def approve(url: str, code: str, version: int = 1) -> str:
    """One council's approval on a connection of its own: ``""``, or why it was refused."""
    engine = connect(url)
    try:
        fact = Fact(0, "council-approved", DECIDED, version, code, source="Protokol", by=code)
        record(engine, rules(), KEY, fact, today=DECIDED, at=danish(DECIDED, 20))
    except AftaleError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        engine.dispose()
    return ""


def _sent(url: str) -> None:
    engine = connect(url)
    opening = Fact(0, "opened", SENT - timedelta(days=30), by="test")
    open_agreement(
        engine,
        rules(),
        opening,
        region="midtjylland",
        term="2022-2025",
        label="2024-2027",
        at=danish(SENT, 7),
    )
    record(engine, rules(), KEY, Fact(0, "sent-for-approval", SENT, 1), today=SENT, at=danish(SENT, 7))
    engine.dispose()


def _all_recorded(url: str) -> None:
    engine = connect(url)
    with reading(engine) as session:
        row = journal.find(session, KEY)
        approvals = [f.council for f in journal.facts(session, row) if f.event == "council-approved"]
        assert sorted(code for code in approvals if code) == sorted(COUNCILS)
        assert journal.verify(session, row) is None
        assert (row.version_state, row.fact_count) == ("fully_approved", 2 + len(COUNCILS))
    standing = find_standing(engine, rules(), KEY, DECIDED)
    assert standing.course.current is not None
    assert standing.course.current.missing == []
    engine.dispose()


@pytest.mark.fault("F61")
def test_twenty_councils_approve_at_the_same_moment_on_twenty_connections(database_url: str) -> None:
    _sent(database_url)
    assert len(COUNCILS) == 20
    gate = Barrier(len(COUNCILS))

    def at_once(code: str) -> str:
        gate.wait()
        return approve(database_url, code)

    with ThreadPoolExecutor(len(COUNCILS)) as pool:
        assert list(pool.map(at_once, COUNCILS)) == [""] * 20
    _all_recorded(database_url)


@pytest.mark.fault("F61")
def test_councils_approve_at_the_same_moment_from_processes_of_their_own(database_url: str) -> None:
    """Four at a time are processes, which is what two daemons and two command lines are; the rest follow."""
    _sent(database_url)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", IN_A_PROCESS, database_url, code],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for code in COUNCILS[:4]
    ]  # fmt: skip
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert (process.returncode, said.strip()) == (0, "")
    for code in COUNCILS[4:]:
        assert approve(database_url, code) == ""
    _all_recorded(database_url)


@pytest.mark.fault("F61")
@pytest.mark.fault("F63")
def test_one_council_twice_at_the_same_moment_is_recorded_once(database_url: str) -> None:
    _sent(database_url)
    gate = Barrier(6)

    def at_once(_: int) -> str:
        gate.wait()
        return approve(database_url, "0751")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(at_once, range(6)))
    assert answers.count("") == 1
    assert all(answer.startswith(NotPossible.__name__) for answer in answers if answer)
