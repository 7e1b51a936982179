"""The same answers whichever way the database is open: the file alone, a session on it, PostgreSQL."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workflow.errors import NotFound
from workflow.services.lookahead.planning import slack_of
from workflow.services.views.status import find_standing, workable
from workflow.storage.asking import File, ask, looking, moment, plain_file
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal, past
from workflow.storage.law import rulebook

RULES = rulebook.load(ROOT / "calendars")
DAYS = [date(2022, 9, 1), date(2023, 7, 2), date(2024, 3, 1), date(2026, 11, 29), date(2028, 1, 1)]


def test_facts_read_plainly_are_those_of_the_rows(lived_url: str) -> None:
    engine = connect(lived_url)
    with reading(engine) as session:
        rows = journal.all_agreements(session)
        assert rows
        for row in rows:
            facts = past.facts(session, row)
            assert facts == [journal.read(one) for one in journal.rows(session, row)] and facts
            assert [fact.entered_on for fact in facts] == [
                journal.read(one).entered_on for one in journal.rows(session, row)
            ]
            agreed = past.agreed(session, row.key)
            for name in ("id", "key", "term", "regime", "unit", "first_rules", "effective_on"):
                assert getattr(agreed, name) == getattr(row, name), name
    engine.dispose()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_file_alone_gives_what_a_session_gives(lived_sqlite: Path, day: date) -> None:
    url = f"sqlite:///{lived_sqlite}"
    engine, file = connect(url), plain_file(url)
    assert file == File(lived_sqlite)
    found, broken = workable(engine, RULES, day)
    plain, also_broken = workable(file, RULES, day)
    assert plain == found and not broken and not also_broken
    for standing in found:
        assert find_standing(file, RULES, standing.agreement.key, day) == standing
    assert [one.meetings for one in plain] == [one.meetings for one in found]
    assert slack_of(plain) == slack_of(found)
    engine.dispose()


def test_an_unknown_agreement_is_answered_alike(lived_sqlite: Path) -> None:
    url = f"sqlite:///{lived_sqlite}"
    engine, file = connect(url), plain_file(url)
    assert file is not None
    said = []
    for place in (engine, file):
        with pytest.raises(NotFound) as error:
            find_standing(place, RULES, "nordjylland/1900-1904", DAYS[-1])
        said.append(str(error.value))
    assert said[0] == said[1]
    engine.dispose()


def test_what_a_session_has_not_written_yet_is_asked_too(database_url: str) -> None:
    engine = connect(database_url)
    with writing(engine) as session:
        from workflow.storage.law.lettersettingrows import LetterSettings

        session.add(LetterSettings(region="x", said='{"a": 1}'))
        assert ask(session, "SELECT said FROM letter_settings WHERE region IN :regions", regions=["x"]) == [
            ('{"a": 1}',)
        ]
        assert ask(session, "SELECT said FROM letter_settings WHERE region IN :regions", regions=[]) == []
    engine.dispose()


def test_nothing_can_be_written_through_the_file_alone(lived_sqlite: Path) -> None:
    with looking(File(lived_sqlite)) as view, pytest.raises(sqlite3.OperationalError, match="readonly"):
        ask(view, "UPDATE agreement SET label = 'x'")


def test_a_file_that_is_not_plainly_ours_is_left_to_whoever_says_what_is_wrong(
    lived_sqlite: Path, tmp_path: Path
) -> None:
    assert plain_file(f"sqlite:///{tmp_path / 'none.db'}") is None
    (tmp_path / "text.db").write_text("no database")
    assert plain_file(f"sqlite:///{tmp_path / 'text.db'}") is None
    older = tmp_path / "older.db"
    older.write_bytes(lived_sqlite.read_bytes())
    with sqlite3.connect(older) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    assert plain_file(f"sqlite:///{older}") is None
    wal = tmp_path / "wal.db"
    wal.write_bytes(lived_sqlite.read_bytes())
    with sqlite3.connect(wal) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    assert plain_file(f"sqlite:///{wal}") is None
    assert plain_file("postgresql://localhost/aftale") is None


def test_an_instant_is_read_as_utc_from_either_driver() -> None:
    assert moment("2026-11-29 11:14:38.179916").isoformat() == "2026-11-29T11:14:38.179916+00:00"
    assert (
        moment(datetime.fromisoformat("2026-11-29T12:14:38+01:00")).isoformat() == "2026-11-29T11:14:38+00:00"
    )
