"""The wire against a scripted mail server: every answer, every silence, and nothing in clear."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from tests.smtp_server import DRIP, DROP, HANG, Action, ScriptedServer
from workflow.errors import Conflict, Misconfigured
from workflow.mail.answers import Answer
from workflow.mail.inbox import LocalInbox
from workflow.mail.smtp import SmtpTarget, Wire, verp

RAW = "Subject: Frist\r\n\r\nKære råd\r\n.en linje med punktum\r\n".encode()
SENDER, TO = "retur@example.dk", "raad@kommune.example"


def quick(server: ScriptedServer, **more: object) -> SmtpTarget:
    short = {"connect_timeout": 0.4, "timeout": 0.4, "after_dot_timeout": 0.4}
    return SmtpTarget("127.0.0.1", server.port, hello="test.invalid", **(short | more))  # type: ignore[arg-type]


def send(server: ScriptedServer, before: Callable[[], None] = lambda: None, **more: object) -> Answer:
    async def once() -> Answer:
        wire = Wire(quick(server, **more))
        answer = await wire.send(SENDER, TO, RAW, before)
        await wire.close()
        return answer

    return asyncio.run(once())


def test_a_letter_arrives_byte_for_byte_to_one_recipient() -> None:
    with ScriptedServer() as server:
        assert send(server).kind == "accepted"
    [letter] = server.letters
    assert letter.raw == RAW
    assert letter.to == TO
    assert server.verbs() == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_the_intent_is_written_after_rcpt_and_before_data() -> None:
    with ScriptedServer() as server:
        heard: list[str] = []
        send(server, lambda: heard.extend(server.verbs()))
    assert heard == ["EHLO", "MAIL", "RCPT"]


def test_an_intent_that_can_be_awaited_is_awaited() -> None:
    async def once(server: ScriptedServer) -> tuple[Answer, list[str]]:
        heard: list[str] = []

        async def commit() -> None:
            await asyncio.sleep(0)
            heard.extend(server.verbs())

        wire = Wire(quick(server))
        answer = await wire.send(SENDER, TO, RAW, commit)
        await wire.close()
        return answer, heard

    with ScriptedServer() as server:
        answer, heard = asyncio.run(once(server))
    assert (answer.kind, heard) == ("accepted", ["EHLO", "MAIL", "RCPT"])


def test_data_is_never_said_when_the_intent_is_refused() -> None:
    def fenced() -> None:
        raise Conflict("taken over")

    with ScriptedServer() as server:
        with pytest.raises(Conflict):
            send(server, fenced)
    assert "DATA" not in server.verbs()
    assert not server.letters


def test_one_connection_serves_many_letters_and_quit_comes_last() -> None:
    async def three(server: ScriptedServer) -> list[str]:
        wire = Wire(quick(server))
        kinds = [(await wire.send(SENDER, TO, RAW, lambda: None)).kind for _ in range(3)]
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
    ("RCPT", "554 5.7.1 relay denied", "policy_refused"),
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
def test_each_answer_at_each_verb_is_understood(verb: str, reply: str, kind: str) -> None:
    with ScriptedServer({verb: reply}) as server:
        answer = send(server)
    assert answer.kind == kind, answer


BEFORE, AFTER = ("CONNECT", "EHLO", "MAIL", "RCPT"), ("DATA", "BODY", "DOT")


@pytest.mark.parametrize("action", [HANG, DROP])
@pytest.mark.parametrize("verb", BEFORE)
def test_silence_or_a_dropped_line_before_the_intent_is_a_delay(verb: str, action: Action) -> None:
    with ScriptedServer({verb: action}) as server:
        answer = send(server)
    assert (answer.kind, answer.verb, answer.code) == ("deferred", verb, 0)
    assert not server.letters


@pytest.mark.parametrize("action", [HANG, DROP])
@pytest.mark.parametrize("verb", AFTER)
def test_silence_or_a_dropped_line_after_the_intent_is_uncertain(verb: str, action: Action) -> None:
    with ScriptedServer({verb: action}) as server:
        answer = send(server)
    assert answer.kind == "uncertain"


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT"])
def test_one_byte_at_a_time_is_bounded_too(verb: str) -> None:
    with ScriptedServer({verb: DRIP}) as server:
        assert send(server).kind == "deferred"


def test_a_hanging_quit_costs_nothing_but_a_moment() -> None:
    with ScriptedServer({"QUIT": HANG}) as server:
        assert send(server).kind == "accepted"


def test_nobody_listening_is_a_delay_of_the_channel() -> None:
    with ScriptedServer() as server:
        pass
    answer = send(server)
    assert answer.kind == "deferred"
    assert answer.channel_failed


def test_a_name_that_does_not_resolve_is_a_delay() -> None:
    async def once() -> Answer:
        wire = Wire(SmtpTarget("post.invalid", starttls="required", connect_timeout=5))
        return await wire.send(SENDER, TO, RAW, lambda: None)

    assert asyncio.run(once()).kind == "deferred"


def test_a_late_yes_is_never_taken_for_the_answer_to_the_next_command() -> None:
    """F25: the 250 for the first letter comes when we have given up; the second letter is refused, and stays so."""

    async def two(server: ScriptedServer) -> list[str]:
        wire = Wire(quick(server))
        kinds = []
        for _ in range(2):
            kinds.append((await wire.send(SENDER, TO, RAW, lambda: None)).kind)
        await wire.close()
        return kinds

    with ScriptedServer({"DOT": [DRIP, "554 5.7.1 no"]}) as server:
        assert asyncio.run(two(server)) == ["uncertain", "policy_refused"]
    assert server.connections == 2


def test_after_a_refusal_the_next_letter_starts_on_a_new_connection() -> None:
    async def two(server: ScriptedServer) -> list[str]:
        wire = Wire(quick(server))
        kinds = [(await wire.send(SENDER, TO, RAW, lambda: None)).kind for _ in range(2)]
        await wire.close()
        return kinds

    with ScriptedServer({"RCPT": ["550 5.1.1 unknown"]}) as server:
        assert asyncio.run(two(server)) == ["address_refused", "accepted"]
    assert server.connections == 2


@pytest.mark.parametrize("to", ["a@x.dk, b@y.dk", "a@x.dk b@y.dk", "a@x.dk\r\nRCPT TO:<b@y.dk>", "Anna <a@x.dk>", "", "a"])
def test_anything_but_one_plain_address_is_never_sent(to: str) -> None:
    async def once(server: ScriptedServer) -> Answer:
        return await Wire(quick(server)).send(SENDER, to, RAW, lambda: None)

    with ScriptedServer() as server:
        assert asyncio.run(once(server)).kind == "own_fault"
    assert not server.heard


def test_an_8bit_letter_is_not_pressed_through_a_7bit_server() -> None:
    with ScriptedServer(offers=()) as server:
        assert send(server).kind == "own_fault"
    assert not server.letters


def test_cancelling_hangs_up() -> None:
    async def stopped(server: ScriptedServer) -> None:
        sending = asyncio.create_task(Wire(quick(server, timeout=30)).send(SENDER, TO, RAW, lambda: None))
        while "MAIL" not in server.verbs():
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    with ScriptedServer({"MAIL": HANG}) as server:
        asyncio.run(stopped(server))
    assert "RCPT" not in server.verbs()


# TLS and sign-in


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def served(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


OFFERS = ("8BITMIME", "STARTTLS", "AUTH PLAIN LOGIN")
SECRET = {"starttls": "required", "username": "aftale", "password": "hemmelig", "timeout": 5, "connect_timeout": 5}


def test_starttls_comes_before_the_password_and_the_letter(authority: trustme.CA, ca_file: str) -> None:
    with ScriptedServer(tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        answer = send(server, ca_file=ca_file, **SECRET)
    assert answer.kind == "accepted", answer
    assert server.verbs() == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_when_starttls_is_stripped_nothing_is_said_in_clear() -> None:
    with ScriptedServer(offers=("8BITMIME", "AUTH PLAIN")) as server:
        answer = send(server, **SECRET)
    assert (answer.kind, answer.verb) == ("own_fault", "STARTTLS")
    assert not {"AUTH", "MAIL", "DATA"} & set(server.verbs())


@pytest.mark.parametrize("reply", ["454 4.7.0 TLS not available", "220 go ahead"])
def test_a_passing_tls_failure_is_a_delay(reply: str, authority: trustme.CA) -> None:
    script: dict[str, Action | list[Action]] = {"STARTTLS": reply, "HANDSHAKE": DROP}
    with ScriptedServer(script, tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        assert send(server, **SECRET).kind == "deferred"
    assert "AUTH" not in server.verbs()


def test_a_hanging_handshake_is_a_delay(authority: trustme.CA) -> None:
    with ScriptedServer({"HANDSHAKE": HANG}, tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        assert send(server, **(SECRET | {"timeout": 0.5})).kind == "deferred"


def test_a_certificate_for_another_name_is_our_own_fault(authority: trustme.CA, ca_file: str) -> None:
    with ScriptedServer(tls=served(authority, "andre.example"), offers=OFFERS) as server:
        answer = send(server, ca_file=ca_file, **SECRET)
    assert (answer.kind, answer.verb) == ("own_fault", "STARTTLS")
    assert "AUTH" not in server.verbs()


def test_a_certificate_nobody_vouches_for_is_our_own_fault(authority: trustme.CA) -> None:
    with ScriptedServer(tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        assert send(server, **SECRET).kind == "own_fault"
    assert "AUTH" not in server.verbs()


def test_a_wrong_password_is_our_own_fault(authority: trustme.CA, ca_file: str) -> None:
    script: dict[str, Action | list[Action]] = {"AUTH": "535 5.7.8 no"}
    with ScriptedServer(script, tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        answer = send(server, ca_file=ca_file, **SECRET)
    assert (answer.kind, answer.verb, answer.code) == ("own_fault", "AUTH", 535)
    assert answer.channel_failed


def test_a_token_takes_the_place_of_the_password(authority: trustme.CA, ca_file: str) -> None:
    async def fresh() -> str:
        return "token-1"

    with ScriptedServer(tls=served(authority, "127.0.0.1"), offers=("8BITMIME", "STARTTLS", "AUTH XOAUTH2")) as server:
        options = SECRET | {"password": "", "token": fresh}
        assert send(server, ca_file=ca_file, **options).kind == "accepted"
    assert any(line.startswith("AUTH XOAUTH2 ") for line in server.heard)


@pytest.mark.parametrize(
    ("host", "mode", "encrypts"),
    [
        ("127.0.0.1", "auto", False),
        ("::1", "auto", False),
        ("localhost", "auto", False),
        ("localhost", "required", True),
        ("smtp.example.dk", "auto", True),
        ("192.168.1.2", "auto", True),
        ("localhost.example.dk", "auto", True),
    ],
)
def test_only_loopback_is_ever_spoken_to_in_clear(host: str, mode: str, encrypts: bool) -> None:
    assert SmtpTarget(host, starttls=mode).must_encrypt is encrypts


def test_settings_that_would_send_in_clear_or_nowhere_are_refused() -> None:
    with pytest.raises(Misconfigured, match="in clear"):
        SmtpTarget("smtp.example.dk", starttls="never")
    with pytest.raises(Misconfigured, match="unknown"):
        SmtpTarget("localhost", starttls="maybe")
    with pytest.raises(Misconfigured, match="user name"):
        SmtpTarget("localhost", password="x")
    with pytest.raises(Misconfigured, match="certificate"):
        SmtpTarget("localhost", ca_file="/nowhere/ca.pem")


def test_the_password_is_not_in_the_repr() -> None:
    assert "hemmelig" not in repr(SmtpTarget("localhost", username="u", password="hemmelig"))


def test_the_envelope_sender_names_the_notice() -> None:
    assert verp("retur+{notice}@example.dk", "<abc123@x>") == "retur+abc123@example.dk"
    assert verp("retur@example.dk", "<abc123@x>") == "retur@example.dk"


# The local inbox


def at_eight() -> datetime:
    return datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def test_the_local_inbox_keeps_each_letter_as_a_file_of_its_own(tmp_path: Path) -> None:
    async def two() -> list[str]:
        async with LocalInbox(tmp_path / "inbox", 0, at_eight) as inbox:
            assert inbox.port != 0
            wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
            said = [(await wire.send(SENDER, TO, RAW, lambda: None)).text for _ in range(2)]
            await wire.close()
            return said

    said = asyncio.run(two())
    kept = sorted(path.name for path in (tmp_path / "inbox").iterdir())
    assert kept == [f"2027-03-01T08.00.00Z-00{n}-raad@kommune.example.eml" for n in (1, 2)]
    assert all(name in text for name, text in zip(kept, said, strict=True))
    assert (tmp_path / "inbox" / kept[0]).read_bytes() == RAW


def test_the_inbox_asks_the_sender_to_wait_when_the_disk_will_not_have_it(tmp_path: Path) -> None:
    async def once() -> Answer:
        async with LocalInbox(tmp_path / "inbox", 0, at_eight) as inbox:
            (tmp_path / "inbox").rmdir()
            wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
            answer = await wire.send(SENDER, TO, RAW, lambda: None)
            await wire.close()
            return answer

    assert asyncio.run(once()).kind == "deferred"


def test_closing_the_inbox_closes_those_who_are_connected(tmp_path: Path) -> None:
    async def once() -> None:
        async with LocalInbox(tmp_path, 0, at_eight) as inbox:
            wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
            await wire.send(SENDER, TO, RAW, lambda: None)
        await wire.close()

    asyncio.run(once())
