"""The page's server on a real socket: what a test client inside the process cannot see."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from fastapi import FastAPI, Request, Response

from workflow.faces.web import connections, server
from workflow.faces.web.gate.pace import client_of
from workflow.faces.web.server import Page


def able(family: socket.AddressFamily, host: str) -> bool:
    with suppress(OSError), socket.create_server((host, 0), family=family):
        return True
    return False


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_answer_names_no_program_and_is_not_held_back_until_its_first_half_is_acknowledged(
    host: str,
) -> None:
    """Nagle's algorithm is off on every connection: with it each answer on a kept connection takes 42 ms more."""
    if not able(socket.AF_INET6 if ":" in host else socket.AF_INET, host):
        pytest.skip(f"no {host} on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app, found, told = FastAPI(), [], list[bytes]()

    @app.get("/")
    async def look(request: Request) -> None:
        answering = request.receive.__self__  # type: ignore[attr-defined]  # what holds the connection
        accepted = answering.transport.get_extra_info("socket")
        found.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def ask_twice() -> None:
        page = Page(app, host, port)
        serving = asyncio.create_task(page.serve())
        reader, writer = await asyncio.open_connection(host, port)
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: frist.example\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            while (line := await reader.readline()) != b"\r\n":
                told.append(line.partition(b":")[0].lower())
            assert await reader.readexactly(4) == b"null"
        writer.close()
        await page.stop(serving)

    asyncio.run(ask_twice())
    assert len(found) == 2
    assert all(found)
    assert b"content-type" in told and b"server" not in told, "an answer names no program"


@pytest.mark.parametrize(("said", "client"), [
    ("", "127.0.0.1"), ("203.0.113.7", "203.0.113.7"),
    ("127.0.0.1, 203.0.113.7", "203.0.113.7"), ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
])  # fmt: skip
def test_who_asks_is_whom_the_proxy_saw_and_not_whom_the_reader_says(said: str, client: str) -> None:
    """A proxy adds the address it saw behind what the reader wrote there (``$proxy_add_x_forwarded_for``)."""
    app, found = FastAPI(), list[str]()

    @app.get("/")
    async def look(request: Request) -> None:
        found.append(client_of(request))

    async def ask() -> None:
        page = Page(app, "127.0.0.1", 0)
        serving = asyncio.create_task(page.serve())
        reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
        header = f"X-Forwarded-For: {said}\r\n" if said else ""
        writer.write(f"GET / HTTP/1.1\r\nHost: x\r\n{header}Connection: close\r\n\r\n".encode())
        await reader.read()
        writer.close()
        await page.stop(serving)

    asyncio.run(ask())
    assert found == [client]


@pytest.mark.fault("F76")
def test_connections_that_say_nothing_are_few_and_end_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand half-open connections from a stranger took every file the process may hold, the mailer's too."""
    monkeypatch.setattr(connections, "MOST", 20)
    monkeypatch.setattr(connections, "HEADERS_S", 0.3)
    app = FastAPI()

    @app.get("/")
    async def look() -> None:
        return None

    async def besiege() -> None:
        page = Page(app, "127.0.0.1", 0)
        port = page.port
        serving = asyncio.create_task(page.serve())
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
        for _, writer in idle:
            with suppress(ConnectionError):
                writer.write(b"GET / HTTP/1.1\r\nHost: fr")
        async with asyncio.timeout(20):
            for reader, _ in idle:
                with suppress(ConnectionError):
                    assert await reader.read() == b""  # hung up, whether it was one too many or too slow
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: frist.example\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        for _, one in [*idle, (reader, writer)]:
            one.close()
        await page.stop(serving)

    asyncio.run(besiege())


ASKS = b"GET / HTTP/1.1\r\nHost: frist.example\r\n\r\n"
POSTS = b"POST / HTTP/1.1\r\nHost: frist.example\r\nContent-Length: 5\r\n\r\n"
MANY = 20


@asynccontextmanager
async def open_site() -> AsyncIterator[int]:
    """The port of a site that echoes nothing and has one page too long to be sent to who does not read it."""
    app = FastAPI()

    @app.get("/")
    async def look() -> None:
        return None

    @app.get("/long")
    async def long() -> Response:
        return Response(bytes(12_000_000))

    @app.post("/")
    async def post(request: Request) -> None:
        await request.body()

    page = Page(app, "127.0.0.1", 0)
    serving = asyncio.create_task(page.serve())
    yield page.port
    await page.stop(serving)


@pytest.mark.fault("F76")
@pytest.mark.parametrize(
    "says",
    [b"", ASKS[:30], ASKS, POSTS, ASKS + POSTS, ASKS.replace(b"/ ", b"/long ", 1)],
    ids=["nothing", "half a header", "one question", "no body", "no body, sent along", "reads nothing"],
)
def test_who_asks_is_answered_though_others_hold_every_place(
    monkeypatch: pytest.MonkeyPatch, says: bytes
) -> None:
    """They would otherwise hold it for as long as each kind of waiting may last, or for ever."""
    monkeypatch.setattr(connections, "MOST", MANY)
    monkeypatch.setattr(connections, "HEADERS_S", 3600)
    monkeypatch.setattr(connections, "BODY_S", 3600)

    async def ask() -> None:
        async with open_site() as port:
            held = [await asyncio.open_connection("127.0.0.1", port, limit=1000) for _ in range(MANY)]
            for _, writer in held:
                writer.write(says)
                await writer.drain()
            async with asyncio.timeout(90):  # long before the first of them has used up its time
                for _ in range(2 * MANY):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(ASKS)
                    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
                    held.append((reader, writer))
            for _, one in held:
                one.close()

    asyncio.run(ask())


def test_connections_that_come_one_by_one_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knocks again as soon as one is taken never fills a round, and was taken at any rate."""
    monkeypatch.setattr(server, "A_SECOND", 50)
    monkeypatch.setattr(server, "CATCHES_UP", 0.0)

    async def knock() -> float:
        async with open_site() as port:
            began = asyncio.get_running_loop().time()
            for _ in range(MANY):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(ASKS)
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
                writer.close()
            return asyncio.get_running_loop().time() - began

    assert asyncio.run(knock()) > (MANY - 2) / 50


def test_a_body_that_never_comes_ends_also_where_it_was_sent_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_S", 0.3)

    async def ask() -> None:
        async with open_site() as port, asyncio.timeout(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(ASKS + POSTS)
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()

    asyncio.run(ask())
