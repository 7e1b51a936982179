"""A person's hand on the outbox, and the floods that wait for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.post import AT, notice, notices, open_alarms, owe, ready
from tests.services.lived import hand_over, rules
from tests.smtp_server import ScriptedServer
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.rules.facts import Fact
from workflow.services.delivery import handling
from workflow.services.facts.agreements import open_agreement
from workflow.services.watch.heartbeat import LONG_AWAY, beat, last_tick

SOON = AT + timedelta(minutes=5)


@pytest.mark.fault("F55")
def test_more_reminders_at_once_than_expected_wait_for_a_person_and_statutory_ones_do_not(
    engine: Engine,
) -> None:
    owe(engine, 51)
    law = owe(engine, 1, first=100, statutory=True)
    with ScriptedServer() as server:
        report = hand_over(engine, server, AT, hold_above=50)
        assert report.accepted == 1
        assert "51 påmindelser" in report.alarms[0]
        assert notice(engine, law[0]).state == "accepted"
        assert {n.state for n in notices(engine)[:51]} == {"held"}
        assert hand_over(engine, server, AT, hold_above=50).alarms == (), "raised once"
        assert handling.release_everything(engine, SOON) == 51
        assert open_alarms(engine) == {}
        assert hand_over(engine, server, SOON, hold_above=50).accepted == 51, (
            "what was let go is not held again"
        )


def test_fifty_reminders_at_once_go_out(engine: Engine) -> None:
    owe(engine, 50)
    with ScriptedServer() as server:
        assert hand_over(engine, server, AT, hold_above=50).accepted == 50


def test_held_sending_sends_nothing_until_released(engine: Engine) -> None:
    owe(engine, 2)
    handling.hold_everything(engine, "mailflytning", "drift", AT)
    assert open_alarms(engine) == {"outbox:stopped": "alarm"}
    with ScriptedServer() as server:
        assert hand_over(engine, server, AT).accepted == 0
        assert handling.why_stopped(engine) == "mailflytning (drift)"
        handling.release_everything(engine, AT)
        assert hand_over(engine, server, AT).accepted == 2
    assert open_alarms(engine) == {}


def test_one_letter_is_held_with_its_reason_and_let_go(engine: Engine) -> None:
    one, two = owe(engine, 2)
    assert handling.hold(engine, [str(one)], "ring først", "anna", AT) == 1
    with ScriptedServer() as server:
        assert hand_over(engine, server, AT).accepted == 1
        assert (notice(engine, one).state, notice(engine, one).why) == ("held", "ring først (anna)")
        assert [n["id"] for n in handling.list_open(engine)] == [one]
        assert handling.release(engine, [notice(engine, one).key], SOON) == 1
        assert hand_over(engine, server, SOON).accepted == 1
    with pytest.raises(NotPossible, match="overgivet til mailserver"):
        handling.hold(engine, [str(two)], "for sent", "anna", AT)


def test_a_cancelled_letter_is_never_sent_and_an_alarm_says_who_and_why(engine: Engine) -> None:
    one, two = owe(engine, 2)
    with pytest.raises(Invalid, match="--why"):
        handling.cancel(engine, [str(one)], "  ", "anna", AT)
    handling.cancel(engine, [str(one)], "sendt som brev", "anna", AT)
    with ScriptedServer() as server:
        assert hand_over(engine, server, AT).accepted == 1
    assert notice(engine, one).why == "sendt som brev (anna)"
    assert open_alarms(engine) == {f"notice:{one}:cancelled": "alarm"}
    with pytest.raises(NotPossible):
        handling.release(engine, [str(one)], AT)
    assert notice(engine, two).state == "accepted"


def test_all_the_letters_named_or_none(engine: Engine) -> None:
    [one] = owe(engine, 1)
    with pytest.raises(NotFound, match="999"):
        handling.hold(engine, [str(one), "999"], "x", "y", AT)
    assert notice(engine, one).state == "planned"
    with pytest.raises(Invalid):
        handling.cancel(engine, [], "alle", "y", AT)


def test_a_letter_is_tried_again_at_once_when_a_person_says_so(engine: Engine) -> None:
    [one] = owe(engine, 1)
    with ScriptedServer({"RCPT": ["451 later"]}) as server:
        assert hand_over(engine, server, AT).deferred == 1
        assert hand_over(engine, server, AT).accepted == 0
        assert handling.retry(engine, [], AT) == 1
        assert hand_over(engine, server, AT).accepted == 1
    assert notice(engine, one).attempts == 2


@pytest.mark.fault("F37")
def test_a_letter_that_could_not_be_written_is_written_anew(engine: Engine) -> None:
    [one] = owe(engine, 1, facts="{}")
    with ScriptedServer() as server:
        assert hand_over(engine, server, AT).quarantined == 1
        assert f"notice:{one}:quarantined" in open_alarms(engine)
        assert handling.retry(engine, [str(one)], AT) == 1
        assert open_alarms(engine) == {}
        assert hand_over(engine, server, AT).quarantined == 1


def test_a_letter_is_found_by_number_key_and_message_id(engine: Engine) -> None:
    [one] = ready(engine, 1)
    for reference in (str(one), notice(engine, one).key, "<1@x>", "1@x"):
        assert handling.hold(engine, [reference], "x", "y", AT) == 1
        assert handling.release(engine, [reference], AT) == 1


@pytest.mark.fault("F49")
@pytest.mark.fault("F50")
@pytest.mark.parametrize(
    "wrong", [-timedelta(days=365), -timedelta(minutes=2), LONG_AWAY + timedelta(days=1)]
)
def test_a_clock_that_cannot_be_right_holds_until_a_person_vouches_for_it(
    engine: Engine, wrong: timedelta
) -> None:
    assert beat(engine, AT) == ""
    then = AT + wrong
    assert "outbox release --all" in beat(engine, then)
    assert last_tick(engine) == AT, "a clock that is not believed leaves no stamp"
    assert open_alarms(engine) == {"clock": "alarm"}
    handling.release_everything(engine, then)
    assert beat(engine, then) == ""
    assert open_alarms(engine) == {}


@pytest.mark.fault("F50")
def test_a_clock_behind_what_was_recorded_holds_also_where_no_daemon_ever_ticked(engine: Engine) -> None:
    opened = Fact(0, "opened", AT.date(), by="test")
    open_agreement(engine, rules(), opened, region="nordjylland", term="2022-2025", label="2024-2027", at=AT)
    behind = AT - timedelta(days=365)
    assert "den seneste registrering" in beat(engine, behind)
    assert last_tick(engine) is None
    assert beat(engine, AT - timedelta(seconds=59)) == "", "two clocks may differ a little"
    assert open_alarms(engine) == {}
    assert "seneste gennemløb" in beat(engine, behind)
    handling.release_everything(engine, behind)
    assert beat(engine, behind) == "", "the fact was stamped by the wrong clock"


@pytest.mark.fault("F49")
def test_a_clock_that_comes_right_needs_nobody(engine: Engine) -> None:
    beat(engine, AT)
    assert beat(engine, AT + timedelta(days=365))
    assert beat(engine, AT + timedelta(minutes=1)) == ""
    assert open_alarms(engine) == {}
