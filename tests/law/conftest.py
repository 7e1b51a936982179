"""A desk over a database of this test's own, and one agreement open on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.law.desk import LawDesk, rules
from workflow.storage.database import connect


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[LawDesk]:
    engine = connect(sqlite_url)
    yield LawDesk(engine, rules())
    engine.dispose()


@pytest.fixture
def desk(empty: LawDesk) -> LawDesk:
    """Nordjylland 2024-2027 under BEK 1248/2022, just opened."""
    empty.open()
    return empty
