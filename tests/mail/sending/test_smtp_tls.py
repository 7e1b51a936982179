"""TLS and sign-in: nothing is said in clear, and no certificate is taken on trust."""

from __future__ import annotations

import gc
import ssl
from pathlib import Path

import pytest
import trustme

from tests.mail.sending.wire import send
from tests.smtp_server import DROP, HANG, Action, ScriptedServer
from workflow.errors import Misconfigured
from workflow.mail.answers import CHANNEL_VERBS
from workflow.mail.sending.smtp import SmtpTarget, verp


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
SECRET = {
    "starttls": "required",
    "username": "aftale",
    "password": "hemmelig",
    "timeout": 5,
    "connect_timeout": 5,
}


def test_starttls_comes_before_the_password_and_the_letter(authority: trustme.CA, ca_file: str) -> None:
    with ScriptedServer(tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        answer = send(server, ca_file=ca_file, **SECRET)
    assert answer.kind == "accepted", answer
    assert server.verbs() == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.fault("F24")
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


def test_a_server_that_never_says_goodbye_is_hung_up_on(authority: trustme.CA, ca_file: str) -> None:
    """Else the connection outlives the pass: TLS waits half a minute for the other side's farewell."""
    with ScriptedServer({"QUIT": HANG}, tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        assert send(server, ca_file=ca_file, **(SECRET | {"timeout": 1})).kind == "accepted"
        gc.collect()  # a connection that is still open is a warning here, and a warning fails the test


@pytest.mark.fault("F23")
def test_a_certificate_for_another_name_is_our_own_fault(authority: trustme.CA, ca_file: str) -> None:
    with ScriptedServer(tls=served(authority, "andre.example"), offers=OFFERS) as server:
        answer = send(server, ca_file=ca_file, **SECRET)
    assert (answer.kind, answer.verb) == ("own_fault", "STARTTLS")
    assert "AUTH" not in server.verbs()


@pytest.mark.fault("F23")
def test_a_certificate_nobody_vouches_for_is_our_own_fault(authority: trustme.CA) -> None:
    with ScriptedServer(tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        assert send(server, **SECRET).kind == "own_fault"
    assert "AUTH" not in server.verbs()


@pytest.mark.fault("F19")
def test_a_wrong_password_is_our_own_fault(authority: trustme.CA, ca_file: str) -> None:
    script: dict[str, Action | list[Action]] = {"AUTH": "535 5.7.8 no"}
    with ScriptedServer(script, tls=served(authority, "127.0.0.1"), offers=OFFERS) as server:
        answer = send(server, ca_file=ca_file, **SECRET)
    assert (answer.kind, answer.verb, answer.code) == ("own_fault", "AUTH", 535)
    assert answer.verb in CHANNEL_VERBS


def test_a_token_takes_the_place_of_the_password(authority: trustme.CA, ca_file: str) -> None:
    async def fresh() -> str:
        return "token-1"

    with ScriptedServer(
        tls=served(authority, "127.0.0.1"), offers=("8BITMIME", "STARTTLS", "AUTH XOAUTH2")
    ) as server:
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
