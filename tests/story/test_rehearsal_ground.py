"""A rehearsal works on a throw-away copy: where it begins, what it leaves alone, and when it cannot begin."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import Aftale
from tests.smtp_server import ScriptedServer
from tests.story.living import danish, notices, rules
from tests.story.rehearsing import ROUND, stage
from workflow.errors import NotPossible
from workflow.services.planning.answering import Answer, answer, unanswered
from workflow.services.planning.reminders import plan
from workflow.services.rounds.demo import demo
from workflow.services.rounds.rehearsal import rehearse
from workflow.services.rounds.roundfile import read_round
from workflow.storage.database import connect

pytestmark = pytest.mark.slow


def filled(url: str) -> Engine:
    engine = connect(url)
    today = date(2026, 11, 23)
    demo(engine, rules(), today=today, at=danish(today, 7))
    recent = [one for _, one in unanswered(engine) if one.due_on >= today - timedelta(days=92)]
    answer(
        engine, rules(), Answer("send", "test"), numbers=[one.id or 0 for one in recent], at=danish(today, 7)
    )
    return engine


def test_the_database_and_the_mail_server_are_left_alone(
    aftale: Aftale, sqlite_url: str, tmp_path: Path
) -> None:
    filled(sqlite_url).dispose()
    file = tmp_path / "aftale.db"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    with ScriptedServer() as server:
        env = {"AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(server.port), "AFTALE_DB": sqlite_url}
        ran = aftale("rehearse", "--from", "2026-11-23", "--to", "2027-01-05", "--json", code=0, **env)
        assert server.connections == 0
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert {path.name for path in tmp_path.iterdir()} == {"aftale.db", "home"}
    found = ran.json()
    assert (found["from"], found["to"]) == ("2026-11-23", "2027-01-05")
    assert sum(len(day["mails"]) for day in found["days"]) > 20


def test_a_copy_of_postgresql_is_rehearsed_like_one_of_sqlite(sqlite_url: str, postgres_url: str) -> None:
    found = []
    for url in (sqlite_url, postgres_url):
        engine = filled(url)
        lived = rehearse(stage(), date(2026, 11, 23), date(2026, 12, 31), source=engine, region="syddanmark")
        found.append([line for day in asyncio.run(lived) for line in day.lines()])
        engine.dispose()
    assert found[0] == found[1]
    assert all("syddanmark" in line for line in found[0] if line.startswith("  sket") or "ændret" in line)


def test_what_was_underway_when_the_copy_was_made_goes_on(sqlite_url: str) -> None:
    """What was planned and not yet sent comes along."""
    engine = filled(sqlite_url)
    plan(engine, rules(), danish(date(2026, 11, 23), 8))
    planned = {notice.key for notice in notices(engine) if notice.state == "planned"}
    assert planned
    [first, *_] = asyncio.run(rehearse(stage(), date(2026, 11, 23), date(2026, 11, 24), source=engine))
    assert {key for mail in first.mails for key in mail.keys} == planned
    engine.dispose()


def test_a_fact_that_cannot_be_is_refused_with_its_place_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "round.toml"
    path.write_text(
        '[[agreement]]\nregion = "nordjylland"\nterm = "2022-2025"\nlabel = "x"\n'
        'fact = [{ event = "submitted", on = 2023-03-01, version = 1, source = "x" }]\n'
    )
    lived = rehearse(stage(), date(2023, 1, 1), date(2023, 6, 1), rounds=read_round(path))
    with pytest.raises(NotPossible, match=re.escape("nordjylland/x, fact 1 (submitted 2023-03-01)")):
        asyncio.run(lived)


REFUSED = [
    (("--from", "2023-07-01", "--to", "2023-06-01"), "is before --from", 2),
    (("--from", "x", "--to", "2023-06-01"), "is no date", 2),
    (("--from", "2023-01-01", "--to", "2023-06-01", "--region", "skaane"), "no region 'skaane'", 3),
    (("--from", "2023-01-01", "--to", "2023-06-01", "--out", "."), "is not empty", 2),
    (("--from", "2023-01-01", "--to", "2023-06-01", "--round", "none.toml"), "none.toml", 2),
    (("--from", "2023-01-01", "--to", "2023-06-01"), "aftale init", 78),
]


@pytest.mark.parametrize(("arguments", "said", "code"), REFUSED, ids=[said for _, said, _ in REFUSED])
def test_a_rehearsal_that_cannot_begin_says_why(
    aftale: Aftale, tmp_path: Path, arguments: tuple[str, ...], said: str, code: int
) -> None:
    shutil.copy(ROUND, tmp_path / "here.toml")
    assert said in aftale("rehearse", *arguments, code=code).err
