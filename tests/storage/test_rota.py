"""A folder of copies: a new one each time, the newest so many kept, and nothing else touched."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Aftale
from workflow.errors import Misconfigured
from workflow.mail.sending.maildir import prune
from workflow.storage.copies.rota import save_into
from workflow.storage.database import connect

NIGHT = datetime(2027, 3, 1, 3, 15, tzinfo=UTC)


def test_the_newest_copies_are_kept_and_each_is_a_database(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "aftale.db").write_bytes(b"somebody's own")
    for night in range(4):
        kept = save_into(sqlite_url, folder, NIGHT + timedelta(days=night), 2)
        assert kept.path.stat().st_mode & 0o777 == 0o600 and kept.size == kept.path.stat().st_size
    assert [path.name for path in kept.removed] == ["aftale-20270302T031500Z.copy"]
    names = ["aftale-20270303T031500Z.copy", "aftale-20270304T031500Z.copy", "aftale.db"]
    assert sorted(path.name for path in folder.iterdir()) == names
    connect(f"sqlite:///{kept.path}").dispose()
    with pytest.raises(Misconfigured, match="no such folder"):
        save_into(sqlite_url, tmp_path / "none", NIGHT, 2)


def test_where_the_copy_fails_no_older_one_goes(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    save_into(sqlite_url, folder, NIGHT, 1)
    with pytest.raises(Misconfigured):
        save_into("sqlite:////nowhere/at/all.db", folder, NIGHT + timedelta(days=1), 1)
    assert [path.name for path in folder.iterdir()] == ["aftale-20270301T031500Z.copy"]


def test_the_command_keeps_so_many(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "aftale-20200101T000000Z.copy").write_bytes(b"old")
    said = aftale("backup", str(folder), "--keep", "1", code=0).err
    assert "fjernet: " in said and "sikkerhedskopi: " in said
    assert len(list(folder.iterdir())) == 1
    aftale("backup", str(folder), "--keep", "0", code=2)


def test_old_mails_go_from_cur_and_neither_new_ones_nor_what_waits_for_a_person(tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    old, young = (NIGHT - timedelta(days=91)).timestamp(), (NIGHT - timedelta(days=89)).timestamp()
    for name, at in (("new/a", old), ("cur/b:2,S", old), ("cur/c:2,FS", old), ("cur/d:2,S", young)):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (at, at))
    before = NIGHT - timedelta(days=90)
    assert prune(tmp_path, before, ("cur",)) == 1
    assert sorted(path.name for path in tmp_path.rglob("?*") if path.is_file()) == ["a", "c:2,FS", "d:2,S"]
    assert prune(tmp_path, before) == 1
    with pytest.raises(Misconfigured):
        prune(tmp_path / "none", before)
