"""The audit trail in both databases: a chain that cannot be changed, and gives up its oldest rows and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from workflow.services.watch.trail import KEPT, Asked, entries, forget_old
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts.trail import Seen, add_seen, broken_seen

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def seen(database_url: str) -> Iterator[Engine]:
    """Five rows, a day apart."""
    engine = connect(database_url)
    for number in range(5):
        with writing(engine) as session:
            row = Seen(
                no=0, at=AT + timedelta(days=number), what="refused", who=f"p{number}@frist.example", about="/æ",
                status=404, previous="", digest="",
            )  # fmt: skip
            add_seen(session, row)
    yield engine
    engine.dispose()


def broken(engine: Engine) -> tuple[int, str] | None:
    with reading(engine) as session:
        return broken_seen(session)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET who = 'x'",
        "DELETE FROM trail",
        "DELETE FROM trail WHERE no = 5",
        "DELETE FROM trail WHERE no = 1",
    ],
)
def test_a_row_is_neither_changed_nor_removed(seen: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match="trail"), writing(seen) as session:
        session.execute(text(statement))
    assert broken(seen) is None


def test_after_a_year_the_oldest_go_and_the_rest_is_whole_and_goes_on(seen: Engine) -> None:
    assert forget_old(seen, AT + KEPT) == 0
    assert forget_old(seen, AT + KEPT + timedelta(days=2)) == 2
    assert forget_old(seen, AT + KEPT + timedelta(days=2)) == 0
    assert [one.who for one in entries(seen, Asked())] == [f"p{number}@frist.example" for number in (4, 3, 2)]
    assert broken(seen) is None
    with writing(seen) as session:
        row = Seen(no=0, at=AT + timedelta(days=400), what="refused", previous="", digest="")
        assert add_seen(session, row).no == 6
    assert broken(seen) is None
    with pytest.raises(DBAPIError), writing(seen) as session:
        session.execute(text("DELETE FROM trail WHERE no = 3"))


@pytest.mark.parametrize(
    ("statement", "number", "why"),
    [
        ("UPDATE trail SET client = 'x' WHERE no = 2", 2, "row 2 was changed"),
        ("DELETE FROM trail WHERE no = 3", 3, "row 3 is missing or out of place"),
        ("DELETE FROM trail WHERE no = 1", 1, "row 1 is missing or out of place"),
        ("DELETE FROM trail WHERE no = 5", 5, "the rows end at 4 but 5 were written"),
    ],
)
def test_who_takes_the_triggers_away_is_found_by_the_chain(
    seen: Engine, statement: str, number: int, why: str
) -> None:
    triggers = (
        ["DROP TRIGGER trail_kept ON trail"]
        if seen.dialect.name == "postgresql"
        else ["DROP TRIGGER trail_no_update", "DROP TRIGGER trail_no_delete"]
    )
    with writing(seen) as session:
        for each in (*triggers, statement):
            session.execute(text(each))
    assert broken(seen) == (number, why)


def test_what_is_asked_for_is_found_between_two_danish_days(seen: Engine) -> None:
    day = AT.date()
    found = entries(seen, Asked(since=day + timedelta(days=1), until=day + timedelta(days=2)))
    assert [one.who[:2] for one in found] == ["p2", "p1"]
    assert [one.who[:2] for one in entries(seen, Asked(who="P3@"))] == ["p3"]
    assert entries(seen, Asked(who="%")) == entries(seen, Asked(what="done")) == []
    assert len(entries(seen, Asked(), limit=2)) == 2
