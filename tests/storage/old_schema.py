"""A database as an older program left it; as a program it migrates, and is killed before one statement after another.

``main([url, stride])`` forks for each try, kills it, and says what schema was left, until a try comes to its end.
"""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, event, text

from workflow.storage import database
from workflow.storage.database import open_database
from workflow.storage.migrations import configured

OLD = "0003"
STAMPS = {"on": "2024-05-01", "at": datetime(2024, 5, 1, 9, tzinfo=UTC).isoformat(" ")}


def make_old(url: str) -> None:
    """Fill the empty database at ``url`` with the schema of :data:`OLD`, one agreement, one notice and its attempt."""
    engine = open_database(url)
    with engine.begin() as connection:
        command.upgrade(configured(connection), OLD)
        for statement in (
            "INSERT INTO agreement (id, region, label, term, regime, version_state, period_state, stamp, fact_count,"
            " head, wake_on, projected_on) VALUES (1, 'nordjylland', '2024-2027', '2022-2025', 'bek-1248-2022',"
            " 'draft', 'planned', 0, 0, '', :on, :on)",
            "INSERT INTO notice (id, key, agreement_id, letter, deadline, subject_of, revision, rung, recipient,"
            " statutory, late, due_on, planned_at, next_at, state, facts, address, message_id, subject, digest,"
            " template, rules, fence, owner, attempts, uncertain, copies, outcome, answer, why) VALUES (1, 'k', 1,"
            " 'submission-countdown', 'submission', '', 1, '-30d', '0851/council', false, false, :on, :at, :at,"
            " 'accepted', '{}', '', '', '', '', '', '', 1, '', 1, false, 0, 'accepted', '250 ok', '')",
            "INSERT INTO attempt (id, notice_id, fence, owner, address, started_at, outcome, verb, code, text)"
            " VALUES (1, 1, 1, 'x', '', :at, 'accepted', 'DOT', 250, 'ok')",
        ):
            connection.execute(text(statement), STAMPS)
    engine.dispose()


def schema_of(url: str) -> tuple[str, set[str]]:
    """The revision the database says it has, and the columns of its tables as ``table.column``."""
    engine = open_database(url)
    with engine.connect() as connection:
        said = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        found = {f"{table}.{column}" for table, column in connection.execute(text(_columns(engine)))}
    engine.dispose()
    return said, found


def _columns(engine: Engine) -> str:
    if engine.dialect.name == "postgresql":
        return "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    return "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"


AT_THE_COMMIT, NEVER = 0, -1


def main(arguments: list[str]) -> None:
    """One line a try: *killed* with the schema it left and a digest of its columns, at last *done*.

    The first dies at the commit, which tells how many statements there are; then one dies before each ``stride``-th."""
    url, stride = arguments[0], int(arguments[1])
    statements = tried(url, AT_THE_COMMIT)
    for number in range(1, statements + 1, stride):
        tried(url, number)
    tried(url, NEVER)


def tried(url: str, number: int) -> int:
    """Migrate in a process that dies before its ``number``-th statement, and say what it left; how many it came to."""
    heard, says = os.pipe()
    child = os.fork()
    if child == 0:
        die_before(number, says)
        database.migrate(url)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os.close(says)
    with os.fdopen(heard, "rb") as counted:
        statements = len(counted.read())
    said, columns = schema_of(url)
    print(
        "done" if os.WIFEXITED(status) else "killed", os.waitstatus_to_exitcode(status), said, len(columns),
        flush=True,
    )  # fmt: skip
    return statements


def die_before(number: int, says: int) -> None:
    """Kill this process before its ``number``-th statement that changes something, or at the commit; each that it came
    to is an octet in the pipe ``says``."""
    left = number

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(says, b".")

    def commit(*_: object) -> None:
        if number == AT_THE_COMMIT:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "before_cursor_execute")
    def _statement(_connection: Connection, _cursor: Any, statement: str, *_: object) -> None:
        looks = any(
            word in statement for word in ("_info", "index_list", "foreign_key_list")
        )  # a PRAGMA that reads
        if not looks and statement.split(maxsplit=1)[0].upper() in (
            "CREATE",
            "ALTER",
            "UPDATE",
            "PRAGMA",
            "DROP",
            "INSERT",
        ):
            count()

    event.listen(Engine, "commit", commit)
