"""Long lists are told some at a time: the same words, and nobody waits for whoever reads on slowly."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, update

from tests.post import owe
from workflow.faces.cli import show
from workflow.services.views.notices import AT_ONCE, each_notice, list_notices
from workflow.storage.database import writing
from workflow.storage.tables import Notice


def test_every_notice_comes_once_in_the_order_they_were_due(engine: Engine) -> None:
    ids = owe(engine, AT_ONCE + 3, contacts=False)
    with writing(engine) as session:
        session.execute(update(Notice).where(Notice.id == ids[0]).values(due_on=date(2028, 1, 1)))  # type: ignore[arg-type]
    told = list(each_notice(engine, None))
    assert [one["id"] for one in told] == [*ids[1:], ids[0]]
    assert told == list_notices(engine, "nordjylland/2024-2027")


def test_somebody_can_write_while_a_list_is_read_on_slowly(engine: Engine) -> None:
    ids = owe(engine, 2 * AT_ONCE, contacts=False)
    reading_on = each_notice(engine, None)
    first = next(reading_on)
    with writing(engine) as session:
        session.execute(update(Notice).where(Notice.id == ids[-1]).values(why="set imens"))  # type: ignore[arg-type]
    told = [first, *reading_on]
    assert len(told) == 2 * AT_ONCE and told[-1]["why"] == "set imens"


@pytest.mark.parametrize("values", [[], [{"a": 1}], [{"å": [1, {"b": "to\nlinjer"}]}, {}, "c"]])
def test_values_one_after_the_other_are_the_document_of_their_list(
    capsys: pytest.CaptureFixture[str], values: list[object]
) -> None:
    show.each_as_json(iter(values))
    streamed = capsys.readouterr().out
    show.as_json(values)
    assert streamed == capsys.readouterr().out
