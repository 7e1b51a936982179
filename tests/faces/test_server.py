"""The page's server on a real socket: what a test client inside the process cannot see."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest
from fastapi import FastAPI, Request

from workflow.faces.web.server import Page


def able(family: socket.AddressFamily, host: str) -> bool:
    with suppress(OSError), socket.create_server((host, 0), family=family):
        return True
    return False


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_answer_is_not_held_back_until_the_reader_has_acknowledged_its_first_half(host: str) -> None:
    """Nagle's algorithm is off on every connection: with it each answer on a kept connection takes 42 ms more."""
    if not able(socket.AF_INET6 if ":" in host else socket.AF_INET, host):
        pytest.skip(f"no {host} on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app, found = FastAPI(), []

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
            while await reader.readline() != b"\r\n":
                pass
            assert await reader.readexactly(4) == b"null"
        writer.close()
        await page.stop(serving)

    asyncio.run(ask_twice())
    assert len(found) == 2
    assert all(found)
