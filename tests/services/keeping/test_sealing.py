"""Whoever writes in the database beside the program is found: what proves is in a chain or under its hash (F75)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.conftest import Aftale
from tests.services.delivery.returning import NEXT_DAY, failed, pending, take
from tests.services.lived import EVENING, KEY, happen, rules
from tests.storage import old_schema
from tests.storage.test_opening import old_url
from workflow.mail.links import Ask, reader_of
from workflow.rules.facts import Fact
from workflow.services.councils.reporting import Beside, report
from workflow.services.councils.settling import turn_down
from workflow.services.facts.agreements import record
from workflow.services.keeping.heads import read_heads, write_heads, write_restored
from workflow.services.keeping.proved import prove_all
from workflow.services.keeping.retention import Periods, forget_due
from workflow.services.keeping.sealing import seal_new
from workflow.services.keeping.verifying import verify
from workflow.services.watch.receipts import confirm
from workflow.storage.database import connect, migrate
from workflow.storage.facts.documents import Attached

__all__ = ["old_url"]
LINK = "https://frister.example"
HOUR = NEXT_DAY + timedelta(hours=1)


@pytest.fixture
def engine(lived_url: str) -> Iterator[Engine]:
    engine = connect(lived_url)
    live_on(engine)
    yield engine
    engine.dispose()


def live_on(engine: Engine) -> None:
    """A letter came back, one was confirmed, a council reported and was turned down, a fact brought its document; all
    of it sealed, then one more fact, and the heads of the hour."""
    sent = pending(engine)
    assert take(engine, failed(sent)).kind == "failed"
    with engine.connect() as connection:
        number = connection.execute(text("SELECT max(id) FROM notice WHERE state = 'accepted'")).scalar_one()
        box = connection.execute(
            text("SELECT email FROM contact WHERE body = '0860' AND function = 'council'")
        ).scalar_one()
    confirm(engine, [str(number)], "ringet", "Anna", NEXT_DAY)
    ask = Ask(KEY, 1, "0860", reader_of(box))
    minutes = Beside(minutes=Attached("referat.pdf", b"rejected"))
    made = report(
        engine,
        rules(),
        ask,
        "council-rejected",
        date(2023, 5, 30),
        "nej",
        at=NEXT_DAY,
        link=LINK,
        beside=minutes,
    )
    turn_down(engine, rules(), made.id or 0, "forkert", "Anna", at=NEXT_DAY, link=LINK)
    fact = Fact(0, "council-approved", date(2023, 5, 25), council="0849", source="referat", by="Anna")
    record(
        engine,
        rules(),
        KEY,
        fact,
        today=NEXT_DAY.date(),
        at=NEXT_DAY,
        attached=Attached("ja.pdf", b"approved"),
    )
    assert seal_new(engine, NEXT_DAY) > 0


def beside_the_program(engine: Engine, statements: Iterable[str]) -> None:
    """Plain SQL by whoever has the file or the server's rights, and so may take away what guards the database."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))
        return
    with engine.connect() as connection:
        [file] = [row[2] for row in connection.exec_driver_sql("PRAGMA database_list") if row[1] == "main"]
    with closing(sqlite3.connect(file)) as plain, plain:  # keeps no references unless it is asked to
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            plain.execute(statement)


@dataclass(frozen=True)
class Tampering:
    """Statements of plain SQL, and what verify says of them."""

    name: str
    statements: tuple[str, ...]
    said: str


SHORTEN = (
    "DELETE FROM fact WHERE no = (SELECT fact_count FROM agreement WHERE id = fact.agreement_id)",
    "UPDATE agreement SET fact_count = fact_count - 1, head = "
    "(SELECT digest FROM fact WHERE agreement_id = agreement.id ORDER BY no DESC LIMIT 1)",
)
NEWEST = "(SELECT max(id) FROM notice WHERE accepted_at IS NOT NULL)"
TAMPERINGS = [
    Tampering("a fact edited", ("UPDATE fact SET source = 'x' WHERE no = 2",), "fact 2 was changed"),
    Tampering("the newest fact removed and the head mended", SHORTEN, "is gone"),
    Tampering(
        "a document's bytes changed under its own name", ("UPDATE document SET content = decode_x",), "the bytes of"
    ),
    Tampering("a document removed", ("DELETE FROM document",), "is named and is gone"),
    Tampering(
        "a letter's stored bytes", (f"UPDATE notice SET body = decode_x WHERE id = {NEWEST}",), "letter {n} was changed"
    ),
    Tampering(
        "a letter's bytes and the digest beside them",
        (f"UPDATE notice SET body = decode_x, digest = 'x' WHERE id = {NEWEST}",),
        "letter {n} was changed",
    ),
    Tampering(
        "whom it went to", (f"UPDATE notice SET address = 'x@y.dk' WHERE id = {NEWEST}",), "letter {n} was changed"
    ),
    Tampering(
        "what a mail server answered", ("UPDATE attempt SET text = 'x' WHERE id = 1",), "attempt 1 was changed"
    ),
    Tampering("an attempt removed", ("DELETE FROM attempt WHERE id = 1",), "attempt 1 is gone"),
    Tampering("a report's words", ("UPDATE reported_decision SET event = 'council-remarks'",), "report 1 was changed"),
    Tampering(
        "a report opened again",
        ("UPDATE reported_decision SET state = 'reported', settled_by = '', settled_why = '', settled_at = NULL",),
        "settling of report 1 was changed",
    ),
    Tampering(
        "a letter set to confirmed",
        ("UPDATE notice SET state = 'confirmed' WHERE id = (SELECT min(id) FROM notice WHERE state = 'accepted')",),
        "confirmed by nobody",
    ),
    Tampering(
        "a letter set to be sent again", (f"UPDATE notice SET state = 'ready' WHERE id = {NEWEST}",), "was handed over"
    ),
    Tampering(
        "a letter that waits set to cancelled",
        ("UPDATE notice SET state = 'cancelled', why = 'x' WHERE id = (SELECT max(id) FROM notice)",),
        "no journal says so",
    ),
    Tampering("what came back", ("UPDATE bounce SET text = 'x'",), "words of return 1 was changed"),
    Tampering("a return emptied early", ("UPDATE bounce SET raw = empty_x",), "words of return 1 was changed"),
    Tampering("a seal mended", ("UPDATE seal SET sum = 'x' WHERE no = 3",), "seal 3 was changed"),
    Tampering("an act changed", ("UPDATE act SET said = '{}' WHERE no = 1",), "act 1 was changed"),
]  # fmt: skip


