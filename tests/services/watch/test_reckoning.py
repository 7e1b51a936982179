"""The second reckoner finds what was lost, whatever lost it, and says nothing when nothing is."""

from __future__ import annotations

import ast
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT, Aftale
from tests.reliability import keep
from tests.services.lived import EVENING, KEY, happen, live, rules
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.planning.reminders import plan
from workflow.services.watch.reckoning import Finding, reckon
from workflow.storage import meta
from workflow.storage.database import connect, writing

Loss = Callable[[sqlite3.Connection], object]
COUNCIL = "letter = 'council-pending' AND recipient = '0851/council' AND rung = '-14d'"
AUTHORITY = "letter = 'submission-countdown' AND rung = '-30d' AND recipient = '1081/council'"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = tmp_path_factory.mktemp("lived") / "aftale.db"
    shutil.copy(sqlite_template, path)
    live(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("INSERT INTO meta VALUES ('last_tick', '2023-05-31T16:59:30+00:00')")
    return path


def look(
    path: Path, at: datetime = EVENING, on: Path | None = None, loss: Loss | None = None
) -> list[Finding]:
    """What the reckoner says of a copy after ``loss``."""
    assert on is not None
    copy = on / "aftale.db"
    shutil.copy(path, copy)
    if loss:
        with closing(sqlite3.connect(copy)) as opened, opened:
            loss(opened)
    before = copy.read_bytes()
    engine = connect(f"sqlite:///{copy}")
    found = reckon(engine, rules(), at)
    engine.dispose()
    assert copy.read_bytes() == before, "the reckoner only reads"
    return found


def sql(statement: str, *values: object) -> Loss:
    return lambda opened: opened.execute(statement, values)


def council(change: str) -> Loss:
    """A change of the reminder that Aalborg got this morning."""
    return sql(f"UPDATE notice SET {change} WHERE {COUNCIL}")


def ticked(at: str) -> Loss:
    return sql("UPDATE meta SET value = ? WHERE key = 'last_tick'", at)


def test_a_house_in_order_is_not_accused(lived: Path, tmp_path: Path) -> None:
    assert look(lived, on=tmp_path) == []


def test_a_copy_in_the_journal_mailbox_is_an_answer_too(lived: Path, tmp_path: Path) -> None:
    assert look(lived, on=tmp_path, loss=sql("UPDATE attempt SET code = 0, verb = 'JOURNAL'")) == []
    said = [
        one.said for one in look(lived, on=tmp_path, loss=sql("UPDATE attempt SET code = 0, verb = 'DOT'"))
    ]
    assert said
    assert all("ingen mailserver har svaret" in one for one in said)


def no_trigger(opened: sqlite3.Connection) -> None:
    names = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in names:
        opened.execute(f"DROP TRIGGER {name}")


@pytest.mark.parametrize(
    ("demo", "opened", "found"), [("no", True, ["daemon"]), ("yes", True, []), ("no", False, [])]
)
@pytest.mark.fault("F86")
def test_a_daemon_that_never_ran_is_missed_where_something_is_owed(
    sqlite_url: str, demo: str, opened: bool, found: list[str]
) -> None:
    """A demo has none, and a database with nothing in it owes nothing yet."""
    engine = connect(sqlite_url)
    with writing(engine) as session:
        meta.put(session, "demo", demo)
    if opened:
        fact = Fact(0, "opened", date(2023, 1, 2), source="test", by="test")
        at = datetime(2023, 1, 2, 8, tzinfo=UTC)
        open_agreement(
            engine, rules(), fact, region="nordjylland", term="2022-2025", label="2024-2027", at=at
        )
    at = datetime(2023, 1, 2, 9, tzinfo=UTC)
    assert [one.kind for one in reckon(engine, rules(), at) if one.kind != "missing"] == found
    engine.dispose()


def fact_deleted(opened: sqlite3.Connection) -> None:
    no_trigger(opened)
    opened.execute("DELETE FROM fact WHERE event = 'sent-for-approval'")


def never_planned(opened: sqlite3.Connection) -> None:
    """The planner was off from May: neither letters nor attempts since, and an index that says there is no hurry."""
    opened.execute("PRAGMA foreign_keys = OFF")
    opened.execute("DELETE FROM attempt")
    opened.execute("DELETE FROM notice")
    opened.execute("UPDATE agreement SET wake_on = '2030-01-01'")


LOSSES: dict[str, tuple[Loss, str]] = {
    "one row deleted": (sql(f"DELETE FROM notice WHERE {COUNCIL}"), "missing"),
    "the table emptied": (sql("DELETE FROM notice"), "missing"),
    "the planner off": (never_planned, "missing"),
    "the scheduler dead": (ticked("2023-05-31T12:00:00+00:00"), "daemon"),
    "a daemon that never ran": (sql("DELETE FROM meta WHERE key = 'last_tick'"), "daemon"),
    "the clock a year behind": (ticked("2024-05-31T12:00:00+00:00"), "clock"),
    "the clock ahead": (council("accepted_at = '2023-05-01 07:00:00.000000'"), "clock"),
    "accepted in the future": (council("accepted_at = '2031-05-01 07:00:00.000000'"), "clock"),
    "a template that cannot be written": (council("state = 'quarantined'"), "waiting"),
    "the contact gone": (council("state = 'refused', body = NULL"), "waiting"),
    "never written": (council("state = 'planned', body = NULL"), "waiting"),
    "held by a person": (council("state = 'held'"), "waiting"),
    "cancelled without a why": (council("state = 'cancelled', why = ''"), "waiting"),
    "replaced though still owed": (council("state = 'superseded', why = 'x'"), "waiting"),
    "a lease that never ends": (council("state = 'intent', lease_until = '2099-01-01'"), "waiting"),
    "its next try pushed into the future": (council("state = 'ready', next_at = '2099-01-01'"), "waiting"),
    "the key altered": (council("key = replace(key, '-14d', '-15d')"), "missing"),
    "the revision stale": (council("revision = 0"), "altered"),
    "the day altered": (sql(f"UPDATE notice SET due_on = '2023-05-30' WHERE {AUTHORITY}"), "altered"),
    "sent to somebody else": (council("recipient = '0849/council'"), "altered"),
    "another letter than the one owed": (council("letter = 'annual-review'"), "altered"),
    "the bytes altered": (council("body = x'00'"), "altered"),
    "the bytes gone": (council("body = NULL"), "altered"),
    "forced to accepted, no server asked": (
        sql(f"DELETE FROM attempt WHERE notice_id IN (SELECT id FROM notice WHERE {COUNCIL})"), "untrue"),
    "returned and never written again": (council("state = 'bounced'"), "missing"),
    "a letter of law never sent": (
        sql("DELETE FROM notice WHERE letter = 'sent-for-approval' AND recipient = '0851/council'"), "missing"),
    "a fact gone from the journal": (fact_deleted, "journal"),
    "sending held and forgotten": (sql("INSERT INTO meta VALUES ('held', 'glemt')"), "waiting"),
    "rules that do not cover the term": (sql("UPDATE agreement SET term = '2040-2043'"), "unreckonable"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_each_injected_loss_is_found(lived: Path, tmp_path: Path, name: str) -> None:
    loss, kind = LOSSES[name]
    found = look(lived, on=tmp_path, loss=loss)
    assert kind in {finding.kind for finding in found}, found
    keep("reckoner", name, {"found as": kind})


def test_there_are_at_least_twenty_kinds_of_loss() -> None:
    assert len(LOSSES) >= 20


def test_a_cancellation_with_its_reason_is_a_decision_and_no_loss(lived: Path, tmp_path: Path) -> None:
    loss = sql(
        f"UPDATE notice SET state = 'cancelled', why = 'ringet i stedet (sekretariatet)' WHERE {COUNCIL}"
    )
    assert look(lived, on=tmp_path, loss=loss) == []


def test_a_morning_without_a_planner_is_found_in_the_afternoon(lived: Path, tmp_path: Path) -> None:
    week_before = datetime(2023, 6, 7, tzinfo=UTC)  # a week before the reply date
    beating = ticked("2023-06-07T15:00:00+00:00")
    assert look(lived, week_before.replace(hour=8), tmp_path, ticked("2023-06-07T08:00:00+00:00")) == []
    found = look(lived, week_before.replace(hour=15), tmp_path, beating)
    assert {(finding.kind, finding.key.split("|")[-2]) for finding in found} == {("missing", "-7d")}
    assert len(found) == 12


def test_what_was_recorded_this_minute_is_not_yet_overdue(lived: Path, tmp_path: Path) -> None:
    shutil.copy(lived, tmp_path / "new.db")
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    on = date(2023, 5, 31)
    happen(
        engine, Fact(0, "deviation", on, due=date(2024, 1, 1), source="SST", by="test")
    )  # six in the morning
    assert [f for f in reckon(engine, rules(), EVENING.replace(hour=8)) if f.kind == "missing"] == []
    missing = [f for f in reckon(engine, rules(), EVENING) if f.kind == "missing"]
    assert {finding.key.split("|")[4] for finding in missing} == {"deadline-moved"}
    assert len(missing) == 14
    engine.dispose()


@pytest.mark.parametrize("day", [5, 20, 47, 82, 132, 210, 300, 400, 700])
def test_reckoner_and_planner_agree_on_what_is_owed(sqlite_url: str, day: int) -> None:
    """Two ways of working it out: nothing the planner writes is unknown to the reckoner, and nothing is missing."""
    engine = connect(sqlite_url)
    for region, at in (("nordjylland", 1), ("hovedstaden", 3)):
        opened = Fact(0, "opened", date(2022, 12, at), by="test")  # before any rung: nothing here is history
        open_agreement(
            engine, rules(), opened, region=region, term="2022-2025", label="2024-2027",
            at=datetime(2022, 12, at, 6, tzinfo=UTC), effective=date(2024, 1, 1), nominal_end=date(2028, 1, 1),
            nominal_end_source="aftalen",
        )  # fmt: skip
    happen(engine, Fact(0, "sent-for-approval", date(2023, 3, 1), due=date(2023, 5, 1), by="t"))
    happen(engine, Fact(0, "deviation", date(2023, 4, 3), due=date(2023, 12, 1), source="SST", by="t"))
    at = datetime(2023, 1, 4, 9, tzinfo=UTC) + timedelta(days=day)
    planned = {owed.key for owed in plan(engine, rules(), at).planned}
    with writing(
        engine
    ) as session:  # not by a beat: what was recorded on later days stands in the journal already
        meta.put(session, "last_tick", (at + timedelta(hours=7)).isoformat())
    found = reckon(engine, rules(), at + timedelta(hours=7))
    assert {f.key for f in found if f.kind == "waiting"} == planned
    assert [f for f in found if f.kind != "waiting"] == []
    engine.dispose()


def test_the_reckoner_shares_no_code_with_the_planner() -> None:
    own = [
        ROOT / "workflow" / "services" / "watch" / name
        for name in ("reckoning.py", "expecting.py", "rungs.py", "hearing.py")
    ]
    taken = {
        name
        for path in own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
    }
    assert not taken & {
        "workflow.services.planning.reminders",
        "workflow.rules.ladder",
        "workflow.services.planning.letterfacts",
    }


def test_the_command_says_what_is_missing_and_exits_1(lived: Path, tmp_path: Path, aftale: Aftale) -> None:
    shutil.copy(lived, tmp_path / "own.db")
    db = f"sqlite:///{tmp_path / 'own.db'}"
    assert aftale("reckon", "--at", EVENING.isoformat(), "--db", db, code=0).out == ""
    with closing(sqlite3.connect(tmp_path / "own.db")) as opened, opened:
        opened.execute(f"DELETE FROM notice WHERE {COUNCIL}")
    ran = aftale("reckon", "--at", EVENING.isoformat(), "--db", db, "--json", code=1)
    [found] = ran.json()
    assert (found["kind"], found["agreement"]) == ("missing", KEY)
    assert "council-pending -14d til 0851/council" in found["said"]
