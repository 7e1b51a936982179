"""A journal that somebody edited, cut, swapped or emptied is found, though they can write anywhere in the database."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.conftest import Aftale
from tests.reliability import keep
from tests.services.lived import EVENING, KEY, happen, live, rules
from workflow.errors import NotFound
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.keeping.heads import heads, read_heads, write_heads
from workflow.services.keeping.verifying import Broken, verify
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal
from workflow.storage.tables import AgreementRow, FactRow

CASES = 1000
TEXTS = ("event", "source", "by", "council", "previous", "digest")
DAYS = ("on", "known_on", "due")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Two agreements, the heads of yesterday beside them."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "aftale.db"
    shutil.copy(sqlite_template, path)
    live(f"sqlite:///{path}")
    engine = connect(f"sqlite:///{path}")
    open_agreement(
        engine, rules(), Fact(0, "opened", date(2023, 1, 3), by="test"), region="sjaelland", term="2022-2025",
        label="2024-2027", at=datetime(2023, 1, 3, 8, tzinfo=UTC), effective=date(2024, 1, 1),
        nominal_end=date(2028, 1, 1), nominal_end_source="aftalen",
    )  # fmt: skip
    for number, code in enumerate(("0851", "0849", "0810", "0813")):
        happen(
            engine,
            Fact(0, "council-approved", date(2023, 6, 1 + number), council=code, by="test", source="referat"),
        )
    assert write_heads(engine, folder / "heads.log", EVENING)
    engine.dispose()
    with closing(sqlite3.connect(path)) as opened, opened:
        for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened.execute(f"DROP TRIGGER {name}")
    return path


def edited(opened: sqlite3.Connection, chance: random.Random) -> None:
    facts = opened.execute("SELECT id, agreement_id, no FROM fact").fetchall()
    one, _, _ = chance.choice(facts)
    column = chance.choice((*TEXTS, *DAYS, "version", "no", "agreement_id", "corrects", "recorded_at"))
    value: object = f"x{chance.random()}"
    if column in DAYS:
        value = (date(2001, 1, 1) + timedelta(days=chance.randrange(300))).isoformat()
    elif column in ("version", "no", "agreement_id", "corrects"):
        value = chance.randrange(50, 500)
    elif column == "recorded_at":
        value = chance.choice(("2001-01-01 00:00:00.000000", "nonsense"))
    opened.execute(f'UPDATE fact SET "{column}" = ? WHERE id = ?', (value, one))


def deleted(opened: sqlite3.Connection, chance: random.Random) -> None:
    ids = [row[0] for row in opened.execute("SELECT id FROM fact")]
    for one in chance.sample(ids, chance.randrange(1, 4)):
        opened.execute("DELETE FROM fact WHERE id = ?", (one,))


def swapped(opened: sqlite3.Connection, chance: random.Random) -> None:
    (agreement,) = chance.choice(opened.execute("SELECT id FROM agreement").fetchall())
    ids = [row[0] for row in opened.execute("SELECT id FROM fact WHERE agreement_id = ?", (agreement,))]
    one, other = chance.sample(ids, 2)
    numbers = dict(opened.execute("SELECT id, no FROM fact").fetchall())
    opened.execute("UPDATE fact SET no = 9999 WHERE id = ?", (one,))
    opened.execute("UPDATE fact SET no = ? WHERE id = ?", (numbers[one], other))
    opened.execute("UPDATE fact SET no = ? WHERE id = ?", (numbers[other], one))


def cut(opened: sqlite3.Connection, chance: random.Random) -> None:
    """The end cut off, and the agreement's row told to know nothing of it."""
    (agreement, count) = chance.choice(opened.execute("SELECT id, fact_count FROM agreement").fetchall())
    keep = chance.randrange(0, count)
    opened.execute("DELETE FROM fact WHERE agreement_id = ? AND no > ?", (agreement, keep))
    last = opened.execute(
        "SELECT digest FROM fact WHERE agreement_id = ? AND no = ?", (agreement, keep)
    ).fetchone()
    opened.execute(
        "UPDATE agreement SET fact_count = ?, head = ? WHERE id = ?",
        (keep, last[0] if last else "", agreement),
    )


def whole_agreement_gone(opened: sqlite3.Connection, chance: random.Random) -> None:
    (agreement,) = chance.choice(opened.execute("SELECT id FROM agreement").fetchall())
    for table in ("fact", "deadline"):
        opened.execute(f"DELETE FROM {table} WHERE agreement_id = ?", (agreement,))
    opened.execute("DELETE FROM agreement WHERE id = ?", (agreement,))


KINDS: tuple[Callable[[sqlite3.Connection, random.Random], None], ...] = (
    edited, edited, edited, deleted, swapped, cut, whole_agreement_gone,
)  # fmt: skip


def rechained(engine: Engine) -> None:
    """The clever one computes every digest anew after editing."""
    with writing(engine) as session:
        for agreement in session.scalars(select(AgreementRow)):
            before = ""
            for fact in journal.rows(session, agreement):
                fact.previous = before
                before = fact.digest = journal.digest(fact)
            agreement.head = before


