"""The keys that sign links: nothing in the database makes a link, and what becomes of old ones at a change."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.post import AT, notices, ready
from workflow.errors import Invalid, Misconfigured
from workflow.mail.verp import opened, token
from workflow.services.keeping.linkkeys import RETURNS, Keys, Outside, find_keys, keys_of, rotate
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import acts_of
from workflow.storage.tables import Meta

HERE = "abcdef012345"
ID = "<0123456789abcdef0123456789abcdef@nord.example>"


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path / "data" / "link.key")


def stored(engine: Engine) -> str:
    """Everything in ``meta``, as somebody who reads the database sees it."""
    with reading(engine) as session:
        return json.dumps(
            {row.key: row.value for row in session.scalars(select(Meta).order_by(col(Meta.key)))}
        )


def old_key(engine: Engine, key: str) -> None:
    """As a database of version 0.1 has it."""
    with writing(engine) as session:
        meta.put(session, "secret", key)


def test_neither_key_nor_secret_lies_in_the_database_and_the_file_is_its_owner_s_alone(
    engine: Engine, outside: Outside
) -> None:
    keys = keys_of(engine, HERE, outside)
    secret = outside.secret(HERE)
    assert len(secret) == 64 and keys.newest not in stored(engine) and secret not in stored(engine)
    assert stat.S_IMODE(outside.file.stat().st_mode) == 0o600
    assert keys_of(engine, HERE, outside) == keys
    assert rotate(engine, HERE, outside, "læk", "anne", AT) == 0
    after = find_keys(engine, HERE, outside)
    assert after and after.newest not in stored(engine) and after.newest != keys.newest


def test_each_database_has_its_own_secret_in_the_one_file(engine: Engine, outside: Outside) -> None:
    outside.keep("fedcba543210", "x" * 64)
    keys_of(engine, HERE, outside)
    assert outside.secret("fedcba543210") == "x" * 64 and len(outside.secret(HERE)) == 64
    assert outside.file.read_text(encoding="utf-8").startswith("# ")


def test_a_key_that_lay_in_the_database_is_moved_out_and_its_links_hold_until_somebody_ends_them(
    engine: Engine, outside: Outside
) -> None:
    old_key(engine, "a" * 64)
    keys = keys_of(engine, HERE, outside)
    assert keys == Keys("a" * 64, (), was_inside=True)
    assert "a" * 64 not in stored(engine) and outside.secret(HERE) == "a" * 64
    rotate(engine, HERE, outside, "lå i databasen", "anne", AT)
    after = find_keys(engine, HERE, outside)
    assert after and not after.was_inside and after.ended == (("a" * 64, AT),)


def test_where_the_settings_give_the_secret_a_key_that_lay_in_the_database_ends(
    engine: Engine, tmp_path: Path
) -> None:
    old_key(engine, "a" * 64)
    given = Outside(tmp_path / "link.key", "g" * 40)
    keys = keys_of(engine, HERE, given)
    assert keys.newest not in ("a" * 64, "g" * 40) and not keys.ended
    assert "a" * 64 not in stored(engine) and not given.file.exists()


def test_letters_on_their_way_at_a_change_of_keys_come_back_for_thirty_days(
    engine: Engine, outside: Outside
) -> None:
    made = token(ID, keys_of(engine, HERE, outside).newest)
    rotate(engine, HERE, outside, "læk", "anne", AT)
    keys = find_keys(engine, HERE, outside)
    assert keys
    assert opened(made, *keys.returns(AT + RETURNS - timedelta(seconds=1))) == ID[1:17]
    assert opened(made, *keys.returns(AT + RETURNS)) is None
    assert opened(token(ID, keys.newest), *keys.returns(AT + RETURNS)) == ID[1:17]


@pytest.mark.fault("F85")
def test_another_secret_than_the_links_were_signed_by_is_refused_with_the_file_and_the_cure(
    engine: Engine, outside: Outside, tmp_path: Path
) -> None:
    keys_of(engine, HERE, outside)
    elsewhere = Outside(tmp_path / "elsewhere" / "link.key")
    with pytest.raises(
        Misconfigured, match=r"elsewhere/link\.key: the secret .* is not here.*aftale link rotate"
    ):
        keys_of(engine, HERE, elsewhere)
    assert not elsewhere.file.exists(), "a second secret would only hide that the first is missing"
    elsewhere.keep(HERE, "b" * 64)
    with pytest.raises(Misconfigured, match="not the secret that the links in letters were signed by"):
        find_keys(engine, HERE, elsewhere)
    rotate(engine, HERE, elsewhere, "den gamle er tabt", "anne", AT)
    found = find_keys(engine, HERE, elsewhere)
    assert found and found.ended == (), "what cannot be made any more opens nothing"


def test_letters_written_and_not_yet_sent_are_written_anew_and_the_change_is_journalled(
    engine: Engine, outside: Outside
) -> None:
    ready(engine, 3)
    keys_of(engine, HERE, outside)
    with pytest.raises(Invalid, match="skriv hvorfor"):
        rotate(engine, HERE, outside, "  ", "anne", AT)
    assert rotate(engine, HERE, outside, "en kopi blev væk", "anne", AT) == 3
    assert {(one.state, one.body) for one in notices(engine)} == {("planned", None)}
    with reading(engine) as session:
        (act,) = acts_of(session, "link")
    assert (act.what, act.by, act.told) == ("rotated", "anne", {"why": "en kopi blev væk", "written_anew": 3})


def test_a_data_folder_that_cannot_be_written_to_is_named(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"file/link\.key: it cannot be"):
        keys_of(engine, HERE, Outside(tmp_path / "file" / "link.key"))
