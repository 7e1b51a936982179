"""A mail that tells of several things, when one of them is held, cancelled, moved or confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.post import add_contact, notice, notices, open_alarms
from tests.services.conftest import Desk
from tests.services.delivery.bundled import states, text, three
from tests.smtp_server import DROP, ScriptedServer
from workflow.errors import NotPossible
from workflow.rules.facts import Fact
from workflow.services.delivery.handling import cancel, hold, release
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.planning.reminders import plan
from workflow.storage.database import reading, writing
from workflow.storage.law import rulebook
from workflow.storage.letters import outbox
from workflow.storage.places import find_folder


def test_a_held_or_cancelled_one_leaves_the_mail_and_the_others_go_on(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer({"RCPT": ["451 4.7.1 later"]}) as server:
        desk.passes(server)
        cancel(desk.engine, ["2"], "forkert", "test", desk.at)  # the carrier
        hold(desk.engine, ["3"], "vent", "test", desk.at)
        assert [row.state for row in notices(desk.engine)] == ["planned", "cancelled", "held"]
        desk.later(minutes=2)
        assert desk.passes(server).accepted == 1
    assert "Gør nr." not in text(server.letters[0].raw)
    assert "notice:2:cancelled" in open_alarms(desk.engine)


def test_what_is_perhaps_received_is_not_taken_apart(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer({"DOT": [DROP]}) as server:
        desk.passes(server)
    with pytest.raises(NotPossible, match="på vej i en samlet mail"):
        cancel(desk.engine, ["1"], "forkert", "test", desk.at)
    assert [row.state for row in notices(desk.engine)] == ["carried", "ready", "carried"]


REFUSED = "554 5.7.1 refused by policy"


def test_a_mail_once_said_keeps_its_bytes_under_its_message_id_whoever_holds_it(desk: Desk) -> None:
    """After the intent it is never written again: a refusal after the dot does not say that nobody read it."""
    three(desk.engine)
    with ScriptedServer({"DOT": [REFUSED]}) as server:
        desk.passes(server)
        said = notice(desk.engine, 2)
        with pytest.raises(NotPossible, match="nævn hele mailen: brev 2"):
            hold(desk.engine, ["3"], "vent", "test", desk.at)
        hold(desk.engine, ["2"], "vent", "test", desk.at)
        assert states(desk.engine) == [("carried", 2), ("held", None), ("carried", 2)]
        release(desk.engine, ["2"], desk.at)
        assert desk.passes(server).accepted == 1
    kept = notice(desk.engine, 2)
    assert (kept.message_id, kept.body) == (said.message_id, said.body)
    assert {letter.raw for letter in server.letters} == {said.body}
    assert {state for state, _ in states(desk.engine)} == {"accepted"}


def test_when_a_mail_once_said_is_cancelled_the_rest_is_written_in_another(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer({"DOT": [REFUSED]}) as server:
        desk.passes(server)
        said = notice(desk.engine, 2)
        cancel(desk.engine, ["2"], "forkert", "test", desk.at)
        assert states(desk.engine) == [("planned", None), ("cancelled", None), ("planned", None)]
        desk.later(hours=5)
        assert desk.passes(server).accepted == 1
    assert notice(desk.engine, 2).body == said.body, "what was said stays as proof"
    assert notice(desk.engine, 1).message_id != said.message_id
    assert {row.state for row in notices(desk.engine)} == {"accepted", "cancelled"}


def test_several_of_one_mail_can_be_named_at_once(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer({"RCPT": ["451 4.7.1 later"]}) as server:
        desk.passes(server)
    assert hold(desk.engine, ["2", "3"], "vent", "test", desk.at) == 2
    assert [state for state, _ in states(desk.engine)] == ["planned", "held", "held"]


def test_a_person_who_confirms_the_mail_confirms_all_it_told(desk: Desk) -> None:
    three(desk.engine)
    with ScriptedServer() as server:
        desk.passes(server)
    with writing(desk.engine) as session:
        outbox.confirm(session, 2, "test", desk.at)
    assert {state for state, _ in states(desk.engine)} == {"confirmed"}


@pytest.fixture
def lived(desk: Desk) -> Iterator[Desk]:
    """An agreement whose reminders lie written and unsent on a morning in May 2023."""
    book = rulebook.load(find_folder("calendars"))
    opening = Fact(0, "opened", date(2022, 10, 3), by="test")
    at = datetime(2022, 10, 3, 6, tzinfo=UTC)
    for label in ("a", "b"):
        open_agreement(desk.engine, book, opening, region="nordjylland", term="2022-2025", label=label, at=at)
    with writing(desk.engine) as session:
        add_contact(session, "1081", "raad@region.example")
    desk.at = datetime(2023, 5, 31, 6, tzinfo=UTC)
    plan(desk.engine, book, desk.at)
    yield desk


def test_a_moved_date_takes_the_unsent_mail_apart_and_the_rest_is_written_again(lived: Desk) -> None:
    book = rulebook.load(find_folder("calendars"))
    with ScriptedServer({"RCPT": "451 4.7.1 later"}) as server:
        lived.passes(server)
    to_region = [
        row for row in notices(lived.engine) if row.recipient == "1081/council" and not row.statutory
    ]
    assert sorted(row.state for row in to_region) == ["carried", "ready"]
    moved = Fact(0, "deviation", date(2023, 5, 31), due=date(2024, 1, 1), source="SST", by="test")
    record(lived.engine, book, "nordjylland/a", moved, today=date(2023, 5, 31), at=lived.at)
    with reading(lived.engine) as session:
        after = {row.key.partition("|")[0]: session.get_one(type(row), row.id) for row in to_region}
    assert after["nordjylland/a"].state == "superseded"
    assert (after["nordjylland/b"].state, after["nordjylland/b"].body) == ("planned", None)
    lived.later(hours=1)
    with ScriptedServer() as server:
        lived.passes(server)
    told = [text(letter.raw) for letter in server.letters if letter.to == "raad@region.example"]
    assert len(told) == 1


def test_a_mail_once_said_that_became_untrue_goes_no_more_and_the_rest_is_written_again(lived: Desk) -> None:
    book = rulebook.load(find_folder("calendars"))
    with ScriptedServer({"DOT": REFUSED}) as server:
        lived.passes(server)
    [carrier] = [
        row
        for row in notices(lived.engine)
        if row.recipient == "1081/council" and row.body and not row.statutory
    ]
    key = carrier.key.partition("|")[0]
    moved = Fact(0, "deviation", date(2023, 5, 31), due=date(2024, 1, 1), source="SST", by="test")
    record(lived.engine, book, key, moved, today=date(2023, 5, 31), at=lived.at)
    assert (notice(lived.engine, carrier.id or 0).state, notice(lived.engine, carrier.id or 0).body) == (
        "superseded",
        carrier.body,
    )
    assert [row.state for row in notices(lived.engine) if row.carried_by == carrier.id] == []
    lived.later(hours=5)
    with ScriptedServer() as server:
        lived.passes(server)
    other = "b" if key.endswith("a") else "a"
    told = [
        row
        for row in notices(lived.engine)
        if row.recipient == "1081/council" and row.key.startswith(f"nordjylland/{other}|")
    ]
    assert {row.state for row in told} == {"accepted"}
