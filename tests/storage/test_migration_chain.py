"""The history of the schema is one chain: no two migrations share a number, each follows the one before."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory

from workflow.storage.migrations import HEAD, configured

SCRIPTS = ScriptDirectory.from_config(configured())
FILES = sorted(path for path in Path(SCRIPTS.versions).glob("*.py") if path.name != "__init__.py")
NUMBERS = [path.name.partition("_")[0] for path in FILES]


def test_no_two_migrations_share_a_number() -> None:
    assert sorted(set(NUMBERS)) == NUMBERS


def test_a_file_is_called_by_its_revision() -> None:
    told = {Path(one.path).name.partition("_")[0]: one.revision for one in SCRIPTS.walk_revisions()}
    assert told == {number: number for number in NUMBERS}


def test_each_migration_follows_the_one_before_and_the_last_is_the_head() -> None:
    chain = [(one.revision, one.down_revision) for one in SCRIPTS.walk_revisions()][::-1]
    assert chain == list(zip(NUMBERS, [None, *NUMBERS], strict=False))
    assert SCRIPTS.get_heads() == [HEAD] == NUMBERS[-1:]