@pytest.mark.slow
@pytest.mark.fault("F75")
def test_a_thousand_tampered_journals_are_all_found(whole: Path, tmp_path: Path) -> None:
    """Each in a copy of the file's bytes in memory, with the triggers dropped."""
    logged = read_heads(whole.parent / "heads.log")
    path = tmp_path / "tampered.db"
    shutil.copy(whole, path)
    engine = connect(f"sqlite:///{path}")
    assert verify(engine, None, logged) == (2, [])
    missed = []
    original = whole.read_bytes()
    for seed in range(CASES):
        path.write_bytes(original)
        chance = random.Random(seed)
        kind = chance.choice(KINDS)
        with closing(sqlite3.connect(path)) as opened:
            opened.execute("PRAGMA synchronous = OFF")
            with opened:
                kind(opened, chance)
        engine.dispose()
        if not verify(engine, None, logged)[1]:
            missed.append((seed, kind.__name__))
    engine.dispose()
    keep("journal", f"{len(KINDS)} kinds of change", {"changed": CASES, "found": CASES - len(missed)})
    assert missed == []


@pytest.mark.fault("F75")
def test_a_chain_made_whole_again_by_a_clever_hand_is_found_by_the_heads(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "clever.db"
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("UPDATE fact SET source = 'forfalsket' WHERE no = 4 AND agreement_id = 1")
    engine = connect(f"sqlite:///{path}")
    assert verify(engine, None)[1] == [Broken(KEY, 4, "fact 4 was changed")]
    rechained(engine)
    assert verify(engine, None)[1] == []
    [bad] = verify(engine, KEY, read_heads(whole.parent / "heads.log"))[1]
    assert (bad.agreement, bad.no) == (KEY, 7)
    engine.dispose()


def test_what_was_recorded_after_the_heads_were_written_is_no_tampering(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "later.db"
    shutil.copy(whole, path)
    engine = connect(f"sqlite:///{path}")
    happen(engine, Fact(0, "council-approved", date(2023, 6, 7), council="0820", by="test"))
    assert verify(engine, None, read_heads(whole.parent / "heads.log")) == (2, [])
    with pytest.raises(NotFound):
        verify(engine, "nordjylland/2019-2023")
    engine.dispose()


def test_the_heads_that_have_grown_are_written_once_an_hour_and_only_added_to(
    whole: Path, tmp_path: Path
) -> None:
    path, file = tmp_path / "daily.db", tmp_path / "heads.log"
    shutil.copy(whole, path)
    engine = connect(f"sqlite:///{path}")
    late = EVENING.replace(hour=22, minute=30)  # the first of June in Denmark
    hours = (EVENING, late, late, late + timedelta(hours=1))
    assert [len(write_heads(engine, file, at)) for at in hours] == [0, 2, 0, 0], "all of them once a day"
    first = file.read_text()
    happen(engine, Fact(0, "council-approved", date(2023, 6, 3), council="0860", by="test", source="referat"))
    grown = {
        minutes: write_heads(engine, file, late + timedelta(minutes=minutes))
        for minutes in (80, 120, 180, 1500)
    }
    keys = {minutes: [head.key for head in found] for minutes, found in grown.items()}
    assert keys == {80: [], 120: [KEY], 180: [], 1500: [KEY, "sjaelland/2024-2027"]}
    assert file.read_text().startswith(first)
    assert [(h.key, h.count, h.digest) for h in read_heads(file)[-2:]] == [
        (h.key, h.count, h.digest) for h in heads(engine, late)
    ]
    file.write_text(first + "2023-06-02T08:00:00+00:00 nordjyll")
    assert len(read_heads(file)) == 2, "a line cut off by a full disk is passed over"
    with reading(engine) as session:
        assert session.scalars(select(col(FactRow.id))).first()
    engine.dispose()


def test_the_command_names_the_first_bad_row_and_exits_1(whole: Path, aftale: Aftale, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(whole, data / "aftale.db")
    assert "2 journals" in aftale("verify", code=0).err
    shutil.copy(whole.parent / "heads.log", data / "heads.log")
    assert aftale("journal", "verify", "--json", code=0).json() == {
        "journals": 2, "heads": 2, "sealed": {}, "taken_up": 0, "since": None, "broken": [],
    }  # fmt: skip
    with closing(sqlite3.connect(data / "aftale.db")) as opened, opened:
        opened.execute("DELETE FROM fact WHERE no = 2 AND agreement_id = 1")
    assert f"BROKEN  {KEY}, row 2: fact 2 is missing" in aftale("verify", code=1).out
    assert aftale("verify", "sjaelland/2024-2027", code=0).out == ""
    assert aftale("verify", "nordjylland/1999", code=3).out == ""


def test_a_host_that_has_had_nothing_to_keep_gets_the_folder_for_the_heads(
    engine: Engine, tmp_path: Path
) -> None:
    write_heads(engine, tmp_path / "new" / "heads.log", EVENING)
    assert (tmp_path / "new" / "heads.log").exists()
