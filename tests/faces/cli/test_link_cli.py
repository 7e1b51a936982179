"""``aftale link rotate``, as an operator types it, and a database whose secret is elsewhere."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests.conftest import Aftale


def test_the_key_is_changed_with_a_reason_and_the_command_says_what_becomes_of_old_links(
    aftale: Aftale,
) -> None:
    aftale("init", code=0)
    aftale("tick", code=0)
    assert "skriv hvorfor" in aftale("link", "rotate", code=2).err
    said = aftale("link", "rotate", "--why", "en kopi blev væk", "--by", "drift", code=0).err
    assert "every link in letters sent until now has ended" in said and "everybody signs in again" in said
    assert "0 letters not yet sent are written anew" in said and "30 days" in said
    (act,) = [
        one for one in aftale("audit", "--what", "done", "--json", code=0).json() if one["about"] == "key"
    ]
    assert act["what"] == "link/rotated" and act["called"] == "drift"
    aftale("tick", code=0)


def test_a_database_brought_without_its_secret_is_refused_until_somebody_decides(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    aftale("tick", code=0)
    (key,) = tmp_path.rglob("link.key")
    away = key.rename(tmp_path / "elsewhere.key")
    said = aftale("tick", code=78).err
    assert "link.key" in said and "aftale link rotate" in said
    assert aftale("status", code=0), "what makes no links goes on"
    shutil.move(away, key)
    aftale("tick", code=0)
    key.unlink()
    aftale("link", "rotate", "--why", "den gamle er tabt", code=0)
    aftale("tick", code=0)
    assert key.stat().st_mode & 0o777 == 0o600


def test_the_secret_can_be_given_by_a_setting_and_a_short_one_is_refused(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    assert "shorter than 32" in aftale("tick", code=78, AFTALE_LINK_SECRET="kort").err
    aftale("tick", code=0, AFTALE_LINK_SECRET="l" * 40)
    assert not list(tmp_path.rglob("link.key"))
    assert "AFTALE_LINK_SECRET" in aftale("tick", code=78, AFTALE_LINK_SECRET="m" * 40).err


def test_doctor_writes_nothing_in_a_database_that_was_never_used(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    (file,) = tmp_path.rglob("aftale.db")
    before = file.read_bytes()
    found = {one["check"]: one for one in aftale("doctor", "--json").json()}
    assert file.read_bytes() == before and not list(tmp_path.rglob("link.key"))
    assert found["links"]["verdict"] == "note" and "first start" in found["links"]["said"]
    aftale("tick", code=0)
    assert {one["check"]: one for one in aftale("doctor", "--json").json()}["links"]["verdict"] == "ok"


def test_doctor_tells_that_the_key_once_lay_in_the_database(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    (file,) = tmp_path.rglob("aftale.db")
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO meta (key, value) VALUES ('secret', ?)", ("a" * 64,))
    connection.close()
    aftale("tick", code=0)
    found = {one["check"]: one for one in aftale("doctor", "--json").json()}["links"]
    assert found["verdict"] == "note" and "aftale link rotate" in found["said"]