@pytest.mark.fault("F75")
@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.name)
def test_whatever_is_changed_beside_the_program_is_named(engine: Engine, tampering: Tampering) -> None:
    assert (verify(engine, None)[1], prove_all(engine).broken) == ([], [])
    server = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        newest = connection.execute(text(f"SELECT {NEWEST}")).scalar_one()
    blob, empty = ("'\\x78'::bytea", "''::bytea") if server else ("x'78'", "x''")
    beside_the_program(
        engine, [one.replace("decode_x", blob).replace("empty_x", empty) for one in tampering.statements]
    )
    found = [bad.why for bad in (*verify(engine, None)[1], *prove_all(engine).broken)]
    assert any(tampering.said.format(n=newest) in why for why in found), found


@pytest.mark.fault("F75")
def test_the_command_names_what_was_changed_and_exits_1(
    lived_sqlite: Path, aftale: Aftale, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "aftale.db").write_bytes(lived_sqlite.read_bytes())
    engine = connect(f"sqlite:///{data / 'aftale.db'}")
    assert "nothing was sealed yet" in aftale("verify", code=0).err
    seal_new(engine, EVENING)
    assert (
        "66 were there before and are vouched for from 2023-05-31 17:00 UTC on"
        in aftale("verify", code=0).err
    )
    with engine.begin() as connection:
        connection.execute(text("UPDATE attempt SET code = 550 WHERE id = 1"))
    engine.dispose()
    assert (
        "BROKEN  segl, row 1: attempt 1 was changed; sealed 2023-05-31 17:00 UTC"
        in aftale("verify", code=1).out
    )


@pytest.mark.fault("F75")
def test_the_clever_one_who_makes_every_chain_whole_again_is_found_by_the_heads(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "heads.log"
    assert {"segl", "handlinger", KEY} <= {head.key for head in write_heads(engine, file, HOUR)}
    beside_the_program(engine, [*SHORTEN, "DELETE FROM seal", "DELETE FROM meta WHERE key LIKE 'seal%'"])
    assert seal_new(engine, HOUR) > 0, "everything is taken up anew"
    assert (verify(engine, None)[1], prove_all(engine).broken) == ([], []), "nothing in the database tells it"
    found = verify(engine, None, read_heads(file))[1]
    assert {bad.agreement for bad in found} >= {KEY, "segl"}


def test_a_letter_and_its_attempt_are_sealed_once_and_a_second_pass_seals_nothing(engine: Engine) -> None:
    proved = prove_all(engine)
    with engine.connect() as connection:
        carried = connection.execute(
            text("SELECT count(*) FROM notice WHERE carried_by IS NOT NULL")
        ).scalar_one()
    assert proved.sealed["letter"] == proved.sealed["attempt"] + carried, (
        "what another mail carries has no try"
    )
    assert proved.sealed["attempt"] > 20
    assert proved.sealed["report"] == proved.sealed["settled"] == proved.sealed["confirmed"] == 1
    assert seal_new(engine, HOUR) == 0


def test_what_an_older_database_holds_is_taken_up_from_that_day_on(old_url: str) -> None:
    migrate(old_url)
    engine = connect(old_url)
    assert prove_all(engine).since == ""
    seal_new(engine, HOUR)
    proved = prove_all(engine)
    assert (proved.since, proved.broken) == (HOUR.isoformat(), [])
    engine.dispose()
    assert old_schema.schema_of(old_url)[0] >= "0033"


def test_returns_emptied_in_their_time_are_no_tampering(engine: Engine) -> None:
    assert forget_due(engine, Periods(returns=0, people=9999), HOUR + timedelta(days=2000))["returns"] == 1
    assert prove_all(engine).broken == []


def test_after_a_restore_a_later_head_of_the_seals_is_no_tampering_and_a_lost_fact_is_still_said(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "heads.log"
    write_heads(engine, file, HOUR)
    [later] = [head for head in read_heads(file) if head.key == KEY]
    with file.open("a") as log:
        log.write(f"{later.at} {KEY} {later.count + 1} {'a' * 64}\n{later.at} segl 9999 {'b' * 64}\n")
    assert {bad.agreement for bad in verify(engine, None, read_heads(file))[1]} == {KEY, "segl"}
    write_restored(engine, file, HOUR)
    assert {bad.agreement for bad in verify(engine, None, read_heads(file))[1]} == {KEY}
    happen(engine, Fact(0, "council-approved", date(2023, 6, 3), council="0860", by="test", source="referat"))
    assert seal_new(engine, HOUR) == 1
    assert {bad.agreement for bad in verify(engine, None, read_heads(file))[1]} == {KEY}
