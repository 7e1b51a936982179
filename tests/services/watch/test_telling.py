"""Alarms by a second channel: once, tried again, and the log as last resort; and the weekly sign of life."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine

from tests.post import AT, INSTANCE, attempts, letters, notice, open_alarms, owe
from tests.services.lived import EVENING, KEY, hand_over, live, rules
from tests.smtp_server import DROP, ScriptedServer
from workflow.mail.sending.channels import MailChannel, Webhook
from workflow.mail.sending.oauth import ClientCredentials
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.services.delivery.sending import deliver
from workflow.services.watch.alive import say_alive
from workflow.services.watch.telling import tell_alarms
from workflow.storage.database import connect, writing
from workflow.storage.letters.alarms import clear_alarms, raise_alarm

TEXT = "Mailserveren har ikke kunnet bruges i over 4 timer: æøå."


class Web(ThreadingHTTPServer):
    """A web server that keeps what it is told and answers as told."""

    def __init__(self, status: int = 200, said: bytes = b"{}") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.said = status, said
        self.heard: list[tuple[str, bytes]] = []
        self.came = threading.Condition()

    def hears(self, words: str, within: float = 30) -> bool:
        """Whether it has been told ``words``, now or in so many seconds."""
        with self.came:
            return self.came.wait_for(lambda: any(words in body.decode() for _, body in self.heard), within)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?secret=1"


class _Handler(BaseHTTPRequestHandler):
    server: Web

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.came:
            self.server.heard.append((self.path, body))
            self.server.came.notify_all()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.said)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def web(status: int = 200, said: bytes = b"{}") -> Iterator[Web]:
    server = Web(status, said)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def alarm(engine: Engine, level: str = "alarm", key: str = "mail:alarm") -> None:
    with writing(engine) as session:
        raise_alarm(session, key, level, TEXT, AT)


def by_mail(port: int) -> MailChannel:
    target = SmtpTarget("127.0.0.1", port, timeout=1, connect_timeout=1, after_dot_timeout=1)
    return MailChannel(target, "frist@nord.example", "drift@nord.example")


def tell(engine: Engine, *channels: MailChannel | Webhook, at: datetime = AT) -> int:
    return asyncio.run(tell_alarms(engine, channels, at, "nord"))


def test_an_alarm_goes_by_another_mail_server_once(engine: Engine) -> None:
    alarm(engine)
    alarm(engine, "warning", "mail:warning")
    with ScriptedServer() as server:
        assert tell(engine, by_mail(server.port)) == 1
        assert tell(engine, by_mail(server.port), at=AT + timedelta(days=1)) == 0
    [letter] = server.letters
    told = message_from_bytes(letter.raw, policy=policy.default)
    assert (letter.to, told["Subject"]) == ("drift@nord.example", "Aftalefrist: alarm")
    assert " ".join(told.get_content().split()) == TEXT
    assert told["Auto-Submitted"] == "auto-generated"


def test_an_alarm_goes_to_a_webhook_as_json(engine: Engine) -> None:
    alarm(engine)
    with web() as server:
        assert tell(engine, Webhook(server.url)) == 1
    [(path, body)] = server.heard
    assert path == "/hook?secret=1"
    assert json.loads(body) | {"id": ""} == {
        "key": "mail:alarm", "level": "alarm", "subject": "Aftalefrist: alarm", "text": TEXT, "at": AT.isoformat(),
        "id": "",
    }  # fmt: skip


@pytest.mark.fault("F88")
def test_a_channel_that_fails_is_tried_again_and_the_log_has_it_meanwhile(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    alarm(engine)
    caplog.set_level(logging.ERROR)
    with ScriptedServer({"RCPT": ["451 later", DROP]}) as server, web(500) as broken:
        assert tell(engine, by_mail(server.port), Webhook(broken.url)) == 0
        assert TEXT in caplog.text
        assert "secret=1" not in caplog.text
        assert tell(engine, by_mail(server.port)) == 0, "not before its time"
        assert tell(engine, by_mail(server.port), at=AT + timedelta(minutes=1)) == 0
        assert tell(engine, by_mail(server.port), at=AT + timedelta(minutes=6)) == 1
        assert len(server.letters) == 1


def test_an_alarm_that_is_over_is_not_told(engine: Engine) -> None:
    alarm(engine)
    with writing(engine) as session:
        clear_alarms(session, "mail:", AT)
    with web() as server:
        assert tell(engine, Webhook(server.url)) == 0
    assert server.heard == []


@pytest.mark.fault("F13")
def test_a_dead_mail_server_warns_after_half_an_hour_and_alarms_by_the_other_way_after_four(
    sqlite_url: str,
) -> None:
    engine = connect(sqlite_url)
    [one] = owe(engine)
    told: dict[int, list[str]] = {}
    with ScriptedServer({"CONNECT": lambda _line: DROP}) as dead, web() as other:
        for minutes in range(0, 301, 10):
            at = AT + timedelta(minutes=minutes)
            hand_over(engine, dead, at)
            tell(engine, Webhook(other.url), at=at)
            told[minutes] = [json.loads(body)["key"] for _, body in other.heard]
            assert ("mail:warning" in open_alarms(engine)) is (minutes >= 30)
    assert [key for key in told[230] if key == "mail:alarm"] == []
    assert told[240].count("mail:alarm") == told[300].count("mail:alarm") == 1
    assert len(attempts(engine, one)) > 8
    engine.dispose()


@pytest.mark.parametrize("hour", [5, 17])
def test_the_sign_of_life_comes_once_a_week_after_the_send_hour(sqlite_url: str, hour: int) -> None:
    live(sqlite_url)
    engine = connect(sqlite_url)
    with web() as server:
        said = [
            day
            for day in range(15)
            if asyncio.run(
                say_alive(
                    engine,
                    rules(),
                    [Webhook(server.url)],
                    EVENING.replace(hour=hour) + timedelta(days=day),
                    "n",
                    8,
                )
            )
        ]
    assert said == ([] if hour == 5 else [0, 7, 14])
    if said:
        text = json.loads(server.heard[0][1])["text"]
        assert f"Næste frist: Svar fra rådene ønskes, version 1, {KEY}, onsdag den 14. juni 2023.\n" in text
        assert f"{KEY} 3 " in text, "the head of the journal stands in it"
    engine.dispose()


def test_the_sign_of_life_is_tried_again_until_somebody_took_it(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    with web(500) as broken:
        assert not asyncio.run(say_alive(engine, rules(), [Webhook(broken.url)], EVENING, "n", 8))
    with web() as server:
        assert asyncio.run(say_alive(engine, rules(), [Webhook(server.url)], EVENING, "n", 8))
    engine.dispose()


def test_a_token_is_fetched_once_kept_until_it_ends_and_forgotten_when_refused() -> None:
    now = [AT]
    with web(said=b'{"access_token": "t0k", "expires_in": 3600}') as server:
        token = ClientCredentials(server.url, "app", "hemmelig", "mail", lambda: now[0])

        async def ask() -> str:
            return await token()

        assert [asyncio.run(ask()) for _ in range(3)] == ["t0k"] * 3
        assert len(server.heard) == 1
        assert (
            server.heard[0][1]
            == b"grant_type=client_credentials&client_id=app&client_secret=hemmelig&scope=mail"
        )
        now[0] += timedelta(minutes=56)
        asyncio.run(ask())
        assert len(server.heard) == 2
        token.forget()
        asyncio.run(ask())
        assert len(server.heard) == 3


@pytest.mark.parametrize("said", [b"{}", b"no json", b'{"access_token": ""}'])
def test_letters_wait_while_there_is_no_token(sqlite_url: str, said: bytes) -> None:
    engine = connect(sqlite_url)
    [one] = owe(engine)
    with web(said=said) as endpoint, ScriptedServer(offers=("AUTH XOAUTH2",)) as server:
        token = ClientCredentials(endpoint.url, "app", "x", "", lambda: datetime.now(UTC))
        target = SmtpTarget(
            "127.0.0.1", server.port, username="frist", token=token, token_refused=token.forget
        )
        asyncio.run(
            deliver(
                engine,
                letters(),
                Wire(target),
                lambda: AT,
                "d",
                instance=INSTANCE,
                stop=lambda: False,
                limit=1,
            )
        )
        found = notice(engine, one)
    assert (found.state, found.attempts) == ("ready", 1)
    assert server.letters == []
    engine.dispose()


@pytest.mark.parametrize(("answer", "asked"), [("235 2.7.0 ok", 1), ("535 5.7.3 no", 2)])
def test_a_letter_signs_in_with_the_token_and_a_refused_one_is_not_used_again(
    sqlite_url: str, answer: str, asked: int
) -> None:
    engine = connect(sqlite_url)
    owe(engine)
    said = b'{"access_token": "t0k", "expires_in": 3600}'
    with (
        web(said=said) as endpoint,
        ScriptedServer({"AUTH": lambda _line: answer}, offers=("AUTH XOAUTH2",)) as server,
    ):
        token = ClientCredentials(endpoint.url, "app", "x", "", lambda: AT)
        target = SmtpTarget(
            "127.0.0.1", server.port, username="frist", token=token, token_refused=token.forget
        )
        for minutes in (0, 10):
            at = AT + timedelta(minutes=minutes)
            asyncio.run(
                deliver(
                    engine,
                    letters(),
                    Wire(target),
                    lambda at=at: at,
                    "d",
                    instance=INSTANCE,
                    stop=lambda: False,
                    limit=1,
                )
            )
    assert len(endpoint.heard) == asked
    assert any(line.startswith("AUTH XOAUTH2 ") for line in server.heard)
    engine.dispose()
