"""Whether a database has the shape that this program's tables have. Its number says which migrations were run, not what
they were: one that was edited after it had been run leaves the right number on another shape.

Looked at by ``aftale upgrade``, ``doctor``, ``move`` and ``restore``; too slow for every command.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, Inspector, Table, UniqueConstraint, inspect, text
from sqlalchemy.exc import SAWarning
from sqlmodel import SQLModel

from workflow.errors import Misconfigured

ROOMS = (  # the modules that hold tables
    "tables", "facts.acts", "facts.answered", "facts.meetings", "facts.reported", "facts.trail", "facts.withdrawn",
    "law.lettersettingrows", "law.rulesets", "letters.senders", "letters.trials", "people.confirmations",
    "people.people", "seals",
)  # fmt: skip
INSERT_ONLY = ("fact", "act", "trail", "seal")  # tables whose rows triggers keep from being changed
_INDEXES = {  # by name, since the inspector leaves out those over expressions
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema()",
}
_TRIGGERS = {  # by table and what they keep from happening
    "sqlite": "SELECT tbl_name, lower(substr(name, length(tbl_name) + 5)) FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT event_object_table, lower(event_manipulation) FROM information_schema.triggers "
    "WHERE trigger_schema = current_schema()",
}


def every_table() -> list[Table]:
    """Every table of this program, what is referred to first, whichever modules a process has loaded so far."""
    for room in ROOMS:
        importlib.import_module(f"workflow.storage.{room}")
    return SQLModel.metadata.sorted_tables


def differences(connection: Connection) -> list[str]:
    """What the database has otherwise than the models, each in a few words; empty where it fits."""
    tables = every_table()
    real = inspect(connection)
    there, indexes = set(real.get_table_names()), _pairs(connection, _INDEXES)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", SAWarning
        )  # of the indexes it leaves out, which are looked for by name
        for table in tables:
            if table.name in there:
                found += [f"{table.name}{said}" for said in _of_table(table, real, indexes)]
            else:
                found.append(f"there is no table {table.name}")
    triggers = _pairs(connection, _TRIGGERS)
    for name in INSERT_ONLY:
        for act in ("update", "delete"):
            if (name, act) not in triggers:
                found.append(f"{name} has no trigger that keeps its rows from {act}")
    return found


def must_fit(connection: Connection, where: str) -> None:
    """:class:`Misconfigured` where it does not; ``where`` names the database."""
    if found := differences(connection):
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise Misconfigured(
            where, f"its tables are not those of this program: {'; '.join(found[:5])}{more}",
            "Nothing was changed. Keep a copy, restore one that fits, and report this",
        )  # fmt: skip


def engine_must_fit(engine: Engine, where: str) -> None:
    """:func:`must_fit` over a connection of its own."""
    with engine.connect() as connection:
        must_fit(connection, where)


def _of_table(table: Table, real: Inspector, indexes: set[tuple[str, str]]) -> Iterator[str]:
    columns = {column["name"]: column for column in real.get_columns(table.name)}
    for column in table.columns:
        if column.name not in columns:
            yield f" has no column {column.name}"
        elif bool(columns[column.name]["nullable"]) != bool(column.nullable):
            yield f".{column.name} {'must not' if not column.nullable else 'should'} be left empty"
    yield from (f" has a column {name} too many" for name in columns if name not in table.columns)
    unique = {frozenset(one["column_names"]) for one in real.get_unique_constraints(table.name)}
    unique |= {
        frozenset(filter(None, one["column_names"])) for one in real.get_indexes(table.name) if one["unique"]
    }
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            names = [column.name for column in constraint.columns]
            if frozenset(names) not in unique:
                yield f" may hold the same {', '.join(names)} twice"
    yield from (
        f" has no index {one.name}" for one in table.indexes if (table.name, str(one.name)) not in indexes
    )
    leads = {
        (tuple(one["constrained_columns"]), one["referred_table"])
        for one in real.get_foreign_keys(table.name)
    }
    for key in table.foreign_key_constraints:
        columns_of, target = tuple(key.column_keys), key.referred_table.name
        if (columns_of, target) not in leads:
            yield f".{', '.join(columns_of)} does not lead to {target}"


def _pairs(connection: Connection, asked: dict[str, str]) -> set[tuple[str, str]]:
    rows = connection.execute(text(asked[connection.dialect.name]))
    return {(row[0], row[1]) for row in rows}
