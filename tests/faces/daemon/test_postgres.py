"""Going over to PostgreSQL, as an operator does it: what is missing is said, and the move is made once."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text

from tests.conftest import Aftale
from tests.post import ready
from workflow.errors import Misconfigured
from workflow.faces.daemon.lock import only_one
from workflow.storage import jobs
from workflow.storage.database import connect, sqlite_path

WITHOUT = (
    "import sys; sys.modules['procrastinate'] = sys.modules['procrastinate.schema'] = None; "
    "from workflow.__main__ import main; main()"
)
SIGN_OF_LIFE = "INSERT INTO aftale_jobs.procrastinate_workers DEFAULT VALUES"


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = connect(postgres_url)
    yield engine
    engine.dispose()


def does(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_without_the_tables_to_share_by_the_daemon_names_the_cure_and_the_cure_works(
    aftale: Aftale, engine: Engine, postgres_url: str
) -> None:
    does(engine, "DROP SCHEMA aftale_jobs CASCADE")
    assert "aftale upgrade" in aftale("daemon", "--db", postgres_url, code=78).err
    [told] = [f for f in aftale("doctor", "--json", "--db", postgres_url).json() if f["check"] == "daemons"]
    assert (told["verdict"], "aftale upgrade" in told["said"]) == ("misconfigured", True)
    aftale("upgrade", "--db", postgres_url, code=0)
    jobs.require(engine)


def test_without_procrastinate_the_daemon_names_the_extra_and_all_else_works(
    aftale: Aftale, postgres_url: str
) -> None:
    bare = Aftale(aftale.env, aftale.cwd, (sys.executable, "-c", WITHOUT))
    assert "pip install 'aftalefrist[postgres]'" in bare("daemon", "--db", postgres_url, code=78).err
    bare("tick", "--db", postgres_url, code=0)
    bare("upgrade", "--db", postgres_url, code=0)


def test_tables_of_another_version_are_refused_and_made_anew_and_the_right_ones_left_alone(
    engine: Engine, postgres_url: str
) -> None:
    does(engine, SIGN_OF_LIFE)
    jobs.install(postgres_url)
    assert jobs.live_workers(engine) == 1, "nothing was made anew"
    does(engine, "COMMENT ON SCHEMA aftale_jobs IS '02.00.00_01_older.sql'")
    with pytest.raises(Misconfigured, match="older"):
        jobs.require(engine)
    jobs.install(postgres_url)
    jobs.require(engine)
    assert jobs.live_workers(engine) == 0


def test_a_role_that_may_not_make_them_is_told_so(engine: Engine, postgres_url: str) -> None:
    does(engine, "DROP SCHEMA aftale_jobs CASCADE")
    role = f"role_{engine.url.database}"
    does(engine, f"CREATE ROLE {role} LOGIN")
    try:
        url = engine.url.set(username=role, password=None).render_as_string(hide_password=False)
        try:
            psycopg.connect(jobs.conninfo(url)).close()
        except psycopg.OperationalError as error:
            pytest.skip(f"the server lets no new role in: {str(error).splitlines()[0]}")
        with pytest.raises(Misconfigured, match=r"permission denied.*create schemas"):
            jobs.install(url)
    finally:
        does(engine, f"DROP ROLE {role}")


def test_a_move_there_and_back_tells_what_it_copied_and_leaves_the_old_one_held(
    aftale: Aftale, sqlite_url: str, postgres_url: str
) -> None:
    old = connect(sqlite_url)
    ready(old, 2)
    old.dispose()
    there = aftale("move", "--to", postgres_url, "--json", "--by", "drift", "--db", sqlite_url, code=0).json()
    assert (there["rows"]["notice"], there["rows"]["agreement"]) == (2, 1)
    assert [head["agreement"] for head in there["heads"]] == ["nordjylland/2024-2027"]
    assert "flyttet til" in aftale("outbox", "list", "--json", "--db", sqlite_url).json()["stopped"]
    back = f"sqlite:///{aftale.cwd / 'back.db'}"
    said = aftale("move", "--to", back, "--db", postgres_url, code=0)
    assert "notice" in said.out
    assert f"aftale outbox release --all --db {postgres_url}" in said.err
    assert aftale("outbox", "list", "--json", "--db", back).json()["stopped"] == ""
    refused = aftale("outbox", "release", "--all", "--db", postgres_url, code=78).err
    assert f"moved to {back}" in refused
    assert f"aftale move --back --db {postgres_url}" in said.err
    assert aftale("move", "--back", "--json", "--db", postgres_url, code=0).json()["moved_to"] == back
    aftale("outbox", "release", "--all", "--db", postgres_url, code=0)
    assert aftale("outbox", "list", "--json", "--db", postgres_url).json()["stopped"] == ""


def test_whoever_writes_in_the_old_one_is_told_where_everything_went_without_its_password(
    aftale: Aftale, sqlite_url: str, postgres_url: str
) -> None:
    secret = make_url(postgres_url).set(password="kodeord")
    aftale("move", "--to", secret.render_as_string(hide_password=False), "--db", sqlite_url, code=0)
    here = ("--db", sqlite_url)
    record = ("open", "nordjylland", "--term", "2022-2025", "--label", "2024-2027", *here)
    for command in (record, ("daemon", *here), ("tick", *here), ("outbox", "release", "--all", *here)):
        refused = aftale(*command, code=78)
        assert f"moved to {secret.render_as_string(hide_password=True)}" in refused.err
        assert "kodeord" not in refused.out + refused.err
    for command in (("status", *here), ("notices", *here), ("verify", *here), ("outbox", "list", *here)):
        aftale(*command, code=0)
    assert "moved to" in aftale("doctor", *here, code=78).out
    aftale("move", code=2)


def test_while_a_daemon_works_nothing_moves(
    aftale: Aftale, engine: Engine, sqlite_url: str, postgres_url: str
) -> None:
    with only_one(sqlite_path(sqlite_url)):
        assert "another daemon" in aftale("move", "--to", postgres_url, "--db", sqlite_url, code=4).err
    does(engine, SIGN_OF_LIFE)
    back = aftale.cwd / "back.db"
    assert "stop every one" in aftale("move", "--to", f"sqlite:///{back}", "--db", postgres_url, code=4).err
    assert not back.exists()


def test_a_target_that_is_no_database_url_is_refused_before_anything_is_opened(
    aftale: Aftale, sqlite_url: str
) -> None:
    refused = aftale("move", "--to", "mysql://secret@host/x", "--db", sqlite_url, code=78)
    assert "--to" in refused.err
    assert "secret" not in refused.err
