"""A database is looked at, not believed by its number: published migrations stay, shapes are compared."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import ROOT, Aftale
from workflow.errors import Misconfigured
from workflow.storage.database import connect, migrate
from workflow.storage.shape import ROOMS, differences, engine_must_fit

VERSIONS = ROOT / "workflow/storage/migrations/versions"
PUBLISHED = Path(__file__).with_name("published_migrations.txt")


def test_a_migration_that_was_published_is_never_edited() -> None:
    """A change of shape is a new migration. One that is on main is added here with its hash: sha256sum."""
    kept = dict(line.split()[::-1] for line in PUBLISHED.read_text(encoding="utf-8").splitlines())
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VERSIONS.glob("0*.py")}
    assert {name: there.get(name) for name in kept} == kept
    assert min(there.keys() - kept.keys(), default="9") > max(kept), "what is not yet published comes after"


def test_every_module_that_holds_a_table_is_looked_at() -> None:
    holding = {
        ".".join(path.relative_to(ROOT / "workflow/storage").with_suffix("").parts)
        for path in (ROOT / "workflow/storage").rglob("*.py")
        if re.search(r"^class .*table=True", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert holding == set(ROOMS)


def test_a_database_of_today_has_the_shape_of_the_models(database_url: str) -> None:
    engine = connect(database_url)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE notice RENAME COLUMN alone TO lonely", "notice has no column alone"),
        ("ALTER TABLE notice ADD COLUMN more INTEGER", "notice has a column more too many"),
        ("DROP TABLE seen", "there is no table seen"),
        ("DROP INDEX ix_notice_due", "notice has no index ix_notice_due"),
        ("DROP INDEX ix_notice_shown", "notice has no index ix_notice_shown"),
    ],
)
def test_what_differs_is_named_on_either_database(database_url: str, change: str, said: str) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.execute(text(change))
        assert said in differences(connection)
    with pytest.raises(
        Misconfigured, match=r"its tables are not those of this program: .*Nothing was changed"
    ):
        engine_must_fit(engine, "here")
    engine.dispose()


def test_a_trigger_that_was_taken_away_is_missed(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "aftale.db")) as opened:
        opened.execute("DROP TRIGGER fact_no_update")
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        assert differences(connection) == ["fact has no trigger that keeps its rows from update"]
    engine.dispose()


@pytest.mark.fault("F84")
def test_a_database_of_the_days_when_two_migrations_said_something_else_gets_the_right_shape(
    sqlite_url: str, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "aftale.db")) as opened:
        opened.execute("ALTER TABLE deadline DROP COLUMN doubtful")
        opened.execute("ALTER TABLE withdrawn_link ADD COLUMN through INTEGER NOT NULL DEFAULT 0")
        opened.execute("DROP INDEX ix_agreement_unit")
        opened.execute("ALTER TABLE agreement RENAME COLUMN unit TO municipality")
        # what the later migrations make is not there yet
        opened.execute("ALTER TABLE deadline DROP COLUMN latest_gone")
        opened.execute("ALTER TABLE contact DROP COLUMN language")
        opened.execute("ALTER TABLE person DROP COLUMN language")
        opened.execute("DROP TABLE seal")
        opened.execute("DROP TABLE code_try")
        opened.execute("ALTER TABLE feed DROP COLUMN valid_to")
        opened.execute("ALTER TABLE fact DROP COLUMN document_name")
        opened.execute("ALTER TABLE reported_decision DROP COLUMN minutes_name")
        opened.execute("UPDATE alembic_version SET version_num = '0029'")
        opened.commit()
    assert migrate(sqlite_url) == "0029"
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


@pytest.mark.fault("F84")
def test_upgrade_and_doctor_say_that_a_shape_is_another_than_its_number_says(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    (file,) = tmp_path.rglob("aftale.db")
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("ALTER TABLE deadline DROP COLUMN doubtful")
    refused = aftale("upgrade", code=78).err
    assert "deadline has no column doubtful" in refused and "Nothing was changed" in refused
    found = {one["check"]: one for one in aftale("doctor", "--json").json()}
    assert found["schema"]["verdict"] == "ill" and "no column doubtful" in found["schema"]["said"]


@pytest.mark.fault("F84")
def test_a_copy_of_another_shape_is_not_restored_over_what_is_there(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    aftale("backup", str(tmp_path / "copy.db"), code=0)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as opened:
        opened.execute("ALTER TABLE deadline DROP COLUMN doubtful")
    (file,) = tmp_path.rglob("aftale.db")
    before = file.read_bytes()
    assert "deadline has no column doubtful" in aftale("restore", str(tmp_path / "copy.db"), code=78).err
    assert file.read_bytes() == before
