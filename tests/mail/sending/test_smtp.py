"""The wire against a scripted mail server: every answer, every silence, one command at a time and several together."""

from __future__ import annotations

import asyncio

import pytest

from tests.mail.sending.wire import HURRY, RAW, SENDER, TO, aimed, send
from tests.smtp_server import DRIP, DROP, HANG, Action, ScriptedServer
from workflow.errors import Conflict
from workflow.mail.answers import CHANNEL_VERBS, Answer
from workflow.mail.sending.smtp import SmtpTarget, Wire


@pytest.fixture(params=["one by one", "together", "at once"], autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether DATA goes with MAIL and RCPT; for the first way the server offers no PIPELINING."""
    if request.param == "one by one":
        monkeypatch.setattr(ScriptedServer, "OFFERS", ("8BITMIME",))
    return bool(request.param == "at once")


def test_a_letter_arrives_byte_for_byte_to_one_recipient(at_once: bool) -> None:
    with ScriptedServer() as server:
        assert send(server, at_once=at_once).kind == "accepted"
    [letter] = server.letters
    assert letter.raw == RAW
    assert letter.to == TO
    assert server.verbs() == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_the_intent_is_written_after_rcpt_and_before_data(at_once: bool) -> None:
    with ScriptedServer() as server:
        heard: list[str] = []
        send(server, lambda: heard.extend(server.verbs()), at_once=at_once)
    assert heard == (["EHLO", "EHLO", "MAIL", "RCPT", "DATA"] if at_once else ["EHLO", "MAIL", "RCPT"])


def test_data_is_never_said_when_the_intent_is_refused(at_once: bool) -> None:
    def fenced() -> None:
        raise Conflict("taken over")

    with ScriptedServer() as server, pytest.raises(Conflict):
        send(server, fenced, at_once=at_once)
    assert "DATA" not in server.verbs()
    assert not server.letters


def test_one_connection_serves_many_letters_and_quit_comes_last(at_once: bool) -> None:
    async def three(server: ScriptedServer) -> list[str]:
        wire = Wire(aimed(server))
        kinds = [(await wire.send(SENDER, TO, RAW, lambda: None, at_once=at_once)).kind for _ in range(3)]
        await wire.close()
        return kinds

    with ScriptedServer() as server:
        assert asyncio.run(three(server)) == ["accepted"] * 3
    assert server.connections == 1
    assert len(server.letters) == 3
    assert server.verbs().count("QUIT") == 1


ANSWERS: list[tuple[str, str, str]] = [
    ("CONNECT", "421 4.3.2 not now", "deferred"),
    ("CONNECT", "554 no mail here", "own_fault"),
    ("EHLO", "502 what", "own_fault"),
    ("MAIL", "421 4.3.2 closing", "deferred"),
    ("MAIL", "503 5.5.1 nested MAIL", "own_fault"),
    ("MAIL", "530 5.7.0 authenticate first", "own_fault"),
    ("RCPT", "451 4.7.1 greylisted", "deferred"),
    ("RCPT", "550 5.1.1 unknown", "address_refused"),
    ("RCPT", "551 5.1.6 moved", "address_refused"),
    ("RCPT", "251 2.1.5 will forward", "accepted"),
    ("RCPT", "554 5.7.1 relay denied", "channel_refused"),
    ("RCPT", "$%&/ nonsense", "own_fault"),
    ("DATA", "451 4.3.0 later", "deferred"),
    ("DATA", "554 5.5.1 no valid recipients", "policy_refused"),
    ("DATA", "250 2.0.0 ok", "own_fault"),
    ("DOT", "251 2.0.0 will forward", "accepted"),
    ("DOT", "451 4.3.0 later", "deferred"),
    ("DOT", "421 4.3.2 closing", "deferred"),
    ("DOT", "552 5.3.4 too big", "policy_refused"),
    ("DOT", "554 5.7.1 spam", "policy_refused"),
    ("DOT", "503 5.5.1 bad sequence", "own_fault"),
    ("DOT", "nonsense", "uncertain"),
    ("QUIT", "500 what", "accepted"),
]


@pytest.mark.parametrize(("verb", "reply", "kind"), ANSWERS, ids=[f"{v} {r[:12]}" for v, r, _ in ANSWERS])
def test_each_answer_at_each_verb_is_understood(verb: str, reply: str, kind: str, at_once: bool) -> None:
    with ScriptedServer({verb: reply}) as server:
        answer = send(server, at_once=at_once)
    assert answer.kind == kind, answer


BEFORE, AFTER = ("CONNECT", "EHLO", "MAIL", "RCPT"), ("DATA", "BODY", "DOT")


@pytest.mark.fault("F21")
@pytest.mark.parametrize("action", [HANG, DROP])
@pytest.mark.parametrize("verb", BEFORE)
def test_silence_or_a_dropped_line_before_the_intent_is_a_delay(
    verb: str, action: Action, at_once: bool
) -> None:
    with ScriptedServer({verb: action}) as server:
        answer = send(server, at_once=at_once, **HURRY)
    assert (answer.kind, answer.verb, answer.code) == ("deferred", verb, 0)
    assert not server.letters


@pytest.mark.fault("F21")
@pytest.mark.parametrize("action", [HANG, DROP])
@pytest.mark.parametrize("verb", AFTER)
def test_silence_or_a_dropped_line_after_the_intent_is_uncertain(
    verb: str, action: Action, at_once: bool
) -> None:
    with ScriptedServer({verb: action}) as server:
        answer = send(server, at_once=at_once, **HURRY)
    assert answer.kind == "uncertain"


@pytest.mark.fault("F22")
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT"])
def test_one_byte_at_a_time_is_bounded_too(verb: str, at_once: bool) -> None:
    with ScriptedServer({verb: DRIP}) as server:
        assert send(server, at_once=at_once, **HURRY).kind == "deferred"


def test_a_hanging_quit_costs_nothing_but_a_moment(at_once: bool) -> None:
    with ScriptedServer({"QUIT": HANG}) as server:
        assert send(server, at_once=at_once, **HURRY).kind == "accepted"


def test_nobody_listening_is_a_delay_of_the_channel(at_once: bool) -> None:
    with ScriptedServer() as server:
        pass
    answer = send(server, at_once=at_once)
    assert answer.kind == "deferred"
    assert answer.verb in CHANNEL_VERBS


def test_a_name_that_does_not_resolve_is_a_delay(at_once: bool) -> None:
    async def once() -> Answer:
        wire = Wire(SmtpTarget("post.invalid", starttls="required", connect_timeout=5))
        return await wire.send(SENDER, TO, RAW, lambda: None, at_once=at_once)

    assert asyncio.run(once()).kind == "deferred"


@pytest.mark.fault("F25")
def test_a_late_yes_is_never_taken_for_the_answer_to_the_next_command(at_once: bool) -> None:
    """F25: the 250 for the first letter comes when we have given up; the second letter is refused, and stays so."""

    async def two(server: ScriptedServer) -> list[str]:
        wire = Wire(aimed(server, **HURRY))
        kinds = []
        for _ in range(2):
            kinds.append((await wire.send(SENDER, TO, RAW, lambda: None, at_once=at_once)).kind)
        await wire.close()
        return kinds

    with ScriptedServer({"DOT": [DRIP, "554 5.7.1 no"]}) as server:
        assert asyncio.run(two(server)) == ["uncertain", "policy_refused"]
    assert server.connections == 2


@pytest.mark.fault("F25")
def test_after_a_refusal_the_next_letter_starts_on_a_new_connection(at_once: bool) -> None:
    async def two(server: ScriptedServer) -> list[str]:
        wire = Wire(aimed(server))
        kinds = [(await wire.send(SENDER, TO, RAW, lambda: None, at_once=at_once)).kind for _ in range(2)]
        await wire.close()
        return kinds

    with ScriptedServer({"RCPT": ["550 5.1.1 unknown"]}) as server:
        assert asyncio.run(two(server)) == ["address_refused", "accepted"]
    assert server.connections == 2


@pytest.mark.parametrize(
    "to", ["a@x.dk, b@y.dk", "a@x.dk b@y.dk", "a@x.dk\r\nRCPT TO:<b@y.dk>", "Anna <a@x.dk>", "", "a"]
)
def test_anything_but_one_plain_address_is_never_sent(to: str, at_once: bool) -> None:
    async def once(server: ScriptedServer) -> Answer:
        return await Wire(aimed(server)).send(SENDER, to, RAW, lambda: None, at_once=at_once)

    with ScriptedServer() as server:
        assert asyncio.run(once(server)).kind == "own_fault"
    assert not server.heard


def test_an_8bit_letter_is_not_pressed_through_a_7bit_server(at_once: bool) -> None:
    with ScriptedServer(offers=()) as server:
        assert send(server, at_once=at_once).kind == "own_fault"
    assert not server.letters


def test_cancelling_hangs_up(at_once: bool) -> None:
    async def stopped(server: ScriptedServer) -> None:
        sending = asyncio.create_task(
            Wire(aimed(server)).send(SENDER, TO, RAW, lambda: None, at_once=at_once)
        )
        while "MAIL" not in server.verbs():
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    with ScriptedServer({"MAIL": HANG}) as server:
        asyncio.run(stopped(server))
    assert "RCPT" not in server.verbs()
