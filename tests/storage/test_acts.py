"""The journal of acts: a chain that can be neither changed nor cut, and says where it is broken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from workflow.services.keeping.verifying import ACTS, verify
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts.acts import acts_of, broken_act, record_act

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def acted(sqlite_url: str) -> Engine:
    engine = connect(sqlite_url)
    with writing(engine) as session:
        for number in range(3):
            record_act(
                session, "contact", "0851/council", "added", {"email": f"a{number}@b.example"}, "Anne", AT
            )
        record_act(session, "sender", "nordjylland", "changed", {"name": "Ærø"}, "Bo", AT)
    return engine


def test_acts_are_told_the_newest_first_and_their_chain_is_whole(acted: Engine) -> None:
    with reading(acted) as session:
        found = acts_of(session, "contact", ["0851/council"], limit=2)
        assert [(one.no, one.told["email"], one.by) for one in found] == [
            (3, "a2@b.example", "Anne"), (2, "a1@b.example", "Anne"),
        ]  # fmt: skip
        assert [one.about for one in acts_of(session, "sender")] == ["nordjylland"]
        assert broken_act(session) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE act SET by = 'x'",
        "DELETE FROM act",
        "INSERT OR REPLACE INTO act SELECT * FROM act WHERE no = 1",
    ],
)
def test_an_act_can_be_neither_changed_removed_nor_replaced(acted: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match="insert-only"), writing(acted) as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE act SET by = 'x' WHERE no = 2", "act 2 was changed"),
        ("DELETE FROM act WHERE no = 2", "act 2 is missing"),
        ("DELETE FROM act WHERE no = 4", "the acts end at 3 but 4 were written"),
    ],
)
def test_who_takes_the_trigger_away_is_found_by_the_chain(acted: Engine, statement: str, why: str) -> None:
    with writing(acted) as session:
        for trigger in ("act_no_update", "act_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text(statement))
    [bad] = verify(acted, None)[1]
    assert bad.agreement == ACTS
    assert why in bad.why
